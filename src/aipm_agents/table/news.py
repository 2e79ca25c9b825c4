"""What news does to the figures: the scenario as it stands after some events, and as it stood before others.

The state is the list of events: an inject that changes figures does so from the moment it is in the record, and
what follows from the record (rulings, what is lawful, what a seat is worth) goes by the scenario of that moment.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from aipm_agents.scenario.changes import changed, owner, place, undone
from aipm_agents.scenario.measures import FigureChange
from aipm_agents.scenario.news import unfree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Event


def scenario_at(scenario: Scenario, events: Iterable[Event]) -> Scenario:
    """The scenario as it stands once these events have happened. One that an audience knows stands so already."""
    if not any(inject.changes for inject in scenario.injects):
        return scenario
    numbers = tuple(event.number for event in events if event.kind == "inject")
    return after(scenario, numbers) if numbers else scenario


@lru_cache(maxsize=64)
def after(scenario: Scenario, numbers: tuple[int, ...]) -> Scenario:
    """The scenario after some of its injects, in this order, each by its number from 0."""
    settings = {key: to for number in numbers for key, to in scenario.injects[number].changes.items()}
    return changed(scenario, settings) if settings else scenario


def in_turn(scenario: Scenario) -> tuple[int, ...]:
    """The injects by their numbers, as they come."""
    return tuple(sorted(range(len(scenario.injects)), key=lambda n: scenario.injects[n].before_round))


def after_all(scenario: Scenario) -> Scenario:
    """The scenario once all of its news is in."""
    return after(scenario, in_turn(scenario))


def as_it_was(scenario: Scenario, later: Iterable[Event]) -> Scenario:
    """The scenario as it stood before these events. Of a seat's own figures only those that these events tell."""
    changes = [change for event in later if event.kind == "inject" for change in event.changes]
    return undone(scenario, changes) if changes else scenario


def may_come(scenario: Scenario, events: Iterable[Event], number: int) -> bool:
    """Whether news can come before its time: with it, and with all that follows in its turn, every issue keeps an
    option that all know and that goes with everything. In the order of the case the reader has seen to that."""
    come = (*(event.number for event in events if event.kind == "inject"), number)
    rest = [each for each in in_turn(scenario) if each not in come]
    return not any(unfree(after(scenario, (*come, *rest[:then]))) for then in range(len(rest) + 1))


def private_news(events: Iterable[Event]) -> bool:
    """Whether any news so far told seats different things."""
    return any(
        event.kind == "inject" and (event.to or any(owner(each.key) for each in event.changes))
        for event in events
    )


def changes(now: Scenario, number: int) -> tuple[FigureChange, ...]:
    """What an inject changes in the scenario as it stands, from what to what."""
    settings = now.injects[number].changes
    return tuple(FigureChange(key=key, was=place(now, key).now, now=to) for key, to in settings.items())
