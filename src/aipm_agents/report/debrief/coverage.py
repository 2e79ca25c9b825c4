"""How far a table looked: the five lenses, and the five cautions, of the article this project grew from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import mark, tr, tr_n
from aipm_agents.report.papers.blocks import Grid, Heading, Row
from aipm_agents.report.papers.typography import quoted, together
from aipm_agents.report.words import phrase, vocabulary
from aipm_agents.report.words.because import because
from aipm_agents.report.words.raising import also, came_up, raised, subject
from aipm_agents.scenario.lenses import ASKS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from aipm_agents.analysis.debrief.coverage import Looked
    from aipm_agents.analysis.debrief.whole import Debrief
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.criteria import Caution
    from aipm_agents.scenario.lenses import Lens
    from aipm_agents.scenario.model import Scenario

LENSES: vocabulary.Vocabulary[Lens] = vocabulary.Vocabulary({
    "alignment_control": mark("Alignment and control"), "frame_problem": mark("Frame problem"),
    "symbol_grounding": mark("Symbol grounding"), "language_games": mark("Language games"), "gestalt": mark("Gestalt"),
})  # fmt: skip
CAUTIONS: vocabulary.Vocabulary[Caution] = vocabulary.Vocabulary({
    "technology_driven": mark("Technology in the lead, and the user forgotten"), "privacy": mark("Data and privacy"),
    "decay": mark("Models that fade"), "ethics": mark("Ethical dispute"), "explainability": mark("Not explainable"),
})  # fmt: skip


def lenses(found: Debrief) -> Iterator[Block]:
    yield Heading(tr("Five lenses"), tr("what a plan or a figure leaves out"))
    asks = ASKS[found.scenario.language]
    rows = [
        Row((LENSES[name], asks[name], _told(found, each))) for name, each in found.coverage.lenses.items()
    ]
    yield Grid((tr("lens"), tr("its question"), tr("at this table")), tuple(rows), first=3)


def cautions(found: Debrief) -> Iterator[Block]:
    yield Heading(tr("Five cautions"))
    told = {name for each in found.coverage.lenses.values() for name in each.criteria}
    looked, rows, said = found.coverage.cautions, [], set[str]()
    for name, each in looked.items():
        if each.reach != "absent":
            rows.append(Row((CAUTIONS[name], _told(found, each, told, said))))
            said |= {each.first.about} if each.first and each.first.how == "told" else set()
    if absent := [CAUTIONS[name] for name, each in looked.items() if each.reach == "absent"]:
        rows.append(
            Row((tr("; ").join(absent), tr("Not for the program to tell: the case marks nothing for it.")))
        )
    yield Grid((tr("caution"), tr("at this table")), tuple(rows), first=3)


def _told(found: Debrief, looked: Looked, before: Collection[str] = (), said: Collection[str] = ()) -> str:
    """`before`: criteria whose status is told already; `said`: facts that are quoted already as told by somebody."""
    scenario = found.scenario
    match looked.reach:
        case "absent":
            return tr("Not for the program to tell: the case marks nothing for it.")
        case "raised":
            assert looked.first is not None
            first = looked.first
            who, when = scenario.card(first.by).called, phrase.when(first.round)
            again = tr("{who} told the fact that is quoted above ({when}).", who=who, when=when)
            text = again if first.how == "told" and first.about in said else raised(scenario, first)
            text = together((text, also(scenario, looked.also), _wanted(scenario, looked)))
        case "came_up":
            name, tabled = next(iter(looked.lay.items()))
            text = came_up(scenario, name, tabled, looked.asked_for, 60)
        case "ruled":
            text = tr("Only the checkpoint asked; nobody at the table did.")
        case "missed":
            text = tr("No question, challenge, doubt or reason about it is on record.")
    texts = [text]
    for name in (each for each in looked.criteria if each not in before):
        verdict = because(found.record, name)
        asks = (
            ""
            if looked.first and looked.first.how in ("put", "named") and looked.first.about == name
            else scenario.criteria[name][1].asks
        )
        status = verdict.rstrip(".")
        texts.append(tr("{asks} {status}.", asks=asks, status=status) if asks else tr("At the end: {status}.", status=status))  # fmt: skip
    if looked.kept:
        says, more = quoted(scenario.facts[looked.kept[0]].says, 110), len(looked.kept) - 1
        texts.append(tr_n("Never told: {says} And {n} more.", "Never told: {says} And {n} more.", more, says=says) if more else tr("Never told: {says}", says=says))  # fmt: skip
    return together(texts)


def _wanted(scenario: Scenario, looked: Looked) -> str:
    """Who made a choice that mends it a condition, and which."""
    told = phrase.listed(
        tr(
            "{who} {what} ({when})", who=scenario.card(each.by).called,
            what=subject(scenario, each), when=phrase.when(each.round),
        )
        for each in looked.wanted
    )  # fmt: skip
    return (
        tr("Conditions that mend some of it, by the case's rule: {told}.", told=told) if looked.wanted else ""
    )
