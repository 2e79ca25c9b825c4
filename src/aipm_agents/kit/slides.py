"""Two decks made from the case, fifteen slides together: one to begin with, which holds nothing of a card, and one for
when the cards are down. A subject has one slide: what does not fit on it is on paper, and where that is in front of nobody
the slide says how much is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aipm_agents.kit import projected, rules
from aipm_agents.kit.beside import words
from aipm_agents.kit.document import Document, PrintSheet
from aipm_agents.kit.fact import joined
from aipm_agents.kit.glossary import tagged, terms
from aipm_agents.language import tr, tr_n
from aipm_agents.report.papers.blocks import Grid, Heading, Items, Lines, Row
from aipm_agents.report.papers.typography import sentences
from aipm_agents.report.words import fact_text, phrase, vocabulary
from aipm_agents.scenario.criteria import CHECKPOINTS
from aipm_agents.table.audience import FACILITATOR, PUBLIC, seen_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario

_FAR = 2
"""The smallest step of the type of a slide that is a text."""
_IDEAS, _QUESTIONS = 4, 5
"""What one slide holds at most."""


def decks(scenario: Scenario, deciding: Sequence[str]) -> tuple[Document, ...]:
    """`deciding`: the facts without which nothing passes."""
    said = words(scenario.language)
    return (
        Document("slides", said["slides"]["title"], said["slides"]["use"], PUBLIC, tuple(_opening(scenario, said["slides"]))),
        Document("slides-debrief", said["debrief"]["title"], said["debrief"]["use"], FACILITATOR, tuple(_after(scenario, said, deciding))),
    )  # fmt: skip


def _opening(scenario: Scenario, said: dict[str, Any]) -> Iterator[PrintSheet]:
    known = seen_by(scenario, (), PUBLIC)
    yield _slide(known.title, Lines(_beginning(known)))
    if known.affected:
        yield _slide(said["absent"], _grid(Row((a.who, a.stake)) for a in known.affected))
    yield _slide(
        said["table"], _grid(Row((known.who(role), party.wants)) for role, party in known.parties.items())
    )
    yield _slide(
        said["settle"],
        _grid(Row((i.question, _beside(o.label for o in i.options))) for i in known.issues),
    )
    asked = ((vocabulary.CHECKPOINT_TITLES[name], getattr(known.checkpoints, name)) for name in CHECKPOINTS)
    yield _slide(
        said["gates"],
        _grid(
            (Row((title, joined(*(each.asks for each in those)))) for title, those in asked if those),
            (2, 10),
        ),
    )
    yield _slide(said["round"], Items(tuple(said["steps"])))
    yield _slide(said["deal"], Lines((rules.deal(known),)))
    yield _slide(said["card"], Lines(tuple(said["card_says"])))


def _beginning(known: Scenario) -> tuple[str, ...]:
    """The question, and the sentences with which the case begins, as many as a slide holds in type that is read from the
    last row."""
    told: tuple[str, ...] = (known.question,)
    for sentence in sentences(known.background or ""):
        if projected.size(Lines((*told, sentence))) > _FAR:
            break
        told = (*told, sentence)
    return told


def _after(scenario: Scenario, all_said: dict[str, Any], deciding: Sequence[str]) -> Iterator[PrintSheet]:
    said, board, teaching = all_said["debrief"], all_said["board"]["columns"], scenario.teaching
    yield _slide(said["word"], Lines(tuple(said["word_says"])))
    groups = tuple(Row((f"G{n}", "", "", "")) for n in range(1, 5))
    yield _slide(said["results"], Grid((board[0], *board[1:4]), groups, widths=(2, 3, 2, 5)))
    yield _slide(said["knew"], _knew(scenario, said["knew_columns"], deciding))
    if teaching is not None and teaching.good_questions:
        yield _slide(said["asked"], Items(teaching.good_questions[:_QUESTIONS]))
    here = tagged(seen_by(scenario, (), PUBLIC), scenario)
    ideas = [term for term in terms(scenario.language) if any(tag in here for tag in term.tags)][:_IDEAS]
    if ideas:
        yield _slide(
            said["ideas"], _grid((Row((each.name, sentences(each.says)[0])) for each in ideas), (4, 8))
        )
    if teaching is not None and teaching.debrief:
        yield _slide(said["talk"], Items(teaching.debrief[:_QUESTIONS]))
    yield _slide(said["home"], Items(tuple(said["home_says"])))


def _knew(scenario: Scenario, columns: Iterable[str], deciding: Sequence[str]) -> Grid:
    rows = tuple(_held(scenario, deciding))
    return projected.trimmed(
        Grid(tuple(columns), rows, widths=(9, 3)),
        lambda n: tr_n("and {n} more, on the facilitator's sheet", "and {n} more, on the facilitator's sheet", n),
    )  # fmt: skip


def _held(scenario: Scenario, deciding: Sequence[str]) -> Iterator[Row]:
    """What only some knew, the weightiest first, for a slide has no room for all: facts without which nothing passes,
    options, facts that speak against something."""
    facts = [fact for fact in scenario.facts.values() if fact.held_by]
    facts.sort(key=lambda each: (each.id not in deciding, not each.undermines))
    rows = [Row((fact_text.fact(scenario, fact.id), _names(scenario, fact.held_by))) for fact in facts]
    first = sum(fact.id in deciding for fact in facts)
    yield from rows[:first]
    for choice, holders in scenario.held_options.items():
        yield Row((scenario.label(*choice), _names(scenario, holders)))
    yield from rows[first:]


def _names(scenario: Scenario, roles: Iterable[Role]) -> str:
    return phrase.listed(scenario.card(role).short for role in roles)


def _beside(texts: Iterable[str]) -> str:
    """What stands between two never begins a line."""
    return tr("\u00a0· ").join(texts)


def _grid(rows: Iterable[Row], widths: tuple[int, ...] = (5, 7)) -> Grid:
    grid = Grid(("", ""), tuple(rows), widths=widths)
    return projected.trimmed(
        grid, lambda n: tr_n("and {n} more, in the handouts", "and {n} more, in the handouts", n)
    )


def _slide(title: str, block: Block) -> PrintSheet:
    return PrintSheet((Heading(title, level=1), block), "slide", projected.size(block))
