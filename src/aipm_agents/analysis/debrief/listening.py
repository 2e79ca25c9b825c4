"""What a table made of its facts: whom a demo moved, what stayed in jargon, which kind of figure nobody asked for,
who talked and who asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, get_args

from aipm_agents.analysis.run.aloud import says, spoken
from aipm_agents.analysis.run.conduct import conduct
from aipm_agents.analysis.run.raising import raised
from aipm_agents.roles import PM
from aipm_agents.scenario.evidence import Analysis
from aipm_agents.table.events import Framed, Proposed, Signed
from aipm_agents.table.heard import challenges
from aipm_agents.table.memory import remembered
from aipm_agents.table.rules import issues_of
from aipm_agents.table.studies import commissioned

if TYPE_CHECKING:
    from aipm_agents.roles import Role
    from aipm_agents.scenario.evidence import Evidence
    from aipm_agents.table.events import Event
    from aipm_agents.table.record import Record


class Dazzling(NamedTuple):
    """A demo that convinces and proves nothing, on the table."""

    moved: tuple[tuple[Role, int], ...]
    """Who named it as a reason, and in which round."""
    doubted: tuple[tuple[Role, int], ...]
    """Who challenged it, or asked about it."""


class KindCount(NamedTuple):
    """The facts of one kind: how many, why, or what next."""

    held: int
    tabled: int
    asked: int
    """Of these, the ones somebody asked a holder about, challenged, or sent for."""


class Part(NamedTuple):
    """A seat's part in the talk."""

    share: float
    """Of all letters spoken."""
    asked: int
    was_asked: int


class Hearing(NamedTuple):
    plain: tuple[str, ...]
    """Facts on the table that the PM put in plain words."""
    jargon: tuple[str, ...]
    """Facts on the table that could have been, and were not."""
    dazzling: dict[str, Dazzling]
    kinds: dict[Analysis, KindCount]
    """Of the facts that are marked with a kind."""
    parts: dict[Role, Part]


@remembered
def hearing(record: Record) -> Hearing:
    scenario, events = record.scenario, record.events
    tabled = record.tabled
    could = [name for name, fact in scenario.facts.items() if name in tabled and fact.plainly]
    plain = tuple(name for name in could if _in_plain_words(scenario.facts[name], events))
    dazzling = {
        name: _dazzling(record, name)
        for name, fact in scenario.facts.items() if fact.lens == "gestalt" and name in tabled
    }  # fmt: skip
    return Hearing(
        plain, tuple(name for name in could if name not in plain), dazzling, _kinds(record, tabled),
        _parts(record),
    )  # fmt: skip


def _in_plain_words(fact: Evidence, events: tuple[Event, ...]) -> bool:
    """Whether the PM said what a fact means to someone outside the field."""
    said = [
        spoken(event) for event in events
        if isinstance(event, Framed | Proposed | Signed) and event.role == PM and event.move is not None
    ]  # fmt: skip
    assert fact.plainly is not None
    return any(says(text, fact.plainly) for text in said)


def _dazzling(record: Record, name: str) -> Dazzling:
    doubted = [(each.round, each.by) for each in record.questions if each.question.about == name]
    doubted += [
        (e.round, e.role) for e in record.positions if e.move.challenge and e.move.challenge.evidence == name
    ]
    return Dazzling(
        record.moved_by(name), tuple(dict.fromkeys((by, number) for number, by in sorted(doubted)))
    )


def _kinds(record: Record, tabled: frozenset[str]) -> dict[Analysis, KindCount]:
    scenario, events = record.scenario, record.events
    asked = record.asked()
    about = {name for _, name in asked}
    doubted = {event.move.challenge.evidence for event in challenges(events) if event.move.challenge}
    sent = commissioned(events)

    def was_asked(fact: Evidence) -> bool:
        bears_on = {*fact.supports, *fact.undermines, *issues_of(fact.unless), *issues_of(fact.when)}
        by_holder = any((role, name) in asked for role in fact.held_by for name in bears_on)
        return by_holder or fact.id in about or fact.id in doubted or fact.id in sent

    kinds: dict[Analysis, KindCount] = {}
    for kind in get_args(Analysis):
        facts = [fact for fact in scenario.facts.values() if fact.analysis == kind]
        if facts:
            kinds[kind] = KindCount(
                len(facts), sum(fact.id in tabled for fact in facts), sum(was_asked(fact) for fact in facts)
            )
    return kinds


def _parts(record: Record) -> dict[Role, Part]:
    talk = conduct(record).talk
    """A checkpoint's question that the PM put by name counts as one that was asked."""
    questions = [(each.by, each.question.to) for each in record.questions]
    criteria = record.scenario.criteria
    questions += [(each.by, criteria[each.about][1].owner) for each in raised(record) if each.how == "put"]
    return {
        role: Part(share, sum(by == role for by, _ in questions), sum(to == role for _, to in questions))
        for role, share in talk.items()
    }
