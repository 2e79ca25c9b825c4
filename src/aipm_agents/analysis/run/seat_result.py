"""What one seat took home from a run, and what it left on the table. Full information is used, and labelled so."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from aipm_agents.analysis.run.outcome import outcome
from aipm_agents.analysis.space.masks import within_the_gates
from aipm_agents.table.packages import outcome_space
from aipm_agents.table.rules import worth

if TYPE_CHECKING:
    from decimal import Decimal

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package
    from aipm_agents.table.packages import Mask
    from aipm_agents.table.record import Record


class Better(NamedTuple):
    package: Package
    points: Decimal


class Takings(NamedTuple):
    got: Decimal
    """What is left of the deal's points after waiting; the walk-away where there is none."""
    points: Decimal
    """The deal's, before what waiting took: it is these that other packages are held against."""
    walk_away: Decimal
    best: Better | None
    """What is worth most to this seat of all that the four checkpoints would let through with everything
    disclosed, everybody saying yes to what is worth the walk-away to them. None where nothing would pass."""
    free: Better | None
    """The best of these that leaves nobody with less than this run did; None where nothing is better."""


def takings(record: Record, role: Role) -> Takings:
    scenario = record.scenario
    space, party = outcome_space(scenario), scenario.parties[role]
    reached = outcome(record)
    mine = space.worth(party)
    passing = within_the_gates(scenario)
    unharmed = passing & (mine > space.scaled(reached.points[role]))
    for other, one in scenario.parties.items():
        unharmed &= space.worth(one) >= space.scaled(reached.points[other])

    def best(among: Mask) -> Better | None:
        codes = np.flatnonzero(among)
        if not codes.size:
            return None
        package = space.package(int(codes[np.argmax(mine[codes])]))
        return Better(package, worth(party, package))

    return Takings(
        reached.after_waiting[role], reached.points[role], party.walk_away, best(passing), best(unharmed)
    )
