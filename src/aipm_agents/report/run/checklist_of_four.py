"""The checklist of four of the article this project grew from: it closes a decision record, and a debrief."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import tr
from aipm_agents.report.papers.blocks import Grid, Heading, Row
from aipm_agents.report.words import phrase, technology, vocabulary
from aipm_agents.table.events import last_ruling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.events import Event


def of_four(scenario: Scenario, events: tuple[Event, ...], package: Package | None) -> Iterator[Block]:
    """The article's four, each answered from the record or marked as not shown."""
    ruling = last_ruling(events)

    def verdict(gate: str) -> str:
        if ruling is None:
            return tr("NOT SHOWN: nothing was ruled")
        return vocabulary.VERDICTS[ruling.people if gate == "people" else ruling.verdicts[gate]]  # type: ignore[index]

    goal, absent = scenario.success, tr("NOT SHOWN")
    vision = (
        tr("{purpose}; {metric} to {to}", purpose=scenario.purpose, metric=goal.metric, to=goal.to)
        if scenario.purpose and goal else scenario.purpose
    )  # fmt: skip
    watching = [each.asks for _, each in scenario.criteria.values() if each.caution == "decay"]
    monitor = tr("; ").join(filter(None, [goal.guardrail if goal else None, *watching]))
    harms = phrase.sentences(each.asks for each in scenario.checkpoints.alignment)
    desire, feasible, viable, people = map(verdict, ("desire", "feasible", "viable", "people"))
    rows = (
        Row((tr("Are vision and strategy clear?"), vision or absent, tr("Desire: {verdict}", verdict=desire))),
        Row((tr("Do technology and architecture fit the need?"), technology.path(scenario, package or {}) or absent, tr("Feasible: {verdict}", verdict=feasible))),
        Row((tr("Is there monitoring of data, and feedback?"), monitor or absent, tr("Viable: {verdict}", verdict=viable))),
        Row((tr("Are AI safety and ethics designed in?"), harms or absent, tr("Alignment, people: {verdict}", verdict=people))),
    )  # fmt: skip
    yield Heading(tr("Checklist of four"), tr("of the article this project grew from"))
    yield Grid(("", tr("from the record"), tr("checkpoint")), rows, first=4)
