"""The best a scenario holds, and how its packages lie: what a full-information solver sees.

It knows every score sheet, so it serves authors, teachers and debriefs; nobody at the table sees it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.analysis.space.solutions import dominator, scores
from aipm_agents.analysis.space.standing import FILTERS, filtered, optimal, solved
from aipm_agents.table.packages import outcome_space
from aipm_agents.table.rules import worth

if TYPE_CHECKING:
    from decimal import Decimal

    from aipm_agents.analysis.space.solutions import Concept
    from aipm_agents.analysis.space.standing import Filter
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package, Scenario


class Solution(NamedTuple):
    package: Package
    points: dict[Role, Decimal]
    surplus: dict[Role, Decimal]
    dominated_by: Package | None
    """A package of the same filter that gives nobody less and somebody more."""


class Landscape(NamedTuple):
    solutions: dict[Filter, dict[Concept, Solution | None]]
    """None where a solution does not exist among the packages of a filter."""
    optimal: dict[Filter, int | None]
    """How many packages of a filter no other of them dominates; None for more than are counted."""


def landscape(scenario: Scenario) -> Landscape:
    return Landscape(
        {
            name: {concept: _solution(scenario, name, code) for concept, code in solved(scenario)[name].items()}
            for name in FILTERS
        },
        optimal(scenario),
    )  # fmt: skip


def _solution(scenario: Scenario, name: Filter, code: int | None) -> Solution | None:
    if code is None:
        return None
    space = outcome_space(scenario)
    package = space.package(code)
    better = dominator(scores(scenario), code, filtered(scenario, name))
    points = {role: worth(party, package) for role, party in scenario.parties.items()}
    return Solution(
        package, points, {role: points[role] - p.walk_away for role, p in scenario.parties.items()},
        None if better is None else space.package(better),
    )  # fmt: skip
