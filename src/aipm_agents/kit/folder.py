"""The folder of a kit, written whole or not at all.

Its first page ends with a comment that names every file of the kit with its SHA-256. So `--force` takes away what an
earlier kit put there, and nothing that somebody else did, or has written into since.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from aipm_agents import disk
from aipm_agents.errors import UsageError
from aipm_agents.language import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST = "index.html"
_MARK = re.compile(rb"(.*)<!-- aipm kit 1 (\{[^<>]*\}) -->\n", re.DOTALL)
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_MOST = 4_000_000
"""Bytes that a first page has at most."""


def check(output: str, *, force: bool) -> Path:
    """Where a kit is to be written. Raises `UsageError` where it cannot be, before anything is played.

    A folder with something in it is left alone unless `force`; what is no folder is left alone always.
    """
    path = Path(output)
    try:
        taken = path.is_dir() and any(path.iterdir())
        other = os.path.lexists(path) and not path.is_dir()
    except OSError as error:
        raise UsageError(
            tr("-o {path}: cannot be written: {error}", path=output[:60], error=error.strerror)
        ) from None
    if other:
        raise UsageError(tr("-o {path}: is a file; name a folder for the kit", path=output))
    if not path.parent.is_dir():
        raise UsageError(tr("-o {path}: there is no folder {parent}", path=output, parent=path.parent))
    if taken and not force:
        raise UsageError(
            tr(
                "-o {path}: there is something in it; name another folder, or --force writes it anew",
                path=output,
            )
        )
    if taken:
        _earlier(path)
    return path


def write(path: Path, files: Mapping[str, str | bytes]) -> None:
    """Every file, beside its place first: a folder that bears the name is a whole kit. An earlier kit is replaced;
    what somebody else put there stays. Raises `UsageError`, and then all is as it was."""
    first = files[FIRST]
    assert isinstance(first, str)
    place, marked = Path(os.path.realpath(path)), {**files, FIRST: first + _mark(files)}
    try:
        if place.is_dir() and any(place.iterdir()):
            _renew(place, marked, _earlier(path))
        else:
            _begin(place, marked)
    except OSError as error:
        raise UsageError(
            tr("-o {path}: cannot be written: {error}", path=path, error=error.strerror)
        ) from None


def _begin(place: Path, files: Mapping[str, str | bytes]) -> None:
    new = disk.part(place.parent)
    try:
        new.mkdir()
        for name, text in files.items():
            _fill(new / name, text)
        os.replace(new, place)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _renew(place: Path, files: Mapping[str, str | bytes], earlier: frozenset[str]) -> None:
    """All are written first; then the old ones give way, and where one cannot, all come back."""
    taken = [name for name in files if name not in earlier and os.path.lexists(place / name)]
    if taken:
        raise UsageError(
            tr(
                "-o {path}: {names}: no kit of ours put it there; move it away, and --force writes the rest",
                path=place,
                names=tr(", ").join(sorted(taken)),
            )
        )
    new, moved = disk.part(place), list[tuple[Path, Path]]()
    try:
        (new / "old").mkdir(parents=True)
        for name, text in files.items():
            _fill(new / name, text)
        for name in sorted(earlier):
            _move(place / name, new / "old" / name, moved)
        for name in files:
            _move(new / name, place / name, moved)
    except BaseException:
        for source, to in reversed(moved):
            os.replace(to, source)
        shutil.rmtree(new, ignore_errors=True)
        raise
    shutil.rmtree(new, ignore_errors=True)


def _move(source: Path, to: Path, moved: list[tuple[Path, Path]]) -> None:
    os.replace(source, to)
    moved.append((source, to))


def _mark(files: Mapping[str, str | bytes]) -> str:
    sums = {name: _sum(_as_bytes(each)) for name, each in files.items()}
    told = json.dumps(sums).replace("--", r"\u002d-")  # which would end a comment
    return f"<!-- aipm kit 1 {told} -->\n"


def _fill(path: Path, content: str | bytes) -> None:
    if isinstance(content, bytes):
        disk.write_by(path, lambda new: (new.write_bytes(content), None)[1])
    else:
        disk.write(path, content, durable=False)


def _as_bytes(content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")


def _sum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _earlier(path: Path) -> frozenset[str]:
    """The files of the kit that is there. Raises `UsageError` where there is none that can be told from what others
    put there, or where somebody has written into one since."""
    page, sums = _first_page(path / FIRST)
    if not sums:
        raise UsageError(
            tr(
                "-o {path}: holds no kit that can be told from the rest, so --force does not clear it; name another folder",
                path=path,
            )
        )
    there = {name for name in sums if os.path.lexists(path / name)}
    changed = [
        name for name in sorted(there)
        if (path / name).is_symlink() or not (path / name).is_file()
        or _sum(page if name == FIRST else (path / name).read_bytes()) != sums[name]
    ]  # fmt: skip
    if changed:
        raise UsageError(
            tr(
                "-o {path}: changed by hand since: {names}; move them away, and --force writes the rest",
                path=path,
                names=tr(", ").join(changed),
            )
        )
    return frozenset(there)


def _first_page(path: Path) -> tuple[bytes, dict[str, str]]:
    """A first page without its mark, and the sums in it; none where it is no page of ours."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > _MOST:
        return b"", {}
    found = _MARK.fullmatch(path.read_bytes())
    try:
        sums = json.loads(found[2]) if found else None
    except (ValueError, RecursionError):
        sums = None
    if found is None or not isinstance(sums, dict):
        return b"", {}
    plain = all(_NAME.fullmatch(name) and isinstance(each, str) for name, each in sums.items())
    return (found[1], sums) if plain else (b"", {})
