from __future__ import annotations

from typing import Annotated

import typer

from aipm_agents.language import tr


def list_scenarios(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list.")] = False,
) -> None:
    """List the bundled scenarios."""
    from aipm_agents.report.wording import as_json as dumped
    from aipm_agents.report.wording import clean
    from aipm_agents.scenario.library import bundled
    from aipm_agents.scenario.reader import read

    found = [read(path) for path in bundled().values()]
    if as_json:
        print(dumped([{"id": s.id, "title": s.title, "question": s.question, "language": s.language,
                           "minutes": s.teaching.minutes if s.teaching else None} for s in found]))  # fmt: skip
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    for each in sorted(found, key=lambda s: (s.teaching.minutes or 999) if s.teaching else 999):
        minutes = (
            tr("{minutes} min", minutes=each.teaching.minutes)
            if each.teaching and each.teaching.minutes
            else ""
        )
        grid.add_row(each.id, Text(minutes, justify="right", no_wrap=True), Text(clean(each.question)))
    Console(highlight=False).print(grid)
    print("\n" + tr("Run one with: aipm run ID"))
