"""The form a model fills in: a JSON Schema built from what its seat may see.

Only what would be lawful can be named in it: real and visible issues, options, evidence and people, a red
line where one is crossed, a challenge that nobody has made. Its keys are the same in every round; where
nothing could be named, a key takes null. It is flat and small, because small models fill it in too: a choice
is one word, `issue=option`. The order matters, models write in that order: what it weighs stands first, the
vote before the words, so that the words follow from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from aipm_agents.scenario.lenses import LENS_OF
from aipm_agents.table.events import Answered, Framed, Opened, Proposed, Signed
from aipm_agents.table.heard import challenges
from aipm_agents.table.lawful import put
from aipm_agents.table.rules import matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aipm_agents.roles import Role
    from aipm_agents.table.moves import Verb
    from aipm_agents.table.view import View

Schema = dict[str, Any]

MOST_CHOICES, MOST_NAMES = 6, 4
"""How many choices, and how many names, a list may hold; it keeps a small model from going on for ever."""
REPLIES = ("answered", "declined")
GIVES, WANTS, NEITHER = "give", "want", "none"
"""What a trade does with an issue: `give=option`, `want=option`, or nothing."""
_TEXT: Schema = {"type": "string"}
_NOTHING: Schema = {"type": "null"}


class Form(NamedTuple):
    verb: Verb
    view: View
    schema: Schema
    """Closed: every field is required, none may be added."""


def form(verb: Verb, view: View, *, scratchpad: bool = False) -> Form:
    """The form for one turn of one seat. `scratchpad`: it reasons at length first, instead of weighing in a line."""
    match verb:
        case "frame":
            fields = {}
        case "open":
            fields = {"asks": _choices(view), "tables": _some_of(view.untabled), **_brings(view)}
        case "propose":
            package = _closed(**{issue: _one_of(options) for issue, options in view.space.options.items()})
            fields = {"package": package, "question": _question(view), **_commissions(view)}
        case "answer":
            fields = _position(view)
        case "sign":
            spent = {event.move.criterion for event in view.events if isinstance(event, Signed)}
            criterion = _one_or_none(c for c in view.scenario.criteria if c not in spent)
            fields = {"signs": {"type": "boolean"}, "criterion": criterion, "reason": _TEXT}
    first = {"scratchpad": _TEXT} if scratchpad else {} if verb == "frame" else {"weighs": _TEXT}
    return Form(verb, view, _closed(**first, **fields, says=_TEXT))


def _position(view: View) -> dict[str, Schema]:
    """Every field a position may have for this seat in this run."""
    fields = {"vote": _one_of(["yes", "yes_if", "no"]), "asks": _choices(view), "trade": _trade(view)}
    fields |= {"tables": _some_of(view.untabled), **_brings(view), **_challenge(view)}
    fields["question"] = _question(view)
    fields["answer"] = _answer(view)
    fields["moved_by_evidence"] = _some_of(sorted(view.tabled))
    fields["moved_by_people"] = _some_of(turns(view))
    if view.scenario.criteria:
        fields["concern"] = _one_or_none(view.scenario.criteria)
    if view.me.red_lines:
        fields["red_line"] = _one_or_none(crossed(view))
    return fields


def crossed(view: View) -> list[str]:
    """The seat's own red lines that the package on the table crosses, as a form calls them."""
    lines, package = view.me.red_lines, view.package
    return [line_name(n) for n, line in enumerate(lines) if package and matches(package, line.when)]


def line_name(number: int) -> str:
    """What a red line is called at the table; `number` counts from 0."""
    return f"red_line_{number + 1}"


def turns(view: View) -> dict[Role, str]:
    """The latest turn of everybody else who has spoken, as a move names it: it may have moved this seat."""
    spoke = {
        event.role: f"{event.role}@{event.round}" for event in view.events
        if isinstance(event, Framed | Opened | Proposed | Answered) and event.fault is None
    }  # fmt: skip
    return {role: spoke[role] for role in others(view) if role in spoke}


def choices(view: View) -> Iterator[str]:
    """Every option of every issue that this seat knows of, as one word."""
    return (f"{issue}={option}" for issue, options in view.space.options.items() for option in options)


def others(view: View) -> list[Role]:
    return [role for role in view.scenario.parties if role != view.role]


def _trade(view: View) -> Schema:
    """One place for each issue: so nothing can be given and wanted on the same one."""
    if len(view.space.options) < 2:
        return _NOTHING
    sides = {
        issue: _one_of([NEITHER, *(f"{side}={each}" for side in (GIVES, WANTS) for each in options)])
        for issue, options in view.space.options.items()
    }
    return _or_nothing(_closed(**sides))


def _choices(view: View) -> Schema:
    return _some_of(choices(view), MOST_CHOICES)


def _brings(view: View) -> dict[str, Schema]:
    """Only who holds an option that nobody knew at the start can bring one."""
    held = [choice for choice, holders in view.scenario.held_options.items() if view.role in holders]
    return {"brings": _some_of(f"{issue}={option}" for issue, option in view.secret)} if held else {}


def _challenge(view: View) -> dict[str, Schema]:
    """The facts on the table with the grounds on which nobody has challenged them, where there are challenges."""
    if "challenges" not in view.extras:
        return {}
    spent = {(c.evidence, c.ground) for e in challenges(view.events) if (c := e.move.challenge)}
    left = (
        f"{name}={ground}"
        for name in sorted(view.tabled)
        for ground in LENS_OF
        if (name, ground) not in spent
    )
    return {"challenge": _one_or_none(left)}


def _commissions(view: View) -> dict[str, Schema]:
    return {"commissions": _some_of(view.studies)} if "studies" in view.extras else {}


def _question(view: View) -> Schema:
    about = {*view.scenario.issue, *view.scenario.criteria, *view.tabled, *view.words}
    return _or_nothing(_closed(to=_one_of(others(view)), about=_one_of(sorted(about)), text=_TEXT))


def _answer(view: View) -> Schema:
    """How the question put to it is answered; of several, each by who asked."""
    askers = [role for role, _ in put(view)]
    if len(askers) < 2:
        return _one_of([*REPLIES]) if askers else _NOTHING
    return _some_of((f"{role}={how}" for role in askers for how in REPLIES), len(askers))


def _closed(**fields: Schema) -> Schema:
    return {
        "type": "object", "properties": fields, "required": list(fields), "additionalProperties": False,
    }  # fmt: skip


def _one_of(names: Iterable[str]) -> Schema:
    return {"type": "string", "enum": list(names)}


def _one_or_none(names: Iterable[str]) -> Schema:
    return _or_nothing(_one_of(names))


def _some_of(names: Iterable[str], most: int = MOST_NAMES) -> Schema:
    """A list of these names; null where there are none. Least numbers are left out: some servers refuse them."""
    items = _one_of(names)
    return {"type": "array", "items": items, "maxItems": most} if items["enum"] else _NOTHING


def _or_nothing(schema: Schema) -> Schema:
    return {"anyOf": [schema, _NOTHING]} if schema.get("enum", True) else _NOTHING
