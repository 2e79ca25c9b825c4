"""An embedded colleague's turn: how it votes, what it asks for, offers and asks, and how it says so.

It concedes over time and may reach its walk-away, never below; yes means `points >= threshold`; a
red line is a no whatever the points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.seats.embedded import disclosure, invention
from aipm_agents.seats.embedded.asking import asked_by_others, question_act
from aipm_agents.seats.embedded.asking import question as question_to_ask
from aipm_agents.seats.embedded.doubt import answer_acts, challenge_acts, to_challenge
from aipm_agents.seats.embedded.interests import Interests, dice, insisted_share, opening_share
from aipm_agents.seats.embedded.invention import brings_acts
from aipm_agents.seats.embedded.turn import (
    argument,
    more,
    own_turns,
    pickup_acts,
    reply_acts,
    softened,
    stance,
    table_acts,
)
from aipm_agents.seats.embedded.voice import Act, bank, chosen, speak
from aipm_agents.table.checkpoints import find
from aipm_agents.table.events import Answered, Proposed
from aipm_agents.table.lawful import asker, owed, promised
from aipm_agents.table.moves import Ask, Opening, Position, Question, Reply, Trade

if TYPE_CHECKING:
    from aipm_agents.scenario.model import Package
    from aipm_agents.table.moves import Vote
    from aipm_agents.table.view import View


def interests(view: View) -> Interests:
    concession, opening = view.me.temperament.concession, opening_share(view)
    share = insisted_share(concession, max(1, view.round), view.scenario.rounds, opening)
    return Interests(view.me, share)


def opening(view: View) -> Opening:
    view = invention.keeping_quiet(view)
    mine = interests(view)
    asks = _opening_asks(view, mine)
    tables = _opening_facts(view)
    acts = [Act("wants", lines=(view.me.wants,)), *table_acts(view, tables)]
    if asks:
        option = chosen(view, {asks[0].issue: asks[0].options[0]})
        phrases = tuple(line.format(option=option) for line in bank(view.scenario.language)["joins"]["opens"])
        mine_first = dice(view, view.role, "opens").randrange(len(phrases))
        acts.append(argument(view, asks[0].issue) or Act("opens", lines=phrases[mine_first:]))
    return Opening(asks=asks, tables=tables, says=speak(view, acts))


def position(view: View) -> Position:
    question = owed(view)
    brings = invention.to_bring(view, question, content=_content(invention.keeping_quiet(view)))
    view = invention.keeping_quiet(view, brings)
    mine, package = interests(view), view.package
    assert package is not None
    vote, before = vote_on(mine, package), _last(view)
    tables = disclosure.to_table(view, question, content=vote == "yes")
    asks = _asks(view, mine, package, vote)
    trade = _trade(view, mine, package, asks) if vote != "yes" else None
    moved_by = _moved_by(view, mine, package, vote, before)
    concern = _concern(view, mine, package) if vote == "yes" else None
    reply = _reply(view, question, mine, tables)
    asking = question_to_ask(view, vote)
    challenge = to_challenge(view, vote)
    news = [*brings_acts(view, brings), *challenge_acts(view, challenge)]
    further = more(
        view, vote, asks, trade, question_act(view, asking) if asking else None, crossed=mine.crossed(package)
    )
    acts = [
        *reply_acts(view, reply, tables, brings),
        *([] if reply else answer_acts(view, tables) or pickup_acts(view, asks)),
        *table_acts(view, tables, led=reply is not None),
        *news,
        stance(view, mine, package, vote, asks, concern=concern, kind=softened(view, before, moved_by)),
        *further[-1 if news else -2 :],
    ]
    return Position(
        vote=vote, asks=asks, tables=tables, brings=brings, challenge=challenge, question=asking, answer=reply, trade=trade,
        moved_by=moved_by, concern=concern, red_line=mine.crossed(package), says=speak(view, acts),
    )  # fmt: skip


def _content(view: View) -> bool:
    return view.package is not None and vote_on(interests(view), view.package) == "yes"


def vote_on(mine: Interests, package: Package) -> Vote:
    """Yes at the threshold of the round, yes-if from the walk-away up, else no."""
    worth = mine.worth(package)
    if mine.crossed(package) is not None or worth < mine.party.walk_away:
        return "no"
    return "yes" if worth >= mine.threshold else "yes_if"


def _opening_asks(view: View, mine: Interests) -> tuple[Ask, ...]:
    issues = sorted(view.scenario.issue, key=lambda issue: -mine.stake(issue))
    return tuple(Ask(issue=each, options=mine.liveable(each)) for each in issues[:3] if mine.stake(each))


def _asks(view: View, mine: Interests, package: Package, vote: Vote) -> tuple[Ask, ...]:
    """Where the package costs this seat most, and what it could live with there now."""
    issues = sorted(view.scenario.issue, key=lambda issue: -mine.loss(issue, package))
    asks = [Ask(issue=i, options=mine.liveable(i)) for i in issues[:3] if mine.loss(i, package) > 0]
    if vote == "yes_if" and asks and package[asks[0].issue] in asks[0].options:
        better = [o for o in asks[0].options if mine.ranked(asks[0].issue).index(o) == 0]
        asks[0] = Ask(issue=asks[0].issue, options=tuple(better))
    return tuple(asks)


def _opening_facts(view: View) -> tuple[str, ...]:
    """Nobody is asked yet: what supports a criterion of one's own, if candour has it so."""
    for fact in (view.scenario.facts[each] for each in view.untabled):
        gates = [view.scenario.criteria[name][1] for name in fact.supports]
        owns = any(gate.owner == view.role and gate.blocking for gate in gates)
        chance = float(view.me.temperament.candour) * (1.0 if owns and not fact.undermines else 0.2)
        if dice(view, view.role, f"tell/{fact.id}").random() < chance:
            return (fact.id,)
    return ()


