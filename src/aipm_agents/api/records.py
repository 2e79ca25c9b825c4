"""Plain records: a list of dictionaries that a notebook shows as a table and pandas takes as it is."""

from __future__ import annotations

from html import escape
from typing import Any

from aipm_agents.errors import UsageError
from aipm_agents.language import tr

_SHOWN = 20
"""Rows a screen or a notebook is shown; all of them are there."""


class Records(list[dict[str, Any]]):
    """One dictionary a row. Keys that a row has not are nothing to say there."""

    @property
    def columns(self) -> list[str]:
        """Every key, in the order in which the rows first have it."""
        return list(dict.fromkeys(key for row in self for key in row))

    def to_pandas(self) -> Any:
        """As a `pandas.DataFrame`. Raises `UsageError` where pandas is not installed."""
        try:
            from pandas import DataFrame
        except ImportError:
            raise UsageError(tr("to_pandas needs pandas: pip install pandas")) from None
        return DataFrame(list(self), columns=self.columns)

    def __str__(self) -> str:
        cells = [self.columns, *([_cell(row.get(key)) for key in self.columns] for row in self[:_SHOWN])]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in cells]
        return "\n".join([*lines, *self._rest()])

    def _repr_html_(self) -> str:
        def tagged(tag: str, texts: list[str]) -> str:
            return "<tr>" + "".join(f"<{tag}>{escape(text)}</{tag}>" for text in texts) + "</tr>"

        body = [tagged("td", [_cell(row.get(key)) for key in self.columns]) for row in self[:_SHOWN]]
        rest = "".join(f"<p>{escape(text)}</p>" for text in self._rest())
        return (
            f"<table><thead>{tagged('th', self.columns)}</thead><tbody>{''.join(body)}</tbody></table>{rest}"
        )

    def _rest(self) -> list[str]:
        return [f"... {len(self)} rows in all"] if len(self) > _SHOWN else []


def _cell(value: object) -> str:
    text = "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"
