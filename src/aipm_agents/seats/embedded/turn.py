"""A colleague's turn in words: the acts of a position, in the order a person would say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.seats.embedded.interests import dice
from aipm_agents.seats.embedded.voice import Act, chosen, name, prose
from aipm_agents.table.events import Answered, Proposed

if TYPE_CHECKING:
    from aipm_agents.scenario.model import Package
    from aipm_agents.seats.embedded.interests import Interests
    from aipm_agents.table.moves import Ask, Choice, Reply, Trade, Vote
    from aipm_agents.table.view import View


_QUOTING = ' "「」『』'


def own_turns(view: View) -> list[Answered]:
    """What this seat has answered so far, faults left out."""
    return [e for e in view.events if isinstance(e, Answered) and e.role == view.role and e.fault is None]


def reply_acts(
    view: View, reply: Reply | None, tables: tuple[str, ...], brings: tuple[Choice, ...] = ()
) -> list[Act]:
    if reply is None:
        return []
    slots = {"asker": name(view, reply.to)}
    if reply.about in view.words:
        means = view.me.terms.get(reply.about)
        slots |= {"word": reply.about}
        return (
            [Act("reply_term", {**slots, "means": means.rstrip(".")})]
            if means
            else [Act("reply_word", slots)]
        )
    if brings or (tables and not reply.prefers):
        return [Act("reply_table", slots)]
    if reply.declined:
        return [Act("reply_keeps" if reply.about in view.scenario.issue else "reply_decline", slots)]
    if reply.prefers:
        first, last = (chosen(view, {reply.about: reply.prefers[i]}) for i in (0, -1))
        return [Act("reply_prefers", {**slots, "first": first, "last": last})]
    known = reply.about in view.tabled or any(
        reply.about in (*view.scenario.facts[each].supports, *view.scenario.facts[each].undermines)
        for each in view.tabled
    )
    return [Act("reply_stands" if known else "reply_nothing", slots)]


def pickup_acts(view: View, asks: tuple[Ask, ...]) -> list[Act]:
    """From round 2, something said a round earlier, by name; never a doubt about a wish that this seat `asks` for too."""
    if view.round < 2:
        return []
    heard = [
        e for e in view.events
        if isinstance(e, Answered) and e.round == view.round - 1 and e.role != view.role and e.fault is None
    ]  # fmt: skip
    dice(view, view.role, "pickup").shuffle(heard)
    tabled = [e for e in heard if e.move.tables]
    own_last = own_turns(view)[-1].move if own_turns(view) else None
    to_me = [e for e in heard if own_last and own_last.question and e.role == own_last.question.to]
    for event in (*tabled[:1], *to_me[:1], *heard):
        slots = {"who": name(view, event.role)}
        if event.move.tables:
            return [Act("pickup_fact", slots)]
        if event.move.vote == "no":
            return [Act("pickup_no", slots)]
        if event.move.asks and event.move.vote == "yes_if":
            wish = next((ask for ask in event.move.asks if not _shared(ask, asks)), None)
            if wish is None:
                continue
            return [Act("pickup_ask", {**slots, "option": chosen(view, {wish.issue: wish.options[0]})})]
        if event.move.vote == "yes":
            return [Act("pickup_yes", slots)]
    return []


def _shared(wish: Ask, asks: tuple[Ask, ...]) -> bool:
    return any(wish.issue == ask.issue and wish.options[0] in ask.options for ask in asks)


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
            acts.append(Act("table"))
        if aloud or not fact.voice:
            acts.append(Act("fact", lines=(aloud or fact.says,)))
    return acts


def _without_words(view: View, aloud: str, quote: str) -> str:
    """How its holder puts somebody's words on the table, without the words themselves."""
    written = prose(view)
    kept = [each for each in written.sentences(aloud) if each.strip(_QUOTING) not in quote]
    return written.joined(kept).strip()


def stance(
    view: View, mine: Interests, package: Package, vote: Vote, asks: tuple[Ask, ...],
    *, concern: str | None, kind: str,
) -> Act:  # fmt: skip
    crossed = mine.crossed(package)
    if crossed is not None:
        return Act("red_line", {"because": prose(view).bare(view.me.red_lines[crossed].because)})
    if concern is not None:
        return Act("yes_concern", {"asks": view.scenario.criteria[concern][1].asks})
    ask = asks[0] if asks else None
    slots = {"option": chosen(view, {ask.issue: ask.options[0]})} if ask else {}
    return Act(kind if vote == "yes" else vote, slots)


def softened(view: View, before: Vote | None, moved_by: tuple[str, ...]) -> str:
    """Which kind of yes it is: a first one, or won by the plan, by a fact, or by the hour."""
    if before not in ("no", "yes_if"):
        return "yes"
    package, last = view.package, own_turns(view)[-1].move
    tabled = [
        e.package for e in view.events if isinstance(e, Proposed) and e.round < view.round and e.package
    ]
    granted = package is not None and any(
        package[ask.issue] in ask.options and tabled[-1][ask.issue] != package[ask.issue] for ask in last.asks
    )
    if granted:
        return "yes_moved"
    return "yes_fact" if any("@" not in source for source in moved_by) else "yes_time"


def more(
    view: View, vote: Vote, asks: tuple[Ask, ...], trade: Trade | None, question: Act | None,
    *, crossed: int | None,
) -> list[Act]:  # fmt: skip
    """Why, what it would give for it, and what it wants to know. Why not over a red line is about that line."""
    acts = []
    if vote != "yes":
        issues = list(view.me.red_lines[crossed].when) if crossed is not None else [a.issue for a in asks[:1]]
        acts += [why for issue in issues if (why := argument(view, issue))][:1]
    if trade is not None:
        acts.append(Act("trade", {"give": chosen(view, trade.give), "get": chosen(view, trade.get)}))
    return [*acts, question] if question is not None else acts


def argument(view: View, issue: str) -> Act | None:
    """The role's own sentences on an issue."""
    lines = view.me.argues.get(issue, ())
    return Act("argument", lines=tuple(lines), bare=True) if lines else None
