"""How far a table looked: through the five lenses, and at the five cautions, of the article this project grew from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from aipm_agents.analysis.run.conduct import Tabled
from aipm_agents.scenario.lenses import LENS_OF, Lens
from aipm_agents.scenario.model import Caution
from aipm_agents.table.events import Answered, Opened, Proposed, Signed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from aipm_agents.scenario.model import Criterion
    from aipm_agents.table.events import Status
    from aipm_agents.table.record import Record

Reach = Literal["raised", "ruled", "missed", "absent"]
"""Somebody at the table raised it; only the checkpoints asked; it lay there, in a fact or a word, and nobody
came near it; the case has nothing of the kind."""


class Looked(NamedTuple):
    reach: Reach
    first: Tabled | None
    """Who raised it first, and when."""
    times: int
    """Turns that raised it."""
    criteria: dict[str, Status | None]
    """The criteria of this kind -> as they stood at the last ruling; None where nothing was ruled."""
    kept: tuple[str, ...]
    """Facts of this kind that never came to the table."""


class Coverage(NamedTuple):
    lenses: dict[Lens, Looked]
    cautions: dict[Caution, Looked]


def coverage(record: Record) -> Coverage:
    lenses: tuple[Lens, ...] = get_args(Lens)
    cautions: tuple[Caution, ...] = get_args(Caution)
    return Coverage(
        {lens: _through(record, lens) for lens in lenses},
        {caution: _at(record, caution) for caution in cautions},
    )


def _through(record: Record, lens: Lens) -> Looked:
    """A lens is used by a question or doubt about what carries it, by a challenge on a ground that looks through
    it, by tabling a fact about a criterion that carries it; language games, by asking what a word means."""
    scenario = record.scenario
    marked = {name for name, fact in scenario.facts.items() if fact.lens == lens}
    words = {word for party in scenario.parties.values() for word in party.terms}
    looked = _looked(record, lambda criterion: criterion.lens == lens, marked)
    turns = list(_raised(record, looked.criteria.keys(), marked))
    turns += [
        Tabled(e.round, e.role) for e in record.positions
        if e.move.challenge and LENS_OF[e.move.challenge.ground] == lens
    ]  # fmt: skip
    if lens == "language_games":
        turns += [Tabled(each.round, each.by) for each in record.questions if each.question.about in words]
    limits = any(
        LENS_OF[limit.ground] == lens for name in record.tabled
        for limit in scenario.facts[name].limits
    )  # fmt: skip
    there = bool(marked) or limits or (lens == "language_games" and bool(words))
    return _told(looked, turns, there)


def _at(record: Record, caution: Caution) -> Looked:
    looked = _looked(record, lambda criterion: criterion.caution == caution, set())
    return _told(looked, list(_raised(record, looked.criteria.keys(), set())), there=False)


def _looked(record: Record, has: Callable[[Criterion], bool], marked: set[str]) -> Looked:
    scenario = record.scenario
    ruling, tabled = record.last_ruling, record.tabled
    status = {finding.criterion: finding.status for finding in ruling.findings} if ruling else {}
    criteria = {name: status.get(name) for name, (_, each) in scenario.criteria.items() if has(each)}
    kept = tuple(
        name for name, fact in scenario.facts.items()
        if name not in tabled and fact.takes is None
        and (name in marked or criteria.keys() & {*fact.supports, *fact.undermines})
    )  # fmt: skip
    return Looked("absent", None, 0, criteria, kept)


def _told(looked: Looked, turns: list[Tabled], there: bool) -> Looked:
    turns = list(dict.fromkeys(turns))
    reach: Reach = "absent"
    if turns:
        reach = "raised"
    elif any(status is not None for status in looked.criteria.values()):
        reach = "ruled"
    elif there or looked.criteria:
        reach = "missed"
    first = min(turns, key=lambda each: each.round, default=None)
    return looked._replace(reach=reach, first=first, times=len(turns))


def _raised(record: Record, criteria: Iterable[str], marked: set[str]) -> Iterator[Tabled]:
    """Turns that table, ask about, challenge or doubt what belongs to these criteria or facts."""
    scenario, events = record.scenario, record.events
    names = {*criteria, *marked}
    facts = {
        name for name, fact in scenario.facts.items() if name in marked or names & {*fact.supports, *fact.undermines}
    }  # fmt: skip
    demos = {
        name for name, fact in scenario.facts.items() if fact.lens == "gestalt"
    }  # to show one is not to see it
    for event in events:
        touched: set[str] = set()
        if isinstance(event, Opened | Answered):
            touched |= {*event.move.tables} & (facts - demos)
        if isinstance(event, Answered | Proposed) and event.move is not None and event.move.question:
            touched |= {event.move.question.about} & (names | facts)
        if isinstance(event, Answered):
            touched |= {event.move.concern} & names if event.move.concern else set()
            touched |= {event.move.challenge.evidence} & facts if event.move.challenge else set()
        if isinstance(event, Signed) and event.move.criterion is not None:
            touched |= {event.move.criterion} & names
        if touched:
            yield Tabled(event.round, event.role)
