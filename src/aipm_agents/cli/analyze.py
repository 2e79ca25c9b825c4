from __future__ import annotations

from typing import Annotated

import typer

from aipm_agents import language
from aipm_agents.cli import files, setting


def analyze(
    scenario: Annotated[str, typer.Argument(help="A scenario file, or the id of a bundled one.")],
    sets: setting.SetOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as one JSON object.")] = False,
    output: Annotated[
        str | None, typer.Option("-o", "--output", help="Write it to a file: .html, .md or .json.")
    ] = None,
) -> None:
    from aipm_agents.api import reports
    from aipm_agents.scenario.library import locate
    from aipm_agents.scenario.reader import read

    files.check(output, (".html", ".md", ".json"))
    path = locate(scenario, language.asked())
    about, _ = setting.changed(read(path), sets, file=path)
    made = reports.analyze(about)
    files.give(about.title, made.blocks, made.data, as_json=as_json, output=output)
