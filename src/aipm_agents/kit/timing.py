"""How a class of 50 minutes, of 90 and of three hours runs, and at which minute something is handed out.

The shares are ours. HKS gives its Congo exercise two fifths of the time to talk about it afterwards; here it is three
tenths, because fifty minutes hold no more.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from aipm_agents.scenario.model import Scenario


class Lesson(NamedTuple):
    """Minutes, part by part."""

    introduction: int
    reading: int
    play: int
    debrief: int
    form: int
    rounds: int
    """That fit into the play; a round on paper takes longer than one in the program, so there are fewer."""

    @property
    def minutes(self) -> int:
        return self.introduction + self.reading + self.play + self.debrief + self.form

    @property
    def round(self) -> int:
        """Minutes a round."""
        return self.play // self.rounds

    def begins(self, number: int) -> int:
        """The minute at which a round begins, counted from the beginning of the class."""
        return self.introduction + self.reading + (number - 1) * self.round


LESSONS = (Lesson(5, 7, 20, 15, 3, 4), Lesson(10, 15, 32, 28, 5, 4), Lesson(15, 30, 75, 50, 10, 5))


def before(lesson: Lesson, scenario: Scenario, number: int) -> int:
    """The round of a lesson before which something comes that the scenario has before round `number`: as far into
    the play, to the nearest round; after the first where it is not meant for the first, and never after the last."""
    if number <= 1:
        return 1
    passed = _rounded(Decimal(number - 1) * lesson.rounds / scenario.rounds)
    return min(lesson.rounds, max(2, passed + 1))


def takes(lesson: Lesson, scenario: Scenario, rounds: int) -> int:
    """The rounds of a lesson that a study takes which takes so many of the scenario's."""
    return max(1, _rounded(Decimal(rounds) * lesson.rounds / scenario.rounds))


def _rounded(number: Decimal) -> int:
    return int(number.quantize(Decimal(1), ROUND_HALF_UP))
