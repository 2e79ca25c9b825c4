"""A scenario file into a `Scenario`, or into every problem it has, each with its line."""

from __future__ import annotations

import os
import stat
import unicodedata
from pathlib import Path as FilePath
from typing import Any, NamedTuple

from aipm_agents.errors import ScenarioError
from aipm_agents.language import tr
from aipm_agents.scenario import overlay, yaml
from aipm_agents.scenario.checks import check
from aipm_agents.scenario.library import case_of
from aipm_agents.scenario.marked import Mark, YamlDocument, YamlError
from aipm_agents.scenario.model import Scenario
from aipm_agents.scenario.problems import MAX_PROBLEMS, Found, Path, Problem, dotted
from aipm_agents.scenario.shape import shape
from aipm_agents.scenario.values import Id

MAX_BYTES = 1_000_000


class Reading(NamedTuple):
    scenario: Scenario | None
    """None where there is an error."""
    problems: tuple[Problem, ...]
    texts_of: Id | None = None
    """Of an overlay: the scenario whose texts it holds."""

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.level == "error")


def read(path: FilePath) -> Scenario:
    """The scenario in a file; raise `ScenarioError` with all that is wrong."""
    reading = examine(path)
    if reading.scenario is None:
        raise ScenarioError(reading.errors)
    return reading.scenario


def examine(path: FilePath) -> Reading:
    """Read a file and report errors and warnings, in the order of its lines."""
    return _opened(path)[0]


def examined(path: FilePath, text: str) -> Reading:
    """The same of a text that is, or may become, the file at this path."""
    return _looked_through(path, text)[0]


def _opened(path: FilePath) -> tuple[Reading, Any]:
    """What a file is found to be, and the plain data that stands in it."""
    try:
        text = _text(path)
    except _UnreadableError as error:
        return Reading(None, (Problem(_visible(str(path)), 1, 1, "error", "", "", str(error)),)), None
    return _looked_through(path, text)


def _looked_through(path: FilePath, text: str) -> tuple[Reading, Any]:
    name = _visible(str(path))
    try:
        document = yaml.parse(text)
    except YamlError as error:
        told = _problem(name, yaml.lines(text), error.mark, Found((), error.message))
        return Reading(None, (told,)), None
    if overlay.is_one(document.data):
        return _in_its_words(path, text, document), document.data
    scenario, found = _judged(document, pulling=True)
    return _reported(name, text, document, scenario, found), document.data


def _in_its_words(path: FilePath, text: str, document: YamlDocument) -> Reading:
    """An overlay is read as the scenario it lies over, in its language."""
    beneath = case_of(path)
    case: Reading | None = None
    data: Any = None
    if beneath != path:
        case, data = _opened(beneath)
    if case is None or case.scenario is None:
        told = (
            tr("these are texts of a case: name the file after the case and their language, as in {example}", example="CASE.zh-Hant.yaml")
            if case is None
            else tr("these are texts of a case, and {case} beside them cannot be read", case=_visible(beneath.name))
        )  # fmt: skip
        own = _reported(_visible(str(path)), text, document, None, [Found(("texts",), told)])
        return Reading(None, (*own.problems, *(case.errors if case else ())))
    laid = overlay.lay(data, case.scenario.language, document)
    scenario, found = _judged(YamlDocument(laid.data, {}), pulling=True)
    # what is doubtful and no text of this file is told of the case itself
    found = [
        each._replace(path=laid.places.get(each.path, ())) for each in found
        if each.level == "error" or each.path in laid.places
    ]  # fmt: skip
    return _reported(_visible(str(path)), text, document, scenario, laid.found + found)._replace(
        texts_of=case.scenario.id
    )


def in_its_words(path: FilePath) -> dict[str, Any] | None:
    """Plain data of the case that an overlay lies over, with the overlay's texts in it; None where the file is no
    overlay. Both are taken as read without an error."""
    document = yaml.parse(_text(path))
    beneath = case_of(path)
    if not overlay.is_one(document.data) or beneath == path:
        return None
    case = yaml.parse(_text(beneath)).data
    return overlay.lay(case, case.get("language", "en"), document).data


