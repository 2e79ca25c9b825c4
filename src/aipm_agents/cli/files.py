"""Files that commands write: the form is picked by the ending."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aipm_agents import disk
from aipm_agents.errors import UsageError
from aipm_agents.language import spoken, tr
from aipm_agents.redaction import redacted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_agents.report.papers.blocks import Block


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


def give(
    title: str, blocks: Sequence[Block], data: object, *, as_json: bool, output: str | None,
    rows: Sequence[Sequence[str]] = (), contents: bool = False,
) -> None:  # fmt: skip
    """A report as it was asked for: on the screen, as JSON on one line, or as a file whose ending picks the form.
    `contents`: whether a page begins with a list of its headings."""
    if output is not None:
        put(output, _made(Path(output).suffix.lower(), title, blocks, data, rows, contents=contents))
    if as_json:
        from aipm_agents.report.papers.plain_text import as_json as dumped

        print(dumped(data))
    elif output is not None:
        print(output)
    else:
        from rich.console import Console

        from aipm_agents.report.papers.terminal import paper

        console = Console(highlight=False)
        console.print(paper(blocks, console.width))


def _made(
    ending: str, title: str, blocks: Sequence[Block], data: object, rows: Sequence[Sequence[str]], *, contents: bool
) -> str:  # fmt: skip
    match ending:
        case ".md":
            from aipm_agents.report.papers.markdown import markdown

            return markdown(blocks)
        case ".html":
            from aipm_agents.report.papers.html import page

            return page(title, blocks, language=spoken(), contents=contents)
        case ".json":
            from aipm_agents.report.papers.plain_text import as_json

            return as_json(data) + "\n"
        case _:
            from aipm_agents.report.papers.csv_rows import csv_text

            return csv_text(rows)


def put(output: str, text: str) -> None:
    """The whole text, or what was there before."""
    try:
        disk.write(Path(output), redacted(text))
    except OSError as error:
        raise UsageError(
            tr("-o {output}: cannot be written: {strerror}", output=output, strerror=error.strerror)
        ) from None
