"""What is wrong with a case as a game: options nobody could sign, options another is better than for everybody, criteria
that never stop anything, a seat that decides alone."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from aipm_agents.table.packages import outcome_space

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.packages import Mask

T = TypeVar("T", bound=np.generic)


def _by_option(values: NDArray[T], sizes: tuple[int, ...], axis: int) -> NDArray[T]:
    """By package -> with the options of one issue as rows, and all that goes with them as columns."""
    before, size = prod(sizes[:axis]), sizes[axis]
    rows: NDArray[T] = values.reshape(before, size, -1).transpose(1, 0, 2).reshape(size, -1)
    return rows


def idle(disclosed: dict[str, Mask], start: dict[str, Mask]) -> tuple[str, ...]:
    return tuple(name for name in disclosed if not disclosed[name].any() and not start[name].any())


def dead(scenario: Scenario, acceptable: Mask) -> tuple[tuple[str, str], ...]:
    if not acceptable.any():
        return ()
    sizes = outcome_space(scenario).sizes
    found = []
    for axis, issue in enumerate(scenario.issues):
        alive = np.asarray(_by_option(acceptable, sizes, axis).any(axis=1))
        found += [(issue.id, issue.options[int(k)].id) for k in np.flatnonzero(~alive)]
    return tuple(found)


def dominated(scenario: Scenario, passing: Mask) -> tuple[tuple[str, str, str], ...]:
    space = outcome_space(scenario)
    crossing = [space.matching(line.when) for party in scenario.parties.values() for line in party.red_lines]
    found = []
    for axis, issue in enumerate(scenario.issues):
        liked = _liked(scenario, axis)
        passes_with = _by_option(passing, space.sizes, axis)
        crossed = [_by_option(mask, space.sizes, axis) for mask in crossing]
        for k, row in enumerate(liked):
            better = np.flatnonzero(row)
            better = better[~(passes_with[k] & ~passes_with[better]).any(axis=1)]
            for line in crossed:
                better = better[~(line[better] & ~line[k]).any(axis=1)]
            if better.size:
                found.append((issue.id, issue.options[k].id, issue.options[int(better[0])].id))
    return tuple(found)


def _liked(scenario: Scenario, axis: int) -> Mask:
    """By (option of an issue, other option): whether the other gives nobody less and somebody more, whatever else is
    chosen. Only where a bonus names the issue does that hang on the rest."""
    space, issue = outcome_space(scenario), scenario.issues[axis]
    parties = scenario.parties.values()
    linked = any(issue.id in choices for p in parties for bonus in p.bonuses for choices in bonus.when)
    worth = np.array([
        _by_option(space.worth(p), space.sizes, axis) if linked
        else [[space.scaled(p.points[issue.id][option.id])] for option in issue.options]
        for p in parties
    ])  # fmt: skip
    gained = ((other - row for other in worth.transpose(1, 0, 2)) for row in worth.transpose(1, 0, 2))
    return np.array([[bool((by >= 0).all() and (by > 0).any()) for by in each] for each in gained])


def dictators(takes: dict[Role, Mask], passing: Mask, agreed: Mask) -> tuple[Role, ...]:
    """Only where some passing package is taken by the one and refused by another."""
    contested = {
        role: any((passing & mask & ~other).any() for name, other in takes.items() if name != role)
        for role, mask in takes.items()
    }
    return tuple(
        role for role, mask in takes.items()
        if contested[role] and (passing & ~mask).any() and np.array_equal(agreed & passing, mask & passing)
    )  # fmt: skip
