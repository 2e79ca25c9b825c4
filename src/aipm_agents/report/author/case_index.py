"""The scenarios that come with it: an index of what each of them teaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import mark, spoken, tr, tr_n
from aipm_agents.report.papers.blocks import Heading, Lines
from aipm_agents.report.words import phrase, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from aipm_agents.report.papers.blocks import Block
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


def index(scenarios: Iterable[Scenario], sources: Mapping[str, str] = {}) -> Iterator[Block]:
    """`sources`: scenario id -> the package it came with, where that is another than ours."""
    for each in in_order(scenarios):
        told = _particulars(each)
        told += [tr("from {source}", source=sources[each.id])] if each.id in sources else []
        yield Heading(each.id, tr(" · ").join(told), 3)
        yield Lines((each.question,))
        if lesson := _lesson(each):
            yield Lines(tuple(lesson), "quiet")


def _particulars(scenario: Scenario) -> list[str]:
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
