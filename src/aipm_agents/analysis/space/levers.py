"""What stops packages, taken apart so that each part can be set otherwise: a bound, a walk-away, the quorum, a red
line, a fact, an option; and which packages would be a deal then.

A number that packages are held against is a `Scale`, turned so that more is better: a bound from above is held against
the figures with their sign changed. Wide open it stops nothing, shut it stops everything.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from math import ceil, floor
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from aipm_agents.analysis.space.masks import every_limit, everything
from aipm_agents.roles import PM
from aipm_agents.table.options import Hidden
from aipm_agents.table.packages import outcome_space

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from aipm_agents.scenario.criteria import Criterion
    from aipm_agents.scenario.evidence import Evidence
    from aipm_agents.scenario.lenses import Ground
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.scenario.values import AnyOf
    from aipm_agents.table.contests import Contest
    from aipm_agents.table.packages import Mask, Points

Kind = Literal["bound", "walk_away", "quorum", "red_line", "fact", "option"]

OPEN, SHUT = -(2**62), 2**62
"""A scale that stops nothing, and one that stops everything."""


class Lever(NamedTuple):
    """One value of a scenario that could be another."""

    kind: Kind
    key: str
    """As `--set` takes it."""
    name: str
    """The criterion, the role, the fact or the option; empty for the quorum."""
    part: str = ""
    """Of a bound the metric, of an option its issue, of a red line its number from 1."""


class Scale(NamedTuple):
    """What packages are held against: those pass whose figure is at least the bound."""

    values: Points
    bound: int
    sign: Literal[1, -1]
    """-1 where the file has it as `at_most`."""
    unit: int
    """So much is 1."""
    was: Decimal
    """The bound, as the file has it."""

    @property
    def step(self) -> int:
        """The coarsest power of ten, 1 at most, in which all of its figures are whole."""
        step = self.unit
        while step > 1 and (self.bound % step or (self.values % step).any()):
            step //= 10
        return step

    @property
    def span(self) -> int:
        """The range its figures take; 1 where they are all the same."""
        return int(self.values.max()) - int(self.values.min()) or 1

    def told(self, setting: int) -> Decimal:
        """As the file has it."""
        return (Decimal(setting * self.sign) / self.unit).normalize() + 0


class Sieve:
    """What is set otherwise comes as settings: key -> where a scale stands; whether a fact lies on the table; False for
    a red line that is gone.

    `tabled`, `contests`: what lies on the table, and what of it is challenged; without them, everything that could.
    `unknown`: options nobody can choose. `codes`: the packages asked about; without them, all."""

    def __init__(
        self, scenario: Scenario, tabled: Collection[str] | None = None, contests: Collection[Contest] | None = None,
        unknown: Collection[tuple[str, str]] = Hidden(), codes: Points | None = None,
    ) -> None:  # fmt: skip
        self.scenario, self.space = scenario, outcome_space(scenario)
        self.tabled = everything(scenario) if tabled is None else frozenset(tabled)
        self.contests = every_limit(scenario) if contests is None else tuple(contests)
        self.unknown, self.codes = tuple(unknown), codes
        self.size = self.space.size if codes is None else len(codes)
        self.paths = _paths(scenario)
        self._answering: dict[str, set[str]] = defaultdict(set)
        """Fact -> the criteria shown by facts whose limits it answers."""
        for fact in scenario.facts.values():
            for name in (name for limit in fact.limits for name in limit.answered_by):
                self._answering[name].update(fact.supports)
        self._grounds: dict[str, set[Ground]] = defaultdict(set)
        for contest in self.contests:
            self._grounds[contest.evidence].add(contest.ground)
        self.levers = tuple(self._levers())
        self._kept: dict[Any, Any] = {}
        self._criteria = {name: self._met(name, {}) for name in self._blocking}

    def _levers(self) -> Iterator[Lever]:
        scenario = self.scenario
        for name, (gate, criterion) in scenario.criteria.items():
            for k, rule in enumerate(criterion.rule, start=1):
                if criterion.blocking and rule.metric is not None:
                    which = f".{k}" if len(criterion.rule) > 1 else ""
                    side = "at_most" if rule.at_most is not None else "at_least"
                    yield Lever("bound", f"checkpoints.{gate}.{name}.rule{which}.{side}", name, rule.metric)
        for role in scenario.parties:
            yield Lever("walk_away", f"parties.{role}.walk_away", role)
        yield Lever("quorum", "agreement.accept_at_least", "")
        for role, party in scenario.parties.items():
            for k in range(1, len(party.red_lines) + 1):
                yield Lever("red_line", f"parties.{role}.red_lines.{k}", role, str(k))
        for name, path in self.paths.items():
            if scenario.facts[name].takes is None or scenario.rounds > 1:  # in one round nothing is found out
                yield Lever("fact", path, name)
        for issue in scenario.issues:
            if len(issue.options) > 1:
                for option in issue.options:
                    yield Lever("option", f"issues.{issue.id}.options.{option.id}", option.id, issue.id)

    @property
    def packages(self) -> int:
        """How many there are of those asked about."""
        return int(np.count_nonzero(self._of(self.space.existing)))

    @property
    def _blocking(self) -> dict[str, Criterion]:
        return {name: each for name, (_, each) in self.scenario.criteria.items() if each.blocking}

    # --- what would be a deal ---------------------------------------------------------------

    def deals(self, settings: Mapping[str, int | bool]) -> Mask:
        """The packages that every criterion lets through and the table would sign by its score sheets."""
        mask: Mask = self._of(self.space.existing).copy()
        changed = self._touched(settings)
        for name, met in self._criteria.items():
            mask &= self._met(name, settings) if name in changed else met
        for lever in self.levers:
            match lever.kind:
                case "bound":
                    scale = self.scale(lever)
                    mask &= scale.values >= settings.get(lever.key, scale.bound)
                case "red_line" if settings.get(lever.key, True):
                    line = self.scenario.parties[lever.name].red_lines[int(lever.part) - 1]
                    mask &= ~self._matching(lever.key, line.when)
                case _:
                    pass
        for issue, option in self.unknown:
            mask &= ~self._matching((issue, option), ({issue: (option,)},))
        for role in {*self.scenario.agreement.veto, PM}:
            mask &= self._willing(role, settings)
        needed = settings.get("agreement.accept_at_least", self.scenario.agreement.accept_at_least)
        mask &= self._votes(settings) >= needed
        return mask

    def scale(self, lever: Lever, settings: Mapping[str, int | bool] | None = None) -> Scale:
        """What packages are held against by a number. `settings`: of the others, which the votes depend on."""
        match lever.kind:
            case "bound":
                return self._bound(lever)
            case "walk_away":
                party = self.scenario.parties[lever.name]
                values = self._once(lever.key, lambda: self._of(self.space.worth(party)))
                return Scale(values, self.space.scaled(party.walk_away), 1, self.space.scale, party.walk_away)
            case _:
                needed = self.scenario.agreement.accept_at_least
                return Scale(self._votes(settings or {}), needed, 1, 1, Decimal(needed))

    def choosing(self, lever: Lever) -> Mask:
        """The packages with an option."""
        return self._matching(lever.key, ({lever.part: (lever.name,)},))

    def work(self, lever: Lever) -> int:
        """How many truth values one change of it costs, about."""
        if lever.kind == "option":
            return self.size
        facts = len(self.scenario.facts) if lever.kind == "fact" else 0
        return self.size * (len(self.levers) + facts)

    # --- its parts --------------------------------------------------------------------------

    def _bound(self, lever: Lever) -> Scale:
        step = lever.key.split(".")[-2]
        rules = self.scenario.criteria[lever.name][1].rule
        rule = rules[int(step) - 1 if step.isdecimal() and len(rules) > 1 else 0]
        assert rule.metric is not None
        name, grain = rule.metric, self.space.grain(rule.metric)
        values = self._once(("metric", name), lambda: self._of(self.space.metric(name)))
        if rule.at_most is not None:
            mirrored = self._once(("less", name), lambda: -values)
            return Scale(mirrored, -floor(rule.at_most * grain), -1, grain, rule.at_most)
        assert rule.at_least is not None
        return Scale(values, ceil(rule.at_least * grain), 1, grain, rule.at_least)

    def _willing(self, role: str, settings: Mapping[str, int | bool]) -> Mask:
        lever = Lever("walk_away", f"parties.{role}.walk_away", role)
        scale = self.scale(lever)
        willing: Mask = scale.values >= settings.get(lever.key, scale.bound)
        return willing

    def _votes(self, settings: Mapping[str, int | bool]) -> Points:
        votes = np.zeros(self.size, dtype=np.int64)
        for role in self.scenario.parties:
            votes += self._willing(role, settings)
        return votes

    def _met(self, name: str, settings: Mapping[str, int | bool]) -> Mask:
        """Packages that meet a criterion by its choices and by the facts; its bounds are scales."""
        criterion, facts = self._blocking[name], self._lying(settings)
        mask = np.ones(self.size, dtype=bool)
        for k, rule in enumerate(criterion.rule):
            if rule.choose is not None:
                mask &= self._matching((name, k), rule.choose)
        for fact in facts:
            if name in fact.undermines:
                mask &= self._matching((fact.id, "unless"), fact.unless)
        if criterion.evidence is not None:
            shown = np.zeros(self.size, dtype=bool)
            for fact in facts:
                if name in fact.supports:
                    shown |= self._undoubted(fact, {each.id for each in facts})
            mask &= shown
        return mask

    def _undoubted(self, fact: Evidence, lying: Collection[str]) -> Mask:
        mask = np.ones(self.size, dtype=bool)
        if fact.when is not None:
            mask &= self._matching((fact.id, "when"), fact.when)
        for ground in self._grounds.get(fact.id, ()):
            limit = fact.limit(ground)
            if limit is not None and not any(each in lying for each in limit.answered_by):
                mask &= self._matching((fact.id, limit.ground), limit.unless)
        return mask

    def _lying(self, settings: Mapping[str, int | bool]) -> list[Evidence]:
        facts = self.scenario.facts.items()
        return [fact for name, fact in facts if settings.get(self.paths[name], name in self.tabled)]

    def _touched(self, settings: Mapping[str, int | bool]) -> set[str]:
        """The criteria that facts which are set otherwise bear on, by themselves or by answering others."""
        touched: set[str] = set()
        for name, path in self.paths.items():
            if path in settings:
                fact = self.scenario.facts[name]
                touched |= {*fact.undermines, *fact.supports, *self._answering.get(name, ())}
        return touched

    def _matching(self, what: object, choices: AnyOf | None) -> Mask:
        """Packages that make these choices; none where nothing answers."""
        if choices is None:
            return np.zeros(self.size, dtype=bool)
        mask: Mask = self._once(
            ("match", what), lambda: self._of(self.space.matching(choices)), self.size <= _KEPT
        )
        return mask

    def _of(self, whole: Any) -> Any:
        return whole if self.codes is None else whole[self.codes]

    def _once(self, what: object, make: Any, keep: bool = True) -> Any:
        if what in self._kept:
            return self._kept[what]
        made = make()
        if keep:
            self._kept[what] = made
        return made


_KEPT = 50_000
"""So many packages, and what a choice matches is kept and not worked out again."""


def _paths(scenario: Scenario) -> dict[str, str]:
    """Fact -> where it stands in the file."""
    paths = {fact.id: f"evidence.{fact.id}" for fact in scenario.evidence}
    for k, inject in enumerate(scenario.injects, start=1):
        paths |= {fact.id: f"injects.{k}.evidence.{fact.id}" for fact in inject.evidence}
    return paths
