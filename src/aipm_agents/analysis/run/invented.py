"""Figures that a seat spoke and nobody could have told it: computed aloud, remembered from elsewhere, or made up.

A figure is known to a seat where it stands in what its card and the table hold for it (its own briefing and
points left in: a leak is another matter), in what anybody said before, or in what a package comes to. Small
counts and rounds are not looked at. Whether one is wrong is for whoever reads it; it decides nothing in a run.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.analysis.run.aloud import spoken
from aipm_agents.table.audience import seen_by, visible
from aipm_agents.table.events import Injected, package_on_table
from aipm_agents.table.memory import remembered
from aipm_agents.table.rules import metric_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Event
    from aipm_agents.table.record import Record

SMALL = 12
"""Up to this a number counts things at the table: rounds, people, options."""
_NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?")


class Invented(NamedTuple):
    round: int
    role: Role
    figure: str
    quote: str
    """The sentence it stands in."""
    event: int
    """The place of the turn in the record, from 0."""


@remembered
def invented(record: Record) -> list[Invented]:
    """In the order of the record, each figure of a turn once."""
    found = []
    for number, event in enumerate(record.events):
        says = spoken(event)
        figures = {text: value for text, value in _figures(says) if value > SMALL or value % 1}
        if not figures:
            continue
        known = _known(record.in_round(event.round), record.events[: number + 1], event)
        found += [
            Invented(event.round, event.role, text, _sentence(says, text), number)
            for text, value in figures.items() if value not in known
        ]  # fmt: skip
    return found


def _known(scenario: Scenario, events: tuple[Event, ...], event: Event) -> set[float]:
    """`events`: the record up to what is said, itself included."""
    heard = visible(events, event.role)
    seen = seen_by(scenario, heard, event.role)
    texts = [seen.model_dump_json(exclude={"parties"}), seen.parties[event.role].model_dump_json()]
    texts += [party.wants for party in seen.parties.values()]
    texts += [spoken(each) for each in events[:-1]]
    news = [each for each in heard if isinstance(each, Injected)]
    texts += [each.headline for each in news]
    texts += [
        change.model_dump_json(exclude={"key"}) for each in news for change in each.changes
    ]  # what it was, too
    package = package_on_table(events)
    totals = {abs(float(metric_value(seen, m.id, package))) for m in seen.metrics} if package else set()
    return totals | {value for text in texts for _, value in _figures(text)}


def _figures(text: str) -> Iterator[tuple[str, float]]:
    for match in _NUMBER.finditer(text):
        written = match[0].rstrip(",")
        yield written, float(written.replace(",", ""))


def _sentence(says: str, figure: str) -> str:
    parts = re.split(r"(?<=[.!?。！？])(?!\d)", says)
    return next((part.strip() for part in parts if figure in part), says)
