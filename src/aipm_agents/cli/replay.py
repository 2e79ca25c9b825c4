from __future__ import annotations

from typing import Annotated

import typer

from aipm_agents.cli import runs
from aipm_agents.cli.audience import AsOption, SpoilOption, named
from aipm_agents.language import follow, tr


def replay(
    transcript: Annotated[str, typer.Argument(help="A path, a run id or its prefix, or latest.")] = "latest",
    speed: Annotated[
        float, typer.Option(min=0.1, max=16.0, help="1 is reading aloud; 2 is twice as fast.")
    ] = 1.0,
    audience: AsOption = "public",
    spoil: SpoilOption = False,
) -> None:
    from rich.console import Console

    from aipm_agents.cli.pace import KEYS, Pace, reading_keys, watched
    from aipm_agents.report.live.meeting import heading, screens
    from aipm_agents.report.live.pace import seconds
    from aipm_agents.report.run.export import seen
    from aipm_agents.report.words.fact_text import known_at_first
    from aipm_agents.report.words.setup import caution as caution_of
    from aipm_agents.report.words.setup import seed as seed_of
    from aipm_agents.transcript import read

    record = read(runs.locate(transcript))
    assert record.path is not None
    follow(record.scenario.language)
    scenario, events = seen(record, named(audience, record, spoil))
    console, handle = Console(highlight=False), runs.handle(record.path, record.header)
    caution = caution_of(record)
    title = heading(
        scenario, seed_of(record), known_at_first(record.scenario), caution, record.header.pm_style
    )
    console.print(title)
    shown = screens(scenario, events, handle)
    if not watched():
        for _, screen in shown:
            console.print(screen)
        return
    console.print(tr(KEYS), style="dim")
    with reading_keys() as keys:
        pace = Pace(speed, keys)
        for event, screen in shown:
            console.print(screen)
            if not pace.wait(seconds(event)):
                return
