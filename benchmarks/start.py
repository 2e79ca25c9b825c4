"""How long commands take to start, against an empty Python. Ratios, so that they hold on another machine.

    python benchmarks/start.py [--times 7]

Processor time of a whole process, the least of several, each measured in turn with the others so that a busy
machine hurts all alike. Compiled files are kept in a folder of its own and made before, as an installation has
them. The first line of `aipm run` is where the screen first says something.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

EMPTY, GRAPH, FLOOR = (
    ("-c", "pass"),
    ("-c", "import langgraph.graph"),
    ("-c", "import typer, pydantic, numpy"),
)
RUN = ("-m", "aipm_agents", "run", "refund-copilot", "-o", "{folder}/{n}.jsonl")
AGAINST_EMPTY = {
    "aipm --help": (("-m", "aipm_agents", "--help"), 12),
    "aipm list": (("-m", "aipm_agents", "list"), 25),
    "aipm validate refund-copilot": (("-m", "aipm_agents", "validate", "refund-copilot"), 20),
}


def processor_time(words: tuple[str, ...], environment: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *words], env=environment, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def first_line(words: tuple[str, ...], environment: dict[str, str]) -> float:
    """The share of a run's time that passes before its first line is there."""
    began = time.perf_counter()
    with subprocess.Popen([sys.executable, *words], env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        while not process.stdout.readline().strip():
            pass
        told = time.perf_counter()
        process.stdout.read()
    return (told - began) / (time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=7)
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory() as folder:
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        environment |= {"PYTHONPYCACHEPREFIX": str(Path(folder) / "compiled"), "COLUMNS": "100"}
        commands = {"empty": EMPTY, "graph": GRAPH, "floor": FLOOR, "run": RUN}
        commands |= {name: words for name, (words, _) in AGAINST_EMPTY.items()}
        least = dict.fromkeys(commands, float("inf"))
        for number in range(-1, times):  # the first time everything is compiled
            for name, words in commands.items():
                placed = tuple(word.format(folder=folder, n=number) for word in words)
                took = processor_time(placed, environment)
                least[name] = min(least[name], took) if number >= 0 else least[name]
        shares = [
            first_line(tuple(word.format(folder=folder, n=f"first-{n}") for word in RUN), environment)
            for n in range(3)
        ]
    print(f"an empty Python: {1000 * least['empty']:.0f} ms of processor time")
    for name, (_, most) in AGAINST_EMPTY.items():
        print(f"{name:30} x{least[name] / least['empty']:5.1f} of an empty Python; goal x{most}")
    floor = least["floor"] / least["empty"]
    print(f"{'import typer, pydantic, numpy':30} x{floor:5.1f}, for comparison")
    print(
        f"{'aipm run refund-copilot':30} x{least['run'] / least['graph']:5.2f} of import langgraph.graph; goal x1.30"
    )
    print(f"{'its first line':30} after {min(shares):.0%} of its time")


if __name__ == "__main__":
    main()
