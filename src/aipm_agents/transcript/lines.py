"""A file of lines that only grows, and that one process at a time writes: claimed, appended to, mended after a kill."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from aipm_agents import disk
from aipm_agents.errors import StorageError, TranscriptError
from aipm_agents.language import tr
from aipm_agents.transcript.record import is_whole

if TYPE_CHECKING:
    from io import FileIO
    from pathlib import Path


def claim(file: FileIO, path: Path) -> None:
    """The file is this process's until it is closed, or dies. Raises `TranscriptError` where another has it."""
    from portalocker import AlreadyLocked, LockException, LockFlags, lock  # who only reads needs no lock

    try:
        lock(file, LockFlags.EXCLUSIVE | LockFlags.NON_BLOCKING)
    except AlreadyLocked:
        file.close()
        raise TranscriptError(
            tr(
                "{path}: another process is writing this run; end it there, or wait until it has ended",
                path=path,
            )
        ) from None
    except LockException as error:
        file.close()
        raise StorageError(tr("{path}: {why}", path=path, why=disk.not_lockable(error))) from None


def write(file: FileIO, data: bytes, *, durable: bool) -> None:
    """All of it at the end, or, where the disk is full, nothing. Raises `OSError`."""
    before = file.seek(0, os.SEEK_END)
    try:
        while data:
            data = data[file.write(data) :]
        if durable:
            os.fsync(file.fileno())
    except OSError:
        with suppress(OSError):
            file.truncate(before)
        raise


def cut_torn_line(file: FileIO) -> None:
    """What a kill left of a line goes; a whole one that only lacks its end gets it."""
    data = file.read()
    whole = data.rfind(b"\n") + 1
    if is_whole(data[whole:]):
        file.write(b"\n")
    elif whole < len(data):
        file.truncate(whole)
        os.fsync(file.fileno())
