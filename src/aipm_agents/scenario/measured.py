"""What metrics must satisfy beyond their shape: parts that exist and lead somewhere, figures that can be reckoned
exactly."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.language import tr
from aipm_agents.scenario.naming import choices
from aipm_agents.scenario.problems import Found, did_you_mean
from aipm_agents.scenario.values import places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.scenario.measures import Metric
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.scenario.problems import Path

MOST = 2**62
"""Values are reckoned in 64-bit integers."""


DEEP = 10
"""How many times over metrics may be made of metrics."""


def measured(scenario: Scenario) -> Iterator[Found]:
    known = {metric.id: metric for metric in scenario.metrics}
    reach = _reach(scenario)
    for i, metric in enumerate(scenario.metrics):
        lacking = [(k, part) for k, part in enumerate(metric.of) if part not in known]
        for k, part in lacking:
            hint = did_you_mean(part, known)
            yield Found(("metrics", i, "of", k), tr("no metric {metric!r}{hint}", metric=part, hint=hint))
        if metric.of and not lacking and metric.id not in reach:
            text = tr(
                "is made of itself in the end, or of metrics of metrics more than {most} times over",
                most=DEEP,
            )
            yield Found(("metrics", i, "of"), text)
        elif metric.of and not lacking and reach[metric.id].largest >= MOST:
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


class _Reach(NamedTuple):
    most: Decimal
    """The largest figure a metric can come to, either way."""
    grain: int
    """Into how many parts one of it is counted, so that all its figures are whole numbers."""

    @property
    def largest(self) -> Decimal:
        """The largest whole number that stands for one of its figures."""
        return self.most * self.grain


def _reach(scenario: Scenario) -> dict[str, _Reach]:
    """Of every metric that stands on options in the end: those first that do so themselves, then what is made of
    them, and so on."""
    found: dict[str, _Reach] = {}
    for _ in range(DEEP + 1):
        for metric in scenario.metrics:
            if metric.id not in found and not metric.of:
                found[metric.id] = _alone(scenario, metric)
        ready = [m for m in scenario.metrics if m.id not in found and all(part in found for part in m.of)]
        found |= {metric.id: _made([found[part] for part in metric.of], metric.how) for metric in ready}
    return found


def _alone(scenario: Scenario, metric: Metric) -> _Reach:
    adds = [
        part.add for issue in scenario.issues for option in issue.options
        for part in option.effects.get(metric.id, ())
    ]  # fmt: skip
    grain = int(10 ** max(map(places, (metric.base, *adds))))
    return _Reach(abs(metric.base) + sum(map(abs, adds), Decimal(0)), grain)


def _made(parts: list[_Reach], how: str) -> _Reach:
    most, grains = [part.most for part in parts], [part.grain for part in parts]
    if how == "product":
        size = Decimal(1)
        grain = 1
        for part in parts:  # no further than it can be reckoned with
            size, grain = min(size * part.most, Decimal(MOST)), min(grain * part.grain, MOST)
        return _Reach(size, grain)
    return _Reach(sum(most, Decimal(0)), max(grains))
