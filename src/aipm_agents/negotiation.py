"""Play a scenario to its decision: the graph runs, every event is written before the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.errors import SeatError
from aipm_agents.graph import compiled, played, recursion_limit
from aipm_agents.seats import human
from aipm_agents.table.agenda import merged, next_step, phase_of, slot
from aipm_agents.table.events import Seated
from aipm_agents.table.stamp import stamped
from aipm_agents.table.view import view

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from langchain_core.runnables import RunnableConfig

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.seats import Seat
    from aipm_agents.table.events import Event
    from aipm_agents.table.moves import Move, Verb
    from aipm_agents.table.view import View


def _nobody(seen: View, verb: Verb) -> Move:
    raise SeatError("no_reply", "a person is seated, and nobody asks them")


def negotiate(
    scenario: Scenario,
    seats: Mapping[Role, Seat],
    *,
    seed: int = 0,
    earlier: tuple[Event, ...] = (),
    held: tuple[Event, ...] = (),
    concurrency: int = 8,
    on_event: Callable[[Event], None] = lambda event: None,
    on_arrival: Callable[[Event], None] = lambda event: None,
    on_floor: Callable[[tuple[Role, ...]], None] = lambda roles: None,
    on_turn: Callable[[View, Verb], Move] = _nobody,
) -> tuple[Event, ...]:
    """Run a scenario from its earlier events (none: from the start) to its decision.

    `held` are answers of a phase that was broken off, kept beside the record; nobody is asked for
    them again. At most `concurrency` colleagues are asked at the same time.

    `on_event` gets each new event once, in the order of the record, before the next step is taken;
    a recorder and a screen both hang there. `on_arrival` gets what a seat did the moment it did it,
    from whatever thread it did it in. `on_floor` is told who is asked next. `on_turn` asks a person for
    a move, in the caller's thread, while other seats are at work. Returns all events.
    Whatever a seat does ends up as an event; what comes out as an exception is Ctrl-C, a budget
    that is spent, an endpoint that cannot be used, a failing callback, or a fault of our own.
    """
    missing = [role for role in scenario.parties if role not in seats]
    if missing:
        raise ValueError(f"nobody plays {', '.join(missing)}")
    events = list(earlier)
    if not events:
        events.append(Seated(round=0, seats={role: seats[role].kind for role in scenario.parties}))
        on_event(events[0])
    known = len(events)
    events = merged(scenario, events, held)
    config: RunnableConfig = {
        "recursion_limit": recursion_limit(scenario), "max_concurrency": concurrency,
        "configurable": {"thread_id": "this run"},
    }  # fmt: skip

    def ask(asked: dict[str, Any]) -> dict[str, Any] | None:
        """A person's answer is kept before it goes back to the graph: the others may still be writing."""
        role, number, verb = asked["role"], asked["round"], asked["asks_to"]
        try:
            move = on_turn(view(scenario, tuple(events), role, seed=seed, number=number), verb)
        except SeatError:
            return None  # read as no usable answer, which is an abstention
        on_arrival(stamped(move, role, number))
        return human.written(move)

    graph = compiled(scenario, seats, seed=seed, on_arrival=on_arrival)
    for state in played(graph, events, config, ask):
        events = state
        step = next_step(scenario, tuple(events))
        if not (known < len(events) and slot(scenario, events[-1])[:2] == phase_of(step)):
            for event in events[known:]:
                on_event(event)
            known = max(known, len(events))
        on_floor(step.roles if phase_of(step)[1] >= 0 else ())
    return tuple(events)
