"""A run told round by round, for a page or a document: turns, packages, rulings, as an audience saw them.

Made from the record and the scenario as that audience may see them; nothing else is known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.language import tr
from aipm_agents.report.words import changed_figure, changes, inquiry, phrase, reasons, vocabulary
from aipm_agents.report.words.deeds import Deed, deeds, fact_anchor, turn_anchor
from aipm_agents.scenario.criteria import CHECKPOINTS
from aipm_agents.table.events import Answered, Framed, Injected, Opened, Proposed, Reported, Ruled, Signed
from aipm_agents.table.news import as_it_was

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.events import Event, Finding, Verdict
    from aipm_agents.table.moves import Vote


class ToldFact(NamedTuple):
    """A fact put on the table."""

    anchor: str
    """Empty where somebody else put it there before."""
    says: str
    plainly: str
    source: str


class Turn(NamedTuple):
    anchor: str
    role: Role
    who: str
    says: str
    vote: Vote | None
    facts: tuple[ToldFact, ...]
    deeds: tuple[Deed, ...]
    """What it did beside its words, without the facts it tabled."""
    fault: str | None
    heading: str = ""
    """What kind of turn it is, where that is not plain: `frames the meeting`, `signs`."""


class ChosenOption(NamedTuple):
    question: str
    label: str
    changed: bool


class CriterionStory(NamedTuple):
    """A criterion as it was ruled."""

    asks: str
    status: str
    why: str
    opens: str
    owner: str
    links: tuple[tuple[str, str], ...]
    """The facts that decided it: text and anchor."""
    blocking: bool
    met: bool
    source: str = ""
    """Where the question comes from, if somewhere."""


class Gate(NamedTuple):
    name: str
    verdict: Verdict
    findings: tuple[CriterionStory, ...]
    team: str = ""
    """For the second half of Alignment: who said yes, who is missing, which line was crossed."""


class Round(NamedTuple):
    number: int
    """0 is the opening."""
    package: tuple[ChosenOption, ...]
    turns: tuple[Turn, ...]
    gates: tuple[Gate, ...]
    too_new: tuple[str, ...]
    gained: tuple[str, ...]
    paid: tuple[str, ...]
    learned: tuple[str, ...] = ()
    """What came of the round's challenges, and which word turned out to mean two things."""


def story(scenario: Scenario, events: tuple[Event, ...]) -> tuple[Round, ...]:
    numbers = sorted({event.round for event in events})
    rounds = [_round(as_it_was(scenario, _after(events, n)), events, n) for n in numbers]
    return tuple(_once_each(rounds))


def _after(events: tuple[Event, ...], number: int) -> tuple[Event, ...]:
    """What came later than a round: the figures of a round are those that held in it."""
    return tuple(event for event in events if event.round > number)


def _once_each(rounds: list[Round]) -> Iterator[Round]:
    """Two may table one fact at the same time; links lead to the first."""
    met: set[str] = set()
    for each in rounds:
        turns = []
        for turn in each.turns:
            facts = tuple(f if f.anchor not in met else f._replace(anchor="") for f in turn.facts)
            met |= {fact.anchor for fact in facts}
            turns.append(turn._replace(facts=facts))
        yield each._replace(turns=tuple(turns))


def _round(scenario: Scenario, events: tuple[Event, ...], number: int) -> Round:
    here = [event for event in events if event.round == number]
    ruling = next((event for event in here if isinstance(event, Ruled)), None)
    package = next((e.package for e in here if isinstance(e, Proposed)), None)
    gained, paid = changes.changes(scenario, events, ruling) if ruling else ([], [])
    return Round(
        number, tuple(_choices(scenario, events, number, package)) if package else (),
        tuple(turn for event in here if (turn := _turn(scenario, event, package))),
        _gates(scenario, ruling, package) if ruling and package else (),
        tuple(_plain(scenario, name) for name in ruling.too_new) if ruling else (), tuple(gained), tuple(paid),
        learned=tuple(_learned(scenario, events, ruling)) if ruling else (),
    )  # fmt: skip


def _learned(scenario: Scenario, events: tuple[Event, ...], ruling: Ruled) -> Iterator[str]:
    if moved := changes.moved(scenario, events, ruling):
        yield tr("Moved: {what}.", what=tr("; ").join(moved))
    yield from (
        tr("Challenged: {what}.", what=each) for each in inquiry.what_came_of_it(scenario, events, ruling)
    )
    yield from inquiry.two_things(scenario, events, ruling.round)


