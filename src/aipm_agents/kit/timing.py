"""How long a class takes on paper: reading by the words there are to read, a round by what people do in it, and at which
minute something is handed out. A case offers only the lengths that fit it.

Reading goes at 180 words a minute and at 250 Han letters, which is our guess: Brysbaert 2019 finds 238 words for English
non-fiction and most adults between 175 and 300, and rules and tables are no running text. What a round takes is our guess
too: a quarter of a minute to write down a choice,
a silent minute and a half with the showing of votes, half a minute for each colleague, a fifth for each criterion that
is ruled, and a half for what would open what is shut; the first one takes half as long again, because all of it is new.
The minutes run from when everybody sits. HKS gives its Congo exercise two fifths of the time to talk about
it afterwards; here it is three tenths, because fifty minutes hold no more.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.report.papers.blocks import Lines
from aipm_agents.scenario.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aipm_agents.kit.document import Document

MINUTES = (50, 90, 180)
"""The lengths that a class may have."""
FEWEST = 3
"""Rounds without which a table has no second look at anything; of a case that has fewer, all."""
PREPARING = 5
"""Minutes for the preparation form."""
_WORDS, _HAN = 180, 250
_LETTER = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


class LessonTimes(NamedTuple):
    """Minutes, part by part."""

    introduction: int
    reading: int
    play: int
    debrief: int
    form: int
    rounds: int
    """That fit into the play."""
    ahead: bool = False
    """Whether the general instructions have to be read at home for it to fit, and the preparation form left out."""
    learning: int = 0
    """Minutes that the first round takes more."""

    @property
    def minutes(self) -> int:
        return self.introduction + self.reading + self.play + self.debrief + self.form

    @property
    def round(self) -> int:
        """Minutes a round, after the first."""
        return (self.play - self.learning) // self.rounds

    def begins(self, number: int) -> int:
        """The minute at which a round begins, counted from the beginning of the class."""
        later = self.learning if number > 1 else 0
        return self.introduction + self.reading + later + (number - 1) * self.round


def lessons(scenario: Scenario, general: Document, cards: Iterable[Document]) -> tuple[LessonTimes, ...]:
    """Those that fit, the shortest first; at least the longest, and that as well as it goes."""
    together, alone = reading(general), max(map(reading, cards))
    found = [
        made for minutes in MINUTES if (made := _fitting(scenario, minutes, together, alone)) is not None
    ]
    return tuple(found) or (_made(scenario, MINUTES[-1], ceil(together + alone) + PREPARING),)


def _fitting(scenario: Scenario, minutes: int, together: Decimal, alone: Decimal) -> LessonTimes | None:
    here = _made(scenario, minutes, ceil(together + alone) + PREPARING)
    fewest = min(FEWEST, scenario.rounds)
    if here.rounds >= fewest:
        return here
    ahead = _made(scenario, minutes, ceil(alone))._replace(ahead=True)
    return ahead if ahead.rounds >= fewest else None


def _made(scenario: Scenario, minutes: int, reading: int) -> LessonTimes:
    introduction, form = max(5, minutes // 12), max(3, minutes // 15)
    left = minutes - introduction - form - debrief(minutes)
    more = learning(scenario)
    play = max(0, left - reading - more)
    rounds = min(scenario.rounds, play // round_on_paper(scenario))
    length = play // max(1, rounds)
    played = max(1, rounds) * length + more
    talk = minutes - introduction - reading - form - played
    return LessonTimes(introduction, reading, played, talk, form, max(1, rounds), learning=more)


def first(scenario: Scenario, general: Document, cards: Iterable[Document]) -> LessonTimes:
    """A first class: the question, reading, three rounds, the cards on the table, one sentence. With two, a fact that comes
    out in the second leaves no round to sign in."""
    read, one = ceil(reading(general) + max(map(reading, cards))), round_on_paper(scenario)
    rounds, more = min(FEWEST, scenario.rounds), learning(scenario)
    return LessonTimes(5, read, rounds * one + more, 6, 3, rounds, learning=more)


def debrief(minutes: int) -> int:
    """The minutes of a class that are kept for talking about it."""
    return ceil(minutes * 3 / 10)


def round_on_paper(scenario: Scenario) -> int:
    """Minutes, whole ones."""
    told = Decimal(len(scenario.issues)) / 4 + Decimal(len(scenario.colleagues)) / 2
    return _rounded(told + Decimal(len(scenario.criteria)) / 5 + 2)


def learning(scenario: Scenario) -> int:
    """Minutes that a first round takes more."""
    return ceil(round_on_paper(scenario) / 2)


def reading(document: Document) -> Decimal:
    """Minutes that it takes to read."""
    words = han = 0
    for text in _texts(document.blocks):
        han += len(_LETTER.findall(text))
        words += len(_LETTER.sub(" ", text).split())
    return Decimal(words) / _WORDS + Decimal(han) / _HAN


def _texts(part: object) -> Iterator[str]:
    """Every text of some blocks."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, tuple):
        for each in part.texts if isinstance(part, Lines) else part:
            yield from _texts(each)


def as_played(scenario: Scenario, lesson: LessonTimes) -> Scenario:
    """A scenario with the rounds of a lesson, and what arrives coming as far into the play as there."""
    fields = {name: getattr(scenario, name) for name in Scenario.model_fields}
    fields["rounds"] = lesson.rounds
    fields["injects"] = tuple(
        each.model_copy(update={"before_round": before(lesson, scenario, each.before_round)})
        for each in scenario.injects
    )
    fields["evidence"] = tuple(
        each if each.takes is None else each.model_copy(update={"takes": takes(lesson, scenario, each.takes)})
        for each in scenario.evidence
    )
    return Scenario.model_construct(**fields)


def shared(minutes: int, shares: tuple[int, ...]) -> tuple[int, ...]:
    """Minutes divided by shares, whole ones that add up: the largest remainders get what is left."""
    whole = sum(shares)
    out = [minutes * each // whole for each in shares]
    rest = sorted(range(len(shares)), key=lambda n: (-(minutes * shares[n] % whole), n))
    for n in rest[: minutes - sum(out)]:
        out[n] += 1
    return tuple(out)


def before(lesson: LessonTimes, scenario: Scenario, number: int) -> int:
    """The round of a lesson before which something comes that the scenario has before round `number`: as far into
    the play, to the nearest round; after the first where it is not meant for the first, and never after the last."""
    if number <= 1:
        return 1
    passed = _rounded(Decimal(number - 1) * lesson.rounds / scenario.rounds)
    return min(lesson.rounds, max(2, passed + 1))


def takes(lesson: LessonTimes, scenario: Scenario, rounds: int) -> int:
    """The rounds of a lesson that a study takes which takes so many of the scenario's."""
    return max(1, _rounded(Decimal(rounds) * lesson.rounds / scenario.rounds))


def _rounded(number: Decimal) -> int:
    return int(number.quantize(Decimal(1), ROUND_HALF_UP))
