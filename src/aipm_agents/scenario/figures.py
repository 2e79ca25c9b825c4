"""Which figures a text names, in digits or in words: enough to see that two texts of one fact say the same."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_DIGITS = re.compile(r"[0-9]+(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|\.[0-9]+")
_TIMES = {
    "百": 2,
    "千": 3,
    "萬": 4,
    "百萬": 6,
    "千萬": 7,
    "億": 8,
    "hundred": 2,
    "thousand": 3,
    "million": 6,
    "billion": 9,
}
_TIMED = re.compile(rf"\s?({'|'.join(sorted(_TIMES, key=len, reverse=True))})(?![a-z])")
_HAN = re.compile("[零〇一二兩三四五六七八九十百千萬億廿點半]+")
_HAN_DIGITS = {**{sign: n for n, sign in enumerate("零一二三四五六七八九")}, "〇": 0, "兩": 2}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}


def _counted(words: str, first: int = 0) -> dict[str, int]:
    return {word: n for n, word in enumerate(words.split(), first)}


_SMALL = _counted(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_SMALL |= {
    word: 10 * n for word, n in _counted("twenty thirty forty fifty sixty seventy eighty ninety", 2).items()
}
_ORDINALS = _counted("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth", 1)
_MONTHS = _counted("january february march april may june july august september october november december", 1)
_WORD = re.compile(r"[a-z]+")
_ALONE: dict[str, tuple[str, ...]] = {
    "half": ("0.5",), "dozen": ("12",), "once": ("1",), "twice": ("2",), "noon": ("12",), "midnight": ("0", "12", "24"),
    "quarter": ("15", "0.25", "4"), "fortnight": ("2", "14"),
}  # fmt: skip


class Figures(NamedTuple):
    digits: frozenset[Decimal]
    """What stands in digits, with what it is multiplied by: `1.2 萬` is 12000."""
    every: frozenset[Decimal]
    """And all that may be meant: the parts of it, and what is said in words."""


def figures(text: str) -> Figures:
    text = text.lower()
    digits: set[Decimal] = set()
    parts: set[Decimal] = set()
    for found in _DIGITS.finditer(text):
        bare = Decimal(found.group().replace(",", ""))
        times = _TIMED.match(text, found.end())
        digits.add(bare.scaleb(_TIMES[times.group(1)]) + 0 if times else bare)
        parts |= {bare, bare + 12, bare - 12}  # 3 p.m. is 15:00
    every = digits | parts | set(_in_han(text)) | set(_in_english(text))
    for found in re.finditer(r"([0-9]+(?:\.[0-9]+)?)\s?萬\s?([0-9][0-9,]*)", text):
        every.add(Decimal(found.group(1)) * 10000 + Decimal(found.group(2).replace(",", "")))
    return Figures(frozenset(digits), frozenset(every))


def _in_han(text: str) -> Iterator[Decimal]:
    for found in _HAN.finditer(text):
        yield from _han(found.group())
        if text[found.end() : found.end() + 1] == "成":  # tenths: 三成一 is said of 31 %
            tail = _HAN_DIGITS.get(text[found.end() + 1 : found.end() + 2], 0)
            yield from (each * 10 + tail for each in _han(found.group()))


def _han(text: str) -> Iterator[Decimal]:
    """`一千兩百` is 1200; `二點八` is 2.8; signs in a row may be read one by one (`一一九`). All it may mean."""
    whole, _, rest = text.partition("點")
    if whole.endswith("半"):
        yield Decimal("0.5")
        whole = whole[:-1]
    total = part = digit = 0
    last = 1
    for sign in whole:
        if sign in _HAN_DIGITS:
            digit = _HAN_DIGITS[sign]
        elif sign == "廿":
            part += 20
        elif sign in _HAN_UNITS:
            last = _HAN_UNITS[sign]
            part, digit = part + (digit or 1) * last, 0
        elif sign in ("萬", "億"):
            last = 10_000 if sign == "萬" else 100_000_000
            total, part, digit = (total + part + digit or 1) * last, 0, 0
    spoken = digit * last // 10 if digit and last > 10 and whole[-2:-1] != "零" else digit
    yield from (Decimal(total + part + digit), Decimal(total + part + spoken))
    row = "".join(str(_HAN_DIGITS[sign]) for sign in whole if sign in _HAN_DIGITS)
    if row and len(row) == len(whole):
        yield Decimal(row)
    if rest:  # a decimal, or a time of day: 十一點四十分
        after = "".join(str(_HAN_DIGITS[sign]) for sign in rest if sign in _HAN_DIGITS)
        yield from (Decimal(f"{total + part + digit}.{after or 0}"), Decimal(digit + part + 12))
        yield from _han(rest)


def _in_english(text: str) -> Iterator[Decimal]:
    """Number words in a row are one number, `and` between them or a hyphen: `a hundred and forty` is 140."""
    total = part = 0
    counting = False
    for word in [*_WORD.findall(text), ""]:
        if word in _SMALL:
            part, counting = part + _SMALL[word], True
            yield Decimal(_SMALL[word])
        elif word in ("hundred", "thousand", "million"):
            part = (part or 1) * 10 ** _TIMES[word]
            if word != "hundred":
                total, part = total + part, 0
            counting = True
        elif not (counting and word in ("and", "point")):
            if counting:
                yield Decimal(total + part)
            total = part = 0
            counting = False
        if word in _MONTHS or word in _ORDINALS:
            yield Decimal(_MONTHS.get(word) or _ORDINALS[word])
        yield from map(Decimal, _ALONE.get(word, ()))
