"""The meeting's procedure: what is next, as one pure function of (scenario, events).

Read `next_step` from top to bottom and you have read the meeting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from aipm_agents.roles import PM
from aipm_agents.table import events as happened
from aipm_agents.table import studies
from aipm_agents.table.checkpoints import lets_through
from aipm_agents.table.closing import no_go_is_proven
from aipm_agents.table.events import (
    Answered,
    Decided,
    Framed,
    Injected,
    Opened,
    Proposed,
    Reported,
    Ruled,
    Seated,
    Signed,
    Stopped,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Event

Phase = Literal["frame", "open", "inject", "report", "propose", "answer", "rule", "sign", "decide", "over"]
_ORDER = {
    Seated: 0, Framed: 1, Opened: 2, Injected: 3, Reported: 4, Proposed: 5, Answered: 6,
    Ruled: 7, Signed: 8, Decided: 9, Stopped: 10,
}  # fmt: skip


class Step(NamedTuple):
    phase: Phase
    round: int
    roles: tuple[Role, ...] = (PM,)
    """Whose slots are still unfilled in this phase."""
    inject: int = 0
    """In the phase `inject`: which one is due."""


def next_step(scenario: Scenario, events: tuple[Event, ...]) -> Step:
    """What the meeting does next, and who is still to speak in it."""
    if any(isinstance(event, Decided) for event in events):
        return Step("over", scenario.rounds, ())
    if not any(isinstance(event, Framed) for event in events):
        return Step("frame", 0)
    opened = {event.role for event in events if isinstance(event, Opened)}
    if silent := tuple(role for role in scenario.colleagues if role not in opened):
        return Step("open", 0, silent)

    number = max(1, max(event.round for event in events))
    this_round = tuple(event for event in events if event.round == number)
    proposal = next((event for event in this_round if isinstance(event, Proposed)), None)
    ruling = next((event for event in this_round if isinstance(event, Ruled)), None)
    signing = next((event for event in this_round if isinstance(event, Signed)), None)

    if proposal is None:
        return _arriving(scenario, events, number) or Step("propose", number)
    if proposal.package is not None:
        answered = happened.positions(events, number)
        if silent := tuple(role for role in scenario.colleagues if role not in answered):
            return Step("answer", number, silent)
        if ruling is None:
            return Step("rule", number)
        if lets_through(ruling) and signing is None:
            return Step("sign", number)
        if signing is not None and signing.move.signs:
            return Step("decide", number)
        if no_go_is_proven(scenario, events):
            return Step("decide", number)
    if number == scenario.rounds:
        return Step("decide", number)
    return _arriving(scenario, events, number + 1) or Step("propose", number + 1)


def slot(scenario: Scenario, event: Event) -> tuple[int, int, int, int]:
    """Where an event stands in the record: by round, phase and the scenario's order of roles."""
    order = tuple(scenario.parties).index(event.role)
    return (event.round, _ORDER[type(event)], getattr(event, "number", 0), order)


def phase_of(step: Step) -> tuple[int, int]:
    """Where the moves of a step will stand in the record, as the first half of their slots."""
    kinds = {"frame": Framed, "open": Opened, "propose": Proposed, "answer": Answered, "sign": Signed}
    kind = kinds.get(step.phase)
    return (step.round, _ORDER[kind]) if kind else (step.round, -1)


def merged(scenario: Scenario, events: list[Event], new: Iterable[Event]) -> list[Event]:
    """The record with new events, each phase in the scenario's order whatever order answers arrived in."""
    record = list(events)
    for event in new:
        place, key = len(record), slot(scenario, event)
        while place and key[:2] == (last := slot(scenario, record[place - 1]))[:2] and key < last:
            place -= 1
        record.insert(place, event)
    return record


def _arriving(scenario: Scenario, events: tuple[Event, ...], number: int) -> Step | None:
    """What reaches the table before the PM speaks: news, then the studies that are done."""
    arrived = {event.number for event in events if isinstance(event, Injected)}
    for i, inject in enumerate(scenario.injects):
        if inject.before_round == number and i not in arrived:
            return Step("inject", number, inject=i)
    return Step("report", number) if studies.due(scenario, events, number) else None
