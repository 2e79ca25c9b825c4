"""One run on one sheet: what came out, how it got there, how the table worked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from aipm_agents.analysis.run.conduct import Conduct, conduct
from aipm_agents.analysis.run.inquiry import Inquiry, inquiry
from aipm_agents.analysis.run.outcome import Outcome, outcome
from aipm_agents.scenario.criteria import CHECKPOINTS
from aipm_agents.table.checkpoints import is_open
from aipm_agents.table.events import Stopped
from aipm_agents.table.faults import FailedTurn, failed_turns, faulted

if TYPE_CHECKING:
    from aipm_agents.roles import Role
    from aipm_agents.scenario.criteria import CheckpointName
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.styles import StyleName
    from aipm_agents.table.events import Ending, FollowUp, Ruled, Status, Verdict
    from aipm_agents.transcript.record import Parent, Transcript

Gate = Literal["desire", "feasible", "viable", "people", "team"]
"""A checkpoint as it is compared: Alignment's two halves apart."""
GATES: tuple[Gate, ...] = ("desire", "feasible", "viable", "people", "team")


class Sheet(NamedTuple):
    label: str
    """A, B, C ... in the order they were named."""
    run_id: str
    written: Scenario
    """As the run began with it."""
    scenario: Scenario
    """With the figures of the round it ended in, which news may have changed: all that follows goes by them."""
    seed: int
    seats: dict[Role, str]
    pm_style: StyleName | None
    decision: Ending
    stopped: str | None
    """Why, where nothing decided it and it was stopped."""
    round: int
    package: Package | None
    """The deal, or the package last tabled."""
    verdicts: dict[Gate, Verdict]
    """Of the last ruling; empty where nothing was ruled."""
    since: dict[Gate, int]
    """From which round on the gate has been open, or shut, as it is in the last ruling."""
    ruling: Ruled | None
    """The last one."""
    findings: dict[str, Status]
    follow_ups: tuple[FollowUp, ...]
    dissent: tuple[Role, ...]
    failed: tuple[Role, ...]
    """Whose turn of the last round was a fault."""
    failed_turns: tuple[FailedTurn, ...]
    """Of the whole run."""
    trail: tuple[tuple[Verdict, ...], ...]
    """The verdicts of every ruling, in the order of `GATES`."""
    outcome: Outcome
    conduct: Conduct
    inquiry: Inquiry
    parent: Parent | None
    """Where this run branches from."""
    changes: dict[str, str]
    """What of its scenario was set otherwise than it is written -> to what."""

    @property
    def deal(self) -> bool:
        return self.outcome.deal is not None


def sheet(label: str, run: Transcript) -> Sheet:
    record = run.record
    rulings, packages, decision = record.rulings, record.packages, record.decision
    last = rulings[-1] if rulings else None
    return Sheet(
        label, run.header.run_id, run.scenario, record.scenario, run.header.seed, run.seats, run.header.pm_style,
        decision=record.ending,
        stopped=record.events[-1].reason if record.events and isinstance(record.events[-1], Stopped) else None,
        round=record.round,
        package=decision.package if decision and decision.package else packages[-1] if packages else None,
        verdicts=dict(zip(GATES, verdicts(last), strict=True)) if last else {},
        since=_since(rulings),
        ruling=last,
        findings={f.criterion: f.status for f in last.findings} if last else {},
        follow_ups=decision.follow_ups if decision else (),
        dissent=tuple(decision.dissent) if decision else (),
        failed=faulted(record.events, record.round),
        failed_turns=failed_turns(record.events),
        trail=tuple(verdicts(ruling) for ruling in rulings),
        outcome=outcome(record),
        conduct=conduct(record),
        inquiry=inquiry(record),
        parent=run.header.parent,
        changes=run.header.changes,
    )  # fmt: skip


def verdicts(ruling: Ruled) -> tuple[Verdict, ...]:
    """In the order of `GATES`."""
    first: list[CheckpointName] = list(CHECKPOINTS[:3])
    return (*(ruling.verdicts[name] for name in first), ruling.people, ruling.team.verdict)


def _since(rulings: tuple[Ruled, ...]) -> dict[Gate, int]:
    since: dict[Gate, int] = {}
    for k, gate in enumerate(GATES):
        for ruling in reversed(rulings):
            if is_open(verdicts(ruling)[k]) != is_open(verdicts(rulings[-1])[k]):
                break
            since[gate] = ruling.round
    return since


def seated_as(kinds: dict[Role, str], style: StyleName | None = None) -> str:
    """Who plays, and how the PM led, as data has it."""
    usual, others = seating(kinds)
    if not usual:
        return "nobody seated"
    team = f"{usual} team" if not others else f"{usual}; {', '.join(others)}"
    return f"{team}, PM style {style}" if style else team


def seating(kinds: dict[Role, str]) -> tuple[str, list[str]]:
    """What plays most seats (empty for none), and each seat that another plays, as `role kind`."""
    names = list(kinds.values())
    usual = max(dict.fromkeys(names), key=names.count, default="")
    return usual, [f"{role} {kind}" for role, kind in kinds.items() if kind != usual]
