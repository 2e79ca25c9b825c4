"""Why a criterion counts as met: by a fact and who told it, by a figure, by a choice, or because nothing spoke against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.analysis.run.conduct import when_tabled
from aipm_agents.language import tr
from aipm_agents.report.papers.typography import quoted
from aipm_agents.report.words import fact_text, phrase, vocabulary
from aipm_agents.table.rules import made

if TYPE_CHECKING:
    from aipm_agents.scenario.model import Package
    from aipm_agents.table.events import Finding
    from aipm_agents.table.record import Record


def because(record: Record, criterion: str) -> str:
    """As it stood at the last ruling: the status, and where it is met, its ground."""
    ruling = record.last_ruling
    finding = next((f for f in ruling.findings if f.criterion == criterion), None) if ruling else None
    if finding is None:
        return tr("never ruled")
    if finding.status != "met":
        blocking = record.scenario.criteria[criterion][1].blocking
        status = vocabulary.STATUSES[finding.status]
        return status if blocking else tr("{status}; it stays open, and does not stop a deal", status=status)
    if finding.ground == "supported":
        return _shown(record, finding)
    scenario, package = record.scenario, record.packages[-1]
    if scenario.criteria[criterion][1].rule:
        chosen = _chosen(record, criterion, package)
        return tr("met, as the package has {choices}", choices=chosen) if chosen else tr("met by its figures")  # fmt: skip
    against = [f for n, f in scenario.facts.items() if n in record.tabled and criterion in f.undermines]
    cures = dict.fromkeys(
        quoted(scenario.label(i, package[i])) for f in against for i in made(package, f.unless)
    )
    if cures:
        return "".join((
            tr("met: by the case's rule what speaks against it is taken care of by {choices}", choices=phrase.listed(cures)),
            _stopped(record, criterion, tr("; no package was stopped on it")),
        ))  # fmt: skip
    return tr("unopposed: nothing on the table speaks against it") + _stopped(record, criterion, "")


def _stopped(record: Record, criterion: str, never: str) -> str:
    """The rounds whose ruling had it fail."""
    shut = [r.round for r in record.rulings if any(f.criterion == criterion and f.status == "failed" for f in r.findings)]  # fmt: skip
    if not shut:
        return never
    return tr("; it had failed in {rounds}", rounds=phrase.rounds(shut))


def _chosen(record: Record, criterion: str, package: Package) -> str:
    """The choices with which a rule on choices is met; empty where all its rules are bounds."""
    scenario = record.scenario
    rules = (rule.choose for rule in scenario.criteria[criterion][1].rule if rule.choose is not None)
    chosen = dict.fromkeys(phrase.named(scenario.label(i, package[i])) for each in rules for i in made(package, each))  # fmt: skip
    return phrase.listed(chosen) if chosen else ""


def _shown(record: Record, finding: Finding) -> str:
    told = when_tabled(record)
    name = min(finding.evidence, key=lambda each: told[each].round)
    tabled = told[name]
    when = phrase.when(tabled.round)
    chosen = fact_text.shown_for(record.scenario, name, record.packages[-1])
    only = tr(", which shows it for {choices}", choices=chosen) if chosen else ""
    if tabled.by is not None:
        return tr("met, told by {who} ({when})", who=record.scenario.card(tabled.by).called, when=when) + only
    return (tr("met, from outside ({when})", when=when) if tabled.round else tr("met, known from the start")) + only  # fmt: skip
