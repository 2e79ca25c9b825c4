"""What was said out loud, and who said the case's own words: the only speech that is recognised and not guessed at."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.table.discretion import given_away

if TYPE_CHECKING:
    from aipm_agents.roles import Role
    from aipm_agents.table.events import Event
    from aipm_agents.table.record import Record


class Said(NamedTuple):
    round: int
    by: Role


def spoken(event: Event) -> str:
    """What is said out loud in an event."""
    move = getattr(event, "move", None)
    return move.says if move is not None else ""


def says(said: str, text: str) -> bool:
    """Whether somebody said a text of the case: all of it, or a run of eight words of it, or of sixteen characters of
    Chinese."""
    bare = text.rstrip(".。!！?？ ")
    return bool(bare) and (bare in said or bool(given_away(said, [text], [])))


def first_said(record: Record, *texts: str) -> Said | None:
    """Who first said one of these texts."""
    for event in record.events:
        if (said := spoken(event)) and any(says(said, text) for text in texts):
            return Said(event.round, event.role)
    return None
