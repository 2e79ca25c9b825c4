"""What is kept of one run among many, and the row it makes in a table: one run, one row."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from aipm_agents.analysis.run.summary import GATES, seated_as, sheet
from aipm_agents.analysis.run.usage import Used, total, usage
from aipm_agents.table.events import Proposed

if TYPE_CHECKING:
    from aipm_agents.analysis.run.outcome import Baselines
    from aipm_agents.analysis.space.standing import Average, Standing
    from aipm_agents.roles import Role
    from aipm_agents.table.events import Ending, Status, Verdict
    from aipm_agents.transcript.record import Transcript


class Beside(NamedTuple):
    """A package that is no result of this talk: its mean points over the parties, and its Nash ratio."""

    points: float
    nash_ratio: float | None


BASELINES = ("first", "random", "solver")
"""The first proposal; the mean of all packages; the Nash package within the gates, by full information."""


class Case(NamedTuple):
    source: str
    """How it is opened again."""
    run_id: str
    scenario: str
    digest: str
    origin: str
    """The digest of the scenario before a sweep changed it; its own where none did."""
    factors: tuple[tuple[str, str], ...]
    """What a sweep set -> to what."""
    ablation: str
    """The checkpoint that was switched off; empty where none was."""
    seed: int
    seats: str
    pm_style: str
    """How the PM led; empty where it was not told to."""
    decision: Ending
    round: int
    package: tuple[tuple[str, str], ...] | None
    """The deal."""
    first_package: tuple[tuple[str, str], ...] | None
    """What the PM proposed first."""
    first_asked: str
    """Whom the PM asked first, and about what: `legal contract`; empty where it asked nothing."""
    points: tuple[tuple[Role, float], ...]
    """The deal's, or everybody's walk-away without one."""
    nash_ratio: float | None
    egalitarian_gap: float | None
    least_gain: float
    """The smallest surplus over a walk-away; 0 without a deal."""
    trail: tuple[tuple[Verdict, ...], ...]
    findings: tuple[tuple[str, Status], ...]
    told: int
    faults: int
    used: Used
    beside: tuple[Beside, ...]
    """What the scenario gives without this table's talk, in the order of `BASELINES`."""
    group: str = ""

    @property
    def deal(self) -> bool:
        return self.package is not None

    @property
    def mean_points(self) -> float:
        return sum(points for _, points in self.points) / len(self.points)


def case(source: str, run: Transcript) -> Case:
    made = sheet("", run)
    surplus = [made.outcome.points[role] - p.walk_away for role, p in run.scenario.parties.items()]
    gap, variation = made.outcome.egalitarian_gap, run.header.variation
    return Case(
        source, made.run_id, run.scenario.id, run.scenario.digest,
        origin=variation.origin if variation else run.scenario.digest,
        factors=tuple(variation.factors.items()) if variation else (),
        ablation=run.header.without or "",
        seed=made.seed, seats=seated_as(made.seats, made.pm_style), pm_style=made.pm_style or "", decision=made.decision, round=made.round,
        package=tuple(made.package.items()) if made.deal and made.package else None,
        first_package=_first_package(run), first_asked=_first_asked(run),
        points=tuple((role, float(points)) for role, points in made.outcome.points.items()),
        nash_ratio=made.outcome.nash_ratio, egalitarian_gap=None if gap is None else float(gap),
        least_gain=float(min(surplus)) if made.deal else 0.0,
        trail=made.trail, findings=tuple(made.findings.items()),
        told=len(made.conduct.tabled), faults=sum(made.conduct.faults.values()),
        used=total(usage(run.events)), beside=_beside(made.outcome.baselines),
    )  # fmt: skip


def _proposals(run: Transcript) -> list[Proposed]:
    return [event for event in run.events if isinstance(event, Proposed) and event.package]


def _first_package(run: Transcript) -> tuple[tuple[str, str], ...] | None:
    return next((tuple(event.package.items()) for event in _proposals(run) if event.package), None)


def _first_asked(run: Transcript) -> str:
    questions = (event.move.question for event in _proposals(run) if event.move and event.move.question)
    return next((f"{question.to} {question.about}" for question in questions), "")


def _beside(base: Baselines) -> tuple[Beside, ...]:
    def of(one: Standing | Average | None) -> Beside:
        if one is None:
            return Beside(math.nan, None)
        return Beside(float(sum(one.points.values())) / len(one.points), one.nash_ratio)

    return of(base.first_proposal), of(base.at_random), of(base.nash_within_gates)


def row(one: Case) -> dict[str, Any]:
    """Column -> value, in the order of the columns; None where there is nothing to say. `docs/reports.md`
    tells what each column means."""
    last = one.trail[-1] if one.trail else ("",) * len(GATES)
    return {
        "run_id": one.run_id, "scenario": one.scenario, "scenario_sha256": one.digest, "origin_sha256": one.origin,
        "seed": one.seed, "seats": one.seats, **{f"factor.{key}": value for key, value in one.factors},
        "ablation": one.ablation, "pm_style": one.pm_style, "decision": one.decision, "round": one.round,
        "package": _spelt(one.package), "first_package": _spelt(one.first_package),
        "first_asked": one.first_asked,
        "nash_ratio": _rounded(one.nash_ratio), "egalitarian_gap": _rounded(one.egalitarian_gap),
        "least_gain": _rounded(one.least_gain), "mean_points": _rounded(one.mean_points),
        **{f"points.{role}": _rounded(points) for role, points in one.points},
        **dict(zip(GATES, last, strict=True)),
        "facts_tabled": one.told, "faults": one.faults, "calls": one.used.calls, "prompt_tokens": one.used.prompt,
        "cached_tokens": one.used.cached, "answer_tokens": one.used.completion,
    }  # fmt: skip


def _spelt(package: tuple[tuple[str, str], ...] | None) -> str:
    return " ".join(f"{issue}={option}" for issue, option in package or ())


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.6g}")


_LATE = ("facts_tabled", "faults", "calls", "prompt_tokens", "cached_tokens", "answer_tokens", "why")


def columns(names: set[str]) -> list[str]:
    """The columns of a table whose rows have these, in one order whatever came first."""
    factors = sorted(name for name in names if name.startswith("factor."))
    points = sorted(name for name in names if name.startswith("points."))
    order = [
        "run_id", "scenario", "scenario_sha256", "origin_sha256", "seed", "seats", *factors, "ablation", "pm_style",
        "decision", "round", "package", "first_package", "first_asked", "nash_ratio", "egalitarian_gap", "least_gain", "mean_points", *points, *GATES, *_LATE,
    ]  # fmt: skip
    return [name for name in order if name in names]
