"""Which packages pass what: masks over the outcome space, one truth value for every package code."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from aipm_agents.roles import PM
from aipm_agents.table.contests import Contest
from aipm_agents.table.packages import outcome_space
from aipm_agents.table.stopped import failing, unshown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.packages import Mask


def everything(scenario: Scenario) -> frozenset[str]:
    """All evidence of a scenario, as if it lay on the table; without studies that come too late."""
    return frozenset(
        name for name, fact in scenario.facts.items() if fact.takes is None or fact.takes < scenario.rounds
    )


def at_start(scenario: Scenario) -> frozenset[str]:
    """The evidence that lies on the table before anyone speaks."""
    return frozenset(fact.id for fact in scenario.evidence if fact.known_at_start)


def every_limit(scenario: Scenario) -> tuple[Contest, ...]:
    """Every challenge there is something to, as if somebody had made it: with everything disclosed, what is
    wrong with a fact is known like the fact."""
    return tuple(
        Contest(evidence=name, ground=limit.ground)
        for name, fact in scenario.facts.items() for limit in fact.limits
    )  # fmt: skip


def among(scenario: Scenario) -> Mask:
    """The packages that there are. Read only: it is shared."""
    return outcome_space(scenario).existing


def stopping(scenario: Scenario, tabled: Collection[str], contests: Collection[Contest]) -> dict[str, Mask]:
    """Blocking criterion -> the packages it stops with this evidence on the table, and challenged so."""
    space = outcome_space(scenario)
    return {
        name: space.existing
        & (failing(space, scenario, each, tabled) | unshown(space, scenario, each, tabled, contests))
        for name, (_, each) in scenario.criteria.items()
        if each.blocking
    }


def passes(scenario: Scenario, tabled: Collection[str], contests: Collection[Contest]) -> Mask:
    """Packages that pass every blocking criterion with this evidence on the table, and challenged so."""
    return among(scenario) & ~either(scenario, stopping(scenario, tabled, contests).values())


def invented(scenario: Scenario) -> Mask:
    """Packages with an option that somebody has to bring first."""
    space = outcome_space(scenario)
    return either(scenario, (space.making({i: (o,)}) for i, o in scenario.held_options))


def crosses(scenario: Scenario) -> Mask:
    """Packages that cross somebody's red line."""
    space = outcome_space(scenario)
    lines = (line for party in scenario.parties.values() for line in party.red_lines)
    return space.existing & either(scenario, (space.matching(line.when) for line in lines))


def willing(scenario: Scenario, role: Role) -> Mask:
    """Packages a role would say yes to: from its walk-away up, and across none of its red lines."""
    space, party = outcome_space(scenario), scenario.parties[role]
    mask: Mask = space.existing & (space.worth(party) >= space.scaled(party.walk_away))
    for line in party.red_lines:
        mask &= ~space.matching(line.when)
    return mask


@lru_cache(maxsize=4)
def agreeable(scenario: Scenario) -> Mask:
    """Packages that reach quorum with every veto holder and the PM, and cross no red line, if each role
    says yes to exactly what it is willing to take. Read only: it is shared."""
    agreement = scenario.agreement
    votes = np.zeros(outcome_space(scenario).size, dtype=np.int64)
    for role in scenario.parties:
        votes += willing(scenario, role)
    mask: Mask = (votes >= agreement.accept_at_least) & ~crosses(scenario)
    for role in {*agreement.veto, PM}:
        mask &= willing(scenario, role)
    return mask


@lru_cache(maxsize=4)
def within_the_gates(scenario: Scenario) -> Mask:
    """Packages that all four checkpoints would let through with everything disclosed, options and what is
    wrong with the facts included: every criterion, and the agreement it needs. Read only: it is shared."""
    return passes(scenario, everything(scenario), every_limit(scenario)) & agreeable(scenario)


def either(scenario: Scenario, masks: Iterable[Mask]) -> Mask:
    """Packages in at least one of these."""
    acc = np.zeros(outcome_space(scenario).size, dtype=bool)
    for mask in masks:
        acc |= mask
    return acc
