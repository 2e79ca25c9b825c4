"""The few statistics a comparison of runs needs, each with its n. One run has no interval."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

_Z = 1.959963984540054
"""The 97.5th percentile of the normal distribution: intervals are of 95 %."""
RESAMPLES = 4000


class Proportion(NamedTuple):
    hits: int
    n: int
    low: float
    high: float
    """Wilson's score interval (Wilson 1927)."""

    @property
    def share(self) -> float:
        return self.hits / self.n


class Mean(NamedTuple):
    mean: float
    n: int
    low: float | None
    high: float | None
    """By the percentile bootstrap (Efron 1979); None for fewer than two."""

    @property
    def spans_zero(self) -> bool:
        """Whether it cannot be told from no difference; a single value never can."""
        return self.low is None or self.high is None or self.low <= 0 <= self.high


def wilson(hits: int, n: int) -> Proportion:
    """Raises `ValueError` for n = 0."""
    if n < 1:
        raise ValueError("a proportion of nothing")
    share, z2 = hits / n, _Z * _Z
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return Proportion(hits, n, max(0.0, centre - half), min(1.0, centre + half))


def bootstrap(values: Sequence[float], seed: int = 0) -> Mean:
    """The mean with its interval; the same values give the same interval. Raises `ValueError` for none."""
    data = np.asarray(values, dtype=float)
    if not len(data):
        raise ValueError("a mean of nothing")
    if len(data) < 2:
        return Mean(float(data.mean()), 1, None, None)
    rng = np.random.default_rng([seed, len(data)])
    means = np.array([data[rng.integers(0, len(data), len(data))].mean() for _ in range(RESAMPLES)])
    low, high = np.quantile(means, [0.025, 0.975])
    return Mean(float(data.mean()), len(data), float(low), float(high))


def entropy(counts: Sequence[int]) -> float:
    """Shannon's, in bits: 0 where all are alike."""
    total = sum(counts)
    return -sum(c / total * math.log2(c / total) for c in counts if c) + 0.0 if total else 0.0
