"""How large a card is set so that it stays on one page, of A4 and of US Letter alike.

An estimate from the number of letters, on the safe side; a test prints every card with a browser and counts pages.
"""

from __future__ import annotations

import unicodedata
from math import ceil
from typing import TYPE_CHECKING, Literal

from aipm_agents.report.papers.blocks import Blank, Grid, Heading, Items, Lines, Quote, Ticks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_agents.report.papers.blocks import Block

Paper = Literal["a4", "letter"]
PAPERS: dict[Paper, str] = {"a4": "A4", "letter": "letter"}

SMALL = 3
"""The step from which on what a card can do without is left out."""
SIZES = (11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0)
"""In points, by step; `kit.css` has the same."""
_WIDTH, _HEIGHT = 505.0, 690.0
"""Points between the margins: the width of A4, which is narrower, and the height of Letter, which is shorter,
less the frame of a card and one line in thirty for other fonts than ours."""
_LINE = {False: 1.42, True: 1.52}
"""Of the size of the type, without Han letters and with them; tables of Han letters are set closer than the rest."""
_FIGURE = 11.0
"""How wide a column of figures is, in letters."""


def size(made: Sequence[Block]) -> int:
    """The step at which a sheet stays on one page; the smallest where none does."""
    return next((step for step in range(len(SIZES)) if _fits(made, step)), len(SIZES) - 1)


def fits(made: Sequence[Block]) -> bool:
    """Whether a sheet stays on one page at all."""
    return _fits(made, len(SIZES) - 1)


def _fits(made: Sequence[Block], step: int) -> bool:
    cells = _WIDTH / (SIZES[step] / 2)
    return sum(_lines(block, cells) for block in made) * SIZES[step] * _LINE[han(made)] <= _HEIGHT


def han(made: Sequence[Block]) -> bool:
    """Whether a sheet has Han letters, which are wide, and read no smaller than this."""
    return any(unicodedata.east_asian_width(char) == "W" for block in made for char in str(block))


def _lines(block: Block, cells: float) -> float:
    """How many lines of ordinary type a block takes, the space around it included; as `kit.css` sets it."""
    match block:
        case Heading():
            return 2.8 if block.level == 1 else 1.65
        case Lines():
            small = 1.0 if block.tone == "plain" else 1.075
            frame = 0.9 if block.tone == "warning" else 0.27
            return sum(wrapped(text, cells * small) / small + frame for text in block.texts)
        case Quote():
            body = wrapped(f"{block.label}  {block.text}", cells - 3)
            return body + 0.93 * wrapped(block.note, (cells - 3) * 1.08) + 0.55
        case Grid():
            widths = _columns(block, cells * 1.05)
            head = 0.4 + 0.9 * _tallest(block.head, widths) if any(block.head) else 0.0
            return head + sum(0.32 + 0.9 * _tallest(row.cells, widths) for row in block.rows) + 0.6
        case Items():
            return sum(wrapped(text, cells - 4) + 0.2 for text in block.texts)
        case Blank():
            return wrapped(block.label, cells) + 2.0 * block.lines
        case Ticks():
            return wrapped(block.label, cells) + sum(wrapped(each, cells - 4) for each in block.options)
        case _:
            return 0.0


def _columns(grid: Grid, cells: float) -> list[float]:
    """How many letters fit into each column."""
    rest = len(grid.head) - 1
    if grid.figures:
        return [cells - _FIGURE * rest, *([_FIGURE] * rest)]
    if grid.widths:
        return [cells * width / 12 - 2 for width in grid.widths]
    first = {2: 0.17, 4: 0.36}.get(grid.first, 0.45)
    return [cells * first - 2, *([cells * (1 - first) / max(1, rest) - 2] * rest)]


def _tallest(texts: Sequence[str], widths: Sequence[float]) -> int:
    return max(1, *(wrapped(text, max(6.0, width)) for text, width in zip(texts, widths, strict=True)))


def wrapped(text: str, cells: float) -> int:
    """How many lines a text takes that are so many letters wide."""
    wide = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    return ceil(wide / cells) if text else 0
