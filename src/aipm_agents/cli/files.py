"""Files that commands write: the form is picked by the ending."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.redaction import redacted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_agents.report.blocks import Block
    from aipm_agents.roles import Language


def check(output: str | None, endings: Sequence[str]) -> None:
    """Raise `UsageError` for a file that could not be written in the end; before the work, not after."""
    if output is None:
        return
    path = Path(output)
    if path.suffix.lower() not in endings:
        raise UsageError(
            tr(
                "-o {output}: the ending picks the form, one of {names}",
                output=output,
                names=tr(", ").join(endings),
            )
        )
    try:
        folder = path.is_dir()
    except OSError as error:  # a name that is too long
        raise UsageError(
            tr("-o {output}: cannot be written: {strerror}", output=output[:60], strerror=error.strerror)
        ) from None
    if folder:
        raise UsageError(tr("-o {output}: is a folder; name a file", output=output))
    if not path.parent.is_dir():
        raise UsageError(tr("-o {output}: there is no folder {parent}", output=output, parent=path.parent))


def write(
    output: str,
    blocks: Sequence[Block],
    rows: Sequence[Sequence[str]],
    data: object,
    *,
    title: str,
    language: Language,
) -> None:
    """Blocks as Markdown or HTML, rows as CSV, data as JSON."""
    match Path(output).suffix.lower():
        case ".md":
            from aipm_agents.report.markdown import markdown

            put(output, markdown(blocks))
        case ".html":
            from aipm_agents.report.page import page

            put(output, page(title, blocks, language=language))
        case ".json":
            from aipm_agents.report.wording import as_json

            put(output, as_json(data) + "\n")
        case _:
            from aipm_agents.report.spreadsheet import csv_text

            put(output, csv_text(rows))


def put(output: str, text: str) -> None:
    """Half a surrogate pair is no UTF-8; it is written as JSON writes it."""
    try:
        Path(output).write_bytes(redacted(text).encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise UsageError(
            tr("-o {output}: cannot be written: {strerror}", output=output, strerror=error.strerror)
        ) from None
