"""An embedded colleague's turn: how it votes, what it asks for, offers and asks, and how it says so.

It concedes over time and may reach its walk-away, never below; a yes means `points >= threshold`, and a red line is a no
whatever the points. Where a fact it tells in the same turn stops the package, it says no yes whatever the points either: it
asks for what still has its yes, and where nothing has, it says no.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from aipm_agents.roles import PM
from aipm_agents.seats.embedded import bargain, disclosure, invention
from aipm_agents.seats.embedded.asking import put_by_others, put_to_me, question_act
from aipm_agents.seats.embedded.asking import question as question_to_ask
from aipm_agents.seats.embedded.doubt import answer_acts, challenge_acts, stands_acts, to_challenge
from aipm_agents.seats.embedded.interests import Interests, dice, interests, vote_on
from aipm_agents.seats.embedded.invention import brings_acts
from aipm_agents.seats.embedded.news import heard_acts
from aipm_agents.seats.embedded.reasons import argument, more
from aipm_agents.seats.embedded.shift import moved_by
from aipm_agents.seats.embedded.stance import Stance, offer_act, offered_to, own_turns, stance
from aipm_agents.seats.embedded.turn import (
    answered_by_option,
    gave_up_acts,
    pickup_acts,
    reply_acts,
    table_acts,
)
from aipm_agents.seats.embedded.voice import Act, chosen, prose, speak
from aipm_agents.table.checkpoints import fails, find
from aipm_agents.table.memory import remembered
from aipm_agents.table.moves import Ask, Opening, Position, Question, Reply

if TYPE_CHECKING:
    from decimal import Decimal

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package
    from aipm_agents.table.moves import Vote
    from aipm_agents.table.view import View


def opening(view: View) -> Opening:
    view = invention.keeping_quiet(view)
    tables = _opening_facts(view)
    asks = _opening_asks(view, interests(view, tables))
    acts = [Act("wants", lines=(prose(view).ended(view.me.wants),), bare=True), *table_acts(view, tables)]
    if asks:
        option = chosen(view, {asks[0].issue: asks[0].options[0]})
        acts.append(argument(view, asks[0].issue) or Act("opens", {"option": option}))
    return Opening(asks=asks, tables=tables, says=speak(view, acts))


def position(view: View) -> Position:
    """The whole turn against one picture of the table: what it puts there itself is part of it."""
    asker, question = put_to_me(view) or (None, None)
    brings = invention.to_bring(view, question, content=_content(invention.keeping_quiet(view)))
    view = invention.keeping_quiet(view, brings)
    package = view.package
    assert package is not None
    tables = disclosure.to_table(view, question, content=_content(view))
    mine, before = interests(view, tables), _last(view)
    stops = _stops(view, tables, package)
    vote = vote_on(mine, package)
    asks = _asks(mine, package, vote)
    stopped = stops and vote == "yes" and mine.best < mine.threshold
    if vote == "yes" and stops:  # no yes to what it has itself just shown to fail
        if stopped:  # and of what can still pass, nothing is worth more to it than leaving
            vote, asks = "no", ()
        elif mends := _together(mine, package):
            vote, asks = "yes_if", mends
    stand = Stance(
        vote=vote, before=before, asks=asks,
        offer=bargain.offer(view, mine, package, asks) if vote != "yes" and not stops else None,
        moved_by=moved_by(view, mine, package, vote, before, tables),
        concern=_concern(view, package) if vote == "yes" else None,
        stopped=stopped,
    )  # fmt: skip
    reply = _reply(view, asker, question, mine, tables) if asker and question else None
    if reply is not None and asker != PM and _crosses(reply, asks):
        reply = None  # it can wait: an order that says the opposite of what is asked for now is no answer
    also = () if reply is None or question is None else tuple(
        reply.model_copy(update={"to": role}) for role in put_by_others(view, reply.to, question)
    )  # fmt: skip
    asking, challenge = question_to_ask(view, vote, mine, asks), to_challenge(view, vote)
    led = reply is not None and answered_by_option(view, reply, brings)
    news = [*(() if led else brings_acts(view, brings)), *challenge_acts(view, challenge)]
    further = more(view, mine, stand, crossed=mine.crossed(package))
    answers = reply_acts(view, reply, mine, tables, brings)
    offered = [offered_to(view, stand.offer), offer_act(view, stand.offer)] if stand.offer else []
    acts = [
        *answers,
        *(brings_acts(view, brings) if led else ()),
        *(heard := heard_acts(view, asks)),
        *(
            []
            if reply or heard
            else answer_acts(view, tables) or stands_acts(view) or pickup_acts(view, asks, vote)
        ),
        *table_acts(view, tables, led=any(act.name == "reply_table" for act in answers)),
        *gave_up_acts(view, mine, tables),
        *news,
        *(offered[:1] if vote == "yes_if" else ()),
        stance(view, mine, package, stand),
        *(offered if vote == "no" else ()),
        *([] if vote == "no" and offered else further[-1 if asking or news else -2 :]),
        *([question_act(view, asking)] if asking else []),
    ]
    return Position(
        vote=vote, asks=asks, tables=tables, brings=brings, challenge=challenge, question=asking, answer=reply, also=also,
        trade=stand.offer.trade if stand.offer else None, moved_by=stand.moved_by, concern=stand.concern, red_line=mine.crossed(package), says=speak(view, acts),
    )  # fmt: skip


@remembered
def _content(view: View) -> bool:
    """Whether it would say yes to the package as it is, before anything is told or brought."""
    return view.package is not None and vote_on(interests(view), view.package) == "yes"


def _stops(view: View, tables: tuple[str, ...], package: Package) -> bool:
    """Whether one of these facts, not yet told, makes the package fail what it must meet."""
    against = (
        view.scenario.criteria[name][1] for fact in tables for name in view.scenario.facts[fact].undermines
    )
    return any(
        each.blocking and fails(view.scenario, each, package, view.tabled | set(tables))
        and not fails(view.scenario, each, package, view.tabled)
        for each in against
    )  # fmt: skip


def _opening_asks(view: View, mine: Interests) -> tuple[Ask, ...]:
    issues = sorted(view.scenario.issue, key=lambda issue: -mine.stake(issue))
    return tuple(Ask(issue=each, options=mine.liveable(each)) for each in issues[:3] if mine.stake(each))


def _asks(mine: Interests, package: Package, vote: Vote) -> tuple[Ask, ...]:
    """Where this seat could still have most above the package, and what it could live with there now. Where its own
    turn has just shut what the package has, that comes first."""

    def place(issue: str) -> tuple[bool, Decimal]:
        return package[issue] in mine.reach.options[issue], -mine.gain(issue, package)

    issues = sorted((issue for issue in package if mine.gain(issue, package) > 0), key=place)
    asks = [Ask(issue=issue, options=mine.liveable(issue, package)) for issue in issues[:3]]
    if vote != "yes" and not asks and mine.best >= mine.threshold:
        return _together(mine, package)
    if vote == "yes_if" and package[asks[0].issue] in asks[0].options:
        asks[0] = Ask(issue=asks[0].issue, options=mine.ranked(asks[0].issue, package)[:1])
    return tuple(asks)


def _together(mine: Interests, package: Package) -> tuple[Ask, ...]:
    """What differs in the nearest package that can still pass and has its yes, asked for at once: where points are for
    choices made together, or a fact stops what suits it, no single one may bring anything. There is one wherever the best
    that can still be had is worth the threshold."""
    nearest = mine.reach.nearest(package, least=ceil(mine.threshold * mine.reach.space.scale))
    return tuple(Ask(issue=i, options=(o,)) for i, o in nearest.items() if o != package[i])[:3]


def _opening_facts(view: View) -> tuple[str, ...]:
    """Nobody is asked yet: what supports a criterion of one's own, if candour has it so."""
    for fact in (view.scenario.facts[each] for each in view.untabled):
        gates = [view.scenario.criteria[name][1] for name in fact.supports]
        owns = any(gate.owner == view.role and gate.blocking for gate in gates)
        chance = float(view.me.temperament.candour) * (1.0 if owns and not fact.undermines else 0.2)
        if dice(view, view.role, f"tell/{fact.id}").random() < chance:
            return (fact.id,)
    return ()


