"""One package: what it chooses, what it is worth, what it measures, and whether a rule holds for it. Exact numbers."""

from __future__ import annotations

from decimal import Decimal
from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_agents.scenario.measures import Rule
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.scenario.values import AnyOf, Choices


def makes(package: Package, choices: Choices) -> bool:
    """Whether one package makes every one of these choices."""
    return all(package[issue] in allowed for issue, allowed in choices.items())


def matches(package: Package, cases: AnyOf) -> bool:
    """Whether one package makes the choices of one of these."""
    return any(makes(package, choices) for choices in cases)


def made(package: Package, cases: AnyOf | None) -> Choices:
    """Of these choices the first that a package makes; none where it makes none of them."""
    return next((choices for choices in cases or () if makes(package, choices)), {})


def issues_of(cases: AnyOf | None) -> tuple[str, ...]:
    """The issues that these choices name, each once; of none there are none."""
    return tuple(dict.fromkeys(issue for choices in cases or () for issue in choices))


def worth(points: Mapping[str, Mapping[str, Decimal]], package: Package) -> Decimal:
    """What a package is worth to whoever holds these points."""
    return sum((points[issue][option] for issue, option in package.items()), Decimal(0))


def metric_value(scenario: Scenario, name: str, package: Package) -> Decimal:
    """The value of a metric for one package: its base and what the options add, or what it is made of."""
    metric = next(metric for metric in scenario.metrics if metric.id == name)
    if metric.of:
        parts = [metric_value(scenario, each, package) for each in metric.of]
        return prod(parts, start=Decimal(1)) if metric.how == "product" else sum(parts, Decimal(0))
    value = metric.base
    for option in (o for i in scenario.issues for o in i.options if o.id == package[i.id]):
        value += option.adds(name)
        value += sum((add for add, when in option.adds_beside(name) if matches(package, when)), Decimal(0))
    return value


def plain_metrics(scenario: Scenario, name: str) -> tuple[str, ...]:
    """The metrics with effects of their own that a metric is made of; of such a one, itself."""
    metric = next(metric for metric in scenario.metrics if metric.id == name)
    return tuple(dict.fromkeys(each for part in metric.of for each in plain_metrics(scenario, part))) or (
        name,
    )


def moving(scenario: Scenario, name: str) -> frozenset[str]:
    """The issues on which the value of a metric depends."""
    parts = plain_metrics(scenario, name)
    found: set[str] = set()
    for issue in scenario.issues:
        for option in issue.options:
            for part in parts:
                if part in option.effects:
                    found |= {
                        issue.id,
                        *(each for _, when in option.adds_beside(part) for each in issues_of(when)),
                    }
    return frozenset(found)


def holds(scenario: Scenario, rule: Rule, package: Package) -> bool:
    """Whether one rule holds for one package."""
    if rule.choose is not None:
        return matches(package, rule.choose)
    assert rule.metric is not None
    value = metric_value(scenario, rule.metric, package)
    return value <= rule.at_most if rule.at_most is not None else value >= (rule.at_least or 0)
