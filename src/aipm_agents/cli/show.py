from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from aipm_agents.cli import runs
from aipm_agents.cli.audience import AsOption, SpoilOption, named
from aipm_agents.language import follow, tr

if TYPE_CHECKING:
    from aipm_agents.transcript import Transcript


def show(
    transcript: Annotated[str, typer.Argument(help="A path, a run id or its prefix, or latest.")] = "latest",
    audience: AsOption = "public",
    spoil: SpoilOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as one JSON object.")] = False,
) -> None:
    from aipm_agents.report.papers.plain_text import as_json as dumped
    from aipm_agents.report.papers.plain_text import clean
    from aipm_agents.table.events import tabled_evidence
    from aipm_agents.transcript import read

    run = read(runs.locate(transcript))
    audience = named(audience, run, spoil)
    if not as_json:
        follow(run.scenario.language)
    if as_json:
        print(dumped(data(run, audience)))
        return
    from rich.console import Console

    from aipm_agents.report.live import faults, usage
    from aipm_agents.report.live.card import cards
    from aipm_agents.report.live.meeting import heading, screens
    from aipm_agents.report.papers.terminal import paper
    from aipm_agents.report.run.export import seen
    from aipm_agents.report.run.facilitator import figures
    from aipm_agents.report.words.fact_text import known_at_first
    from aipm_agents.report.words.setup import caution as caution_of
    from aipm_agents.report.words.setup import seed as seed_of
    from aipm_agents.table.audience import FACILITATOR
    from aipm_agents.table.events import on_paper

    assert run.path is not None
    console, handle = Console(highlight=False), runs.handle(run.path, run.header)
    scenario, events = seen(run, audience)
    caution = caution_of(run)
    title = heading(scenario, seed_of(run), known_at_first(run.scenario), caution, run.header.pm_style)
    console.print(title)
    for _, screen in screens(scenario, events, handle):
        console.print(screen)
    if audience == FACILITATOR:
        console.print(paper(figures(run.record), console.width))
    console.print(paper(cards(scenario, audience, tabled_evidence(run.scenario, events)), console.width))
    # both are empty but for the facilitator: an audience sees no volatile facts
    for panel in (
        usage.panel(scenario, events, {}),
        faults.panel(scenario, events),
        faults.left_out(scenario, events),
    ):
        if panel is not None:
            console.print(panel)
    people = tuple(role for role, kind in run.seats.items() if kind == "human")
    mine = people if audience == FACILITATOR else tuple(role for role in people if role == audience)
    if run.decision is not None and mine:
        from aipm_agents.report.debrief.after_play import farewell

        console.print(paper(farewell(run.record, mine, handle, ""), console.width), crop=False)
    if run.decision is None and not on_paper(run.events):
        print("\n" + tr("Not decided yet. Go on with: aipm resume {handle}", handle=clean(handle)))


def data(run: Transcript, audience: str) -> dict[str, Any]:
    """A run as plain data, as an audience may see it."""
    from aipm_agents.analysis.run.audit import breaches, leaks
    from aipm_agents.analysis.run.conduct import conduct
    from aipm_agents.analysis.run.gainsaid import gainsaid
    from aipm_agents.analysis.run.inquiry import inquiry
    from aipm_agents.analysis.run.invented import invented
    from aipm_agents.analysis.run.outcome import outcome
    from aipm_agents.analysis.run.promises import promises
    from aipm_agents.report.run.export import seen
    from aipm_agents.table.audience import FACILITATOR
    from aipm_agents.transcript import line

    scenario, events = seen(run, audience)
    variation = run.header.variation
    told: dict[str, Any] = {
        **runs.summary(run.header, run.events, run.path),
        "as": audience,
        "ablation": run.header.without,
        "factors": variation.factors if audience == FACILITATOR and variation else {},
        "brief": scenario.plain() if audience == FACILITATOR else None,
        "events": [{k: v for k, v in line(event).items() if k != "volatile"} for event in events],
    }
    if audience == FACILITATOR:
        work = conduct(run.record)
        told |= {
            "result": outcome(run.record),
            "conduct": work.plain(),
            "leaks": leaks(run.record),
            "breaches": breaches(run.record),
            "invented": invented(run.record),
            "promises": promises(run.record),
            "gainsaid": gainsaid(run.record),
        }
        if scenario.extras:
            told["inquiry"] = inquiry(run.record)
    return told
