"""A problem in a file: where it is, what was found, what was expected."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal, NamedTuple

from aipm_agents.language import tr

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_PROBLEMS = 100
"""Errors of one file that are looked for; who mends a hundred reads the file again."""

_MAX_NAMES = 1_000
"""Names among which the nearest is sought: the search costs time for each."""

Path = tuple[str | int, ...]
"""Keys and list positions from the top of the document to the place."""


class Found(NamedTuple):
    """A problem as a check sees it: a path in the document, not yet a line."""

    path: Path
    message: str
    level: Literal["error", "warning"] = "error"
    code: str = ""
    """Of what is told why by `validate --explain`."""


class Problem(NamedTuple):
    file: str
    line: int
    column: int
    level: Literal["error", "warning"]
    where: str
    """The path in dots, `issues[0].options[1].id`; empty for the whole file."""
    text: str
    """The offending line of the file, shortened."""
    message: str
    code: str = ""
    """Of what is told why by `validate --explain`; empty where the message says all."""

    def __str__(self) -> str:
        level = tr("error: ") if self.level == "error" else tr("warning: ")
        place = f"{self.file}:{self.line}:{self.column}: {level}"
        where = tr("{place}: ", place=self.where) if self.where else ""
        shown = f"\n    {self.text}" if self.text else ""
        return f"{place}{where}{self.message}{shown}"


def dotted(path: Path) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def nearest(word: str, names: list[str]) -> str | None:
    """The known word that is most like this one, if any is."""
    return next(iter(get_close_matches(word, names[:_MAX_NAMES], n=1, cutoff=0.6)), None)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint to append: the nearest known word, or what there is to choose from."""
    names = list(known)
    if near := nearest(word, names):
        return tr("; did you mean {near!r}?", near=near)
    return (
        tr("; there is {names}", names=tr(", ").join(names[:12]) + (tr(", ...") if len(names) > 12 else ""))
        if names
        else ""
    )
