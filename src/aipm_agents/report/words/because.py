"""Why a criterion counts as met: by a fact and who told it, by a figure, by a choice, or because nothing spoke against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.analysis.run.conduct import conduct
from aipm_agents.language import tr
from aipm_agents.report.words import phrase, vocabulary
from aipm_agents.table.rules import made

if TYPE_CHECKING:
    from aipm_agents.table.events import Finding
    from aipm_agents.table.record import Record


def because(record: Record, criterion: str) -> str:
    """As it stood at the last ruling: the status, and where it is met, its ground."""
    ruling = record.last_ruling
    finding = next((f for f in ruling.findings if f.criterion == criterion), None) if ruling else None
    if finding is None:
        return tr("never ruled")
    if finding.status != "met":
        return vocabulary.STATUSES[finding.status]
    if finding.ground == "supported":
        return _shown(record, finding)
    scenario, package = record.scenario, record.packages[-1]
    if scenario.criteria[criterion][1].rule:
        return tr("met by the case's rule")
    against = [f for n, f in scenario.facts.items() if n in record.tabled and criterion in f.undermines]
    cures = dict.fromkeys(
        phrase.named(scenario.label(i, package[i])) for f in against for i in made(package, f.unless)
    )
    if cures:
        return tr("met by the case's rule, with {choices}; nobody tested it", choices=phrase.listed(cures))
    return tr("met, as nothing on the table spoke against it; nobody tested it")


def _shown(record: Record, finding: Finding) -> str:
    tabled = conduct(record).tabled[finding.evidence[0]]
    when = phrase.when(tabled.round)
    if tabled.by is not None:
        return tr("met, told by {who} ({when})", who=record.scenario.card(tabled.by).called, when=when)
    return tr("met, from outside ({when})", when=when) if tabled.round else tr("met, known from the start")
