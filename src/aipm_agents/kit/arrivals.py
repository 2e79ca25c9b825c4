"""News that changes figures, in a workbook: a cell for each piece says that it has come, and a figure asks that cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import tr
from aipm_agents.report.papers.typography import together
from aipm_agents.report.papers.workbook import Page
from aipm_agents.report.words import changed_figure
from aipm_agents.scenario.changes import place
from aipm_agents.table.news import after, changes, in_turn

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aipm_agents.scenario.model import Scenario


def told(scenario: Scenario, number: int) -> str:
    """What a piece of news changes, as the facilitator reads it: from what the pieces before it left."""
    order = in_turn(scenario)
    made = changes(after(scenario, order[: order.index(number)]), number)
    return together(tuple(changed_figure.sentences(scenario, made)))


class Arrivals:
    def __init__(self, scenario: Scenario) -> None:
        self.scenario, self.title = scenario, tr("News")
        come = [number for number in in_turn(scenario) if scenario.injects[number].changes]
        self.rows = {number: row for row, number in enumerate(come, start=2)}
        self._set: dict[tuple[tuple[str | int, ...], str], list[tuple[int, Any]]] = {}
        for number in come:
            for key, to in scenario.injects[number].changes.items():
                spot = place(scenario, key)
                self._set.setdefault((spot.holder, spot.name), []).append((number, to))

    def changes(self, *spot: str | int) -> bool:
        """Whether news sets this figure. `spot`: the way to it, from the scenario on."""
        return (spot[:-1], spot[-1]) in self._set

    def now(self, first: str, put: Callable[[Any], str], *spot: str | int) -> str:
        """A formula of a figure: `first`, until news that sets it has come; of several pieces the last in turn counts."""
        text = first
        for number, to in self._set.get((spot[:-1], str(spot[-1])), ()):
            text = f"IF('{self.title}'!$C${self.rows[number]}=\"x\",{put(to)},{text})"
        return text

    def pages(self) -> tuple[Page, ...]:
        """One, or none where no news changes a figure."""
        if not self.rows:
            return ()
        rows: list[tuple[str | float, ...]] = [(tr("News"), tr("what it changes"), tr("has come: x"))]
        rows += [(self.scenario.injects[n].headline, told(self.scenario, n), "") for n in self.rows]
        inputs = frozenset(f"C{row}" for row in self.rows.values())
        return (Page(self.title, tuple(rows), (52, 80, 12), inputs=inputs, heads=frozenset({1})),)
