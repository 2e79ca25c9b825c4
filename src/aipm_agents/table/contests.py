"""What a challenge does to a fact: where there is something to it, the fact supports nothing until it is answered.

A challenge is answered by another fact on the table, or by a choice of the package. An answer needs no
answer of its own: a fact that stands challenged itself still answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.scenario import lenses
from aipm_agents.scenario.values import Frozen, Id, Ids
from aipm_agents.table.rules import matches

if TYPE_CHECKING:
    from collections.abc import Collection

    from aipm_agents.scenario.criteria import Criterion
    from aipm_agents.scenario.evidence import Evidence, Limit
    from aipm_agents.scenario.model import Package, Scenario


class Contest(Frozen):
    """A challenge there is something to, with everybody who made it."""

    evidence: Id
    ground: lenses.Ground
    by: Ids = ()


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


def _answered(scenario: Scenario, contest: Contest, package: Package, tabled: Collection[str]) -> bool:
    limit = limit_of(scenario, contest) if contest.evidence in scenario.facts else None
    if limit is None or any(name in tabled for name in limit.answered_by):
        return True
    return limit.unless is not None and matches(package, limit.unless)


def limit_of(scenario: Scenario, contest: Contest) -> Limit | None:
    """What is wrong with the fact on the ground it is challenged on."""
    return scenario.facts[contest.evidence].limit(contest.ground)
