"""Ids for what a sketch only numbers: of issues and options from their words, of seats from their roles."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from aipm_agents.roles import BUILT_IN
from aipm_agents.scenario.packs import packs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_agents.drafting.sketch import SeatSketch


def named(texts: list[str], prefix: str) -> list[str]:
    """An id for each text: its first words that say something, one of a question and two of an option, where it has some
    in small letters; else by its number."""
    made: list[str] = []
    for number, text in enumerate(texts, start=1):
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
        telling = [word for word in re.findall(r"[a-z]{3,}", plain) if word not in _EMPTY]
        slug = "-".join(telling[: 1 if prefix == "issue" else 2])[:40]
        if slug in made:
            slug = "-".join(telling[:3])[:40]
        made.append(
            slug if slug and slug not in made and slug not in _TAKEN else f"{prefix.rstrip('-')}-{number}"
        )
    return made


_EMPTY = frozenset(
    re.findall(
        r"\w+",
        "about again all and any are before can does each every for from get gets goes happen happens has "
        "have how into its may must not once one our out own shall should stays that the their them then "
        "there they this was what when where which who whom whose why will with ",
    )
)
"""Words that name nothing."""
_TAKEN = (
    frozenset(name for pack in ("dfv-core",) for name in packs()[pack].items)
    | {"true", "false", "null"}
    | {*BUILT_IN["en"], "public", "facilitator"}
)
"""Ids that something else has."""


def role_ids(seats: Sequence[SeatSketch]) -> list[str]:
    """A built-in role by its name, another by what it is called."""
    others = named([seat.title if seat.role == "other" else "" for seat in seats], "seat-")
    return [other if seat.role == "other" else seat.role for seat, other in zip(seats, others, strict=True)]
