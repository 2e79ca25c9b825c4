"""How a colleague stands to the package, and the words of its vote: with all that they may take for granted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.seats.embedded.voice import Act, asked, chosen, name, prose
from aipm_agents.table.events import Answered, Opened, Proposed
from aipm_agents.table.memory import remembered
from aipm_agents.table.moves import Opening
from aipm_agents.table.rules import exists

if TYPE_CHECKING:
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package
    from aipm_agents.seats.embedded.interests import Interests
    from aipm_agents.table.moves import Ask, Trade, Vote
    from aipm_agents.table.view import View


class Offer(NamedTuple):
    trade: Trade
    to: Role
    """Whose wish it is that is given, as last heard."""


class Stance(NamedTuple):
    """How a seat stands to the package, all of its turn taken together: what its words are drawn from."""

    vote: Vote
    before: Vote | None
    asks: tuple[Ask, ...]
    offer: Offer | None
    moved_by: tuple[str, ...]
    concern: str | None
    stopped: bool = False
    """Its own fact stops the package that suits it, and of what can still pass nothing does."""


@remembered
def own_turns(view: View) -> list[Answered]:
    """What this seat has answered so far, faults left out."""
    return [e for e in view.events if isinstance(e, Answered) and e.role == view.role and e.fault is None]


@remembered
def earlier_package(view: View) -> Package | None:
    """The package of the round before."""
    tabled = [e.package for e in view.events if isinstance(e, Proposed) and e.round < view.round]
    return tabled[-1] if tabled else None


def stance(view: View, mine: Interests, package: Package, stand: Stance) -> Act:
    """Its vote in words, with all that they may presuppose."""
    crossed = mine.crossed(package)
    if crossed is not None:
        return Act("red_line", {"because": prose(view).bare(view.me.red_lines[crossed].because)})
    if stand.concern is not None and all(e.move.concern != stand.concern for e in own_turns(view)):
        slots = {"asks": asked(view, view.scenario.criteria[stand.concern][1].asks)}
        return Act("yes_concern", slots, holds=held(view, mine, package, stand, []), else_="yes")
    missing = [ask for ask in stand.asks if package[ask.issue] not in ask.options]
    missing = missing or list(stand.asks[:1])
    wished = {ask.issue: ask.options[0] for ask in missing}
    slots = {"options": chosen(view, wished)}
    holds = held(view, mine, package, stand, missing)
    if missing:
        slots["option"] = chosen(view, dict([next(iter(wished.items()))]))
    if stand.offer is not None and stand.vote == "yes_if":
        return offer_act(view, stand.offer)
    if stand.vote == "yes":
        kind = softened(view, stand)
        if kind == "yes_moved":
            slots["granted"] = chosen(view, _granted(view, package))
        return Act(kind, slots, holds=holds, else_="yes" if kind != "yes" else "")
    if missing and "taken_out" in holds:
        return Act("taken_out", slots, holds=holds, else_=stand.vote)
    if stand.stopped:
        return Act("no_left", slots, holds=holds | {"own_fact"}, else_="no_ask")
    return Act(stand.vote if missing else "no_ask", slots, holds=holds)


def offer_act(view: View, offer: Offer) -> Act:
    slots = {"give": chosen(view, offer.trade.give), "get": chosen(view, offer.trade.get)}
    return Act("trade", slots, holds=frozenset({"sacrifice"}))


def offered_to(view: View, offer: Offer) -> Act:
    """To whom an offer goes: it gives what that one asked for when last heard, whatever is said in this round."""
    return Act("trade_to", {"who": name(view, offer.to)})


def held(view: View, mine: Interests, package: Package, stand: Stance, missing: list[Ask]) -> frozenset[str]:
    """What the words of a vote may take for granted."""
    before, holds = stand.before, _about_asks(view, mine, package, missing)
    if before is not None:
        holds.add("same_vote" if before == stand.vote else "another_vote")
        if stand.vote == "yes" and before != "yes":
            holds.add("changed_vote")
    if not_taken(view, package):
        holds.add("not_taken")
    if (earlier := earlier_package(view)) is not None:
        holds.add("unchanged" if earlier == package else "changed")
        if granted(view, package, earlier):
            holds.add("granted")
        if all(package[a.issue] == a.options[0] for a in _last_asks(view)):
            holds.add("fulfilled")
        if missing and earlier[missing[0].issue] == missing[0].options[0]:
            holds.add("taken_out")
    if any("@" not in source for source in stand.moved_by):
        holds.add("moving_fact")
    if 2 * view.round > view.scenario.rounds:
        holds.add("late")
    return frozenset(holds)


def _about_asks(view: View, mine: Interests, package: Package, missing: list[Ask]) -> set[str]:
    """What the package lacks for this seat, and what a wish or all of them would change."""
    holds, wished = set[str](), dict(package)
    if mine.worth(package) < mine.best:
        holds |= {"sacrifice", "outstanding"}
    for number, ask in enumerate(missing):
        wished[ask.issue] = ask.options[0]
        if number == 0 and exists(view.scenario, wished) and mine.worth(wished) >= mine.threshold:
            holds.add("enough")
    if missing:
        holds.add("single_ask" if len(missing) == 1 else "several_asks")
        if exists(view.scenario, wished) and mine.worth(wished) >= mine.threshold:
            holds.add("together")
        if asked_before(view, missing[0]):
            holds.add("asked_before")
    return holds


def asked_before(view: View, ask: Ask) -> bool:
    """Whether this seat has said aloud before that it wants this: asks of an opening are heard only where it named them."""
    own = [e.move for e in view.events if isinstance(e, Opened | Answered) and e.role == view.role]
    label = view.scenario.label(ask.issue, ask.options[0])
    return any(
        each.issue == ask.issue and each.options[0] == ask.options[0]
        for move in own if (label in move.says if isinstance(move, Opening) else move.vote != "yes")
        for each in move.asks
    )  # fmt: skip


def softened(view: View, stand: Stance) -> str:
    """Which kind of yes it is: a first one or the same, or won by an ask that was met, by a fact, by the plan, or by
    the hour; the hour wins over a plan, too, that the seat did not take before."""
    package, earlier = view.package, earlier_package(view)
    sent_back = package is not None and not_taken(view, package)
    if stand.before not in ("no", "yes_if"):
        return "yes_after_all" if sent_back else "yes"
    if any("@" not in source for source in stand.moved_by):
        return "yes_fact"
    if sent_back:  # the plan is no other one than it was
        return "yes_after_all"
    if package is not None and earlier is not None and granted(view, package, earlier):
        return "yes_moved"
    return "yes_closer" if stand.moved_by else "yes_time"


def not_taken(view: View, package: Package) -> bool:
    """Whether this very package lay on the table before, and got less than a yes of this seat when it last did."""
    lay = {e.round for e in view.events if isinstance(e, Proposed) and e.package == package}
    votes = [e.move.vote for e in own_turns(view) if e.round in lay]
    return bool(votes) and votes[-1] != "yes"


def granted(view: View, package: Package, earlier: Package) -> bool:
    """Whether the package has, and the one before had not, something this seat asked for in between."""
    asks = _last_asks(view)
    return any(package[a.issue] in a.options and earlier[a.issue] not in a.options for a in asks)


def _granted(view: View, package: Package) -> Package:
    """What the package has, and the one before had not, that this seat asked for first in between."""
    earlier = earlier_package(view) or package
    new = [
        a.issue
        for a in _last_asks(view)
        if package[a.issue] in a.options and earlier[a.issue] not in a.options
    ]
    return {issue: package[issue] for issue in new[:1]}


def _last_asks(view: View) -> tuple[Ask, ...]:
    return own_turns(view)[-1].move.asks if own_turns(view) else ()
