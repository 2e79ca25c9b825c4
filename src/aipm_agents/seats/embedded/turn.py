"""A colleague's turn in words: the acts of a position, in the order a person would say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.seats.embedded import disclosure, invention
from aipm_agents.seats.embedded.interests import dice
from aipm_agents.seats.embedded.reach import reach
from aipm_agents.seats.embedded.shift import lost_favourite
from aipm_agents.seats.embedded.stance import own_turns
from aipm_agents.seats.embedded.voice import (
    Act,
    asked,
    chosen,
    name,
    prose,
)
from aipm_agents.table.events import Answered

if TYPE_CHECKING:
    from aipm_agents.scenario.model import Package
    from aipm_agents.seats.embedded.interests import Interests
    from aipm_agents.table.moves import Ask, Choice, Reply, Vote
    from aipm_agents.table.view import View


_QUOTING = ' "「」『』'


def reply_acts(
    view: View, reply: Reply | None, mine: Interests, tables: tuple[str, ...], brings: tuple[Choice, ...] = ()
) -> list[Act]:
    if reply is None:
        return []
    slots = {"asker": name(view, reply.to)}
    if reply.about in view.words:
        means = view.me.terms.get(reply.about)
        slots |= {"word": reply.about}
        if means is None:
            return [Act("reply_word", slots)]
        return [Act("reply_term", {**slots, "means": prose(view).bare(means)})]
    told = [disclosure.bears(view, view.scenario.facts[each], reply.about) for each in tables]
    if answered_by_option(view, reply, brings) or (
        any(told) and not reply.prefers
    ):  # what it tells beside is no answer
        return [Act("reply_table", slots)]
    if reply.about in view.scenario.issue:
        return [_order(view, reply, mine, slots)]
    if reply.declined:
        return [Act("reply_decline", slots)]
    known = reply.about in view.tabled or any(
        reply.about in (*view.scenario.facts[each].supports, *view.scenario.facts[each].undermines)
        for each in view.tabled
    )
    return [Act("reply_stands" if known else "reply_nothing", slots)]


def answered_by_option(view: View, reply: Reply, brings: tuple[Choice, ...]) -> bool:
    """Whether the answer to a question is an option that the seat brings with it."""
    return any(
        reply.about in (each.issue, *invention.cures(view, each.issue, each.option)) for each in brings
    )


def _order(view: View, reply: Reply, mine: Interests, slots: dict[str, str]) -> Act:
    """What it would have on an issue: its order, that it does not mind, that there is no choice left, or nothing."""
    slots = {**slots, "about": asked(view, view.scenario.issue[reply.about].question)}
    if reply.declined:
        return Act("reply_keeps", slots)
    if not reply.prefers:
        return Act("reply_same" if len(mine.ranked(reply.about)) > 1 else "reply_settled", slots)
    first, last = (chosen(view, {reply.about: reply.prefers[i]}) for i in (0, -1))
    slots |= {"first": first, "last": last}
    if len(reply.prefers) == 2:
        return Act("reply_two", slots, holds=frozenset({"order", "two_options"}))
    return Act("reply_prefers", slots, holds=frozenset({"order"}))


def pickup_acts(view: View, asks: tuple[Ask, ...], vote: Vote) -> list[Act]:
    """From round 2, something said a round earlier, by name, as long as that is still the last thing its speaker said to
    whoever reads along; what those have told who speak again before this seat is told as what it is, last round's. Never a
    doubt about a wish that is this seat's too, now (`asks`) or a round ago, nor about one that stops the package or is in the one it says yes to."""
    if view.round < 2:
        return []
    heard = [
        e for e in view.events
        if isinstance(e, Answered) and e.round == view.round - 1 and e.role != view.role and e.fault is None
    ]  # fmt: skip
    dice(view, view.role, "pickup").shuffle(heard)
    seats = view.scenario.colleagues
    spoke_since = seats[: seats.index(view.role)]
    heard.sort(key=lambda e: e.role in spoke_since)
    tabled = [e for e in heard if e.move.tables]
    own_last = own_turns(view)[-1].move if own_turns(view) else None
    to_me = [e for e in heard if own_last and own_last.question and e.role == own_last.question.to]
    wishes = (*asks, *(own_last.asks if own_last else ()))
    for event in (*tabled[:1], *to_me[:1], *heard):
        slots = {"who": name(view, event.role)}
        if event.move.tables:
            facts = [view.scenario.facts[each] for each in event.move.tables]
            figure = ("figure",) if all(fact.analysis for fact in facts) else ()
            against = ("against",) if any(fact.undermines for fact in facts) else ()
            holds = frozenset({"fact_told", *figure, *against})
            if event.role in spoke_since:
                return [Act("pickup_earlier", slots, holds=holds, else_="pickup_fact")]
            return [Act("pickup_fact", slots, holds=holds)]
        if event.move.vote == "no":
            return [Act("pickup_no", slots)]
        if event.move.asks and event.move.vote == "yes_if":
            if any(shared(event.move.asks[0], wish) for wish in wishes):
                continue
            wish = event.move.asks[0]
            if view.package is not None and not _open_to(view, view.package, wish, vote):
                continue
            return [Act("pickup_ask", {**slots, "option": chosen(view, {wish.issue: wish.options[0]})})]
        if event.move.vote == "yes" and not _had_said_yes(view, event):
            return [Act("pickup_yes", slots)]
    return []


