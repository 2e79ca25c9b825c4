"""What a run could have had: a package that was open to its table, and what had to be said for it."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.table.checkpoints import find
from aipm_agents.table.events import Answered, Injected, Opened, Ruled
from aipm_agents.table.packages import matches, worth

if TYPE_CHECKING:
    from collections.abc import Collection
    from decimal import Decimal

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.events import Event

MOST_FACTS = 4
"""More than this many unsaid facts are not called one missed chance."""


class Missed(NamedTuple):
    package: Package
    round: int
    """From which round on every checkpoint's criteria would have let it through."""
    facts: tuple[str, ...]
    """Facts nobody tabled in time that had to be, the fewest that do; () for a package open as it was."""
    gains: dict[Role, Decimal]
    """Against what the run came to: its deal, or everybody's walk-away."""


def missed(
    scenario: Scenario, events: tuple[Event, ...], package: Package, got: dict[Role, Decimal]
) -> Missed | None:
    """How a package was open to the table of a run; None where it was not, or crosses a red line."""
    if any(matches(package, line.when) for party in scenario.parties.values() for line in party.red_lines):
        return None
    on_table = _by_round(scenario, events)
    if not on_table:
        return None
    last = max(on_table)
    facts = _fewest(scenario, package, on_table[last])
    if facts is None:
        return None
    first = next(n for n in sorted(on_table) if _open(scenario, package, {*on_table[n], *facts}))
    gains = {role: worth(p.points, package) - got[role] for role, p in scenario.parties.items()}
    return Missed(package, first, facts, gains)


def _open(scenario: Scenario, package: Package, tabled: Collection[str]) -> bool:
    return all(
        find(scenario, each, package, tabled).status == "met"
        for _, each in scenario.criteria.values() if each.blocking
    )  # fmt: skip


def _fewest(scenario: Scenario, package: Package, tabled: frozenset[str]) -> tuple[str, ...] | None:
    """The smallest set of untabled facts that opens a package; ties go to the order of the file."""
    unsaid = [fact.id for fact in scenario.evidence if fact.id not in tabled and fact.supports]
    for count in range(min(MOST_FACTS, len(unsaid)) + 1):
        for facts in combinations(unsaid, count):
            if _open(scenario, package, {*tabled, *facts}):
                return facts
    return None


def _by_round(scenario: Scenario, events: tuple[Event, ...]) -> dict[int, frozenset[str]]:
    """Round -> what was on the table when it was ruled."""
    known = {fact.id for fact in scenario.evidence if not fact.held_by}
    rounds = {}
    for event in events:
        if isinstance(event, Opened | Answered):
            known |= {*event.move.tables}
        elif isinstance(event, Injected):
            known |= {*event.evidence}
        elif isinstance(event, Ruled):
            rounds[event.round] = frozenset(known)
    return rounds
