"""What a move does beside its words and its vote, told once: terminal, page, document, rows, desk and comparison
print these and word nothing themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, assert_never

from aipm_agents.language import mark, tr
from aipm_agents.report.papers.plain_text import inner
from aipm_agents.report.words import fact_text, inquiry, phrase
from aipm_agents.report.words.vocabulary import Vocabulary as Wordings
from aipm_agents.table.moves import Opening, Part, Position, Proposal, Signing, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.moves import Choice, Move, Question, Reply

Tone = Literal["news", "doubt", "alarm", "quiet"]
"""News is what the table did not know; doubt shakes what it knew; an alarm stops a package."""


class Deed(NamedTuple):
    kind: Part
    """The field of the move that holds it."""
    does: str
    what: str = ""
    tone: Tone = "quiet"
    link: str = ""
    """The anchor of what it points to: a fact or a turn."""
    aloud: bool = False
    """Whether the words beside it say it already."""

    @property
    def line(self) -> str:
        return tr("{does}: {what}", does=self.does, what=self.what) if self.what else self.does


NONE: Wordings[str] = Wordings({
    "tables": mark("tells no fact"), "brings": mark("brings no new option"), "challenge": mark("challenges nothing"),
    "commissions": mark("sends for nothing"), "answer": mark("gives no answer"), "also": mark("gives no answer"), "question": mark("asks nothing"),
    "asks": mark("asks for nothing"), "trade": mark("offers no trade"), "moved_by": mark("gives no reason"),
    "concern": mark("voices no doubt"), "red_line": mark("names no red line"), "package": mark("proposes nothing"),
})  # fmt: skip
"""A move without such a deed, where another has one."""


def deeds(
    scenario: Scenario, role: Role, number: int, move: Move | None, package: Package | None = None
) -> list[Deed]:
    """Of a move of a role in a round, in the order they are told. `package`: on the table then; what it has already
    and what is asked for beside a yes need no line. None: every ask is told."""
    match move:
        case None | Words():
            return []
        case Opening():
            return [
                *tabled(scenario, move.tables),
                *_brought(scenario, move.brings),
                *_asked(scenario, move, None),
            ]
        case Proposal():
            return [*_sent_for(scenario, move, number), *_question(scenario, move.question, move.says)]
        case Position():
            return [*_position(scenario, role, move, package)]
        case Signing():
            return [*_held(scenario, move)]
        case _:
            assert_never(move)


def fact_anchor(name: str) -> str:
    return f"fact-{name}"


def turn_anchor(role: Role, number: int) -> str:
    return f"turn-{role}-{number}"


def _position(scenario: Scenario, role: Role, move: Position, package: Package | None) -> Iterator[Deed]:
    yield from tabled(scenario, move.tables)
    yield from _brought(scenario, move.brings)
    if move.challenge is not None:
        what, link = inquiry.challenge(scenario, move.challenge), fact_anchor(move.challenge.evidence)
        yield Deed("challenge", tr("challenges"), what, "doubt", link)
    for n, reply in enumerate(move.replies):
        yield from _answer(scenario, role, reply, "also" if n else "answer", move.says)
    yield from _question(scenario, move.question, move.says)
    yield from _asked(scenario, move, package)
    if move.trade is not None:
        give, get = (phrase.options(scenario, side) for side in (move.trade.give, move.trade.get))
        yield Deed("trade", tr("trade"), tr('would take "{give}" for "{get}"', give=give, get=get))
    for source in move.moved_by:
        does = tr("says no because of") if move.vote == "no" else tr("moved by")
        yield Deed("moved_by", does, fact_text.source(scenario, source), link=_anchor(source))
    if move.concern is not None:
        asks = scenario.criteria[move.concern][1].asks
        yield Deed("concern", tr("doubts"), _quoted(asks), aloud=bool(move.says))
    if move.red_line is not None:
        yield Deed("red_line", tr("names its red line"), tone="alarm")


def tabled(scenario: Scenario, names: Iterable[str]) -> Iterator[Deed]:
    """Facts that come on the table, whoever put them there."""
    for name in names:
        fact = scenario.facts[name]
        says = tr("{fact} ({source})", fact=fact.says, source=fact.source) if fact.source else fact.says
        yield Deed("tables", tr("on the table"), says, "news", fact_anchor(name))


def _brought(scenario: Scenario, brings: tuple[Choice, ...]) -> Iterator[Deed]:
    for each in brings:
        yield Deed("brings", tr("a new option"), scenario.label(each.issue, each.option), "news")


def _asked(scenario: Scenario, move: Opening | Position, package: Package | None) -> Iterator[Deed]:
    if package is not None and isinstance(move, Position) and move.vote == "yes":
        return
    wants = [ask for ask in move.asks if package is None or package[ask.issue] not in ask.options]
    if wants:
        told = tr("; ").join(phrase.asked(scenario, ask) for ask in wants)
        yield Deed("asks", tr("asks for"), told)


def _sent_for(scenario: Scenario, move: Proposal, number: int) -> Iterator[Deed]:
    for name in move.commissions:
        fact = scenario.facts[name]
        if fact.study is not None:
            told = tr("{asks} (round {n})", asks=fact.study.asks, n=number + (fact.takes or 0))
            yield Deed("commissions", tr("sends for"), told, "news")


def _question(scenario: Scenario, asked: Question | None, says: str) -> Iterator[Deed]:
    """One whose own text is not in what was said beside it is heard too."""
    if asked is not None:
        text, who = asked.text or inquiry.about(scenario, asked.about), scenario.card(asked.to).short
        aloud = bool(asked.text) and asked.text in says
        yield Deed("question", tr("asks {who}", who=who), _quoted(text), aloud=aloud)


def _answer(scenario: Scenario, role: Role, reply: Reply, what: Part, says: str) -> Iterator[Deed]:
    """An order of which what was said beside it names neither end is heard too."""
    ends = (
        scenario.label(reply.about, option).casefold() for option in reply.prefers[:1] + reply.prefers[-1:]
    )
    aloud = bool(says) and all(end in says.casefold() for end in ends)
    who, about = scenario.card(reply.to).short, inner(inquiry.about(scenario, reply.about))
    told = tr('on "{about}"', about=about)
    if reply.declined:
        yield Deed(what, tr("would rather not answer {who}", who=who), told, aloud=aloud)
        return
    if reply.prefers:
        liked = tr(", then ").join(scenario.label(reply.about, option) for option in reply.prefers)
        told = tr('on "{about}", {options}', about=about, options=liked)
    yield Deed(what, tr("answers {who}", who=who), told, aloud=aloud)
    if means := scenario.parties[role].terms.get(reply.about):
        yield Deed(what, tr('means by "{word}"', word=reply.about), means, "news")


def _held(scenario: Scenario, move: Signing) -> Iterator[Deed]:
    """For what a deal is held, and why."""
    if move.criterion is not None:
        asks = scenario.criteria[move.criterion][1].asks
        yield Deed("criterion", tr("holds it for"), tr('"{asks}": {why}', asks=inner(asks), why=move.reason))


def _anchor(source: str) -> str:
    role, at, number = source.partition("@")
    return turn_anchor(role, int(number)) if at and number.isdecimal() else fact_anchor(source)


def _quoted(text: str) -> str:
    return tr('"{text}"', text=inner(text))
