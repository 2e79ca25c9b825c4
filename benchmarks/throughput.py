"""How fast embedded runs are, and where the time goes.

    python benchmarks/throughput.py [--runs 40] [--negmas PYTHON]

Runs (agenda, gates, transcript) a second of processor time: through LangGraph, in the plain loop, and mute, as
ratios on the same seeds. Then five-party deals against NegMAS's alternating offers with time-dependent
Boulware negotiators on the same points, as processor time for each finished deal, in this run. NegMAS is AGPL and
no dependency: `python -m venv nm && nm/bin/pip install negmas`, then `--negmas nm/bin/python`. Then the share of each
part, measured by wrapping its entry point; and time against rounds for a table that never agrees, as ratios to the shortest.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from negotiation_quality import SETTINGS, game

from aipm_agents import meeting
from aipm_agents.negotiation import negotiate
from aipm_agents.scenario.library import bundled
from aipm_agents.scenario.model import Scenario
from aipm_agents.scenario.reader import read
from aipm_agents.seats.embedded import Embedded, chair, colleague, mediator
from aipm_agents.table import derived as derivation
from aipm_agents.table.events import Decided
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


def rates(runs: int) -> None:
    """Processor time of the same seeds in three ways; the best of two turns each, one after the other."""
    ways = {
        "through LangGraph": {"graph": True},
        "in a plain loop": {},
        "in a plain loop, mute": {"mute": True},
    }
    took = dict.fromkeys(ways, 0.0)
    for path in bundled().values():
        scenario = read(path)
        for name, way in ways.items():
            best = float("inf")
            for _ in range(2):
                began = time.process_time()
                for seed in range(1, runs // 10 + 2):
                    seats = {role: Embedded(mute="mute" in way) for role in scenario.parties}
                    negotiate(scenario, seats, seed=seed, graph="graph" in way)
                best = min(best, time.process_time() - began)
            took[name] += best
    count = len(bundled()) * (runs // 10 + 1)
    for name, seconds in took.items():
        ratio = took["through LangGraph"] / seconds
        print(f"  {name:24} {count / seconds:5.1f} runs a second of processor time, x{ratio:.2f}")


STEPS = (20, 100, 1000)
"""Most rounds of NegMAS: with few, some games end without a deal; with many, Boulware concedes late."""
TURNS = 3
"""Of each game the least processor time of so many turns counts, theirs and ours: a busy machine lengthens some."""


def against_negmas(python: str, count: int) -> None:
    """Processor time for each finished deal, ours through `negotiate`, and NegMAS's in its own process."""
    games = [game(SETTINGS[0], seed) for seed in range(count)]
    text = "\n".join(json.dumps(as_points(each)) for each in games)
    script = Path(__file__).with_name("alternating_offers.py")
    theirs: dict[int, Any] = {}
    for steps in STEPS:
        done = subprocess.run(
            [python, script, str(steps), str(TURNS)], input=text, capture_output=True, text=True, check=False
        )
        if done.returncode:
            print(
                "  NegMAS is not there: python -m venv nm && nm/bin/pip install negmas; then --negmas nm/bin/python"
            )
            return
        theirs[steps] = json.loads(done.stdout)
    for mute in (False, True):
        negotiate(games[0], {role: Embedded(mute=mute) for role in games[0].parties})
        least, deals = [float("inf")] * count, 0
        for turn in range(TURNS):
            for number, each in enumerate(games):
                seats = {role: Embedded(mute=mute) for role in each.parties}
                began = time.process_time()
                last = negotiate(each, seats, seed=1)[-1]
                least[number] = min(least[number], time.process_time() - began)
                deals += turn == 0 and isinstance(last, Decided) and last.package is not None
        ours = sum(least) / deals
        print(
            f"  ours{', mute' if mute else '':6}: {1000 * ours:.0f} ms a deal; {deals} of {count} games end in one"
        )
        for steps, told in theirs.items():
            each_deal = told["seconds"] / max(1, told["deals"])
            print(
                f"    NegMAS, {steps:4} steps at most: x{each_deal / ours:.2f} of ours ({1000 * each_deal:.0f} ms);"
                f" {told['deals']} of {count}"
            )


def as_points(scenario: Scenario) -> dict[str, Any]:
    parties = [
        (
            {i: {o: float(v) for o, v in row.items()} for i, row in party.points.items()},
            float(party.walk_away or 0),
        )
        for party in scenario.parties.values()
    ]
    return {"options": {i.id: [o.id for o in i.options] for i in scenario.issues}, "parties": parties}


def shares(runs: int) -> None:
    timed(derivation, "ruling_of", "gates")
    timed(meeting, "next_step", "agenda and proof of no-go")
    timed(meeting, "check", "checking moves")
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
        print(f"  {1 - sum(SPENT.values()) / took:6.1%}  views and the rest")


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
    parser.add_argument("--negmas", default=sys.executable, help="a Python that has NegMAS")
    given = parser.parse_args()
    runs = given.runs
    print("embedded runs:")
    rates(runs)
    print("five-party deals:")
    against_negmas(given.negmas, 10)
    shares(runs)
    print("growth with rounds (a table that never agrees):")
    growth()


if __name__ == "__main__":
    main()
