"""What this meeting is judged by, to a person who plays: the questions with their bounds, and what each choice does to
the figures; and what a package comes to beside those bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import tr
from aipm_agents.report.papers.blocks import Grid, Heading, Items, Lines, Row
from aipm_agents.report.words import numbers, phrase, vocabulary
from aipm_agents.report.words.fact_effects import added, choices, offered
from aipm_agents.table.rules import metric_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.measures import Rule
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.view import View


def goals(view: View) -> list[Block]:
    scenario = view.scenario
    asked = [
        tr(
            '{gate}: "{asks}" ({who}){bounds}',
            gate=vocabulary.CHECKPOINT_TITLES[gate], asks=each.asks, who=scenario.card(each.owner).short,
            bounds="".join(tr(", {bound}", bound=_bound(scenario, rule)) for rule in each.rule),
        )
        for gate, each in scenario.criteria.values()
    ]  # fmt: skip
    return [
        Heading(tr("What a deal has to meet")),
        Lines((tr("A deal {deal}.", deal=phrase.deal(scenario)),)),
        *([Items(tuple(asked))] if asked else []),
        *_effects(scenario),
    ]


def _effects(scenario: Scenario) -> Iterator[Block]:
    """What every option adds to the figures; those that nothing is added to are left out."""
    moved = [
        metric for metric in scenario.metrics
        if any(metric.id in option.effects for issue in scenario.issues for option in issue.options)
    ]  # fmt: skip
    rows = []
    for issue in scenario.issues:
        for option in issue.options:
            cells = [added(scenario, option, each.id) if each.id in option.effects else "" for each in moved]
            if any(cells) or option.available is not None:
                rows.append(Row((offered(scenario, option), *cells)))
    if rows:
        heads = [f"{each.label} ({each.unit})" if each.unit else each.label for each in moved]
        yield Heading(tr("What each choice does to the figures"))
        yield Grid(("", *heads), tuple(rows), figures=True)
    base = [
        tr("{metric}: {value} before anything is chosen", metric=each.label, value=numbers.measured(each.base, each.unit))
        for each in moved if each.base
    ]  # fmt: skip
    made = [
        tr("{metric} is made of {parts}", metric=each.label, parts=(" × " if each.how == "product" else " + ").join(scenario.metric[part].label for part in each.of))
        for each in scenario.metrics if each.of
    ]  # fmt: skip
    if base or made:
        yield Lines((*base, *made), "quiet")


def against_bounds(view: View, package: Package) -> list[str]:
    """Every figure that has a bound, with what a package makes of it."""
    scenario, told = view.scenario, []
    for _, criterion in scenario.criteria.values():
        for rule in criterion.rule:
            if rule.metric is None:
                continue
            metric = scenario.metric[rule.metric]
            value = metric_value(scenario, metric.id, package)
            kept = value <= rule.at_most if rule.at_most is not None else value >= (rule.at_least or 0)
            text = tr(
                "{metric}: {value}, {bound}",
                metric=metric.label,
                value=numbers.measured(value, metric.unit),
                bound=_limit(scenario, rule),
            )
            told.append(text if kept else tr("{text}: broken", text=text))
    return told


def bounds(scenario: Scenario) -> dict[str, str]:
    """Metric -> what the case asks of it, such as `at most 25 h`."""
    asked: dict[str, list[str]] = {}
    for _, criterion in scenario.criteria.values():
        for rule in criterion.rule:
            if rule.metric is not None:
                asked.setdefault(rule.metric, []).append(_limit(scenario, rule))
    return {metric: tr("; ").join(dict.fromkeys(limits)) for metric, limits in asked.items()}


def _bound(scenario: Scenario, rule: Rule) -> str:
    if rule.choose is not None:
        return tr("only with {choices}", choices=choices(scenario, rule.choose, quoted=True))
    metric = next(each for each in scenario.metrics if each.id == rule.metric)
    return tr("{metric} {bound}", metric=metric.label, bound=_limit(scenario, rule))


def _limit(scenario: Scenario, rule: Rule) -> str:
    unit = next(each.unit for each in scenario.metrics if each.id == rule.metric)
    if rule.at_most is not None:
        return tr("at most {figure}", figure=numbers.measured(rule.at_most, unit))
    return tr("at least {figure}", figure=numbers.measured(rule.at_least, unit))
