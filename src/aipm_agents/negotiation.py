"""Play a scenario to its decision: the graph runs, every event is written before the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.graph import compiled, recursion_limit
from aipm_agents.table.agenda import merged, next_step, phase_of, slot
from aipm_agents.table.events import Seated

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from langchain_core.runnables import RunnableConfig

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.seats import Seat
    from aipm_agents.table.events import Event


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
) -> tuple[Event, ...]:
    """Run a scenario from its earlier events (none: from the start) to its decision.

    `held` are answers of a phase that was broken off, kept beside the record; nobody is asked for
    them again. At most `concurrency` colleagues are asked at the same time.

    `on_event` gets each new event once, in the order of the record, before the next step is taken;
    a recorder and a screen both hang there. `on_arrival` gets what a seat did the moment it did it,
    from whatever thread it did it in. `on_floor` is told who is asked next. Returns all events.
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
    graph = compiled(scenario, seats, seed=seed, on_arrival=on_arrival)
    config: RunnableConfig = {
        "recursion_limit": recursion_limit(scenario), "max_concurrency": concurrency,
    }  # fmt: skip
    for state in graph.stream({"events": events}, config, stream_mode="values"):
        events = state["events"]
        step = next_step(scenario, tuple(events))
        if not (known < len(events) and slot(scenario, events[-1])[:2] == phase_of(step)):
            for event in events[known:]:
                on_event(event)
            known = len(events)
        on_floor(step.roles if phase_of(step)[1] >= 0 else ())
    return tuple(events)
