"""The rows of a sweep: one a run, as JSON Lines while it goes on, in order and as CSV (and Parquet) too when it ends;
then one a turn as well, unless there are very many runs.

A row follows from its transcript alone. The file only saves making it again: `rows.sums` says from which bytes each
row was made, and a row that is missing, or does not fit its transcript, is made anew.
"""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any

from aipm_agents.analysis.sample.case import case
from aipm_agents.analysis.sample.columns import TURNS
from aipm_agents.analysis.sample.row import row
from aipm_agents.analysis.sample.turns import turns
from aipm_agents.errors import StorageError, TranscriptError
from aipm_agents.language import tr
from aipm_agents.report.compare.tables import cell, head
from aipm_agents.report.papers import parquet
from aipm_agents.report.papers.csv_rows import csv_lines
from aipm_agents.transcript import dumped, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from io import FileIO
    from pathlib import Path
    from typing import Self

    from aipm_agents.report.compare.tables import Head
    from aipm_agents.sweeps.failure import Failure
    from aipm_agents.sweeps.folder import Folder

_ROWS = b"3"
"""Changes with what a row holds, so that rows of another kind are made anew."""
MOST_WITH_TURNS = 2_000
"""Runs up to which their turns are written too: it takes reading every transcript again, 30 ms each."""
_PLAIN = frozenset(column.name for column in TURNS if "." not in column.name)
_SUM = re.compile(r"([0-9a-f]{64})  ([0-9a-f]{16})")


