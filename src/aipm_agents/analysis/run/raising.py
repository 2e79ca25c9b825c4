"""What a seat raised itself: by a question, a challenge, a wish, a trade, a condition, a fact it told against the package, a
reason it gave, a doubt, or a deal it held; a question of a checkpoint that it said aloud, or put to whoever can answer.

A fact on the table is nobody who looked: it may have lain there from the start, come with the news, or been read
out with nobody asking. Only what a seat did with it counts, and can be quoted. A reason is a fact that a seat names as
what moved it; one that speaks against the package and is put down with a no or a yes-if is told, which is no reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from aipm_agents.analysis.run.aloud import opened_as_offered, spoken
from aipm_agents.table.events import Answered, Framed, Opened, Proposed, Ruled, Signed
from aipm_agents.table.memory import remembered
from aipm_agents.table.rules import issues_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from aipm_agents.roles import Role
    from aipm_agents.scenario.criteria import CheckpointName
    from aipm_agents.scenario.lenses import Ground
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.events import Event
    from aipm_agents.table.record import Record

How = Literal[
    "question",
    "put",
    "named",
    "challenge",
    "wish",
    "trade",
    "offer",
    "condition",
    "told",
    "reason",
    "doubt",
    "hold",
]


class Raised(NamedTuple):
    round: int
    by: Role
    how: How
    about: str
    """A criterion, a fact, an issue or a word; of a wish, a trade or a condition what it asks for, and of an offer what it
    would take, as `issue=option`."""
    says: str
    """The question, or what was said in the turn; empty where nothing was."""
    ground: Ground | None = None
    """Of a challenge."""
    options: tuple[str, ...] = ()
    """Of a wish or a condition: all the options of its issue that would have done; `about` names one of them."""


@remembered
def raised(record: Record) -> tuple[Raised, ...]:
    """In the order of the record; a turn that does two of these is in it twice."""
    found: list[Raised] = []
    last: Ruled | None = None
    for event in record.events:
        if isinstance(event, Ruled):
            last = event
        if isinstance(event, Proposed) and last is not None:
            found += _put(record.scenario, event, last)
        if isinstance(event, Framed) and opened_as_offered(record):
            continue
        mine = [*_of(record.scenario, event)]
        found += mine
        taken = {each.about for each in mine} | {
            e.about for e in found if e.how == "put" and e.round == event.round
        }
        found += _named(record.scenario, event, taken)
    return tuple(found)


def _named(scenario: Scenario, event: Event, taken: Collection[str]) -> Iterator[Raised]:
    """Questions of the checkpoints that somebody said aloud, word for word. `taken`: raised in this turn otherwise."""
    said = spoken(event)
    if not said or not isinstance(event, Framed | Opened | Proposed | Answered | Signed):
        return
    answers = getattr(event.move, "answer", None)
    for name, (_, each) in scenario.criteria.items():
        if (
            each.asks.rstrip("?？ ") in said
            and name not in taken
            and (answers is None or answers.about != name)
        ):
            yield Raised(event.round, event.role, "named", name, each.asks)


def _put(scenario: Scenario, event: Proposed, ruling: Ruled) -> Iterator[Raised]:
    """Questions that the ruling before left without an answer, and that the PM said aloud, word for word."""
    move = event.move
    if move is None:
        return
    formal = move.question.about if move.question else ""
    for name in (f.criterion for f in ruling.findings if f.ground == "no_evidence"):
        asks = scenario.criteria[name][1].asks
        if name != formal and asks.rstrip("?？ ") in move.says:
            yield Raised(event.round, event.role, "put", name, asks)


def _of(scenario: Scenario, event: Event) -> Iterator[Raised]:
    if isinstance(event, Signed):
        if event.move.criterion is not None:
            says = event.move.says or event.move.reason
            yield Raised(event.round, event.role, "hold", event.move.criterion, says)
        return
    if isinstance(event, Opened):
        yield from _choices(event)
        return
    if not isinstance(event, Answered | Proposed) or event.move is None:
        return
    at, by, says = event.round, event.role, event.move.says
    if event.move.question is not None:
        question = event.move.question
        yield Raised(at, by, "question", question.about, question.text)
    if isinstance(event, Answered):
        move = event.move
        if move.challenge is not None:
            yield Raised(at, by, "challenge", move.challenge.evidence, says, move.challenge.ground)
        yield from _choices(event)
        yield from _grounds(scenario, event)


def _choices(event: Opened | Answered) -> Iterator[Raised]:
    """The options that a seat wants, before there is a plan and in answer to one, and those it would take for another."""
    at, by, says = event.round, event.role, event.move.says
    trade = event.move.trade if isinstance(event, Answered) else None
    sides: tuple[tuple[How, Package], ...] = (("trade", trade.get), ("offer", trade.give)) if trade else ()
    for how, side in sides:
        for issue, option in side.items():
            yield Raised(at, by, how, f"{issue}={option}", says)
    want: How = "wish" if isinstance(event, Opened) else "condition"
    for ask in event.move.asks if isinstance(event, Opened) or event.move.vote in ("no", "yes_if") else ():
        for option in ask.options:
            yield Raised(at, by, want, f"{ask.issue}={option}", says, options=tuple(ask.options))


def _grounds(scenario: Scenario, event: Answered) -> Iterator[Raised]:
    """The facts and doubts of an answer."""
    move, at, by, says = event.move, event.round, event.role, event.move.says
    for name in move.tables if move.vote in ("no", "yes_if") else ():
        if name in scenario.facts and scenario.facts[name].undermines:
            yield Raised(at, by, "told", name, says)
    for source in (name for name in move.moved_by if name in scenario.facts):
        yield Raised(at, by, "reason", source, says)
    if move.concern is not None:
        yield Raised(at, by, "doubt", move.concern, says)


def others(turns: Collection[Raised]) -> tuple[tuple[Role, int], ...]:
    """Who else raised the very thing that was raised first, each with the first round of theirs."""
    found: dict[Role, int] = {}
    first = next(iter(turns), None)
    for each in turns:
        if first is not None and each.about == first.about:
            found.setdefault(each.by, each.round)
    return tuple(found.items())[1:]


def bearing_on(scenario: Scenario, criteria: Collection[str]) -> frozenset[str]:
    """The facts that speak for or against these criteria."""
    return frozenset(
        name for name, fact in scenario.facts.items() if not {*fact.supports, *fact.undermines}.isdisjoint(criteria)
    )  # fmt: skip


def about(record: Record, criteria: Collection[str], facts: Collection[str] = ()) -> tuple[Raised, ...]:
    """What was raised about these criteria, or about these facts and those that bear on them. A condition and a trade are
    about options, and whether they were meant for a criterion nobody can tell."""
    names = {*criteria, *facts, *bearing_on(record.scenario, criteria)}
    return tuple(each for each in raised(record) if each.about in names)


def wanting(record: Record, criteria: Collection[str]) -> tuple[Raised, ...]:
    """Conditions that would have put, for a choice against which something told counts by the case's rule, one against which
    it does not; whether they were meant for that nobody can tell."""
    scenario = record.scenario
    told = [fact for name, fact in scenario.facts.items() if name in record.tabled]
    cures = [
        choices for fact in told if not {*fact.undermines}.isdisjoint(criteria)
        for choices in fact.unless or () if len(choices) == 1
    ]  # fmt: skip
    packages = {event.round: event.package for event in record.proposals if event.package}

    def mends(each: Raised) -> bool:
        issue, _, option = each.about.partition("=")
        had = packages.get(each.round, {}).get(issue)
        return any(option in cure.get(issue, ()) and had not in cure[issue] for cure in cures)

    return tuple(each for each in raised(record) if each.how == "condition" and mends(each))


def touching(record: Record, criteria: Collection[str]) -> tuple[Raised, ...]:
    """What was asked about a choice on which these criteria hang by the case's rules, and what `wanting` finds: nobody named
    them in it, and nobody passed them over."""
    scenario = record.scenario
    hang = [fact.unless for fact in scenario.facts.values() if not {*fact.undermines}.isdisjoint(criteria)]
    hang += [rule.choose for name in criteria for rule in scenario.criteria[name][1].rule]
    issues = {issue for cases in hang for issue in issues_of(cases)}
    asked = [each for each in raised(record) if each.how == "question" and each.about in issues]
    return tuple(sorted((*asked, *wanting(record, criteria)), key=lambda each: each.round))


def asked_at(record: Record, *gates: CheckpointName) -> tuple[str, ...]:
    """The criteria of these checkpoints."""
    return tuple(name for name, (gate, _) in record.scenario.criteria.items() if gate in gates)


def technical(record: Record) -> tuple[Raised, ...]:
    """What was raised about the technical path, and about what is asked at Feasible."""
    paths = {issue.id for issue in record.scenario.issues if issue.technical_path}
    feasible = {*about(record, asked_at(record, "feasible"))}
    return tuple(each for each in raised(record) if each in feasible or each.about.partition("=")[0] in paths)
