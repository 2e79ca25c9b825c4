"""What a fault keeps from being known. A turn that failed is no answer: it proves nothing, for or against anybody.

A criterion counts as asked for and not shown only once its owner has answered the question, and once everybody at the
table has had a turn in which they could have shown it. A fault is an abstention, and never such a turn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.roles import PM
from aipm_agents.table.events import Answered, Framed, Opened, Proposed, Ruled, Signed, on_paper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_agents.errors import FaultKind
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Event
    from aipm_agents.table.moves import Verb

ATTEMPTS = 2
"""How often a deal that all four let through is put to a PM whose answer cannot be used."""


class FailedTurn(NamedTuple):
    """A turn of which there is no usable move."""

    role: Role
    verb: Verb
    round: int
    fault: FaultKind


_VERBS: dict[type, Verb] = {
    Framed: "frame", Opened: "open", Proposed: "propose", Answered: "answer", Signed: "sign",
}  # fmt: skip


def failed_turns(events: Sequence[Event]) -> tuple[FailedTurn, ...]:
    """Every turn that failed, in the order of the record."""
    return tuple(
        FailedTurn(event.role, _VERBS[type(event)], event.round, event.fault) for event in events
        if isinstance(event, Framed | Opened | Proposed | Answered | Signed) and event.fault is not None
    )  # fmt: skip


def never_heard(events: Sequence[Event]) -> frozenset[Role]:
    """Who had turns in which it could have told, brought or sent for something, every one of which failed."""
    turns = [event for event in events if isinstance(event, Opened | Proposed | Answered)]
    return frozenset(event.role for event in turns) - {event.role for event in turns if event.fault is None}


def faulted(events: Sequence[Event], number: int) -> tuple[Role, ...]:
    """Whose turn to propose, answer or sign failed in a round."""
    failed = (
        event.role for event in events
        if isinstance(event, Proposed | Answered | Signed) and event.round == number and event.fault is not None
    )  # fmt: skip
    return tuple(dict.fromkeys(failed))


def unreadable(events: Sequence[Event]) -> bool:
    """Whether the PM has been asked to sign as often as it is asked, and could not be read. That is no hold: after
    the first time the meeting goes on, and the deal can be put once more; on paper, however often nobody signed."""
    failed = [event for event in events if isinstance(event, Signed) and event.fault is not None]
    return len(failed) >= ATTEMPTS and not on_paper(events)


def kept_from(scenario: Scenario, events: tuple[Event, ...], name: str, number: int) -> tuple[Role, ...]:
    """Whom faults kept from showing a criterion by the end of a round: its owner, where its turn of that round
    failed; everybody whose every turn failed since the criterion was first asked for by name."""
    first = next((e.round for e in events if isinstance(e, Ruled) and name in e.asked), number)
    since = min(first + 1, number)
    turns = [e for e in events if isinstance(e, Answered | Proposed) and since <= e.round <= number]
    spoke = {event.role for event in turns if event.fault is None}
    owner = scenario.criteria[name][1].owner
    late = {event.role for event in turns if event.round == number and event.fault is None}
    kept = {role for role in scenario.colleagues if role not in spoke} | ({owner} - late)
    return tuple(role for role in scenario.parties if role in kept)


def silent(scenario: Scenario, events: Sequence[Event], rounds: int = 2) -> tuple[Role, ...]:
    """Whose turns of the last rounds, the opening counted as one, were all faults; nobody before so many are over."""
    number = events[-1].round if events else 0
    if number + 1 < rounds or not any(isinstance(event, Ruled) and event.round == number for event in events):
        return ()
    last = [
        e
        for e in events
        if isinstance(e, Framed | Opened | Proposed | Answered) and e.round > number - rounds
    ]
    return tuple(
        role for role in scenario.parties
        if (mine := [event for event in last if event.role == role]) and all(e.fault is not None for e in mine)
    )  # fmt: skip


def decisive(scenario: Scenario, role: Role) -> bool:
    """Whether no deal can be made, or some question not be answered, while a seat is silent."""
    agreement = scenario.agreement
    owns = any(
        each.owner == role and each.blocking and each.evidence for _, each in scenario.criteria.values()
    )
    return role == PM or role in agreement.veto or owns or agreement.accept_at_least == len(scenario.parties)
