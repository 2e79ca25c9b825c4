"""The scenarios that come with it: an index of what each of them teaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import mark, spoken, tr, tr_n
from aipm_agents.report.papers.blocks import Heading, Lines
from aipm_agents.report.papers.typography import together
from aipm_agents.report.words import phrase, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.roles import Language
    from aipm_agents.scenario.criteria import Orientation
    from aipm_agents.scenario.headline import Headline
    from aipm_agents.scenario.model import Stage

STAGES: vocabulary.Vocabulary[Stage] = vocabulary.Vocabulary({
    "concept": mark("concept"), "build": mark("build"), "launch": mark("launch"), "operate": mark("operate"),
})  # fmt: skip
ORIENTATIONS: vocabulary.Vocabulary[Orientation] = vocabulary.Vocabulary({
    "knowledge": mark("knowledge"), "data": mark("data"), "ethics": mark("ethics and interaction"),
})  # fmt: skip
_LANGUAGES: dict[Language, str] = {"en": "English", "zh-Hant": "正體中文"}


def in_order(cases: Iterable[Headline]) -> list[Headline]:
    """Those in the language spoken first, the short before the long."""
    return sorted(cases, key=lambda each: (each.language != spoken(), each.minutes or 999, each.id))


def index(cases: Iterable[Headline], sources: Mapping[str, str] = {}) -> Iterator[Block]:
    """`sources`: scenario id -> the package it came with, where that is another than ours."""
    ordered = in_order(cases)
    if ordered:
        told = [tr("The shortest first. One to begin with: {id}.", id=ordered[0].id)]
        if all(len(each.languages) > 1 for each in ordered):
            told.append(tr("Each is there in English and in Traditional Chinese: --lang picks."))
        yield Lines((together(told),), "quiet")
    for each in ordered:
        told = particulars(each)
        told += [tr("from {source}", source=sources[each.id])] if each.id in sources else []
        yield Heading(each.id, tr(" · ").join(told), 3)
        yield Lines((each.question,))
        if lesson := _lesson(each):
            yield Lines(tuple(lesson), "quiet")


def particulars(case: Headline) -> list[str]:
    """How long it takes, where it stands, how many sit there, and what it is part of."""
    told = [tr("{minutes} min on screens", minutes=case.minutes)] if case.minutes else []
    told += [STAGES[case.stage]] if case.stage else []
    told.append(tr_n("{n} seat", "{n} seats", len(case.seats)))
    told.append(tr_n("{n} question", "{n} questions", len(case.issues)))
    told += [_LANGUAGES[case.language]] if case.language != spoken() else []
    told += [tr("follows {id}", id=case.follows)] if case.follows else []
    told += [tr("portfolio")] if case.portfolio else []
    return told


def _lesson(case: Headline) -> list[str]:
    told = [tr("Teaches: {what}", what=case.teaches)] if case.teaches else []
    if case.orientations:
        turns = phrase.listed(ORIENTATIONS[each] for each in case.orientations)
        told.append(tr("Turns on {what}.", what=turns))
    if case.on_paper:
        told.append(tr("On paper it takes a class of {minutes} minutes or more.", minutes=case.on_paper))
    return told
