"""How it will be known whether a decision was right: the measure, the guardrail, the figures, what stays open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import mark, tr
from aipm_agents.report.papers.blocks import Grid, Heading, Lines, Row
from aipm_agents.report.words import numbers, reasons
from aipm_agents.table.events import last_ruling
from aipm_agents.table.rules import metric_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.events import Decided, Event


def confirmation(
    scenario: Scenario, events: tuple[Event, ...], decision: Decided | None, package: Package | None
) -> Iterator[Block]:
    yield Heading(tr("Confirmation"), tr("how we will know"))
    rows = []
    if scenario.success is not None:
        goal = scenario.success
        span = tr(" from {value}", value=goal.from_) if goal.from_ else ""
        by = tr(", by {by}", by=goal.by) if goal.by else ""
        rows.append(
            Row(
                (
                    tr("Measure of success"),
                    tr("{metric}:{span} to {to}{by}", metric=goal.metric, span=span, to=goal.to, by=by),
                )
            )
        )
        if goal.guardrail:
            rows.append(Row((tr("Guardrail"), goal.guardrail)))
    for metric in scenario.metrics if package else ():
        assert package is not None
        value = metric_value(scenario, metric.id, package)
        bounds = [
            tr(side, bound=numbers.measured(bound, metric.unit))
            for _, each in scenario.criteria.values() for rule in each.rule if rule.metric == metric.id
            for side, bound in ((mark("at most {bound}"), rule.at_most), (mark("at least {bound}"), rule.at_least)) if bound is not None
        ]  # fmt: skip
        if bounds:
            rows.append(
                Row(
                    (
                        metric.label,
                        tr(
                            "{value} planned; {bounds}",
                            value=numbers.measured(value, metric.unit),
                            bounds=tr(", ").join(dict.fromkeys(bounds)),
                        ),
                    )
                )
            )
    for each in decision.follow_ups if decision else ():
        asks = scenario.criteria[each.criterion][1].asks
        ruling = last_ruling(events)
        finding = (
            next((f for f in ruling.findings if f.criterion == each.criterion), None) if ruling else None
        )
        opens = ""
        if finding is not None and finding.status != "met" and package is not None:
            reason = reasons.reason(scenario, finding, package)
            opens = _opens(reason, asks)
        rows.append(
            Row(
                (
                    tr("Follow-up"),
                    tr(
                        "{asks}{opens} Owner: {who}. Due: not set.",
                        asks=asks,
                        opens=opens,
                        who=scenario.card(each.owner).title,
                    ),
                )
            )
        )
    yield (
        Grid(("", ""), tuple(rows)) if rows else Lines((tr("Nothing to measure is named in the scenario."),))
    )


def _opens(reason: reasons.Reason, asks: str) -> str:
    """What keeps a criterion open and what would settle it."""
    if reason.why == asks:
        return tr("  {opens}.", opens=reason.opens_with)
    return tr(" {why} {opens}.", why=reason.why.rstrip("。"), opens=reason.opens_with)
