"""YAML into plain data that remembers where each value stood. The one door to PyYAML and ruamel.yaml.

PyYAML's parser is in C, twenty times as fast, and of YAML 1.1: a text that the two could read differently, and
one that it refuses, is read by ruamel, whose word counts. The parser's events are consumed one by one, so depth, size and aliases are bounded before any
value is built: a hostile file costs no more than an honest one of the same length. YAML 1.2
words only (`NO` is text, `1.10` is a number); numbers keep their exact decimals.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from aipm_agents.language import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aipm_agents.scenario.problems import Path

MAX_DEPTH = 30
MAX_VALUES = 60_000
MAX_LINE = 100_000

_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,2})?")
_SURROGATE = re.compile("[\ud800-\udfff]")
_READ_APART = re.compile("[\t\x85\u2028\u2029\ufeff]")
"""Characters that YAML 1.1 and 1.2 take for different things."""
_BREAK = re.compile(r"\r\n|\r|\n")
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


def parse(text: str) -> Document:
    """Read one YAML document; raise `YamlError` at the first thing that is not YAML or not allowed."""
    for number, line in enumerate(lines(text), 1):
        if len(line) > MAX_LINE:  # some of the parser's loops are quadratic in the length of a line
            raise YamlError(tr("the line is longer than {most:,} characters", most=MAX_LINE), Mark(number, 1))
        version = line.split()[1:2] if line.startswith("%YAML") else ["1.2"]
        if version != ["1.2"]:  # there, `no` is a truth value and 010 is 8
            told = tr("this is read as YAML 1.2, and in no other version; take the line out")
            raise YamlError(told, Mark(number, 1))
    try:
        return _Builder(_quick(text)).document()
    except _ReadApartError:
        return _slowly(text)


class _ReadApartError(Exception):
    """Something that PyYAML refuses, or may read otherwise."""


def _slowly(text: str) -> Document:
    from ruamel.yaml.error import MarkedYAMLError
    from ruamel.yaml.reader import ReaderError

    builder = _Builder(_careful(text))
    try:
        return builder.document()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Mark(mark.line + 1, mark.column + 1) if mark else Mark(1, 1)
        raise YamlError(_in_words(error), place) from None
    except ReaderError as error:
        code = f"U+{ord(text[error.position]):04X}"
        message = tr("holds a character that YAML does not allow ({code}); take it out", code=code)
        raise YamlError(message, _place(text, error.position)) from None
    except (ValueError, OverflowError):  # the parser's own, at an escape or a number out of range
        message = tr("not YAML: an escape or a number out of range stands here or soon after")
        raise YamlError(message, builder.last) from None


def lines(text: str) -> list[str]:
    """The lines as the parser counts them, and an editor: other Unicode breaks are ordinary characters."""
    return _BREAK.split(text)


class _Event(NamedTuple):
    """What a parser tells, whichever it is."""

    kind: Literal["document", "scalar", "alias", "mapping", "sequence", "end"]
    mark: Mark
    anchor: str | None = None
    tag: str | None = None
    text: str = ""
    plain: bool = False
    """Neither quoted nor a block: it may be a number or a word."""


_KINDS: dict[str, Literal["document", "scalar", "alias", "mapping", "sequence", "end"]] = {
    "DocumentStartEvent": "document", "ScalarEvent": "scalar", "AliasEvent": "alias",
    "MappingStartEvent": "mapping", "SequenceStartEvent": "sequence", "MappingEndEvent": "end",
    "SequenceEndEvent": "end",
}  # fmt: skip
_END = _Event("end", Mark(0, 0))


def _quick(text: str) -> Iterator[_Event]:
    """PyYAML's events. It places a value that is not there elsewhere than ruamel does."""
    import yaml

    if not yaml.__with_libyaml__ or _READ_APART.search(text):
        raise _ReadApartError
    try:
        for event in _told(yaml.parse(text, Loader=yaml.CLoader)):
            if event.kind == "scalar" and event.plain and not event.text:
                raise _ReadApartError
            yield event
    except (yaml.YAMLError, ValueError, OverflowError):
        raise _ReadApartError from None


def _careful(text: str) -> Iterator[_Event]:
    from ruamel.yaml import YAML

    return _told(YAML(typ="safe", pure=True).parse(text))


