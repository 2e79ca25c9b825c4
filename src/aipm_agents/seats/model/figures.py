"""The figures of a package, a row each: the bound it must keep, what it starts from, what every choice adds to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.seats.model.bearing import choices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.scenario.measures import Metric, Rule
    from aipm_agents.scenario.model import Option, Scenario


def takes(scenario: Scenario) -> dict[str, list[str]]:
    """Criterion -> its rules as arithmetic: `answer time ≤ 2 s: reach everyone +2.7, region +1.0; path rules +0.7`. What adds
    to a figure stands where the figure is first bounded."""
    told: set[str] = set()
    rows: dict[str, list[str]] = {}
    for name, (_, criterion) in scenario.criteria.items():
        rows[name] = []
        for rule in criterion.rule:
            if rule.choose is not None:
                rows[name].append(choices(rule.choose))
            elif rule.metric is not None:
                metric = scenario.metric[rule.metric]
                rows[name].append(
                    _bound(scenario, metric, rule) + ("" if metric.id in told else _made(scenario, metric))
                )
                told.add(metric.id)
    return rows


def unbounded(scenario: Scenario) -> list[str]:
    """The figures that no criterion bounds, with what adds to them."""
    ruled = {rule.metric for _, criterion in scenario.criteria.values() for rule in criterion.rule}
    return [
        f"{metric.label}{f' ({metric.unit})' if metric.unit else ''}{_product(scenario, metric)}{_made(scenario, metric)}"
        for metric in scenario.metric.values() if metric.id not in ruled
    ]  # fmt: skip


def effects(scenario: Scenario, option: Option) -> str:
    """What an option adds to each figure, and beside what alone it is to be had, in brackets."""
    told = [
        f"{metric.label} {each.add:+f} {metric.unit}".strip() + (f" with {choices(each.when)}" if each.when else "")
        for name, parts in option.effects.items() for metric in [scenario.metric[name]] for each in parts if each.add
    ]  # fmt: skip
    return (f" ({', '.join(told)})" if told else "") + beside(option)


def beside(option: Option) -> str:
    """Beside what alone an option is to be had, in brackets."""
    if not option.available:
        return ""
    bound = () if isinstance(option.available, str) else option.available.when
    return f" (only with {choices(bound)})" if bound else " (unavailable)"


def _bound(scenario: Scenario, metric: Metric, rule: Rule) -> str:
    most = rule.at_most is not None
    bound = f"{'≤' if most else '≥'} {rule.at_most if most else rule.at_least:f} {metric.unit}".strip()
    return f"{metric.label}{_product(scenario, metric)} {bound}"


def _product(scenario: Scenario, metric: Metric) -> str:
    sign = " × " if metric.how == "product" else " + "
    return f" = {sign.join(scenario.metric[each].label for each in metric.of)}" if metric.of else ""


def _made(scenario: Scenario, metric: Metric) -> str:
    """`: from 22; reach everyone +2.7, region +1.0; path rules +0.7`."""
    told = [f"from {metric.base:f}"] if metric.base else []
    for issue in scenario.issues:
        adds = ", ".join(each for option in issue.options for each in _adds(option, metric))
        told += [f"{issue.id} {adds}"] if adds else []
    return f": {'; '.join(told)}" if told else ""


def _adds(option: Option, metric: Metric) -> Iterator[str]:
    for each in option.effects.get(metric.id, ()):
        if each.add:
            yield f"{option.id} {each.add:+f}" + (f" with {choices(each.when)}" if each.when else "")
