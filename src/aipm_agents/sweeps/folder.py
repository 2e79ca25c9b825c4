"""The folder of a sweep, and the one writer in it.

    .aipm-sweep             that it is ours; nothing is written where it is not
    sweep.yaml              what was asked for; `aipm sweep` reads it back
    scenarios/ID.yaml       the scenarios as they were, copied
    runs/3f/3fa9....jsonl   a transcript for every run that reached a decision
    unfinished/....jsonl    transcripts of runs that were broken off, with what they had paid for
    failed/....json         how and why a run failed
    earlier/....jsonl       runs that lie here from another plan, and are in no row
    rows.jsonl, rows.csv    one row a run; rows.sums: which transcript each was made from
    turns.csv               one row a turn; both as .parquet too, where pyarrow is installed

A file is written beside its place and renamed into it, so what bears the name of a run is whole. What is
there is looked at when a sweep begins, and nothing else says what is done. Only files that bear the name of a
run are taken for ours, moved or removed; what lies beside them is somebody's.
"""

from __future__ import annotations

import json
import os
import re
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, NamedTuple

from portalocker import AlreadyLocked, LockException, LockFlags, lock

from aipm_agents import disk
from aipm_agents.errors import StorageError, TranscriptError, UsageError
from aipm_agents.language import tr
from aipm_agents.sweeps import failure, mark
from aipm_agents.transcript import held_file, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from aipm_agents.sweeps.failure import Failure
    from aipm_agents.sweeps.plan import Task
    from aipm_agents.sweeps.play import Played

RUNS, SCENARIOS, UNFINISHED, FAILED, EARLIER = "runs", "scenarios", "unfinished", "failed", "earlier"
OURS = (
    "sweep.yaml", "rows.jsonl", "rows.sums", "rows.csv", "turns.csv", "rows.parquet", "turns.parquet",
)  # fmt: skip
_NAME = re.compile(r"[0-9a-f]{16}")
"""What `plan.named` calls a run."""
_TAIL = 65_536
"""Bytes at the end of a transcript that hold its last line, the decision."""


class Stock(NamedTuple):
    """What of a plan is there already."""

    done: frozenset[str]
    failed: frozenset[str]
    set_aside: int
    """Runs of another plan that were moved to `earlier/`."""


def decided_runs(path: Path) -> list[Path] | None:
    """The transcripts in the folder of a sweep, in the order of its rows where there are any, so that the
    first value that was named comes first; None for a folder of another kind."""
    runs = path / RUNS
    if not ((path / "sweep.yaml").is_file() and runs.is_dir()):
        return None
    there = {found.stem: found for found in _ours(runs, "*/*.jsonl")}
    first = [there.pop(name) for name in _order(path / "rows.jsonl") if name in there]
    return [*first, *there.values()]


def _order(rows: Path) -> Iterator[str]:
    """The runs in the order of their rows; a line that is no row says nothing."""
    if not rows.is_file():
        return
    with rows.open("rb") as file:
        for line in file:
            try:
                data = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(data, dict) and isinstance(data.get("run_id"), str):
                yield data["run_id"]


