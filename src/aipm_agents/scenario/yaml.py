"""YAML into plain data that remembers where each value stood. The one door to ruamel.yaml.

The parser's events are consumed one by one, so depth, size and aliases are bounded before any
value is built: a hostile file costs no more than an honest one of the same length. YAML 1.2
words only (`NO` is text, `1.10` is a number); numbers keep their exact decimals.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.scenario.problems import Path

MAX_DEPTH = 30
MAX_VALUES = 60_000

_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,2})?")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


class Mark(NamedTuple):
    line: int
    column: int
    """Both counted from one."""


class YamlError(Exception):
    def __init__(self, message: str, mark: Mark) -> None:
        self.message = message
        self.mark = mark
        super().__init__(message)


class Document(NamedTuple):
    data: Any
    marks: dict[Path, Mark]
    """Path -> where its key (in a mapping) or its value (in a list) begins."""

    def mark(self, path: Path) -> Mark:
        """Where a path begins, or the nearest thing above it that the file really holds."""
        while path and path not in self.marks:
            path = path[:-1]
        return self.marks.get(path, Mark(1, 1))


def parse(text: str) -> Document:
    """Read one YAML document; raise `YamlError` at the first thing that is not YAML or not allowed."""
    try:
        return _Builder(_events(text)).document()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Mark(mark.line + 1, mark.column + 1) if mark else Mark(1, 1)
        raise YamlError(_in_words(error), place) from None
    except YAMLError as error:
        raise YamlError(str(error).splitlines()[0], Mark(1, 1)) from None


def _events(text: str) -> Iterator[Any]:
    return iter(YAML(typ="safe", pure=True).parse(text))


def _in_words(error: MarkedYAMLError) -> str:
    problem = str(error.problem or error.context or error)
    if "'\\t'" in problem:
        return "a tab stands where YAML wants spaces; indent with spaces"
    return f"not YAML: {problem}"


class _Builder:
    def __init__(self, events: Iterator[Any]) -> None:
        self.events = events
        self.marks: dict[Path, Mark] = {}
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.values = 0
        self.documents = 0

    def document(self) -> Document:
        data: Any = None
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                self.documents += 1
                if self.documents > 1:
                    raise YamlError("a second document begins here; keep one per file", _mark(event))
            elif isinstance(event, ScalarEvent | MappingStartEvent | SequenceStartEvent | AliasEvent):
                data = self.value(event, ())
        return Document(data, self.marks)

    def value(self, event: Any, path: Path) -> Any:
        self.marks.setdefault(path, _mark(event))
        self._count(1, event)
        if isinstance(event, AliasEvent):
            return self._alias(event)
        if len(path) > MAX_DEPTH:
            raise YamlError(f"nested deeper than {MAX_DEPTH} levels", _mark(event))
        before = self.values
        if isinstance(event, MappingStartEvent):
            data: Any = self._mapping(path)
        elif isinstance(event, SequenceStartEvent):
            data = self._sequence(path)
        else:
            data = _scalar(event)
        if event.anchor:
            self.anchors[event.anchor] = (data, self.values - before)
        return data

    def _mapping(self, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            if not isinstance(event, ScalarEvent):
                raise YamlError("a key must be a plain word", _mark(event))
            key = str(event.value)
            if key in data:
                raise YamlError(f"the key {key!r} stands twice in the same place", _mark(event))
            self.marks[(*path, key)] = _mark(event)
            data[key] = self.value(next(self.events), (*path, key))
        return data

    def _sequence(self, path: Path) -> list[Any]:
        data: list[Any] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            data.append(self.value(event, (*path, len(data))))
        return data

    def _alias(self, event: Any) -> Any:
        if event.anchor not in self.anchors:
            raise YamlError(f"the alias *{event.anchor} points at nothing above it", _mark(event))
        data, size = self.anchors[event.anchor]
        self._count(size, event)
        return data

    def _count(self, size: int, event: Any) -> None:
        self.values += size
        if self.values > MAX_VALUES:
            raise YamlError(
                f"more than {MAX_VALUES:,} values (aliases count each time they are used)", _mark(event)
            )


def _mark(event: Any) -> Mark:
    return Mark(event.start_mark.line + 1, event.start_mark.column + 1)


def _scalar(event: ScalarEvent) -> Any:
    text = str(event.value)
    if event.style is not None:  # quoted or block: text, whatever it looks like
        return text
    if text.lower() in _WORDS and (text.islower() or text.istitle() or text.isupper() or not text.isalpha()):
        return _WORDS[text.lower()]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    return text
