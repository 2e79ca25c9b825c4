"""What each party got of what there was, and what lay on the table for all of them: joint gains, as a trade.

The best, the Nash package and the better package are taken from those within the gates: every criterion met
with everything disclosed, and the agreement reached by whoever says yes from its walk-away up. Full
information is used, and labelled so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from aipm_agents.analysis.run.missed import missed
from aipm_agents.analysis.run.outcome import outcome
from aipm_agents.analysis.run.seat_result import takings
from aipm_agents.analysis.space.masks import within_the_gates
from aipm_agents.analysis.space.solutions import egalitarian, scores
from aipm_agents.table.packages import outcome_space
from aipm_agents.table.rules import worth

if TYPE_CHECKING:
    from decimal import Decimal

    from aipm_agents.analysis.run.missed import Missed
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.record import Record


class PartyShare(NamedTuple):
    """One party's points. Packages that were not signed are told without what waiting would have taken."""

    got: Decimal
    """What is left of the deal's after waiting; the walk-away where there is none."""
    walk_away: Decimal
    best: Decimal | None
    """Of the package within the gates that is best for it alone; None where nothing is within the gates."""
    nash: Decimal | None
    """Of the Nash package within the gates; None where there is none."""


class ExchangeStep(NamedTuple):
    """One issue of a trade."""

    issue: str
    was: str
    now: str
    change: dict[Role, Decimal]
    """Points; a role that neither gains nor pays is left out."""


class Exchange(NamedTuple):
    package: Package
    steps: tuple[ExchangeStep, ...]
    """From the deal, or from the package last tabled; empty where no package was."""
    gains: dict[Role, Decimal]
    """Against what the run came to, before what waiting took."""
    against_last: dict[Role, Decimal]
    """Against the package last tabled, choices that count together and all; empty where none was."""
    for_all: bool
    """Whether everybody gains; else somebody does and nobody loses."""
    such: int
    """How many packages within the gates do that: this one, and the others."""
    chance: Missed | None
    """From when on it was open to this table and what had to be said for it; None where it never was."""


class Gains(NamedTuple):
    shares: dict[Role, PartyShare]
    better: Exchange | None
    others: int
    """How many packages within the gates give nobody less than the run did and somebody more."""


def gains(record: Record) -> Gains:
    scenario = record.scenario
    reached = outcome(record)
    nash = reached.baselines.nash_within_gates
    shares = {}
    for role, party in scenario.parties.items():
        mine = takings(record, role)
        shares[role] = PartyShare(
            mine.got, party.walk_away, mine.best.points if mine.best else None, nash.points[role] if nash else None
        )  # fmt: skip
    last = reached.last.package if reached.last else None
    better, count, all_gain = _better(scenario, reached.points)
    if better is None:
        return Gains(shares, None, count)
    chance = missed(record, better, reached.points)
    gained = {role: worth(p, better) - reached.points[role] for role, p in scenario.parties.items()}
    for_all = all(gain > 0 for gain in gained.values())
    beside = {r: worth(p, better) - worth(p, last) for r, p in scenario.parties.items()} if last else {}
    return Gains(
        shares,
        Exchange(better, _steps(scenario, last, better), gained, beside, for_all, all_gain if for_all else count, chance),
        count,
    )  # fmt: skip


def _better(scenario: Scenario, got: dict[Role, Decimal]) -> tuple[Package | None, int, int]:
    """How many packages leave nobody with less and somebody with more, and how many everybody; of the packages that leave nobody with less and somebody with more, the one with the largest smallest
    gain, then the largest second smallest, and so on; ties go to the lowest package code."""
    space = outcome_space(scenario)
    floor = np.array([space.scaled(got[role]) for role in scenario.parties], dtype=np.int64)
    gained = scores(scenario) - floor[:, None]
    among = within_the_gates(scenario) & (gained >= 0).all(axis=0) & (gained > 0).any(axis=0)
    code = egalitarian(gained, among)
    count, all_gain = (int(np.count_nonzero(mask)) for mask in (among, among & (gained > 0).all(axis=0)))
    return None if code is None else space.package(code), count, all_gain


def _steps(scenario: Scenario, was: Package | None, now: Package) -> tuple[ExchangeStep, ...]:
    steps = []
    for issue in now if was is not None else ():
        assert was is not None
        if was[issue] != now[issue]:
            rows = {role: party.points[issue] for role, party in scenario.parties.items()}
            change = {role: row[now[issue]] - row[was[issue]] for role, row in rows.items()}
            moved = {role: by for role, by in change.items() if by}
            steps.append(ExchangeStep(issue, was[issue], now[issue], moved))
    return tuple(steps)
