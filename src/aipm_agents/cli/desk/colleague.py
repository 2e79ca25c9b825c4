"""A person's turn in a colleague's seat: the opening, and the answer to a package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.cli.desk import choosing, telling
from aipm_agents.cli.desk.choosing import Unclear
from aipm_agents.cli.desk.command import Command
from aipm_agents.cli.desk.looking import heard
from aipm_agents.language import mark, tr
from aipm_agents.report.live import subjects
from aipm_agents.report.live.subjects import Subject
from aipm_agents.report.papers import plain_text
from aipm_agents.report.words import inquiry, vocabulary
from aipm_agents.report.words.deeds import deeds
from aipm_agents.table.lawful import owed, promised, put
from aipm_agents.table.moves import Ask, Opening, Position, Question, Reply, Trade
from aipm_agents.table.rules import matches, worth

if TYPE_CHECKING:
    from aipm_agents.cli.desk.sitting import DeskSitting
    from aipm_agents.scenario.model import Package
    from aipm_agents.table.moves import Move, Vote
    from aipm_agents.table.view import View

MOST_ASKS = 3


def told(view: View, move: Move) -> list[str]:
    """A turn so far, in a few lines."""
    assert isinstance(move, Opening | Position)
    parts: list[str] = []
    if isinstance(move, Position) and move.vote != "no_answer":
        parts.append(vocabulary.VOTES[move.vote])
    parts += [deed.line for deed in deeds(view.scenario, view.role, view.round, move)]
    if move.says:
        parts.append(tr('says: "{text}"', text=plain_text.shortened(move.says, 200)))
    return [tr("Your turn so far: {parts}", parts=" · ".join(parts))] if parts else []


def _vote(sitting: DeskSitting, vote: Vote, wanted: str = "") -> None:
    """`yes`, `yes if OPTION`, `no`."""
    view, move = sitting.view, sitting.draft
    assert isinstance(move, Position)
    assert view.package is not None
    if vote == "yes_if":
        asks = _conditions(sitting, wanted)
        if asks is not None:
            sitting.change(vote=vote, asks=asks, concern=None, red_line=None)
        return
    if vote == "yes" and worth(view.me, view.package) < view.me.walk_away:
        sitting.say(
            tr("This is below your walk-away: no deal would be better for you. Your yes stands all the same.")
        )
    line = _crossed(view, view.package) if vote == "no" else None
    sitting.change(vote=vote, concern=move.concern if vote == "yes" else None, red_line=line)
    if line is not None:
        sitting.say(tr("It crosses a red line of yours, and your no says so; `line` keeps that to yourself."))


def _conditions(sitting: DeskSitting, wanted: str) -> tuple[Ask, ...] | None:
    """What a yes hangs on, beside what was asked for before; None where nothing was said."""
    view, move = sitting.view, sitting.draft
    assert isinstance(move, Position)
    assert view.package is not None
    if wanted:
        side = _side(view, wanted)
        if all(view.package[issue] == option for issue, option in side.items()):
            raise Unclear(tr("yes, if what? Ask for something this package does not have"))
        kept = [ask for ask in move.asks if ask.issue not in side]
        return (*(Ask(issue=issue, options=(option,)) for issue, option in side.items()), *kept)[:MOST_ASKS]
    if _beyond(view, move):
        return move.asks
    sitting.say(tr("Yes, if what? Ask for something this package does not have."))
    issue = sitting.one(tr("On which issue?"), subjects.issues(view))
    names = (
        sitting.choose(
            tr("Which could you live with, the best first?"), subjects.valued(view, issue), several=True
        )
        if issue
        else []
    )
    if issue is None or not names:
        return None
    if view.package[issue] in names:
        raise Unclear(tr("yes, if what? Ask for something this package does not have"))
    return (Ask(issue=issue, options=tuple(names)), *(ask for ask in move.asks if ask.issue != issue))[
        :MOST_ASKS
    ]


def _crossed(view: View, package: Package) -> int | None:
    return next((n for n, line in enumerate(view.me.red_lines) if matches(package, line.when)), None)


def _beyond(view: View, move: Position) -> bool:
    """Whether it asks for something the package does not have."""
    return view.package is not None and any(view.package[ask.issue] not in ask.options for ask in move.asks)


def _ask(sitting: DeskSitting, rest: str) -> None:
    """`ask ISSUE OPTION ...`: on this issue, what this seat could live with, best first."""
    view, move = sitting.view, sitting.draft
    assert isinstance(move, Opening | Position)
    first, _, wanted = rest.partition(" ")
    issue = sitting.one(tr("On which issue?"), subjects.issues(view), first)
    if issue is None:
        return
    kept = tuple(ask for ask in move.asks if ask.issue != issue)
    if wanted.casefold() in ("none", tr("none")):
        if len(kept) == len(move.asks):
            raise Unclear(tr("you ask for nothing there"))
        sitting.change(asks=kept)
        return
    if len(kept) == MOST_ASKS:
        raise Unclear(tr("three asks are heard; take one back with: ask ISSUE none"))
    names = sitting.choose(
        tr("Which could you live with, the best first?"), subjects.valued(view, issue), wanted, several=True
    )
    if names:
        sitting.change(asks=(*kept, Ask(issue=issue, options=tuple(names))))


def _trade(sitting: DeskSitting, rest: str) -> None:
    """`trade OPTION for OPTION`: what this seat would take, for what it wants. A promise."""
    view = sitting.view
    word = next((w for w in (" for ", tr(" for ")) if w in f" {rest} "), None)
    if word is not None:
        given, wanted = f" {rest} ".split(word, 1)
        give, get = ({**_side(view, part)} for part in (given, wanted))
    else:
        sitting.say(
            "  "
            + tr("A trade is a promise: if a package has both sides, you may not vote no without a reason.")
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


def _pair(sitting: DeskSitting, asked: str) -> Package:
    issue = sitting.one(asked, subjects.issues(sitting.view))
    option = sitting.one(tr("Which choice?"), subjects.valued(sitting.view, issue)) if issue else None
    return {issue: option} if issue and option else {}


def question(sitting: DeskSitting, rest: str) -> None:
    """`question ROLE ABOUT TEXT`: one question to one person; the PM asks in the same way."""
    view = sitting.view
    role, _, more = rest.partition(" ")
    people = [subjects.person(view, role) for role in view.scenario.parties if role != view.role]
    to = sitting.one(tr("Whom do you ask?"), people, role)
    if to is None:
        return
    name, text = sitting.about(tr("About what?"), subjects.subjects(view), more.strip())
    if name is None:
        return
    default = inquiry.about(view.scenario, name)
    said = sitting.text(
        tr('Your question (Enter: "{text}")', text=plain_text.shortened(default, 60)), text, most=400
    )
    if text:
        sitting.say(tr('It is about: "{what}"', what=plain_text.shortened(default, 100)))
    sitting.change(question=Question(to=to, about=name, text=said or default[:400]))


def _answer(sitting: DeskSitting, rest: str) -> None:
    """`answer yes`, `answer no`, or `answer OPTION ...`: to the question put to this seat; of several to the first that
    has none yet, and from the beginning where all have."""
    view, move = sitting.view, sitting.draft
    assert isinstance(move, Position)
    given, questions = move.replies, put(view)
    left = [each for each in questions if (each[0], each[1].about) not in {(r.to, r.about) for r in given}]
    if not left:
        given, left = (), questions
    (who, asked), *more = left
    on_issue = asked.about in view.scenario.issue
    ways = [
        Subject("yes", tr("I answer"), ("answer", "是", tr("yes"))),
        Subject("no", tr("I would rather not say"), ("decline", "否", tr("no"))),
    ]
    prefers: list[str] = []
    try:
        way = sitting.one(tr("Do you answer?"), ways, rest)
    except Unclear:
        if not on_issue:
            raise
        way, prefers = "yes", sitting.choose("", subjects.valued(view, asked.about), rest, several=True)
    if way is None:
        return
    if way == "yes" and on_issue and not prefers:
        prefers = sitting.choose(
            tr("What do you like best there, and then?"), subjects.valued(view, asked.about), several=True
        )
    reply = Reply(to=who, about=asked.about, declined=way == "no", prefers=tuple(prefers))
    first, *further = (*given, reply)
    sitting.change(answer=first, also=tuple(further))
    if way == "yes" and not prefers:
        sitting.say(
            tr("If a fact of yours answers it, put it down with `evidence`; or answer in words with `say`.")
        )
    if more:
        sitting.say(
            tr("{who} asked you something too: `answer` again.", who=view.scenario.card(more[0][0]).called)
        )


def _line(sitting: DeskSitting, rest: str) -> None:
    """Whether the no names the red line it rests on."""
    move, package = sitting.draft, sitting.view.package
    assert isinstance(move, Position)
    assert package is not None
    sitting.change(red_line=None if move.red_line is not None else _crossed(sitting.view, package))


def say(sitting: DeskSitting, rest: str) -> None:
    """`say TEXT`: out loud, to everybody. An empty line leaves what was to be said; `-` takes it back."""
    hint = (
        tr("What do you say? (Enter: leave it; -: nothing)") if sitting.draft.says else tr("What do you say?")
    )
    typed = rest or sitting.lines.read(f"  {hint}> ")
    if typed:
        sitting.change(says=sitting.text("", typed))


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


def _has_voted(vote: Vote, sitting: DeskSitting) -> bool:
    return isinstance(sitting.draft, Position) and sitting.draft.vote == vote


OPENING = (
    Command(mark("ask"), mark("what you would like, up to three issues: ask ISSUE OPTION ..."), _ask, ("要求",)),
    Command(mark("evidence"), mark("put a fact you hold on the table: evidence FACT"), telling.evidence, ("證據",), lambda s: bool(s.view.untabled), unfit=mark("you hold nothing that is not on the table")),
    Command(mark("say"), mark("what you say out loud, 2,000 characters at most: say TEXT"), say, ("發言",)),
)  # fmt: skip
ANSWER = (
    Command(mark("yes"), mark("you would carry this package"), lambda s, _: _vote(s, "yes"), ("y", "贊成", "可以"), alone=True),
    Command(mark("yes if"), mark("you would, with a change you ask for"), lambda s, rest: _vote(s, "yes_if", rest), ("yes, if", "yes_if", "if", "有條件")),
    Command(mark("no"), mark("not this package"), lambda s, _: _vote(s, "no"), ("n", "反對"), alone=True),
    OPENING[0],
    Command(mark("trade"), mark("a promise: what you would take, for what you want: trade OPTION for OPTION"), _trade, ("交換",)),
    Command(mark("question"), mark("one question to one person: question ROLE ABOUT TEXT"), question, ("提問",)),
    Command(mark("answer"), mark("to the question put to you: answer yes, answer no, or answer OPTION ..."), _answer, ("回答",), lambda s: owed(s.view) is not None, unfit=mark("nobody has asked you anything")),
    OPENING[1],
    Command(mark("challenge"), mark("doubt a fact on the table: challenge FACT GROUND"), telling.challenge, ("質疑",), lambda s: "challenges" in s.view.extras and bool(s.view.tabled), unfit=mark("in this case no fact is fought over")),
    Command(mark("bring"), mark("an option only you know of: bring OPTION"), telling.bring, ("提出",), lambda s: bool(s.view.secret), unfit=mark("you know of no option that the others do not")),
    Command(mark("moved"), mark("what changed your mind: moved FACT, or moved ROLE"), telling.moved, ("因為", "改變主意"), lambda s: s.view.round > 1, unfit=mark("it is for a change of mind, from round 2 on")),
    Command(mark("concern"), mark("beside a yes, what you doubt: concern CRITERION"), telling.concern, ("疑慮", "擔心"), lambda s: _has_voted("yes", s) and bool(s.view.scenario.criteria), unfit=mark("it stands beside a yes")),
    Command(mark("line"), mark("whether your no names your red line"), _line, ("red line", "紅線"), lambda s: _has_voted("no", s) and _crossed(s.view, s.view.package or {}) is not None, unfit=mark("it is for a no to a package that crosses a red line of yours"), alone=True),
    OPENING[2],
    Command(mark("asks"), mark("who has asked for what"), heard, ("要求",), menu=False),
)  # fmt: skip
