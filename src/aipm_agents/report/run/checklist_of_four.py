"""The checklist of four of the article this project grew from: it closes a decision record, and a debrief.

Answered by what a seat asked, doubted, told or gave as its reason. What the case says, or the package holds, with
nobody taking it up, is told as that, and the answer is that nothing is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.analysis.run.aloud import first_said
from aipm_agents.analysis.run.raising import about, asked_at, technical
from aipm_agents.language import tr
from aipm_agents.report.papers.blocks import Grid, Heading, Row
from aipm_agents.report.papers.typography import together
from aipm_agents.report.words import phrase, technology, vocabulary
from aipm_agents.report.words.raising import raised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.run.raising import Raised
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.table.record import Record


def of_four(record: Record, *, width: int = 110) -> Iterator[Block]:
    """`width`: of what is quoted; none where it stands quoted elsewhere."""
    scenario, ruling, deal = record.scenario, record.last_ruling, record.deal

    def verdict(gate: str) -> str:
        if ruling is None:
            return tr("NOT SHOWN: nothing was ruled")
        return vocabulary.VERDICTS[ruling.people if gate == "people" else ruling.verdicts[gate]]  # type: ignore[index]

    goal = scenario.success
    watched = [name for name, (_, each) in scenario.criteria.items() if each.caution == "decay"]
    case = tr("The case says: {purpose}.", purpose=scenario.purpose.rstrip(".。")) if scenario.purpose else ""
    path = technology.path(scenario, deal or {})
    chosen = tr("Chosen: {path}.", path=path) if path else tr("Nothing was decided about it.")
    guard = goal.guardrail.rstrip(".。") if goal and goal.guardrail else ""
    said = first_said(record, guard) if guard else None
    rail = tr("The case names a guard-rail: {rail}.", rail=guard) if guard else ""

    def told(spoken: tuple[Raised, ...], there: str) -> str:
        if spoken:
            return together((raised(scenario, spoken[0], width), there))
        return together((tr("NOT SHOWN: no question, doubt or reason about it is on record."), there))

    def watch() -> str:
        spoken = about(record, watched)
        if spoken or said is None:
            return told(spoken, rail)
        who, when = scenario.card(said.by).called, phrase.when(said.round)
        return tr("{who} named the guard-rail aloud ({when}): {rail}.", who=who, when=when, rail=guard)

    desire, feasible, viable, people = map(verdict, ("desire", "feasible", "viable", "people"))
    rows = (
        Row((tr("Are vision and strategy clear?"), told(about(record, asked_at(record, "desire")), case), tr("Desire: {verdict}", verdict=desire))),
        Row((tr("Do technology and architecture fit the need?"), told(technical(record), chosen), tr("Feasible: {verdict}", verdict=feasible))),
        Row((tr("Is there monitoring of data, and feedback?"), watch(), tr("Viable: {verdict}", verdict=viable))),
        Row((tr("Are AI safety and ethics designed in?"), told(about(record, asked_at(record, "alignment")), ""), tr("Alignment, people: {verdict}", verdict=people))),
    )  # fmt: skip
    yield Heading(tr("Checklist of four"), tr("of the article this project grew from"))
    yield Grid(("", tr("from the record"), tr("checkpoint")), rows, first=4)
