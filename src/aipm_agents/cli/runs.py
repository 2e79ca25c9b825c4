"""Where transcripts are kept, and how a word on the command line finds one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aipm_agents.errors import TranscriptError, UsageError
from aipm_agents.language import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aipm_agents.table.events import Event
    from aipm_agents.transcript import Header, Recorder, Transcript

BESIDE = "without-people"
"""The folder, beside the runs, of those that are made to hold a played one against: the same seed, with nobody there.
They are no neighbours of real runs: `latest` is what was played, and a class is who sat there."""
REGISTER = "class.jsonl"
"""What happened in a room, beside the runs of its tables."""
_ROOM = 1_000_000
"""Bytes a disk must have free before a run starts; the longest run is smaller."""


def folder() -> Path:
    """`AIPM_RUNS`, or `./aipm-runs`."""
    return Path(os.environ.get("AIPM_RUNS") or "aipm-runs")


def locate(handle: str) -> Path:
    """A transcript by path, run id, unique prefix of one, `latest` or `latest~N`."""
    if os.path.isfile(handle):  # `Path.is_file` raises on a name that is too long
        return Path(handle)
    files = [path for path in folder().glob("*.jsonl") if path.is_file()]
    known = sorted(files, key=lambda p: (p.stat().st_mtime_ns, p.name), reverse=True)
    if handle == "latest" or handle.startswith("latest~"):
        return _latest(handle, known)
    known += (folder() / BESIDE).glob("*.jsonl")
    found = [p for p in known if p.stem.rsplit("-", 1)[-1].startswith(handle)] if handle else []
    found = found or [p for p in known if handle and p.stem.startswith(handle)]
    if len(found) == 1:
        return found[0]
    if found:
        ids = tr(", ").join(p.stem.rsplit("-", 1)[-1] for p in found[:5])
        raise UsageError(
            tr("{handle!r} fits {n} runs ({ids}); give more of the id", handle=handle, n=len(found), ids=ids)
        )
    raise UsageError(
        tr(
            "no transcript {handle!r}: not a file, and no run in {folder} has such an id; `aipm run SCENARIO` makes one",
            handle=handle,
            folder=folder(),
        )
    )


def inside(folder: Path) -> list[Path]:
    """The runs in a folder and below it, by name; what was played beside one is no run of anybody's, and what
    happened in a room is none. Of a sweep those of its plan, in its order."""
    from aipm_agents.sweeps.folder import decided_runs

    if (swept := decided_runs(folder)) is not None:
        return swept
    found = (path for path in folder.rglob("*.jsonl") if BESIDE not in path.relative_to(folder).parts)
    return sorted(path for path in found if path.is_file() and path.name != REGISTER)


def each(paths: Iterable[Path]) -> Iterator[Transcript]:
    """Several runs, one after the other. Raises `TranscriptError` at the end for all that are damaged: all are
    named, and none is silently left out of a count."""
    from aipm_agents.transcript import read

    damaged: list[str] = []
    counted = 0
    for counted, path in enumerate(paths, start=1):  # noqa: B007
        try:
            run = read(path)
        except TranscriptError as error:
            damaged.append(str(error))
        else:
            yield run
    if damaged:
        advice = [tr("Leave these files out, and try again.")] if counted > len(damaged) else []
        raise TranscriptError("\n".join([*damaged, *advice]))


def handle(path: Path, header: Header) -> str:
    """What to type in a shell for a transcript: its run id, or its path where the id does not lead to it."""
    from shlex import quote

    by_id = folder().glob(f"*-{header.run_id}.jsonl") if header.run_id.isalnum() else ()
    return header.run_id if path.resolve() in [found.resolve() for found in by_id] else quote(str(path))


def parent(header: Header) -> str:
    """What to type for the run another branches from; empty where its id leads to none."""
    there = header.parent is not None and any(folder().glob(f"*-{header.parent.run_id}.jsonl"))
    return header.parent.run_id if header.parent is not None and there else ""


def _latest(handle: str, known: list[Path]) -> Path:
    back = handle.removeprefix("latest").removeprefix("~") or "0"
    if not (back.isascii() and back.isdigit() and len(back) < 10):
        raise UsageError(tr("{handle!r}: write latest~1 for the run before the latest", handle=handle))
    if not known:
        raise UsageError(
            tr(
                "no run is kept in {folder} yet; `aipm run SCENARIO` makes one, AIPM_RUNS names another folder",
                folder=folder(),
            )
        )
    if int(back) >= len(known):
        raise UsageError(
            tr(
                "there are {n} runs in {folder}; {handle!r} is not among them",
                n=len(known),
                folder=folder(),
                handle=handle,
            )
        )
    return known[int(back)]


def opened(path: Path, header: Header, *, prefix: bytes = b"", durable: bool = False) -> Recorder:
    """A new transcript to write to; raise `UsageError` where it could not be kept, before anyone plays."""
    from aipm_agents.transcript import Recorder

    try:
        recorder = Recorder(path, header, prefix=prefix, durable=durable)
    except FileExistsError as error:  # the file itself, or a side file of the same name
        there = error.filename
        raise UsageError(
            tr("{path} is already there; choose another name for the transcript", path=there)
        ) from None
    except OSError as error:
        raise UsageError(
            tr(
                "{path}: the transcript cannot be written there: {strerror}; choose a place with -o or AIPM_RUNS",
                path=path,
                strerror=error.strerror,
            )
        ) from None
    free = shutil.disk_usage(path.parent).free
    if free < _ROOM:
        with recorder:
            path.unlink()
        raise UsageError(
            tr(
                "{parent}: the disk is nearly full ({free:,} bytes are free, a run may take {room:,}); choose a place with -o or AIPM_RUNS",
                parent=path.parent,
                free=free,
                room=_ROOM,
            )
        )
    return recorder


def summary(header: Header, events: tuple[Event, ...], path: Path | None) -> dict[str, Any]:
    """What `--json` prints of a run."""
    from aipm_agents.analysis.run.usage import unfinished, usage
    from aipm_agents.table.events import Decided, last_ruling

    decision = next((event for event in events if isinstance(event, Decided)), None)
    ruling = last_ruling(events)
    return {
        "run_id": header.run_id,
        "scenario": header.scenario.id,
        "seed": header.seed,
        "pm_style": header.pm_style,
        "outcome": decision.outcome if decision else "stopped",
        "cause": decision.cause if decision else None,
        "stopped_by": list(decision.stopped_by) if decision else [],
        "faults": _faults(events),
        "package": decision.package if decision else None,
        "checkpoints": dict(ruling.verdicts) if ruling else {},
        "rounds": max((event.round for event in events), default=0),
        "usage": {role: used._asdict() for role, used in usage(events).items()},
        "unfinished": unfinished(events),
        "transcript": str(path) if path else None,
    }


def _faults(events: tuple[Event, ...]) -> dict[str, int]:
    """Role -> how many of its turns failed."""
    failed = [event.role for event in events if getattr(event, "fault", None) is not None]
    return {role: failed.count(role) for role in dict.fromkeys(failed)}
