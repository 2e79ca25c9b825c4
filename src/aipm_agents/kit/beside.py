"""What a teacher expects beside the case: a first class, reading ahead, sheets for watching, for the wall and for home.

The words that are the same for every case stand in `teacher/LANGUAGE.toml`; the rest is made from the case.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from aipm_agents.kit.document import Document, PrintSheet
from aipm_agents.kit.glossary import tagged, terms
from aipm_agents.language import tr, tr_n
from aipm_agents.report.papers.blocks import Blank, Grid, Heading, Items, Lines, Quote, Row
from aipm_agents.report.words import fact_text, phrase, vocabulary
from aipm_agents.scenario.model import CHECKPOINTS
from aipm_agents.table.view import FACILITATOR, PUBLIC, seen_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aipm_agents.kit.document import Form
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.roles import Language
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.view import Audience

_GROUPS = 8
"""Rows of the results board."""


@lru_cache(maxsize=2)
def words(language: Language) -> dict[str, Any]:
    """From `teacher/LANGUAGE.toml`."""
    return tomllib.loads((files("aipm_agents.kit") / "teacher" / f"{language}.toml").read_text("utf-8"))


def for_the_teacher(scenario: Scenario, first: Sequence[int]) -> tuple[Document, ...]:
    """`first`: the minutes of a first class, part by part."""
    said = words(scenario.language)
    return (
        _document("first-class", said["first"], FACILITATOR, [_first(scenario, said["first"], first)]),
        _document("answers", said["answers"], FACILITATOR, [_answers(scenario, said["answers"])]),
        _document("course", said["course"], FACILITATOR, [_course(scenario, said["course"])]),
    )


def for_the_class(scenario: Scenario) -> tuple[Document, ...]:
    """All of it from what the public may see."""
    known, said = seen_by(scenario, (), PUBLIC), words(scenario.language)
    return (
        _document("prework", said["prework"], PUBLIC, [_ahead(known, said["prework"]), _asked(said["prework"])], "form"),
        _document("observer", said["observer"], PUBLIC, [_watched(known, said["observer"])], "form"),
        _document("tents", said["tents"], PUBLIC, (_tent(known, role) for role in known.parties), "tent"),
        _document("board", said["board"], PUBLIC, [_board(known, said["board"])], "form"),
        _document("reflection", said["rubric"], PUBLIC, [_rubric(known, said["rubric"])]),
        _document("reading", said["reading"], PUBLIC, [_reading(known, scenario, said["reading"])]),
    )  # fmt: skip


def _document(
    name: str, said: dict[str, Any], audience: Audience, pages: Iterable[Iterator[Block]], form: Form = "text"
) -> Document:
    sheets = tuple(PrintSheet(tuple(page), form) for page in pages)
    return Document(name, said["title"], said["use"], audience, sheets)


def _first(scenario: Scenario, said: dict[str, Any], minutes: Sequence[int]) -> Iterator[Block]:
    whole = tr_n("{n} minute", "{n} minutes", sum(minutes))
    yield Heading(said["title"], tr("{case}, {minutes}", case=scenario.title, minutes=whole), level=1)
    yield Lines((scenario.question,), "strong")
    yield Items(tuple(said["before"]))
    begins = [sum(minutes[:n]) for n in range(len(minutes))]
    parts = ((a, a + n, what) for a, n, what in zip(begins, minutes, said["minutes"], strict=True))
    yield Grid((tr("minute"), ""), tuple(Row((f"{a}–{b}", what)) for a, b, what in parts), widths=(2, 10))
    yield Lines(tuple(said["after"]), "quiet")


def _answers(scenario: Scenario, said: dict[str, Any]) -> Iterator[Block]:
    yield Heading(said["title"], scenario.title, level=1)
    if scenario.teaching is not None and scenario.teaching.good_questions:
        yield Heading(said["good"], level=2)
        yield Items(scenario.teaching.good_questions)
    for name in CHECKPOINTS:
        rows = [
            Row((each.asks, _facts(scenario, each.id, "supports", said), _facts(scenario, each.id, "undermines", said)))
            for each in getattr(scenario.checkpoints, name)
        ]  # fmt: skip
        if rows:
            title = vocabulary.CHECKPOINT_TITLES[name]
            yield Grid((title, said["shows"], said["breaks"]), tuple(rows), widths=(4, 4, 4))


def _course(scenario: Scenario, said: dict[str, Any]) -> Iterator[Block]:
    """The bundled cases, a week each; this one is marked."""
    yield Heading(said["title"], level=1)
    weeks = (
        Row((f"{week} ◂" if name == scenario.id else str(week), title, why))
        for week, (name, title, why) in enumerate(said["cases"], start=1)
    )
    yield Grid(tuple(said["columns"]), tuple(weeks), widths=(1, 4, 7))
    yield Lines(tuple(said["shorter"]), "quiet")


def _facts(scenario: Scenario, criterion: str, what: str, said: dict[str, Any]) -> str:
    """The facts that show a criterion or speak against it, each with who holds it."""
    found = [fact for fact in scenario.facts.values() if criterion in getattr(fact, what)]
    told = [
        tr("{what} ({who})", what=fact_text.fact(scenario, fact.id), who=phrase.listed(scenario.card(role).short for role in fact.held_by))
        if fact.held_by else fact_text.fact(scenario, fact.id)
        for fact in found
    ]  # fmt: skip
    return tr(" · ").join(told) or said["none"]


def _ahead(known: Scenario, said: dict[str, Any]) -> Iterator[Block]:
    yield Heading(known.title, said["title"], level=1)
    yield Lines((said["how"],), "quiet")
    yield Lines((known.question,), "strong")
    if known.background:
        yield Lines((known.background,))
    yield Grid(("", ""), tuple(Row((each.who, each.stake)) for each in known.affected), first=4)
    yield Grid(
        ("", ""), tuple(Row((i.question, phrase.listed(o.label for o in i.options))) for i in known.issues), first=4
    )  # fmt: skip


def _asked(said: dict[str, Any]) -> Iterator[Block]:
    yield Heading(said["title"], tr("Name or number: ____________"), level=1)
    for number, question in enumerate(said["questions"], start=1):
        yield Blank(f"{number}. {question}", 4)
    yield Lines((said["bring"],), "quiet")


def _watched(known: Scenario, said: dict[str, Any]) -> Iterator[Block]:
    yield Heading(said["title"], tr("{title} · round ____", title=known.title), level=1)
    yield Lines((said["how"],), "quiet")
    rows = tuple(Row((row, "", "", "")) for row in said["rows"] for _ in range(1))
    yield Grid(("", *said["columns"]), rows, widths=(4, 2, 1, 5))
    yield from (Blank(label, 2) for label in said["close"])


def _tent(known: Scenario, role: str) -> Iterator[Block]:
    yield Heading(known.card(role).title, known.parties[role].name or known.title, level=1)
    yield Lines((known.parties[role].wants,))


def _board(known: Scenario, said: dict[str, Any]) -> Iterator[Block]:
    yield Heading(said["title"], known.title, level=1)
    rows = tuple(Row((f"G{n}", *([""] * (len(said["columns"]) - 1)))) for n in range(1, _GROUPS + 1))
    yield Grid(tuple(said["columns"]), rows, widths=(1, 2, 1, 4, 2, 2))


def _rubric(known: Scenario, said: dict[str, Any]) -> Iterator[Block]:
    yield Heading(said["title"], known.title, level=1)
    yield Lines((said["task"],))
    yield Grid(tuple(said["columns"]), tuple(Row(tuple(row)) for row in said["rows"]), widths=(2, 3, 3, 4))


def _reading(known: Scenario, scenario: Scenario, said: dict[str, Any]) -> Iterator[Block]:
    yield Heading(said["title"], known.title, level=1)
    yield Lines((said["use"],), "quiet")
    here = tagged(known, scenario)
    for term in terms(scenario.language):
        found = [text for tag in term.tags if tag in here for text in said["lists"].get(tag, ())]
        if found:
            yield Quote(term.name, tr(" · ").join(found))
    yield Quote(tr("Negotiation"), tr(" · ").join(said["lists"]["always"]))