def _open_to(view: View, package: Package, wish: Ask, vote: Vote) -> bool:
    """Whether there is something to say to a wish: it can be had as the package stands, which has not got it already."""
    if package[wish.issue] in wish.options:
        return vote != "yes"
    passing = reach(view)
    return passing.passes({**package, wish.issue: wish.options[0]}) or not passing.passes(package)


def _had_said_yes(view: View, event: Answered) -> bool:
    """Whether the yes is old news: it stood a round before, too."""
    return any(
        isinstance(e, Answered)
        and e.role == event.role
        and e.round == event.round - 1
        and e.move.vote == "yes"
        for e in view.events
    )


def shared(wish: Ask, own: Ask) -> bool:
    """Whether somebody's wish is one this seat has too, or could live with."""
    return wish.issue == own.issue and wish.options[0] in own.options


def gave_up_acts(view: View, mine: Interests, tables: tuple[str, ...]) -> list[Act]:
    """What this seat asked for first a round ago, where it cannot pass any more: said once, as the next ask is another."""
    lost = lost_favourite(view, mine, tables)
    if lost is None:
        return []
    slots = {"option": chosen(view, dict([lost.choice]))}
    if lost.teller is not None and lost.teller != view.role:
        slots["who"] = name(view, lost.teller)
    own = ("own_fact",) if lost.teller == view.role else ()
    return [Act("gave_up", slots, holds=frozenset({"lost_favourite", *own}))]


def table_acts(view: View, tables: tuple[str, ...], *, led: bool = False) -> list[Act]:
    acts = []
    for each in tables:
        fact = view.scenario.facts[each]
        aloud = (
            fact.aloud if fact.held_by[:1] == (view.role,) else None
        )  # its words belong to its first holder
        if fact.voice:  # somebody's own words are for the PM to read out
            aloud = _without_words(view, aloud or "", fact.says)
        if not aloud and not led:
            acts.append(Act("table", holds=frozenset({"figure"} if fact.analysis else ())))
        if aloud or not fact.voice:
            acts.append(Act("fact", lines=(prose(view).ended(aloud or fact.says),), bare=True))
    return acts


def _without_words(view: View, aloud: str, quote: str) -> str:
    """How its holder puts somebody's words on the table, without the words themselves."""
    written = prose(view)
    kept = [each for each in written.sentences(aloud) if each.strip(_QUOTING) not in quote]
    return written.joined(kept).strip()
