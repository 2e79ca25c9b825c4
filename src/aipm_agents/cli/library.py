from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Listed(StrEnum):
    scenarios = "scenarios"
    styles = "styles"


def list_scenarios(
    what: Annotated[Listed, typer.Argument(help="What there is of it.")] = Listed.scenarios,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list.")] = False,
) -> None:
    """List the bundled scenarios, or the styles a PM can lead in."""
    if what is Listed.styles:
        _styles(as_json)
        return
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
        minutes = f"{each.teaching.minutes} min" if each.teaching and each.teaching.minutes else ""
        grid.add_row(each.id, Text(minutes, justify="right", no_wrap=True), Text(clean(each.question)))
    Console(highlight=False).print(grid)
    print("\nRun one with: aipm run ID")


def _styles(as_json: bool) -> None:
    from aipm_agents.language import spoken, tr
    from aipm_agents.report.wording import as_json as dumped
    from aipm_agents.styles import CARDS, STYLES

    cards = CARDS[spoken()]
    if as_json:
        print(dumped([
            {"id": name, "title": cards[name].title, "looks": cards[name].looks, "portfolio": style.portfolio,
             **{field: list(getattr(style, field)) for field in ("gates", "cautions", "owners")},
             **{field: getattr(style, field) for field in ("settles", "asks", "presses", "holds")}}
            for name, style in STYLES.items()
        ]))  # fmt: skip
        return
    from rich.console import Console
    from rich.table import Table

    from aipm_agents.report.lettering import text

    grid = Table.grid(padding=(0, 2))
    for name, style in STYLES.items():
        looks = tr("looks first at {looks}", looks=cards[name].looks)
        if style.portfolio:
            looks += tr(" (for cases where several products compete for one team)")
        grid.add_row(name, text(cards[name].title), text(looks))
    Console(highlight=False).print(grid)
    told = tr("Lead in one with: aipm run ID --pm-style STYLE. No style opens a checkpoint.")
    print(f"\n{told}")
