"""What the embedded PM believes a colleague values, learnt only from what the colleague said.

The belief is a Gaussian over the colleague's points for every option and over its walk-away. Each
thing said is an inequality between them (this option before that one; this package above the
walk-away), taken in by assumed-density filtering with a probit likelihood: the exact mean and
variance of a truncated Gaussian (Minka 2001; Herbrich, Minka, Graepel 2006). The prior knows only
what the scenario format says of everybody: the best package is worth 100.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, exp, pi, sqrt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aipm_agents.table.packages import OutcomeSpace

Floats = NDArray[np.float64]
Term = tuple[int, float]
"""A coordinate and its coefficient."""

BEST = 100.0
_WALK_AWAY, _WALK_AWAY_SPREAD = 40.0, 15.0
_MEAN_SHARE, _MEAN_SQUARE_SHARE = 0.6, 0.45
"""Of an option against the best of its issue, if options are drawn evenly: first two moments."""


@dataclass(frozen=True)
class Belief:
    mean: Floats
    """Points of every option, issue by issue; the walk-away last."""
    spread: Floats
    """Their covariance."""

    def learns(self, terms: Sequence[Term], at_least: float, noise: float) -> Belief:
        """Take in that the sum of `terms` is `at_least` this much, give or take `noise` points."""
        index = [coordinate for coordinate, _ in terms]
        factors = np.array([factor for _, factor in terms])
        column = self.spread[:, index] @ factors
        variance = float(factors @ column[index]) + noise * noise
        deviation = sqrt(variance)
        z = (float(self.mean[index] @ factors) - at_least) / deviation
        slope = _inverse_mills(z)
        shrink = slope * (slope + z)
        return Belief(
            self.mean + column * (slope / deviation),
            self.spread - column[:, None] * column * (shrink / variance),
        )

    def measures(self, terms: Sequence[Term], value: float, noise: float) -> Belief:
        """Take in that the sum of `terms` is `value`, give or take `noise` points."""
        index = [coordinate for coordinate, _ in terms]
        factors = np.array([factor for _, factor in terms])
        column = self.spread[:, index] @ factors
        variance = float(factors @ column[index]) + noise * noise
        gap = value - float(self.mean[index] @ factors)
        return Belief(
            self.mean + column * (gap / variance), self.spread - column[:, None] * column / variance
        )


def prior(space: OutcomeSpace) -> Belief:
    """Before anyone has spoken: weights spread evenly over the issues, options spread evenly within."""
    issues = len(space.sizes)
    weight = 1.0 / issues
    weight_square = weight * weight + weight * (1 - weight) / (issues + 1)
    mean = BEST * weight * _MEAN_SHARE
    variance = BEST**2 * (weight_square * _MEAN_SQUARE_SHARE - (weight * _MEAN_SHARE) ** 2)
    shared = BEST**2 * (weight_square - weight * weight) * _MEAN_SHARE**2
    size = sum(space.sizes) + 1
    means, spread = np.full(size, mean), np.zeros((size, size))
    start = 0
    for count in space.sizes:
        spread[start : start + count, start : start + count] = shared
        start += count
    np.fill_diagonal(spread, variance + 1.0)
    means[-1], spread[-1, -1] = _WALK_AWAY, _WALK_AWAY_SPREAD**2
    return Belief(means, spread)


class Coordinates:
    """Where the points of an option stand in a belief."""

    def __init__(self, space: OutcomeSpace) -> None:
        self.at: dict[tuple[str, str], int] = {}
        for issue in space.issues:
            for option in space.options[issue.id]:
                self.at[issue.id, option] = len(self.at)
        self.walk_away = len(self.at)

    def package(self, package: Mapping[str, str]) -> list[Term]:
        return [(self.at[choice], 1.0) for choice in package.items()]


def _inverse_mills(z: float) -> float:
    """The standard normal density over its distribution function, at z."""
    if z < -8:
        return -z
    return sqrt(2 / pi) * exp(-z * z / 2) / erfc(-z / sqrt(2))
