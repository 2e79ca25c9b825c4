"""Where one package stands for everybody, and where the best ones would: the yardsticks of a run.

The Nash ratio of a package is the geometric mean over the parties of what it gives them above their
walk-away, divided by the same mean at the Nash point within the gates; somebody who gains nothing
makes it 0. A package that leaves somebody below the walk-away has none: a quorum may sign it, and it
is not the same as no deal. The egalitarian gap is what the party worst off could have had in
addition: the smallest surplus at the egalitarian point within the gates, less the smallest surplus
here. Under a partial quorum the gap tells more than the ratio, and leads.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from aipm_agents.analysis.space.masks import agreeable, among, every_limit, everything, within_the_gates
from aipm_agents.analysis.space.solutions import SOLUTIONS, dominator, frontier, scores, surpluses
from aipm_agents.table.checkpoints import find
from aipm_agents.table.packages import outcome_space
from aipm_agents.table.rules import matches, worth

if TYPE_CHECKING:
    from decimal import Decimal

    from aipm_agents.analysis.space.solutions import Concept
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.packages import Mask

Filter = Literal["gates", "agreement", "whole"]
"""Which packages a solution may choose from: those all four checkpoints would let through with
everything disclosed; those the table would sign were there no criteria; every package there is."""
FILTERS: tuple[Filter, ...] = ("gates", "agreement", "whole")


class Standing(NamedTuple):
    package: Package
    points: dict[Role, Decimal]
    surplus: dict[Role, Decimal]
    """Points above the walk-away; below it, a negative number."""
    nash_ratio: float | None
    """None where no package within the gates gives everybody more than the walk-away, and where this one leaves
    somebody below it."""
    egalitarian_gap: Decimal | None
    """In points; None where no package is within the gates, below 0 where this one is fairer than any there."""
    dominated_by: Package | None
    """A package within the gates that gives nobody less and somebody more."""
    crosses: tuple[Role, ...]
    """Whose red line it crosses."""
    fails: tuple[str, ...]
    """Blocking criteria it does not meet once everything is disclosed."""
    sound: bool
    """Whether it is within the gates: all of it would hold with everything disclosed."""

    @property
    def below(self) -> tuple[Role, ...]:
        return tuple(role for role, surplus in self.surplus.items() if surplus < 0)


class Average(NamedTuple):
    """What a package drawn at random from the whole outcome space would give: exact means."""

    points: dict[Role, float]
    nash_ratio: float | None
    within_the_gates: float
    """The share of packages that are."""


def standing(scenario: Scenario, package: Package) -> Standing:
    points = {role: worth(party, package) for role, party in scenario.parties.items()}
    surplus = {role: points[role] - party.walk_away for role, party in scenario.parties.items()}
    space, reference = outcome_space(scenario), solved(scenario)["gates"]
    code = space.code(package)
    better = dominator(scores(scenario), code, within_the_gates(scenario))
    fairest = reference["egalitarian"]
    gap = (
        None if fairest is None
        else space.unscaled(int(surpluses(scenario)[:, fairest].min())) - min(surplus.values())
    )  # fmt: skip
    facts, limits = everything(scenario), every_limit(scenario)
    return Standing(
        package, points, surplus, nash_ratio=_ratio(scenario, code), egalitarian_gap=gap,
        dominated_by=None if better is None else space.package(better),
        crosses=tuple(
            role for role, party in scenario.parties.items()
            if any(matches(package, line.when) for line in party.red_lines)
        ),
        fails=tuple(
            name for name, (_, each) in scenario.criteria.items()
            if each.blocking and find(scenario, each, package, facts, limits).status != "met"
        ),
        sound=bool(within_the_gates(scenario)[code]),
    )  # fmt: skip


@lru_cache(maxsize=4)
def solved(scenario: Scenario) -> dict[Filter, dict[Concept, int | None]]:
    """Filter -> solution -> package code, None where it does not exist there."""
    return {
        name: {concept: solve(surpluses(scenario), filtered(scenario, name)) for concept, solve in SOLUTIONS.items()}
        for name in FILTERS
    }  # fmt: skip


def filtered(scenario: Scenario, name: Filter) -> Mask:
    match name:
        case "gates":
            return within_the_gates(scenario)
        case "agreement":
            return agreeable(scenario)
        case "whole":
            return among(scenario)


@lru_cache(maxsize=4)
def optimal(scenario: Scenario) -> dict[Filter, int | None]:
    """Filter -> how many of its packages no other of them dominates; None for more than are counted."""
    fronts = {name: frontier(scores(scenario), filtered(scenario, name)) for name in FILTERS}
    return {name: None if front is None else len(front) for name, front in fronts.items()}


@lru_cache(maxsize=4)
def at_random(scenario: Scenario) -> Average:
    space, points = outcome_space(scenario), scores(scenario)
    best = solved(scenario)["gates"]["nash"]
    there = space.existing
    points, gains = points[:, there], np.maximum(surpluses(scenario)[:, there], 0)
    means, top = (
        _means(gains / space.scale),
        None if best is None else _means(surpluses(scenario)[:, [best]] / space.scale),
    )
    return Average(
        points={r: float(row.mean()) / space.scale for r, row in zip(scenario.parties, points, strict=True)},
        nash_ratio=None if top is None else float(means.mean() / top[0]),
        within_the_gates=float(within_the_gates(scenario)[there].mean()),
    )


def _ratio(scenario: Scenario, code: int) -> float | None:
    best = solved(scenario)["gates"]["nash"]
    if best is None or (surpluses(scenario)[:, code] < 0).any():
        return None
    mine, top = _means(surpluses(scenario)[:, [code, best]] / outcome_space(scenario).scale)
    return float(mine / top)


def _means(gains: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:  # fmt: skip
    """The geometric mean over parties, by package; 0 where somebody gains nothing."""
    out: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = gains.prod(axis=0) ** (1 / len(gains))
    return out
