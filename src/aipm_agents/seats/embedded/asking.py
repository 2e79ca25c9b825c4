"""What an embedded colleague wants to know, and from whom: who can show what it owns, what a word means, what lies behind an ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.roles import PM
from aipm_agents.scenario.lenses import ASKS
from aipm_agents.seats.embedded import disclosure
from aipm_agents.seats.embedded.interests import dice
from aipm_agents.seats.embedded.stance import own_turns
from aipm_agents.seats.embedded.turn import shared
from aipm_agents.seats.embedded.voice import Act, asked, name, prose, said_before
from aipm_agents.table.checkpoints import find
from aipm_agents.table.events import Answered, Opened, Proposed, last_ruling
from aipm_agents.table.heard import speakers
from aipm_agents.table.moves import Position, Question
from aipm_agents.table.rules import matches
from aipm_agents.table.studies import pending

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package
    from aipm_agents.seats.embedded.interests import Interests
    from aipm_agents.seats.embedded.reach import Reach
    from aipm_agents.table.events import Ruled
    from aipm_agents.table.moves import Ask, Vote
    from aipm_agents.table.view import View

CURIOSITY = 0.3
"""How often a seat that is not content asks somebody what lies behind an ask."""


def question(view: View, vote: Vote, mine: Interests, asks: tuple[Ask, ...]) -> Question | None:
    """Who else could show what I own and cannot; what my word means to another; failing that, what lies behind
    an ask that is not mine, not granted, and not settled by facts."""
    ruling = last_ruling(view.events)
    others = [role for role in view.scenario.parties if role != view.role]
    for each in filter(lambda each: still_unshown(view, each), pressing(view, ruling) if ruling else ()):
        if each in sent_for(view) or shown_otherwise(view, each):
            continue
        if view.scenario.criteria[each][1].owner == view.role and not disclosure.holds_about(view, each):
            put = {
                e.move.question.to
                for e in own_turns(view)
                if e.move.question and e.move.question.about == each
            }
            doubters = contesting(view, each)  # who doubts what would show it is not asked to prove it
            left = [role for role in others if role not in put and role not in doubters and role != "pm"]
            if left:
                return Question(to=dice(view, view.role, "ask").choice(left), about=each)
    turn_to_ask = dice(view, "", "word").choice(
        view.scenario.colleagues
    )  # they do not hear each other: one of them
    if turn_to_ask == view.role and (word := about_a_word(view, set(view.me.terms))):
        return word
    roll = dice(view, view.role, "ask")
    if vote == "yes" or roll.random() >= CURIOSITY:
        return None
    theirs = [
        (role, ask.issue) for role, ask in asked_by_others(view)
        if not settled(view, mine.reach, ask.issue) and not any(shared(ask, own) for own in asks)
        and ("inventions" in view.extras or not (_granted(view, ask) or _has_said(view, role, ask.issue)))
    ]  # fmt: skip
    done = {(e.move.question.to, e.move.question.about) for e in own_turns(view) if e.move.question}
    left_over = [pair for pair in theirs if pair not in done and _mine_to_ask(view, *pair)]
    if not left_over:
        return None
    to, about = roll.choice(left_over)
    return Question(to=to, about=about)


def _mine_to_ask(view: View, to: Role, about: str) -> bool:
    """Who speak at once are dealt what they may ask, so that no two ask the same."""
    among = [role for role in view.scenario.colleagues if role != to]
    return dice(view, "", f"ask/{to}/{about}").choice(among) == view.role


def _granted(view: View, wish: Ask) -> bool:
    return view.package is not None and view.package[wish.issue] == wish.options[0]


def _has_said(view: View, role: Role, issue: str) -> bool:
    """Whether somebody has answered on an issue, or asked for one and the same there in two turns: what they would have of
    the list need not be asked again."""
    turns = [e.move for e in view.events if isinstance(e, Opened | Answered) and e.role == role]
    wishes = [
        ask.options[0] for move in turns if getattr(move, "vote", "no") != "yes" for ask in move.asks
        if ask.issue == issue
    ]  # fmt: skip
    replies = [reply.about for move in turns if isinstance(move, Position) for reply in move.replies]
    return issue in replies or len(wishes) > len(set(wishes))


def settled(view: View, reach: Reach, issue: str) -> bool:
    """Whether facts have left one answer to an issue; where the list may be open, somebody may know another."""
    return len(reach.options[issue]) < 2 and "inventions" not in view.extras


def pressing(view: View, ruling: Ruled) -> list[str]:
    """What a ruling found not shown and is worth somebody's question. There may be dozens of a pack that the case
    says nothing to; they are follow-ups, and must not take the place of one that keeps a checkpoint shut. What does comes
    first."""
    pressed = (name for name in ruling.asked if not view.scenario.criteria[name][1].left_open)
    return sorted(pressed, key=lambda name: not view.scenario.criteria[name][1].blocking)


def sent_for(view: View) -> set[str]:
    """What a study is under way about: nobody needs to be asked for that."""
    studies = (view.scenario.facts[each].study for each in pending(view.events))
    return {about for study in studies if study is not None for about in study.about}


def still_unshown(view: View, name_: str, package: Package | None = None) -> bool:
    """Whether nothing shows it even now: since the ruling, news or a study may have come in."""
    criterion, package = view.scenario.criteria[name_][1], package or view.package
    assert package is not None
    found = find(view.scenario, criterion, package, view.tabled, view.heard.contests)
    return found.status == "not_shown"


def shown_otherwise(view: View, name_: str, package: Package | None = None) -> bool:
    """Whether what is on the table shows it for other choices than the package's: then everybody knows how it is here."""
    package = package or view.package
    facts = (fact for n, fact in view.scenario.facts.items() if n in view.tabled and name_ in fact.supports)
    return package is not None and any(fact.when and not matches(package, fact.when) for fact in facts)


