"""What metrics must satisfy beyond their shape: parts that exist and lead somewhere, figures that can be reckoned
exactly."""

from __future__ import annotations

from decimal import Decimal
from math import prod
from typing import TYPE_CHECKING

from aipm_agents.language import tr
from aipm_agents.scenario.naming import choices
from aipm_agents.scenario.problems import Found, did_you_mean
from aipm_agents.scenario.values import places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.scenario.model import Scenario
    from aipm_agents.scenario.problems import Path

MOST = 2**62
"""Values are reckoned in 64-bit integers."""


def measured(scenario: Scenario) -> Iterator[Found]:
    known = {metric.id: metric for metric in scenario.metrics}
    for i, metric in enumerate(scenario.metrics):
        wrong = False
        for k, part in enumerate(metric.of):
            if part not in known:
                wrong = True
                hint = did_you_mean(part, known)
                yield Found(("metrics", i, "of", k), tr("no metric {metric!r}{hint}", metric=part, hint=hint))
        if not wrong and metric.of and _circle(scenario, metric.id):
            yield Found(
                ("metrics", i, "of"), tr("is made of itself in the end; a metric stands on options at last")
            )
        elif not wrong and metric.of and _largest(scenario, metric.id) >= MOST:
            text = tr(
                "can grow too large to be reckoned exactly; count in larger units, or with fewer decimals"
            )
            yield Found(("metrics", i, "of"), text)
    for i, issue in enumerate(scenario.issues):
        for k, option in enumerate(issue.options):
            for name, parts in option.effects.items():
                here: Path = ("issues", i, "options", k, "effects", name)
                if name in known and known[name].of:
                    yield Found(
                        here, tr("{name!r} is made of other metrics; say what this adds to those", name=name)
                    )
                for n, each in enumerate(parts):
                    if each.when is not None:
                        yield from choices(scenario, each.when, (*here, n, "when"))


def _circle(scenario: Scenario, name: str, within: tuple[str, ...] = ()) -> bool:
    known = {metric.id: metric.of for metric in scenario.metrics}
    return name in within or any(_circle(scenario, part, (*within, name)) for part in known.get(name, ()))


def _largest(scenario: Scenario, name: str) -> Decimal:
    """The largest whole number that stands for one of its values."""
    most, grain = _reach(scenario, name)
    return most * grain


def _reach(scenario: Scenario, name: str) -> tuple[Decimal, int]:
    """The largest figure a metric can come to, either way, and into how many parts one of it is counted; of a metric
    in a circle there is none."""
    metric = next(each for each in scenario.metrics if each.id == name)
    if metric.of:
        most, grains = zip(*(_reach(scenario, part) for part in metric.of), strict=True)
        return (
            (prod(most, start=Decimal(1)), prod(grains))
            if metric.how == "product"
            else (sum(most, Decimal(0)), max(grains))
        )
    adds = [
        part.add for issue in scenario.issues for option in issue.options for part in option.effects.get(name, ())
    ]  # fmt: skip
    return abs(metric.base) + sum(map(abs, adds), Decimal(0)), int(
        10 ** max(map(places, (metric.base, *adds)))
    )
