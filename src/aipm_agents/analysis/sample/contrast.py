"""The values of one factor held against its first, seed by seed: differences of one figure, with their intervals.

Two runs make a pair where they play the same scenario with the same seed and the same of every other factor. Pairs of one
scenario and seed are no draws of their own: they are averaged, and seeds are resampled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from aipm_agents.analysis.sample.pairs import FEW
from aipm_agents.analysis.sample.statistics import bootstrap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Contrast(NamedTuple):
    by: str
    """The factor."""
    base: str
    """Its first value."""
    value: str
    on: str
    """The figure: a column of the rows."""
    n: int
    """Draws, scenario by seed, in which a pair has the figure."""
    base_mean: float | None
    value_mean: float | None
    """Over those draws; None without any."""
    difference: float | None
    """The mean of `value` less `base`."""
    low: float | None
    high: float | None
    """The 95 % interval of the difference, by the expanded percentile bootstrap over draws; None below two."""
    few: bool
    """Below 30 draws the interval is too narrow."""


def contrast(rows: Sequence[Mapping[str, Any]], by: str, on: str) -> list[Contrast]:
    """`rows`: as `analysis.sample.row.row` makes them. One contrast for every value but the first."""
    factor = f"factor.{by}"
    values = list(dict.fromkeys(row[factor] for row in rows if factor in row))
    figures: dict[tuple[object, ...], dict[str, float]] = {}
    for row in rows:
        if row.get(on) is not None and factor in row:
            others = tuple(sorted((k, v) for k, v in row.items() if k.startswith("factor.") and k != factor))
            block = figures.setdefault((row["origin_sha256"], row["seed"], others), {})
            block[row[factor]] = float(row[on])
    return [_against(figures, by, values[0], value, on) for value in values[1:]]


def _against(
    figures: Mapping[tuple[object, ...], dict[str, float]], by: str, base: str, value: str, on: str
) -> Contrast:
    draws: dict[tuple[object, object], list[tuple[float, float]]] = {}
    for (origin, seed, _), block in figures.items():
        if base in block and value in block:
            draws.setdefault((origin, seed), []).append((block[base], block[value]))
    pairs = [
        (_mean([one for one, _ in some]), _mean([other for _, other in some])) for some in draws.values()
    ]
    if not pairs:
        return Contrast(by, base, value, on, 0, None, None, None, None, None, True)
    found = bootstrap([other - one for one, other in pairs])
    ones, others = (sum(each) / len(pairs) for each in zip(*pairs, strict=True))
    return Contrast(
        by, base, value, on, len(pairs), ones, others, found.mean, found.low, found.high, len(pairs) < FEW
    )


def _mean(figures: Sequence[float]) -> float:
    return sum(figures) / len(figures)
