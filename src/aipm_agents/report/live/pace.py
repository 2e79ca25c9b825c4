"""How long what is shown takes to be read: for a projector, a screen that goes by itself, a page that is leafed through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.analysis.run.aloud import spoken

if TYPE_CHECKING:
    from aipm_agents.table.events import Event

LETTERS_A_SECOND = 15.0
"""About 180 words a minute, read aloud or by a class from the back row."""
HAN_A_SECOND = 5.0


def seconds_to_read(text: str) -> float:
    """How long a text takes to read aloud at speed 1."""
    han = sum("\u3400" <= char <= "\u9fff" for char in text)
    letters = sum(not char.isspace() for char in text) - han
    return letters / LETTERS_A_SECOND + han / HAN_A_SECOND


def seconds(event: Event) -> float:
    """How long the screen of an event stands at speed 1: what it takes to read it, and a breath."""
    breath = {"ruling": 8.0, "proposal": 3.0, "inject": 4.0, "report": 4.0}.get(event.kind, 0.7)
    return breath + seconds_to_read(spoken(event))
