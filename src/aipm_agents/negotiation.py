"""Play a scenario to its decision: the graph runs, every event is written before the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.graph import compiled, recursion_limit
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
    on_event: Callable[[Event], None] = lambda event: None,
) -> tuple[Event, ...]:
    """Run a scenario from its earlier events (none: from the start) to its decision.

    `on_event` gets each new event once, in the order of the record, before the next step is taken;
    a recorder and a screen both hang there. Returns all events. Whatever a seat does ends up as an
    event; only Ctrl-C, a failing `on_event` or a fault of our own comes out as an exception.
    """
    missing = [role for role in scenario.parties if role not in seats]
    if missing:
        raise ValueError(f"nobody plays {', '.join(missing)}")
    events = list(earlier)
    if not events:
        events.append(Seated(round=0, seats={role: seats[role].kind for role in scenario.parties}))
        on_event(events[0])
    graph = compiled(scenario, seats, seed=seed)
    known = len(events)
    config: RunnableConfig = {"recursion_limit": recursion_limit(scenario)}
    for state in graph.stream({"events": events}, config, stream_mode="values"):
        events = state["events"]
        for event in events[known:]:
            on_event(event)
        known = len(events)
    return tuple(events)
