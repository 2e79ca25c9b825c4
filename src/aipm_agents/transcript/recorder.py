"""Writing a record: append, hold, go on with an old one."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any, Self, TextIO

from aipm_agents.transcript.record import dumped, first_line, held_file, is_whole, line

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from aipm_agents.table.events import Event
    from aipm_agents.transcript.record import Header

_SURROGATES = "backslashreplace"
"""Half a surrogate pair (in an error text, say) is no UTF-8; this writes it as JSON does: `\\udc80`."""


class Recorder:
    """Appends events to one file, each flushed before it returns."""

    def __init__(
        self,
        path: Path,
        header: Header | None = None,
        *,
        held: tuple[Event, ...] = (),
        durable: bool = False,
    ) -> None:
        """With a header, begin a new file (raises `FileExistsError`); without, go on with an old one.

        `held`: what the side file of an old one holds that is not recorded yet. `durable`: what is
        written is on the disk before the run goes on, so that a power cut loses nothing.
        """
        self.path, self.durable = path, durable
        self._lock = threading.Lock()
        self._held = {(event.round, event.kind, event.role) for event in held}
        self._side: TextIO | None = None
        if header is None:
            _cut_torn_line(path)
            if held_file(path).exists():
                _cut_torn_line(held_file(path))
            self._file = path.open("a", encoding="utf-8", errors=_SURROGATES)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("x", encoding="utf-8", errors=_SURROGATES)
            held_file(path).unlink(missing_ok=True)
            self._write(self._file, first_line(header))

    def append(self, event: Event) -> None:
        self._write(self._file, line(event))
        with self._lock:
            self._held.discard((event.round, event.kind, event.role))
            if not self._held:
                self._let_go()

    def hold(self, event: Event) -> None:
        """Keep an answer that is not yet recorded; called from the thread it arrived in."""
        with self._lock:
            if self._side is None:
                self._side = held_file(self.path).open("a", encoding="utf-8", errors=_SURROGATES)
            self._held.add((event.round, event.kind, event.role))
            self._write(self._side, line(event))

    def _let_go(self) -> None:
        """Nothing is held any more that is not recorded."""
        if self._side is not None:
            self._side.close()
            self._side = None
        held_file(self.path).unlink(missing_ok=True)

    def _write(self, file: TextIO, data: dict[str, Any]) -> None:
        file.write(dumped(data) + "\n")
        file.flush()
        if self.durable:
            os.fsync(file.fileno())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        if self._side is not None:
            self._side.close()


def _cut_torn_line(path: Path) -> None:
    with path.open("rb+") as file:
        data = file.read()
        whole = data.rfind(b"\n") + 1
        if is_whole(data[whole:]):
            file.write(b"\n")
        elif whole < len(data):
            file.truncate(whole)
            os.fsync(file.fileno())
