"""From plain data to a `Scenario`, with every fault of shape named in plain words.

A misspelt key is put right, an unknown one set aside and a wrong text replaced, so that the
checks beyond shape can still run and all errors of a file come at once.
"""

from __future__ import annotations

import copy
import types
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from aipm_agents.scenario.model import Scenario
from aipm_agents.scenario.problems import Found, did_you_mean

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from aipm_agents.scenario.problems import Path


def shape(data: Any) -> tuple[Scenario | None, list[Found]]:
    """The scenario, or what could be saved of it for further checks; and what is wrong with it."""
    if not isinstance(data, dict):
        return None, [Found((), f"a scenario is a mapping that begins `format: 1`; this is {_kind(data)}")]
    found: list[Found] = []
    data = copy.deepcopy(data)
    for _ in range(3):  # a corrected key can reveal the errors of what stands below it
        try:
            return Scenario.model_validate(data), found
        except ValidationError as error:
            details = error.errors(include_url=False)
        found += _renamed(data, details)
        rest = [detail for detail in details if not _settled(detail, found)]
        found += [Found(_path(detail), _in_words(detail)) for detail in rest]
        if not all(_set_aside(data, detail) for detail in rest):
            return None, found
    return None, found


def _path(detail: ErrorDetails) -> Path:
    return tuple(step for step in detail["loc"] if step != "[key]")


def _settled(detail: ErrorDetails, found: list[Found]) -> bool:
    """Whether a misspelt key already explains this error."""
    path = _path(detail)
    return any(
        path == known.path or (path[:-1] == known.path[:-1] and f"did you mean {path[-1]!r}" in known.message)
        for known in found
        if path
    )


def _renamed(data: Any, details: list[ErrorDetails]) -> list[Found]:
    found = []
    for detail in details:
        path = _path(detail)
        if detail["type"] != "extra_forbidden":
            continue
        holder = _at(data, path[:-1])
        known = _keys(path[:-1])
        hint = did_you_mean(str(path[-1]), [key for key in known if key not in holder])
        found.append(Found(path, f"unknown key {path[-1]!r}{hint}"))
        value = holder.pop(path[-1])
        if "did you mean" in hint:
            holder[hint.split("'")[1]] = value
    return found


def _set_aside(data: Any, detail: ErrorDetails) -> bool:
    """Replace a bad or missing text by a placeholder; False where nothing harmless will do."""
    path = _path(detail)
    if detail["type"] in ("missing", "string_type", "string_too_short", "string_too_long") and path:
        holder = _at(data, path[:-1])
        if isinstance(holder, dict) and _wants_text(path):
            holder[str(path[-1])] = "?"
            return True
    return False


def _at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def _wants_text(path: Path) -> bool:
    return path[-1] in {
        "title", "question", "label", "says", "asks", "wants", "headline", "from", "because", "who",
        "stake", "background", "purpose", "private", "plainly", "aloud", "source", "duty", "short",
    }  # fmt: skip


def _keys(path: Path) -> list[str]:
    """The keys that may stand at a path, by walking the models' annotations."""
    model: Any = Scenario
    for step in path:
        if isinstance(model, type) and issubclass(model, BaseModel):
            fields = {field.alias or name: field for name, field in model.model_fields.items()}
            model = _inner(fields[str(step)].annotation) if str(step) in fields else None
        else:
            model = _inner(model)
    if isinstance(model, type) and issubclass(model, BaseModel):
        return [field.alias or name for name, field in model.model_fields.items()]
    return []


def _inner(annotation: Any) -> Any:
    """What stands inside a list, a mapping or an optional: the model, if there is one."""
    if get_origin(annotation) in (Annotated, Union, types.UnionType, tuple, dict):
        for argument in reversed(get_args(annotation)):
            inner = _inner(argument)
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                return inner
        return None
    return annotation


def _kind(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case str():
            return "a text"
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case _:
            return "a number"


def _shown(value: Any) -> str:
    return f"{_kind(value)}, {value!r}" if isinstance(value, str) and len(value) < 60 else _kind(value)


_WANTED = {
    "string_type": "expected a text; put quotes around it",
    "int_type": "expected a whole number",
    "is_instance_of": "expected a number",
    "decimal_type": "expected a number",
    "dict_type": "expected a mapping (key: value)",
    "model_type": "expected a mapping (key: value)",
    "tuple_type": "expected a list",
    "bool_type": "expected true or false",
}


def _in_words(detail: ErrorDetails) -> str:
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    match kind:
        case "missing":
            return f"the key {detail['loc'][-1]!r} is missing"
        case "literal_error":
            words = str(context.get("expected", ""))
            known = [word.strip("' ") for word in words.replace(" or ", ",").split(",")]
            hint = did_you_mean(value, known) if isinstance(value, str) else f"; expected {words}"
            return f"{value!r} is not possible here{hint}"
        case "string_pattern_mismatch":
            return f"{value!r} is no id; use small letters, digits, - and _, and begin with a letter or digit"
        case "too_short":
            return f"needs at least {context.get('min_length')}"
        case "too_long":
            return f"allows at most {context.get('max_length')}"
        case "decimal_max_places" | "decimal_max_digits" | "decimal_whole_digits":
            return "allows six decimals and twelve digits"
        case "value_error":
            return detail["msg"].removeprefix("Value error, ")
        case _ if kind in _WANTED:
            return f"{_WANTED[kind]}; found {_shown(value)}"
        case _:
            return f"{detail['msg'][0].lower()}{detail['msg'][1:]}; found {_shown(value)}"
