"""The bargaining solutions of a finite outcome space, exact, and Pareto status by dominance.

A surplus is what a package gives a party above its walk-away, in scaled integers by (party, package
code). Every function takes the packages it may choose from (`among`) and returns a package code, or
None where the solution does not exist there. Ties go to the lowest package code.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import prod
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aipm_agents.table.packages import outcome_space

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.packages import Mask, Points

Concept = Literal["nash", "egalitarian", "kalai_smorodinsky", "max_welfare"]

_NEAR = 1e-9
"""Products and shares this close in floating point are compared again in whole numbers."""


@lru_cache(maxsize=4)
def scores(scenario: Scenario) -> Points:
    """Scaled points by (party in the scenario's order, package code)."""
    space = outcome_space(scenario)
    return np.array([space.worth(party) for party in scenario.parties.values()])


@lru_cache(maxsize=4)
def surpluses(scenario: Scenario) -> Points:
    space = outcome_space(scenario)
    walk_aways = [space.scaled(party.walk_away) for party in scenario.parties.values()]
    return scores(scenario) - np.array(walk_aways, dtype=np.int64)[:, None]


def nash(surplus: Points, among: Mask) -> int | None:
    """The largest product of surpluses (Nash 1950). None unless some package gives everybody more than
    the walk-away: a product of two losses is no gain."""
    codes = np.flatnonzero(among & (surplus > 0).all(axis=0))
    if not codes.size:
        return None
    gains = surplus[:, codes]
    product = gains.astype(float).prod(axis=0)
    return _first(codes, gains, product >= product.max() * (1 - _NEAR), prod)


def egalitarian(surplus: Points, among: Mask) -> int | None:
    """The largest smallest surplus (Kalai 1977), then the largest second smallest, and so on. It exists
    wherever there is a package; the smallest surplus may be a loss."""
    codes = np.flatnonzero(among)
    if not codes.size:
        return None
    least = surplus[:, codes].min(axis=0)
    codes = codes[least == least.max()]
    ordered = np.sort(surplus[:, codes], axis=0)
    kept = np.arange(codes.size)
    for row in ordered:
        kept = kept[row[kept] == row[kept].max()]
    return int(codes[kept[0]])


def kalai_smorodinsky(surplus: Points, among: Mask) -> int | None:
    """The largest smallest share of what each party could get at best (Kalai and Smorodinsky 1975), the
    best taken over the packages at which nobody is below the walk-away. None where there is no such
    package. A party that can gain nothing there is left out."""
    codes = np.flatnonzero(among & (surplus >= 0).all(axis=0))
    if not codes.size:
        return None
    gains = surplus[:, codes]
    ideal = gains.max(axis=1)
    gains, ideal = gains[ideal > 0], ideal[ideal > 0]
    if not ideal.size:
        return int(codes[0])
    least = (gains / ideal[:, None]).min(axis=0)

    def shares(row: list[int]) -> list[Fraction]:
        return sorted(Fraction(gain, int(best)) for gain, best in zip(row, ideal, strict=True))

    return _first(codes, gains, least >= least.max() - _NEAR, shares)


def max_welfare(surplus: Points, among: Mask) -> int | None:
    """The largest sum of points."""
    codes = np.flatnonzero(among)
    return int(codes[surplus[:, codes].sum(axis=0).argmax()]) if codes.size else None


SOLUTIONS: dict[Concept, Callable[[Points, Mask], int | None]] = {
    "nash": nash, "egalitarian": egalitarian, "kalai_smorodinsky": kalai_smorodinsky, "max_welfare": max_welfare,
}  # fmt: skip


def dominator(points: Points, code: int, among: Mask) -> int | None:
    """A package that gives nobody less and somebody more, the one with the largest sum; None if the
    package is Pareto-optimal among these."""
    mine = points[:, code][:, None]
    better = among & (points >= mine).all(axis=0) & (points > mine).any(axis=0)
    return max_welfare(points, better)


def frontier(points: Points, among: Mask) -> NDArray[np.intp] | None:
    """The codes of all packages that no other of these dominates, equal ones included; None where the
    frontier is so large that listing it would take minutes (many parties, hundreds of thousands of packages).

    From the largest sum down, so that a package can only be dominated by one already met; each block is
    held against the frontier so far in growing slices, because the first few rule out most. A block ends where a
    sum does, so that equal packages are met together.
    """
    codes = np.flatnonzero(among)
    columns = _small(points[:, codes])
    sums = -points[:, codes].sum(axis=0)
    order = np.argsort(sums, kind="stable")
    sums = sums[order]
    best, best_sums = np.empty((0, len(points)), columns.dtype), sums[:0]
    kept: list[NDArray[np.intp]] = []
    start, size = 0, 0
    while start < order.size:
        end = int(np.searchsorted(sums, sums[min(start + _BLOCK, order.size) - 1], side="right"))
        block = order[start:end]
        rows, first, which = np.unique(columns[:, block].T, axis=0, return_index=True, return_inverse=True)
        mine = sums[start:end][first]
        alive = _undominated(rows, mine, best, best_sums)
        alive = alive[_undominated(rows[alive], mine[alive], rows[alive], mine[alive])]
        best, best_sums = np.concatenate([best, rows[alive]]), np.concatenate([best_sums, mine[alive]])
        kept.append(block[np.isin(which.ravel(), alive)])
        start, size = end, size + alive.size
        if size > _MOST:
            return None
    found: NDArray[np.intp] = np.sort(codes[np.concatenate(kept)]) if kept else codes
    return found


_BLOCK, _MOST = 2048, 30_000


def _small(columns: Points) -> NDArray[Any]:
    """The same order in fewer bytes: what is compared is who gets more, not how much."""
    least = columns.min(axis=1, keepdims=True, initial=0)
    most = int((columns - least).max(initial=0))
    kind = next(kind for kind in (np.int16, np.int32, np.int64) if most <= np.iinfo(kind).max)
    small: NDArray[Any] = (columns - least).astype(kind)
    return small


def _undominated(rows: NDArray[Any], sums: Points, by: NDArray[Any], by_sums: Points) -> NDArray[np.intp]:
    """Which of these distinct rows nothing of `by` dominates. Who gets no less in every column, and more in all
    (a sum that is further below zero), dominates."""
    alive: NDArray[np.intp] = np.arange(len(rows))
    start, width = 0, 16
    while start < len(by) and alive.size:
        slice_ = by[start : start + width]
        covered = by_sums[start : start + width] < sums[alive][:, None]
        for column in range(rows.shape[1]):
            covered &= slice_[:, column] >= rows[alive, column][:, None]
        alive = alive[~covered.any(axis=1)]
        start, width = start + width, min(width * 2, 512)
    return alive


def _first(codes: NDArray[np.intp], gains: Points, near: Mask, key: Callable[[list[int]], object]) -> int:
    """Of the nearly best, the exactly best; the lowest code among equals."""
    close = np.flatnonzero(near)
    rows, first = np.unique(gains[:, close].T, axis=0, return_index=True)
    value = {int(i): key([int(n) for n in row]) for row, i in zip(rows, first, strict=True)}
    best = max(value.values())  # type: ignore[type-var]
    return int(codes[close[min(i for i, v in value.items() if v == best)]])
