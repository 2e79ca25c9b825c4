"""Which packages a criterion stops, as `checkpoints` and `contests` rule of one: all of them at once, with numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aipm_agents.table.contests import limit_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from aipm_agents.scenario.criteria import Criterion
    from aipm_agents.scenario.evidence import Evidence
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.contests import Contest
    from aipm_agents.table.packages import Mask, OutcomeSpace


def failing(space: OutcomeSpace, scenario: Scenario, criterion: Criterion, tabled: Collection[str]) -> Mask:
    """The packages for which a criterion is failed, as `checkpoints.fails` says it of one."""
    mask = ~space.holding(criterion.rule)
    for fact in scenario.undermining.get(criterion.id, ()):
        if fact.id in tabled:
            mask |= ~space.matching(fact.unless) if fact.unless else True
    return mask


def unshown(
    space: OutcomeSpace, scenario: Scenario, criterion: Criterion, tabled: Collection[str],
    contests: Collection[Contest],
) -> Mask:  # fmt: skip
    """The packages for which a criterion lacks the evidence it requires. Which package it is matters only
    where a choice answers a challenge, or a fact shows it beside certain choices."""
    missing = np.full(space.size, criterion.evidence is not None)
    for name, fact in scenario.facts.items():
        if name in tabled and criterion.id in fact.supports:
            against = [each for each in contests if each.evidence == name]
            missing &= silenced(space, scenario, against, tabled) | ~speaking(space, fact)
    return missing


def speaking(space: OutcomeSpace, fact: Evidence) -> Mask:
    """The packages for which a fact shows what it supports."""
    return np.ones(space.size, dtype=bool) if fact.when is None else space.matching(fact.when)


def silenced(
    space: OutcomeSpace, scenario: Scenario, against: Collection[Contest], tabled: Collection[str]
) -> Mask:
    """The packages for which one of these challenges stands."""
    silenced = np.zeros(space.size, dtype=bool)
    for contest in against:
        limit = limit_of(scenario, contest)
        if limit is not None and not any(name in tabled for name in limit.answered_by):
            silenced |= ~space.matching(limit.unless) if limit.unless else True
    return silenced
