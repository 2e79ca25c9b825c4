"""Blocks as a slide show. The one door to python-pptx, which comes with the extra `class`."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from aipm_agents.report.papers.blocks import Grid, Heading, Items, Lines, Quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.roles import Language

_WIDTH, _HEIGHT, _MARGIN = 13.333, 7.5, 0.7
"""Inches, of a slide of 16 to 9."""
_SIZES = (28, 26, 22, 20, 18)
"""Points, by the step a slide is set smaller."""
_FONTS: dict[Language, str] = {"en": "Calibri", "zh-Hant": "Microsoft JhengHei"}
_ACCENT = "0B5A6E"


def slideshow(title: str, slides: Iterable[tuple[Sequence[Block], int]], language: Language) -> bytes:
    """A .pptx file. Each slide: its blocks, the first a heading, and how many steps smaller it is set.

    Raises `ImportError` where python-pptx is not installed."""
    from pptx import Presentation
    from pptx.util import Inches

    made = Presentation()
    made.slide_width, made.slide_height = Inches(_WIDTH), Inches(_HEIGHT)
    made.core_properties.title = title
    for blocks, step in slides:
        _slide(made, blocks, _SIZES[min(step, len(_SIZES) - 1)], _FONTS[language])
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def _slide(show: Any, blocks: Sequence[Block], size: int, font: str) -> None:
    from pptx.util import Inches

    page = show.slides.add_slide(show.slide_layouts[5])  # a title and nothing else
    heading, *rest = blocks
    assert isinstance(heading, Heading)
    holder = page.shapes.title
    holder.left, holder.top = Inches(_MARGIN), Inches(0.4)
    holder.width, holder.height = Inches(_WIDTH - 2 * _MARGIN), Inches(1.1)
    _write(holder.text_frame, [(heading.text, True)], 36, font, _ACCENT)
    for block in rest:
        box = (Inches(_MARGIN), Inches(1.7), Inches(_WIDTH - 2 * _MARGIN), Inches(_HEIGHT - 2.2))
        if isinstance(block, Grid):
            _table(page, block, box, size, font)
        else:
            _write(page.shapes.add_textbox(*box).text_frame, list(_paragraphs(block)), size, font)


def _paragraphs(block: Block) -> Iterable[tuple[str, bool]]:
    """Text, and whether it is bold."""
    match block:
        case Lines(texts, tone):
            yield from ((text, tone == "strong") for text in texts)
        case Items(texts):
            yield from ((f"{number}. {text}", False) for number, text in enumerate(texts, start=1))
        case Quote(label, text, note):
            yield from ((each, bold) for each, bold in ((label, True), (text, False), (note, False)) if each)
        case _:
            raise TypeError(f"a slide holds no {type(block).__name__}")


def _write(
    frame: Any,
    paragraphs: Sequence[tuple[str, bool]],
    size: int,
    font: str,
    color: str = "",
    *,
    cell: bool = False,
) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    frame.word_wrap = True
    for number, (text, bold) in enumerate(paragraphs):
        line = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        line.alignment = PP_ALIGN.LEFT
        line.space_after = Pt(0 if cell else size / 3)
        run = line.add_run()
        run.text = text
        run.font.size, run.font.bold, run.font.name = Pt(size), bold, font
        _east_asian(run, font)
        if color:
            colored: Any = RGBColor
            run.font.color.rgb = colored.from_string(color)


def _east_asian(run: Any, font: str) -> None:
    """Han letters have a font of their own in the file."""
    from pptx.oxml.ns import qn

    made = run._r.get_or_add_rPr()
    named = made.makeelement(qn("a:ea"), {"typeface": font})
    made.append(named)


def _table(page: Any, grid: Grid, box: tuple[Any, ...], size: int, font: str) -> None:
    headed = any(grid.head)
    rows = [*([grid.head] if headed else []), *(row.cells for row in grid.rows)]
    left, top, width, height = box
    shape = page.shapes.add_table(
        len(rows), len(grid.head), left, top, width, min(height, height // 12 * len(rows))
    )
    made = shape.table
    made.first_row = headed
    for column, share in zip(made.columns, grid.widths, strict=False):
        column.width = width * share // 12
    for y, row in enumerate(rows):
        for x, text in enumerate(row):
            _write(made.cell(y, x).text_frame, [(text, headed and y == 0)], size, font, cell=True)
