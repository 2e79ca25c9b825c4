"""What happened: the events. Their list is the whole state of a run.

Each event fills one slot (round, phase, role), and a filled slot is never asked again. What varies
without meaning (times, latency, error texts) stands in `volatile`, so that two runs of one seed are
equal byte for byte without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter

from aipm_agents.errors import FaultKind
from aipm_agents.roles import PM, Role
from aipm_agents.scenario.criteria import CheckpointName
from aipm_agents.scenario.measures import FigureChange
from aipm_agents.scenario.model import Package
from aipm_agents.scenario.values import Frozen, Id, Ids
from aipm_agents.table.contests import Contest
from aipm_agents.table.moves import Opening, Part, Position, Proposal, Signing, Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_agents.scenario.model import Scenario

Status = Literal["met", "not_shown", "failed"]
Verdict = Literal["pass", "pass_with_follow_up", "not_shown", "blocked"]
Outcome = Literal["go", "go_with_follow_ups", "no_go", "no_agreement"]
Ground = Literal["supported", "unchallenged", "no_evidence", "contested", "undermined", "rule"]
"""Why a criterion stands as it does: shown by evidence; nothing speaks against it; required evidence
is missing; what would show it stands challenged; a fact undermines it; the package breaks its rule."""
Cause = Literal["criterion", "party", "time", "fault"]
Ending = Literal["go", "go_with_follow_ups", "no_go", "no_agreement", "undecided", "stopped"]
"""How a run is counted. Undecided: faults kept somebody from speaking whose word was needed. Stopped: broken off
from outside."""


def _told(volatile: dict[str, Any]) -> dict[str, Any]:
    """What varies is anything plain; what is read out of it again has the form it is read in."""
    for key, value in volatile.items():
        match key, value:
            case "usage", {"calls": calls, "prompt": prompt, "cached": cached, "completion": completion}:
                fits = all(_counts(each) for each in (calls, prompt, cached, completion))
            case "unfinished", dict():
                fits = value.keys() <= {"calls", "tokens"} and all(map(_counts, value.values()))
            case "seconds", int() | float():
                fits = type(value) is not bool and 0 <= value < _MANY
            case (("usage" | "unfinished" | "seconds"), _):
                fits = False
            case _:
                fits = plain(value)
        if not fits:
            raise ValueError(f"{key} has another form")
    return volatile


_MANY = 10**15


def _counts(value: object) -> bool:
    return type(value) is int and 0 <= value < _MANY


def plain(value: object, depth: int = 20) -> bool:
    """Whether it can be written as JSON, and is not nested without end."""
    match value:
        case dict():
            return depth > 0 and all(isinstance(k, str) and plain(v, depth - 1) for k, v in value.items())
        case list() | tuple():
            return depth > 0 and all(plain(each, depth - 1) for each in value)
    return value is None or isinstance(value, str | int | float)


Volatile = Annotated[dict[str, Any], AfterValidator(_told)]


class _Event(Frozen):
    round: Annotated[int, Field(ge=0)]
    role: Role = PM
    volatile: Volatile = {}


class Dropped(Frozen):
    """What of a part of an answer could not be used, and was left out of the move."""

    part: Part
    because: str


class _Move(_Event):
    fault: FaultKind | None = None
    """Set where no usable move came: the event then holds an abstention."""
    withheld: Annotated[int, Field(ge=0)] = 0
    """Runs of words of the speaker's own briefing that were taken out of what it said."""
    dropped: Annotated[tuple[Dropped, ...], Field(strict=False)] = ()
    """What the seat gave beside its core and the table did not hear; only the seat itself is told."""


class Seated(_Event):
    kind: Literal["seating"] = "seating"
    seats: dict[Role, str]
    """Role -> what plays it, as `--seat` spells it."""


class Framed(_Move):
    kind: Literal["framing"] = "framing"
    move: Words


class Opened(_Move):
    kind: Literal["opening"] = "opening"
    move: Opening


class Injected(_Event):
    kind: Literal["inject"] = "inject"
    number: int
    """Which inject of the scenario, counted from 0."""
    headline: str
    sender: str
    evidence: Ids = ()
    """The facts that came with it; they are on the table at once."""
    changes: Annotated[tuple[FigureChange, ...], Field(strict=False)] = ()
    """The figures that are others from here on; of a seat's own, only it is told."""
    to: Ids = ()
    """The only roles that hear of it; nobody else, where there are any."""


class Reported(_Event):
    """What the PM had found out is in."""

    kind: Literal["report"] = "report"
    evidence: Ids
    """The studies that are done; they are on the table at once."""


class Proposed(_Move):
    kind: Literal["proposal"] = "proposal"
    package: Package | None
    """None where the PM failed and there was nothing to table again: the round is void."""
    move: Proposal | None
    """None where the PM failed: the last package is tabled again, and the PM's yes is not counted."""


class Answered(_Move):
    kind: Literal["position"] = "position"
    move: Position


