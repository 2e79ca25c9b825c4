"""The prospects of a scenario on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from aipm_agents.report import wording
from aipm_agents.scenario.model import CHECKPOINTS

if TYPE_CHECKING:
    from rich.console import RenderableType

    from aipm_agents.analysis.prospects import Prospects
    from aipm_agents.scenario.model import Scenario


def prospects_screen(scenario: Scenario, found: Prospects, advice: list[str]) -> RenderableType:
    counts = Table(title=f"{found.packages:,} packages", title_justify="left", title_style="bold", box=None)
    counts.add_column("passing")
    counts.add_column("at the start", justify="right")
    counts.add_column("everything disclosed", justify="right")
    for gate in CHECKPOINTS:
        row = (found.passing_at_start[gate], found.passing_disclosed[gate])
        counts.add_row(wording.CHECKPOINT_TITLES[gate], *(f"{n:,}" for n in row))
    counts.add_row("all four checkpoints", "", f"{found.passing_all:,}")
    counts.add_row("and the agreement it needs", "", f"{found.acceptable:,}")
    counts.add_row("the agreement alone, no checkpoints", "", f"{found.acceptable_ungated:,}", style="dim")
    lines: list[RenderableType] = [Text(wording.clean(scenario.title), style="bold"), counts, Text()]
    if found.best is not None:
        lines.append(
            Text(
                f"Best for the table (Nash, within the gates): {wording.clean(wording.options(scenario, found.best))}"
            )
        )
    if found.deciding_evidence:
        lines.append(Text("Without these facts no package passes:"))
        for name in found.deciding_evidence:
            held = scenario.facts[name].held_by
            who = f"held by {wording.names(scenario, held)}" if held else "known to all"
            lines.append(Text(wording.clean(f"  {name} ({who}): {scenario.facts[name].says}")))
    binding = [name for name, count in found.only_stopped_by.items() if count]
    if binding:
        lines.append(Text("What binds (packages that nothing else stops):"))
        for name in sorted(binding, key=lambda name: -found.only_stopped_by[name]):
            asks = wording.clean(scenario.criteria[name][1].asks)
            lines.append(Text(f"  {found.only_stopped_by[name]:>5,}  {asks}"))
    refusing = {role: count for role, count in found.refused_by.items() if count}
    for role, count in refusing.items():
        short = wording.clean(scenario.card(role).short)
        lines.append(Text(f"  {count:>5,}  of the passing packages are below {short}'s walk-away"))
    lines += [Text(f"warning: {text}", style="yellow") for text in advice]
    return Group(*lines)
