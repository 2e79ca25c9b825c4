"""Blocks on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from rich.cells import cell_len
from rich.columns import Columns
from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from aipm_agents.report.papers import blocks
from aipm_agents.report.papers.plain_text import clean
from aipm_agents.report.papers.rows import Rows
from aipm_agents.report.papers.typography import text as lettered

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType

_STYLES: dict[blocks.Tone, str] = {
    "plain": "",
    "quiet": "dim",
    "strong": "bold",
    "warning": "yellow",
    "command": "bold",
}


def paper(made: Iterable[blocks.Block], width: int) -> RenderableType:
    """`width`: of the terminal; it decides whether two tables fit next to each other. Print it with `crop=False`: a
    command to type may be longer than a line."""
    return Group(*(_printed(block, width) for block in made))


def _printed(block: blocks.Block, width: int) -> RenderableType:
    match block:
        case blocks.Heading():
            return _heading(block)
        case blocks.Lines():
            return Group(*(_line(each, block.tone) for each in block.texts))
        case blocks.Grid():
            return _grid(block, expand=not block.figures)
        case blocks.Quote() | blocks.Quotes():
            return _quotes((block,) if isinstance(block, blocks.Quote) else block.quotes)
        case blocks.Items():
            return _items(block)
        case blocks.Beside():
            return _beside(block, width)
        case blocks.Dots():
            return Group()
        case blocks.Tornado():
            return _tornado(block, width)
        case blocks.Blank():
            return Group(_text(block.label, "", 2), *(_text("_" * 40, "dim", 2) for _ in range(block.lines)))
        case blocks.Ticks():
            return Group(_text(block.label, "", 2), *(_text(f"[ ] {each}", "", 4) for each in block.options))
        case blocks.Chart():
            return _grid(block.table._replace(title=block.title), expand=False)
        case _:
            assert_never(block)


def _heading(block: blocks.Heading) -> RenderableType:
    title = Text(clean(block.text.upper() if block.level == 2 else block.text), style="bold")
    if block.note:
        title.append(f"   {clean(block.note)}", style="dim")
    return Group(Text(), title) if block.level > 1 else title


def _tornado(block: blocks.Tornado, width: int) -> RenderableType:
    """Under its title, one line a bar; on a narrow terminal the note stands below."""
    table = Rows.grid(padding=(0, 1))
    table.add_column(overflow="fold", max_width=max(16, width // 3))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold", style="dim")
    last = (28 if width >= 80 else 14) - 1
    middle = round(last * block.centre / block.top)
    for bar in block.bars:
        left = min(round(last * bar.low / block.top), middle)
        right = max(round(last * bar.high / block.top), middle)
        drawn = Text(" " * left + "█" * (middle - left), style="red" if bar.marked else "yellow")
        drawn.append("┃", style="bold default").append("█" * (right - middle), style="green")
        drawn.append(" " * (last - right))
        table.add_row(lettered(bar.label, "bold" if bar.marked else ""), drawn, lettered(bar.note))
    return Padding(
        Group(Text(clean(block.title), style="bold"), _text(block.words, "dim", 0), table), (1, 0, 0, 2)
    )


def _items(block: blocks.Items) -> RenderableType:
    table = Rows.grid(padding=(0, 1))
    table.add_column(justify="right", style="dim", width=3)
    table.add_column(overflow="fold")
    for number, text in enumerate(block.texts, start=1):
        table.add_row(str(number), lettered(text))
    return table


def _beside(block: blocks.Beside, width: int) -> RenderableType:
    left, right = (_grid(grid, expand=False) for grid in block)
    return Columns([left, right], padding=(0, 4)) if width >= 96 else Group(left, Text(), right)


def _line(text: str, tone: blocks.Tone) -> RenderableType:
    if tone == "command":
        return Text(f"  {clean(text)}", _STYLES[tone], no_wrap=True, overflow="ignore")
    return _text(text, _STYLES[tone], 2)


def _text(text: str, style: str, indent: int) -> RenderableType:
    """A list of options breaks between them, a sentence as its script wants."""
    made = Text(clean(text), style=style) if " · " in text else lettered(text, style)
    return Padding(made, (0, 0, 0, indent))


def _grid(grid: blocks.Grid, *, expand: bool) -> RenderableType:
    marked = any(row.mark for row in grid.rows)
    table = Rows(
        box=None, padding=(0, 1), pad_edge=False, expand=expand, header_style="dim", show_header=any(grid.head),
        title=Text(clean(grid.title), style="bold") if grid.title else None, title_justify="left",
    )  # fmt: skip
    widths = grid.widths or (grid.first, *([5] * (len(grid.head) - 1)))
    for number, name in enumerate(grid.head):
        table.add_column(
            lettered(name), no_wrap=False, overflow="fold", ratio=widths[number] if expand else None,
            justify="right" if grid.figures and number else "left",
        )  # fmt: skip
    if marked:
        table.add_column(width=max(cell_len(row.mark) for row in grid.rows), no_wrap=True, style="cyan")
    for row in grid.rows:
        cells = [lettered(cell) for cell in row.cells]
        table.add_row(*cells, *([row.mark] if marked else []))
    return Padding(table, (0, 0, 0, 2))


def _quotes(quotes: Iterable[blocks.Quote]) -> RenderableType:
    table = Rows.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for quote in quotes:
        body: list[RenderableType] = [lettered(quote.text)] if quote.text else []
        if quote.note:
            body.append(lettered(quote.note, "dim"))
        table.add_row(Text(clean(quote.label)), Group(*body))
    return Padding(table, (0, 0, 0, 2))
