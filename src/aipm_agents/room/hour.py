"""The time that a class has: how much of it is left to play, and what is kept for the debrief.

It is counted from Begin on the laptop's own clock, and goes on through a pause, a sleep and a restart, because the hour of a
class does so too. It ends nothing: whether time is out, the teacher says.
"""

from __future__ import annotations

from datetime import UTC, datetime
from math import ceil
from typing import TYPE_CHECKING, Literal, NamedTuple

from aipm_agents.kit import timing
from aipm_agents.room.happenings import Begun

if TYPE_CHECKING:
    from aipm_agents.room.lesson import Lesson

Part = Literal["before", "play", "debrief", "over"]


class Slowest(NamedTuple):
    """The slowest table, and the minutes that all its rounds take at least, if the rest go as those so far."""

    table: int
    minutes: int


class Hour:
    def __init__(self, lesson: Lesson) -> None:
        self.lesson, self.minutes = lesson, lesson.opened.minutes
        self.debrief = timing.debrief(self.minutes)
        self.play = self.minutes - self.debrief
        self._told: Part | None = None

    @property
    def gone(self) -> float | None:
        """Seconds since Begin; None before it."""
        begun = next((each.at for each in self.lesson.register.happened if isinstance(each, Begun)), None)
        if begun is None:
            return None
        return max(0.0, (datetime.now(UTC) - datetime.fromisoformat(begun)).total_seconds())

    @property
    def part(self) -> Part:
        gone = self.gone
        if gone is None:
            return "before"
        return "play" if gone < 60 * self.play else "debrief" if gone < 60 * self.minutes else "over"

    @property
    def left(self) -> int:
        """Seconds until the debrief; from then on, until the class is over."""
        end = self.play if self.part in ("before", "play") else self.minutes
        return max(0, ceil(60 * end - (self.gone or 0)))

    @property
    def pace(self) -> Slowest | None:
        """Where at the pace so far a table would still be playing when the debrief begins; None while no round is done.
        The round under way counts as done, because nobody knows how much of it is: so it is a least, and no alarm in the
        middle of a round that goes like the others."""
        gone, rounds = self.gone, self.lesson.scenario.rounds
        done = [
            (each.round - 1, n) for n, each in self.lesson.tables.items() if not each.over and each.round > 1
        ]
        if gone is None or not done:
            return None
        fewest, table = min(done)
        needed = ceil(gone / 60 * rounds / min(rounds, fewest + 1))
        return Slowest(table, needed) if needed > self.play else None

    def tick(self) -> None:
        """Called about once a second: board and teacher hear of it when another part begins."""
        if (part := self.part) != self._told:
            self._told = part
            self.lesson.bell.ring(*self.lesson.topics)
