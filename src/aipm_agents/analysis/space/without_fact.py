"""What would pass if one fact were missing, for every fact at once.

How many facts undermine and how many show a criterion is counted for every package; to leave one out is to
take it off the counts. So a thousand facts cost a thousand sums, and not a thousand times all facts.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from aipm_agents.analysis.space.masks import everything
from aipm_agents.table.packages import outcome_space
from aipm_agents.table.stopped import silenced, speaking

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from numpy.typing import NDArray

    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.contests import Contest
    from aipm_agents.table.packages import Mask

    Counts = NDArray[np.int16]


class _Ledger(NamedTuple):
    """What one blocking criterion rests on, for every package."""

    broken: Mask
    """Its rule does not hold."""
    against: Counts
    """How many facts undermine it, unanswered."""
    showing: Counts | None
    """How many facts show it; None where it requires no evidence."""

    def stops(self, against: Counts | int = 0, showing: Counts | int = 0) -> Mask:
        """The packages it stops, with so many facts fewer."""
        stopped: Mask = self.broken | (self.against - against > 0)
        return stopped if self.showing is None else stopped | (self.showing - showing <= 0)


def passing_without(scenario: Scenario, contests: Collection[Contest]) -> dict[str, int]:
    """Fact -> how many packages pass every blocking criterion with everything disclosed but this."""
    found = _Facts(scenario, contests)
    stops = {name: ledger.stops() for name, ledger in found.ledgers.items()}
    there = outcome_space(scenario).existing
    times = np.zeros(there.size, dtype=np.int16)
    for mask in stops.values():
        times += mask
    counts = {}
    for fact in scenario.facts:
        left = times
        for name, against, showing in found.taken(fact):
            changed = found.ledgers[name].stops(against, showing)
            left = left + changed.astype(np.int16) - stops[name]
        counts[fact] = int(np.count_nonzero((left == 0) & there))
    return counts


class _Facts:
    def __init__(self, scenario: Scenario, contests: Collection[Contest]) -> None:
        self.scenario, self.space, self.tabled = scenario, outcome_space(scenario), everything(scenario)
        self.contests: dict[str, list[Contest]] = defaultdict(list)
        self.answers: dict[str, set[str]] = defaultdict(set)
        """Fact -> the facts that a challenge to is answered by it."""
        for contest in contests:
            self.contests[contest.evidence].append(contest)
            limit = scenario.facts[contest.evidence].limit(contest.ground)
            for answer in limit.answered_by if limit else ():
                self.answers[answer].add(contest.evidence)
        self.ledgers = {
            name: self._ledger(name) for name, (_, each) in scenario.criteria.items() if each.blocking
        }

    def taken(self, fact: str) -> Iterator[tuple[str, Counts | int, Counts | int]]:
        """Criterion -> by how much its counts fall without a fact: what undermines it, and what shows it."""
        if fact not in self.tabled:
            return
        gone = {each: self._shows(each) for each in (fact,)}
        for other in self.answers[fact] & self.tabled - {fact}:
            gone[other] = self._shows(other) - self._shows(other, self.tabled - {fact})
        touched = {name for each in gone for name in self.scenario.facts[each].supports}
        undermined = set(self.scenario.facts[fact].undermines)
        for name in (touched | undermined) & self.ledgers.keys():
            against = self._undermines(fact) if name in undermined else 0
            showing = sum(less for each, less in gone.items() if name in self.scenario.facts[each].supports)
            yield name, against, showing

    def _ledger(self, name: str) -> _Ledger:
        criterion = self.scenario.criteria[name][1]
        against = np.zeros(self.space.size, dtype=np.int16)
        showing = np.zeros(self.space.size, dtype=np.int16)
        for fact, each in self.scenario.facts.items():
            if fact in self.tabled and name in each.undermines:
                against += self._undermines(fact)
            if fact in self.tabled and criterion.evidence and name in each.supports:
                showing += self._shows(fact)
        broken = ~self.space.holding(criterion.rule)
        return _Ledger(broken, against, showing if criterion.evidence else None)

    def _undermines(self, fact: str) -> Counts:
        unless = self.scenario.facts[fact].unless
        answered = self.space.matching(unless) if unless else np.zeros(self.space.size, dtype=bool)
        return (~answered).astype(np.int16)

    def _shows(self, fact: str, tabled: Collection[str] | None = None) -> Counts:
        """Where no challenge to it stands."""
        against = self.contests.get(fact, ())
        quiet = silenced(self.space, self.scenario, against, self.tabled if tabled is None else tabled)
        return (~quiet & speaking(self.space, self.scenario.facts[fact])).astype(np.int16)
