"""Rows as Parquet, for tools that read tables with types. The one door to pyarrow, which not everybody has."""

from __future__ import annotations

from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.redaction import redacted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

Kind = Literal["text", "whole", "figure", "truth"]
_AT_ONCE = 5_000
"""Rows held in memory, which become a row group."""


def there() -> bool:
    return find_spec("pyarrow") is not None


def needed() -> None:
    """Raises `UsageError` where pyarrow is not installed."""
    if not there():
        raise UsageError(tr("Parquet needs pyarrow: pip install 'aipm-agents[tables]'"))


def fill(path: Path, head: Sequence[tuple[str, Kind]], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write a new file; `head`: each column with what it holds. A cell that a row has not is null; text has no key in
    it. Raises `OSError`."""
    import pyarrow
    from pyarrow.parquet import ParquetWriter

    types = {
        "text": pyarrow.string(),
        "whole": pyarrow.int64(),
        "figure": pyarrow.float64(),
        "truth": pyarrow.bool_(),
    }
    schema = pyarrow.schema([(name, types[kind]) for name, kind in head])
    left = iter(rows)
    with ParquetWriter(path, schema) as writer:
        while some := list(islice(left, _AT_ONCE)):
            told = {name: [_cell(row.get(name), kind) for row in some] for name, kind in head}
            writer.write_table(pyarrow.table(told, schema=schema))


def _cell(value: Any, kind: Kind) -> Any:
    if value is None:
        return None
    return redacted(str(value)).encode("utf-8", "backslashreplace").decode() if kind == "text" else value
