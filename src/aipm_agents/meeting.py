"""How a table moves: one seat's turn, and as far as it goes while nobody has to be waited for.

`advance` is the one way: a sweep plays a table with it to its end, a server moves it on with each answer that
arrives, and the graph takes the same turns side by side. Nothing is kept between two calls but the record, and
the answers of an unfinished phase beside it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from aipm_agents.errors import AipmError, SeatError
from aipm_agents.seats import Noted
from aipm_agents.table.agenda import KIND_OF, merged, next_step
from aipm_agents.table.derived import derived
from aipm_agents.table.lawful import check
from aipm_agents.table.options import package_left
from aipm_agents.table.stamp import abstained, stamped
from aipm_agents.table.view import Ears

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aipm_agents.errors import FaultKind
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.seats import Seat
    from aipm_agents.table.agenda import Step
    from aipm_agents.table.events import Event
    from aipm_agents.table.moves import Verb
    from aipm_agents.table.stamp import Turn
    from aipm_agents.table.view import View


class Stand(NamedTuple):
    """Where a table stands."""

    events: tuple[Event, ...]
    """The record: every phase in it that is complete."""
    held: tuple[Event, ...]
    """Answers of the phase under way, in the order they arrived; revealed together when it is complete."""
    step: Step
    waiting: tuple[Role, ...]
    """Who is waited for, in the step; nobody where the table has decided."""


def advance(
    scenario: Scenario, seats: Mapping[Role, Seat], events: tuple[Event, ...], held: tuple[Event, ...] = (),
    *, seed: int, on_event: Callable[[Event], None] = lambda event: None,
    on_arrival: Callable[[Event], None] = lambda event: None,
    on_floor: Callable[[tuple[Role, ...]], None] = lambda roles: None,
) -> Stand:  # fmt: skip
    """Play on until somebody is waited for who is not among these seats, or to the decision.

    `held`: answers of the phase under way that are in already; one that is not due is left aside, nobody is asked
    for them again. `on_floor` is told who is asked in a step, `on_event` gets what is new in the record, in its order, `on_arrival` what a seat did the moment
    it did it. A budget that is spent and an endpoint that cannot be used come out as they are.
    """
    inbox: dict[Role, Event] = {event.role: event for event in held}
    ears = Ears(scenario, seed)
    while True:
        step = next_step(scenario, events)
        if step.phase == "over":
            return Stand(events, (), step, ())
        if step.phase not in KIND_OF:
            follows = derived(scenario, events, step)
            assert follows is not None
            events = (*events, follows)
            on_event(follows)
            continue
        inbox = {role: event for role, event in inbox.items() if _due(event, step)}
        asked = {role: seats[role] for role in step.roles if role in seats and role not in inbox}
        on_floor(step.roles)
        for role, seen in ears.views(events, tuple(asked), step.round):
            inbox[role] = turn(asked[role], step.phase, seen, package_left(scenario, events))  # type: ignore[arg-type]  # a verb
            on_arrival(inbox[role])
        if waiting := tuple(role for role in step.roles if role not in inbox):
            return Stand(events, tuple(inbox.values()), step, waiting)
        known = len(events)
        events = tuple(merged(scenario, list(events), inbox.values()))
        for event in events[known:]:
            on_event(event)
        inbox = {}


def _due(event: Event, step: Step) -> bool:
    return isinstance(event, KIND_OF[step.phase]) and event.round == step.round and event.role in step.roles


def turn(
    seat: Seat, verb: Verb, seen: View, last: Package | None, *, out: tuple[type[BaseException], ...] = ()
) -> Turn:
    """What a seat answers, checked, as an event; or the abstention, with the fault that made it one.

    `last`: the package that is tabled again where the PM fails. A budget that is spent and an endpoint that
    cannot be used at all come out as they are: nobody decided, so the run stops. So does what `out` names.
    """
    started = time.perf_counter()
    try:
        answer = getattr(seat, verb)(seen)
        noted = answer if isinstance(answer, Noted) else Noted(answer)
        check(noted.move, seen, verb, [each.part for each in noted.dropped])
        kept = {"withheld": noted.withheld, "dropped": noted.dropped}
        return stamped(
            noted.move, seen.role, seen.round, **kept, volatile={**noted.volatile, **_took(started)}
        )
    except out:
        raise
    except SeatError as error:
        kind: FaultKind = error.kind
        volatile = {"fault": str(error)[:500], **error.volatile}
    except AipmError:
        raise
    except ValidationError as error:  # made past the rules of its own form
        kind, volatile = "malformed", {"fault": str(error)[:500]}
    except Exception as error:  # a seat never breaks a run, whatever plays it
        kind, volatile = "failure", {"fault": f"{type(error).__name__}: {error}"[:500]}
    return abstained(verb, seen.role, seen.round, last, fault=kind, volatile={**volatile, **_took(started)})


def _took(started: float) -> dict[str, Any]:
    return {"seconds": round(time.perf_counter() - started, 4)}
