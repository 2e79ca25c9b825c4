"""One package: what it chooses, what it is worth, what it measures, and whether a rule holds for it. Exact numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_agents.scenario.model import Package, Rule, Scenario
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
    base = next(metric.base for metric in scenario.metrics if metric.id == name)
    chosen = (o for i in scenario.issues for o in i.options if o.id == package[i.id])
    return base + sum((option.effects.get(name, Decimal(0)) for option in chosen), Decimal(0))


def holds(scenario: Scenario, rule: Rule, package: Package) -> bool:
    """Whether one rule holds for one package."""
    if rule.choose is not None:
        return matches(package, rule.choose)
    assert rule.metric is not None
    value = metric_value(scenario, rule.metric, package)
    return value <= rule.at_most if rule.at_most is not None else value >= (rule.at_least or 0)
