"""How fast sweeps are, what each more of anything costs, and what the one writer needs.

    python benchmarks/sweep.py [--runs 200] [--only workers|writer|compare|growth]

Workers: embedded runs of the first scenario a second, carried out by one process, by two, and by two workers
of a real Dask cluster; from the first run that comes back to the last, so that starting up is left out.
Writer: keeping 1,000 and 10,000 finished runs, each in a process of its own; memory and time, as ratios.
Growth: the processor time of a run with more parties, packages and rounds, as ratios to the smallest.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

from aipm_agents.cli.workforce import seated
from aipm_agents.scenario.library import bundled
from aipm_agents.scenario.model import Scenario
from aipm_agents.scenario.reader import read
from aipm_agents.sweeps import crew
from aipm_agents.sweeps.cluster import cluster
from aipm_agents.sweeps.dispatch import Dispatch
from aipm_agents.sweeps.folder import Folder
from aipm_agents.sweeps.plan import Sweep, Task, planned
from aipm_agents.sweeps.play import play
from aipm_agents.sweeps.rows import RowFile

BIN = Path(sys.executable).parent
SIZES = (1_000, 10_000)


def tasks(count: int, scenario: Scenario | None = None) -> list[Task]:
    scenario = scenario or read(bundled()["refund-copilot"])
    return list(planned(Sweep(scenarios=("x",), seeds=f"0:{count}"), [scenario]).tasks({}))


def rate(workers: crew.Crew, runs: int) -> float:
    """Runs a second, between the first that comes back and the last."""
    dispatch = Dispatch(workers, partial(play, seated=seated))
    times = []
    for _, played in dispatch.run(iter(tasks(runs))):
        assert played.ended == "decided", played.why
        times.append(time.perf_counter())
    dispatch.dismiss()
    return (len(times) - 1) / (times[-1] - times[0])


def workers(runs: int) -> None:
    one, two = rate(crew.processes(1), runs // 2), rate(crew.processes(2), runs)
    print(f"one process   {one:6.1f} runs a second")
    print(f"two processes {two:6.1f} runs a second, x{two / one:.2f} of one")
    with tempfile.TemporaryDirectory() as home:
        file, quiet = Path(home) / "scheduler.json", {"cwd": home, "stderr": subprocess.DEVNULL}
        words: list[Any] = ["scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
        started = [subprocess.Popen([BIN / "dask", *words, "--scheduler-file", file], **quiet)]  # type: ignore[call-overload]
        try:
            while not (file.exists() and file.read_text().endswith("}")):
                time.sleep(0.05)
            address = json.loads(file.read_text())["address"]
            words = ["worker", address, "--nworkers", "2", "--nthreads", "1", "--no-dashboard"]
            started.append(subprocess.Popen([BIN / "dask", *words], **quiet))  # type: ignore[call-overload]
            time.sleep(5)
            far = rate(cluster(address), runs)
        finally:
            for process in started:
                process.terminate()
                process.wait()
    print(f"two of Dask's {far:6.1f} runs a second, x{far / two:.2f} of two processes")


def kept(count: int) -> dict[str, float]:
    """In this process: keep so many results, made from twenty that were really played."""
    played = [(task, play(task, seated)) for task in tasks(20)]
    with tempfile.TemporaryDirectory() as home:
        folder = Folder(Path(home))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = time.perf_counter()
        names = [f"{number:016x}" for number in range(count)]
        with folder.locked(), RowFile(folder, frozenset()) as rows:
            for number, name in enumerate(names):
                task, one = played[number % 20]
                assert one.row is not None
                folder.keep(one._replace(name=name), task)
                rows.append({**one.row, "run_id": name})
            written = time.perf_counter() - began
            rows.settle(lambda: names, frozenset(names), [])
        took = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "megabytes": (peak - before) / 1000,
        "peak": peak / 1000,
        "each": written / count,
        "settle": took - written,
    }


def writer() -> None:
    found = {}
    for size in SIZES:
        command = [sys.executable, __file__, "--keep", str(size)]
        found[size] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        one = found[size]
        print(
            f"{size:>6,} runs kept: peak {one['peak']:.0f} MB, of it {one['megabytes']:.1f} MB since the first; "
            f"{1000 * one['each']:.2f} ms a run; rows set in order in {one['settle']:.1f} s"
        )
    small, large = (found[size] for size in SIZES)
    print(f"peak x{large['peak'] / small['peak']:.2f} for ten times the runs")


def made(parties: int, issues: int, rounds: int) -> Scenario:
    """Everybody wants something else, so that the talk takes its time; no criteria."""
    rng = random.Random(7)
    roles = ["pm", "engineer", "data_scientist", "legal", "marketing", *(f"role{k}" for k in range(7))][
        :parties
    ]

    def points() -> dict[str, dict[str, int]]:
        shares = [rng.randint(1, 9) for _ in range(issues)]
        best = [100 * share // sum(shares) for share in shares]
        best[0] += 100 - sum(best)
        table = {}
        for k, most in enumerate(best):
            values = [most, *(rng.randint(0, most) for _ in range(3))]
            rng.shuffle(values)
            table[f"i{k}"] = {f"o{n}": value for n, value in enumerate(values)}
        return table

    return Scenario.model_validate({
        "format": 1, "id": "made", "title": "Made", "question": "?", "rounds": rounds,
        "issues": [
            {"id": f"i{k}", "question": "?", "options": [{"id": f"o{n}", "label": f"{n}"} for n in range(4)]}
            for k in range(issues)
        ],
        "parties": {
            role: {"title": role, "duty": "?", "wants": "?", "walk_away": 99, "points": points()} for role in roles
        },
        "agreement": {"accept_at_least": parties},
    })  # fmt: skip


def growth() -> None:
    """A table that never agrees, so that every run has all its rounds."""
    for what, cases in (
        ("parties", [(n, 5, 6) for n in (3, 6, 12)]), ("packages", [(5, n, 6) for n in (3, 5, 7, 9)]),
        ("rounds", [(5, 5, n) for n in (6, 12, 24, 48)]),
    ):  # fmt: skip
        first = 0.0
        for parties, issues, rounds in cases:
            todo = tasks(4, made(parties, issues, rounds))
            play(todo[0], seated)  # what is worked out once for a scenario is left out
            began = time.process_time()
            for task in todo[1:]:
                assert play(task, seated).ended == "decided"
            each = (time.process_time() - began) / 3
            first = first or each
            size = {"parties": parties, "packages": 4**issues, "rounds": rounds}[what]
            print(f"{what} {size:>7,}: {1000 * each:7.1f} ms a run, x{each / first:.2f}")


def compare(runs: int) -> None:
    """What reading the results of a sweep costs."""
    from aipm_agents.analysis.sample.whole import sample
    from aipm_agents.transcript import read as transcript

    with tempfile.TemporaryDirectory() as home:
        folder = Folder(Path(home))
        for task in tasks(runs):
            folder.keep(play(task, seated), task)
        began = time.process_time()
        sample((None, str(path), transcript(path)) for path in folder.runs.glob("*/*.jsonl"))
        took = time.process_time() - began
        size = sum(path.stat().st_size for path in folder.runs.glob("*/*.jsonl")) / runs
    print(f"compared: {1000 * took / runs:.1f} ms a run; a transcript has {size / 1000:.0f} kB")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--only", choices=("workers", "writer", "compare", "growth"))
    parser.add_argument("--keep", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.keep:
        print(json.dumps(kept(given.keep)))
        return
    parts = {
        "workers": partial(workers, given.runs), "writer": writer, "compare": partial(compare, given.runs),
        "growth": growth,
    }  # fmt: skip
    for name, part in parts.items():
        if given.only in (None, name):
            print(f"{name}:")
            part()


if __name__ == "__main__":
    main()
