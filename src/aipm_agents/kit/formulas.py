"""The grammar of a spreadsheet's formulas, as far as the scoring sheet speaks it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def letter(n: int) -> str:
    """The name of the n-th column, counted from 0 as A."""
    return (chr(64 + n // 26) if n >= 26 else "") + chr(65 + n % 26)


def figure(value: Decimal | int) -> str:
    return f"{Decimal(value):f}"


def any_of(cases: Iterable[str]) -> str:
    found = [each for each in cases if each != "FALSE"]
    return f"OR({','.join(found)})" if len(found) > 1 else found[0] if found else "FALSE"


def all_of(cases: Iterable[str]) -> str:
    found = list(cases)
    return f"AND({','.join(found)})" if len(found) > 1 else found[0] if found else "TRUE"
