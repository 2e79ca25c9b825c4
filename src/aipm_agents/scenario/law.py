"""Dates of law: one dated file, each date with its article, and how well it is known. For teaching, not legal advice."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from aipm_agents.scenario.values import Frozen, Id, Text, Texts

if TYPE_CHECKING:
    from aipm_agents.roles import Language

Confidence = Literal["high", "medium", "low"]

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


class LawText(Frozen):
    what: Text
    """What applies from that day on."""
    note: Text | None = None
    """Where sources differ, and which was taken."""


class LegalDate(Frozen):
    id: Id
    """The name by which the text of a pack asks for it, in braces."""
    date: date
    article: Text
    """Where it stands."""
    confidence: Confidence
    en: LawText
    zh_hant: LawText = Field(alias="zh-Hant")

    def said(self, language: Language) -> LawText:
        return self.en if language == "en" else self.zh_hant


class Law(Frozen):
    as_of: date
    """The day all of it was last looked up."""
    pages: Texts
    """Where it was looked up."""
    dates: Annotated[tuple[LegalDate, ...], Field(strict=False, min_length=1)]


@lru_cache(maxsize=1)
def law() -> Law:
    text = files("aipm_agents.scenario").joinpath("law.toml").read_text("utf-8")
    return Law.model_validate(tomllib.loads(text), by_alias=True, by_name=False)


def day(when: date, language: Language) -> str:
    """A date as one says it: `2 December 2027`, `2027 年 12 月 2 日`."""
    if language == "en":
        return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"
    return f"{when.year} 年 {when.month} 月 {when.day} 日"


def dated(text: str, language: Language) -> str:
    """A text with the dates it names in braces filled in. Raises `KeyError` for one that is not in the file."""
    return text.format_map({each.id: day(each.date, language) for each in law().dates})
