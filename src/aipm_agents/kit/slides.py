"""Two decks made from the case: one to begin with, which holds nothing of a card, and one for when the cards are down."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from aipm_agents.kit import rules
from aipm_agents.kit.beside import words
from aipm_agents.kit.document import Document, Sheet
from aipm_agents.kit.glossary import tagged, terms
from aipm_agents.language import tr
from aipm_agents.report.papers.blocks import Grid, Heading, Items, Lines, Quote, Row
from aipm_agents.report.papers.typography import sentences
from aipm_agents.report.words import fact_text, phrase, vocabulary
from aipm_agents.scenario.model import CHECKPOINTS
from aipm_agents.table.view import FACILITATOR, PUBLIC, seen_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.model import Scenario

_ROWS, _LETTERS = 6, 840
"""What a slide holds at most; the rest goes on the next one."""
_SIZES = (300, 480, 680, 950)
"""Letters from which on a slide is set smaller."""
_IDEAS = 4


def decks(scenario: Scenario) -> tuple[Document, ...]:
    said = words(scenario.language)
    return (
        Document("slides", said["slides"]["title"], said["slides"]["use"], PUBLIC, tuple(_opening(scenario, said["slides"]))),
        Document("slides-debrief", said["debrief"]["title"], said["debrief"]["use"], FACILITATOR, tuple(_after(scenario, said))),
    )  # fmt: skip


def _opening(scenario: Scenario, said: dict[str, Any]) -> Iterator[Sheet]:
    known = seen_by(scenario, (), PUBLIC)
    yield _slide(known.title, Lines((known.question,), "strong"))
    if told := tuple(sentences(known.background or "")):
        yield _slide(said["case"], Lines(told))
    if known.affected:
        yield _slide(
            said["absent"], Grid(("", ""), tuple(Row((a.who, a.stake)) for a in known.affected), first=4)
        )
    seats = [Row((known.who(role), party.wants)) for role, party in known.parties.items()]
    yield from _paged(said["table"], ("", ""), seats)
    issues = [Row((i.question, tr(" · ").join(o.label for o in i.options))) for i in known.issues]
    yield from _paged(said["settle"], ("", ""), issues)
    for name in CHECKPOINTS:
        if asked := getattr(known.checkpoints, name):
            title = tr("{who}: {what}", who=said["gates"], what=vocabulary.CHECKPOINT_TITLES[name])
            rows = [Row((each.asks, rules.decides(known, each))) for each in asked]
            yield from _paged(title, ("", ""), rows)
    yield _slide(said["round"], Items(tuple(said["steps"])))
    yield _slide(said["deal"], Lines((rules.deal(known),)))
    yield _slide(said["card"], Lines(tuple(said["card_says"])))


def _after(scenario: Scenario, all_said: dict[str, Any]) -> Iterator[Sheet]:
    said = all_said["debrief"]
    yield _slide(said["word"], Lines(tuple(said["word_says"])))
    board = all_said["board"]["columns"]
    yield _slide(
        said["results"], Grid((board[0], *board[1:4]), tuple(Row((f"G{n}", "", "", "")) for n in range(1, 5)))
    )  # fmt: skip
    held = [
        Row((fact_text.fact(scenario, name), phrase.listed(scenario.card(role).short for role in fact.held_by)))
        for name, fact in scenario.facts.items() if fact.held_by
    ]  # fmt: skip
    yield from _paged(said["knew"], tuple(said["knew_columns"]), held, (9, 3))
    if scenario.held_options:
        rows = [
            Row((scenario.label(*choice), phrase.listed(scenario.card(role).short for role in who)))
            for choice, who in scenario.held_options.items()
        ]
        yield from _paged(said["options"], tuple(said["knew_columns"]), rows, (9, 3))
    teaching = scenario.teaching
    if teaching is not None and teaching.good_questions:
        yield _slide(said["asked"], Items(teaching.good_questions[:_ROWS]))
    here = tagged(seen_by(scenario, (), PUBLIC), scenario)
    ideas = [term for term in terms(scenario.language) if any(tag in here for tag in term.tags)][:_IDEAS]
    for term in ideas:
        places = [place for tag in term.tags for place in here.get(tag, ())]
        yield _slide(said["ideas"], Quote(term.name, term.says, "".join(places[:1])))
    if teaching is not None and teaching.debrief:
        yield _slide(said["talk"], Items(teaching.debrief[:4]))
    yield _slide(said["home"], Items(tuple(said["home_says"])))


def _paged(
    title: str, head: tuple[str, ...], rows: Sequence[Row], widths: tuple[int, ...] = (5, 7)
) -> Iterator[Sheet]:
    """Rows on as many slides as they need."""
    page: list[Row] = []
    for row in rows:
        if page and (len(page) == _ROWS or _letters(Grid((), (*page, row))) > _LETTERS):
            yield _slide(title, Grid(head, tuple(page), widths=widths))
            page = []
        page.append(row)
    if page:
        yield _slide(title, Grid(head, tuple(page), widths=widths))


def _slide(title: str, block: Block) -> Sheet:
    return Sheet((Heading(title, level=1), block), "slide", sum(_letters(block) > many for many in _SIZES))


def _letters(block: Block) -> float:
    """How much room it takes, in Latin letters: a Han letter is two of them, and a table leaves room beside them."""
    match block:
        case Grid():
            texts, times = [cell for row in block.rows for cell in row.cells], 1.5
        case Lines() | Items():
            texts, times = list(block.texts), 1.3
        case _:
            texts, times = [str(each) for each in block], 1.0
    return times * sum(len(text) + len(re.findall("[\u4e00-\u9fff]", text)) + 12 for text in texts)