class Folder:
    def __init__(self, path: Path, *, durable: bool = False) -> None:
        """`durable`: what is written is on the disk before it counts, so that a power cut loses nothing."""
        self.path, self.durable = path, durable

    @property
    def runs(self) -> Path:
        return self.path / RUNS

    def run(self, name: str) -> Path:
        """Where the transcript of a run is kept: folders of a 256th each, for the sake of very many."""
        return self.runs / name[:2] / f"{name}.jsonl"

    def there(self) -> Iterator[Path]:
        """The transcripts that are kept here. Raises `UsageError` for what only bears the name of one."""
        return _ours(self.runs, "*/*.jsonl")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Held while a sweep writes here; the system lets go of it however the sweep ends.

        Raises `UsageError` where another sweep writes here, where the folder is somebody else's, or where nothing
        can be written.
        """
        with mark.put(self.path) as file:
            if not _alone(file):
                raise UsageError(
                    tr(
                        "{path}: another sweep is writing there; wait for it, or name another with -o",
                        path=self.path,
                    )
                )
            yield

    def stock(self, names: Iterable[str]) -> Stock:
        """What is done of these runs. What was half written is cleared away; runs that are not among them
        are set aside, and those that are come back. Raises `UsageError` and `TranscriptError` for what bears the
        name of a run and is none, before anything is played."""
        for name in OURS:
            _ordinary(self.path / name)
        self._sweep_up()
        wanted = set(names)
        done, set_aside = set(), 0
        for path in self.there():
            if path.stem not in wanted:
                self._move(path, self.path / EARLIER / path.name)
                set_aside += 1
            elif _is_decided(path):
                done.add(path.stem)
        for path in _ours(self.path / EARLIER, "*.jsonl"):
            if path.stem in wanted - done and _is_decided(path):
                self.remove(self.run(path.stem))  # torn
                self._move(path, self.run(path.stem))
                done.add(path.stem)
        for path in _ours(self.path / UNFINISHED, "*.jsonl"):
            if path.stem in wanted - done:
                _ordinary(held_file(path))
                _read_as_named(path)
        failed = {path.stem for path in _ours(self.path / FAILED, "*.json")} & wanted - done
        for name in failed:
            failure.read(self.path / FAILED / f"{name}.json")
        return Stock(frozenset(done), frozenset(failed), set_aside)

    def begun(self, task: Task) -> Task:
        """The task with what there is of it already."""
        path = self.path / UNFINISHED / f"{task.name}.jsonl"
        if not path.exists():
            return task
        held = held_file(path)
        return task._replace(
            earlier=path.read_text("utf-8"), held=held.read_text("utf-8") if held.exists() else ""
        )

    def keep(self, played: Played, task: Task) -> None:
        """Write down what came of a task. Raises `StorageError` where it cannot be written."""
        unfinished = self.path / UNFINISHED / f"{played.name}.jsonl"
        failed = self.path / FAILED / f"{played.name}.json"
        if played.ended == "decided":
            self.write(self.run(played.name), played.text)
            self.remove(unfinished, held_file(unfinished), failed)
            return
        if played.text:  # what was paid for is kept, and goes on from there
            self.write(held_file(unfinished), played.held)
            self.write(unfinished, played.text)
        if played.ended == "failed":
            self.write(failed, failure.recorded(played, task))

    def failures(self, names: frozenset[str]) -> Iterator[Failure]:
        """The records of runs that failed."""
        for name in sorted(names):
            yield failure.read(self.path / FAILED / f"{name}.json")

    def write(self, path: Path, text: str | Iterable[str]) -> None:
        """The whole text, or what was there before. Raises `StorageError` where it cannot be written, and
        `UsageError` where something else than a file is in its place."""
        _ordinary(path)
        with _told(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            disk.write(path, text, durable=self.durable)

    def write_by(self, path: Path, fill: Callable[[Path], None]) -> None:
        """The same, of a file that a library writes."""
        _ordinary(path)
        with _told(path):
            disk.write_by(path, fill)

    def _move(self, path: Path, to: Path) -> None:
        with _told(to):
            to.parent.mkdir(parents=True, exist_ok=True)
            disk.give_name(path, to)

    def remove(self, *paths: Path) -> None:
        """Files of ours, where they are there."""
        for path in paths:
            with _told(path):
                path.unlink(missing_ok=True)

    def _sweep_up(self) -> None:
        """What a kill left half written."""
        for folder in (SCENARIOS, UNFINISHED, FAILED, EARLIER):
            disk.sweep_up(self.path / folder)
        disk.sweep_up(self.path)
        for shelf in self.runs.glob("[0-9a-f][0-9a-f]"):
            disk.sweep_up(shelf)


def _ours(folder: Path, pattern: str) -> Iterator[Path]:
    """The files in a folder that bear the name of a run. Raises `UsageError` for what bears one and is no file."""
    for path in sorted(folder.glob(pattern)):
        if not _NAME.fullmatch(path.stem):
            continue
        _ordinary(path)
        yield path


def _ordinary(path: Path) -> None:
    """Raises `UsageError` for a folder, a link and the like where a file of ours should be, if anything."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise UsageError(
            tr("{path}: is no ordinary file, and one of ours belongs there; take it away", path=path)
        )


def _read_as_named(path: Path) -> None:
    """Raises `TranscriptError` where it is damaged, or another run."""
    found = read(path).header.run_id
    if found != path.stem:
        raise TranscriptError(
            tr("{path}: is another run, {run_id}; take it away, and this one is run", path=path, run_id=found)
        )


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            tr(
                "{path}: cannot be written: {strerror}; every run before it is kept, and the same command goes on once there is room",
                path=path,
                strerror=error.strerror,
            )
        ) from None


def _is_decided(path: Path) -> bool:
    """Whether the last line of a transcript is whole and is a decision. Raises `TranscriptError` where it cannot
    be read."""
    try:
        with path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - _TAIL))
            tail = file.read()
    except OSError as error:
        raise TranscriptError(
            tr("{path}: cannot be read: {strerror}", path=path, strerror=error.strerror)
        ) from None
    last = tail.rstrip(b"\n").rsplit(b"\n", 1)[-1]
    if not tail.endswith(b"\n"):
        return False
    try:
        data = json.loads(last)
    except (ValueError, RecursionError):
        return False
    return isinstance(data, dict) and data.get("kind") == "decision"


def _alone(file: IO[bytes]) -> bool:
    try:
        lock(file, LockFlags.EXCLUSIVE | LockFlags.NON_BLOCKING)
    except AlreadyLocked:
        return False
    except LockException as error:
        raise StorageError(tr("{path}: {why}", path=file.name, why=disk.not_lockable(error))) from None
    return True
