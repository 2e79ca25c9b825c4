"""A seat played by a person, wherever that person sits: it says what is asked, waits, and takes the answer.

What is asked and what is answered are plain data, so that it may cross a process or a network. At our
own table the terminal asks and the answer is checked before it is sent; through LangGraph's own tools the
question is an interrupt and the answer its `Command(resume=...)`. Either way one turn waits once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from aipm_agents.errors import SeatError
from aipm_agents.scenario.problems import dotted
from aipm_agents.seats import AskedAlike
from aipm_agents.table.lawful import asker, owed
from aipm_agents.table.moves import MOVES

if TYPE_CHECKING:
    from collections.abc import Callable

    from aipm_agents.table.moves import Move, Verb
    from aipm_agents.table.view import View

KIND = "human"
_EXAMPLES: dict[Verb, dict[str, Any]] = {
    "frame": {"says": "..."},
    "open": {"says": "...", "tables": []},
    "propose": {"package": {"ISSUE": "OPTION"}, "says": "..."},
    "answer": {"vote": "yes_if", "asks": [{"issue": "ISSUE", "options": ["OPTION"]}], "says": "..."},
    "sign": {"signs": False, "criterion": "CRITERION", "reason": "..."},
}


class Human(AskedAlike):
    kind = KIND

    def __init__(self, wait: Callable[[dict[str, Any]], Any]) -> None:
        """`wait`: gets what is asked as plain data, and returns the move as plain data."""
        self.wait = wait

    def _turn(self, view: View, verb: Verb) -> Move:
        return read(verb, self.wait(asked(view, verb)))


def read(verb: Verb, answer: Any) -> Move:
    """A move from plain data; raise `SeatError("malformed")` naming what does not fit."""
    try:
        return MOVES[verb].model_validate(answer)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise SeatError("malformed", f"{dotted(first['loc']) or 'the move'}: {first['msg']}") from None


def written(move: Move) -> dict[str, Any]:
    """A move as plain data; what `read` takes."""
    return move.model_dump(mode="json", exclude_defaults=True)


def asked(view: View, verb: Verb) -> dict[str, Any]:
    """What a person is asked, and what may be named in the answer; only what this seat may see."""
    told: dict[str, Any] = {
        "role": view.role, "title": view.scenario.card(view.role).title, "round": view.round, "asks_to": verb,
        "package": view.package, "options": {i: list(o) for i, o in view.space.options.items()},
        "example": _EXAMPLES[verb],
    }  # fmt: skip
    if verb in ("open", "answer"):
        told["may_table"] = list(view.untabled)
    question = owed(view) if verb == "answer" else None
    if question is not None:
        told["question"] = {"from": asker(view, question), "about": question.about, "text": question.text}
    return told