def _trade(view: View, mine: Interests, package: Package, asks: tuple[Ask, ...]) -> Trade | None:
    """Give what others asked for and costs little, for what this seat wants most; a promise it can keep."""
    wanted = [ask for ask in asks if package[ask.issue] != mine.ranked(ask.issue)[0]]
    if not wanted:
        return None
    get = {wanted[0].issue: wanted[0].options[0]}
    offers = []
    for role, ask in asked_by_others(view):
        option = ask.options[0]
        if ask.issue in get or package[ask.issue] == option:
            continue
        after = {**package, **get, ask.issue: option}
        if mine.crossed(after) is None and mine.worth(after) >= mine.threshold:
            offers.append((mine.worth(after), role, {ask.issue: option}))
    if not offers:
        return None
    best = max(offers, key=lambda offer: offer[0])
    offered = [event.move.trade for event in own_turns(view)]
    trade = Trade.model_validate({"give": best[2], "for": get})
    return None if trade in offered else trade


def _moved_by(
    view: View, mine: Interests, package: Package, vote: Vote, before: Vote | None
) -> tuple[str, ...]:
    """What softened the vote: facts heard since, and the PM's turn where the package came closer."""
    softer = {"no": 0, "yes_if": 1, "yes": 2, "no_answer": 0}
    promise_off = vote == "no" and promised(view)
    if promise_off:
        return (f"pm@{view.round}",)
    if before is None or softer[vote] <= softer[before]:
        return ()
    facts = tuple(
        each for event in view.events
        if isinstance(event, Answered) and event.round == view.round - 1 and event.role != view.role
        for each in event.move.tables
    )  # fmt: skip
    earlier = [e.package for e in view.events if isinstance(e, Proposed) and e.round < view.round]
    closer = bool(earlier) and earlier[-1] is not None and mine.worth(package) > mine.worth(earlier[-1])
    return (*facts[:2], *([f"pm@{view.round}"] if closer else []))


def _concern(view: View, mine: Interests, package: Package) -> str | None:
    """A criterion of one's own that this yes leaves open: disagree and commit."""
    for each, (_, criterion) in view.scenario.criteria.items():
        doubted = criterion.owner == view.role and not criterion.blocking and not criterion.left_open
        doubted = doubted and not disclosure.holds_about(view, each)  # it could settle that itself
        found = find(view.scenario, criterion, package, view.tabled, view.heard.contests) if doubted else None
        if found is not None and found.status != "met":
            return each
    return None


def _reply(view: View, question: Question | None, mine: Interests, tables: tuple[str, ...]) -> Reply | None:
    if question is None:
        return None
    to, about = asker(view, question), question.about
    if about in view.scenario.issue:
        candour = float(view.me.temperament.candour) + 0.35
        public = any(ask.issue == about for event in own_turns(view) for ask in event.move.asks)
        declined = not public and dice(view, view.role, "reply").random() >= candour
        return Reply(to=to, about=about, declined=declined, prefers=() if declined else mine.ranked(about))
    if about in view.words:
        return Reply(to=to, about=about)  # nobody makes a secret of a word
    return Reply(to=to, about=about, declined=not tables and disclosure.holds_about(view, about))


def _last(view: View) -> Vote | None:
    own = own_turns(view)
    return own[-1].move.vote if own else None
