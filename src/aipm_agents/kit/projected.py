"""How large a slide is set so that it is one slide, as a page and in a slide show alike, and what it leaves out where
even the smallest type does not do.

An estimate from the number of letters, on the safe side; a test prints the decks with a browser and counts pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.kit.setting import han, wrapped
from aipm_agents.report.papers.blocks import Grid, Items, Lines, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aipm_agents.report.papers.blocks import Block


class Projection(NamedTuple):
    """Where a slide is shown; in points, but for the lines, which are parts of the size of the type."""

    sizes: tuple[float, ...]
    """Of the type, by step."""
    width: float
    height: float
    """Below the title."""
    letter: float
    """How wide a Latin letter is."""
    line: float
    table: float
    """A line of a table, and of one in Han letters."""
    han_table: float
    side: float
    """Left free beside the text of a cell."""
    row: float
    """Left free above and below the text of a row."""
    gap: float
    """Between paragraphs, in parts of the size."""


PAGE = Projection((26, 22, 19, 16, 13.5), 645, 280, 0.465, 1.3, 1.29, 1.43, 9, 7.5, 0.5)
"""As `kit.css` sets it."""
SHOW = Projection((28, 26, 22, 20, 18), 845, 375, 0.49, 1.36, 1.36, 1.45, 15, 8, 0.34)
"""As `report/papers/slideshow.py` does."""


_HAN = 0.5
"""Half a Han letter."""


def size(block: Block) -> int:
    """The step at which a slide holds it; the smallest where none does."""
    steps = range(len(PAGE.sizes))
    return next((step for step in steps if _fits(block, step)), len(PAGE.sizes) - 1)


def trimmed(grid: Grid, more: Callable[[int], str]) -> Grid:
    """As many rows as fit in the smallest type; where some do not, the last says how many are left out."""
    every = rows = grid.rows
    smallest = len(PAGE.sizes) - 1
    while not _fits(grid, smallest) and len(rows) > 1:
        rows = rows[:-1]
        told = Row((more(len(every) - len(rows)), *([""] * (len(grid.head) - 1))))
        grid = grid._replace(rows=(*rows, told))
    return grid


def _fits(block: Block, step: int) -> bool:
    return all(_height(block, screen, step) <= screen.height for screen in (PAGE, SHOW))


def _height(block: Block, screen: Projection, step: int) -> float:
    points = screen.sizes[step]
    letter, gap = points * (_HAN if han([block]) else screen.letter), points * screen.gap
    match block:
        case Grid():
            line = points * (screen.han_table if han([block]) else screen.table)
            widths = [(screen.width * part / 12 - screen.side) / letter for part in block.widths]
            rows = [*([block.head] if any(block.head) else []), *(row.cells for row in block.rows)]
            return sum(_tallest(cells, widths) * line + screen.row for cells in rows)
        case Lines() | Items():
            room = (screen.width - (1.8 * points if isinstance(block, Items) else 0)) / letter
            return sum(wrapped(text, room - 3) * points * screen.line + gap for text in block.texts)
        case _:
            raise TypeError(f"a slide holds no {type(block).__name__}")


def _tallest(texts: Sequence[str], widths: Sequence[float]) -> int:
    """Words end a line early: half a word of it is free."""
    return max(1, *(wrapped(text, max(6.0, room - 2)) for text, room in zip(texts, widths, strict=False)))
