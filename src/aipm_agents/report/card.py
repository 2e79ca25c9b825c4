"""What a seat holds: its confidential card, and which of its facts never reached the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.panel import Panel
from rich.text import Text

from aipm_agents.report import wording
from aipm_agents.table.view import FACILITATOR, PUBLIC

if TYPE_CHECKING:
    from collections.abc import Collection

    from rich.console import RenderableType

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario


def cards(scenario: Scenario, audience: str, tabled: Collection[str]) -> list[RenderableType]:
    """The cards an audience may see: none, its own, or everybody's."""
    if audience == PUBLIC:
        return []
    roles = list(scenario.parties) if audience == FACILITATOR else [audience]
    return [_card(scenario, role, tabled) for role in roles]


def _card(scenario: Scenario, role: Role, tabled: Collection[str]) -> RenderableType:
    party, card = scenario.parties[role], scenario.card(role)
    lines: list[RenderableType] = []
    if party.private:
        lines.append(Text(wording.clean(party.private)))
    for line in party.red_lines:
        lines.append(Text(f"red line: {wording.clean(line.because)}", style="red"))
    for fact in scenario.facts.values():
        if role in fact.held_by:
            mark = "tabled" if fact.id in tabled else "NEVER TABLED"
            lines.append(
                Text(f"{mark}: {wording.clean(fact.says)}", style="" if mark == "tabled" else "yellow")
            )
    for issue, option in scenario.held_options:
        if role in scenario.held_options[issue, option]:
            lines.append(
                Text(f"an option of its own to bring: {wording.clean(scenario.label(issue, option))}")
            )
    for word, means in party.terms.items():
        lines.append(Text(wording.clean(f'"{word}" means: {means}')))
    best = {issue: max(row, key=lambda option: row[option]) for issue, row in party.points.items()}
    lines.append(
        Text(
            f"walk-away {party.walk_away} of 100; best: {wording.clean(wording.options(scenario, best))}",
            style="dim",
        )
    )
    return Panel(Group(*lines), title=Text(wording.clean(card.title), style="bold"), title_align="left")
