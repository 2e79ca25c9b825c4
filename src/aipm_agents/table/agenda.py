"""The meeting's procedure: what is next, as one pure function of (scenario, events).

Read `next_step` and the three below it from top to bottom and you have read the meeting.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Literal, NamedTuple

from aipm_agents.roles import PM
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
    on_paper,
)
from aipm_agents.table.faults import unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Event

Phase = Literal["frame", "open", "inject", "report", "propose", "answer", "rule", "sign", "decide", "over"]
KIND_OF: dict[Phase, type[Framed | Opened | Proposed | Answered | Signed]] = {
    "frame": Framed, "open": Opened, "propose": Proposed, "answer": Answered, "sign": Signed,
}  # fmt: skip
"""What a seat's move becomes, by the phase it was asked in; the phase is named as the verb."""
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
    if events and isinstance(events[-1], Decided):
        return Step("over", scenario.rounds, ())
    number = events[-1].round if events else 0
    now = tuple(takewhile(lambda event: event.round == number, reversed(events)))
    if number == 0:
        opening = None if on_paper(events) else _opening(scenario, now)
        return opening or _arriving(scenario, events, 1) or Step("propose", 1)
    return _in_round(scenario, events, number, now) or _after_round(scenario, events, number)


def _opening(scenario: Scenario, now: tuple[Event, ...]) -> Step | None:
    """The PM frames the meeting, and everybody says what they need."""
    if not any(isinstance(event, Framed) for event in now):
        return Step("frame", 0)
    opened = {event.role for event in now if isinstance(event, Opened)}
    silent = tuple(role for role in scenario.colleagues if role not in opened)
    return Step("open", 0, silent) if silent else None


def _in_round(
    scenario: Scenario, events: tuple[Event, ...], number: int, now: tuple[Event, ...]
) -> Step | None:
    """What is still to be done in a round; None where it is over and nothing came of it."""
    proposal = next((event for event in now if isinstance(event, Proposed)), None)
    if proposal is None:
        return _arriving(scenario, events, number) or Step("propose", number)
    if proposal.package is None:
        return None  # the PM failed, and there was nothing to table again
    answered = {event.role for event in now if isinstance(event, Answered)}
    if silent := tuple(role for role in scenario.colleagues if role not in answered):
        return Step("answer", number, silent)
    ruling = next((event for event in now if isinstance(event, Ruled)), None)
    if ruling is None:
        return Step("rule", number)
    if lets_through(ruling):  # whoever signed: nothing is signed over a closed gate
        signing = next((event for event in now if isinstance(event, Signed)), None)
        if signing is None:
            return Step("sign", number)
        if signing.move.signs or unreadable(events):
            return Step("decide", number)
    return Step("decide", number) if no_go_is_proven(scenario, events) else None


def _after_round(scenario: Scenario, events: tuple[Event, ...], number: int) -> Step:
    if number == scenario.rounds:
        return Step("decide", number)
    return _arriving(scenario, events, number + 1) or Step("propose", number + 1)


def slot(scenario: Scenario, event: Event) -> tuple[int, int, int, int]:
    """Where an event stands in the record: by round, phase and the scenario's order of roles."""
    order = tuple(scenario.parties).index(event.role)
    return (event.round, _ORDER[type(event)], getattr(event, "number", 0), order)


def phase_of(step: Step) -> tuple[int, int]:
    """Where the moves of a step will stand in the record, as the first half of their slots."""
    kind = KIND_OF.get(step.phase)
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
