"""Trades: what an embedded colleague offers for what it wants, and what the PM makes of an offer.

What is given costs whoever gives it, and what is got is worth more to it; both can pass together. Where there is no
such pair, there is no trade.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.roles import PM
from aipm_agents.seats.embedded.reach import reach
from aipm_agents.seats.embedded.turn import own_turns
from aipm_agents.seats.embedded.voice import (
    Act,
    asked,
    chosen,
    name,
)
from aipm_agents.table.checkpoints import fails
from aipm_agents.table.events import Answered, Opened, positions
from aipm_agents.table.moves import Trade
from aipm_agents.table.rules import worth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Criterion, Package
    from aipm_agents.seats.embedded.interests import Interests
    from aipm_agents.seats.embedded.mediator import Mediator
    from aipm_agents.table.events import Ruled
    from aipm_agents.table.moves import Ask
    from aipm_agents.table.view import View

A_YES = 4.0
"""In points: what a trade must be believed to take from somebody who said yes, to be refused for that yes."""


def offer(view: View, mine: Interests, package: Package, asks: tuple[Ask, ...]) -> Trade | None:
    """Something others asked for, at a price, for something worth more to this seat; a promise it can keep."""
    asked = {(ask.issue, option) for ask in asks for option in ask.options}
    row, best = mine.party.points, None
    for ask in asks:
        get = {ask.issue: ask.options[0]}
        gain = row[ask.issue][ask.options[0]] - row[ask.issue][package[ask.issue]]
        for issue, option in _wished(view, package):
            if issue == ask.issue or (issue, option) in asked or option not in row[issue]:
                continue
            cost = row[issue][package[issue]] - row[issue][option]
            after = {**package, **get, issue: option}
            kept = mine.reach.passes(after) and mine.worth(after) >= mine.threshold
            if 0 < cost < gain and kept and (best is None or gain - cost > best[0]):
                best = gain - cost, {issue: option}, get
    if best is None:
        return None
    trade = Trade.model_validate({"give": best[1], "for": best[2]})
    return None if trade in [event.move.trade for event in own_turns(view)] else trade


def _wished(view: View, package: Package) -> Iterator[tuple[str, str]]:
    """What the others asked for when last heard, and the package lacks."""
    heard: dict[Role, tuple[Ask, ...]] = {}
    for event in view.events:
        if isinstance(event, Opened | Answered) and event.role != view.role:
            if event.round < max(1, view.round):
                heard[event.role] = event.move.asks
    for asks in heard.values():
        for ask in asks:
            if package[ask.issue] not in ask.options:
                yield ask.issue, ask.options[0]


def taken(view: View, ruling: Ruled, package: Package) -> tuple[Role, Trade] | None:
    """The trade of the last round that a package keeps, both sides of it."""
    for role, event in positions(view.events, ruling.round).items():
        trade = event.move.trade
        if trade and all(package[i] == o for i, o in (*trade.give.items(), *trade.get.items())):
            return role, trade
    return None


def left(view: View, mediator: Mediator, ruling: Ruled, package: Package) -> list[Act]:
    """An offer that is not taken is answered too, with the true reason."""
    for role, event in positions(view.events, ruling.round).items():
        trade = event.move.trade
        if trade and not all(package[i] == o for i, o in trade.get.items()):
            return [_refused(view, mediator, role, trade, ruling, package)]
    return []


def _refused(
    view: View, mediator: Mediator, role: Role, trade: Trade, ruling: Ruled, package: Package
) -> Act:
    assert view.package is not None
    before, after = view.package, {**view.package, **trade.give, **trade.get}
    slots = {"who": name(view, role), "get": chosen(view, trade.get)}
    if (fails_ := stops(view, package, trade)) is not None:
        slots |= {"part": chosen(view, fails_[1]), "asks": asked(view, fails_[0])}
        return Act("trade_fails", slots, holds=frozenset({"fails_gate"}))
    if not reach(view).passes(after) or worth(view.me, after) < view.me.walk_away:
        return Act("trade_costs_me", slots, holds=frozenset({"costs_me"}))
    drops = {
        other: mediator.believed(view, other, before) - mediator.believed(view, other, after)
        for other in ruling.team.yes if other not in (PM, role)
    }  # fmt: skip
    loser = max(drops, key=lambda each: drops[each], default=None)
    if loser is not None and drops[loser] >= A_YES:
        return Act("trade_costs_yes", {**slots, "other": name(view, loser)}, holds=frozenset({"costs_yes"}))
    if worth(view.me, after) < worth(view.me, before):
        return Act("trade_costs_me", slots, holds=frozenset({"costs_me"}))
    return Act("trade_left", slots)


def stops(view: View, package: Package, trade: Trade) -> tuple[str, Package] | None:
    """The question of the first blocking criterion that the whole swap fails, in the package it was offered for and in the
    new one, where either passes without it; and the side that does it, both where neither does alone."""
    before, swap = view.package or package, {**trade.give, **trade.get}
    for _, criterion in view.scenario.criteria.values():

        def stopped(at: Package, side: Package, criterion: Criterion = criterion) -> bool:
            return fails(view.scenario, criterion, {**at, **side}, view.tabled)

        if criterion.blocking and all(stopped(at, swap) and not stopped(at, {}) for at in (before, package)):
            sides = (side for side in (trade.get, trade.give) if stopped(package, side))
            return criterion.asks, next(sides, swap)
    return None
