"""How well the embedded table negotiates, on random scorable games it has never seen.

    python benchmarks/negotiation_quality.py [--games 500] [--seed 1] [--jobs 2]

Five parties, five issues of four options, Dirichlet(1) weights, even value tables; walk-aways even in
a range of each party's best package; everyone must say yes; no criteria; 20 rounds; only solvable
games (some package gives every party a surplus above zero). Each game runs through `negotiate()` with
the shipped temperaments. The Nash ratio is the geometric mean over parties of (points - walk-away),
divided by the same at the full-information Nash point of the whole space; no deal counts 0, a surplus
below zero counts 0. Beside it, on the same games: a random package, and the Nash point (1 by
construction). Intervals: 95 %, normal for means, Wilson for shares.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from functools import partial
from math import sqrt
from typing import Any, NamedTuple

import numpy as np

from aipm_agents.negotiation import negotiate
from aipm_agents.scenario.model import Scenario
from aipm_agents.seats.embedded import Embedded
from aipm_agents.table.events import Decided
from aipm_agents.table.packages import outcome_space

ROLES = ("pm", "engineer", "data_scientist", "legal", "marketing")
ISSUES, OPTIONS, ROUNDS = 5, 4, 20
MIXED = {
    "engineer": {"concession": "boulware"},
    "legal": {"candour": Decimal("0.1"), "concession": "boulware"},
}


class Setting(NamedTuple):
    name: str
    low: float
    high: float
    temperaments: dict[str, dict[str, Any]]


SETTINGS = (
    Setting("walk-away U(.2,.4)", 0.2, 0.4, {}),
    Setting("walk-away U(.3,.5)", 0.3, 0.5, {}),
    Setting("mixed temperaments U(.3,.5)", 0.3, 0.5, MIXED),
)


class Result(NamedTuple):
    agreed: bool
    nash: float
    rounds: int
    random: float
    faults: int


def game(setting: Setting, seed: int) -> Scenario:
    """The first solvable game of a seed."""
    rng = np.random.default_rng([seed, int(setting.low * 10)])
    while True:
        parties = {role: _party(rng, setting, role) for role in ROLES}
        scenario = Scenario.model_validate({
            "format": 1, "id": "game", "title": "game", "question": "?", "parties": parties,
            "issues": [
                {"id": f"i{i}", "question": "?", "options": [{"id": f"o{k}", "label": f"{i}{k}"} for k in range(OPTIONS)]}
                for i in range(ISSUES)
            ],
            "agreement": {"accept_at_least": len(ROLES)}, "rounds": ROUNDS,
        })  # fmt: skip
        if (surpluses(scenario) > 0).all(axis=0).any():
            return scenario


def _party(rng: np.random.Generator, setting: Setting, role: str) -> dict[str, Any]:
    values = rng.dirichlet(np.ones(ISSUES))[:, None] * rng.random((ISSUES, OPTIONS))
    values *= 100 / values.max(axis=1).sum()
    party: dict[str, Any] = {
        "wants": "?",
        "points": {f"i{i}": {f"o{k}": _decimal(values[i, k]) for k in range(OPTIONS)} for i in range(ISSUES)},
        "walk_away": _decimal(100 * rng.uniform(setting.low, setting.high)),
    }
    if role in setting.temperaments:
        party["temperament"] = setting.temperaments[role]
    return party


def _decimal(value: float) -> Decimal:
    return Decimal(f"{value:.4f}")


def surpluses(scenario: Scenario) -> np.ndarray[Any, Any]:
    space = outcome_space(scenario)
    rows = [space.total(p.points) - space.scaled(p.walk_away) for p in scenario.parties.values()]
    return np.array(rows) / space.scale


def nash(surplus: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The geometric mean of surpluses over parties, 0 where any is not above zero."""
    positive = (surplus > 0).all(axis=0)
    return np.where(positive, np.exp(np.log(np.maximum(surplus, 1e-9)).mean(axis=0)), 0.0)


def play(setting: Setting, seed: int) -> Result:
    scenario = game(setting, seed)
    events = negotiate(scenario, {role: Embedded() for role in ROLES}, seed=seed)
    scores = nash(surpluses(scenario))
    best = float(scores.max())
    faults = sum(getattr(event, "fault", None) is not None for event in events)
    decision = next(event for event in events if isinstance(event, Decided))
    reached = (
        0.0 if decision.package is None else float(scores[outcome_space(scenario).code(decision.package)])
    )
    return Result(
        decision.package is not None, reached / best, decision.round, float(scores.mean()) / best, faults
    )


def report(setting: Setting, results: list[Result]) -> str:
    n = len(results)
    ratios = np.array([r.nash for r in results])
    half = 1.96 * float(ratios.std(ddof=1)) / sqrt(n)
    low, high = wilson(sum(r.agreed for r in results), n)
    return (
        f"{setting.name:<28} n={n}  agreed {sum(r.agreed for r in results) / n:.3f} [{low:.3f}, {high:.3f}]  "
        f"Nash ratio {ratios.mean():.3f} +-{half:.3f}  rounds {np.mean([r.rounds for r in results]):.1f}  "
        f"faults {sum(r.faults for r in results)}  | random package {np.mean([r.random for r in results]):.3f}  "
        "full-information Nash 1.000"
    )


def wilson(successes: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """The Wilson score interval (Wilson 1927)."""
    share, square = successes / n, z * z
    centre = (share + square / (2 * n)) / (1 + square / n)
    half = z / (1 + square / n) * sqrt(share * (1 - share) / n + square / (4 * n * n))
    return centre - half, centre + half


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--games", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1, help="another seed draws fresh games")
    parser.add_argument("--jobs", type=int, default=2)
    chosen = parser.parse_args()
    seeds = [chosen.seed * 1_000_000 + i for i in range(chosen.games)]
    with ProcessPoolExecutor(chosen.jobs) as pool:
        for setting in SETTINGS:
            print(report(setting, list(pool.map(partial(play, setting), seeds, chunksize=10))), flush=True)


if __name__ == "__main__":
    main()
