"""Files on the disk: whole, or as they were. Everything is written under a name of ours beside its place, and then
given its own.

A name of ours is `.aipm-`, sixteen hexadecimal digits, `.part`, and no file that is there is ever opened for it; so
what a kill leaves behind can be told from everything that is somebody else's.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from aipm_agents.language import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_PART = re.compile(r"\.aipm-[0-9a-f]{16}\.part")


def write(path: Path, text: str | Iterable[str], *, durable: bool = True) -> None:
    """The whole text in the place of what is there. Raises `OSError`, and then what is there is as it was.

    A link goes on leading where it leads, and a file keeps its permissions. `durable`: not even a power cut
    leaves half of it.
    """
    place = Path(os.path.realpath(path))
    mode = _replaceable(place)
    new = part(place.parent)
    try:
        _fill(new, text, mode, durable)
        os.replace(new, place)
    except BaseException:
        discard(new)
        raise
    if durable:
        settle(place.parent)


def write_by(path: Path, fill: Callable[[Path], None]) -> None:
    """A file that another library writes: whole in the place of what is there, or what is there stays. Raises what
    `fill` raises, and `OSError`."""
    place = Path(os.path.realpath(path))
    mode = _replaceable(place)
    new = part(place.parent)
    try:
        fill(new)
        if mode is not None:
            os.chmod(new, mode)
        os.replace(new, place)
    except BaseException:
        discard(new)
        raise


def create(path: Path, text: str | Iterable[str], *, mode: int | None = None) -> None:
    """A new file with the whole text; nobody reads more of it than `mode` says, at no moment. Raises
    `FileExistsError` where something is there, and `OSError`; then nothing is made."""
    new = part(path.parent)
    try:
        _fill(new, text, mode, durable=True)
        give_name(new, path)
    except BaseException:
        discard(new)
        raise
    settle(path.parent)


def part(folder: Path) -> Path:
    """A name of ours in a folder, for what is not whole yet."""
    return folder / f".aipm-{secrets.token_hex(8)}.part"


def give_name(new: Path, path: Path) -> None:
    """The file that is whole gets its own name. Raises `FileExistsError` where something is there, however
    lately it came."""
    try:
        os.link(new, path)
    except FileExistsError:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
    except OSError:  # a disk that knows no second names, as memory sticks do
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        os.rename(new, path)
    else:
        discard(new)


def discard(new: Path) -> None:
    """A part that will not be needed; where it cannot be removed, there is no more to be done about it."""
    with suppress(OSError):
        os.unlink(new)


def sweep_up(folder: Path) -> None:
    """Remove the parts that a kill left in a folder that is ours."""
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        for entry in entries:
            if _PART.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                discard(Path(entry.path))


def settle(folder: Path) -> None:
    """A new file's name is on the disk too; where a folder cannot be opened, the system sees to it."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _replaceable(place: Path) -> int | None:
    """The permissions of the file that is there, None where there is none. Raises `OSError` for what is no
    ordinary file, and for a file that may not be written: that a new one could take its name is no permission."""
    try:
        there = os.stat(place)
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(there.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(place))
    if not stat.S_ISREG(there.st_mode):
        raise OSError(errno.EINVAL, "is no ordinary file", str(place))
    if not os.access(place, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(place))
    return stat.S_IMODE(there.st_mode)


def _fill(new: Path, text: str | Iterable[str], mode: int | None, durable: bool) -> None:
    """Half a surrogate pair is no UTF-8; it is written as JSON writes it."""
    with open(
        new, "xb", opener=lambda name, flags: os.open(name, flags, 0o666 if mode is None else mode)
    ) as file:
        for each in (text,) if isinstance(text, str) else text:
            file.write(each.encode("utf-8", "backslashreplace"))
        file.flush()
        if durable:
            os.fsync(file.fileno())
    if mode is not None:
        os.chmod(new, mode)


def not_lockable(error: Exception) -> str:
    """Of a lock that failed though nobody else has it: some network drives know none."""
    cause = error.__cause__ or (error.args[0] if error.args else None)
    why = cause.strerror if isinstance(cause, OSError) else str(error)
    return tr("this place cannot keep two processes apart ({why}); choose one on a local disk", why=why)
