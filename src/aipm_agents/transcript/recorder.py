"""Writing a record: append, hold, go on with an old one. One process at a time writes one record."""

from __future__ import annotations

import json
import os
import threading
from contextlib import contextmanager, suppress
from errno import EEXIST, ENOTDIR
from pathlib import Path
from typing import TYPE_CHECKING, Self

from aipm_agents import disk
from aipm_agents.errors import StorageError
from aipm_agents.language import tr
from aipm_agents.transcript.lines import claim, cut_torn_line, write
from aipm_agents.transcript.record import as_bytes, draft_file, first_line, held_file, line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import FileIO
    from types import TracebackType

    from aipm_agents.table.events import Event
    from aipm_agents.transcript.record import Header


class Recorder:
    """Appends events to one file; each is written whole, or not at all, before `append` returns."""

    def __init__(
        self, path: Path, header: Header | None = None, *, prefix: bytes = b"", durable: bool = False
    ) -> None:
        """With a header, begin a new file (raises `FileExistsError`); without, go on with an old one.

        `prefix`: lines of events that a new file begins with: who is seated, or the run it branches from.
        They are on file with the header or not at all, so that nobody's seat is ever forgotten.
        `durable`: what is written is on the disk before the run goes on, so that a power cut loses nothing.
        Raises `TranscriptError` where another process is writing the same record.
        """
        self.path, self.durable = path, durable
        self._guard = threading.Lock()
        self._held: set[tuple[int, str, str]] = set()
        self._side: FileIO | None = None
        self._beside = False
        """Whether a side file is there, which is ours."""
        if header is None:
            self._file = path.open("r+b", buffering=0)
            claim(self._file, self.path)
            try:
                cut_torn_line(self._file)
                self._beside = held_file(path).exists()
                if self._beside:
                    with held_file(path).open("r+b", buffering=0) as side:
                        cut_torn_line(side)
            except OSError:
                self._file.close()
                raise
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except FileExistsError:  # a file stands where a folder should be: another name would not help
            raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR), str(path.parent)) from None
        self._begin(as_bytes(first_line(header)) + prefix)

    def _begin(self, data: bytes) -> None:
        """A new file, with its first lines or not at all: even a kill in the middle of a write leaves none.

        It is written under a name of ours and gets its own when it is whole. (Where a file that is open can
        get no other name, it is written in its place.) What lies where its side files would be is not its own.
        """
        for name in (Path, held_file, draft_file):  # of a folder such as `.` there are no side files to name
            path = name(self.path)
            if os.path.lexists(path):
                raise FileExistsError(EEXIST, os.strerror(EEXIST), str(path))
        new = self.path if os.name == "nt" else disk.part(self.path.parent)
        self._file = new.open("xb", buffering=0)
        try:
            claim(self._file, self.path)
            write(self._file, data, durable=self.durable)
            if new != self.path:
                disk.give_name(new, self.path)
        except BaseException:
            self._file.close()
            disk.discard(new)
            raise
        if self.durable:
            disk.settle(self.path.parent)

    def expect(self, held: tuple[Event, ...]) -> None:
        """What the side file holds that is still to be recorded; once it is, the side file goes."""
        self._held = {_key(event) for event in held}

    def append(self, *events: Event) -> None:
        """All of them or none. Raises `StorageError` where they cannot be written; all before them is kept.

        A side file that cannot be removed (a virus scanner holds it) has nothing that is not recorded: it may stay
        until the next time, and what is recorded is recorded."""
        with self._written(self.path):
            write(self._file, b"".join(as_bytes(line(event)) for event in events), durable=self.durable)
        with self._guard:
            self._held.difference_update(map(_key, events))
            if not self._held:
                with suppress(OSError):
                    self._let_go()

    def hold(self, event: Event) -> None:
        """Keep an answer that is not yet recorded; called from the thread it arrived in. Once is enough. Raises
        `StorageError` where it cannot be written."""
        with self._guard, self._written(held_file(self.path)):
            if _key(event) in self._held:
                return
            if self._side is None:
                self._side = held_file(self.path).open("ab" if self._beside else "xb", buffering=0)
                if self.durable and not self._beside:
                    disk.settle(self.path.parent)
                self._beside = True
            write(self._side, as_bytes(line(event)), durable=self.durable)
            self._held.add(_key(event))

    def take_back(self, event: Event) -> None:
        """An answer that is held and not yet recorded is held no more. Raises `StorageError`; then it still is."""
        with self._guard, self._written(held_file(self.path)):
            if self._held == {_key(event)}:
                self._let_go()
            else:
                self._rewrite(self._others(event))
            self._held.discard(_key(event))

    def change(self, event: Event) -> None:
        """An answer in the place of the one that is held of the same seat. Raises `StorageError`; then that one is
        still held."""
        with self._guard, self._written(held_file(self.path)):
            self._rewrite(self._others(event) + as_bytes(line(event)))
            self._held.add(_key(event))

    def _others(self, event: Event) -> bytes:
        """What the side file holds beside the answer of a seat."""
        lines = held_file(self.path).read_bytes().splitlines(True)
        return b"".join(each for each in lines if _named(each) != _key(event))

    def _rewrite(self, lines: bytes) -> None:
        if self._side is not None:
            self._side.close()
            self._side = None
        disk.write(held_file(self.path), lines.decode("utf-8"))

    def _let_go(self) -> None:
        """Nothing is held any more that is not recorded."""
        if self._side is not None:
            self._side.close()
            self._side = None
        if self._beside:
            held_file(self.path).unlink(missing_ok=True)
            self._beside = False

    @contextmanager
    def _written(self, path: Path) -> Iterator[None]:
        """What the system refuses within is a `StorageError` that names the file: no seat's fault."""
        try:
            yield
        except OSError as error:
            raise StorageError(
                tr(
                    "{path}: cannot be written: {strerror}; all before it is kept",
                    path=path,
                    strerror=error.strerror,
                )
            ) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        if self._side is not None:
            self._side.close()


def _named(line: bytes) -> tuple[int, str, str]:
    """The key of a line that is held."""
    data = json.loads(line)
    return data["round"], data["kind"], data["role"]


def _key(event: Event) -> tuple[int, str, str]:
    return event.round, event.kind, event.role
