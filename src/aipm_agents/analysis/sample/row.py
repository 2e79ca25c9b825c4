"""The row that a run makes in a table: a value for each column that `columns` tells of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aipm_agents.analysis.run.summary import GATES
from aipm_agents.analysis.sample.columns import ordered

if TYPE_CHECKING:
    from aipm_agents.analysis.sample.case import Case


def row(one: Case) -> dict[str, Any]:
    """Column -> value; None where there is nothing to say. `columns.py` tells what each means, and their order."""
    last = one.trail[-1] if one.trail else ("",) * len(GATES)
    anchor = one.draw[1]
    made: dict[str, Any] = {
        "run_id": one.run_id, "scenario": one.scenario, "scenario_sha256": one.digest, "origin_sha256": one.origin,
        "seed": one.seed, "draw": f"seed {anchor}" if isinstance(anchor, int) else anchor, "moves": one.moves,
        "seats": one.seats, **{f"factor.{key}": value for key, value in one.factors},
        **{f"control.{key}": value for key, value in one.made.controls},
        "ablation": one.ablation, "pm_style": one.pm_style, "decision": one.decision, "round": one.round,
        "package": _spelt(one.package), "first_package": _spelt(one.first_package), "first_asked": one.first_asked,
        "sound": one.sound, "pareto": one.pareto, "below": one.below,
        "nash_ratio": one.nash_ratio, "egalitarian_gap": one.egalitarian_gap,
        "least_gain": one.least_gain, "mean_points": one.mean_points, "mean_gain": one.mean_gain,
        **{f"points.{role}": points for role, points in one.points},
        **dict(zip(GATES, last, strict=True)),
        "facts_at_start": one.at_start, "facts_news": one.news, "facts_told": one.told,
        **one.talk._asdict(), **{f"conceded.{role}": points for role, points in one.talk.conceded},
        **one.watched._asdict(),
        "faults": one.faults, "calls": one.used.calls, "prompt_tokens": one.used.prompt,
        "cached_tokens": one.used.cached, "answer_tokens": one.used.completion,
        "aipm": one.made.aipm, "prompts": one.made.prompts, "model_served": one.made.served,
        "not_taken": one.made.not_taken,
    }  # fmt: skip
    del made["conceded"]
    return {name: _rounded(made[name]) for name in ordered(made)}


def _spelt(package: tuple[tuple[str, str], ...] | None) -> str:
    return " ".join(f"{issue}={option}" for issue, option in package or ())


def _rounded(value: Any) -> Any:
    return float(f"{value:.6g}") if isinstance(value, float) else value
