"""The few statistics a comparison of runs needs, each with its n. One run has no interval.

The unit is the draw: one scenario with one seed. Runs of one draw that differ in what a sweep set are no further
draws: they are averaged, and draws are what is resampled, scenario by scenario.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    Figures: TypeAlias = NDArray[np.float64]

T = TypeVar("T")
Draw: TypeAlias = tuple[str, object]
"""A scenario, and which draw of it: its seed, as a rule."""

_Z = 1.959963984540054
"""The 97.5th percentile of the normal distribution: intervals are of 95 %."""
RESAMPLES = 4000


class Proportion(NamedTuple):
    hits: int
    n: int
    low: float
    high: float
    """Wilson's score interval (Wilson 1927), with the size the sample has where runs share a draw."""
    draws: int

    @property
    def share(self) -> float:
        return self.hits / self.n


class Mean(NamedTuple):
    mean: float
    n: int
    """Draws."""
    low: float | None
    high: float | None
    """By the expanded percentile bootstrap (Hesterberg 2015); None for fewer than two, and where all are alike: a
    sample that never varies says nothing of how much the next one would."""

    @property
    def spans_zero(self) -> bool:
        """Whether it cannot be told from no difference. Of values all alike, a sign test tells: from six on."""
        if self.low is None or self.high is None:
            return self.mean == 0 or self.n < 6
        return self.low <= 0 <= self.high


def wilson(hits: int, n: int, size: float | None = None, draws: int | None = None) -> Proportion:
    """`size`: of a simple sample that would tell as much; n where every run is a draw of its own. Raises
    `ValueError` for n = 0."""
    if n < 1:
        raise ValueError("a proportion of nothing")
    share, z2, size = hits / n, _Z * _Z, n if size is None else size
    centre = (share + z2 / (2 * size)) / (1 + z2 / size)
    half = _Z / (1 + z2 / size) * math.sqrt(share * (1 - share) / size + z2 / (4 * size * size))
    return Proportion(
        hits, n, max(0.0, centre - half), min(1.0, centre + half), n if draws is None else draws
    )


def proportion(hits: Iterable[tuple[Draw, bool]]) -> Proportion:
    """Of runs, the share of those that hit. Where several runs share a draw, the size of the sample is divided by
    Kish's design effect (Kish 1965), estimated from the draws of each scenario; a share of none or all is that of
    as many runs as there are draws. Raises `ValueError` for no run."""
    counts: dict[Draw, list[int]] = {}
    for draw, hit in hits:
        counts.setdefault(draw, []).append(hit)
    one, n = sum(map(sum, counts.values())), sum(map(len, counts.values()))
    if len(counts) == n or one in (0, n):
        return wilson(one, n, len(counts), len(counts))
    variance = 0.0
    for stratum in _strata({draw: (sum(found), len(found)) for draw, found in counts.items()}):
        rate = sum(s for s, _ in stratum) / sum(m for _, m in stratum)
        more = len(stratum) / (len(stratum) - 1) if len(stratum) > 1 else math.inf
        variance += more * sum((s - rate * m) ** 2 for s, m in stratum) / n**2
    share = one / n
    size = n if not variance else min(float(n), max(1.0, share * (1 - share) / variance))
    return wilson(one, n, size if len(counts) > 1 else 1, len(counts))


def mean(values: Iterable[tuple[Draw, float]], seed: int = 0) -> Mean:
    """Of each draw the mean of its runs, of each scenario the mean of its draws, of all scenarios the mean of those:
    every scenario weighs the same, and its draws are resampled within it. Raises `ValueError` for none."""
    runs: dict[Draw, list[float]] = {}
    for draw, value in values:
        runs.setdefault(draw, []).append(value)
    strata = _strata({draw: sum(found) / len(found) for draw, found in runs.items()})
    if not strata:
        raise ValueError("a mean of nothing")
    return _interval([np.asarray(stratum, dtype=float) for stratum in strata], seed)


def bootstrap(values: Sequence[float], seed: int = 0) -> Mean:
    """The mean with its interval; the same values give the same interval. Raises `ValueError` for none."""
    data = np.asarray(values, dtype=float)
    if not len(data):
        raise ValueError("a mean of nothing")
    return _interval([data], seed)


