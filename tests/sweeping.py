"""Sweeps for tests: a small scenario on file, results read back, and workers' seats that go wrong when told to."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

from making import scenario

from aipm_agents.cli.workforce import seated


def small(path, **changes):
    """The small scenario as a file: JSON is YAML."""
    path.write_text(json.dumps(scenario(**changes).plain()), "utf-8")
    return path


def bare(folder):
    """Name -> the lines of each finished run, without what varies without meaning."""
    found = {}
    for path in sorted((Path(folder) / "runs").glob("*/*.jsonl")):
        lines = [json.loads(text) for text in path.read_text("utf-8").splitlines()]
        found[path.stem] = [json.dumps({k: v for k, v in line.items() if k != "volatile"}) for line in lines]
    return found


def written(folder):
    """Name -> when and as which file each finished run was written."""
    paths = (Path(folder) / "runs").glob("*/*.jsonl")
    return {path.stem: (path.stat().st_mtime_ns, path.stat().st_ino) for path in paths}


def rows(folder):
    return [json.loads(line) for line in (Path(folder) / "rows.jsonl").read_text("utf-8").splitlines()]


def hearing_ctrl_c():
    """In a process about to start: a shell in the background, as a test run may be, has it deaf to Ctrl-C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def fragile(kinds, means, style=None):
    """Seats as usual, but for a task that says how it goes wrong."""
    match means.get("wrong"):
        case "raises":
            raise RuntimeError("the run fell over")
        case "kills":
            os.kill(os.getpid(), signal.SIGKILL)
        case "kills once" | "kills twice":
            marker, times = Path(means["marker"]), 1 if means["wrong"] == "kills once" else 2
            before = marker.read_text() if marker.exists() else ""
            if len(before) < times:
                marker.write_text(before + "x")
                os.kill(os.getpid(), signal.SIGKILL)
        case "exits":
            os._exit(3)
    return seated(kinds, {}, style)
