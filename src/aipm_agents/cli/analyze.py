from __future__ import annotations

from typing import Annotated

import typer

from aipm_agents.language import speaking


def analyze(
    scenario: Annotated[str, typer.Argument(help="A scenario file, or the id of a bundled one.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print it as one JSON object.")] = False,
) -> None:
    from aipm_agents.analysis.space.advice import advice
    from aipm_agents.analysis.space.landscape import landscape
    from aipm_agents.analysis.space.prospects import prospects
    from aipm_agents.report.papers.plain_text import as_json as dumped
    from aipm_agents.scenario.library import locate
    from aipm_agents.scenario.reader import read

    decided = read(locate(scenario))
    found = prospects(decided)
    if as_json:
        known = {**found._asdict(), "deciding_evidence": found.deciding_evidence}
        best = landscape(decided)._asdict()
        with speaking("en"):  # a program reads it
            told = advice(decided, found)
        print(dumped({"scenario": decided.id, **known, **best, "advice": told}))
        return
    from rich.console import Console

    from aipm_agents.report.author.prospects import prospects_screen

    Console(highlight=False).print(
        prospects_screen(decided, found, landscape(decided), advice(decided, found))
    )
