"""The outcome space: every package of a scenario at once, as numpy arrays.

A package is an integer code in mixed radix, the first issue the most significant digit. Points,
effects and bounds are exact: decimals are scaled to 64-bit integers, points by one power of ten, each metric by its own.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property, lru_cache
from math import ceil, floor, prod
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from aipm_agents.scenario.values import places

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from aipm_agents.scenario.measures import Metric, Rule
    from aipm_agents.scenario.model import Issue, Package, Scenario
    from aipm_agents.scenario.party import Party
    from aipm_agents.scenario.values import AnyOf, Choices

T = TypeVar("T")
Points = NDArray[np.int64]
Mask = NDArray[np.bool_]

_KEPT = 50_000
"""Packages up to which a mask is worth keeping: a table asks for the same dozen in every turn."""


class OutcomeSpace:
    """The packages of some issues. Holds nothing private: points are handed in by who may know them."""

    def __init__(self, scenario: Scenario) -> None:
        self.issues: tuple[Issue, ...] = tuple(_bare(issue) for issue in scenario.issues)
        self.options = {issue.id: tuple(option.id for option in issue.options) for issue in self.issues}
        self.sizes = tuple(len(issue.options) for issue in self.issues)
        self.size = prod(self.sizes)
        self._metrics = scenario.metric
        self.scale = 10 ** _decimals(scenario)
        self._values: dict[str, Points] = {}
        self._grains: dict[str, int] = {}
        self._masks: dict[Hashable, Mask] = {}
        """By what is said and not by who says it: views of a case with a held option are made anew in every run."""
        self._had: dict[bytes, dict[str, tuple[str, ...]]] = {}
        """Masks as bytes: of what can still pass a table comes to a few, and each seat asks in every turn."""

    def scaled(self, number: Decimal) -> int:
        return int(number * self.scale)

    def unscaled(self, number: int) -> Decimal:
        return Decimal(number) / Decimal(self.scale)

    def code(self, package: Package) -> int:
        code = 0
        for issue, size in zip(self.issues, self.sizes, strict=True):
            code = code * size + self.options[issue.id].index(package[issue.id])
        return code

    def package(self, code: int) -> Package:
        chosen: dict[str, str] = {}
        for issue, size in zip(reversed(self.issues), reversed(self.sizes), strict=True):
            code, digit = divmod(code, size)
            chosen[issue.id] = self.options[issue.id][digit]
        return dict(reversed(chosen.items()))

    @cached_property
    def digits(self) -> NDArray[np.intp]:
        """Option index by (issue, package code)."""
        codes = np.arange(self.size)
        digits = np.empty((len(self.sizes), self.size), dtype=np.intp)
        for row, size in zip(reversed(digits), reversed(self.sizes), strict=True):
            row[:] = codes % size
            codes //= size
        return digits

    @cached_property
    def existing(self) -> Mask:
        """The packages that there are: each option is to be had beside the others. Not to be written into."""
        acc = np.ones(self.size, dtype=bool)
        for issue in self.issues:
            for option in issue.options:
                if option.available is not None:
                    beside = () if isinstance(option.available, str) else option.available.when
                    acc &= ~self.making({issue.id: (option.id,)}) | self.matching(beside)
        acc.flags.writeable = False
        return acc

    @cached_property
    def there(self) -> dict[str, tuple[str, ...]]:
        """Issue -> the options that some package has."""
        if all(option.available is None for issue in self.issues for option in issue.options):
            return self.options
        return self.had(self.existing)

    def had(self, mask: Mask) -> dict[str, tuple[str, ...]]:
        """Issue -> the options that some package of these has. Not to be changed."""
        said = mask.tobytes()
        if said not in self._had:
            self._had[said] = {
                issue: tuple(options[k] for k in np.flatnonzero(np.bincount(row)))
                for (issue, options), row in zip(self.options.items(), self.digits[:, mask], strict=True)
            }
        return self._had[said]

    def worth(self, party: Party) -> Points:
        """The scaled points of a party, for every package code."""
        acc = self.total(party.points)
        for bonus in party.bonuses:
            acc += self.matching(bonus.when) * self.scaled(bonus.points)
        return acc

    def total(self, table: Mapping[str, Mapping[str, Decimal]], base: Decimal = Decimal(0)) -> Points:
        """The scaled sum over issues of what each option is given, for every package code."""
        acc = np.array([self.scaled(base)], dtype=np.int64)
        for issue in self.issues:
            row = table.get(issue.id, {})
            values = [self.scaled(row.get(option, Decimal(0))) for option in self.options[issue.id]]
            acc = (acc[:, None] + np.array(values, dtype=np.int64)[None, :]).ravel()
        return acc

    def metric(self, name: str) -> Points:
        """The value of a metric for every package, in whole numbers of its own `grain`."""
        if name not in self._values:
            metric = self._metrics[name]
            parts = [self.metric(part) for part in metric.of]
            if metric.of and metric.how == "product":
                self._values[name] = np.multiply.reduce(parts)
            elif metric.of:
                grain = self.grain(name)
                self._values[name] = np.add.reduce([
                    values * (grain // self.grain(part)) for part, values in zip(metric.of, parts, strict=True)
                ])  # fmt: skip
            else:
                self._values[name] = self._added(metric)
        return self._values[name]

    def grain(self, name: str) -> int:
        """Into how many parts one of a metric is counted, so that all its values are whole numbers."""
        if name not in self._grains:
            self._grains[name] = self._grain(self._metrics[name])
        return self._grains[name]

    def _grain(self, metric: Metric) -> int:
        if not metric.of:
            name = metric.id
            effects = (option.effects.get(name, ()) for issue in self.issues for option in issue.options)
            numbers = [metric.base, *(part.add for each in effects for part in each)]
            return int(10 ** max(map(places, numbers)))
        grains = [self.grain(part) for part in metric.of]
        return prod(grains) if metric.how == "product" else max(grains)

    def _added(self, metric: Metric) -> Points:
        """Its base and what the options add, those beside certain choices where these are made."""
        grain = self.grain(metric.id)
        acc = np.array([int(metric.base * grain)], dtype=np.int64)
        for issue in self.issues:
            values = [int(option.adds(metric.id) * grain) for option in issue.options]
            acc = (acc[:, None] + np.array(values, dtype=np.int64)[None, :]).ravel()
        for issue in self.issues:
            for option in issue.options:
                for add, when in option.adds_beside(metric.id):
                    acc += (self.making({issue.id: (option.id,)}) & self.matching(when)) * int(add * grain)
        return acc

    def matching(self, cases: AnyOf) -> Mask:
        """Packages that make the choices of one of these; not to be written into."""
        return self._once(_said(cases), self._matching, cases)

    def _once(self, said: Hashable, work_out: Callable[[T], Mask], of: T) -> Mask:
        if self.size > _KEPT:
            return work_out(of)
        kept = self._masks.get(said)
        if kept is None:
            kept = self._masks[said] = work_out(of)
            kept.flags.writeable = False
        return kept

    def _matching(self, cases: AnyOf) -> Mask:
        acc = np.zeros(self.size, dtype=bool)
        for choices in cases:
            acc |= self.making(choices)
        return acc

    def making(self, choices: Choices) -> Mask:
        """Packages that make every one of these choices."""
        acc = np.array([True])
        for issue in self.issues:
            allowed = choices.get(issue.id)
            row = [allowed is None or option in allowed for option in self.options[issue.id]]
            acc = (acc[:, None] & np.array(row)[None, :]).ravel()
        return acc

    def holding(self, rules: tuple[Rule, ...]) -> Mask:
        """Packages for which every rule holds; every bound is `<=` or `>=`. Not to be written into."""
        said = [(r.metric, r.at_most, r.at_least, r.choose and _said(r.choose)) for r in rules]
        return self._once(("rules", *said), self._holding, rules)

    def _holding(self, rules: tuple[Rule, ...]) -> Mask:
        acc = np.ones(self.size, dtype=bool)
        for rule in rules:
            if rule.choose is not None:
                acc &= self.matching(rule.choose)
            elif rule.metric is not None and rule.at_most is not None:
                acc &= self.metric(rule.metric) <= floor(rule.at_most * self.grain(rule.metric))
            elif rule.metric is not None and rule.at_least is not None:
                acc &= self.metric(rule.metric) >= ceil(rule.at_least * self.grain(rule.metric))
        return acc


def _said(cases: AnyOf) -> Hashable:
    return tuple(frozenset(choices.items()) for choices in cases)


def _bare(issue: Issue) -> Issue:
    """An issue without who knew its options, and how they would say so."""
    if not any(option.held_by for option in issue.options):
        return issue
    options = tuple(o.model_copy(update={"held_by": (), "aloud": None}) for o in issue.options)
    return issue.model_copy(update={"options": options})


def _decimals(scenario: Scenario) -> int:
    """How many decimal places the finest of all points has."""
    numbers: list[Decimal] = []
    for party in scenario.parties.values():
        numbers += [n for row in party.points.values() for n in row.values()]
        numbers += [bonus.points for bonus in party.bonuses]
        numbers.append(party.walk_away or Decimal(0))  # an audience knows of none
    return max((places(number) for number in numbers), default=0)


@lru_cache(maxsize=16)
def outcome_space(scenario: Scenario) -> OutcomeSpace:
    """The outcome space of a scenario, built once for as long as it is in use."""
    return OutcomeSpace(scenario)
