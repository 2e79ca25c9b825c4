"""Rows that lose nothing: where a narrow terminal has no room for columns, the cells of a row stand one below the
other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.measure import Measurement
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

NARROW, _ROOMY = 60, 1_000
"""On a terminal of fewer columns a table is looked at for room; how wide it would be where there is all the room."""


class Rows(Table):
    """A table; on a narrow terminal each row's first cell, and below it the others, each with what its column is
    called."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for column in self.columns:
            column.overflow = "fold"
        if options.max_width < NARROW and self._least(console, options) > options.max_width:
            yield from self._stacked()
        else:
            yield from super().__rich_console__(console, options)

    def _least(self, console: Console, options: ConsoleOptions) -> int:
        """The width below which a word would be broken, or a cell cut off."""
        roomy = options.update(width=_ROOMY)
        whole = sum(
            max((Measurement.get(console, roomy, cell).maximum for cell in column.cells), default=0)
            for column in self.columns
            if column.no_wrap
        )
        return max(whole, Measurement.get(console, roomy, self).minimum)

    def _stacked(self) -> Iterator[RenderableType]:
        if self.title:
            yield self.title
        for row in zip(*(column.cells for column in self.columns), strict=True):
            said = [
                pair
                for pair in zip(self.columns, row, strict=True)
                if any(map(_says, (pair[0].header, pair[1])))
            ]
            for number, (column, cell) in enumerate(said):
                text = Text(cell) if isinstance(cell, str) else cell
                if _says(column.header):
                    text = Text(f"{column.header}: ", style="dim").append(str(cell) or "-")
                yield Padding(text, (0, 0, 0, 2 if number else 0), style=column.style)


class Boxed:
    """Something in a frame with a title, which stands inside where the frame is too narrow for it."""

    def __init__(self, inside: RenderableType, title: str, style: str = "") -> None:
        self.inside, self.title = inside, Text(title, style=style)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if self.title.cell_len + _CORNERS <= options.max_width:
            yield Panel(self.inside, title=self.title, title_align="left")
        else:
            yield Panel(Group(self.title, self.inside))


_CORNERS = 6
"""Columns of a frame's upper edge that no title can have."""


def _says(cell: RenderableType) -> bool:
    return bool(cell) if isinstance(cell, str) else bool(cell.plain) if isinstance(cell, Text) else True
