"""The form a model fills in: a JSON Schema built from what its seat may see, and the way back to a move.

Only real and visible issues, options, evidence and people can be named in it. It is flat and small,
because small models fill it in too: a choice is one word, `issue=option`. The order matters, models
write in that order: the vote stands before the words, so that the words follow from it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from jsonschema import Draft202012Validator
from pydantic import ValidationError

from aipm_agents.errors import SeatError
from aipm_agents.roles import PM
from aipm_agents.scenario.lenses import LENS_OF
from aipm_agents.table.events import Signed
from aipm_agents.table.heard import challenges
from aipm_agents.table.lawful import asker, owed
from aipm_agents.table.moves import (
    Ask,
    Challenge,
    Choice,
    Opening,
    Position,
    Proposal,
    Question,
    Reply,
    Signing,
    Trade,
    Words,
)

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError as JsonFault

    from aipm_agents.table.moves import Move, Verb
    from aipm_agents.table.view import View

Schema = dict[str, Any]
Filled = dict[str, Any]

MOST_CHOICES, MOST_NAMES = 6, 4
"""How many choices, and how many names, a list may hold; it keeps a small model from going on for ever."""
_TEXT: Schema = {"type": "string"}
_NOTHING: Schema = {"type": "null"}


class Form(NamedTuple):
    verb: Verb
    schema: Schema
    """Closed: every field is required, none may be added."""
    move: Callable[[Filled], Move]

    def read(self, filled: Any) -> Move:
        """The move; raise `SeatError("malformed")` naming what does not fit."""
        faults = list(Draft202012Validator(self.schema).iter_errors(filled))
        if faults:
            raise SeatError("malformed", "; ".join(_told(fault) for fault in faults[:4]))
        try:
            return self.move(filled)
        except ValidationError as error:  # too long, say
            first = error.errors(include_url=False)[0]
            raise SeatError("malformed", f"{first['loc'][0]}: {first['msg']}") from None


def form(verb: Verb, view: View) -> Form:
    """The form for one turn of one seat."""
    match verb:
        case "frame":
            return Form(verb, _closed(says=_TEXT), lambda filled: Words(says=_plain(filled["says"])))
        case "open":
            return Form(
                verb, _closed(asks=_choices(view), **_tables(view), **_brings(view), says=_TEXT), _opening
            )
        case "propose":
            package = _closed(**{issue: _one_of(options) for issue, options in view.space.options.items()})
            schema = _closed(package=package, question=_question(view), **_commissions(view), says=_TEXT)
            return Form(verb, schema, _proposal)
        case "answer":
            return Form(verb, _position_schema(view), lambda filled: _position(view, filled))
        case "sign":
            spent = {event.move.criterion for event in view.events if isinstance(event, Signed)}
            criterion = _or_nothing(_one_of(c for c in view.scenario.criteria if c not in spent))
            return Form(
                verb,
                _closed(signs={"type": "boolean"}, criterion=criterion, reason=_TEXT, says=_TEXT),
                _signing,
            )


def _position_schema(view: View) -> Schema:
    """Every field a position may have here; what could not be named (no red line, say) is left out."""
    fields: dict[str, Schema] = {
        "vote": _one_of(["yes", "yes_if", "no"]), "asks": _choices(view), **_tables(view), **_brings(view),
        **_challenge(view), "question": _question(view),
    }  # fmt: skip
    if owed(view) is not None:
        fields["answer"] = _one_of(["answered", "declined"])
    fields["trade"] = _or_nothing(_closed(**{side: _choices(view, least=1) for side in ("give", "for")}))
    if view.tabled:
        fields["moved_by_evidence"] = _some_of(sorted(view.tabled))
    fields["moved_by_people"] = _some_of(_others(view))
    if view.scenario.criteria:
        fields["concern"] = _or_nothing(_one_of(view.scenario.criteria))
    if lines := _lines(view):
        fields["red_line"] = _or_nothing(_one_of(lines))
    return _closed(**fields, says=_TEXT)


def _opening(filled: Filled) -> Opening:
    return Opening(
        asks=_asks(filled["asks"]), tables=_distinct(filled.get("tables", ())), brings=_brought(filled),
        says=_plain(filled["says"]),
    )  # fmt: skip


def _proposal(filled: Filled) -> Proposal:
    return Proposal(
        package=filled["package"], question=_asked(filled["question"]),
        commissions=_distinct(filled.get("commissions", ())), says=_plain(filled["says"]),
    )  # fmt: skip


def _position(view: View, filled: Filled) -> Position:
    asks, offer, line = _asks(filled["asks"]), filled["trade"], filled.get("red_line")
    people = (f"{role}@{view.round if role == PM else view.round - 1}" for role in filled["moved_by_people"])
    return Position(
        vote=filled["vote"],
        asks=asks,
        tables=_distinct(filled.get("tables", ())),
        brings=_brought(filled),
        challenge=_challenged(filled),
        question=_asked(filled["question"]),
        answer=_reply(view, filled, asks),
        trade=_trade(offer) if offer else None,
        moved_by=(*_distinct(filled.get("moved_by_evidence", ())), *_distinct(people)),
        concern=filled.get("concern"),
        red_line=_lines(view).index(line) if line else None,
        says=_plain(filled["says"]),
    )  # fmt: skip


def _reply(view: View, filled: Filled, asks: tuple[Ask, ...]) -> Reply | None:
    """Asked about an issue, a seat answers by what it asks for there."""
    question = owed(view)
    if question is None:
        return None
    wanted = next((ask.options for ask in asks if ask.issue == question.about), ())
    declined = filled["answer"] == "declined"
    return Reply(to=asker(view, question), about=question.about, declined=declined, prefers=wanted)


def _signing(filled: Filled) -> Signing:
    if filled["signs"]:
        return Signing(signs=True, says=_plain(filled["says"]))
    return Signing(
        signs=False, criterion=filled["criterion"], reason=_plain(filled["reason"])[:400],
        says=_plain(filled["says"]),
    )  # fmt: skip


def _told(fault: JsonFault) -> str:
    """One fault of an answer, where it lies and what it is."""
    inner = [each for each in fault.context or () if each.validator != "type"]
    if inner:
        return _told(min(inner, key=lambda each: len(each.path)))
    where = fault.json_path.removeprefix("$").removeprefix(".")
    return f"{where}: {fault.message[:300]}" if where else fault.message[:300]


def _closed(**fields: Schema) -> Schema:
    return {
        "type": "object", "properties": fields, "required": list(fields), "additionalProperties": False,
    }  # fmt: skip


def _one_of(names: Iterable[str]) -> Schema:
    return {"type": "string", "enum": list(names)}


def _some_of(names: Iterable[str], most: int = MOST_NAMES, least: int = 0) -> Schema:
    return {"type": "array", "items": _one_of(names), "minItems": least, "maxItems": most}


def _or_nothing(schema: Schema) -> Schema:
    return {"anyOf": [schema, _NOTHING]} if schema.get("enum", True) else _NOTHING


def _choices(view: View, least: int = 0) -> Schema:
    names = (f"{issue}={option}" for issue, options in view.space.options.items() for option in options)
    return _some_of(names, MOST_CHOICES, least)


def _tables(view: View) -> dict[str, Schema]:
    return {"tables": _some_of(view.untabled)} if view.untabled else {}


def _brings(view: View) -> dict[str, Schema]:
    """Only who holds an option that nobody has brought can bring one."""
    names = [f"{issue}={option}" for issue, option in view.secret]
    return {"brings": _some_of(names)} if names else {}


def _challenge(view: View) -> dict[str, Schema]:
    """The facts on the table with the grounds on which nobody has challenged them, where there are challenges."""
    if "challenges" not in view.extras:
        return {}
    spent = {(c.evidence, c.ground) for e in challenges(view.events) if (c := e.move.challenge)}
    facts = [name for name in sorted(view.tabled) if any((name, ground) not in spent for ground in LENS_OF)]
    return (
        {"challenge": _or_nothing(_closed(evidence=_one_of(facts), ground=_one_of(LENS_OF)))} if facts else {}
    )


def _commissions(view: View) -> dict[str, Schema]:
    return {"commissions": _some_of(view.studies)} if view.studies else {}


def _question(view: View) -> Schema:
    about = {*view.scenario.issue, *view.scenario.criteria, *view.tabled, *view.words}
    return _or_nothing(_closed(to=_one_of(_others(view)), about=_one_of(sorted(about)), text=_TEXT))


def _others(view: View) -> list[str]:
    return [role for role in view.scenario.parties if role != view.role]


def _lines(view: View) -> list[str]:
    return [f"red_line_{number}" for number in range(1, len(view.me.red_lines) + 1)]


def _asks(choices: Iterable[str]) -> tuple[Ask, ...]:
    """`issue=option` words, most important first, gathered by issue; three issues count."""
    wanted: dict[str, list[str]] = {}
    for issue, option in (choice.split("=", 1) for choice in _distinct(choices)):
        wanted.setdefault(issue, []).append(option)
    return tuple(Ask(issue=issue, options=tuple(options)) for issue, options in wanted.items())[:3]


def _brought(filled: Filled) -> tuple[Choice, ...]:
    pairs = (choice.split("=", 1) for choice in _distinct(filled.get("brings", ())))
    return tuple(Choice(issue=issue, option=option) for issue, option in pairs)


def _challenged(filled: Filled) -> Challenge | None:
    made = filled.get("challenge")
    return Challenge(evidence=made["evidence"], ground=made["ground"]) if made else None


def _trade(offer: Filled) -> Trade:
    return Trade.model_validate({side: _side(choices) for side, choices in offer.items()})


def _side(choices: Iterable[str]) -> dict[str, str]:
    """One side of a trade."""
    pairs = [choice.split("=", 1) for choice in _distinct(choices)]
    side = {issue: option for issue, option in pairs}
    if len(side) < len(pairs):
        raise SeatError("malformed", "trade: one side names two options of the same issue")
    return side


def _asked(filled: Filled | None) -> Question | None:
    return (
        Question(to=filled["to"], about=filled["about"], text=_plain(filled["text"])[:400])
        if filled
        else None
    )


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _plain(text: str) -> str:
    """Speech without control characters and half characters, which no other seat could be sent."""
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))
