"""The scenarios that come with it: an index of what each of them teaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from aipm_agents.language import mark, spoken, tr, tr_n
from aipm_agents.report.papers.plain_text import clean
from aipm_agents.report.papers.typography import text
from aipm_agents.report.words import phrase, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.console import RenderableType

    from aipm_agents.roles import Language
    from aipm_agents.scenario.model import Orientation, Scenario, Stage

STAGES: vocabulary.Words[Stage] = vocabulary.Words({
    "concept": mark("concept"), "build": mark("build"), "launch": mark("launch"), "operate": mark("operate"),
})  # fmt: skip
ORIENTATIONS: vocabulary.Words[Orientation] = vocabulary.Words({
    "knowledge": mark("knowledge"), "data": mark("data"), "ethics": mark("ethics and interaction"),
})  # fmt: skip
_LANGUAGES: dict[Language, str] = {"en": "English", "zh-Hant": "正體中文"}


def in_order(scenarios: Iterable[Scenario]) -> list[Scenario]:
    """Those in the language spoken first, the short before the long."""
    return sorted(scenarios, key=lambda each: (each.language != spoken(), _minutes(each) or 999, each.id))


def index(scenarios: Iterable[Scenario], sources: Mapping[str, str] = {}) -> RenderableType:
    """`sources`: scenario id -> the package it came with, where that is another than ours."""
    parts: list[RenderableType] = []
    for each in in_order(scenarios):
        title = Text(each.id, style="bold")
        told = particulars(each)
        told += [tr("from {source}", source=clean(sources[each.id]))] if each.id in sources else []
        title.append(f"   {tr(' · ').join(told)}", style="dim")
        parts += [title, Padding(text(each.question), (0, 0, 0, 2))]
        parts += [Padding(text(told, "dim"), (0, 0, 0, 2)) for told in _lesson(each)]
        parts.append(Text())
    return Group(*parts[:-1])


def particulars(scenario: Scenario) -> list[str]:
    """How long it takes, where it stands, how many sit there, and what it is part of."""
    told = [tr("{minutes} min", minutes=_minutes(scenario))] if _minutes(scenario) else []
    told += [STAGES[scenario.stage]] if scenario.stage else []
    told.append(tr_n("{n} seat", "{n} seats", len(scenario.parties)))
    told.append(tr_n("{n} question", "{n} questions", len(scenario.issues)))
    told += [_LANGUAGES[scenario.language]] if scenario.language != spoken() else []
    told += [tr("follows {id}", id=scenario.follows)] if scenario.follows else []
    told += [tr("portfolio")] if scenario.portfolio else []
    return told


def _lesson(scenario: Scenario) -> list[str]:
    told = []
    if scenario.teaching and scenario.teaching.teaches:
        told.append(tr("Teaches: {what}", what=scenario.teaching.teaches))
    if scenario.orientations:
        told.append(
            tr("Turns on {what}.", what=phrase.listed(ORIENTATIONS[each] for each in scenario.orientations))
        )
    return told


def _minutes(scenario: Scenario) -> int | None:
    return scenario.teaching.minutes if scenario.teaching else None