class RowFile:
    """Keeps where in the file each row begins, and none of the rows: memory grows by a few bytes a run."""

    def __init__(self, folder: Folder, done: frozenset[str]) -> None:
        """The rows of the runs that are done, taken over where they fit and made where not. Raises `TranscriptError`
        that names every damaged transcript among them, and `StorageError`."""
        self.folder, self.path, self.sums = folder, folder.path / "rows.jsonl", folder.path / "rows.sums"
        self._places: dict[str, tuple[int, bytes]] = {}
        """Run -> where its row begins, and the digest of its transcript."""
        self._names: set[str] = set()
        with ExitStack() as opened:
            try:
                self._out = opened.enter_context(self.path.open("ab", buffering=0))
                self._in = opened.enter_context(self.path.open("rb"))
                self._out.truncate(self._take_over(done))
                folder.write(self.sums, self._summed())
                self._beside = opened.enter_context(self.sums.open("ab", buffering=0))
            except OSError as error:
                raise _unwritten(self.path, error) from None
            self.make(sorted(done - self._places.keys()))
            self._open = opened.pop_all()

    def _take_over(self, done: frozenset[str]) -> int:
        """Note the rows that fit their transcripts; how many bytes of the file are whole lines."""
        sums, whole = self._read_sums(), 0
        for line in self._in:
            if not line.endswith(b"\n"):
                break  # torn
            data = _row(line)
            name = data.get("run_id")
            if isinstance(name, str) and name in done and name in sums:
                with suppress(OSError):  # it is told when the row is made
                    digest = _digest(self.folder.run(name))
                    if sums[name] == _sum(digest, line):
                        self._place(data, whole, digest)
            whole += len(line)
        return whole

    def _read_sums(self) -> dict[str, str]:
        if not self.sums.is_file():
            return {}
        lines = self.sums.read_text("utf-8", "replace").splitlines()
        return {found[2]: found[1] for line in lines if (found := _SUM.fullmatch(line))}

    def _summed(self) -> Iterator[str]:
        for name, (place, digest) in self._places.items():
            self._in.seek(place)
            yield _sum_line(name, digest, self._in.readline())

    def make(self, names: Iterable[str]) -> None:
        """The rows of these runs, from their transcripts. Raises `TranscriptError` for damaged ones, `StorageError`."""
        damaged = []
        for name in names:
            try:
                run = read(self.folder.run(name))
            except TranscriptError as error:
                damaged.append(str(error))
                continue
            if run.header.run_id == name:
                self.append(row(case("", run)))
            else:
                path, other = self.folder.run(name), run.header.run_id
                damaged.append(tr("{path}: is another run, {run_id}", path=path, run_id=other))
        if damaged:
            raise TranscriptError(
                "\n".join(
                    [*damaged, tr("Take these files away, and the same command plays their runs anew.")]
                )
            )

    def append(self, data: Mapping[str, Any]) -> None:
        """The row of a run whose transcript is kept. Raises `StorageError` where it cannot be written; what is torn
        then is cut off when it is next read."""
        name, line = str(data["run_id"]), dumped(dict(data)).encode("utf-8", "backslashreplace") + b"\n"
        try:
            digest, place = _digest(self.folder.run(name)), self._out.seek(0, 2)
            _written(self._out, line)
            _written(self._beside, _sum_line(name, digest, line).encode())
        except OSError as error:
            raise _unwritten(self.path, error) from None
        self._place(data, place, digest)

    def settle(
        self, names: Callable[[], Iterable[str]], done: frozenset[str], failures: Iterable[Failure]
    ) -> int:
        """Write the rows of these runs anew, in this order. Returns how many."""
        failed = {each.run_id: each.row for each in failures}
        for each in failed.values():
            self._names |= each.keys()
        known, sums = head(self._names), []

        def kept() -> Iterator[dict[str, Any]]:
            for name in names():
                found = failed.get(name) or (self._at(self._places[name][0]) if name in done else None)
                if found is not None:
                    yield found

        def in_full() -> Iterator[str]:
            for each in kept():
                line = dumped({name: each.get(name) for name, _ in known}) + "\n"
                if (name := each["run_id"]) not in failed:
                    sums.append(
                        _sum_line(name, self._places[name][1], line.encode("utf-8", "backslashreplace"))
                    )
                yield line

        self._table("rows", known, kept)
        if len(done) > MOST_WITH_TURNS:
            self.folder.remove(*(self.path.with_name(f"turns.{ending}") for ending in ("csv", "parquet")))
        else:
            factors = {name for name in self._names if name.startswith("factor.")}
            self._table("turns", head(factors | _PLAIN, TURNS), lambda: self._turns(names(), done))
        self.folder.write(self.path, in_full())
        self.folder.write(self.sums, sums)
        return len(done) + len(failed)

    def _turns(self, names: Iterable[str], done: frozenset[str]) -> Iterator[dict[str, Any]]:
        for name in names:
            if name in done:
                yield from turns(read(self.folder.run(name)))

    def _table(self, stem: str, known: Head, rows: Callable[[], Iterable[Mapping[str, Any]]]) -> None:
        texts = ([cell(each.get(name)) for name, _ in known] for each in rows())
        self.folder.write(
            self.path.with_name(f"{stem}.csv"), csv_lines(_headed([n for n, _ in known], texts))
        )
        columns = self.path.with_name(f"{stem}.parquet")
        if parquet.there():
            self.folder.write_by(columns, lambda new: parquet.fill(new, known, rows()))
        else:
            self.folder.remove(columns)  # of an earlier time, and no longer what the CSV says

    def _place(self, data: Mapping[str, Any], place: int, digest: bytes) -> None:
        self._places[str(data["run_id"])] = place, digest
        self._names |= data.keys()

    def _at(self, place: int) -> dict[str, Any]:
        self._in.seek(place)
        found: dict[str, Any] = json.loads(self._in.readline())
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()


def _row(line: bytes) -> dict[str, Any]:
    """A line as a row; an empty one for what is none."""
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _digest(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


def _sum(digest: bytes, line: bytes) -> str:
    return hashlib.sha256(_ROWS + digest + line).hexdigest()


def _sum_line(name: str, digest: bytes, line: bytes) -> str:
    """`SHA-256  RUN`: of the digest of the run's transcript and its row together."""
    return f"{_sum(digest, line)}  {name}\n"


def _written(file: FileIO, data: bytes) -> None:
    while data:
        data = data[file.write(data) :]


def _unwritten(path: Path, error: OSError) -> StorageError:
    return StorageError(tr("{path}: cannot be written: {strerror}", path=path, strerror=error.strerror))


def _headed(head: list[str], rows: Iterable[list[str]]) -> Iterator[list[str]]:
    yield head
    yield from rows
