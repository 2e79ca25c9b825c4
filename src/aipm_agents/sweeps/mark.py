"""Whose folder it is. A sweep replaces and removes what it made, and so does a benchmark: each works in a folder with its
mark in it, in an empty one, or in a new one, and nowhere else."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents import disk
from aipm_agents.errors import ScenarioError, UsageError
from aipm_agents.language import mark, tr
from aipm_agents.sweeps import file

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO


class FolderMark(NamedTuple):
    name: str
    text: str
    elsewhere: str
    """What is said of a folder with something in it and no such mark."""


SWEEP = FolderMark(
    ".aipm-sweep",
    "aipm sweep 1\nThe sweep in this folder replaces and removes the files that it made here, and no others.\n",
    mark("{path}: there is something in it, and it is not the folder of a sweep; choose an empty or a new one with -o"),
)  # fmt: skip
BENCH = FolderMark(
    ".aipm-bench",
    "aipm bench 1\nThe benchmark in this folder replaces its card.md and bench.json, and no other files.\n",
    mark("{path}: there is something in it, and it is not the folder of a benchmark; choose an empty or a new one with -o"),
)  # fmt: skip
_COPY = re.compile(r"scenarios/[a-z0-9][a-z0-9_-]*\.yaml")


def check(folder: Path, ours: FolderMark = SWEEP) -> None:
    """Raise `UsageError` for a folder that is not ours, and for what is no folder; nothing is made."""
    try:
        with os.scandir(folder) as entries:
            taken = any(True for _ in entries)
    except FileNotFoundError:
        return
    except OSError as error:
        raise UsageError(_no_room(folder, error)) from None
    if taken and not _is_ours(folder, ours):
        raise UsageError(tr(ours.elsewhere, path=folder))


def put(folder: Path, ours: FolderMark = SWEEP) -> BinaryIO:
    """The mark, open, in a folder that is ours or becomes so now. Raises `UsageError` as `check` does, and where
    nothing can be written."""
    check(folder, ours)
    path = folder / ours.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            disk.create(path, ours.text)
        return path.open("r+b")
    except OSError as error:
        raise UsageError(_no_room(folder, error)) from None


def _is_ours(folder: Path, ours: FolderMark) -> bool:
    marked = _reads(folder / ours.name, len(ours.text)) == ours.text.encode()
    return marked or (ours is SWEEP and _was_ours(folder))


def _was_ours(folder: Path) -> bool:
    """Before there was a mark: a sweep file as we write it, with the scenarios it names beside it."""
    path = folder / file.NAME
    if _reads(path, len(file.HEAD)) != file.HEAD.encode():
        return False
    try:
        named = file.read(path).scenarios
    except ScenarioError:
        return False
    return all(_COPY.fullmatch(name) and (folder / name).is_file() for name in named)


def _reads(path: Path, size: int) -> bytes:
    """How an ordinary file begins; nothing for what is none."""
    if path.is_symlink() or not path.is_file():
        return b""
    try:
        with path.open("rb") as opened:
            return opened.read(size)
    except OSError:
        return b""


def _no_room(folder: Path, error: OSError) -> str:
    return tr(
        "{path}: results cannot be kept there: {strerror}; choose a folder with -o",
        path=folder,
        strerror=error.strerror,
    )
