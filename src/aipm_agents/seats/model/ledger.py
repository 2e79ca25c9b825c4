"""What has been said and is still owed: a seat's own words and promises, everybody's last wishes, open questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aipm_agents.roles import PM
from aipm_agents.table.events import Answered, Opened, Proposed, Ruled, last_ruling
from aipm_agents.table.lawful import put

if TYPE_CHECKING:
    from aipm_agents.roles import Role
    from aipm_agents.table.moves import Ask, Question
    from aipm_agents.table.view import View

OWN, QUESTIONS, SNIPPET = 3, 3, 60
"""How many of its own earlier stances, how many open questions, how many characters of its own words are told."""

Told = dict[str, Any]


def latest_asks(view: View) -> dict[Role, tuple[Ask, ...]]:
    """What everybody asked for last; silence takes nothing back."""
    return {role: asks for role, (_, asks) in _asked(view).items()}


def wishes(view: View) -> list[tuple[Role, int, tuple[Ask, ...]]]:
    """What each other seat asked for last, as (role, round, asks), where it was before the last ruled round."""
    ruling = last_ruling(view.events)
    now = ruling.round if ruling else 0
    return [
        (role, number, asks) for role, (number, asks) in _asked(view).items()
        if role != view.role and asks and number < now
    ]  # fmt: skip


def _asked(view: View) -> dict[Role, tuple[int, tuple[Ask, ...]]]:
    said: dict[Role, tuple[int, tuple[Ask, ...]]] = {}
    for event in view.events:
        if isinstance(event, Opened | Answered) and (event.move.asks or event.role not in said):
            said[event.role] = (event.round, event.move.asks)
    return said


def own(view: View) -> list[Answered | Opened | Proposed]:
    """This seat's own turns before the last ruled round."""
    ruling = last_ruling(view.events)
    return [
        event for event in view.events
        if isinstance(event, Opened | Answered | Proposed) and event.role == view.role and event.fault is None
        and event.move is not None and ruling is not None and event.round < ruling.round
    ]  # fmt: skip


def offer(view: View) -> Answered | None:
    """The turn of this seat's last offer, which stands until it makes another."""
    made = [
        e for e in view.events if isinstance(e, Answered) and e.role == view.role and e.move.trade is not None
    ]
    return made[-1] if made else None


def open_questions(view: View) -> list[tuple[int, Role, Question]]:
    """Questions that nobody answered when they could be, as (round, by whom, what): the PM's in the round they were
    put, a colleague's in the next; not those this seat is to answer now."""
    rulings = [event.round for event in view.events if isinstance(event, Ruled)]
    if not rulings:
        return []
    now = [] if view.role == PM else put(view)
    answered = {
        (reply.to, event.role, reply.about) for event in view.events if isinstance(event, Answered)
        for reply in event.move.replies
    }  # fmt: skip
    asked = [
        (event.round, event.role, event.move.question) for event in view.events
        if isinstance(event, Answered | Proposed) and event.move is not None and event.move.question is not None
        and event.round <= (rulings[-1] if event.role == PM else rulings[-1] - 1)
    ]  # fmt: skip
    left = {
        (who, question.to, question.about): (number, who, question) for number, who, question in asked
        if (who, question.to, question.about) not in answered and (who, question) not in now
    }  # fmt: skip
    return [*left.values()][-QUESTIONS:]


def asked_to_show(view: View) -> list[tuple[str, list[str]]]:
    """The criteria that the last ruling asks this seat to show, with what it holds that would."""
    ruling = last_ruling(view.events)
    return [
        (name, [held for held in view.untabled if name in view.scenario.facts[held].supports])
        for name in (ruling.asked if ruling else ()) if view.scenario.criteria[name][1].owner == view.role
    ]  # fmt: skip
