"""How a language is written: where its sentences end, what stands between them, what its first word is.

Chinese has full-width stops, nothing between two sentences, no capitals and no spaces between words,
but a thin one between Han and anything else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from aipm_agents.roles import Language

_HAN = r"\u3400-\u9fff"


class Prose(NamedTuple):
    """The rules of one language, as data."""

    gap: str
    """Between two sentences of a turn."""
    stop: str
    """What a slot's text may bring along and a line has of its own."""
    sentence: re.Pattern[str]
    """Between the sentences of a line."""
    word: re.Pattern[str]
    """What opens a turn; of Chinese, two characters, for that is the usual length of a word."""
    telling: int
    """A part up to this long may be said again: it is a word, not a sentence."""
    mends: tuple[tuple[re.Pattern[str], str], ...] = ()
    """What is put right after the slots are filled."""
    capitals: bool = False
    marks: tuple[str, str] = ('"', '"')
    """What stands round somebody's own words."""

    numbers: tuple[str, ...] = ()
    """Small numbers as they are spoken, from nought; where there are none, figures."""

    def counted(self, number: int) -> str:
        return self.numbers[number] if number < len(self.numbers) else str(number)

    def joined(self, sentences: list[str]) -> str:
        return self.gap.join(sentences)

    def opener(self, text: str) -> str:
        """The word a turn begins with, to tell it from how the others began."""
        found = self.word.search(text)
        return found.group().lower() if found else ""

    def sentences(self, text: str) -> list[str]:
        """Sentence by sentence; a quotation is one, however many it holds."""
        first, last = self.marks
        whole, begun = [], ""
        ends = re.split(rf"(?<=[.!?。！？]{last})\s*", text)
        for piece in (each for end in ends for each in self.sentence.split(end) if each):
            begun = self.joined([begun, piece]) if begun else piece
            closed = begun.count(first) % 2 == 0 if first == last else begun.count(first) == begun.count(last)
            if closed:
                whole.append(begun)
                begun = ""
        return [*whole, begun] if begun else whole

    def parts(self, line: str) -> list[str]:
        """What a line says between its slots, sentence by sentence, without what is too short to be noticed."""
        pieces = re.split(r"\{\w+\}", line)
        parts = [part.strip() for piece in pieces for part in self.sentence.split(piece)]
        return [part for part in parts if len(part) > self.telling]

    def bare(self, text: str) -> str:
        """A sentence as it stands inside another one."""
        return text.rstrip(self.stop)

    def quoted(self, text: str) -> str:
        """Somebody's own words, in quotation marks; a text that has its own is left as it is."""
        first, last = self.marks
        return text if first in text else f"{first}{text}{last}"

    def lowered(self, text: str) -> str:
        """A phrase as it reads in the middle of a sentence, its capitals kept where they are not its first."""
        inside = text[1:2].islower() or text[1:2] == " "
        return text[:1].lower() + text[1:] if self.capitals and inside else text

    def mended(self, text: str) -> str:
        for wrong, right in self.mends:
            text = wrong.sub(right, text)
        if self.capitals:
            text = re.sub(r"(^|[.!?] )([a-z])", lambda found: found[1] + found[2].upper(), text)
        return text


PROSE: dict[Language, Prose] = {
    "en": Prose(
        gap=" ",
        stop=".",
        sentence=re.compile(r"(?<=[.!?])\s+"),
        word=re.compile(r"\w+"),
        telling=12,
        mends=((re.compile(r"([?!.…])\."), r"\1"),),
        capitals=True,
        numbers=("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    ),
    "zh-Hant": Prose(
        gap="",
        stop="。",
        sentence=re.compile(r"(?<=[。！？])(?!」)"),
        word=re.compile(rf"[A-Za-z0-9]+|[{_HAN}]{{1,2}}"),
        telling=5,
        marks=("「", "」"),
        mends=(
            (re.compile(r"([。！？]」?)。"), r"\1"),  # a quotation that ends a sentence ends ours too
            (re.compile(rf"(?<=[{_HAN}])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%])(?=[{_HAN}])"), " "),
        ),
    ),
}
