"""Evidence that does not exist yet: what the PM has asked for, what is due, what can still arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.table.events import Proposed, Reported

if TYPE_CHECKING:
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Event


def commissioned(events: tuple[Event, ...]) -> dict[str, int]:
    """Study -> the round in which the PM asked for it."""
    asked: dict[str, int] = {}
    for event in events:
        if isinstance(event, Proposed) and event.move is not None:
            for name in event.move.commissions:
                asked.setdefault(name, event.round)
    return asked


def pending(events: tuple[Event, ...]) -> tuple[str, ...]:
    """Asked for, and not in yet."""
    arrived = {name for event in events if isinstance(event, Reported) for name in event.evidence}
    return tuple(name for name in commissioned(events) if name not in arrived)


def due(scenario: Scenario, events: tuple[Event, ...], number: int) -> tuple[str, ...]:
    """What is in at the start of a round."""
    asked = commissioned(events)
    return tuple(n for n in pending(events) if asked[n] + (scenario.facts[n].takes or 0) <= number)


def possible(scenario: Scenario, events: tuple[Event, ...], number: int) -> tuple[str, ...]:
    """What the PM could ask for in a round, to have it before the last one is over."""
    asked = commissioned(events)
    return tuple(
        fact.id for fact in scenario.evidence
        if fact.takes is not None and fact.id not in asked and number + fact.takes <= scenario.rounds
    )  # fmt: skip


def open_criteria(scenario: Scenario, events: tuple[Event, ...], number: int) -> frozenset[str]:
    """Criteria that a study still to be asked for is about. What it would say, nobody knows."""
    return frozenset(
        name for each in possible(scenario, events, number)
        if (study := scenario.facts[each].study) is not None for name in study.about
    )  # fmt: skip
