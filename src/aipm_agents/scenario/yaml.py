"""YAML into the events of a parser, and these into a marked document. The one door to PyYAML and ruamel.yaml.

PyYAML's parser is in C, twenty times as fast, and of YAML 1.1: a text that the two could read differently, and
one that it refuses, is read by ruamel, whose word counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from aipm_agents.language import tr
from aipm_agents.scenario.marked import Builder, Events, Kind, Mark, YamlDocument, YamlError

if TYPE_CHECKING:
    from aipm_agents.scenario.problems import Path

MAX_LINE = 100_000

_READ_APART = re.compile("[\t\x85\u2028\u2029\ufeff]")
"""Characters that YAML 1.1 and 1.2 take for different things."""
_BREAK = re.compile(r"\r\n|\r|\n")


def parse(text: str, passing: Callable[[Path], bool] | None = None) -> YamlDocument:
    """Read one YAML document; raise `YamlError` at the first thing that is not YAML or not allowed.

    `passing`: of which keys the values are passed over; None stands in their place."""
    for number, line in enumerate(lines(text), 1):
        if len(line) > MAX_LINE:  # some of the parser's loops are quadratic in the length of a line
            raise YamlError(tr("the line is longer than {most:,} characters", most=MAX_LINE), Mark(number, 1))
        version = line.split()[1:2] if line.startswith("%YAML") else ["1.2"]
        if version != ["1.2"]:  # there, `no` is a truth value and 010 is 8
            told = tr("this is read as YAML 1.2, and in no other version; take the line out")
            raise YamlError(told, Mark(number, 1))
    try:
        return Builder(_quick(text), passing).document()
    except _ReadApartError:
        return _slowly(text, passing)


class _ReadApartError(Exception):
    """Something that PyYAML refuses, or may read otherwise."""


def _slowly(text: str, passing: Callable[[Path], bool] | None = None) -> YamlDocument:
    from ruamel.yaml.error import MarkedYAMLError
    from ruamel.yaml.reader import ReaderError

    builder = Builder(_careful(text), passing)
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


_KINDS: dict[str, Kind] = {
    "DocumentStartEvent": "document", "ScalarEvent": "scalar", "AliasEvent": "alias",
    "MappingStartEvent": "mapping", "SequenceStartEvent": "sequence", "MappingEndEvent": "end",
    "SequenceEndEvent": "end",
}  # fmt: skip
"""What the events of both parsers are called."""


def _quick(text: str) -> Events:
    """PyYAML's events. It places a value that is not there elsewhere than ruamel does."""
    import yaml

    if not yaml.__with_libyaml__ or _READ_APART.search(text):
        raise _ReadApartError
    try:
        for kind, event in _told(yaml.parse(text, Loader=yaml.CLoader)):
            if kind == "scalar" and not event.value and not event.style:
                raise _ReadApartError
            yield kind, event
    except (yaml.YAMLError, ValueError, OverflowError):
        raise _ReadApartError from None


def _careful(text: str) -> Events:
    from ruamel.yaml import YAML

    return _told(YAML(typ="safe", pure=True).parse(text))


def _told(events: Iterable[Any]) -> Events:
    known: dict[type, Kind | None] = {}
    for event in events:
        made = type(event)
        if made not in known:
            known[made] = _KINDS.get(made.__name__)
        kind = known[made]
        if kind is not None:
            yield kind, event


def _place(text: str, position: int) -> Mark:
    before = lines(text[:position])
    return Mark(len(before), len(before[-1]) + 1)


def _in_words(error: Any) -> str:
    problem = str(error.problem or error.context or error)
    if "'\\t'" in problem:
        return tr("a tab stands where YAML wants spaces; indent with spaces")
    return tr("not YAML: {problem}", problem=problem)
