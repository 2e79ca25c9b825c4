"""Why nothing can be a deal: a smallest set of criteria, red lines and walk-aways that no package meets together.

Each package is stopped by some of them; a set of which every package is stopped by at least one is a clash, so a
smallest one is a minimum hitting set. It is found exactly, by iterative deepening: whatever hits the first package not
hit yet is tried, and a set of n is looked for before one of n + 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from aipm_agents.analysis.space.masks import every_limit, everything, stopping
from aipm_agents.roles import PM
from aipm_agents.table.packages import outcome_space

if TYPE_CHECKING:
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.packages import Mask

Kind = Literal["criterion", "red_line", "walk_away", "quorum"]


class Wall(NamedTuple):
    """Something that stops packages."""

    kind: Kind
    name: str
    """The criterion; the role; empty for the quorum: that enough seats are at their walk-away or above."""


def clash(scenario: Scenario) -> tuple[Wall, ...]:
    """With everything disclosed; empty where some package can be a deal. Of several smallest, the first in the order of
    the file."""
    walls = _walls(scenario)
    there = outcome_space(scenario).existing
    met = there.copy()
    for mask in walls.values():
        met &= ~mask
    if met.any():
        return ()
    names = list(walls)
    kinds = np.unique(np.array([mask[there] for mask in walls.values()]), axis=1)
    found = sorted({frozenset(np.flatnonzero(column).tolist()) for column in kinds.T}, key=len)
    sets = [each for k, each in enumerate(found) if not any(other < each for other in found[:k])]
    for size in range(1, len(names) + 1):
        hit = _hitting(sets, size)
        if hit is not None:
            return tuple(names[k] for k in sorted(hit))
    raise AssertionError("every package is stopped by something")


def _hitting(sets: list[frozenset[int]], size: int) -> frozenset[int] | None:
    """A set of so many that has one of each, or None."""
    if not sets:
        return frozenset()
    if not size:
        return None
    for each in sorted(sets[0]):
        rest = _hitting([other for other in sets if each not in other], size - 1)
        if rest is not None:
            return rest | {each}
    return None


def _walls(scenario: Scenario) -> dict[Wall, Mask]:
    """Each with the packages it stops. Who must say yes stops what is below its walk-away; of the others only that too
    few are left. A red line stops a package whoever says yes."""
    space, agreement = outcome_space(scenario), scenario.agreement
    walls = {
        Wall("criterion", n): m
        for n, m in stopping(scenario, everything(scenario), every_limit(scenario)).items()
    }
    willing = np.zeros(space.size, dtype=np.int64)
    for role, party in scenario.parties.items():
        below: Mask = space.worth(party) < space.scaled(party.walk_away)
        willing += ~below
        if role in {PM, *agreement.veto} or agreement.accept_at_least == len(scenario.parties):
            walls[Wall("walk_away", role)] = below
        for line in party.red_lines:
            wall = Wall("red_line", role)
            walls[wall] = walls.get(wall, np.zeros(space.size, dtype=bool)) | space.matching(line.when)
    walls[Wall("quorum", "")] = willing < agreement.accept_at_least
    return walls
