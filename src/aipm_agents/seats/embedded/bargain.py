"""Trades: what an embedded colleague offers for what it wants, and what the PM makes of an offer.

What is given costs whoever gives it, and what is got is worth more to it; both can pass together. Where there is no
such pair, there is no trade.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.roles import PM
from aipm_agents.seats.embedded.reach import reach
from aipm_agents.seats.embedded.stance import Offer, own_turns
from aipm_agents.seats.embedded.voice import (
    Act,
    asked,
    chosen,
    name,
)
from aipm_agents.table.checkpoints import fails
from aipm_agents.table.events import Answered, Opened, positions
from aipm_agents.table.moves import Trade
from aipm_agents.table.rules import exists, worth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.roles import Role
    from aipm_agents.scenario.criteria import Criterion
    from aipm_agents.scenario.model import Package
    from aipm_agents.seats.embedded.interests import Interests
    from aipm_agents.seats.embedded.mediator import Mediator
    from aipm_agents.table.events import Ruled
    from aipm_agents.table.moves import Ask
    from aipm_agents.table.view import View

A_YES = 4.0
"""In points: what a trade must be believed to take from somebody who said yes, to be refused for that yes."""


def offer(view: View, mine: Interests, package: Package, asks: tuple[Ask, ...]) -> Offer | None:
    """Something others asked for, at a price, for something worth more to this seat; a promise it can keep."""
    asked = {(ask.issue, option) for ask in asks for option in ask.options}
    now, best = mine.worth(package), None
    for ask in asks:
        get = {ask.issue: ask.options[0]}
        gain = mine.worth({**package, **get}) - now
        for role, issue, option in _wished(view, package):
            if issue == ask.issue or (issue, option) in asked or option not in mine.party.points[issue]:
                continue
            cost = now - mine.worth({**package, issue: option})
            after = {**package, **get, issue: option}
            kept = mine.reach.passes(after) and mine.worth(after) >= mine.threshold
            if 0 < cost < gain and kept and (best is None or gain - cost > best[0]):
                best = gain - cost, {issue: option}, get, role
    if best is None:
        return None
    trade = Trade.model_validate({"give": best[1], "for": best[2]})
    return None if trade in [event.move.trade for event in own_turns(view)] else Offer(trade, best[3])


def _wished(view: View, package: Package) -> Iterator[tuple[Role, str, str]]:
    """Who asked for what when last heard, and the package lacks it; what stands beside a yes nobody has heard."""
    heard: dict[Role, tuple[Ask, ...]] = {}
    for event in view.events:
        if isinstance(event, Opened | Answered) and event.role != view.role:
            if event.round < max(1, view.round):
                heard[event.role] = event.move.asks if getattr(event.move, "vote", "no") != "yes" else ()
    for role, asks in heard.items():
        for ask in asks:
            if package[ask.issue] not in ask.options:
                yield role, ask.issue, ask.options[0]


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
    slots = {"who": name(view, role), "get": chosen(view, trade.get)}
    if (fails_ := stops(view, package, trade)) is not None:
        slots |= {"part": chosen(view, fails_[1]), "asks": asked(view, fails_[0])}
        return Act("trade_fails", slots, holds=frozenset({"fails_gate"}))
    return _dear(view, mediator, role, view.package, {**trade.give, **trade.get}, ruling, "trade", slots)


def _dear(
    view: View, mediator: Mediator, role: Role, before: Package, change: Package, ruling: Ruled,
    kind: str, slots: dict[str, str],
) -> Act:  # fmt: skip
    """Why a change that no rule fails is left all the same: it is not to be had beside the rest of the plan, it costs the PM
    too much, or a yes, or none of these. `kind`: of a trade or of a wish."""
    after = {**before, **change}
    if not exists(view.scenario, after):
        return Act(f"{kind}_apart", slots, holds=frozenset({"apart"}))
    if not reach(view).passes(after) or worth(view.me, after) < view.me.walk_away:
        return Act(f"{kind}_costs_me", slots, holds=frozenset({"costs_me"}))
    drops = {
        other: mediator.believed(view, other, before) - mediator.believed(view, other, after)
        for other in ruling.team.yes if other not in (PM, role) and not _wanted_by(view, other, change)
    }  # fmt: skip
    loser = max(drops, key=lambda each: drops[each], default=None)
    if loser is not None and drops[loser] >= A_YES:
        return Act(f"{kind}_costs_yes", {**slots, "other": name(view, loser)}, holds=frozenset({"costs_yes"}))
    if worth(view.me, after) < worth(view.me, before):
        return Act(f"{kind}_costs_me", slots, holds=frozenset({"costs_me"}))
    return Act(f"{kind}_left", slots)


def _wanted_by(view: View, role: Role, change: Package) -> bool:
    """Whether somebody has asked for some of a change aloud: then nobody may say that it drives them away."""
    turns = (e for e in view.events if isinstance(e, Opened | Answered) and e.role == role)
    return any(change.get(ask.issue) in ask.options for event in turns for ask in event.move.asks)


def passed_over(
    view: View, mediator: Mediator, ruling: Ruled, package: Package, to: Role | None
) -> list[Act]:
    """The wish a plan passes over that is owed a reason: the first of somebody without a yes, where the plan changes that
    very point to something else, or where it was asked for twice in a row; a veto first. `to`: who is asked something else
    in the same turn, and so is heard already."""
    answers = positions(view.events, ruling.round)
    earlier = positions(view.events, ruling.round - 1)
    owed = []
    for role, event in answers.items():
        if role == to or role in ruling.team.yes or not event.move.asks:
            continue
        wish = event.move.asks[0]
        if package[wish.issue] in wish.options:
            continue
        moved = view.package is not None and package[wish.issue] != view.package[wish.issue]
        if moved or _first_wish(earlier.get(role)) == _first_wish(event) != _first_wish(
            positions(view.events, ruling.round - 2).get(role)
        ):
            owed.append((role not in view.scenario.agreement.veto, not moved, role, wish))
    if not owed:
        return []
    *_, role, wish = min(owed, key=lambda each: each[:2])
    get = {wish.issue: wish.options[0]}
    slots = {"who": name(view, role), "get": chosen(view, get)}
    if (
        view.package is not None and package[wish.issue] == view.package[wish.issue]
    ):  # else it is named as new
        slots["now"] = chosen(view, {wish.issue: package[wish.issue]})
    for _, criterion in view.scenario.criteria.values():
        now, then = (
            fails(view.scenario, criterion, each, view.tabled) for each in (package, {**package, **get})
        )
        if criterion.blocking and then and not now:
            holds = frozenset({"fails_gate"})
            return [Act("wish_fails", {**slots, "asks": asked(view, criterion.asks)}, holds=holds)]
    return [_dear(view, mediator, role, package, get, ruling, "wish", slots)]


def _first_wish(event: Answered | None) -> tuple[str, str] | None:
    """What somebody who did not say yes asked for first."""
    if event is None or event.move.vote == "yes" or not event.move.asks:
        return None
    return event.move.asks[0].issue, event.move.asks[0].options[0]


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