def _choices(
    scenario: Scenario, events: tuple[Event, ...], number: int, package: Package
) -> Iterator[ChosenOption]:  # fmt: skip
    earlier = [e.package for e in events if isinstance(e, Proposed) and e.package and e.round < number]
    for issue, option in package.items():
        changed = bool(earlier) and earlier[-1][issue] != option
        yield ChosenOption(scenario.issue[issue].question, scenario.label(issue, option), changed)


def _turn(scenario: Scenario, event: Event, package: Package | None) -> Turn | None:
    match event:
        case Framed():
            return _spoken(scenario, event, package, heading=tr("frames the meeting"))
        case Opened():
            return _spoken(scenario, event, package, heading=tr("opens"))
        case Injected():
            told = tuple(told_fact(scenario, name) for name in event.evidence)
            return Turn(
                f"inject-{event.number}",
                "",
                event.sender,
                changed_figure.news(scenario, event),
                None,
                told,
                (),
                None,
                tr("from outside"),
            )
        case Reported():
            told = tuple(told_fact(scenario, name) for name in event.evidence)
            anchor, says = f"report-{event.round}", tr("What was sent for is in.")
            return Turn(anchor, "", tr("Found out"), says, None, told, (), None, tr("a study is done"))
        case Proposed():
            return _spoken(scenario, event, package, heading=tr("proposes"))
        case Answered():
            return _spoken(scenario, event, package)
        case Signed():
            verb = (
                tr("signs")
                if event.move.signs
                else tr("holds the deal")
                if event.fault is None
                else tr("is asked to sign")
            )
            return _spoken(scenario, event, package, heading=verb)._replace(anchor=f"sign-{event.round}")
        case _:
            return None


def _spoken(
    scenario: Scenario, event: Framed | Opened | Proposed | Answered | Signed, package: Package | None,
    heading: str = "",
) -> Turn:  # fmt: skip
    move = event.move
    done = dict.fromkeys(deeds(scenario, event.role, event.round, move, package))
    return Turn(
        turn_anchor(event.role, event.round), event.role, scenario.who(event.role), move.says if move else "",
        event.move.vote if isinstance(event, Answered) else None,
        tuple(told_fact(scenario, name) for name in getattr(move, "tables", ())),
        tuple(deed for deed in done if deed.kind != "tables"), event.fault, heading,
    )  # fmt: skip


def told_fact(scenario: Scenario, name: str) -> ToldFact:
    fact = scenario.facts[name]
    return ToldFact(fact_anchor(name), fact.says, fact.plainly or "", fact.source or "")


def _plain(scenario: Scenario, name: str) -> str:
    return scenario.facts[name].plainly or scenario.facts[name].says


def _gates(scenario: Scenario, ruling: Ruled, package: Package) -> tuple[Gate, ...]:
    gates = []
    for name in CHECKPOINTS:
        findings = tuple(
            _found(scenario, finding, package)
            for finding in ruling.findings if scenario.criteria[finding.criterion][0] == name
        )  # fmt: skip
        title = vocabulary.CHECKPOINT_TITLES[name] if name != "alignment" else tr("Alignment: people")
        verdict = ruling.people if name == "alignment" else ruling.verdicts[name]
        gates.append(Gate(title, verdict, findings))
    return (*gates, Gate(tr("Alignment: team"), ruling.team.verdict, (), _team(scenario, ruling)))


def _team(scenario: Scenario, ruling: Ruled) -> str:
    team = ruling.team
    text = tr(
        "{count} yes, {needed} needed: {who}",
        count=len(team.yes),
        needed=team.needed,
        who=phrase.names(scenario, team.yes),
    )
    if team.veto_missing:
        text += tr("; there is no deal without {who}", who=phrase.names(scenario, team.veto_missing))
    for line in team.crossed:
        text += tr("; red line of {who}: {because}", who=scenario.card(line.role).short, because=line.because)
    return text


def _found(scenario: Scenario, finding: Finding, package: Package) -> CriterionStory:
    _, criterion = scenario.criteria[finding.criterion]
    reason = reasons.reason(scenario, finding, package)
    links = tuple((_plain(scenario, name), fact_anchor(name)) for name in finding.evidence)
    opens = reason.opens_with if finding.status != "met" else ""
    why = "" if reason.why.endswith(criterion.asks) else reason.why
    return CriterionStory(
        criterion.asks, vocabulary.STATUSES[finding.status], why, opens, scenario.card(criterion.owner).short,
        links, criterion.blocking, finding.status == "met", criterion.source or "",
    )  # fmt: skip
