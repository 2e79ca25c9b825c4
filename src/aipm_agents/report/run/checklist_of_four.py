"""The checklist of four of the article this project grew from: it closes a decision record, and a debrief.

Answered by what a seat asked, doubted, told or gave as its reason. What the case says, or the package holds, with
nobody taking it up, is told as that, and the answer is that nothing is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.analysis.run.aloud import first_said
from aipm_agents.analysis.run.raising import about, asked_at, others, technical, touching
from aipm_agents.language import tr
from aipm_agents.report.papers.blocks import Grid, Heading, Row
from aipm_agents.report.papers.typography import quoted, together
from aipm_agents.report.words import phrase, technology, vocabulary
from aipm_agents.report.words.because import because
from aipm_agents.report.words.raising import also, raised, touched

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
    rail = tr("The case names a guardrail: {rail}.", rail=guard) if guard else ""

    def told(spoken: tuple[Raised, ...], there: str, *, hangs: tuple[Raised, ...] = ()) -> str:
        """`hangs`: what was asked or wanted of a choice it hangs on."""
        if not spoken and hangs:
            return together((tr("Nobody asked or doubted it by name."), touched(scenario, hangs), there))
        if spoken:
            return together((raised(scenario, spoken[0], width), also(scenario, others(spoken)), there))
        return together((tr("NOT SHOWN: no question, doubt or reason about it is on record."), there))

    aim = scenario.purpose or ""
    aimed = first_said(record, aim) if aim else None

    def serves() -> str:
        if aimed is None:
            return told(about(record, asked_at(record, "desire")), case)
        who, when = scenario.card(aimed.by).called, phrase.when(aimed.round)
        return tr("{who} named whom it serves ({when}): {purpose}.", who=who, when=when, purpose=aim.rstrip(".。"))  # fmt: skip

    def watch() -> str:
        spoken = tuple(each for each in about(record, watched) if each.about in watched)
        by_rule = (
            tr("{asks} {status}.", asks=scenario.criteria[n][1].asks, status=because(record, n))
            for n in watched
        )
        there = together((*by_rule, rail))
        if spoken or said is None:
            return told(spoken, there)
        who, when = scenario.card(said.by).called, phrase.when(said.round)
        return tr("{who} named the guardrail aloud ({when}): {rail}. Named is not yet watched: by whom, the program does not look for.", who=who, when=when, rail=guard)  # fmt: skip

    alignment = about(record, asked_at(record, "alignment"))
    taken_up = tuple(
        each for each in alignment if each.how != "told"
    )  # what went wrong is not yet designed for
    picked = {f"{issue}={option}" for issue, option in (deal or {}).items()}
    mine = tuple(each for each in technical(record) if each.about in picked)
    where = scenario.criteria[watched[0]][0] if watched else "viable"
    watched_at = tr(
        "{checkpoint}: {verdict}", checkpoint=vocabulary.CHECKPOINT_TITLES[where], verdict=verdict(where)
    )
    still = [f.criterion for f in (ruling.findings if ruling else ()) if f.status != "met" and f.criterion in asked_at(record, "alignment")]  # fmt: skip
    left_open = tr("Left open: {asks}", asks=phrase.listed(quoted(scenario.criteria[n][1].asks) for n in still)) if still else ""  # fmt: skip
    desire, feasible, people = map(verdict, ("desire", "feasible", "people"))
    rows = (
        Row((tr("Are vision and strategy clear?"), serves(), tr("Desire: {verdict}", verdict=desire))),
        Row((tr("Do technology and architecture fit the need?"), told(mine or technical(record), chosen), tr("Feasible: {verdict}", verdict=feasible))),
        Row((tr("Is there monitoring of data, and feedback?"), watch(), watched_at)),
        Row((tr("Are AI safety and ethics designed in?"), told(taken_up or alignment, left_open, hangs=touching(record, asked_at(record, "alignment"))), tr("Alignment, people: {verdict}", verdict=people))),
    )  # fmt: skip
    yield Heading(tr("Checklist of four"), tr("of the article this project grew from"))
    yield Grid(("", tr("from the record"), tr("checkpoint")), rows, first=4)
