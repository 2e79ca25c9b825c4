"""What the models used, seat by seat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from aipm_agents.analysis.run.usage import cost, total, unfinished, usage
from aipm_agents.language import tr
from aipm_agents.report.papers import plain_text
from aipm_agents.report.papers.rows import Boxed, Rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from rich.console import RenderableType

    from aipm_agents.analysis.run.usage import Price, Used
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Event


def panel(
    scenario: Scenario, events: tuple[Event, ...], prices: Mapping[str, Price]
) -> RenderableType | None:
    """None for a run that asked no model."""
    used = usage(events)
    if not used and not unfinished(events)["calls"]:
        return None
    costs = cost(used, events, prices)
    table = Rows(box=None, padding=(0, 1), pad_edge=False, header_style="dim")
    table.add_column("")
    for name in (
        tr("calls"),
        tr("prompt"),
        tr("cached"),
        tr("answers"),
        tr("seconds"),
        *([tr("cost")] if costs else []),
    ):
        table.add_column(name, justify="right", no_wrap=True)
    for role in scenario.parties:
        if role in used:
            _row(table, scenario.card(role).short, used[role], costs.get(role), bool(costs))
    _row(table, tr("all"), total(used), sum(costs.values()) if costs else None, bool(costs), style="bold")
    lost = unfinished(events)
    note = tr(
        "and on turns broken off: {calls} calls, at most {tokens:,} tokens",
        calls=lost["calls"],
        tokens=lost["tokens"],
    )
    body = Group(table, Text(note)) if lost["calls"] else table
    return Boxed(body, tr("What the models used, in tokens"))


def _row(
    table: Rows, name: str, used: Used, cost: Decimal | int | None, priced: bool, style: str = ""
) -> None:
    cells = [
        f"{used.calls}", f"{used.prompt:,}", f"{used.cached:,}", f"{used.completion:,}", f"{used.seconds:.1f}",
    ]  # fmt: skip
    if priced:
        cells.append("" if cost is None else f"{cost:.4f}")
    table.add_row(Text(plain_text.clean(name)), *cells, style=style)
