"""A person's turn in a colleague's seat: the opening, and the answer to a package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.cli.desk import choosing, subjects, telling
from aipm_agents.cli.desk.choosing import Unclear
from aipm_agents.cli.desk.sitting import Command
from aipm_agents.cli.desk.subjects import Choice
from aipm_agents.language import mark, tr
from aipm_agents.report import inquiry, said, wording
from aipm_agents.table.lawful import asker, owed, promised
from aipm_agents.table.moves import Ask, Opening, Position, Question, Reply, Trade
from aipm_agents.table.packages import matches

if TYPE_CHECKING:
    from aipm_agents.cli.desk.sitting import Sitting
    from aipm_agents.scenario.model import Package
    from aipm_agents.table.lawful import Move
    from aipm_agents.table.moves import Vote
    from aipm_agents.table.view import View

MOST_ASKS = 3


def told(view: View, move: Move) -> list[str]:
    """A turn so far, in a few lines."""
    assert isinstance(move, Opening | Position)
    scenario, parts = view.scenario, []
    if isinstance(move, Position) and move.vote != "no_answer":
        parts.append(wording.VOTES[move.vote])
    if move.asks:
        wished = (tr(" or ").join(scenario.label(a.issue, o) for o in a.options) for a in move.asks)
        parts.append(tr("asks for {asks}", asks=tr("; ").join(wished)))
    parts += [tr("brings: {option}", option=scenario.label(each.issue, each.option)) for each in move.brings]
    parts += [
        tr("tables: {fact}", fact=wording.shortened(scenario.facts[name].says, 60)) for name in move.tables
    ]
    if isinstance(move, Position):
        parts += _rest(view, move)
    if move.says:
        parts.append(tr('says: "{text}"', text=wording.shortened(move.says, 200)))
    return [tr("Your turn so far: {parts}", parts=" · ".join(parts))] if parts else []


def _rest(view: View, move: Position) -> list[str]:
    scenario, parts = view.scenario, []
    if move.trade is not None:
        give, get = (wording.options(scenario, side) for side in (move.trade.give, move.trade.get))
        parts.append(tr('trade: would take "{give}" for "{get}"', give=give, get=get))
    parts += said.unspoken(scenario, move)
    if move.challenge is not None:
        parts.append(tr("challenges {what}", what=inquiry.challenge(scenario, move.challenge)))
    if move.moved_by:
        parts.append(
            tr(
                "moved by: {sources}",
                sources=wording.listed(wording.source(scenario, s) for s in move.moved_by),
            )
        )
    if move.red_line is not None:
        parts.append(tr("names its red line"))
    return parts


def _vote(sitting: Sitting, vote: Vote, wanted: str = "") -> None:
    """`yes`, `yes if OPTION`, `no`."""
    view, move = sitting.view, sitting.draft
    assert isinstance(move, Position)
    assert view.package is not None
    concern = move.concern if vote == "yes" else None
    sitting.change(
        vote=vote, concern=concern, red_line=_crossed(view, view.package) if vote == "no" else None
    )
    if vote == "no" and sitting.draft.red_line is not None:  # type: ignore[union-attr]
        sitting.say(
            "  " + tr("It crosses a red line of yours, and your no says so; `line` keeps that to yourself.")
        )
    if vote == "yes_if" and wanted:
        for issue, option in _side(view, wanted).items():
            _ask(sitting, f"{issue} {option}")
    elif vote == "yes_if" and not _beyond(view, move):
        sitting.say(tr("Yes, if what? Ask for something this package does not have."))
        _ask(sitting, "")


def _crossed(view: View, package: Package) -> int | None:
    return next((n for n, line in enumerate(view.me.red_lines) if matches(package, line.when)), None)


def _beyond(view: View, move: Position) -> bool:
    """Whether it asks for something the package does not have."""
    return view.package is not None and any(view.package[ask.issue] not in ask.options for ask in move.asks)


def _ask(sitting: Sitting, rest: str) -> None:
    """`ask ISSUE OPTION ...`: on this issue, what this seat could live with, best first."""
    view, move = sitting.view, sitting.draft
    assert isinstance(move, Opening | Position)
    first, _, wanted = rest.partition(" ")
    issue = sitting.one(tr("On which issue?"), subjects.issues(view), first)
    if issue is None:
        return
    kept = tuple(ask for ask in move.asks if ask.issue != issue)
    if wanted.casefold() in ("none", tr("none")):
        sitting.change(asks=kept)
        return
    if len(kept) == MOST_ASKS:
        raise Unclear(tr("three asks are heard; take one back with: ask ISSUE none"))
    names = sitting.choose(
        tr("Which could you live with, the best first?"), subjects.valued(view, issue), wanted, several=True
    )
    if names:
        sitting.change(asks=(*kept, Ask(issue=issue, options=tuple(names))))


def _trade(sitting: Sitting, rest: str) -> None:
    """`trade OPTION for OPTION`: what this seat would take, for what it wants. A promise."""
    view = sitting.view
    word = next((w for w in (" for ", tr(" for ")) if w in f" {rest} "), None)
    if word is not None:
        given, wanted = f" {rest} ".split(word, 1)
        give, get = ({**_side(view, part)} for part in (given, wanted))
    else:
        sitting.say(
            "  " + tr("A trade is a promise: if both sides are tabled, you may not vote no without a reason.")
        )
        give = _pair(sitting, tr("What would you give? On which issue?"))
        get = _pair(sitting, tr("And what do you want for it? On which issue?")) if give else {}
    if not give or not get:
        return
    if set(give) & set(get):
        raise Unclear(tr("the two sides of a trade are about different issues"))
    sitting.change(trade=Trade.model_validate({"give": give, "for": get}))


def _side(view: View, text: str) -> Package:
    """One side of a trade as typed: options by name, or ISSUE=OPTION."""
    side: Package = {}
    for part in choosing.split(text):
        issue, option = choosing.anywhere(view, part)
        side[issue] = option
    if not side:
        raise Unclear(tr("write a trade as: trade OPTION for OPTION"))
    return side


def _pair(sitting: Sitting, asked: str) -> Package:
    issue = sitting.one(asked, subjects.issues(sitting.view))
    option = sitting.one(tr("Which choice?"), subjects.valued(sitting.view, issue)) if issue else None
    return {issue: option} if issue and option else {}


def question(sitting: Sitting, rest: str) -> None:
    """`question ROLE ABOUT TEXT`: one question to one person; the PM asks in the same way."""
    view = sitting.view
    role, _, more = rest.partition(" ")
    about, _, text = more.strip().partition(" ")
    people = [subjects.person(view, role) for role in view.scenario.parties if role != view.role]
    to = sitting.one(tr("Whom do you ask?"), people, role)
    name = sitting.one(tr("About what?"), subjects.subjects(view), about) if to else None
    if to is None or name is None:
        return
    default = dict((choice.name, choice.label) for choice in subjects.subjects(view))[name]
    said = text or sitting.text(
        tr('Your question (Enter: "{text}")', text=wording.shortened(default, 60)), most=400
    )
    sitting.change(question=Question(to=to, about=name, text=(said or default)[:400]))


def _answer(sitting: Sitting, rest: str) -> None:
    """`answer`, or `answer no`: to the question put to this seat."""
    view = sitting.view
    asked = owed(view)
    assert asked is not None
    ways = [
        Choice("yes", tr("I answer"), ("answer", tr("yes"))),
        Choice("no", tr("I would rather not say"), ("decline", tr("no"))),
    ]
    way = sitting.one(tr("Do you answer?"), ways, rest)
    if way is None:
        return
    prefers: list[str] = []
    if way == "yes" and asked.about in view.scenario.issue:
        prefers = sitting.choose(
            tr("What do you like best there, and then?"), subjects.valued(view, asked.about), several=True
        )
    reply = Reply(to=asker(view, asked), about=asked.about, declined=way == "no", prefers=tuple(prefers))
    sitting.change(answer=reply)
    if way == "yes" and not prefers and view.untabled:
        sitting.say(
            "  "
            + tr("If a fact of yours answers it, put it down with `evidence`; or answer in words with `say`.")
        )


def _line(sitting: Sitting, rest: str) -> None:
    """Whether the no names the red line it rests on."""
    move, package = sitting.draft, sitting.view.package
    assert isinstance(move, Position)
    assert package is not None
    sitting.change(red_line=None if move.red_line is not None else _crossed(sitting.view, package))


def say(sitting: Sitting, rest: str) -> None:
    """`say TEXT`: out loud, to everybody."""
    text = sitting.text(tr("What do you say? (Enter: nothing)"), rest)
    sitting.change(says=text)


def ready(view: View, move: Move) -> None:
    """Raise `Unclear` where a turn lacks something a person may have forgotten."""
    if not isinstance(move, Position):
        return
    if move.vote == "no_answer":
        raise Unclear(tr("you have not voted yet: yes, yes if, or no"))
    if move.vote == "yes_if" and not _beyond(view, move):
        raise Unclear(tr("yes, if what? Ask for something this package does not have"))
    if move.vote == "no" and not move.moved_by and move.red_line is None and promised(view):
        raise Unclear(tr("this package keeps the trade you offered; a no says what changed since: `moved`"))


def _has_voted(vote: Vote, sitting: Sitting) -> bool:
    return isinstance(sitting.draft, Position) and sitting.draft.vote == vote


OPENING = (
    Command(mark("ask"), mark("what you would like, up to three issues: ask ISSUE OPTION ..."), _ask, ("要求",)),
    Command(mark("evidence"), mark("put a fact you hold on the table: evidence FACT"), telling.evidence, ("證據",), lambda s: bool(s.view.untabled)),
    Command(mark("say"), mark("what you say out loud: say TEXT"), say, ("發言",)),
)  # fmt: skip
ANSWER = (
    Command(mark("yes"), mark("you would carry this package"), lambda s, _: _vote(s, "yes"), ("y", "贊成", "可以")),
    Command(mark("yes if"), mark("you would, with a change you ask for"), lambda s, rest: _vote(s, "yes_if", rest), ("yes, if", "yes_if", "if", "有條件")),
    Command(mark("no"), mark("not this package"), lambda s, _: _vote(s, "no"), ("n", "反對")),
    OPENING[0],
    Command(mark("trade"), mark("a promise: what you would take, for what you want: trade OPTION for OPTION"), _trade, ("交換",)),
    Command(mark("question"), mark("one question to one person: question ROLE ABOUT TEXT"), question, ("提問",)),
    Command(mark("answer"), mark("to the question put to you: answer yes, or answer no"), _answer, ("回答",), lambda s: owed(s.view) is not None),
    OPENING[1],
    Command(mark("challenge"), mark("doubt a fact on the table: challenge FACT GROUND"), telling.challenge, ("質疑",), lambda s: "challenges" in s.view.uses and bool(s.view.tabled)),
    Command(mark("bring"), mark("an option only you know of: bring OPTION"), telling.bring, ("提出",), lambda s: bool(s.view.secret)),
    Command(mark("moved"), mark("what changed your mind: moved FACT, or moved ROLE"), telling.moved, ("因為",), lambda s: s.view.round > 1),
    Command(mark("concern"), mark("beside a yes, what you doubt: concern CRITERION"), telling.concern, ("疑慮",), lambda s: _has_voted("yes", s) and bool(s.view.scenario.criteria)),
    Command(mark("line"), mark("whether your no names your red line"), _line, ("red line", "紅線"), lambda s: _has_voted("no", s) and _crossed(s.view, s.view.package or {}) is not None),
    OPENING[2],
)  # fmt: skip
