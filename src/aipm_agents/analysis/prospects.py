"""What can come of a scenario, read off its whole outcome space before anyone speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from aipm_agents.roles import PM
from aipm_agents.scenario.model import CHECKPOINTS
from aipm_agents.table.checkpoints import failing, shown
from aipm_agents.table.packages import outcome_space

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import CheckpointName, Package, Scenario
    from aipm_agents.table.packages import Mask


class Prospects(NamedTuple):
    """Counts are of packages. `disclosed`: with every piece of evidence on the table."""

    packages: int
    passing_at_start: dict[CheckpointName, int]
    passing_disclosed: dict[CheckpointName, int]
    passing_all: int
    """Through all criteria, everything disclosed."""
    acceptable: int
    """Of those: quorum, vetoes and red lines too, if each says yes exactly from its walk-away up."""
    acceptable_ungated: int
    """Quorum, vetoes and red lines alone, the criteria set aside."""
    best: Package | None
    """The acceptable package with the largest Nash product of surpluses (those at or below zero count 0)."""
    deciding_evidence: tuple[str, ...]
    """Facts without which no package passes."""
    stopped_by: dict[str, int]
    """Criterion -> packages that it stops, everything disclosed."""
    only_stopped_by: dict[str, int]
    """Criterion -> packages that nothing else stops."""
    refused_by: dict[Role, int]
    """Role -> of the packages that pass all criteria, those below its walk-away or across its red line."""


def prospects(scenario: Scenario) -> Prospects:
    """Exact, by enumeration."""
    everything = frozenset(scenario.facts)
    start = frozenset(fact.id for fact in scenario.evidence if not fact.held_by)
    stopping = _stopping(scenario, everything)
    passing = ~_any(scenario, stopping.values())
    willing = {role: _willing(scenario, role) for role in scenario.parties}
    agreed = agreeable(scenario)
    acceptable = passing & agreed
    return Prospects(
        packages=outcome_space(scenario).size,
        passing_at_start=_passing(scenario, start),
        passing_disclosed=_passing(scenario, everything),
        passing_all=int(passing.sum()),
        acceptable=int(acceptable.sum()),
        acceptable_ungated=int(agreed.sum()),
        best=_best(scenario, acceptable),
        deciding_evidence=tuple(
            name for name in scenario.facts
            if passing.any() and not passes(scenario, everything - {name}).any()
        ),
        stopped_by={name: int(mask.sum()) for name, mask in stopping.items()},
        only_stopped_by={
            name: int((mask & ~_any(scenario, (m for n, m in stopping.items() if n != name))).sum())
            for name, mask in stopping.items()
        },
        refused_by={role: int((passing & ~mask).sum()) for role, mask in willing.items()},
    )  # fmt: skip


def passes(scenario: Scenario, tabled: Collection[str]) -> Mask:
    """Packages that pass every blocking criterion with this evidence on the table."""
    return ~_any(scenario, _stopping(scenario, tabled).values())


def agreeable(scenario: Scenario) -> Mask:
    """Packages that reach quorum with every veto holder, if a role says yes from its walk-away up."""
    willing = {role: _willing(scenario, role) for role in scenario.parties}
    space, agreement = outcome_space(scenario), scenario.agreement
    votes = sum((mask.astype(np.int64) for mask in willing.values()), np.zeros(space.size, np.int64))
    mask: Mask = votes >= agreement.accept_at_least
    for role in {*agreement.veto, PM}:
        mask &= willing[role]
    for party in scenario.parties.values():
        for line in party.red_lines:
            mask &= ~space.matching(line.when)
    return mask


def _stopping(scenario: Scenario, tabled: Collection[str]) -> dict[str, Mask]:
    """Blocking criterion -> the packages it stops."""
    space = outcome_space(scenario)
    return {
        name: failing(space, scenario, each, tabled) | (not shown(scenario, each, tabled))
        for name, (_, each) in scenario.criteria.items()
        if each.blocking
    }


def _passing(scenario: Scenario, tabled: Collection[str]) -> dict[CheckpointName, int]:
    stopping = _stopping(scenario, tabled)
    return {
        name: int(
            (~_any(scenario, (m for c, m in stopping.items() if scenario.criteria[c][0] == name))).sum()
        )
        for name in CHECKPOINTS
    }


def _any(scenario: Scenario, masks: Iterable[Mask]) -> Mask:
    acc = np.zeros(outcome_space(scenario).size, dtype=bool)
    for mask in masks:
        acc |= mask
    return acc


def _willing(scenario: Scenario, role: Role) -> Mask:
    space, party = outcome_space(scenario), scenario.parties[role]
    mask: Mask = space.total(party.points) >= space.scaled(party.walk_away)
    for line in party.red_lines:
        mask &= ~space.matching(line.when)
    return mask


def _best(scenario: Scenario, among: Mask) -> Package | None:
    """Ties go to the lowest package code."""
    if not among.any():
        return None
    space = outcome_space(scenario)
    product = np.ones(space.size)
    for party in scenario.parties.values():
        surplus = (space.total(party.points) - space.scaled(party.walk_away)) / space.scale
        product *= np.maximum(surplus, 0.0)
    return space.package(int(np.argmax(np.where(among, product, -1.0))))
