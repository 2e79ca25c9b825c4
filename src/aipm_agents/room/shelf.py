"""A folder as a shelf: its runs, its sweeps and its classes, from the first line and the last of each file.

Nothing on a shelf is believed: a run that is opened is read, and so replayed. Only what is listed can be opened,
so that no name leads out of the folder.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from aipm_agents.sweeps.folder import decided_runs
from aipm_agents.table.events import PAPER

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

REGISTER = "class.jsonl"
"""What marks the folder of a class; `room.register` writes it."""
BESIDE = "without-people"
_TAIL = 65_536
_KEYS = ("name", "title", "round", "ending", "started")


class Shelved(NamedTuple):
    """A run as it is listed."""

    name: str
    """Its path within the shelf's folder."""
    title: str
    scenario: str
    run_id: str
    seed: int | None
    """None of a meeting on paper."""
    round: int
    rounds: int
    ending: str
    """As runs are counted; `open` where it is neither decided nor stopped, empty for a file that is no transcript."""
    people: int
    started: str
    stopped: str = ""
    """Why, where it was stopped."""
    class_of: str = ""
    """The folder of the class it belongs to."""


class Shelf:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[Path, tuple[int, int, Shelved]] = {}
        """As it was when it was looked at last: its time, its size, what it said."""

    def runs(self) -> list[Shelved]:
        """Every run in the folder and below it, sweeps left out: they are counted, not read one by one."""
        swept = [str(path) + os.sep for path in self._sweeps()]
        classes = {path.parent for path in self.folder.rglob(REGISTER)}
        found = []
        for path in sorted(self.folder.rglob("*.jsonl")):
            if path.name == REGISTER or BESIDE in path.relative_to(self.folder).parts or not path.is_file():
                continue
            if not any(str(path).startswith(each) for each in swept):
                found.append(self._entry(path, path.parent in classes))
        return found

    def sweeps(self) -> list[str]:
        return [self._name(path) for path in self._sweeps()]

    def path(self, name: str) -> Path | None:
        """Where a run lies that is on the shelf; None for any other name."""
        return next((self.folder / each.name for each in self.runs() if each.name == name), None)

    def sweep(self, name: str) -> Path | None:
        return next((path for path in self._sweeps() if self._name(path) == name), None)

    def _sweeps(self) -> list[Path]:
        marked = (path.parent for path in sorted(self.folder.rglob("sweep.yaml")))
        return [path for path in marked if decided_runs(path) is not None]

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    def _entry(self, path: Path, in_class: bool) -> Shelved:
        facts = path.stat()
        state, known = (facts.st_mtime_ns, facts.st_size), self._known.get(path)
        if known is None or known[:2] != state:
            made = _told(path, self._name(path))
            known = (*state, made._replace(class_of=self._name(path.parent) if in_class else ""))
            self._known[path] = known
        return known[2]


def sifted(entries: Iterable[Shelved], words: str, ending: str, by: str) -> list[Shelved]:
    """Those that hold every word and ended so, in the order asked for; the newest first where none is named."""
    wanted = words.casefold().split()
    kept = [
        each for each in entries
        if (not ending or each.ending == ending)
        and all(any(word in str(field).casefold() for field in each) for word in wanted)
    ]  # fmt: skip
    by = by if by in _KEYS else "started"
    return sorted(kept, key=lambda each: str(getattr(each, by)).rjust(6), reverse=by == "started")


def _told(path: Path, name: str) -> Shelved:
    try:
        with path.open("rb") as file:
            header = json.loads(file.readline())
            file.seek(max(0, path.stat().st_size - _TAIL))
            last = _last(file.read())
        scenario, stamp = header["scenario"], header.get("volatile", {})
        return Shelved(
            name, str(scenario["title"]), str(scenario["id"]), str(stamp.get("run_id", "")), _seed(path, header),
            int(last.get("round", 0)), int(scenario.get("rounds", 8)), _ending(last), _people(path),
            str(stamp.get("started", ""))[:19], str(last.get("reason", "")) if last.get("kind") == "stopped" else "",
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Shelved(name, path.stem, "", "", 0, 0, 0, "", 0, "")


def _last(tail: bytes) -> dict[str, Any]:
    """The last whole line that is an event."""
    for line in reversed(tail.splitlines()):
        try:
            found = json.loads(line)
        except ValueError:
            continue
        return found if isinstance(found, dict) and found.get("kind") != "header" else {}
    return {}


def _ending(last: dict[str, Any]) -> str:
    if last.get("kind") == "decision":
        return "undecided" if last.get("cause") == "fault" else str(last.get("outcome", ""))
    return "stopped" if last.get("kind") == "stopped" else "open"


def _people(path: Path) -> int:
    """How many seats people took at the start."""
    return sum(1 for kind in _seats(path) if kind == "human")


def _seed(path: Path, header: dict[str, Any]) -> int | None:
    seed = int(header["seed"])
    return None if PAPER in _seats(path) else seed


def _seats(path: Path) -> tuple[str, ...]:
    """What played each seat at the start."""
    with path.open("rb") as file:
        file.readline()
        return tuple(json.loads(file.readline() or b"{}").get("seats", {}).values())
