"""The article's terms that a scenario uses, each in two or three sentences and with where in the scenario it turns up.

Everybody gets it, so what is pointed at is what everybody may see.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.kit.document import Document, PrintSheet
from aipm_agents.language import mark, tr
from aipm_agents.report.papers import plain_text
from aipm_agents.report.papers.blocks import Heading, Lines, Quote
from aipm_agents.report.words import phrase, vocabulary
from aipm_agents.table.audience import PUBLIC, seen_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.roles import Language
    from aipm_agents.scenario.criteria import Caution
    from aipm_agents.scenario.lenses import Lens
    from aipm_agents.scenario.model import Scenario

LENSES: vocabulary.Vocabulary[Lens] = vocabulary.Vocabulary({
    "alignment_control": mark("alignment and control"), "frame_problem": mark("the frame problem"),
    "symbol_grounding": mark("symbol grounding"), "language_games": mark("language games"), "gestalt": mark("Gestalt"),
})  # fmt: skip
CAUTIONS: vocabulary.Vocabulary[Caution] = vocabulary.Vocabulary({
    "technology_driven": mark("driven by technology"), "privacy": mark("data and privacy"), "decay": mark("models decay"),
    "ethics": mark("ethical dispute"), "explainability": mark("explainability"),
})  # fmt: skip
_PLACES = 3
"""A term is shown at so many places at most."""


class Term(NamedTuple):
    id: str
    name: str
    says: str
    tags: tuple[str, ...]
    finds: str


@lru_cache(maxsize=2)
def terms(language: Language) -> tuple[Term, ...]:
    """From `terms/LANGUAGE.toml`."""
    read = tomllib.loads((files("aipm_agents.kit") / "terms" / f"{language}.toml").read_text("utf-8"))
    return tuple(
        Term(name, each["name"], each["says"], tuple(each["tags"]), each.get("finds", "")) for name, each in read.items()
    )  # fmt: skip


def ideas(language: Language) -> dict[str, tuple[str, str]]:
    """By tag what an idea is called, and what it is."""
    return {tag: (term.name, term.says) for term in terms(language) for tag in term.tags}


def glossary(scenario: Scenario) -> Document:
    known = seen_by(scenario, (), PUBLIC)
    places = tagged(known, scenario)
    blocks: list[Block] = [
        Heading(tr("Words of this case"), known.title, level=1),
        Lines(
            (
                tr(
                    "Each in our own words, with the place in this case where it turns up. For the debrief, or to read ahead."
                ),
            )
        ),
    ]
    for term in terms(scenario.language):
        where = list(dict.fromkeys(place for tag in term.tags for place in places.get(tag, ())))
        where += named(term, known)
        if where or "always" in term.tags:
            told = tr(" · ").join(plain_text.shortened(each, 90) for each in where[:_PLACES])
            blocks.append(
                Quote(term.name, term.says, tr("In this case: {places}", places=told) if told else "")
            )
    use = tr("The terms behind the case. Hand it out with the debrief.")
    return Document("glossary", tr("Glossary"), use, PUBLIC, (PrintSheet(tuple(blocks)),))


def named(term: Term, known: Scenario) -> list[str]:
    """Where one of a term's words stands on the public page."""
    return (
        [text for text in _texts(known) if re.search(term.finds, text, re.IGNORECASE)] if term.finds else []
    )


def tagged(known: Scenario, whole: Scenario) -> dict[str, tuple[str, ...]]:
    """Tag -> the places that bear it."""
    places: dict[str, list[str]] = {}
    for _, each in known.criteria.values():
        for tag in (f"lens:{each.lens}", f"caution:{each.caution}", f"orientation:{each.orientation}"):
            places.setdefault(tag, []).append(tr('"{text}"', text=each.asks))
    for orientation in known.orientations:
        places.setdefault(f"orientation:{orientation}", []).append(tr("the whole case"))
    for issue in known.issues:
        if issue.technical_path or any(option.paradigm for option in issue.options):
            options = phrase.listed(option.label for option in issue.options)
            places.setdefault("path", []).append(
                tr("{question} {options}", question=issue.question, options=options)
            )
    if (goal := known.success) is not None:
        both = " / ".join(filter(None, [goal.metric, goal.guardrail]))
        places["success"] = [both]
    if "terms" in whole.extras:
        places["extra:terms"] = [tr("a word that somebody here uses in a sense of their own")]
    return {tag: tuple(each) for tag, each in places.items()}


def _texts(known: Scenario) -> Iterator[str]:
    """What a word may be found in, the most telling first."""
    yield known.question
    for issue in known.issues:
        yield from (tr('"{text}"', text=option.label) for option in issue.options)
    yield from (tr('"{text}"', text=each.asks) for _, each in known.criteria.values())
    yield from (fact.says for fact in known.evidence)
    yield from re.split(r"(?<=[.。！？!?])\s*", known.background or "")
