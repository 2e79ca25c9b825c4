"""The meeting as a LangGraph graph: the PM in the middle, colleagues around. The one door to LangGraph.

    START -> pm -> {colleagues, in parallel} -> pm -> ... -> END

Node names are role names, so that a drawing or a trace reads like a meeting. The agenda says what is
next; the graph only asks the seats that still owe a move, checks what they return, and stamps it.

A person's turn is one `interrupt`, with nothing before it but pure functions of the state: LangGraph runs
the node again from its top when the answer comes. While a person thinks, the other seats go on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping  # LangGraph reads the hints of its nodes when it runs
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, TypedDict

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.errors import GraphBubbleUp
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, interrupt

from aipm_agents.meeting import turn
from aipm_agents.roles import PM, Role
from aipm_agents.seats.human import Human
from aipm_agents.table.agenda import Step, merged, next_step
from aipm_agents.table.derived import derived
from aipm_agents.table.events import KINDS, Event
from aipm_agents.table.options import package_left
from aipm_agents.table.view import view

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langchain_core.runnables import RunnableConfig
    from langgraph.graph.state import CompiledStateGraph

    from aipm_agents.scenario.model import Scenario
    from aipm_agents.seats import Seat
    from aipm_agents.table.moves import Verb


def compiled(
    scenario: Scenario,
    seats: Mapping[Role, Seat],
    *,
    seed: int = 0,
    on_arrival: Callable[[Event], None] = lambda event: None,
) -> CompiledStateGraph[Any, Any, Any, Any]:
    """The graph of one scenario with someone in every seat. Its state is the list of events.

    `on_arrival` gets what a seat did the moment it did it, in the seat's own thread. Where a person sits,
    the graph keeps its place in memory while it waits; the durable record is the list of events.
    """

    def record(events: list[Event], new: list[Event]) -> list[Event]:
        return merged(scenario, events, new)

    State = TypedDict("State", {"events": Annotated[list[Event], record]})  # noqa: UP013

    meeting = _Meeting(scenario, seats, seed, on_arrival)
    graph: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    graph.add_node(PM, meeting.pm)
    for role in scenario.colleagues:
        graph.add_node(role, partial(meeting.colleague, role=role))
        graph.add_edge(role, PM)
    graph.add_conditional_edges(START, meeting.floor, [PM, *scenario.colleagues, END])
    graph.add_conditional_edges(PM, meeting.floor, [PM, *scenario.colleagues, END])
    return graph.compile(checkpointer=_place() if _people(seats) else None)


def person() -> Human:
    """A seat whose every turn is one LangGraph interrupt."""
    return Human(interrupt)


def played(
    graph: CompiledStateGraph[Any, Any, Any, Any], events: list[Event], config: RunnableConfig,
    ask: Callable[[dict[str, Any]], Any],
) -> Iterator[list[Event]]:  # fmt: skip
    """The record after every step, to the end. `ask` gets what a person is asked, as soon as it is, and
    returns the answer; seats that need no person are at work meanwhile, and nobody is asked twice."""
    inbox: Any = {"events": events}
    while inbox is not None:
        answers: dict[str, Any] = {}
        steps: Any = graph.stream(inbox, config, stream_mode=["values", "updates"])
        for mode, chunk in steps:
            if mode == "values":
                yield chunk["events"]
                continue
            for pause in chunk.get("__interrupt__", ()):
                answers[pause.id] = ask(pause.value)
        inbox = Command(resume=answers) if answers else None


def _people(seats: Mapping[Role, Seat]) -> bool:
    return any(isinstance(seat, Human) for seat in seats.values())


def _place() -> InMemorySaver:
    """Where a graph that waits for people keeps its place; of our own types it takes the events alone."""
    kinds = [(kind.__module__, kind.__name__) for kind in KINDS]
    return InMemorySaver(serde=JsonPlusSerializer(allowed_msgpack_modules=kinds))


def recursion_limit(scenario: Scenario) -> int:
    """More steps than a run of this scenario can take."""
    return 10 + 8 * scenario.rounds + len(scenario.injects) + len(scenario.evidence)


class _Meeting:
    def __init__(
        self,
        scenario: Scenario,
        seats: Mapping[Role, Seat],
        seed: int,
        on_arrival: Callable[[Event], None],
    ) -> None:
        self.scenario, self.seats, self.seed, self.on_arrival = scenario, seats, seed, on_arrival

    def floor(self, state: Any) -> list[str]:
        """Who has the floor: the roles whose slots are unfilled, or nobody any more."""
        step = next_step(self.scenario, tuple(state["events"]))
        return list(step.roles) or [END]

    def pm(self, state: Any) -> dict[str, list[Event]]:
        events = tuple(state["events"])
        step = next_step(self.scenario, events)
        if step.phase in ("open", "answer", "over"):
            return {"events": []}  # not the PM's turn: hand the floor on
        return {"events": [self._pm_event(events, step)]}

    def colleague(self, state: Any, role: Role) -> dict[str, list[Event]]:
        events = tuple(state["events"])
        step = next_step(self.scenario, events)
        verb: Verb = "open" if step.phase == "open" else "answer"
        return {"events": [self._turn(events, role, verb, step)]}

    def _pm_event(self, events: tuple[Event, ...], step: Step) -> Event:
        match step.phase:
            case "frame" | "propose" | "sign":
                return self._turn(events, PM, step.phase, step)
            case _:
                follows = derived(self.scenario, events, step)
                assert follows is not None, f"not the PM's: {step}"
                return follows

    def _turn(self, events: tuple[Event, ...], role: Role, verb: Verb, step: Step) -> Event:
        """What a seat does when it is asked, as an event; it is told to whoever waits for it. A person is waited
        for outside of the graph."""
        seen = view(self.scenario, events, role, seed=self.seed, number=step.round)
        event = turn(self.seats[role], verb, seen, package_left(self.scenario, events), out=(GraphBubbleUp,))
        self.on_arrival(event)
        return event


def demonstration() -> CompiledStateGraph[Any, Any, Any, Any]:
    """The first bundled scenario with embedded seats, for LangGraph's own tools (`langgraph.json`).

    Start it with the input `{"events": []}`.
    """
    return _demonstration(people=())


def with_a_person() -> CompiledStateGraph[Any, Any, Any, Any]:
    """The same with a person as Legal: each of its turns is an interrupt that tells what is asked, and is
    answered with a move as plain data, `{"vote": "no", "says": "Who reads it first?"}`."""
    return _demonstration(people=("legal",))


def _demonstration(people: tuple[Role, ...]) -> CompiledStateGraph[Any, Any, Any, Any]:
    from aipm_agents.scenario.library import bundled
    from aipm_agents.scenario.reader import read
    from aipm_agents.seats.embedded import Embedded

    scenario = read(bundled()["refund-copilot"])
    return compiled(scenario, {role: person() if role in people else Embedded() for role in scenario.parties})