def _concern(view: View, package: Package) -> str | None:
    """A criterion of one's own that this yes leaves open, or that the package misses: disagree and commit."""
    open_ = []
    for each, (_, criterion) in view.scenario.criteria.items():
        if criterion.owner != view.role or criterion.left_open:
            continue
        found = find(view.scenario, criterion, package, view.tabled, view.heard.contests)
        if found.status == "failed" and (criterion.blocking or found.ground == "rule"):
            return each  # its own bar, and everybody can see that the package is under it
        if found.status != "met" and not criterion.blocking and not disclosure.holds_about(view, each):
            open_.append(each)  # nothing it holds could settle that
    return next(iter(open_), None)


def _reply(view: View, to: Role, question: Question, mine: Interests, tables: tuple[str, ...]) -> Reply:
    about = question.about
    if about in view.scenario.issue:
        candour = float(view.me.temperament.candour) + 0.35
        public = any(ask.issue == about for event in own_turns(view) for ask in event.move.asks)
        declined = not public and dice(view, view.role, "reply").random() >= candour
        cares = not declined and mine.stake(about) > 0
        return Reply(to=to, about=about, declined=declined, prefers=mine.ranked(about) if cares else ())
    if about in view.words:
        return Reply(to=to, about=about)  # nobody makes a secret of a word
    told = any(disclosure.bears(view, view.scenario.facts[each], about) for each in tables)
    return Reply(to=to, about=about, declined=not told and disclosure.holds_about(view, about))


def _crosses(reply: Reply, asks: tuple[Ask, ...]) -> bool:
    """Whether it puts another choice first than the one it asks for in the same turn."""
    wished = {ask.issue: ask.options[0] for ask in asks}
    return reply.about in wished and reply.prefers[:1] not in ((), (wished[reply.about],))


def _last(view: View) -> Vote | None:
    own = own_turns(view)
    return own[-1].move.vote if own else None
