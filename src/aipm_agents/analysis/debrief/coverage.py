"""How far a table looked: through the five lenses, and at the five cautions, of the article this project grew from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from aipm_agents.analysis.run.conduct import Tabled
from aipm_agents.scenario.lenses import LENS_OF, Lens
from aipm_agents.scenario.model import Caution
from aipm_agents.table.events import Answered, Opened, Proposed, Signed, last_ruling, tabled_evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from aipm_agents.scenario.model import Criterion, Scenario
    from aipm_agents.table.events import Event, Status

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


def coverage(scenario: Scenario, events: tuple[Event, ...]) -> Coverage:
    lenses: tuple[Lens, ...] = get_args(Lens)
    cautions: tuple[Caution, ...] = get_args(Caution)
    return Coverage(
        {lens: _through(scenario, events, lens) for lens in lenses},
        {caution: _at(scenario, events, caution) for caution in cautions},
    )


def _through(scenario: Scenario, events: tuple[Event, ...], lens: Lens) -> Looked:
    """A lens is used by a question or doubt about what carries it, by a challenge on a ground that looks through
    it, by tabling a fact about a criterion that carries it; language games, by asking what a word means."""
    marked = {name for name, fact in scenario.facts.items() if fact.lens == lens}
    words = {word for party in scenario.parties.values() for word in party.terms}
    looked = _looked(scenario, events, lambda criterion: criterion.lens == lens, marked)
    turns = list(_raised(scenario, events, looked.criteria.keys(), marked))
    for event in events:
        if (
            isinstance(event, Answered)
            and event.move.challenge
            and LENS_OF[event.move.challenge.ground] == lens
        ):
            turns.append(Tabled(event.round, event.role))
        question = event.move.question if isinstance(event, Answered | Proposed) and event.move else None
        if lens == "language_games" and question is not None and question.about in words:
            turns.append(Tabled(event.round, event.role))
    limits = any(
        LENS_OF[limit.ground] == lens for name in tabled_evidence(scenario, events)
        for limit in scenario.facts[name].limits
    )  # fmt: skip
    there = bool(marked) or limits or (lens == "language_games" and bool(words))
    return _told(looked, turns, there)


def _at(scenario: Scenario, events: tuple[Event, ...], caution: Caution) -> Looked:
    looked = _looked(scenario, events, lambda criterion: criterion.caution == caution, set())
    return _told(looked, list(_raised(scenario, events, looked.criteria.keys(), set())), there=False)


def _looked(
    scenario: Scenario, events: tuple[Event, ...], has: Callable[[Criterion], bool], marked: set[str]
) -> Looked:
    ruling, tabled = last_ruling(events), tabled_evidence(scenario, events)
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


def _raised(
    scenario: Scenario, events: tuple[Event, ...], criteria: Iterable[str], marked: set[str]
) -> Iterator[Tabled]:
    """Turns that table, ask about, challenge or doubt what belongs to these criteria or facts."""
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
