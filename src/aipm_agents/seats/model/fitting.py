"""What a model wrote, fitted into a form: what is meant counts, what cannot be meant is left out.

Absent is null, unknown keys are ignored, names are known in any case and with any separators, a single thing
may stand for a list of it. Only JSON values are read; prose decides nothing.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aipm_agents.seats.model.form import Schema

Fault = tuple[str, str]
"""(the part of the form it lies in, what does not fit)."""
_NONE = frozenset({"", "none", "null", "nil", "na", "nothing", "無", "没有", "沒有"})
_TRUTH = {"true": True, "yes": True, "signs": True, "sign": True, "false": False, "no": False, "hold": False}


class Misfit(ValueError):
    """A value that cannot be meant."""


def fitted(
    form: Schema, answer: Mapping[str, Any], names: Mapping[str, str]
) -> tuple[dict[str, Any], list[Fault]]:
    """The parts of a form as an answer fills them in, None for each that it leaves out or that does not fit,
    with what does not. `names`: other names, as `key` writes them, for what the form can name."""
    given = {key(name): value for name, value in reversed([*answer.items()])}
    parts, faults = {}, []
    for name, schema in form["properties"].items():
        fit = _Fit(names)
        value = answer.get(name, given.get(key(name)))
        try:
            parts[name] = fit.value(schema, value)
        except Misfit as misfit:
            parts[name] = None
            fit.told.append(str(misfit))
        faults += [(name, each) for each in fit.told]
    return parts, faults


def key(name: str) -> str:
    """A name without what people write differently: case, width, spaces, hyphens, underscores, quotes."""
    return "".join(char for char in unicodedata.normalize("NFKC", name).casefold() if char.isalnum())


class _Fit:
    def __init__(self, names: Mapping[str, str]) -> None:
        self.names, self.told = names, list[str]()

    def value(self, schema: Schema, value: Any) -> Any:
        """Raise `Misfit` where it cannot be meant; what of a list cannot is left out and told."""
        if "anyOf" in schema:
            schema = schema["anyOf"][0]
            if isinstance(value, str) and key(value) in _NONE and value not in schema.get("enum", ()):
                return None
        if value is None or (schema["type"] == "null" and _empty(value)):
            return None
        if schema["type"] == "null":
            raise Misfit(f"{_shown(value)}: nothing can be named here now")
        if isinstance(value, list) and len(value) < 2 and schema["type"] not in ("array", "object"):
            return self.value(schema, value[0] if value else None)
        match schema["type"]:
            case "array":
                return list(self._items(schema["items"], value))
            case "object":
                return self._object(schema, value)
            case "boolean":
                return _truth(value)
        return self._name(schema["enum"], value) if "enum" in schema else _text(value)

    def _items(self, schema: Schema, value: Any) -> Iterator[str]:
        for each in _listed(value):
            if each is None or (isinstance(each, str) and key(each) in _NONE and each not in schema["enum"]):
                continue
            try:
                yield self._name(schema["enum"], each)
            except Misfit as misfit:
                self.told.append(str(misfit))

    def _object(self, schema: Schema, value: Any) -> dict[str, Any]:
        """Each property by itself: one that does not fit leaves the others standing."""
        if isinstance(value, list) and all(isinstance(each, str) and "=" in each for each in value):
            value = dict(each.split("=", 1) for each in value)
        if not isinstance(value, dict):
            raise Misfit(f"{_shown(value)} is not an object")
        given = {key(str(name)): each for name, each in reversed([*value.items()])}
        made = {}
        for name, part in schema["properties"].items():
            inner = value.get(name, given.get(key(name)))
            if isinstance(inner, str) and key(inner.partition("=")[0]) == key(name) and "=" in inner:
                inner = inner.partition("=")[2]  # {"reach": "reach=region"}
            try:
                made[name] = self.value(part, inner)
            except Misfit as misfit:
                made[name] = None
                self.told.append(f"{name}: {misfit}")
        return made

    def _name(self, known: list[str], value: Any) -> str:
        """The one name that is meant. Exactly as it is written goes before anything else."""
        if isinstance(value, bool | int | float):
            value = str(value)
        if not isinstance(value, str):
            raise Misfit(f"{_shown(value)} is no name")
        if value in known:
            return value
        for said, spelt in ((value, key), (self.names.get(key(value), ""), key), (value, _last)):
            if key(said) and len(meant := [name for name in known if spelt(name) == key(said)]) == 1:
                return meant[0]
        raise Misfit(f"{_shown(value)} is none of {_some(known)}")


def _last(name: str) -> str:
    """The option of `issue=option`, where it is said without its issue."""
    return key(name.rsplit("=", 1)[-1])


def _empty(value: Any) -> bool:
    return not value or (isinstance(value, str) and key(value) in _NONE)


def _listed(value: Any) -> list[Any]:
    if isinstance(value, dict):  # {"reach": "region"} for ["reach=region"]
        return [
            f"{name}={each}" for name, several in value.items() if several is not None
            for each in (several if isinstance(several, list) else [several])
        ]  # fmt: skip
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return " ".join(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Misfit(f"{_shown(value)} is no text")
    return str(value)


def _truth(value: Any) -> bool:
    if isinstance(value, str):
        value = _TRUTH.get(key(value), value)
    if not isinstance(value, bool):
        raise Misfit(f"{_shown(value)} is neither true nor false")
    return value


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _some(known: list[str]) -> str:
    return ", ".join(known[:12]) + (", ..." if len(known) > 12 else "")