class Finding(Frozen):
    """One criterion, for the package on the table."""

    criterion: Id
    status: Status
    ground: Ground
    evidence: Ids = ()
    """The facts that decided it."""
    opens: Annotated[tuple[Package, ...], Field(strict=False)] = ()
    """The changes that would mend it and shut nothing else that must be met, of one issue or of two: for a failed
    criterion, one whose evidence is contested, or one shown only beside other choices."""
    contests: Annotated[tuple[Contest, ...], Field(strict=False)] = ()
    """Challenges not answered, because of which a fact on the table does not support it."""


class CrossedLine(Frozen):
    role: Role
    because: str


class Team(Frozen):
    """The second half of Alignment: quorum, veto and red lines."""

    yes: Ids
    needed: int
    veto_missing: Ids = ()
    crossed: Annotated[tuple[CrossedLine, ...], Field(strict=False)] = ()
    verdict: Verdict


class Ruled(_Event):
    """All four checkpoints, ruled in code."""

    kind: Literal["ruling"] = "ruling"
    findings: Annotated[tuple[Finding, ...], Field(strict=False)]
    verdicts: dict[CheckpointName, Verdict]
    people: Verdict
    """Alignment's criteria alone; `verdicts["alignment"]` is the worse of people and team."""
    team: Team
    asked: Ids = ()
    """Criteria not shown: their owners are asked by name."""
    too_new: Ids = ()
    """Undermining facts tabled this round: some voted before hearing them, so no deal yet."""


class Signed(_Move):
    """The PM signs a deal that all four checkpoints let through, or holds it."""

    kind: Literal["signing"] = "signing"
    move: Signing


class FollowUp(Frozen):
    """What stays open after a deal, and with whom."""

    criterion: Id
    owner: Role


class Decided(_Event):
    kind: Literal["decision"] = "decision"
    outcome: Outcome
    package: Package | None = None
    cause: Cause | None = None
    """For anything but a go: what stopped it."""
    stopped_by: Ids = ()
    """The criteria or the parties that stopped it; empty where only time did."""
    follow_ups: Annotated[tuple[FollowUp, ...], Field(strict=False)] = ()
    """Criteria not met that do not block, and concerns voiced beside a yes or a yes-if."""
    dissent: Ids = ()
    """Roles that said no, or voiced a concern."""


DECIDED: tuple[Ending, ...] = get_args(Outcome)
"""Endings that somebody decided."""


def ending(decision: Decided | None) -> Ending:
    """A run's, by its decision."""
    if decision is None:
        return "stopped"
    return "undecided" if decision.cause == "fault" else decision.outcome


class Stopped(_Event):
    """Broken off from outside, decided by nobody. Resuming goes on from here. A table on paper may also have parted
    without a deal, or signed one that the rulings do not bear out."""

    kind: Literal["stopped"] = "stopped"
    reason: Literal["interrupted", "budget", "endpoint", "storage", "time", "parted", "signed"]


PAPER = "paper"
"""What plays a seat of a meeting that was held on paper and entered afterwards: nobody here."""


def on_paper(events: Sequence[Event]) -> bool:
    """Whether a record was entered from paper: then it holds packages, votes and what was told, and no more."""
    return bool(events) and isinstance(events[0], Seated) and PAPER in events[0].seats.values()


Event = Annotated[
    Seated | Framed | Opened | Injected | Reported | Proposed | Answered | Ruled | Signed | Decided | Stopped,
    Field(discriminator="kind"),
]
EVENT: TypeAdapter[Event] = TypeAdapter(Event, config=ConfigDict(defer_build=True))
KINDS: tuple[type[_Event], ...] = get_args(get_args(Event)[0])


def tabled_evidence(scenario: Scenario, events: tuple[Event, ...]) -> frozenset[str]:
    """What is on the table: known to all from the start, put there, or arrived from outside."""
    return put_down(events) | {fact.id for fact in scenario.evidence if fact.known_at_start}


def put_down(events: tuple[Event, ...]) -> frozenset[str]:
    """What seats put on the table, or what arrived from outside."""
    names: set[str] = set()
    for event in events:
        if isinstance(event, Opened | Answered):
            names.update(event.move.tables)
        elif isinstance(event, Injected | Reported):
            names.update(event.evidence)
    return frozenset(names)


def yes_votes(events: tuple[Event, ...], number: int) -> frozenset[Role]:
    """Who says yes to the package of a round. The PM's yes is its own proposal, so a re-tabled
    package (a fault) does not carry it."""
    yes = {e.role for e in positions(events, number).values() if e.move.vote == "yes"}
    proposal = next(e for e in events if isinstance(e, Proposed) and e.round == number)
    return frozenset(yes | ({PM} if proposal.fault is None else set()))


def package_on_table(events: tuple[Event, ...]) -> Package | None:
    """The package last tabled."""
    for event in reversed(events):
        if isinstance(event, Proposed):
            return event.package
    return None


def last_ruling(events: tuple[Event, ...]) -> Ruled | None:
    for event in reversed(events):
        if isinstance(event, Ruled):
            return event
    return None


def positions(events: tuple[Event, ...], number: int) -> dict[Role, Answered]:
    """The answers given so far in a round."""
    return {e.role: e for e in events if isinstance(e, Answered) and e.round == number}
