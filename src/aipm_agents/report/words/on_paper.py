"""A meeting that was held on paper, as it is entered: what a round came to by the rules, and whether that bears out how
the table says it went on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from aipm_agents.language import tr
from aipm_agents.report.words import phrase, reasons, vocabulary
from aipm_agents.scenario.criteria import CHECKPOINTS
from aipm_agents.table.checkpoints import lets_through
from aipm_agents.table.events import package_on_table

if TYPE_CHECKING:
    from aipm_agents.table.on_paper import End, Meeting


def against(meeting: Meeting, end: End | None) -> Literal["a deal", "no deal"] | None:
    """What the last ruling says it is, where that is not how it went on."""
    through = meeting.ruling is not None and lets_through(meeting.ruling)
    if through and end != "deal":
        return "a deal"
    return "no deal" if end == "deal" and not through else None


def ruled(meeting: Meeting) -> str:
    """The ruling of the round, in a line."""
    ruling, package = meeting.ruling, package_on_table(meeting.events)
    if ruling is None or package is None:
        return tr("nothing was ruled")
    gates = tr(" · ").join(
        f"{vocabulary.CHECKPOINT_TITLES[name]} {vocabulary.VERDICTS[ruling.verdicts[name]]}"
        for name in CHECKPOINTS
    )
    shut = [
        tr(
            '"{asks}": {why}',
            asks=meeting.scenario.criteria[f.criterion][1].asks,
            why=told.opens_with if told.why == meeting.scenario.criteria[f.criterion][1].asks else told.why,
        )
        for f in ruling.findings
        if f.status != "met"
        and meeting.scenario.criteria[f.criterion][1].blocking
        and (told := reasons.reason(meeting.scenario, f, package))
    ]
    if len(ruling.team.yes) < ruling.team.needed:
        shut.append(tr("{n} yes, {needed} needed", n=len(ruling.team.yes), needed=ruling.team.needed))
    for line in ruling.team.crossed:
        who = meeting.scenario.card(line.role).short
        shut.append(tr("red line of {who}: {because}", who=who, because=line.because))
    if ruling.team.veto_missing:
        who = phrase.names(meeting.scenario, ruling.team.veto_missing)
        shut.append(tr("there is no deal without {who}", who=who))
    if ruling.too_new:
        shut.append(tr("a fact that fails a criterion came out in this very round"))
    return tr("{gates}. {why}", gates=gates, why=tr("; ").join(shut)).strip()
