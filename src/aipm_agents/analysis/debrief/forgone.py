"""Who paid: what each seat has less of than in the best package for it that passes, and what it asked for again and again.

The best is taken with everything disclosed, everybody saying yes from the walk-away up. What a seat asked for are the
conditions beside votes that were no yes, in rounds whose plan had none of the options that would do: any of them meets it.
What the PM wanted stands in its packages, and is not counted here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from aipm_agents.analysis.space.masks import within_the_gates
from aipm_agents.table.packages import outcome_space
from aipm_agents.table.rules import worth

if TYPE_CHECKING:
    from decimal import Decimal

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.record import Record

AGAIN, MOST = 2, 3
"""In so many rounds a condition is one that was made again and again; and so many of a seat's are told."""


class Given(NamedTuple):
    """One choice of the deal that is worth less to a seat than that of its best package."""

    issue: str
    instead: str
    """The option of the best package."""
    points: Decimal
    """By how much less; above 0. Of the options alone, without what choices are worth together."""


class Wish(NamedTuple):
    """What a seat made a condition: what the deal is without, and what it made one again and again."""

    issue: str
    options: tuple[str, ...]
    """Any of them would have done."""
    rounds: tuple[int, ...]
    planned: tuple[int, ...]
    """The rounds whose package had one of them."""
    in_deal: bool
    eased: int | None = None
    """The round in which the deal's option would do for this seat, too."""


class Forgone(NamedTuple):
    best: Decimal | None
    """Points of the best package for this seat that passes; None where nothing does."""
    short: Decimal
    """By how much the deal is worth less; below 0 where more, as a deal that would not have passed may be."""
    given: tuple[Given, ...]
    """The dearest first; none without a deal."""
    wishes: tuple[Wish, ...]
    """What the deal is without first, then what was asked for most often."""


def forgone(record: Record) -> dict[Role, Forgone]:
    """Seat by seat. Without a deal the walk-away is what each has."""
    scenario, deal = record.scenario, record.deal
    return {role: _of(scenario, record, role, deal) for role in scenario.parties}


def _of(scenario: Scenario, record: Record, role: Role, deal: Package | None) -> Forgone:
    party = scenario.parties[role]
    got = worth(party, deal) if deal is not None else party.walk_away
    best = _best(scenario, role, deal)
    if best is None:
        return Forgone(None, got - got, (), _wishes(record, role))
    lost = []
    for issue, option in deal.items() if deal is not None else ():
        less = party.points[issue][best[issue]] - party.points[issue][option]
        if less > 0:
            lost.append(Given(issue, best[issue], less))
    lost.sort(key=lambda each: -each.points)
    most = worth(party, best)
    return Forgone(most, most - got, tuple(lost), _wishes(record, role))


def _best(scenario: Scenario, role: Role, deal: Package | None) -> Package | None:
    """Of the packages worth most to a seat, the one nearest to the deal: what it differs in is what was paid."""
    space = outcome_space(scenario)
    codes = np.flatnonzero(within_the_gates(scenario))
    if not codes.size:
        return None
    mine = space.worth(scenario.parties[role])[codes]
    found = [space.package(int(code)) for code in codes[mine == mine.max()]]
    return min(found, key=lambda p: sum(p[issue] != option for issue, option in (deal or {}).items()))


def _wishes(record: Record, role: Role) -> tuple[Wish, ...]:
    plans = {e.round: e.package for e in record.proposals if e.package}
    mine = [e for e in record.positions if e.role == role and e.move.vote not in ("yes", "no_answer")]
    asked = [(e.round, ask) for e in mine for ask in e.move.asks]
    rounds: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for number, ask in asked:
        if number in plans and plans[number][ask.issue] not in ask.options:
            rounds.setdefault((ask.issue, tuple(sorted(ask.options))), []).append(number)
    wishes = []
    for (issue, options), made in rounds.items():
        deal = record.deal[issue] if record.deal is not None else None
        eased = [n for n, ask in asked if n > made[-1] and ask.issue == issue and deal in ask.options]
        planned = tuple(number for number, package in plans.items() if package[issue] in options)
        wishes.append(
            Wish(issue, options, tuple(made), planned, deal in options, eased[0] if eased else None)
        )
    missed = [each for each in wishes if record.deal is not None and not each.in_deal]
    again = [each for each in wishes if each not in missed and len(each.rounds) >= AGAIN]
    return tuple(sorted((*missed, *again), key=lambda each: (each.in_deal, -len(each.rounds)))[:MOST])
