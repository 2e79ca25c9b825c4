"""Tables with formulas, as a workbook. The one door to openpyxl, which comes with the extra `class`."""

from __future__ import annotations

from io import BytesIO
from itertools import zip_longest
from typing import Any, NamedTuple


class Formula(str):
    """What a cell reckons, from its `=` on. Any other text is a text, whatever it begins with."""

    __slots__ = ()


class Bars(NamedTuple):
    """Bars over a table: its first column names them, each column up to the last one is a colour."""

    title: str
    head: int
    """The row that heads the table."""
    end: int
    last: int
    """Its last column, counted from 1."""
    at: str
    """The cell at the upper left corner."""


class Page(NamedTuple):
    """A sheet of a workbook."""

    title: str
    rows: tuple[tuple[str | float, ...], ...]
    """From row 1 and column A on."""
    widths: tuple[int, ...]
    """Letters a column; for those after the last, as the last."""
    choices: dict[str, str] = {}
    """Cell or cells -> the range, or the list in quotation marks, that they are chosen from."""
    inputs: frozenset[str] = frozenset()
    """Cells to fill in."""
    heads: frozenset[int] = frozenset()
    """Rows that head a table."""
    bars: tuple[Bars, ...] = ()


_LINE = 15.5
"""Points, of a line."""


def workbook(pages: tuple[Page, ...]) -> bytes:
    """An .xlsx file. Raises `ImportError` where openpyxl is not installed."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    made = Workbook()
    made.remove(made.active)
    for page in pages:
        sheet: Any = made.create_sheet(page.title)
        for row in page.rows:
            sheet.append([None if cell == "" else cell for cell in row])
        for n in range(1, max(map(len, page.rows)) + 1):
            sheet.column_dimensions[get_column_letter(n)].width = page.widths[min(n, len(page.widths)) - 1]
        for cells, said in zip(sheet.iter_rows(), page.rows, strict=True):
            for cell, what in zip_longest(cells, said):
                if isinstance(what, str) and not isinstance(what, Formula) and what:
                    cell.data_type = "s"
                cell.alignment = Alignment(wrap_text=len(said) > 1, vertical="top")
                if cell.row in page.heads:
                    cell.font = Font(bold=True, color="0B5A6E")
                if cell.coordinate in page.inputs:
                    cell.fill = PatternFill("solid", fgColor="FFF6D6")
        for n in page.heads:
            sheet.row_dimensions[n].height = _LINE * _lines(page, n)
        sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        for cell, where in page.choices.items():
            chosen = DataValidation(type="list", formula1=where, allow_blank=True)
            sheet.add_data_validation(chosen)
            chosen.add(cell)
        for each in page.bars:
            _draw(sheet, each)
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def _lines(page: Page, row: int) -> int:
    """How many lines the longest text of a row that heads a table takes; not every program finds that out by itself."""
    cells = page.rows[row - 1]
    if len(cells) < 2:
        return 1
    wide = [page.widths[min(n, len(page.widths) - 1)] for n in range(len(cells))]
    return max(
        sum(max(1, -(-sum(2 if ord(char) > 0x2E80 else 1 for char in line) // max(1, room - 1))) for line in str(text).split("\n"))
        for text, room in zip(cells, wide, strict=True)
        if not isinstance(text, Formula)
    )  # fmt: skip


def _draw(sheet: Any, bars: Bars) -> None:
    from openpyxl.chart import BarChart, Reference

    chart = BarChart()
    chart.title, chart.type, chart.height, chart.width = bars.title, "bar", 8, 20
    values = Reference(sheet, min_col=2, max_col=bars.last, min_row=bars.head, max_row=bars.end)
    chart.add_data(values, titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=bars.head + 1, max_row=bars.end))
    chart.y_axis.majorUnit, chart.x_axis.delete, chart.y_axis.delete = 1, False, False
    sheet.add_chart(chart, bars.at)
