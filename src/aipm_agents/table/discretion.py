"""Keeping a seat from reading its confidential briefing aloud, word for word.

Paraphrase is the seat's own affair. What is taken out here is what our code would otherwise carry from
one prompt to another: runs of eight words or more (sixteen characters of Chinese) of a private text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MARK = "[…]"
_RUN = 16
"""In half words: a Chinese character counts as half a word, anything else as a whole one."""
_HAN = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = rf"[{_HAN}]|[^\W_{_HAN}]+(?:'[^\W_{_HAN}]+)*"


class _Word(NamedTuple):
    text: str
    start: int
    end: int

    @property
    def weight(self) -> int:
        return 1 if len(self.text) == 1 and self.text > "\u3040" else 2


def withhold(says: str, private: Iterable[str], public: Iterable[str]) -> tuple[str, int]:
    """What may be said, and how many runs were taken out. Words that are public too stay."""
    out, end, count = [], 0, 0
    for start, stop in given_away(says, private, public):
        if start >= end:
            out += [says[end:start], MARK]
            count += 1
        end = max(end, stop)
    return "".join(out) + says[end:], count


def given_away(says: str, private: Iterable[str], public: Iterable[str]) -> list[tuple[int, int]]:
    """The runs of private text in what is said, as sorted (start, end) places that may overlap."""
    spoken = _words(says)
    shared = [run for text in private for run in _shared(spoken, _words(text))]
    known = [_words(text) for text in public] if shared else []  # a long record, and seldom asked for
    spans = [run for run in shared if not _stands_in(spoken, run, known)]
    return sorted((spoken[i].start, spoken[j - 1].end) for i, j in spans)


@lru_cache(maxsize=4096)  # the private texts of a case are looked for in every turn
def _words(text: str) -> tuple[_Word, ...]:
    return tuple(
        _Word(m[0].casefold(), m.start(), m.end()) for m in re.finditer(_WORD, text.replace("’", "'"))
    )


def _shared(spoken: Sequence[_Word], private: Sequence[_Word]) -> list[tuple[int, int]]:
    """The longest runs of both, as index ranges of what is spoken."""
    places: dict[str, list[int]] = defaultdict(list)
    for j, word in enumerate(private):
        places[word.text].append(j)
    runs = []
    for i, word in enumerate(spoken):
        for j in places[word.text]:
            if i and j and spoken[i - 1].text == private[j - 1].text:
                continue  # the run began earlier
            length = 1
            while (
                i + length < len(spoken) and j + length < len(private)
                and spoken[i + length].text == private[j + length].text
            ):  # fmt: skip
                length += 1
            if sum(each.weight for each in spoken[i : i + length]) >= _RUN:
                runs.append((i, i + length))
    return runs


def _stands_in(spoken: Sequence[_Word], span: tuple[int, int], known: Sequence[Sequence[_Word]]) -> bool:
    run = [word.text for word in spoken[slice(*span)]]
    return any(
        run == [word.text for word in text[k : k + len(run)]] for text in known for k in range(len(text))
    )
