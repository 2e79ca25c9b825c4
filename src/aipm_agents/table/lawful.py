"""Whether a move may be made by this seat, now. Whatever plays the seat, its move is checked here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, assert_never

from aipm_agents.errors import SeatError
from aipm_agents.scenario.problems import did_you_mean
from aipm_agents.table.events import Answered, Proposed, Signed, Stopped
from aipm_agents.table.heard import challenges
from aipm_agents.table.moves import MOVES, Opening, Position, Proposal, Signing, Words
from aipm_agents.table.rules import matches
from aipm_agents.table.studies import commissioned

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from aipm_agents.roles import Role
    from aipm_agents.table.moves import Ask, Challenge, Choice, Move, Part, Question, Reply, Trade, Verb
    from aipm_agents.table.view import View

MAX_SPEECH = 2000


class Unlawful(SeatError):
    """A move that may not be made. Another could be: it says which part is in the way."""

    def __init__(self, part: Part, message: str) -> None:
        self.part: Part = part
        super().__init__("malformed", message)


def check(move: Move, view: View, verb: Verb, dropped: Collection[Part] = ()) -> None:
    """Raise `Unlawful` naming the first thing that is not allowed. `verb`: what was asked. `dropped`: the parts
    that the seat gave and that could not be used; a vote whose condition or reason is among them stands as it is."""
    if not isinstance(move, MOVES[verb]):
        raise SeatError("malformed", f"was asked to {verb}, and that is no answer to it")
    if len(move.says) > MAX_SPEECH:
        _refuse("says", f"speaks {len(move.says)} characters; {MAX_SPEECH} are allowed")
    match move:
        case Words():
            pass
        case Opening():
            _asks(move.asks, view)
            _evidence(move.tables, view)
            _brings(move.brings, view)
        case Proposal():
            _proposal(move, view)
        case Position():
            _position(move, view)
            if (need := needed(move, view)) is not None and need.part not in dropped:
                raise need
        case Signing():
            _signing(move, view)
        case _:
            assert_never(move)


def _proposal(move: Proposal, view: View) -> None:
    missing = [name for name in view.space.options if name not in move.package]
    if missing:
        _refuse("package", f"the package leaves {', '.join(missing)} open")
    _options("package", move.package.items(), view)
    if view.given is not None and move.package != view.given:
        told = ", ".join(f"{issue}={option}" for issue, option in view.given.items())
        _refuse("package", f"the meeting begins with a package that is given: {told}")
    for (issue, option), when in view.scenario.bound_options.items():
        if move.package[issue] == option and not matches(move.package, when):
            beside = " or ".join(
                " and ".join(f"{i} is {' or '.join(o)}" for i, o in case.items())
                for case in when
                if all(case.values())
            )  # a choice that nobody can make is left out
            where = f"only where {beside}" if beside else "which is not to be had now"
            _refuse("package", f"the issue {issue!r} has {option!r}, {where}; choose otherwise there")
    if move.question is not None:
        _question(move.question, view)
    for name in move.commissions:
        _commission(name, view)


def _commission(name: str, view: View) -> None:
    fact = view.scenario.facts.get(name)
    if fact is None or fact.takes is None or name in view.tabled:
        _refuse("commissions", f"has {name!r} found out, which is no study that could be made here")
    if name in commissioned(view.events):
        _refuse("commissions", f"has {name!r} found out, which was asked for already")
    if name not in view.studies:
        last = view.scenario.rounds - fact.takes
        _refuse(
            "commissions",
            f"has {name!r} found out, which takes {fact.takes} rounds; the last round to ask was {last}",
        )


def _signing(move: Signing, view: View) -> None:
    if move.signs and move.criterion is None:
        return
    if move.criterion not in view.scenario.criteria:
        meant = did_you_mean(move.criterion or "", view.scenario.criteria)
        _refuse("criterion", f"a hold names a criterion{meant}")
    if move.signs:
        return
    if not move.reason:
        _refuse("reason", "a hold gives its reason")
    spent = [event.move.criterion for event in view.events if isinstance(event, Signed)]
    if move.criterion in spent:
        _refuse("criterion", f"the deal was already held once for {move.criterion!r}")


def _position(move: Position, view: View) -> None:
    _asks(move.asks, view)
    _evidence(move.tables, view)
    _brings(move.brings, view)
    if move.challenge is not None:
        _challenge(move.challenge, view)
    if move.question is not None:
        _question(move.question, view)
    if move.answer is not None:
        _reply("answer", move.answer, view)
    for n, reply in enumerate(move.also, 1 if move.answer else 0):
        _reply("also", reply, view)
        if any((each.to, each.about) == (reply.to, reply.about) for each in move.replies[:n]):
            _refuse("also", f"answers {reply.to!r} twice about {reply.about!r}")
    if move.trade is not None:
        _trade(move.trade, view)
    for source in move.moved_by:
        if source not in view.tabled and source not in _turns(view):
            _refuse("moved_by", f"moved_by names {source!r}, which is neither a fact on the table nor a turn")
    _vote(move, view)


def _trade(trade: Trade, view: View) -> None:
    _options("trade", [*trade.give.items(), *trade.get.items()], view)
    if shared := set(trade.give) & set(trade.get):
        _refuse("trade", f"the trade gives and takes on the same issue: {', '.join(sorted(shared))}")


def _vote(move: Position, view: View) -> None:
    package = view.package
    assert package is not None
    if move.vote == "no_answer":
        _refuse("vote", "the vote must be yes, yes_if or no")
    if move.concern is not None:
        if move.vote == "no":
            _refuse("concern", "a concern stands beside a yes or a yes_if")
        if move.concern not in view.scenario.criteria:
            known = view.scenario.criteria
            _refuse("concern", f"no criterion {move.concern!r}{did_you_mean(move.concern, known)}")
    if move.red_line is not None:
        lines = view.me.red_lines
        if not 0 <= move.red_line < len(lines) or not matches(package, lines[move.red_line].when):
            _refuse("red_line", "the package does not cross that red line")
        if (
            move.vote != "no"
        ):  # never a yes by accident: the line may fall beside a yes_if, beside a yes the yes does
            _refuse("vote" if move.vote == "yes" else "red_line", "a crossed red line is a no")


def needed(move: Position, view: View) -> Unlawful | None:
    """What a vote cannot be without: a yes_if its condition; a no to the own offer its reason."""
    package = view.package
    assert package is not None
    if move.vote == "yes_if" and all(package[ask.issue] in ask.options for ask in move.asks):
        return Unlawful("asks", "yes_if asks for something the package does not have")
    if move.vote == "no" and not move.moved_by and move.red_line is None and promised(view):
        told = "this package keeps the trade this seat offered; a no must say what changed (moved_by)"
        return Unlawful("moved_by", told)
    return None


def promised(view: View) -> bool:
    """Whether the package on the table keeps the trade this seat offered last, in an earlier round."""
    offers = [
        event.move.trade for event in view.events
        if isinstance(event, Answered) and event.role == view.role
        and event.round < view.round and event.move.trade is not None
    ]  # fmt: skip
    if not offers or view.package is None:
        return False
    return all(view.package[i] == o for i, o in (*offers[-1].give.items(), *offers[-1].get.items()))


def put(view: View) -> list[tuple[Role, Question]]:
    """The questions that its next move should answer, with who asks: those put to it last round, and the PM's now."""
    return [
        (event.role, event.move.question) for event in view.events
        if isinstance(event, Proposed | Answered) and event.move is not None and event.move.question is not None
        and event.move.question.to == view.role
        and event.round == (view.round - 1 if isinstance(event, Answered) else view.round)
    ]  # fmt: skip


