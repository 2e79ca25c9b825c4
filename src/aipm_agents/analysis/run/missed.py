"""What a run could have had: a package that was open to its table, and what had to be said for it."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.analysis.run.what_if import bases
from aipm_agents.table.checkpoints import find
from aipm_agents.table.rules import exists, matches, worth

if TYPE_CHECKING:
    from collections.abc import Collection
    from decimal import Decimal

    from aipm_agents.analysis.run.what_if import Basis
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package
    from aipm_agents.table.record import Record

MOST_FACTS = 4
"""More than this many unsaid facts are not called one missed chance."""


class Missed(NamedTuple):
    package: Package
    round: int
    """The first round from which on every checkpoint's criteria would have let it through, and in which nothing came out
    that has to be heard first."""
    facts: tuple[str, ...]
    """Facts nobody tabled in time that had to be, the fewest that do; () for a package open as it was."""
    gains: dict[Role, Decimal]
    """Against what the run came to, its deal or everybody's walk-away, by the figures of the end."""


def missed(record: Record, package: Package, got: dict[Role, Decimal]) -> Missed | None:
    """How a package was open to the table of a run; None where it was not, or only when something had to be heard first, or
    where it crosses a red line."""
    scenario = record.scenario
    if any(matches(package, line.when) for party in scenario.parties.values() for line in party.red_lines):
        return None
    rounds = bases(record)
    if not rounds:
        return None
    facts = _fewest(package, rounds[-1])
    if facts is None:
        return None
    first = None
    for table in reversed(rounds):
        if not _open(package, table, facts):
            break
        first = first if table.ruling.too_new else table.round
    if first is None:
        return None
    gains = {role: worth(p, package) - got[role] for role, p in scenario.parties.items()}
    return Missed(package, first, facts, gains)


def _open(package: Package, table: Basis, said: Collection[str]) -> bool:
    """Whether the criteria would have let a package through at a ruling, by the figures of then, had these facts been
    said too. An option that nobody had brought was not open to the table, nor was a package that was not to be had."""
    scenario = table.scenario
    return exists(scenario, package) and not (table.unknown & package.items()) and all(
        find(scenario, each, package, {*table.tabled, *said}, table.contests).status == "met"
        for _, each in scenario.criteria.values() if each.blocking
    )  # fmt: skip


def _fewest(package: Package, table: Basis) -> tuple[str, ...] | None:
    """The smallest set of untabled facts that opens a package; ties go to the order of the file. What
    nobody has found out yet cannot be said."""
    scenario = table.scenario
    answers = {
        name for fact in scenario.facts.values() for limit in fact.limits for name in limit.answered_by
    }
    unsaid = [
        fact.id for fact in scenario.evidence
        if fact.id not in table.tabled and fact.takes is None and (fact.supports or fact.id in answers)
    ]  # fmt: skip
    for count in range(min(MOST_FACTS, len(unsaid)) + 1):
        for facts in combinations(unsaid, count):
            if _open(package, table, facts):
                return facts
    return None
