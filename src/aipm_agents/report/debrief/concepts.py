"""The ideas that a case turns on, a card each: what it is, where it mattered in this meeting, the question nobody asked,
and what its answer would have changed. Of a class, one card for all its groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.analysis.debrief.concepts import MOST, concepts, weight
from aipm_agents.language import mark, spoken, tr
from aipm_agents.report.debrief.unsaid import effect, what, who
from aipm_agents.report.papers.blocks import Heading, Lines, Quote, Quotes
from aipm_agents.report.papers.typography import quoted, sentences, together
from aipm_agents.report.words import phrase, raising, technology
from aipm_agents.report.words.vocabulary import Vocabulary
from aipm_agents.scenario.lenses import ASKS
from aipm_agents.table.events import on_paper

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aipm_agents.analysis.debrief.concepts import Concept
    from aipm_agents.analysis.debrief.groups import Groups
    from aipm_agents.analysis.debrief.whole import Debrief
    from aipm_agents.report.papers.blocks import Block

_QUESTIONS: Vocabulary[str] = Vocabulary({
    "caution:technology_driven": mark("Who is waiting for this, and by what name?"),
    "caution:privacy": mark("Who sees it, how long is it kept, and did they say yes?"),
    "caution:decay": mark("Who notices when it has got worse, and who may switch it off?"),
    "caution:ethics": mark("Who is worse off by this, and were they asked?"),
    "caution:explainability": mark("Could we tell the person it hits why?"),
    "orientation:knowledge": mark("Where does that stand, and is it still so?"),
    "orientation:data": mark("On whom was that measured, and why is it so?"),
    "orientation:ethics": mark("Who is owed something here, and who may object?"),
    "path": mark("Who can say why it decided as it did?"),
})  # fmt: skip


_WANTED = 2
"""So many seats that made what mends it a condition are quoted."""
_PLACES = 3
"""So many different places of a class are told."""


def cards(found: Debrief, terms: Mapping[str, tuple[str, str]]) -> Iterator[Block]:
    """`terms`: by tag what an idea is called, and what it is."""
    told = [each for each in concepts(found.record, found.coverage, found.withheld) if each.tag in terms]
    if told:
        yield Heading(tr("The ideas behind it"), tr("each with its place in this very meeting"))
    for each in told:
        name, says = terms[each.tag]
        yield Heading(name, level=3)
        yield Lines((_two(says),))
        quotes = [Quote(tr("here"), text) for text in _here(found, each)]
        label = tr("nobody asked") if _unasked(found, each) else tr("the question")
        quotes.append(Quote(label, question(each), _unsaid(found, each)))
        yield Quotes(tuple(quotes))


def cards_of_class(found: Groups, terms: Mapping[str, tuple[str, str]]) -> Iterator[Block]:
    """The weightiest ideas of all groups: where each came up, who did not ask, and where the answer weighed most."""
    met: dict[str, list[tuple[Debrief, Concept]]] = {}
    for group in found.groups:
        for each in concepts(group.record, group.coverage, group.withheld):
            if each.tag in terms:
                met.setdefault(each.tag, []).append((group, each))
    order = sorted(met, key=lambda tag: -sum(weight(each) for _, each in met[tag]))[:MOST]
    if order:
        yield Heading(tr("The ideas behind it"), tr("each with its place in these meetings"))
    for tag in order:
        name, says = terms[tag]
        yield Heading(name, level=3)
        yield Lines((_two(says),))
        yield Quotes(tuple(_of_class(met[tag])))


def _of_class(met: list[tuple[Debrief, Concept]]) -> Iterator[Quote]:
    places: dict[str, list[str]] = {}
    for group, each in met:
        if each.choice or each.first or each.lay:
            places.setdefault(" ".join(_here(group, each)), []).append(group.sheet.label)
    for text, labels in list(places.items())[:_PLACES]:
        yield Quote(phrase.listed(labels), text)
    silent = [group.sheet.label for group, each in met if _unasked(group, each)]
    heaviest, each = max(met, key=lambda pair: weight(pair[1]))
    told = _unsaid(heaviest, each)
    if each.unsaid is not None:
        told = tr("{label}: {text}", label=heaviest.sheet.label, text=told)
    unasked = tr("Nobody asked it in {groups}.", groups=phrase.listed(silent)) if silent else ""
    yield Quote(tr("the question"), question(each), together((unasked, told)))


def _unasked(found: Debrief, each: Concept) -> bool:
    """Of a table on paper nobody knows what was asked."""
    return each.first is None and each.choice is None and not on_paper(found.record.events)


def question(each: Concept) -> str:
    """The question that an idea puts to a table."""
    kind, _, name = each.tag.partition(":")
    if kind == "lens":
        return next(text for lens, text in ASKS[spoken()].items() if lens == name)
    return _QUESTIONS[each.tag]


def _two(says: str) -> str:
    """The first two sentences."""
    return phrase.sentences(sentences(says)[:2])


def _here(found: Debrief, each: Concept) -> Iterator[str]:
    """The sentence of this meeting where it mattered."""
    scenario = found.scenario
    if each.choice is not None:
        path = technology.path(scenario, dict([each.choice]))
        yield path or quoted(scenario.label(*each.choice))
    elif each.first is not None and not on_paper(found.record.events):
        yield raising.raised(scenario, each.first, 220)
        for wanted in each.wanted[-_WANTED:]:
            yield raising.raised(scenario, wanted, 220)
    elif each.lay is not None:
        name, tabled = each.lay
        fact = quoted(scenario.facts[name].says, 220)
        if tabled.by is None:
            yield tr("On the table ({when}): {fact}", when=phrase.when(tabled.round), fact=fact)
        else:
            seat = scenario.card(tabled.by).called
            yield tr("{who} read out ({when}): {fact}", who=seat, when=phrase.when(tabled.round), fact=fact)
    else:
        yield tr("Nothing that was said bore on it.")


def _unsaid(found: Debrief, each: Concept) -> str:
    """What stayed unsaid, and what the answer would have changed."""
    if each.unsaid is None:
        return (
            tr("Nothing about it that stayed unsaid would have changed a ruling.")
            if each.choice is None
            else ""
        )
    told = tr(
        "{who} held this, which bears on it, and did not tell it: {what}",
        who=who(found.scenario, each.unsaid),
        what=what(found.scenario, each.unsaid),
    )
    return phrase.sentences((told, effect(found, each.unsaid.effect)))