def _reported(
    name: str, text: str, document: YamlDocument, scenario: Scenario | None, found: list[Found]
) -> Reading:
    """What was found, each with its line, in the order of the file."""
    lines = yaml.lines(text)
    problems = [_problem(name, lines, document.mark(each.path), each) for each in _shortened(found)]
    problems.sort(key=lambda problem: (problem.line, problem.column))
    failed = any(problem.level == "error" for problem in problems)
    return Reading(None if failed else scenario, tuple(problems))


def revised(data: Any) -> tuple[Scenario | None, list[Found]]:
    """A scenario from plain data with exact numbers, such as a changed `Scenario.plain()`; or the errors it has.
    What it uses of packs stands in it already."""
    scenario, found = _judged(YamlDocument(data, {}), pulling=False)
    errors = [each for each in found if each.level == "error"]
    return (None if errors else scenario), errors


def _judged(document: YamlDocument, *, pulling: bool) -> tuple[Scenario | None, list[Found]]:
    scenario, found = shape(document)
    if scenario is None:
        return None, found
    places: dict[Path, Path] = {}
    if pulling and scenario.uses:
        from aipm_agents.scenario.packs import pull

        scenario, wrong, places = pull(scenario)
        found += wrong
    # a placeholder for what is wrong in shape may look doubtful, so warnings wait until none is left
    failed = any(each.level == "error" for each in found)
    found += [_where_pulled(each, places) for each in check(scenario) if each.level == "error" or not failed]
    return scenario, found


def _where_pulled(found: Found, places: dict[Path, Path]) -> Found:
    """What is wrong with a criterion that stands in no line of the file is shown where it was pulled in."""
    place = places.get(found.path[:3])
    return found._replace(path=place) if place else found


def _shortened(found: list[Found]) -> list[Found]:
    errors = [each for each in found if each.level == "error"]
    if len(errors) <= MAX_PROBLEMS:
        return found
    path, message, *_ = errors[MAX_PROBLEMS - 1]
    message += tr(" (only the first {most} errors are shown)", most=MAX_PROBLEMS)
    return [*errors[: MAX_PROBLEMS - 1], Found(path, message)]


def _problem(name: str, lines: list[str], mark: Mark, found: Found) -> Problem:
    line = lines[mark.line - 1].strip() if mark.line <= len(lines) else ""
    return Problem(
        name, mark.line, mark.column, found.level,
        where=_visible(dotted(found.path), 200), text=_visible(line, 100), message=_visible(found.message, 1000),
        code=found.code,
    )  # fmt: skip


def _visible(text: str, most: int = 4096) -> str:
    """Shortened, and with what a terminal would obey or could not show (as `\\x1b`) spelt out."""
    text = text if len(text) <= most else text[: most - 1] + "…"
    hidden = ("Cc", "Cf", "Cs", "Zl", "Zp")
    return "".join(ascii(c)[1:-1] if unicodedata.category(c) in hidden else c for c in text)


class _UnreadableError(Exception):
    """The file cannot be taken as text at all."""


def _text(path: FilePath) -> str:
    data = _bytes(path)
    if len(data) > MAX_BYTES:
        raise _UnreadableError(
            tr("is larger than {most:,} bytes; a scenario is a page or two", most=MAX_BYTES)
        )
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data:
        raise _UnreadableError(
            tr("is not UTF-8 text (it looks like UTF-16 or a binary file); save it as UTF-8")
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _UnreadableError(
            tr("is not UTF-8 text (byte {start}); save it as UTF-8", start=error.start)
        ) from None
    if not text.strip():
        raise _UnreadableError(tr("is empty; `aipm init NAME` writes one to begin with"))
    return text


def _bytes(path: FilePath) -> bytes:
    """The file, or enough of it to see that it is too large."""
    try:
        if path.is_dir():
            raise _UnreadableError(tr("is a folder; name the scenario file in it"))
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))  # a FIFO must not hang us
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise _UnreadableError(tr("is not a regular file"))
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _UnreadableError(tr("there is no such file")) from None
    except OSError as error:
        raise _UnreadableError(tr("cannot be opened: {strerror}", strerror=error.strerror)) from None
    except ValueError as error:  # a NUL in the name
        raise _UnreadableError(tr("cannot be opened: {error}", error=error)) from None
