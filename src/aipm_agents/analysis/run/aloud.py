"""What was said out loud, and who said the case's own words: the only speech that is recognised and not guessed at."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.roles import PM
from aipm_agents.table.discretion import given_away
from aipm_agents.table.events import Framed, Seated
from aipm_agents.table.memory import remembered
from aipm_agents.table.view import view

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@remembered
def opened_as_offered(record: Record) -> bool:
    """Whether a person opened the meeting with the very words that the program offers, to be sent or said otherwise: they
    stand in the record, and are nobody's own."""
    number = next((n for n, event in enumerate(record.events) if isinstance(event, Framed)), None)
    if number is None or record.seed is None:
        return False
    before, framed = record.events[:number], record.events[number]
    seated = [event.seats for event in before if isinstance(event, Seated)]
    if not seated or seated[-1].get(PM) != "human" or not spoken(framed):
        return False
    from aipm_agents.seats.embedded.purpose import (
        framing,  # its voices are read only where somebody was offered them
    )

    offered = framing(view(record.in_round(0), before, PM, seed=record.seed, number=0))
    return spoken(framed) == offered.says


def own(record: Record) -> Iterator[tuple[Event, str]]:
    """Everything that a seat said in words of its own."""
    for event in record.events:
        if (said := spoken(event)) and not (isinstance(event, Framed) and opened_as_offered(record)):
            yield event, said


def says(said: str, text: str) -> bool:
    """Whether somebody said a text of the case: all of it, or a run of eight words of it, or of sixteen characters of
    Chinese."""
    bare = text.rstrip(".。!！?？ ")
    return bool(bare) and (bare in said or bool(given_away(said, [text], [])))


def first_said(record: Record, *texts: str) -> Said | None:
    """Who first said one of these texts."""
    for event, said in own(record):
        if any(says(said, text) for text in texts):
            return Said(event.round, event.role)
    return None
