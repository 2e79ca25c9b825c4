"""The packs of criteria and the dates of law, as `aipm list` prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import mark, spoken, tr
from aipm_agents.report.papers.blocks import Heading, Lines
from aipm_agents.report.words import vocabulary
from aipm_agents.report.words.sources import caution
from aipm_agents.roles import BUILT_IN
from aipm_agents.scenario.criteria import CHECKPOINTS
from aipm_agents.scenario.law import Confidence, day, law
from aipm_agents.scenario.packs import shelf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.packs import Pack

_SURE: vocabulary.Vocabulary[Confidence] = vocabulary.Vocabulary({
    "high": mark("the pages that cite the article agree"), "medium": mark("only one page has it, or they differ"),
    "low": mark("no page we found says it plainly"),
})  # fmt: skip
_BESIDE_THE_FIVE = {"design": mark("Design")}
"""How an owner is called who is none of the built-in roles."""


def every_pack() -> Iterator[Block]:
    """Every pack with its questions, in the language spoken, and where it comes from if it is not ours."""
    there = shelf()
    for name, pack in there.packs.items():
        yield from _pack(name, pack, there.sources.get(name, ""))
    how = tr("In a scenario: uses: [eu, dfv-core/user-need]. A question blocks only where a fact of the case speaks to it.")  # fmt: skip
    yield Lines((how,))


def _pack(name: str, pack: Pack, source: str) -> Iterator[Block]:
    language = spoken()
    yield Heading(name, pack.title(language))
    if source:
        yield Lines((tr("from {source}", source=source),), "quiet")
    if pack.law:
        yield Lines((caution(law().as_of.isoformat()),), "warning")
    for gate in CHECKPOINTS:
        items = [item for item in pack.criteria if item.checkpoint == gate]
        if items:
            yield Heading(vocabulary.CHECKPOINT_TITLES[gate], level=3)
        for item in items:
            said, card = item.said(language), BUILT_IN[language].get(item.owner)
            who = card.short if card else tr(_BESIDE_THE_FIVE[item.owner])
            stops = tr("can stop a deal") if item.blocking else tr("follow-up")
            yield Lines((said.asks,), "strong")
            yield Lines((f"{name}/{item.id} · {who} · {stops}",))
            rest = (
                tr("Source: {source}", source=said.source),
                tr("Satisfied by: {what}", what=said.satisfied_by),
            )
            yield Lines(rest, "quiet")


def calendar() -> Iterator[Block]:
    """Every date with its article, in the order of time."""
    language = spoken()
    yield Lines((caution(law().as_of.isoformat()),), "warning")
    for each in sorted(law().dates, key=lambda found: found.date):
        said = each.said(language)
        yield Heading(day(each.date, language), level=3)
        yield Lines((said.what,), "strong")
        yield Lines((each.article,), "quiet")
        if said.note:
            yield Lines((said.note,))
        yield Lines((tr("How sure: {word}", word=_SURE[each.confidence]),), "quiet")
    yield Heading(tr("Read at"), level=3)
    yield Lines(tuple(law().pages), "quiet")
