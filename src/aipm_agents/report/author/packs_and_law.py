"""The packs of criteria and the dates of law, as `aipm list` prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from aipm_agents.language import mark, spoken, tr
from aipm_agents.report.papers import plain_text
from aipm_agents.report.papers.rows import Rows
from aipm_agents.report.papers.typography import text as _text
from aipm_agents.report.words import vocabulary
from aipm_agents.report.words.sources import caution
from aipm_agents.roles import BUILT_IN
from aipm_agents.scenario.law import Confidence, day, law
from aipm_agents.scenario.model import CHECKPOINTS
from aipm_agents.scenario.packs import shelf

if TYPE_CHECKING:
    from rich.console import RenderableType

    from aipm_agents.scenario.packs import Pack

_SURE: vocabulary.Words[Confidence] = vocabulary.Words({
    "high": mark("the pages that cite the article agree"), "medium": mark("only one page has it, or they differ"),
    "low": mark("no page we found says it plainly"),
})  # fmt: skip
_BESIDE_THE_FIVE = {"design": mark("Design")}
"""How an owner is called who is none of the built-in roles."""


def every_pack() -> RenderableType:
    """Every pack with its questions, in the language spoken, and where it comes from if it is not ours."""
    there = shelf()
    parts = [
        part for name, pack in there.packs.items() for part in _pack(name, pack, there.sources.get(name, ""))
    ]
    how = tr("In a scenario: uses: [eu, dfv-core/user-need]. A question blocks only where a fact of the case speaks to it.")  # fmt: skip
    return Group(*parts, Text(), _text(how))


def _pack(name: str, pack: Pack, source: str) -> list[RenderableType]:
    language = spoken()
    title = Text(name.upper(), style="bold")
    title.append(f"   {plain_text.clean(pack.title(language))}", style="dim")
    parts: list[RenderableType] = [Text(), title]
    if source:
        parts.append(_text(tr("from {source}", source=source), "dim"))
    if pack.law:
        parts.append(_text(caution(law().as_of.isoformat()), "yellow"))
    for gate in CHECKPOINTS:
        items = [item for item in pack.criteria if item.checkpoint == gate]
        if items:
            parts.append(Text(vocabulary.CHECKPOINT_TITLES[gate], style="italic"))
        for item in items:
            said, card = item.said(language), BUILT_IN[language].get(item.owner)
            who = card.short if card else tr(_BESIDE_THE_FIVE[item.owner])
            stops = tr("can stop a deal") if item.blocking else tr("follow-up")
            lines: list[RenderableType] = [
                _text(said.asks, "bold"),
                _text(f"{name}/{item.id} · {who} · {stops}"),
                _text(tr("Source: {source}", source=said.source), "dim"),
                _text(tr("Satisfied by: {what}", what=said.satisfied_by), "dim"),
            ]
            parts.append(Padding(Group(*lines), (0, 0, 0, 2)))
    return parts


def calendar() -> RenderableType:
    """Every date with its article, in the order of time."""
    language = spoken()
    grid = Rows.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for each in sorted(law().dates, key=lambda found: found.date):
        said = each.said(language)
        lines: list[RenderableType] = [_text(said.what, "bold"), _text(each.article, "dim")]
        lines += [_text(said.note)] if said.note else []
        lines.append(_text(tr("How sure: {word}", word=_SURE[each.confidence]), "dim"))
        grid.add_row(day(each.date, language), Group(*lines))
    read = [_text(tr("Read at: {page}", page=page), "dim") for page in law().pages]
    return Group(_text(caution(law().as_of.isoformat()), "yellow"), Text(), grid, Text(), *read)
