"""Play a scenario to its decision: every event is written before the next step.

Seats that answer at once take their turns in a plain loop; where somebody may have to be waited for, a model or
a person, the meeting runs as a LangGraph graph, which asks colleagues side by side. The record is the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.errors import EndpointError, SeatError
from aipm_agents.language import tr
from aipm_agents.meeting import advance
from aipm_agents.seats import answers_at_once, human
from aipm_agents.table.agenda import merged, next_step, phase_of, slot
from aipm_agents.table.events import Seated
from aipm_agents.table.silence import nobody_spoke
from aipm_agents.table.stamp import stamped
from aipm_agents.table.view import view

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
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
    graph: bool = False,
    no_silence: bool = False,
    on_event: Callable[[Event], None] = lambda event: None,
    on_arrival: Callable[[Event], None] = lambda event: None,
    on_floor: Callable[[tuple[Role, ...]], None] = lambda roles: None,
    on_turn: Callable[[View, Verb], Move] = _nobody,
) -> tuple[Event, ...]:
    """Run a scenario from its earlier events (none: from the start) to its decision.

    `held` are answers of a phase that was broken off, kept beside the record; nobody is asked for
    them again. At most `concurrency` colleagues are asked at the same time. `graph`: run it as a LangGraph graph
    although every seat answers at once.

    `on_event` gets each new event once, in the order of the record, before the next step is taken;
    a recorder and a screen both hang there. `on_arrival` gets what a seat did the moment it did it,
    from whatever thread it did it in. `on_floor` is told who is asked next. `on_turn` asks a person for
    a move, in the caller's thread, while other seats are at work. Returns all events.
    Whatever a seat does ends up as an event; what comes out as an exception is Ctrl-C, a budget
    that is spent, an endpoint that cannot be used, a failing callback, or a fault of our own; with `no_silence`
    also `EndpointError` as soon as two rounds have gone by in which nobody gave a usable answer.
    """
    missing = [role for role in scenario.parties if role not in seats]
    if missing:
        raise ValueError(f"nobody plays {', '.join(missing)}")
    record = list(earlier)

    def happened(event: Event) -> None:
        record.append(event)
        on_event(event)
        if no_silence and nobody_spoke(scenario, record):
            raise EndpointError(_silence(event))

    if not record:
        happened(Seated(round=0, seats={role: seats[role].kind for role in scenario.parties}))
    if not graph and all(answers_at_once(seats[role]) for role in scenario.parties):
        stand = advance(
            scenario, seats, tuple(record), held, seed=seed, on_event=happened, on_arrival=on_arrival, on_floor=on_floor
        )  # fmt: skip
        return stand.events
    for events, known, floor in _through_the_graph(
        scenario, seats, list(record), held, seed, concurrency, on_arrival, on_turn
    ):
        for event in events[known:]:
            happened(event)
        on_floor(floor)
    return tuple(record)


def _through_the_graph(
    scenario: Scenario, seats: Mapping[Role, Seat], events: list[Event], held: tuple[Event, ...], seed: int,
    concurrency: int, on_arrival: Callable[[Event], None], on_turn: Callable[[View, Verb], Move],
) -> Iterator[tuple[list[Event], int, tuple[Role, ...]]]:  # fmt: skip
    """After each step: the record as far as its phases are complete, how much of it was told before, and who is
    asked next."""
    from aipm_agents.graph import compiled, played, recursion_limit

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
        under_way = known < len(events) and slot(scenario, events[-1])[:2] == phase_of(step)
        yield ([] if under_way else events), known, (step.roles if phase_of(step)[1] >= 0 else ())
        known = known if under_way else max(known, len(events))


def _silence(event: Event) -> str:
    before = tr("the opening") if event.round == 1 else tr("round {n}", n=event.round - 1)
    cause = str(event.volatile.get("fault", tr("none was given"))).rstrip(".")
    return tr(
        "nobody at the table gave a usable answer in {before} and round {n}; the last fault: {cause}. See what the endpoint can do with `aipm doctor -m MODEL`, then go on",
        before=before,
        n=event.round,
        cause=cause,
    )
