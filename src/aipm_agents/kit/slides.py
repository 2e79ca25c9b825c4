"""Two decks made from the case, fifteen slides together: one to begin with, which holds nothing of a card, and one for
when the cards are down. A subject has one slide: what does not fit on it is on paper, and where that is in front of nobody
the slide says how much is left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from aipm_agents.kit import rules
from aipm_agents.kit.beside import words
from aipm_agents.kit.document import Document, PrintSheet
from aipm_agents.kit.glossary import tagged, terms
from aipm_agents.language import tr, tr_n
from aipm_agents.report.papers.blocks import Grid, Heading, Items, Lines, Row
from aipm_agents.report.papers.typography import sentences
from aipm_agents.report.words import fact_text, phrase, vocabulary
from aipm_agents.scenario.model import CHECKPOINTS
from aipm_agents.table.view import FACILITATOR, PUBLIC, seen_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario

_SIZES = (320, 520, 800, 1150)
"""Letters from which on a slide is set smaller."""
_TOLD, _HELD, _IDEAS, _QUESTIONS = 420, 8, 4, 5
"""What one slide holds at most: letters of the case, rows of who knew what, ideas, questions."""


def decks(scenario: Scenario) -> tuple[Document, ...]:
    said = words(scenario.language)
    return (
        Document("slides", said["slides"]["title"], said["slides"]["use"], PUBLIC, tuple(_opening(scenario, said["slides"]))),
        Document("slides-debrief", said["debrief"]["title"], said["debrief"]["use"], FACILITATOR, tuple(_after(scenario, said))),
    )  # fmt: skip


def _opening(scenario: Scenario, said: dict[str, Any]) -> Iterator[PrintSheet]:
    known = seen_by(scenario, (), PUBLIC)
    yield _slide(known.title, Lines((known.question, *_beginning(known.background or ""))))
    if known.affected:
        yield _slide(said["absent"], _grid(Row((a.who, a.stake)) for a in known.affected))
    yield _slide(
        said["table"], _grid(Row((known.who(role), party.wants)) for role, party in known.parties.items())
    )
    yield _slide(
        said["settle"],
        _grid(Row((i.question, tr(" · ").join(o.label for o in i.options))) for i in known.issues),
    )
    asked = ((vocabulary.CHECKPOINT_TITLES[name], getattr(known.checkpoints, name)) for name in CHECKPOINTS)
    yield _slide(
        said["gates"],
        _grid(
            (Row((title, tr(" · ").join(each.asks for each in those))) for title, those in asked if those),
            (2, 10),
        ),
    )
    yield _slide(said["round"], Items(tuple(said["steps"])))
    yield _slide(said["deal"], Lines((rules.deal(known),)))
    yield _slide(said["card"], Lines(tuple(said["card_says"])))


def _beginning(background: str) -> Iterator[str]:
    """The sentences with which a case begins, as many as a slide holds beside the question."""
    room = _TOLD
    for sentence in sentences(background):
        room -= _length(sentence)
        if room < 0:
            return
        yield sentence


def _after(scenario: Scenario, all_said: dict[str, Any]) -> Iterator[PrintSheet]:
    said, board, teaching = all_said["debrief"], all_said["board"]["columns"], scenario.teaching
    yield _slide(said["word"], Lines(tuple(said["word_says"])))
    groups = tuple(Row((f"G{n}", "", "", "")) for n in range(1, 5))
    yield _slide(said["results"], Grid((board[0], *board[1:4]), groups, widths=(2, 3, 2, 5)))
    yield _slide(said["knew"], Grid(tuple(said["knew_columns"]), _knew(scenario), widths=(9, 3)))
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


def _knew(scenario: Scenario) -> tuple[Row, ...]:
    rows = tuple(_held(scenario))
    if (left := len(rows) - _HELD + 1) < 2:
        return rows
    return *rows[: _HELD - 1], Row((tr_n("and {n} more, on the facilitator's sheet", "and {n} more, on the facilitator's sheet", left),))  # fmt: skip


def _held(scenario: Scenario) -> Iterator[Row]:
    """Options that only somebody knew, then facts that somebody held: first those that speak against something."""
    for choice, holders in scenario.held_options.items():
        yield Row((scenario.label(*choice), _names(scenario, holders)))
    facts = [fact for fact in scenario.facts.values() if fact.held_by]
    for fact in sorted(facts, key=lambda each: not each.undermines):
        yield Row((fact_text.fact(scenario, fact.id), _names(scenario, fact.held_by)))


def _names(scenario: Scenario, roles: Iterable[Role]) -> str:
    return phrase.listed(scenario.card(role).short for role in roles)


def _grid(rows: Iterable[Row], widths: tuple[int, ...] = (5, 7)) -> Grid:
    return Grid(("", ""), tuple(rows), widths=widths)


def _slide(title: str, block: Block) -> PrintSheet:
    return PrintSheet(
        (Heading(title, level=1), block), "slide", sum(_letters(block) > many for many in _SIZES)
    )


def _letters(block: Block) -> float:
    """How much room it takes, in Latin letters: a Han letter is two of them, and a table leaves room beside them."""
    match block:
        case Grid():
            texts, times = [cell for row in block.rows for cell in row.cells], 1.5
        case Lines() | Items():
            texts, times = list(block.texts), 1.3
        case _:
            texts, times = [str(each) for each in block], 1.0
    return times * sum(_length(text) + 12 for text in texts)


def _length(text: str) -> int:
    return len(text) + len(re.findall("[\u4e00-\u9fff]", text))
