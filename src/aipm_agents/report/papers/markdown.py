"""Blocks as Markdown (CommonMark with tables). Text from the record stays text: nothing in it is markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, assert_never

from aipm_agents.language import tr
from aipm_agents.report.papers import blocks
from aipm_agents.report.papers.plain_text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~$&!])")
_LINE_START = re.compile(r"^(\s*\d*)([-+=.)])(?=\s|$)")


def markdown(made: Iterable[blocks.Block]) -> str:
    return "\n".join(_written(block) for block in made).strip() + "\n"


def text(raw: str) -> str:
    """On one line, every character that could be markup escaped."""
    line = " ".join(clean(raw).split())
    line = _MARKUP.sub(r"\\\1", line)
    line = re.sub(r"(?i)\b(https?|ftp|mailto):", r"\1&#58;", line)  # no link that the record's author wrote
    line = re.sub(r"(?i)\bwww\.", "www&#46;", line)
    return _LINE_START.sub(r"\1\\\2", line)


def _written(block: blocks.Block) -> str:
    match block:
        case blocks.Heading():
            note = tr(" ({source})", source=text(block.note)) if block.note else ""
            return f"\n{'#' * block.level} {text(block.text)}{note}\n"
        case blocks.Lines():
            written = [f"`{each}`" if block.tone == "command" else text(each) for each in block.texts]
            return "\n\n".join(written) + "\n"
        case blocks.Grid():
            return _grid(block)
        case blocks.Quote():
            return _quote(block)
        case blocks.Quotes():
            return "\n".join(_quote(each) for each in block.quotes)
        case blocks.Items():
            return "\n".join(f"{k}. {text(each)}" for k, each in enumerate(block.texts, start=1)) + "\n"
        case blocks.Beside():
            return _grid(block.left) + "\n" + _grid(block.right)
        case blocks.Dots() | blocks.Tornado():
            return ""
        case blocks.Blank():
            return "\n\n".join([text(block.label), *([r"\_" * 40] * block.lines)]) + "\n"
        case blocks.Ticks():
            label = f"{text(block.label)}\n\n" if block.label else ""
            return label + "\n".join(f"- ☐ {text(each)}" for each in block.options) + "\n"
        case blocks.Chart():
            return _grid(block.table._replace(title=block.title))
        case _:
            assert_never(block)


def _quote(quote: blocks.Quote) -> str:
    label = f"**{text(quote.label)}**" if quote.label else ""
    note = f"_({text(quote.note)})_" if quote.note else ""
    return f"> {' '.join(filter(None, [label, text(quote.text), note]))}\n"


def _grid(grid: blocks.Grid) -> str:
    marked = any(row.mark for row in grid.rows)
    head = [*grid.head, *([""] if marked else [])]
    align = ["---", *("---:" if grid.figures else "---" for _ in grid.head[1:]), *(["---"] if marked else [])]
    lines = [head, align, *(_row(grid, row, marked) for row in grid.rows)]
    out = [f"\n**{text(grid.title)}**\n"] if grid.title else []
    out += [
        f"| {' | '.join(cell if k == 1 else text(cell) for cell in each)} |" for k, each in enumerate(lines)
    ]
    return "\n".join(out) + "\n"


def _row(grid: blocks.Grid, row: blocks.Row, marked: bool) -> list[str]:
    """One cell that goes across stands alone: Markdown has no cell wider than a column."""
    across = [""] * (len(grid.head) - 1) if len(row.cells) == 1 else []
    return [*row.cells, *across, *([row.mark] if marked else [])]