def _strata(draws: Mapping[Draw, T]) -> list[list[T]]:
    """Scenario by scenario; all in one where some scenario has a single draw, whose spread nobody knows. That makes
    intervals too wide rather than too narrow."""
    strata: dict[str, list[T]] = {}
    for (scenario, _), value in draws.items():
        strata.setdefault(scenario, []).append(value)
    if any(len(stratum) < 2 for stratum in strata.values()):
        return [list(draws.values())]
    return list(strata.values())


def _interval(strata: Sequence[Figures], seed: int) -> Mean:
    n, middle = sum(map(len, strata)), sum(float(data.mean()) for data in strata) / len(strata)
    if all(data.min() == data.max() for data in strata):
        return Mean(middle, n, None, None)
    rng = np.random.default_rng([seed, n])
    means = sum(_resampled(rng, data) for data in strata) / len(strata)
    tail = expanded(n, len(strata))
    low, high = np.quantile(means, [tail, 1 - tail])
    return Mean(middle, n, float(low), float(high))


def expanded(n: int, strata: int = 1) -> float:
    """The share of resampled means to leave out at each end, of n draws in so many strata. A plain percentile interval
    is too narrow by two known factors: it spreads as if its variance were divided by n where n - 1 is due, and it is a
    normal interval where Student's is due. Leaving out the normal chance below -sqrt(n / (n - 1)) times Student's
    quantile mends both (Hesterberg, "What Teachers Should Know About the Bootstrap", The American Statistician
    69(4), 2015, 3.2); here with n less the strata for n - 1."""
    free = n - strata
    return math.erfc(math.sqrt(n / free) * student(free) / math.sqrt(2)) / 2


def student(free: int) -> float:
    """The 97.5th percentile of Student's t: exact for one and two degrees of freedom, else the expansion of Abramowitz
    and Stegun 26.7.5, within 0.8 % from three on and within 0.01 % from ten on."""
    if free < 3:
        return (12.706204736, 4.302652730)[free - 1]
    z, v = _Z, float(free)
    return (
        z + (z**3 + z) / (4 * v) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
    )  # fmt: skip


def _resampled(rng: np.random.Generator, data: Figures) -> Figures:
    """Means of resamples. n draws with replacement are a multinomial over the values there are, and of those there
    are few."""
    kinds, counts = np.unique(data, return_counts=True)
    return np.concatenate([
        rng.multinomial(len(data), counts / len(data), size=size) @ kinds / len(data)
        for size in _batches(len(kinds))
    ])  # fmt: skip


def _batches(kinds: int) -> list[int]:
    """Resamples to draw at once, so that no more than a million counts are held."""
    most = max(1, 1_000_000 // kinds)
    return [min(most, RESAMPLES - done) for done in range(0, RESAMPLES, most)]


class MovedFigure(NamedTuple):
    """Whether anything moves a figure, over blocks in which all else is the same."""

    means: tuple[float, ...]
    """Of each treatment, over the blocks."""
    n: int
    """Blocks."""
    p: float
    """Of Friedman's test; 1 where the figure never differs within a block."""


def friedman(blocks: Sequence[Sequence[float]]) -> MovedFigure:
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
        return MovedFigure(tuple(map(float, data.mean(axis=0))), n, 1.0)
    q = (k - 1) * float(((ranks.sum(axis=0) - n * (k + 1) / 2) ** 2).sum()) / spread
    return MovedFigure(tuple(map(float, data.mean(axis=0))), n, chi2_tail(q, k - 1))


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


def told_bits(table: Sequence[Sequence[int]]) -> float:
    """How much the row tells of the column, in bits: mutual information of a table of counts, less what tables of its size
    hold by chance (Miller 1955). 0 or less: no more than chance would."""
    rows = [sum(row) for row in table]
    columns = [sum(column) for column in zip(*table, strict=True)]
    total = sum(rows)
    if not total:
        return 0.0
    cells = [count for row in table for count in row]
    free = (sum(n > 0 for n in rows) - 1) * (sum(n > 0 for n in columns) - 1)
    chance: float = free / (2 * total * math.log(2))
    return entropy(rows) + entropy(columns) - entropy(cells) - chance


def entropy(counts: Sequence[int]) -> float:
    """Shannon's, in bits: 0 where all are alike."""
    total = sum(counts)
    return -sum(c / total * math.log2(c / total) for c in counts if c) + 0.0 if total else 0.0
