from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aipm_agents.cli import files, runs
from aipm_agents.cli.audience import AsOption, SpoilOption, named, opened
from aipm_agents.language import follow, speaking, spoken, tr

if TYPE_CHECKING:
    from aipm_agents.transcript import Transcript


def export(
    output: Annotated[
        str,
        typer.Option(
            "-o",
            "--output",
            help="The file to write: .html, .md, .json, .csv or .svg; for work .html, .md or .docx.",
        ),
    ],
    transcript: Annotated[str, typer.Argument(help="A path, a run id or its prefix, or latest.")] = "latest",
    audience: AsOption = "public",
    spoil: SpoilOption = False,
    excel: files.Excel = False,
    reader: Annotated[
        str | None, typer.Option("--for", help="work: a short decision paper, to be pasted or sent on.")
    ] = None,
) -> None:
    from aipm_agents.transcript import read

    if reader is not None:
        _paper(output, transcript, reader, spoil)
        return
    files.check(output, (".html", ".md", ".json", ".csv", ".svg"))
    run = read(runs.locate(transcript))
    audience = named(audience, run, spoil)
    follow(run.scenario.language)
    with speaking("en" if output.lower().endswith((".json", ".csv")) else spoken()):  # those a program reads
        files.put(output, _made(output, run, audience, excel=excel))
    print(output)


def _paper(output: str, transcript: str, reader: str, spoil: bool) -> None:
    """The paper for work. It tells what would have flipped the decision, so it waits until nobody plays any more."""
    from aipm_agents.errors import UsageError
    from aipm_agents.transcript import read

    if reader != "work":
        raise UsageError(tr("--for {reader}: there is a paper for work, and no other", reader=reader))
    files.check(output, (".html", ".md", ".docx"))
    run = read(runs.locate(transcript))
    opened(run, spoil, "--for work")
    follow(run.scenario.language)
    from aipm_agents.report.run.work_paper import work_paper

    blocks = work_paper(run)
    files.give(run.scenario.title, blocks, None, as_json=False, output=output)


def _made(output: str, run: Transcript, audience: str, *, excel: bool) -> str:
    from aipm_agents.cli import show
    from aipm_agents.errors import UsageError
    from aipm_agents.report.papers.csv_rows import csv_text
    from aipm_agents.report.papers.plain_text import as_json
    from aipm_agents.report.run import export as made

    match output.lower().rpartition(".")[2]:
        case "html":
            return made.html(run, audience)
        case "md":
            return made.document(run, audience)
        case "json":
            return as_json(show.data(run, audience)) + "\n"
        case "csv":
            return csv_text(made.rows(run, audience), excel=excel)
    picture = made.picture(run, audience)
    if picture is None:
        raise UsageError(
            tr("-o {output}: nothing was ruled in this run, so there is no picture of it", output=output)
        )
    return picture
