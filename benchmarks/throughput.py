"""How fast embedded runs are, and where the time goes.

    python benchmarks/throughput.py [--runs 40]

Full runs (graph, gates, voice, transcript to disk) a second, and the share of each part, measured by
wrapping its entry point in the same run; then time against rounds for a table that never agrees, as
ratios to the shortest.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from aipm_agents import graph
from aipm_agents.negotiation import negotiate
from aipm_agents.scenario.library import bundled
from aipm_agents.scenario.model import Scenario
from aipm_agents.scenario.reader import read
from aipm_agents.seats.embedded import Embedded, chair, colleague, mediator
from aipm_agents.transcript import Recorder, new_header, new_path

SPENT: dict[str, float] = defaultdict(float)


def timed(place: Any, name: str, share: str) -> None:
    inner = getattr(place, name)

    def outer(*args: Any, **kwargs: Any) -> Any:
        started = time.perf_counter()
        try:
            return inner(*args, **kwargs)
        finally:
            SPENT[share] += time.perf_counter() - started

    setattr(place, name, outer)


def one(scenario: Scenario, seed: int, folder: Path) -> int:
    header = new_header(scenario, seed)
    seats = {role: Embedded() for role in scenario.parties}
    with Recorder(new_path(folder, header), header) as recorder:
        return negotiate(scenario, seats, seed=seed, on_event=recorder.append)[-1].round


def shares(runs: int) -> None:
    timed(graph, "ruling_of", "gates")
    timed(graph, "next_step", "agenda and proof of no-go")
    timed(graph, "view", "views")
    timed(graph, "check", "checking moves")
    timed(Recorder, "append", "transcript to disk")
    timed(mediator.Mediator, "propose", "the PM's listening and choosing")
    timed(colleague, "speak", "voice")
    timed(chair, "speak", "voice")
    for name, path in bundled().items():
        scenario = read(path)
        SPENT.clear()
        with tempfile.TemporaryDirectory() as folder:
            one(scenario, 0, Path(folder))
            SPENT.clear()
            started = time.perf_counter()
            rounds = [one(scenario, seed, Path(folder)) for seed in range(1, runs + 1)]
            took = time.perf_counter() - started
        each = 1000 * took / runs
        print(f"{name}: {runs / took:.1f} runs/s, {each:.1f} ms a run of {sum(rounds) / runs:.1f} rounds")
        for share, seconds in sorted(SPENT.items(), key=lambda item: -item[1]):
            print(f"  {seconds / took:6.1%}  {share}")
        print(f"  {1 - sum(SPENT.values()) / took:6.1%}  LangGraph and the rest")


def growth() -> None:
    scenario = read(bundled()["fading-forecast"])
    hopeless = {**scenario.plain(), "injects": []}
    for party in hopeless["parties"].values():
        party["walk_away"] = 99
    base = 0.0
    for rounds in (6, 12, 24, 48):
        text = json.dumps({**hopeless, "rounds": rounds})
        made = Scenario.model_validate(json.loads(text, parse_float=Decimal))
        started = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            one(made, 1, Path(folder))
        took = (time.perf_counter() - started) / rounds
        base = base or took
        print(f"  {rounds:2} rounds: time a round x{took / base:.2f} of that at 6")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=40)
    runs = parser.parse_args().runs
    shares(runs)
    print("growth with rounds (a table that never agrees):")
    growth()


if __name__ == "__main__":
    main()
