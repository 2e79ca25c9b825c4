"""Runs as tables: a row a run, a row a turn, each column with what it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from aipm_agents.analysis.sample.case import case
from aipm_agents.analysis.sample.columns import ROWS, TURNS, kind_of, ordered
from aipm_agents.analysis.sample.row import row
from aipm_agents.analysis.sample.turns import turns

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aipm_agents.analysis.compare.comparison import Comparison
    from aipm_agents.analysis.sample.columns import Column, Kind
    from aipm_agents.analysis.sample.whole import Sample
    from aipm_agents.transcript.record import Transcript

Head = tuple[tuple[str, "Kind"], ...]
"""Column and what it holds, in order."""


class Listing(NamedTuple):
    """Rows as they are, and what their columns hold."""

    head: Head
    rows: Sequence[Mapping[str, Any]]

    @property
    def texts(self) -> list[list[str]]:
        """As a table of text has them, the head first."""
        return [
            [name for name, _ in self.head],
            *([cell(row.get(name)) for name, _ in self.head] for row in self.rows),
        ]


def comparison_table(found: Comparison, runs: Sequence[Transcript]) -> Listing:
    """One line a run, as of many runs; after it how each criterion stood that all scenarios share."""
    rows = [
        {"run": sheet.label, **row(case("", run)), **{f"criterion.{name}": sheet.findings.get(name) for name in found.criteria}}
        for sheet, run in zip(found.sheets, runs, strict=True)
    ]  # fmt: skip
    return _table(rows, ("run",), tuple(f"criterion.{name}" for name in found.criteria))


def sample_table(found: Sample) -> Listing:
    """One line a run."""
    rows = [{"group": each.group, "file": each.source, **row(each)} for each in found.cases]
    return _table(rows, ("group", "file"))


def turns_table(runs: Iterable[Transcript]) -> Listing:
    """One line a turn."""
    rows = [turn for run in runs for turn in turns(run)]
    return Listing(head({name for turn in rows for name in turn}, TURNS), rows)


def _table(
    rows: Sequence[Mapping[str, Any]], before: tuple[str, ...], after: tuple[str, ...] = ()
) -> Listing:
    """`before`, `after`: texts beside the columns of a row."""
    known = head({name for each in rows for name in each if name not in (*before, *after)})
    return Listing((*((name, "text") for name in before), *known, *((name, "text") for name in after)), rows)


def head(names: set[str], known: tuple[Column, ...] = ROWS) -> Head:
    return tuple((name, kind_of(name, known)) for name in ordered(names, known))


def cell(value: object) -> str:
    """A value of a row, as a table of text has it."""
    return "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
