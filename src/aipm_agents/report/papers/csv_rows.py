"""Rows as CSV that a spreadsheet opens as text: no cell can be taken for a formula."""

from __future__ import annotations

import csv
import io
import unicodedata
from typing import TYPE_CHECKING

from aipm_agents.report.papers.plain_text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_text(rows: Iterable[Iterable[str]], *, excel: bool = False) -> str:
    return "".join(csv_lines(rows, excel=excel))


def csv_lines(rows: Iterable[Iterable[str]], *, excel: bool = False) -> Iterator[str]:
    """RFC 4180 in UTF-8. `excel`: with a byte order mark, without which Excel takes Chinese for something else."""
    if excel:
        yield "\ufeff"
    for row in rows:
        out = io.StringIO()
        csv.writer(out).writerow([_cell(cell) for cell in row])
        yield out.getvalue()


def _cell(text: str) -> str:
    """A cell that begins like a formula, and is no number, gets an apostrophe before it."""
    shown = clean(text)
    begins = unicodedata.normalize("NFKC", shown).lstrip()  # a spreadsheet takes ＝ of full width for =
    if begins.startswith(_FORMULA) and not _is_number(shown):
        return "'" + shown
    return shown


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