def owed(view: View) -> Question | None:
    """The first of these."""
    return next((question for _, question in put(view)), None)


def asker(view: View, question: Question) -> Role:
    """Who put a question, the last of those who did: an earlier one has had an answer, or the chance of one."""
    for event in reversed(view.events):
        if isinstance(event, Proposed | Answered) and event.move is not None:
            if event.move.question == question:
                return event.role
    raise LookupError(question)


def _reply(part: Part, reply: Reply, view: View) -> None:
    questions = [
        (event.role, event.move.question) for event in view.events
        if isinstance(event, Proposed | Answered) and event.move is not None and event.move.question
    ]  # fmt: skip
    if not any(who == reply.to and q.to == view.role and q.about == reply.about for who, q in questions):
        _refuse(part, f"{reply.to!r} asked this seat nothing about {reply.about!r}")
    if reply.prefers:
        _options(part, ((reply.about, option) for option in reply.prefers), view)


def _turns(view: View) -> set[str]:
    return {f"{event.role}@{event.round}" for event in view.events if not isinstance(event, Stopped)}


def _asks(asks: Iterable[Ask], view: View) -> None:
    seen: set[str] = set()
    for ask in asks:
        if ask.issue in seen:
            _refuse("asks", f"asks twice about {ask.issue!r}")
        seen.add(ask.issue)
        _options("asks", ((ask.issue, option) for option in ask.options), view)


def _evidence(names: Iterable[str], view: View) -> None:
    for name in names:
        if name not in view.untabled:
            _refuse(
                "tables", f"tables {name!r}, which this seat does not hold or which is already on the table"
            )


def _brings(choices: Iterable[Choice], view: View) -> None:
    for choice in choices:
        if (choice.issue, choice.option) not in view.secret:
            _refuse(
                "brings",
                f"brings {choice.option!r} for {choice.issue!r}, which this seat does not hold or all know already",
            )


def _challenge(challenge: Challenge, view: View) -> None:
    """Once for each fact and ground, by whoever comes first: no filibuster."""
    if challenge.evidence not in view.tabled:
        _refuse("challenge", f"challenges {challenge.evidence!r}, which is no fact on the table")
    if any(event.move.challenge == challenge for event in challenges(view.events)):
        _refuse(
            "challenge",
            f"challenges {challenge.evidence!r} on its {challenge.ground}, which was done already",
        )


def _question(question: Question, view: View) -> None:
    if question.to == view.role or question.to not in view.scenario.parties:
        _refuse("question", f"asks {question.to!r}, who is not another seat at this table")
    known = {*view.scenario.issue, *view.scenario.criteria, *view.tabled, *view.words}
    if question.about not in known:
        word = " or word in use" if view.words else ""
        told = f"asks about {question.about!r}, which is no issue, criterion or fact on the table{word}"
        _refuse("question", told)


def _options(part: Part, pairs: Iterable[tuple[str, str]], view: View) -> None:
    for issue, option in pairs:
        options = view.space.options.get(issue)
        if options is None:
            _refuse(part, f"no issue {issue!r}{did_you_mean(issue, view.space.options)}")
        if option not in options:
            _refuse(part, f"the issue {issue!r} has no option {option!r}{did_you_mean(option, options)}")


def _refuse(part: Part, message: str) -> NoReturn:
    raise Unlawful(part, message)
