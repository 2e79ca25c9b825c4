"""The decision nodes of a product: each issue with who owns it, what it rests on, what may go wrong."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from aipm_agents.language import tr
from aipm_agents.report.papers.blocks import Grid, Heading, Row
from aipm_agents.report.words import phrase, reasons
from aipm_agents.table.events import last_ruling, tabled_evidence
from aipm_agents.table.rules import issues_of, plain_metrics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.model import Issue, Package, Scenario
    from aipm_agents.table.events import Event


def nodes(scenario: Scenario, events: tuple[Event, ...], package: Package) -> Iterator[Block]:
    """Each issue as a decision node of the product: who owns it, what it rests on, what may go wrong."""
    tabled, ruling = tabled_evidence(scenario, events), last_ruling(events)
    rows = []
    for issue in scenario.issues:
        criteria = _bearing(scenario, issue)
        owners = list(dict.fromkeys(scenario.criteria[name][1].owner for name in criteria)) or ["pm"]
        proof = [
            answer for f in (ruling.findings if ruling else ())
            if f.criterion in criteria and f.status == "met"
            and (answer := reasons.answer(scenario, f, package, tabled)) != tr("nothing speaks against it")
        ]  # fmt: skip
        risks = [
            fact.plainly or fact.says for name, fact in scenario.facts.items()
            if name in tabled and fact.undermines and issue.id in issues_of(fact.unless)
        ]  # fmt: skip
        watched = [
            metric.label for metric in scenario.metrics if _moves_most(scenario, metric.id) == issue.id
        ]
        rows.append(Row((
            f"{issue.question} {scenario.label(issue.id, package[issue.id])}", scenario.card(owners[0]).short,
            tr("; ").join(dict.fromkeys(proof)) or tr("no fact was told"), phrase.sentences(risks[:2]) or tr("none was named"),
            tr(", ").join(watched) or tr("nothing is measured"),
        )))  # fmt: skip
    yield Heading(tr("Decision nodes"))
    yield Grid((tr("node"), tr("owner"), tr("evidence"), tr("risk"), tr("monitor")), tuple(rows))


def _moves_most(scenario: Scenario, metric: str) -> str:
    """The issue whose options move a metric furthest: there it is watched, and not at every other one too."""

    parts = plain_metrics(scenario, metric)

    def spread(issue: Issue) -> Decimal:
        effects = [
            sum((each.add for part in parts for each in option.effects.get(part, ())), Decimal(0))
            for option in issue.options
        ]
        return max(effects) - min(effects)

    return max(scenario.issues, key=spread).id


def _bearing(scenario: Scenario, issue: Issue) -> list[str]:
    """The criteria an issue bears on: by a rule on its choice, on what it adds to a metric, or by the
    choices that answer a fact."""
    adds = {metric.id for metric in scenario.metrics if _moves_most(scenario, metric.id) == issue.id}
    found = []
    for name, (_, criterion) in scenario.criteria.items():
        by_rule = any(issue.id in issues_of(rule.choose) or rule.metric in adds for rule in criterion.rule)
        by_fact = any(
            name in fact.undermines and issue.id in issues_of(fact.unless) for fact in scenario.facts.values()
        )
        if by_rule or by_fact:
            found.append(name)
    return found
