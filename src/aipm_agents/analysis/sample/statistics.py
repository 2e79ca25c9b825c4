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
    # n draws with replacement are a multinomial over the values there are, and of those there are few
    kinds, counts = np.unique(data, return_counts=True)
    means = np.concatenate([
        rng.multinomial(len(data), counts / len(data), size=size) @ kinds / len(data)
        for size in _batches(len(kinds))
    ])  # fmt: skip
    low, high = np.quantile(means, [0.025, 0.975])
    return Mean(float(data.mean()), len(data), float(low), float(high))


def _batches(kinds: int) -> list[int]:
    """Resamples to draw at once, so that no more than a million counts are held."""
    most = max(1, 1_000_000 // kinds)
    return [min(most, RESAMPLES - done) for done in range(0, RESAMPLES, most)]


class Moved(NamedTuple):
    """Whether anything moves a figure, over blocks in which all else is the same."""

    means: tuple[float, ...]
    """Of each treatment, over the blocks."""
    n: int
    """Blocks."""
    p: float
    """Of Friedman's test; 1 where the figure never differs within a block."""


def friedman(blocks: Sequence[Sequence[float]]) -> Moved:
    """Rows are blocks, columns treatments. Friedman's test with the correction for ties (Friedman 1937;
    Conover 1999, 5.8); with figures that are 0 or 1 it is Cochran's Q, with two treatments a sign test.
    By the chi-squared approximation. Raises `ValueError` for fewer than two treatments, or no block."""
    data = np.asarray(blocks, dtype=float)
    if data.ndim != 2 or data.shape[1] < 2 or not len(data):
        raise ValueError("needs a block, and two treatments in it")
    n, k = data.shape
    below = (data[:, :, None] > data[:, None, :]).sum(axis=2)
    level = (data[:, :, None] == data[:, None, :]).sum(axis=2)
    ranks = below + (level + 1) / 2
    spread = float(((ranks - (k + 1) / 2) ** 2).sum())
    if not spread:
        return Moved(tuple(map(float, data.mean(axis=0))), n, 1.0)
    q = (k - 1) * float(((ranks.sum(axis=0) - n * (k + 1) / 2) ** 2).sum()) / spread
    return Moved(tuple(map(float, data.mean(axis=0))), n, chi2_tail(q, k - 1))


def chi2_tail(x: float, df: int) -> float:
    """The chance that a chi-squared variable with `df` degrees of freedom is above x; for whole `df` a
    finite sum (Abramowitz and Stegun 26.4.4 and 26.4.5)."""
    if x <= 0:
        return 1.0
    if df % 2:
        tail, term = math.erfc(math.sqrt(x / 2)), math.sqrt(2 * x / math.pi) * math.exp(-x / 2)
        for k in range(3, df + 1, 2):
            tail, term = tail + term, term * x / k
        return min(1.0, tail)
    tail = term = math.exp(-x / 2)
    for k in range(2, df, 2):
        term *= x / k
        tail += term
    return min(1.0, tail)


def holm(chances: Sequence[float]) -> list[float]:
    """p-values corrected for their number (Holm 1979): below 0.05 here, and of all the hypotheses that hold,
    one at the wrong is called false in at most 5 % of such tables."""
    adjusted, least = [0.0] * len(chances), 0.0
    for rank, k in enumerate(sorted(range(len(chances)), key=lambda k: chances[k])):
        least = max(least, min(1.0, (len(chances) - rank) * chances[k]))
        adjusted[k] = least
    return adjusted


def entropy(counts: Sequence[int]) -> float:
    """Shannon's, in bits: 0 where all are alike."""
    total = sum(counts)
    return -sum(c / total * math.log2(c / total) for c in counts if c) + 0.0 if total else 0.0
