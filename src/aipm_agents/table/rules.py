"""One package: what it chooses, what it is worth, what it measures, and whether a rule holds for it. Exact numbers."""

from __future__ import annotations

from decimal import Decimal
from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.scenario.measures import Rule
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.scenario.party import Party
    from aipm_agents.scenario.values import AnyOf, Choices


def makes(package: Package, choices: Choices) -> bool:
    """Whether one package makes every one of these choices."""
    return all(package[issue] in allowed for issue, allowed in choices.items())


def matches(package: Package, cases: AnyOf) -> bool:
    """Whether one package makes the choices of one of these."""
    return any(makes(package, choices) for choices in cases)


def exists(scenario: Scenario, package: Package) -> bool:
    """Whether each option of a package is to be had beside the others."""
    return all(
        package[issue] != option or matches(package, when)
        for (issue, option), when in scenario.bound_options.items()
    )


def made(package: Package, cases: AnyOf | None) -> Choices:
    """Of these choices the first that a package makes; none where it makes none of them."""
    return next((choices for choices in cases or () if makes(package, choices)), {})


def issues_of(cases: AnyOf | None) -> tuple[str, ...]:
    """The issues that these choices name, each once; of none there are none."""
    return tuple(dict.fromkeys(issue for choices in cases or () for issue in choices))


def worth(party: Party, package: Package) -> Decimal:
    """What a package is worth to a party: the points of its options, and of what they make together."""
    points = sum((party.points[issue][option] for issue, option in package.items()), Decimal(0))
    return sum((each.points for each in party.bonuses if matches(package, each.when)), points)


def after_waiting(party: Party, points: Decimal, number: int) -> Decimal:
    """What is left of a deal's points if it is signed in this round: by the party's discount, every round after the
    first takes its share of what is above the walk-away, and of what is below it. To six decimals."""
    if party.discount == 1:
        return points
    left = (points - party.walk_away) * party.discount ** (number - 1)
    return (party.walk_away + left).quantize(Decimal("0.000001")).normalize() + 0


def metric_value(scenario: Scenario, name: str, package: Package) -> Decimal:
    """The value of a metric for one package: its base and what the options add, or what it is made of."""
    return _value(scenario, name, package, {})


def _value(scenario: Scenario, name: str, package: Package, known: dict[str, Decimal]) -> Decimal:
    """`known`: the values so far; what many are made of is reckoned once."""
    if name not in known:
        metric = scenario.metric[name]
        parts = [_value(scenario, each, package, known) for each in metric.of]
        if metric.of:
            known[name] = prod(parts, start=Decimal(1)) if metric.how == "product" else sum(parts, Decimal(0))
        else:
            known[name] = sum(_added(scenario, name, package), metric.base)
    return known[name]


def _added(scenario: Scenario, metric: str, package: Package) -> Iterator[Decimal]:
    """What the options of a package add to a metric, each by itself and beside the others."""
    for issue in scenario.issues:
        option = scenario.option.get((issue.id, package[issue.id]))
        for part in option.effects.get(metric, ()) if option else ():
            if part.when is None or matches(package, part.when):
                yield part.add


def plain_metrics(scenario: Scenario, name: str) -> tuple[str, ...]:
    """The metrics with effects of their own that a metric is made of; of such a one, itself."""
    of = {metric.id: metric.of for metric in scenario.metrics}
    found, left = {name: None}, [name]
    while left:
        new = [part for part in dict.fromkeys(of[left.pop()]) if part not in found]
        found |= dict.fromkeys(new)
        left += new
    return tuple(each for each in found if not of[each])


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
