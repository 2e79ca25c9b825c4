"""The texts of a scenario: which of its values people read, each under an address that is the same in every language.

Which values those are is read off the model: whatever is a `Text` there, lines of them, or a unit. In an address the id
stands for the place in a list (`evidence.calls.says`); of what has no ids, the number does.
"""

from __future__ import annotations

import hashlib
import json
import types
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from aipm_agents.scenario.model import Scenario
from aipm_agents.scenario.values import Frozen, Text, Texts, Unit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from aipm_agents.scenario.problems import Path

_NAMES = ("id", "ground")
"""By what a thing in a list is known: most have an id, what is wrong with a fact has its ground."""


class Worded(NamedTuple):
    """A text of a scenario."""

    address: Path
    path: Path
    """Where it stands in the data."""
    lines: tuple[str, ...]
    """One, where it is no list of lines."""

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def texts(data: dict[str, Any]) -> Iterator[Worded]:
    """Every text in the plain data of a valid scenario, in the order of the file."""
    return _below(Scenario, data, (), ())


@lru_cache(maxsize=64)
def case(scenario: Scenario) -> str:
    """SHA-256 of all that is no text: the same of one case in two languages, whatever is said in it."""
    data = scenario.plain()
    for each in list(texts(data)):
        holder: Any = data
        for step in each.path[:-1]:
            holder = holder[step]
        if isinstance(holder, dict):
            del holder[each.path[-1]]
    for party in data["parties"].values():
        party.pop("terms", None)  # its keys are words
    data.pop("language", None)
    text = json.dumps([data, list(scenario.parties)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def one_case(scenarios: Collection[Scenario]) -> bool:
    """Whether tables were given the same case: in one language word for word, across two all that is no text."""
    by_language = {each.language for each in scenarios}
    return len({*map(case, scenarios)}) <= 1 and len({each.digest for each in scenarios}) == len(by_language)


def _below(hint: Any, data: Any, address: Path, path: Path) -> Iterator[Worded]:
    hint = _bare(hint)
    if hint in (Text, Unit) and isinstance(data, str):
        yield Worded(address, path, (data,))
    elif hint == Texts and isinstance(data, list):
        yield Worded(address, path, tuple(str(each) for each in data))
    elif get_origin(hint) is tuple and isinstance(data, list):
        for place, each in enumerate(data):
            yield from _below(get_args(hint)[0], each, (*address, _name(each, place)), (*path, place))
    elif get_origin(hint) is dict and isinstance(data, dict):
        for key, each in data.items():
            yield from _below(get_args(hint)[1], each, (*address, key), (*path, key))
    elif isinstance(hint, type) and issubclass(hint, Frozen) and isinstance(data, dict):
        known = _fields(hint)
        for key, each in data.items():
            if key in known:
                yield from _below(known[key], each, (*address, key), (*path, key))


def _bare(hint: Any) -> Any:
    """Without `| None` and, where it is no text, without its metadata."""
    while hint not in (Text, Texts, Unit) and get_origin(hint) in (Annotated, Union, types.UnionType):
        hint = get_args(hint)[0]
    return hint


def _name(each: Any, place: int) -> str | int:
    if isinstance(each, dict):
        return next((str(each[name]) for name in _NAMES if name in each), place)
    return place


@cache
def _fields(model: type[Frozen]) -> dict[str, Any]:
    """The fields of a model by the keys of the file, with what they hold."""
    hints = get_type_hints(model, include_extras=True)
    return {field.alias or name: hints[name] for name, field in model.model_fields.items()}
