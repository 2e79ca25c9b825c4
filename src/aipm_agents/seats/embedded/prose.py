"""How a language is written: where its sentences end, what stands between them, what its first word is.

Chinese has full-width stops, nothing between two sentences, no capitals and no spaces between words,
but a thin one between Han and anything else.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from aipm_agents.roles import Language

_HAN = r"\u3400-\u9fff"
_FEW = 4
"""Letters outside its slots below which a line is not known again."""
_WHOLE = "\u2060"
"""Marks the end of a quoted sentence that brings no stop of its own, until it is known what follows."""


@lru_cache(maxsize=20_000)
def _parts(line: str, sentence: re.Pattern[str], telling: int) -> tuple[str, ...]:
    pieces = re.split(r"\{\w+\}", line)
    parts = (part.strip() for piece in pieces for part in sentence.split(piece))
    return tuple(part for part in parts if len(part) > telling)


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
    inner: tuple[str, str] = ("'", "'")
    """And round words inside of those."""
    answer: re.Pattern[str] = re.compile(r"(?i)(yes|no|none|nothing|never|always)(,|\W*$)|[\W\d]+$")
    """A label that says nothing without its question: a yes or no, a bare figure."""
    joint: re.Pattern[str] = re.compile(r",|\band\b")
    """What a label has in it that is not to be taken for the list it stands in."""

    end: re.Pattern[str] = re.compile(r"[.!?…][\"')]*$")
    """How a sentence ends that needs no stop."""
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

    def parts(self, line: str) -> tuple[str, ...]:
        """What a line says between its slots, sentence by sentence, without what is too short to be noticed."""
        return _parts(line, self.sentence, self.telling)

    def said(self, line: str, before: str) -> bool:
        """Whether a sentence of a line, or of a line with slots a part between them, has been said; a line that is mostly
        slots is known by all that stands between them."""
        parts = self.parts(line)
        if parts:
            return any(part in before for part in parts)
        pieces = re.split(r"\{\w+\}", line)
        if len(re.sub(r"\W", "", "".join(pieces))) < _FEW or not all(piece in before for piece in pieces):
            return False
        return re.search(".{1,90}?".join(re.escape(piece) for piece in pieces), before) is not None

    def bare(self, text: str) -> str:
        """A sentence as it stands inside another one."""
        return text.strip().rstrip(self.stop)

    def ended(self, text: str) -> str:
        """A sentence by itself: no full stop missing, none doubled."""
        text = text.strip()
        return text if not text or self.end.search(text) else text + self.stop

    def cited(self, text: str) -> str:
        """A text in quotation marks inside a sentence, its own marks the inner ones, its own full stop left out."""
        first, last = self.marks
        inside = self.bare(text).replace(last, self.inner[1]).replace(first, self.inner[0])
        return f"{first}{inside}{last}"

    def asked(self, text: str) -> str:
        """A whole sentence in quotation marks: where ours goes on with the next, it keeps its end (`mended`)."""
        found = self.cited(text)
        return found if self.end.search(found) else found + _WHOLE

    def bare_answer(self, label: str) -> bool:
        """Whether a label says nothing without the question it answers."""
        return self.answer.match(label) is not None

    def jointed(self, label: str) -> bool:
        return self.joint.search(label) is not None

    def beginning(self, text: str, most: int) -> str:
        """As much of a text as fits, up to a word's end."""
        return text if len(text) <= most else text[:most].rsplit(" ", 1)[0].rstrip(" ,;，、；") + "…"

    def quoted(self, text: str) -> str:
        """Somebody's own words, in quotation marks; a text that has its own is left as it is."""
        first, last = self.marks
        return text if first in text else f"{first}{text}{last}"

    def lowered(self, text: str) -> str:
        """A phrase as it reads in the middle of a sentence, its capitals kept where they are not its first."""
        inside = text[1:2].islower() or text[1:2] == " "
        return text[:1].lower() + text[1:] if self.capitals and inside else text

    def mended(self, text: str) -> str:
        last = self.marks[1]
        text = re.sub(rf"{last}{_WHOLE}(?=$|{self.gap}[A-Z\u3400-\u9fff「])", self.stop + last, text).replace(
            _WHOLE, ""
        )
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
        mends=(
            (re.compile(r"([?!.…])\."), r"\1"),
            (re.compile(r"([?!.…]\"),?\.(?!\w)"), r"\1"),  # a quotation that ends a sentence ends ours too
            (re.compile(r"(?<![?!.…])\"$"), '".'),
        ),
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
        inner=("『", "』"),
        answer=re.compile(
            r"(是|否|要|不要|有|沒有|無|會|不會|對|不對|好|不好|行|不行|可以|不可以)(，|$)|[\W\d]+$"
        ),
        joint=re.compile(r"[、，]"),
        end=re.compile(r"[。！？…][」』）]*$"),
        mends=(
            (re.compile(r"([。！？]」?)。"), r"\1"),  # a quotation that ends a sentence ends ours too
            (re.compile(r"(?<![。！？…])」$"), "」。"),
            (re.compile(rf"(?<=[{_HAN}])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%])(?=[{_HAN}])"), " "),
        ),
    ),
}
