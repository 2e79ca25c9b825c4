"""The folder of a sweep, and the one writer in it.

    sweep.yaml              what was asked for; `aipm sweep` reads it back
    scenarios/ID.yaml       the scenarios as they were, copied
    runs/3f/3fa9....jsonl   a transcript for every run that reached a decision
    unfinished/....jsonl    transcripts of runs that were broken off, with what they had paid for
    failed/....json         how and why a run failed
    earlier/....jsonl       runs that lie here from another plan, and are in no row
    rows.jsonl, rows.csv    one row a run

A file is written beside its place and renamed into it, so what bears the name of a run is whole. What is
there is looked at when a sweep begins, and nothing else says what is done.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from aipm_agents.errors import AipmError, UsageError
from aipm_agents.language import tr
from aipm_agents.transcript import held_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from aipm_agents.sweeps.plan import Task
    from aipm_agents.sweeps.play import Played

RUNS, SCENARIOS, UNFINISHED, FAILED, EARLIER = "runs", "scenarios", "unfinished", "failed", "earlier"
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
    there = {found.stem: found for found in sorted(runs.glob("*/*.jsonl"))}
    try:
        with (path / "rows.jsonl").open(encoding="utf-8") as file:
            order = [json.loads(line).get("run_id") for line in file]
    except (OSError, ValueError):
        order = []
    first = [there.pop(name) for name in order if name in there]
    return [*first, *there.values()]


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

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Held while a sweep writes here; the system lets go of it however the sweep ends.

        Raises `UsageError` where another sweep writes here, or where nothing can be written.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            file = (self.path / ".lock").open("a")
        except OSError as error:
            raise UsageError(
                tr(
                    "{path}: results cannot be kept there: {strerror}; choose a folder with -o",
                    path=self.path,
                    strerror=error.strerror,
                )
            ) from None
        with file:
            if not _alone(file.fileno()):
                raise UsageError(
                    tr(
                        "{path}: another sweep is writing there; wait for it, or name another with -o",
                        path=self.path,
                    )
                )
            yield

    def stock(self, names: Iterable[str]) -> Stock:
        """What is done of these runs. What was half written is cleared away; runs that are not among them
        are set aside, and those that are come back."""
        for torn in self.path.rglob("*.part"):
            torn.unlink()
        wanted = set(names)
        done, set_aside = set(), 0
        for path in self.runs.glob("*/*.jsonl"):
            if path.stem not in wanted:
                self._move(path, self.path / EARLIER / path.name)
                set_aside += 1
            elif _is_decided(path):
                done.add(path.stem)
        for path in (self.path / EARLIER).glob("*.jsonl"):
            if path.stem in wanted and path.stem not in done and _is_decided(path):
                self._move(path, self.run(path.stem))
                done.add(path.stem)
        failed = {path.stem for path in (self.path / FAILED).glob("*.json")}
        return Stock(frozenset(done), frozenset(failed & wanted - done), set_aside)

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
        """Write down what came of a task. Raises `AipmError` where it cannot be written."""
        unfinished = self.path / UNFINISHED / f"{played.name}.jsonl"
        failed = self.path / FAILED / f"{played.name}.json"
        if played.ended == "decided":
            self.write(self.run(played.name), played.text)
            for path in (unfinished, held_file(unfinished), failed):
                path.unlink(missing_ok=True)
            return
        if played.text:  # what was paid for is kept, and goes on from there
            self.write(held_file(unfinished), played.held)
            self.write(unfinished, played.text)
        if played.ended == "failed":
            self.write(failed, json.dumps(_record(played, task), ensure_ascii=False) + "\n")

    def failures(self, names: frozenset[str]) -> Iterator[dict[str, Any]]:
        """The records of runs that failed."""
        for name in sorted(names):
            yield json.loads((self.path / FAILED / f"{name}.json").read_text("utf-8"))

    def write(self, path: Path, text: str | Iterable[str]) -> None:
        """The whole text, or nothing of it. Raises `AipmError` where it cannot be written."""
        part = path.with_name(f"{path.name}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                for each in (text,) if isinstance(text, str) else text:
                    file.write(each.encode("utf-8", "backslashreplace"))
                file.flush()
                if self.durable:
                    os.fsync(file.fileno())
            os.replace(part, path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise AipmError(
                tr(
                    "{path}: cannot be written: {strerror}; every run before it is kept, and the same command goes on once there is room",
                    path=path,
                    strerror=error.strerror,
                )
            ) from None

    def _move(self, path: Path, to: Path) -> None:
        to.parent.mkdir(parents=True, exist_ok=True)
        os.replace(path, to)


def _record(played: Played, task: Task) -> dict[str, Any]:
    return {
        "failed": 1, "run_id": played.name, "scenario": json.loads(task.scenario)["id"], "seed": task.seed,
        **task.variation, "seats": task.seats, "reason": played.reason, "why": played.why,
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
    }  # fmt: skip


def _is_decided(path: Path) -> bool:
    """Whether the last line of a transcript is whole and is a decision."""
    with path.open("rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - _TAIL))
        tail = file.read()
    last = tail.rstrip(b"\n").rsplit(b"\n", 1)[-1]
    if not tail.endswith(b"\n"):
        return False
    try:
        return json.loads(last).get("kind") == "decision"  # type: ignore[no-any-return]
    except ValueError:
        return False


def _alone(handle: int) -> bool:
    try:
        import fcntl
    except ImportError:  # not on Windows; there, two sweeps in one folder are the user's to avoid
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
