"""Plain data that remembers where each value stood, built from a parser's events.

They are consumed one by one, so depth, size and aliases are bounded before any value is built: a hostile file costs no
more than an honest one of the same length. YAML 1.2 words only (`NO` is text, `1.10` is a number); numbers keep their
exact decimals.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from aipm_agents.language import tr

if TYPE_CHECKING:
    from aipm_agents.scenario.problems import Path

MAX_DEPTH = 30
MAX_VALUES = 60_000

_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,2})?")
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}

Kind = Literal["document", "scalar", "alias", "mapping", "sequence", "end"]
Events = Iterator[tuple[Kind, Any]]


class Mark(NamedTuple):
    line: int
    column: int
    """Both counted from one."""


class YamlError(Exception):
    def __init__(self, message: str, mark: Mark) -> None:
        self.message = message
        self.mark = mark
        super().__init__(message)


class YamlDocument(NamedTuple):
    data: Any
    marks: dict[Path, Mark]
    """Path -> where its key (in a mapping) or its value (in a list) begins."""

    def mark(self, path: Path) -> Mark:
        """Where a path begins, or the nearest thing above it that the file really holds."""
        known: Path = ()
        for step in path:
            if (*known, step) in self.marks:
                known = (*known, step)
            elif not isinstance(step, int):  # one value may stand for a list of one, so its place is no step
                break
        return self.marks.get(known, Mark(1, 1))

    def rename(self, path: Path, key: str) -> None:
        """Let a corrected key, and all below it, stand where the misspelt one does."""
        size = len(path)
        below = {place[size:]: mark for place, mark in self.marks.items() if place[:size] == path}
        self.marks.update({(*path[:-1], key, *rest): mark for rest, mark in below.items()})


class _Anchored(NamedTuple):
    data: Any
    size: int
    """How many values stand below it."""
    height: int
    """How many levels it adds where it is repeated."""


class Builder:
    def __init__(self, events: Events, passing: Callable[[Path], bool] | None = None) -> None:
        self.events = events
        self.passing = passing
        self.marks: dict[Path, Mark] = {}
        self.anchors: dict[str, _Anchored] = {}
        self.values = 0
        self.deepest = 0
        self.documents = 0
        self.last = Mark(1, 1)

    def document(self) -> YamlDocument:
        data: Any = None
        for kind, event in self.events:
            if kind == "document":
                self.documents += 1
                if self.documents > 1:
                    raise YamlError(tr("a second document begins here; keep one per file"), _at(event))
            else:
                self.marks[()] = _at(event)
                data = self.value(kind, event, ())
        return YamlDocument(data, self.marks)

    def value(self, kind: Kind, event: Any, path: Path) -> Any:
        depth = len(path)
        self.values += 1
        if self.values > MAX_VALUES:
            self._count(0, event)
        if kind == "alias":
            self.last = _at(event)
            return self._alias(event, depth)
        if event.tag is not None:
            _refuse_tag(event)
        if depth > self.deepest:
            self._reach(depth, event)
        if kind == "scalar":
            if event.anchor:
                self.anchors[event.anchor] = _Anchored(_scalar(event), 0, 0)
            return _scalar(event)
        before, deepest, self.deepest = self.values, self.deepest, depth
        data: Any = self._mapping(path) if kind == "mapping" else self._sequence(path)
        if event.anchor:
            self.anchors[event.anchor] = _Anchored(data, self.values - before, self.deepest - depth)
        self.deepest = max(deepest, self.deepest)
        return data

    def _mapping(self, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        events = self.events
        for kind, event in events:
            if kind == "end":
                break
            if kind != "scalar":
                raise YamlError(tr("a key must be a plain word"), _at(event))
            if event.tag is not None:
                _refuse_tag(event)
            key, place = _whole(event), (*path, event.value)
            self.marks[place] = self.last = _at(event)
            if key in data:
                raise YamlError(tr("the key {key!r} stands twice in the same place", key=key), self.last)
            kind, event = next(events)
            if self.passing is not None and self.passing(place):
                self._pass(kind)
                data[key] = None
            else:
                data[key] = self.value(kind, event, place)
        return data

    def _sequence(self, path: Path) -> list[Any]:
        data: list[Any] = []
        for kind, event in self.events:
            if kind == "end":
                break
            place = (*path, len(data))
            self.marks[place] = self.last = _at(event)
            data.append(self.value(kind, event, place))
        return data

    def _pass(self, kind: Kind) -> None:
        """Over a value that nobody wants."""
        below = int(kind in ("mapping", "sequence"))
        while below:
            kind, _ = next(self.events)
            below += (kind in ("mapping", "sequence")) - (kind == "end")

    def _alias(self, event: Any, depth: int) -> Any:
        if event.anchor not in self.anchors:
            raise YamlError(
                tr("the alias *{anchor} points at nothing above it", anchor=event.anchor), _at(event)
            )
        data, size, height = self.anchors[event.anchor]
        self._count(size, event)
        self._reach(depth + height, event)
        return data

    def _reach(self, depth: int, event: Any) -> None:
        self.deepest = max(self.deepest, depth)
        if depth > MAX_DEPTH:
            raise YamlError(tr("nested deeper than {most} levels", most=MAX_DEPTH), _at(event))

    def _count(self, size: int, event: Any) -> None:
        self.values += size
        if self.values > MAX_VALUES:
            raise YamlError(
                tr("more than {most:,} values (aliases count each time they are used)", most=MAX_VALUES),
                _at(event),
            )


def _refuse_tag(event: Any) -> None:
    raise YamlError(tr("a scenario takes no tags; take {tag!r} out", tag=str(event.tag)[:60]), _at(event))


def _whole(event: Any) -> str:
    text: str = event.value
    if _SURROGATE.search(text):
        raise YamlError(tr("holds half a character (a lone surrogate); take it out"), _at(event))
    return text


def _scalar(event: Any) -> Any:
    text = _whole(event)
    if event.style:  # quoted or block: text, whatever it looks like
        return text
    if (
        len(text) <= 5
        and text.lower() in _WORDS
        and (text.islower() or text.istitle() or text.isupper() or not text.isalpha())
    ):
        return _WORDS[text.lower()]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    return text


def _at(event: Any) -> Mark:
    """Where an event begins."""
    return Mark(event.start_mark.line + 1, event.start_mark.column + 1)
