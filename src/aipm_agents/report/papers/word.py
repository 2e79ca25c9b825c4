"""Blocks as a Word document. The one door to python-docx, which comes with the extra `paper`."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.report.papers.blocks import Grid, Heading, Items, Lines, Quote, Quotes
from aipm_agents.report.papers.plain_text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from aipm_agents.report.papers.blocks import Block, Tone
    from aipm_agents.roles import Language

_FONTS: dict[Language, str] = {"en": "Calibri", "zh-Hant": "Microsoft JhengHei"}
_QUIET, _WARNING = "6B6B6B", "8A3B12"


def needed() -> None:
    """Raises `UsageError` where python-docx is not installed."""
    if find_spec("docx") is None:
        raise UsageError(tr("A .docx needs python-docx: pip install 'aipm-agents[paper]'"))


def fill(path: Path, title: str, blocks: Iterable[Block], language: Language) -> None:
    """Write a new .docx file with the styles that every Word has: headings, lists, tables. Text has no key in it.

    Raises `OSError`."""
    from docx import Document

    made = Document()
    made.core_properties.title, made.core_properties.author = clean(title), "aipm-agents"
    made.core_properties.language = language
    _font(made.styles["Normal"], _FONTS[language])
    for block in blocks:
        _put(made, block)
    made.save(str(path))


def _put(made: Any, block: Block) -> None:
    match block:
        case Heading(text, note, level):
            made.add_heading(
                clean(tr("{text} ({note})", text=text, note=note) if note else text), max(0, level - 1)
            )
        case Lines(texts, tone):
            for text in texts:
                _line(made.add_paragraph(), text, tone)
        case Items(texts):
            for number, text in enumerate(texts, start=1):  # typed out: a list of Word's would count on
                _line(made.add_paragraph(), f"{number}. {text}", "plain")
        case Quote():
            _quote(made, block)
        case Quotes(quotes):
            for each in quotes:
                _quote(made, each)
        case Grid():
            _table(made, block)
        case _:
            raise TypeError(f"a document holds no {type(block).__name__}")


def _line(line: Any, text: str, tone: Tone) -> None:
    from docx.shared import RGBColor

    run = line.add_run(clean(text))
    run.bold = tone in ("strong", "warning")
    if tone in ("quiet", "warning"):
        run.font.color.rgb = RGBColor.from_string(_QUIET if tone == "quiet" else _WARNING)


def _quote(made: Any, quote: Quote) -> None:
    line = made.add_paragraph()
    if quote.label:
        line.add_run(clean(f"{quote.label}  ")).bold = True
    line.add_run(clean(quote.text))
    if quote.note:
        _line(made.add_paragraph(), quote.note, "quiet")


def _table(made: Any, grid: Grid) -> None:
    if grid.title:
        _line(made.add_paragraph(), grid.title, "strong")
    headed = any(grid.head)
    rows = [*([grid.head] if headed else []), *(row.cells for row in grid.rows)]
    table = made.add_table(len(rows), len(grid.head), style="Table Grid")
    for y, cells in enumerate(rows):
        for x, text in enumerate(cells):
            table.cell(y, x).paragraphs[0].add_run(clean(text)).bold = headed and y == 0


def _font(style: Any, font: str) -> None:
    """Han letters have a font of their own in the file."""
    from docx.oxml.ns import qn

    style.font.name = font
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
