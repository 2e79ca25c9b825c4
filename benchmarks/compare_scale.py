"""How `aipm compare FOLDER` grows with the number of runs: time, and the peak of memory.

    python benchmarks/compare_scale.py [--distinct N]

The runs are real embedded ones of two bundled scenarios; beyond --distinct (200) they are copies under other run
ids and seeds, read and counted like any other. Each size runs in a process of its own. What is shown is time a
run, as a ratio to the smallest size, and the peak less that of comparing ten runs.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SIZES = (10, 100, 1000, 2000)


def make(folder: Path, distinct: int) -> None:
    """As many runs as the largest size, in an order that mixes both scenarios."""
    from aipm_agents.negotiation import negotiate
    from aipm_agents.scenario.library import bundled
    from aipm_agents.scenario.reader import read
    from aipm_agents.seats.embedded import Embedded
    from aipm_agents.transcript import Recorder, new_header

    scenarios = [read(bundled()[name]) for name in ("refund-copilot", "fading-forecast")]
    played = []
    for number in range(distinct):
        made = scenarios[number % 2]
        seats = {role: Embedded() for role in made.parties}
        played.append((made, tuple(negotiate(made, seats, seed=number))))
    for number in range(max(SIZES)):
        made, events = played[number % distinct]
        with Recorder(folder / f"{number:05}.jsonl", new_header(made, number)) as recorder:
            for event in events:
                recorder.append(event)


def compared(folder: Path, count: int) -> dict[str, float]:
    """In this process: the first `count` runs of a folder, counted and laid out for the screen."""
    from aipm_agents.analysis.sample.whole import sample
    from aipm_agents.report.sample.whole import sample_screen
    from aipm_agents.transcript import read

    paths = sorted(folder.glob("*.jsonl"))[:count]
    began = time.perf_counter()
    found = sample((None, str(path), read(path)) for path in paths)
    sample_screen(found, full=True)
    took = time.perf_counter() - began
    assert sum(group.n for group in found.groups) == count
    return {"seconds": took, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--distinct", type=int, default=200)
    options.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.one:
        print(json.dumps(compared(Path(given.one[0]), int(given.one[1]))))
        return
    with tempfile.TemporaryDirectory() as name:
        make(Path(name), given.distinct)
        size = sum(path.stat().st_size for path in Path(name).glob("*.jsonl"))
        print(f"{max(SIZES):,} transcripts, {size / 1e6:.0f} MB on disk, {given.distinct} of them distinct")
        print(f"{'runs':>6} {'seconds':>8} {'ms a run':>9} {'ratio':>6} {'peak MB':>8} {'more than 10':>13}")
        first = None
        for count in SIZES:
            command = [sys.executable, __file__, "--one", name, str(count)]
            found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            each = found["seconds"] / count
            first = first or (each, found["megabytes"])
            print(
                f"{count:>6,} {found['seconds']:>8.2f} {1000 * each:>9.2f} {each / first[0]:>6.2f} "
                f"{found['megabytes']:>8.0f} {found['megabytes'] - first[1]:>13.1f}"
            )


if __name__ == "__main__":
    main()
