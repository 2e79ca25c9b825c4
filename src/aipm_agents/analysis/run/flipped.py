"""What would have changed the decision of a run: its package, on what lay on the table when it was last ruled.

Exact for the criteria, and for the votes by the score sheets: where somebody voted otherwise than its sheet says, talk
decided, and that is told apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.analysis.run.what_if import bases
from aipm_agents.analysis.space.flip import Flips, flipped
from aipm_agents.analysis.space.levers import Sieve
from aipm_agents.roles import PM
from aipm_agents.table.options import unknown_to
from aipm_agents.table.packages import outcome_space
from aipm_agents.table.rules import matches, worth

if TYPE_CHECKING:
    from aipm_agents.roles import Role
    from aipm_agents.table.record import Record


class Votes(NamedTuple):
    """How the votes on the package in question stood at its last ruling."""

    yes: tuple[Role, ...]
    no: tuple[Role, ...]
    needed: int
    required: tuple[Role, ...]
    """Without whose yes there is no deal: the PM and who holds a veto."""
    talked_out: tuple[Role, ...]
    """Said no to a package that is worth its walk-away or more, and crosses none of its red lines."""
    talked_in: tuple[Role, ...]
    """Said yes to one that is not."""

    @property
    def spare(self) -> int:
        """How many yeses more than needed; below 0, how many are missing."""
        return len(self.yes) - self.needed


class Flipped(NamedTuple):
    flips: Flips
    round: int
    """Of the ruling it goes by; 0 where nothing was ruled."""
    votes: Votes | None
    """None where nothing was ruled."""


def flipped_by(record: Record) -> Flipped:
    """`flips.package`: the deal, or else the package last ruled; None where none was."""
    scenario, ruled = record.scenario, bases(record)
    if not ruled:
        sieve = Sieve(scenario, record.tabled, record.heard.contests, unknown_to(scenario, "", record.heard))
        return Flipped(flipped(sieve, None), 0, None)
    last = ruled[-1]
    scenario = last.scenario
    sieve = Sieve(scenario, last.tabled, last.contests, last.unknown)
    found = flipped(sieve, outcome_space(scenario).code(last.package))
    yes = last.ruling.team.yes
    willing = [
        role for role, party in scenario.parties.items()
        if worth(party, last.package) >= party.walk_away
        and not any(matches(last.package, line.when) for line in party.red_lines)
    ]  # fmt: skip
    votes = Votes(
        yes, tuple(role for role in scenario.parties if role not in yes), scenario.agreement.accept_at_least,
        tuple(role for role in scenario.parties if role in {PM, *scenario.agreement.veto}),
        talked_out=tuple(role for role in willing if role not in yes),
        talked_in=tuple(role for role in yes if role not in willing),
    )  # fmt: skip
    return Flipped(found, last.round, votes)
