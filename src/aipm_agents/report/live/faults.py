"""The faults of a run, each with its cause: for whoever runs the table, and nobody at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from aipm_agents.language import tr
from aipm_agents.report.papers import plain_text
from aipm_agents.report.papers.rows import Boxed, Rows
from aipm_agents.report.words.vocabulary import FAULTS

if TYPE_CHECKING:
    from rich.console import RenderableType

    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Event

MOST = 12
"""How many are listed; the transcript has them all."""


def panel(scenario: Scenario, events: tuple[Event, ...]) -> RenderableType | None:
    """None for a run without faults, or for an audience that sees no volatile facts."""
    rows = [
        (event.round, event.role, fault, str(event.volatile["fault"]), event.volatile.get("came_back"))
        for event in events
        if (fault := getattr(event, "fault", None)) and "fault" in event.volatile
    ]
    if not rows:
        return None
    table = Rows(box=None, padding=(0, 1), pad_edge=False, header_style="dim")
    for name in (tr("round"), "", tr("fault"), tr("cause, and what came back instead of a move")):
        table.add_column(name)
    for number, role, kind, cause, came_back in rows[:MOST]:
        text = plain_text.shortened(plain_text.clean(cause).replace("\n", " "), 200)
        if came_back:
            text += "\n" + tr('"{text}"', text=plain_text.shortened(plain_text.clean(str(came_back)), 120))
        table.add_row(
            str(number), Text(plain_text.clean(scenario.card(role).short)), FAULTS[kind], Text(text)
        )
    more = tr(" (the first {most} of {n})", most=MOST, n=len(rows)) if len(rows) > MOST else ""
    return Boxed(table, tr("Faults: each an abstention, none a yes{more}", more=more))


def left_out(scenario: Scenario, events: tuple[Event, ...]) -> RenderableType | None:
    """What of turns that counted could not be used; None where there is nothing an audience may see."""
    rows = [(event, each) for event in events for each in getattr(event, "dropped", ())]
    if not rows:
        return None
    table = Rows(box=None, padding=(0, 1), pad_edge=False, header_style="dim")
    for name in (tr("round"), "", tr("part"), tr("why")):
        table.add_column(name)
    for event, each in rows[:MOST]:
        why = Text(plain_text.shortened(plain_text.clean(each.because), 200))
        table.add_row(
            str(event.round), Text(plain_text.clean(scenario.card(event.role).short)), each.part, why
        )
    more = tr(" (the first {most} of {n})", most=MOST, n=len(rows)) if len(rows) > MOST else ""
    return Boxed(table, tr("Left out of turns that counted{more}", more=more))
