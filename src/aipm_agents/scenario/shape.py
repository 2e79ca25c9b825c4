"""From plain data to a `Scenario`, with every fault of shape named in plain words.

A misspelt key is put right, an unknown one set aside and a wrong text, number or word replaced, so
that the checks beyond shape can still run and all errors of a file come at once.
"""

from __future__ import annotations

import re
import types
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from aipm_agents.language import mark, tr
from aipm_agents.scenario.model import Scenario
from aipm_agents.scenario.problems import MAX_PROBLEMS, Found, did_you_mean, nearest

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from aipm_agents.scenario.marked import YamlDocument
    from aipm_agents.scenario.problems import Path


def shape(document: YamlDocument) -> tuple[Scenario | None, list[Found]]:
    """The scenario, or what could be saved of it for further checks; and what is wrong with it."""
    if not isinstance(document.data, dict):
        kind = _kind(document.data)
        return None, [
            Found((), tr("a scenario is a mapping that begins `format: 1`; this is {kind}", kind=kind))
        ]
    found: list[Found] = []
    data = _unshared(document.data)
    for _ in range(3):  # a corrected key can reveal the errors of what stands below it
        try:
            return Scenario.model_validate(data, by_alias=True, by_name=False), found
        except ValidationError as error:
            details = error.errors(include_url=False)
        if len(details) > MAX_PROBLEMS:
            return None, found + [Found(_path(detail), _in_words(detail)) for detail in details]
        renamed = _renamed(data, document, details)
        rest = [detail for detail in details if _path(detail) not in renamed]
        found += dict.fromkeys(renamed.values())
        found += [Found(_path(detail), _in_words(detail)) for detail in rest]
        if not all(_set_right(data, detail) for detail in rest):
            return None, found
    return None, found


def _unshared(data: Any) -> Any:
    """A copy in which what an alias repeats stands in each place by itself, so that each can be put right."""
    if isinstance(data, dict):
        return {key: _unshared(value) for key, value in data.items()}
    return [_unshared(value) for value in data] if isinstance(data, list) else data


def _path(detail: ErrorDetails) -> Path:
    path = detail["loc"]
    return path[:-1] if _is_about_a_key(detail) else path


def _is_about_a_key(detail: ErrorDetails) -> bool:
    """Whether the key of a mapping is at fault: Pydantic marks its place so."""
    return detail["loc"][-1:] == ("[key]",) and detail["type"] != "extra_forbidden"


def _renamed(data: Any, document: YamlDocument, details: list[ErrorDetails]) -> dict[Path, Found]:
    """The unknown keys, put right or set aside; under the right key's path too, which then is not missing."""
    found: dict[Path, Found] = {}
    for detail in details:
        path = detail["loc"]
        if detail["type"] != "extra_forbidden":
            continue
        holder, wrong = _at(data, path[:-1]), str(path[-1])
        value = holder.pop(wrong)
        known = [key for key in _keys(path[:-1]) if key not in holder]
        if value is None and " " in wrong:  # what stood after a comma: `{label: not now, thanks anyway}`
            found[path] = Found(path, tr("unknown key {wrong!r}; a text with a comma in it stands in quotes", wrong=wrong), code="comma")  # fmt: skip
            continue
        each = found[path] = Found(
            path, tr("unknown key {wrong!r}{hint}", wrong=wrong, hint=did_you_mean(wrong, known))
        )
        if right := nearest(wrong, known):
            holder[right] = value
            document.rename(path, right)
            found[(*path[:-1], right)] = each
    return found


_HARMLESS: dict[str, Any] = {
    **dict.fromkeys(
        (
            "title", "question", "label", "says", "asks", "wants", "headline", "from", "because", "who",
            "stake", "background", "purpose", "private", "plainly", "aloud", "source", "duty", "short",
            "teaches", "satisfied_by", "otherwise",
        ),
        "?",
    ),
    **dict.fromkeys(("walk_away", "base", "candour", "at_most", "at_least"), 0),
    **dict.fromkeys(("accept_at_least", "before_round", "minutes", "takes"), 1),
    "rounds": 50, "blocking": True, "technical_path": False, "portfolio": False,
    "as_of": "2026-01-01",
}  # fmt: skip
"""By key, a value that is right in shape and troubles no further check."""


