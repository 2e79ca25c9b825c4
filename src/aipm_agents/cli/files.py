"""Files that commands write: the form is picked by the ending."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aipm_agents import disk
from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.redaction import redacted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_agents.report.papers.blocks import Block
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
            from aipm_agents.report.papers.markdown import markdown

            put(output, markdown(blocks))
        case ".html":
            from aipm_agents.report.papers.html import page

            put(output, page(title, blocks, language=language))
        case ".json":
            from aipm_agents.report.papers.plain_text import as_json

            put(output, as_json(data) + "\n")
        case _:
            from aipm_agents.report.papers.csv_rows import csv_text

            put(output, csv_text(rows))


def put(output: str, text: str) -> None:
    """The whole text, or what was there before."""
    try:
        disk.write(Path(output), redacted(text))
    except OSError as error:
        raise UsageError(
            tr("-o {output}: cannot be written: {strerror}", output=output, strerror=error.strerror)
        ) from None
