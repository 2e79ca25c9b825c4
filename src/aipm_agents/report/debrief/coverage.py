"""How far a table looked: the five lenses, and the five cautions, of the article this project grew from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import mark, tr, tr_n
from aipm_agents.report.papers.blocks import Grid, Heading, Row
from aipm_agents.report.papers.typography import quoted, together
from aipm_agents.report.words import vocabulary
from aipm_agents.report.words.raising import came_up, raised
from aipm_agents.scenario.lenses import ASKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.debrief.coverage import Looked
    from aipm_agents.analysis.debrief.whole import Debrief
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.lenses import Lens
    from aipm_agents.scenario.model import Caution

LENSES: vocabulary.Words[Lens] = vocabulary.Words({
    "alignment_control": mark("Alignment and control"), "frame_problem": mark("Frame problem"),
    "symbol_grounding": mark("Symbol grounding"), "language_games": mark("Language games"), "gestalt": mark("Gestalt"),
})  # fmt: skip
CAUTIONS: vocabulary.Words[Caution] = vocabulary.Words({
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
    rows = [Row((CAUTIONS[name], _told(found, each))) for name, each in found.coverage.cautions.items()]
    yield Grid((tr("caution"), tr("at this table")), tuple(rows), first=3)


def _told(found: Debrief, looked: Looked) -> str:
    scenario = found.scenario
    match looked.reach:
        case "absent":
            return tr("This case does not turn on it.")
        case "raised":
            assert looked.first is not None
            text = together((raised(scenario, looked.first), _more(looked.times - 1)))
        case "came_up":
            name, tabled = next(iter(looked.lay.items()))
            text = came_up(scenario, name, tabled, looked.asked_for)
        case "ruled":
            text = tr("Only the checkpoint asked; nobody at the table did.")
        case "missed":
            text = tr("It was there to be found, and nobody came near it.")
    texts = [text]
    for name, status in looked.criteria.items():
        verdict = vocabulary.STATUSES[status] if status else tr("never ruled")
        texts.append(tr("{asks} {status}.", asks=scenario.criteria[name][1].asks, status=verdict))
    if looked.kept:
        texts.append(tr("Never told: {says}", says=quoted(scenario.facts[looked.kept[0]].says, 70)))
    return together(texts)


def _more(turns: int) -> str:
    return tr_n("And in {n} more turn.", "And in {n} more turns.", turns) if turns else ""
