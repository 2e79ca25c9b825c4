"""Files that commands write: the form is picked by the ending."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aipm_agents import disk
from aipm_agents.errors import UsageError
from aipm_agents.language import spoken, tr
from aipm_agents.redaction import redacted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_agents.report.compare.tables import Listing
    from aipm_agents.report.papers.blocks import Block

TABLES = (".csv", ".parquet")
Excel = Annotated[bool, typer.Option("--excel", help="Of a .csv: with the mark by which Excel knows UTF-8.")]


def check(output: str | None, endings: Sequence[str], option: str = "-o") -> None:
    """Raise `UsageError` for a file that could not be written in the end; before the work, not after."""
    if output is None:
        return
    path = Path(output)
    if path.suffix.lower() == ".parquet" in endings:
        from aipm_agents.report.papers.parquet import needed

        needed()
    if path.suffix.lower() == ".docx" in endings:
        from aipm_agents.report.papers import word

        word.needed()
    if path.suffix.lower() not in endings:
        raise UsageError(
            tr(
                "{option} {output}: the ending picks the form, one of {names}",
                option=option,
                output=output,
                names=tr(", ").join(endings),
            )
        )
    try:
        folder = path.is_dir()
    except OSError as error:  # a name that is too long
        raise UsageError(
            tr(
                "{option} {output}: cannot be written: {strerror}",
                option=option,
                output=output[:60],
                strerror=error.strerror,
            )
        ) from None
    if folder:
        raise UsageError(tr("{option} {output}: is a folder; name a file", option=option, output=output))
    if not path.parent.is_dir():
        raise UsageError(
            tr(
                "{option} {output}: there is no folder {parent}",
                option=option,
                output=output,
                parent=path.parent,
            )
        )


def give(
    title: str, blocks: Sequence[Block], data: object, *, as_json: bool, output: str | None,
    table: Listing | None = None, excel: bool = False, contents: bool = False,
) -> None:  # fmt: skip
    """A report as it was asked for: on the screen, as JSON on one line, or as a file whose ending picks the form.
    `table`: its rows, for .csv and .parquet; see `put_table`. `contents`: whether a page begins with a list of its
    headings."""
    if output is not None:
        if table is not None and Path(output).suffix.lower() in TABLES:
            put_table(output, table, excel=excel)
        elif Path(output).suffix.lower() == ".docx":
            _word(output, title, blocks)
        else:
            put(output, _made(Path(output).suffix.lower(), title, blocks, data, contents=contents))
    if as_json:
        from aipm_agents.report.papers.plain_text import as_json as dumped

        print(dumped(data))
    elif output is not None:
        print(output)
    else:
        from rich.console import Console

        from aipm_agents.report.papers.terminal import paper

        console = Console(highlight=False)
        console.print(paper(blocks, console.width), crop=False)


def _made(
    ending: str, title: str, blocks: Sequence[Block], data: object, *, contents: bool
) -> str:  # fmt: skip
    match ending:
        case ".md":
            from aipm_agents.report.papers.markdown import markdown

            return markdown(blocks)
        case ".html":
            from aipm_agents.report.papers.html import page

            return page(title, blocks, language=spoken(), contents=contents)
        case ".svg":
            from aipm_agents.report.papers.blocks import Tornado
            from aipm_agents.report.papers.tornado import tornado

            drawn = next((each for each in blocks if isinstance(each, Tornado)), None)
            if drawn is None:
                raise UsageError(
                    tr("there is no picture of it: no single value changes how many packages are deals")
                )
            return tornado(drawn, heading=title).svg + "\n"
        case _:
            from aipm_agents.report.papers.plain_text import as_json

            return as_json(data) + "\n"


def put_table(output: str, table: Listing, *, excel: bool = False) -> None:
    """As CSV, or as Parquet. `excel`: with the mark by which Excel knows that a CSV is UTF-8."""
    if Path(output).suffix.lower() == ".csv":
        from aipm_agents.report.papers.csv_rows import csv_text

        put(output, csv_text(table.texts, excel=excel))
        return
    from aipm_agents.report.papers import parquet

    try:
        disk.write_by(Path(output), lambda new: parquet.fill(new, table.head, table.rows))
    except OSError as error:
        raise _unwritten(output, error) from None


def _word(output: str, title: str, blocks: Sequence[Block]) -> None:
    from aipm_agents.report.papers import word

    try:
        disk.write_by(Path(output), lambda new: word.fill(new, title, blocks, spoken()))
    except OSError as error:
        raise _unwritten(output, error) from None


def put(output: str, text: str) -> None:
    """The whole text, or what was there before."""
    try:
        disk.write(Path(output), redacted(text))
    except OSError as error:
        raise _unwritten(output, error) from None


def _unwritten(output: str, error: OSError) -> UsageError:
    return UsageError(
        tr(
            "{option} {output}: cannot be written: {strerror}",
            option="-o",
            output=output,
            strerror=error.strerror,
        )
    )
