"""Text that breaks into lines as its script wants: Han anywhere but before a stop or behind an opening bracket.

Rich breaks at spaces alone and folds what is longer than a line, so a sentence with one number in it would fall
apart around the number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from rich.text import Text

from aipm_agents.language import spoken, tr
from aipm_agents.report.papers.plain_text import clean, inner

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console
    from rich.containers import Lines

_HAN = "\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60"
_FIRST = "。，、；：？！」』）］】〉》％…"
"""What may not begin a line."""
_LAST = "「『（［【〈《"
"""What may not end one."""
_ATOM = rf"[{_LAST}]*(?:[{_HAN}]|[^\s{_HAN}]+)[{_FIRST}]*\s*|\s+"


def text(said: str, style: str = "") -> Text:
    """A text that is safe on a terminal, set by the rules of its script."""
    made = clean(said)
    lettered = not made.isascii() and re.search(f"[{_HAN}]", made)
    return _Lettered(made, style=style) if lettered else Text(made, style=style)


class _Lettered(Text):
    def wrap(self, console: Console, width: int, **options: Any) -> Lines:
        from rich.containers import Lines

        lines = Lines()
        for line in self.split(allow_blank=True):
            for part in line.divide(breaks(line.plain, width)):
                part.rstrip()
                lines.append(part)
        return lines


def breaks(line: str, width: int) -> list[int]:
    """Where a line is divided so that no part is wider than `width` cells, spaces at an end not counted."""
    places, start, used = [], 0, 0
    for found in re.finditer(_ATOM, line):
        atom = found.group()
        size = cell_len(atom.rstrip())
        if used and used + size > width:
            places.append(found.start())
            used = 0
        start = found.start()
        while size > width:  # wider than a line: cut where it is full
            cut = max(1, next((k for k in range(len(atom), 0, -1) if cell_len(atom[:k]) <= width), 1))
            start += cut
            places.append(start)
            atom = atom[cut:]
            size = cell_len(atom.rstrip())
        used += cell_len(atom)
    return places


def shortened(said: str, width: int) -> str:
    """The beginning of a text that is wider than `width` cells, cut where a line could break."""
    made = " ".join(said.split())
    if cell_len(made) <= width:
        return made
    cut = made[: breaks(made, width)[0]].rstrip(" ,;:.，、；：") + " …"
    return cut + ('"' if cut.count('"') % 2 else "") + "」" * (cut.count("「") - cut.count("」"))


def quoted(said: str, width: int = 400) -> str:
    """A text, or its beginning, in quotation marks; marks inside it become the inner ones."""
    return tr('"{text}"', text=inner(shortened(said, width)))


def sentences(said: str) -> list[str]:
    """A text cut after each of its sentences, in either script; a closing mark stays with its sentence."""
    cut = re.split(r"(?<=[。！？])(?![」』])|(?<=[。！？][」』])|(?<=[.!?])\s+|(?<=[.!?][\"'])\s+", said)
    return [each.strip() for each in cut if each.strip()]


def together(sentences: Iterable[str]) -> str:
    """Sentences one after the other; Chinese leaves no gap between them, but where both are of another language."""
    made = ""
    for each in filter(None, sentences):
        close = spoken() == "zh-Hant" and not (made[-1:].isascii() and each[:1].isascii())
        made += each if close or not made else f" {each}"
    return made
