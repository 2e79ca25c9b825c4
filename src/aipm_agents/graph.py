"""The meeting as a LangGraph graph: the PM in the middle, colleagues around. The one door to LangGraph.

    START -> pm -> {colleagues, in parallel} -> pm -> ... -> END

Node names are role names, so that a drawing or a trace reads like a meeting. The agenda says what is
next; the graph only asks the seats that still owe a move, checks what they return, and stamps it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping  # LangGraph reads the hints of its nodes when it runs
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, TypedDict, TypeVar, assert_never

from langgraph.graph import END, START, StateGraph

from aipm_agents.errors import AipmError, SeatError
from aipm_agents.roles import PM, Role
from aipm_agents.seats import Noted
from aipm_agents.table import studies
from aipm_agents.table.agenda import Step, merged, next_step
from aipm_agents.table.checkpoints import ruling_of
from aipm_agents.table.closing import decide
from aipm_agents.table.events import (
    Answered,
    Event,
    Framed,
    Injected,
    Opened,
    Proposed,
    Reported,
    Signed,
    package_on_table,
)
from aipm_agents.table.lawful import check
from aipm_agents.table.moves import Opening, Position, Signing, Words
from aipm_agents.table.view import View, view

if TYPE_CHECKING:
    from langgraph.graph.state import CompiledStateGraph

    from aipm_agents.scenario.model import Scenario
    from aipm_agents.seats import Seat

Move = TypeVar("Move", Words, Opening, Position, Signing, Any)


def compiled(
    scenario: Scenario,
    seats: Mapping[Role, Seat],
    *,
    seed: int = 0,
    on_arrival: Callable[[Event], None] = lambda event: None,
) -> CompiledStateGraph[Any, Any, Any, Any]:
    """The graph of one scenario with someone in every seat. Its state is the list of events.

    `on_arrival` gets what a seat did the moment it did it, in the seat's own thread.
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
    return graph.compile()


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
        seat, seen, number = self.seats[role], self._view(events, role, step), step.round
        if step.phase == "open":
            opening, kept = _asked(seat.open, seen, Opening())
            return {"events": [self._arrived(Opened(round=0, role=role, move=opening, **kept))]}
        position, kept = _asked(seat.answer, seen, Position(vote="no_answer"))
        return {"events": [self._arrived(Answered(round=number, role=role, move=position, **kept))]}

    def _arrived(self, event: Event) -> Event:
        self.on_arrival(event)
        return event

    def _view(self, events: tuple[Event, ...], role: Role, step: Step) -> View:
        return view(self.scenario, events, role, seed=self.seed, number=step.round)

    def _pm_event(self, events: tuple[Event, ...], step: Step) -> Event:
        pm, number = self.seats[PM], step.round
        match step.phase:
            case "frame":
                words, kept = _asked(pm.frame, self._view(events, PM, step), Words())
                return self._arrived(Framed(round=0, move=words, **kept))
            case "inject":
                inject = self.scenario.injects[step.inject]
                return Injected(
                    round=number, number=step.inject, headline=inject.headline, sender=inject.from_,
                    evidence=tuple(fact.id for fact in inject.evidence),
                )  # fmt: skip
            case "report":
                return Reported(round=number, evidence=studies.due(self.scenario, events, number))
            case "propose":
                proposal, kept = _asked(pm.propose, self._view(events, PM, step), None)
                package = proposal.package if proposal else package_on_table(events)
                return self._arrived(Proposed(round=number, package=package, move=proposal, **kept))
            case "rule":
                return self._ruling(events, number)
            case "sign":
                signing, kept = _asked(pm.sign, self._view(events, PM, step), Signing(signs=False))
                return self._arrived(Signed(round=number, move=signing, **kept))
            case "decide":
                return decide(self.scenario, events)
            case "open" | "answer" | "over":
                raise AssertionError(f"not the PM's: {step}")
        assert_never(step.phase)

    def _ruling(self, events: tuple[Event, ...], number: int) -> Event:
        ruled = ruling_of(self.scenario, events, number)
        assert ruled is not None
        return ruled


def _asked(
    verb: Callable[[View], Move | Noted[Move]], seen: View, abstention: Move
) -> tuple[Move, dict[str, Any]]:
    """What a seat answers, checked; or the abstention, with the fault that made it one.

    The second half is what the event keeps beside the move. A budget that is spent and an endpoint
    that cannot be used at all come out as they are: nobody decided, so the run stops.
    """
    started = time.perf_counter()
    try:
        answer = verb(seen)
        noted = answer if isinstance(answer, Noted) else Noted(answer)
        check(noted.move, seen)
    except SeatError as error:
        volatile = {"fault": str(error)[:500], **error.volatile}
        return abstention, {"fault": error.kind, "volatile": {**volatile, **_took(started)}}
    except AipmError:
        raise
    except Exception as error:  # a seat never breaks a run, whatever plays it
        volatile = {"fault": f"{type(error).__name__}: {error}"[:500]}
        return abstention, {"fault": "failure", "volatile": {**volatile, **_took(started)}}
    return noted.move, {"withheld": noted.withheld, "volatile": {**noted.volatile, **_took(started)}}


def _took(started: float) -> dict[str, Any]:
    return {"seconds": round(time.perf_counter() - started, 4)}


def demonstration() -> CompiledStateGraph[Any, Any, Any, Any]:
    """The first bundled scenario with embedded seats, for LangGraph's own tools (`langgraph.json`).

    Start it with the input `{"events": []}`.
    """
    from aipm_agents.scenario.library import bundled
    from aipm_agents.scenario.reader import read
    from aipm_agents.seats.embedded import Embedded

    scenario = read(bundled()["refund-copilot"])
    return compiled(scenario, {role: Embedded() for role in scenario.parties})
