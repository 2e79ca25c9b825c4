"""What a challenge does to a fact: where there is something to it, the fact supports nothing until it is answered.

A challenge is answered by another fact on the table, or by a choice of the package. An answer needs no
answer of its own: a fact that stands challenged itself still answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aipm_agents.table.rules import matches

if TYPE_CHECKING:
    from collections.abc import Collection

    from aipm_agents.scenario.evidence import Evidence, Limit
    from aipm_agents.scenario.model import Criterion, Package, Scenario
    from aipm_agents.table.events import Contest
    from aipm_agents.table.packages import Mask, OutcomeSpace


def shows(fact: Evidence, criterion: Criterion, package: Package) -> bool:
    """Whether a fact shows a criterion for a package, as long as nobody challenges it."""
    return criterion.id in fact.supports and (fact.when is None or matches(package, fact.when))


def elsewhere(
    scenario: Scenario, criterion: Criterion, package: Package, tabled: Collection[str]
) -> tuple[str, ...]:
    """The facts on the table that show a criterion for other packages than this one."""
    return tuple(
        name for name, fact in scenario.facts.items()
        if name in tabled and criterion.id in fact.supports and not shows(fact, criterion, package)
    )  # fmt: skip


def by_package(scenario: Scenario, contests: Collection[Contest]) -> bool:
    """Whether it may hang on the package what is shown: by what a fact speaks of, or by what answers a challenge."""
    return bool(contests) or any(fact.when is not None for fact in scenario.facts.values())


def supporting(
    scenario: Scenario, criterion: Criterion, package: Package,
    tabled: Collection[str], contests: Collection[Contest],
) -> tuple[str, ...]:  # fmt: skip
    """The facts on the table that show a criterion for a package: no challenge to them stands. Those that
    nobody has taken apart come first: the first is the one read out as its proof."""
    doubted = {each.evidence for each in contests}
    silenced = {
        each.evidence for each in contests if not _answered(scenario, each, package, tabled)
    }  # fmt: skip
    found = [
        name for name, fact in scenario.facts.items()
        if name in tabled and shows(fact, criterion, package) and name not in silenced
    ]  # fmt: skip
    return tuple(sorted(found, key=doubted.__contains__))


def unanswered(
    scenario: Scenario, criterion: Criterion, package: Package,
    tabled: Collection[str], contests: Collection[Contest],
) -> tuple[Contest, ...]:  # fmt: skip
    """The challenges that stand between a criterion and the facts on the table that would show it."""
    return tuple(
        each for each in contests
        if each.evidence in tabled and shows(scenario.facts[each.evidence], criterion, package)
        and not _answered(scenario, each, package, tabled)
    )  # fmt: skip


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
        limit = _limit(scenario, contest)
        if limit is not None and not any(name in tabled for name in limit.answered_by):
            silenced |= ~space.matching(limit.unless) if limit.unless else True
    return silenced


def _answered(scenario: Scenario, contest: Contest, package: Package, tabled: Collection[str]) -> bool:
    limit = _limit(scenario, contest) if contest.evidence in scenario.facts else None
    if limit is None or any(name in tabled for name in limit.answered_by):
        return True
    return limit.unless is not None and matches(package, limit.unless)


def _limit(scenario: Scenario, contest: Contest) -> Limit | None:
    return scenario.facts[contest.evidence].limit(contest.ground)