def _told(events: Iterable[Any]) -> Iterator[_Event]:
    for event in events:
        kind = _KINDS.get(type(event).__name__)
        if kind == "end":
            yield _END
        elif kind is not None:
            at = event.start_mark
            mark = Mark(at.line + 1, at.column + 1)
            if kind == "document":
                yield _Event(kind, mark)
                continue
            tag = None if kind == "alias" else event.tag
            text, plain = (str(event.value), not event.style) if kind == "scalar" else ("", False)
            yield _Event(kind, mark, event.anchor, None if tag is None else str(tag), text, plain)


def _place(text: str, position: int) -> Mark:
    before = lines(text[:position])
    return Mark(len(before), len(before[-1]) + 1)


def _in_words(error: Any) -> str:
    problem = str(error.problem or error.context or error)
    if "'\\t'" in problem:
        return tr("a tab stands where YAML wants spaces; indent with spaces")
    return tr("not YAML: {problem}", problem=problem)


class _Anchored(NamedTuple):
    data: Any
    size: int
    """How many values stand below it."""
    height: int
    """How many levels it adds where it is repeated."""


class _Builder:
    def __init__(self, events: Iterator[_Event]) -> None:
        self.events = events
        self.marks: dict[Path, Mark] = {}
        self.anchors: dict[str, _Anchored] = {}
        self.values = 0
        self.deepest = 0
        self.documents = 0
        self.last = Mark(1, 1)

    def document(self) -> Document:
        data: Any = None
        for event in self.events:
            if event.kind == "document":
                self.documents += 1
                if self.documents > 1:
                    raise YamlError(tr("a second document begins here; keep one per file"), event.mark)
            else:
                data = self.value(event, ())
        return Document(data, self.marks)

    def value(self, event: _Event, path: Path) -> Any:
        self.last = event.mark
        self.marks.setdefault(path, self.last)
        self._count(1, event)
        if event.kind == "alias":
            return self._alias(event, len(path))
        _refuse_tag(event)
        self._reach(len(path), event)
        before, deepest, self.deepest = self.values, self.deepest, len(path)
        if event.kind == "mapping":
            data: Any = self._mapping(path)
        elif event.kind == "sequence":
            data = self._sequence(path)
        else:
            data = _scalar(event)
        if event.anchor:
            self.anchors[event.anchor] = _Anchored(data, self.values - before, self.deepest - len(path))
        self.deepest = max(deepest, self.deepest)
        return data

    def _mapping(self, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        while (event := next(self.events)).kind != "end":
            if event.kind != "scalar":
                raise YamlError(tr("a key must be a plain word"), event.mark)
            _refuse_tag(event)
            self.last = event.mark
            key = _whole(event)
            if key in data:
                raise YamlError(tr("the key {key!r} stands twice in the same place", key=key), event.mark)
            self.marks[(*path, key)] = self.last
            data[key] = self.value(next(self.events), (*path, key))
        return data

    def _sequence(self, path: Path) -> list[Any]:
        data: list[Any] = []
        while (event := next(self.events)).kind != "end":
            data.append(self.value(event, (*path, len(data))))
        return data

    def _alias(self, event: _Event, depth: int) -> Any:
        if event.anchor not in self.anchors:
            raise YamlError(
                tr("the alias *{anchor} points at nothing above it", anchor=event.anchor), event.mark
            )
        data, size, height = self.anchors[event.anchor]
        self._count(size, event)
        self._reach(depth + height, event)
        return data

    def _reach(self, depth: int, event: _Event) -> None:
        self.deepest = max(self.deepest, depth)
        if depth > MAX_DEPTH:
            raise YamlError(tr("nested deeper than {most} levels", most=MAX_DEPTH), event.mark)

    def _count(self, size: int, event: _Event) -> None:
        self.values += size
        if self.values > MAX_VALUES:
            raise YamlError(
                tr("more than {most:,} values (aliases count each time they are used)", most=MAX_VALUES),
                event.mark,
            )


def _refuse_tag(event: _Event) -> None:
    if event.tag is not None:
        raise YamlError(tr("a scenario takes no tags; take {tag!r} out", tag=event.tag[:60]), event.mark)


def _whole(event: _Event) -> str:
    text = event.text
    if _SURROGATE.search(text):
        raise YamlError(tr("holds half a character (a lone surrogate); take it out"), event.mark)
    return text


def _scalar(event: _Event) -> Any:
    text = _whole(event)
    if not event.plain:  # quoted or block: text, whatever it looks like
        return text
    if text.lower() in _WORDS and (text.islower() or text.istitle() or text.isupper() or not text.isalpha()):
        return _WORDS[text.lower()]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    return text