def _set_right(data: Any, detail: ErrorDetails) -> bool:
    """Put a harmless value in the place of a wrong or missing one; False where there is none."""
    path = _path(detail)
    if not path or _is_about_a_key(detail):
        return False
    holder, key = _at(data, path[:-1]), str(path[-1])
    if not isinstance(holder, dict):
        return False
    if detail["type"] == "literal_error" and (words := _expected_words(detail)):
        holder[key] = words[0]
    elif key in _HARMLESS:
        holder[key] = _HARMLESS[key]
    elif path[-3:-2] == ("points",) or path[-2:-1] == ("effects",):
        holder[key] = 0
    else:
        return False
    return True


def _expected_words(detail: ErrorDetails) -> list[str]:
    """The words a literal may be; none where it is a number."""
    return re.findall(r"'([^']*)'", str(detail.get("ctx", {}).get("expected", "")))


def _at(data: Any, path: Path) -> Any:
    for step in path:
        if isinstance(step, int) and not isinstance(data, list):
            continue  # one value stands for a list of one
        data = data[step]
    return data


def _keys(path: Path) -> list[str]:
    """The keys that may stand at a path, by walking the models' annotations."""
    here: Any = Scenario
    for step in path:
        here = _bare(here)
        if get_origin(here) in (tuple, dict):  # of a list its items, of a mapping its values
            here = get_args(here)[get_origin(here) is dict]
        else:
            here = _fields(here).get(str(step))
    return list(_fields(_bare(here)))


def _bare(annotation: Any) -> Any:
    """An annotation without its metadata and without `| None`."""
    while get_origin(annotation) in (Annotated, types.UnionType):
        annotation = get_args(annotation)[0]
    return annotation


def _fields(model: Any) -> dict[str, Any]:
    """The annotations of a model by the keys of the file; nothing where there is no model."""
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return {}
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _kind(value: Any) -> str:
    match value:
        case None:
            return tr("nothing")
        case bool():
            return tr("true or false")
        case str():
            return tr("a text")
        case dict():
            return tr("a mapping")
        case list():
            return tr("a list")
        case _:
            return tr("a number")


def _shown(value: Any) -> str:
    """What was found, by its kind, and itself where it is short."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return _kind(value)
    text = (
        f"{Decimal(value)}"
        if isinstance(value, int)
        else f"{value!r}"
        if isinstance(value, str)
        else f"{value}"
    )
    return tr("{kind}, {value}", kind=_kind(value), value=text) if len(text) < 60 else _kind(value)


_WANTED = {
    "string_type": mark("expected a text; put quotes around it"),
    "int_type": mark("expected a whole number"),
    "is_instance_of": mark("expected a number"),
    "decimal_type": mark("expected a number"),
    "finite_number": mark("expected a number that is finite"),
    "dict_type": mark("expected a mapping (key: value)"),
    "model_type": mark("expected a mapping (key: value)"),
    "tuple_type": mark("expected a list"),
    "bool_type": mark("expected true or false"),
}


def _in_words(detail: ErrorDetails) -> str:
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    match kind:
        case "missing":
            *_, key = detail["loc"]
            return tr("the key {key!r} is missing", key=key)
        case "literal_error":
            words = _expected_words(detail)
            if isinstance(value, str) and words:
                return tr(
                    "{value!r} is not possible here{hint}", value=value[:60], hint=did_you_mean(value, words)
                )
            return tr("expected {words}; found {shown}", words=context.get("expected"), shown=_shown(value))
        case "string_pattern_mismatch":
            return tr(
                "{value!r} is no id; use small letters, digits, - and _, and begin with a letter or digit",
                value=value[:60],
            )
        case "too_short":
            return tr("needs at least {n}", n=context.get("min_length"))
        case "too_long":
            return tr("allows at most {n}", n=context.get("max_length"))
        case "decimal_max_places" | "decimal_max_digits" | "decimal_whole_digits":
            wanted = tr("allows nine digits before the point and six after it")
            return tr("{wanted}; found {shown}", wanted=wanted, shown=_shown(value))
        case "value_error":
            return detail["msg"].removeprefix("Value error, ")
        case _ if kind in _WANTED:
            return tr("{wanted}; found {shown}", wanted=tr(_WANTED[kind]), shown=_shown(value))
        case _:
            return tr(
                "{what}; found {shown}",
                what=detail["msg"][0].lower() + detail["msg"][1:],
                shown=_shown(value),
            )
