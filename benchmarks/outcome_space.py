"""How long `aipm analyze` takes, and how much memory, for outcome spaces up to a million packages of six parties.

    python benchmarks/outcome_space.py [--seed N]

Each size runs in a process of its own, so that its peak of memory is its own. Time is also given as a ratio to
the slow second implementation of the tests (every package one by one, in fractions) on the smallest space, which
both solve, and must agree about.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

SIZES = {"256": [4] * 4, "10,000": [10] * 4, "100,000": [10] * 5, "1,000,000": [10] * 6, "1,889,568": [18, 18, 18, 18, 18]}  # fmt: skip
ROLES = ("pm", "engineer", "data_scientist", "legal", "marketing", "operations")


def scenario(sizes: list[int], seed: int) -> Any:
    """Six parties with points of their own; a criterion of every kind at the checkpoints, some of which couple issues."""
    from aipm_agents.scenario.model import Scenario

    dice = random.Random(seed)
    issues = [
        {"id": f"i{i}", "question": "?", "technical_path": i == 0, "options": [
            {"id": f"o{k}", "label": f"{i}.{k}", "effects": {"load": dice.randint(0, 9), "cost": dice.randint(0, 9)}}
            for k in range(size)]}
        for i, size in enumerate(sizes)
    ]  # fmt: skip
    parties = {}
    for role in ROLES:
        weights = [dice.random() for _ in sizes]
        points = {
            f"i{i}": {f"o{k}": Decimal(round(100 * weights[i] / sum(weights) * dice.random(), 2)).quantize(Decimal("0.01"))
                      for k in range(size)}
            for i, size in enumerate(sizes)
        }  # fmt: skip
        parties[role] = {"wants": "?", "points": points, "walk_away": 38, "title": role, "duty": "?"}
    parties["legal"]["red_lines"] = [{"when": {"i0": "o0", "i1": ["o0", "o1"]}, "because": "never"}]
    middle = sum(5 for _ in sizes)
    return Scenario.model_validate({
        "format": 1, "id": "large", "title": "Large", "question": "?", "issues": issues, "parties": parties,
        "metrics": [{"id": "load", "label": "load"}, {"id": "cost", "label": "cost"}],
        "evidence": [
            {"id": "shown", "says": "So it is.", "held_by": ["marketing"], "supports": ["wanted"]},
            {"id": "bad", "says": "It is not.", "held_by": ["legal"], "undermines": ["safe"],
             "unless": {"i2": [f"o{k}" for k in range(1, 4)], "i3": ["o0", "o1", "o2"]}},
            {"id": "worse", "says": "Nor this.", "held_by": ["engineer"], "undermines": ["light"], "unless": {"i1": ["o2", "o3"]}},
        ],
        "checkpoints": {
            "desire": [{"id": "wanted", "asks": "?", "owner": "marketing", "evidence": "required"}],
            "feasible": [{"id": "light", "asks": "?", "owner": "engineer", "rule": {"metric": "load", "at_most": middle}}],
            "viable": [{"id": "pays", "asks": "?", "owner": "pm", "rule": {"metric": "cost", "at_most": middle}}],
            "alignment": [{"id": "safe", "asks": "?", "owner": "legal"}],
        },
        "agreement": {"accept_at_least": 4, "veto": ["legal"]},
    })  # fmt: skip


def analyzed(sizes: list[int], seed: int) -> dict[str, Any]:
    """In this process: what `aipm analyze` works out, with its seconds and this process's peak."""
    from aipm_agents.analysis.space.advice import advice
    from aipm_agents.analysis.space.landscape import landscape
    from aipm_agents.analysis.space.prospects import prospects

    made = scenario(sizes, seed)
    began = time.perf_counter()
    found = prospects(made)
    counted = time.perf_counter()
    land = landscape(made)
    advice(made, found)
    ended = time.perf_counter()
    nash = land.solutions["gates"]["nash"]
    return {
        "packages": found.packages, "seconds": ended - began, "counting": counted - began,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000, "acceptable": found.acceptable,
        "frontier": land.optimal["whole"], "nash": nash.package if nash else None,
    }  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--one", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.one:
        print(json.dumps(analyzed(SIZES[given.one], given.seed)))
        return
    print(
        f"{'packages':>10} {'seconds':>8} {'of it counting':>15} {'peak MB':>8} {'acceptable':>11} {'Pareto-optimal':>15}"
    )
    smallest = None
    for name in SIZES:
        command = [sys.executable, __file__, "--seed", str(given.seed), "--one", name]
        found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        smallest = smallest or found
        print(
            f"{name:>10} {found['seconds']:>8.2f} {found['counting']:>15.2f} {found['megabytes']:>8.0f} "
            f"{found['acceptable']:>11,} {found['frontier']:>15,}"
        )
    assert smallest is not None
    import slow

    made = scenario(SIZES["256"], given.seed)
    began = time.perf_counter()
    inside = slow.within_the_gates(made)
    best = slow.nash(made, inside)
    front = slow.optimal(made, slow.packages(made))
    took = time.perf_counter() - began
    assert (len(inside), best, len(front)) == (smallest["acceptable"], smallest["nash"], smallest["frontier"])
    print(f"256 packages one by one, for a third of the questions: {took:.2f} s, {took / smallest['seconds']:.0f} times as long")  # fmt: skip


if __name__ == "__main__":
    main()
