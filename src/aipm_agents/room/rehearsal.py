"""A rehearsal: every seat is played by the program, at the pace at which people read."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from aipm_agents.analysis.run.aloud import spoken
from aipm_agents.report.live.pace import seconds_to_read
from aipm_agents.seats.embedded import Embedded

if TYPE_CHECKING:
    from aipm_agents.table.moves import Opening, Position, Proposal, Signing, Words
    from aipm_agents.table.view import View


LONGEST = 45.0
"""Seconds that a seat takes for a turn: who rehearses waits for the slowest."""


class Paced:
    """Plays as the embedded negotiator does, after as long as it takes to read what was said last and to think."""

    kind = "embedded"
    at_once = False

    def __init__(self, speed: float = 1.4) -> None:
        """`speed`: how much faster than reading aloud; 1.4 is how most people read to themselves."""
        self.seat, self.speed = Embedded(), speed

    def frame(self, view: View) -> Words:
        self._read(view)
        return self.seat.frame(view)

    def open(self, view: View) -> Opening:
        self._read(view)
        return self.seat.open(view)

    def propose(self, view: View) -> Proposal:
        self._read(view)
        return self.seat.propose(view)

    def answer(self, view: View) -> Position:
        self._read(view)
        return self.seat.answer(view)

    def sign(self, view: View) -> Signing:
        self._read(view)
        return self.seat.sign(view)

    def _read(self, view: View) -> None:
        """Not everybody reads as fast."""
        said = (spoken(event) for event in view.events if event.round == view.round)
        seconds = seconds_to_read(" ".join(said)) * (1 + len(view.role) % 5 / 10)
        time.sleep(min(LONGEST, 1.0 + seconds / self.speed))
