from __future__ import annotations

from typing import Annotated

import typer

from aipm_agents.cli import play, runs
from aipm_agents.errors import UsageError
from aipm_agents.scenario.problems import did_you_mean


def show(
    transcript: Annotated[str, typer.Argument(help="A path, a run id or its prefix, or latest.")] = "latest",
    audience: Annotated[str, typer.Option("--as", help="public, a role, or facilitator.")] = "public",
    as_json: Annotated[bool, typer.Option("--json", help="Print it as one JSON object.")] = False,
) -> None:
    """Print a finished or broken-off run from its file alone, as an audience may see it."""
    from aipm_agents.report.wording import as_json as dumped
    from aipm_agents.report.wording import clean
    from aipm_agents.table.events import tabled_evidence
    from aipm_agents.table.view import FACILITATOR, PUBLIC, as_seen_by, visible
    from aipm_agents.transcript import line, read

    record = read(runs.locate(transcript))
    audiences = [PUBLIC, FACILITATOR, *record.scenario.parties]
    if audience not in audiences:
        raise UsageError(f"--as {audience}: no such audience{did_you_mean(audience, audiences)}")
    events = visible(record.events, audience)
    tabled = tabled_evidence(record.scenario, events)
    scenario = as_seen_by(record.scenario, audience, tabled)
    if as_json:
        data = {
            **play.summary(record.header, record.events, record.path),
            "as": audience,
            "brief": scenario.plain() if audience == FACILITATOR else None,
            "events": [{k: v for k, v in line(event).items() if k != "volatile"} for event in events],
        }
        print(dumped(data))
        return
    from rich.console import Console

    from aipm_agents.report import faults, usage
    from aipm_agents.report.card import cards
    from aipm_agents.report.terminal import heading, screens

    assert record.path is not None
    console, handle = Console(highlight=False), runs.handle(record.path, record.header)
    console.print(heading(scenario, record.header.seed))
    for seen in screens(scenario, events, handle):
        console.print(seen)
    for card in cards(scenario, audience, tabled):
        console.print(card)
    # both are empty but for the facilitator: an audience sees no volatile facts
    for panel in (usage.panel(scenario, events, {}), faults.panel(scenario, events)):
        if panel is not None:
            console.print(panel)
    if record.decision is None:
        print(f"\nNot decided yet. Go on with: aipm resume {clean(handle)}")
