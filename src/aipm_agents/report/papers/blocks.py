"""What a report is made of, whatever it is printed on: headings, lines, tables, quotes, questions.

Plain text throughout: whoever prints a block makes it safe for the paper it goes on.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Tone = Literal["plain", "quiet", "strong", "warning", "command"]
"""A command is typed as it stands: it is broken nowhere."""


class Heading(NamedTuple):
    text: str
    note: str = ""
    level: int = 2


class Lines(NamedTuple):
    texts: tuple[str, ...]
    tone: Tone = "plain"


class Row(NamedTuple):
    cells: tuple[str, ...]
    """As many as the head has; a single one goes across and heads the rows below it."""
    mark: str = ""
    """A word at the end of the row, such as `differs`."""


class Grid(NamedTuple):
    head: tuple[str, ...]
    """One name a column; the first column names the rows."""
    rows: tuple[Row, ...]
    title: str = ""
    first: int = 2
    """How wide the first column is, where each other one is 5 wide."""
    figures: bool = False
    """Whether the columns after the first hold figures, and line up at the right."""
    widths: tuple[int, ...] = ()
    """How wide each column is, in twelfths of the page; empty: as the paper thinks fit."""


class Quote(NamedTuple):
    label: str
    text: str
    note: str = ""


class Quotes(NamedTuple):
    """Several beneath each other, their labels in one column."""

    quotes: tuple[Quote, ...]


class Items(NamedTuple):
    texts: tuple[str, ...]
    """Numbered from 1."""


class Beside(NamedTuple):
    """Two tables next to each other where there is room, one under the other where there is not."""

    left: Grid
    right: Grid


class Whisker(NamedTuple):
    """A value and its interval, as one line of a figure."""

    label: str
    value: float
    low: float | None
    high: float | None
    """None for a value without an interval."""


class Dots(NamedTuple):
    """Values as dots on one scale, each with its interval. It stands after a table that has the same figures,
    so where no picture can be drawn there is none."""

    title: str
    words: str
    """What it shows, for whoever does not see it."""
    marks: tuple[Whisker, ...]
    bounds: tuple[float, float] | None = None
    """The ends of the scale; None: as wide as the intervals."""
    zero: bool = False
    """Whether 0 is drawn as a line, because it says that there is no difference."""


class Bar(NamedTuple):
    """How far a figure swings with one thing: down to `low`, up to `high`."""

    label: str
    low: float
    high: float
    note: str = ""
    """What does it, at the end of the bar."""
    marked: bool = False


class Tornado(NamedTuple):
    """What a figure hangs on: bars to both sides of where it stands, the widest on top. It stands beside a table that
    has the same figures, so where no picture can be drawn there is none."""

    title: str
    words: str
    """What it shows, for whoever does not see it."""
    bars: tuple[Bar, ...]
    centre: float
    """Where the figure stands as it is."""

    @property
    def top(self) -> float:
        """The end of the scale, which begins at 0: a figure is a count of something."""
        return max([self.centre, *(bar.high for bar in self.bars), 1.0])


class Blank(NamedTuple):
    """Something to be written in by hand."""

    label: str
    lines: int = 1
    """Ruled lines under the label."""


class Ticks(NamedTuple):
    """A question that is answered by ticking one of these, or several."""

    label: str
    options: tuple[str, ...]


class Chart(NamedTuple):
    """A picture with the same as a table, which stands alone where no picture can be drawn."""

    svg: str
    title: str
    words: str
    """What it shows, for whoever does not see it."""
    table: Grid


Block = Heading | Lines | Grid | Quote | Quotes | Items | Beside | Dots | Tornado | Chart | Blank | Ticks