def contesting(view: View, name_: str) -> set[Role]:
    """Who challenged what would show a criterion."""
    return {
        role for contest in view.heard.contests
        if name_ in view.scenario.facts[contest.evidence].supports for role in contest.by
    }  # fmt: skip


def put_to_me(view: View) -> tuple[Role, Question] | None:
    """The question this seat answers in its turn, and who asked: the PM's of this round, else the oldest that has had no
    answer, one on what it has not answered anybody first. What has been shown since by others needs none."""
    replies = [reply for event in own_turns(view) for reply in event.move.replies]
    done, told = {(each.to, each.about) for each in replies}, {each.about for each in replies}
    put: list[tuple[Role, Question]] = []
    for event in view.events:
        if isinstance(event, Proposed | Answered) and event.move is not None and event.move.question:
            asked, heard = event.move.question, event.round < view.round or isinstance(event, Proposed)
            if heard and asked.to == view.role and (event.role, asked.about) not in done:
                if isinstance(event, Proposed) and event.round == view.round:
                    return event.role, asked
                put.append((event.role, asked))
    criteria = view.scenario.criteria
    left = [
        (role, each) for role, each in put
        if each.about not in criteria or still_unshown(view, each.about) or disclosure.holds_about(view, each.about)
    ]  # fmt: skip
    return min(left, key=lambda pair: pair[1].about in told, default=None)


def put_by_others(view: View, to: Role, question: Question) -> tuple[Role, ...]:
    """Who else waits for the answer to the same question: what is said is said to them too."""
    replies = {(each.to, each.about) for event in own_turns(view) for each in event.move.replies}
    asked = [
        event.role for event in view.events
        if isinstance(event, Proposed | Answered) and event.move is not None and event.move.question == question
        and (event.round < view.round or isinstance(event, Proposed))
    ]  # fmt: skip
    return tuple(dict.fromkeys(r for r in asked if r != to and (r, question.about) not in replies))


def about_a_word(view: View, words: set[str]) -> Question | None:
    """A word of these that somebody else has said at the table, and whom nobody has asked yet what it is; none that has
    been found to be two things, for that is settled."""
    meanings = [word for _, word in view.heard.meanings]
    put = {
        (event.move.question.to, event.move.question.about) for event in view.events
        if isinstance(event, Answered | Proposed) and event.move is not None and event.move.question
    }  # fmt: skip
    for word in view.words:
        if word in words and meanings.count(word) < 2:
            for role in speakers(view.events, word):
                if role not in (view.role, "pm") and (role, word) not in put:
                    return Question(to=role, about=word)
    return None


def question_act(view: View, put: Question) -> Act:
    """A question in words: about an issue, a word, or a criterion; the first time through its lens, where it has one."""
    about, who = put.about, name(view, put.to)
    if about in view.scenario.issue:
        slots = {"who": who, "about": asked(view, view.scenario.issue[about].question)}
        if view.role != PM and _has_said(view, put.to, about):  # it is after what is not on the list
            return Act("question_else", slots, else_="question_issue")
        return Act("question_issue", slots)
    if about in view.words:
        return _about_word(view, put)
    criterion = view.scenario.criteria[about][1]
    slots = {"who": who, "about": asked(view, criterion.asks)}
    lens = ASKS[view.scenario.language][criterion.lens] if criterion.lens else None
    told = any(
        about in (*fact.supports, *fact.undermines)
        for n, fact in view.scenario.facts.items()
        if n in view.tabled
    )
    if "challenges" in view.extras and told and lens is not None and not said_before(view, lens):
        return Act("question_lens", {**slots, "lens": lens})
    return Act("question_criterion", slots)


def _about_word(view: View, put: Question) -> Act:
    """What a word is to somebody; against what it is to another, where one has said so."""
    slots = {"who": name(view, put.to), "word": put.about}
    for role, word in view.heard.meanings:
        if word == put.about and role not in (put.to, view.role):
            means = prose(view).bare(view.scenario.parties[role].terms[word])
            return Act(
                "question_told", {**slots, "other": name(view, role), "means": means}, else_="question_term"
            )
    return Act("question_term", slots)


def asked_by_others(view: View) -> Iterator[tuple[Role, Ask]]:
    """The first ask of everyone else, as last heard; what stands beside a yes nobody has heard."""
    heard: dict[Role, Ask] = {}
    for event in view.events:
        if (
            isinstance(event, Opened | Answered)
            and event.role != view.role
            and event.round < max(1, view.round)
        ):
            if event.move.asks and getattr(event.move, "vote", "no") != "yes":
                heard[event.role] = event.move.asks[0]
            else:
                heard.pop(event.role, None)
    yield from heard.items()
