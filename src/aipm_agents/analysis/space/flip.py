"""What would change the decision: every value set otherwise by as little as does anything, exact over the whole outcome
space, and pairs of values where no one of them alone does it.

The decision is whether a package is a deal, and whether there is any deal at all. A change that makes either come out
otherwise flips it. Talk is not part of it: by the score sheets, each seat says yes from its walk-away up.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from aipm_agents.analysis.space.levers import OPEN, SHUT, Sieve
from aipm_agents.analysis.space.standing import solved

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from aipm_agents.analysis.space.levers import Lever, Scale
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.packages import Mask

    Found = tuple[float, tuple[Lever, Lever], dict[str, int | bool]]

MOST = 60_000_000_000
"""Truth values that are worked out at most, ten or twenty seconds; what is left out then is told."""


class OneChange(NamedTuple):
    """One value set otherwise, and what could be a deal then."""

    lever: Lever
    was: Decimal | None
    """Of a number; None for what is there or is not."""
    to: str
    """A number; `off` for what is taken away, `on` for a fact that comes to the table."""
    sets: str
    """The same as `--set` takes it: KEY=VALUE."""
    beyond: Decimal | None
    """Where it is not this number itself: anything further than this will do."""
    size: float | None
    """How far it is moved, as a share of the range its figures take over all packages; None for no number."""
    deals: int
    """Packages that would be a deal."""
    stands: bool | None
    """Whether the package in question would be one; None where there is none in question."""
    flips: bool


class Pair(NamedTuple):
    """Two changes that flip the decision together; neither does alone."""

    changes: tuple[OneChange, OneChange]
    deals: int
    stands: bool | None

    @property
    def size(self) -> float:
        return sum(each.size or 0.0 for each in self.changes)


class Flips(NamedTuple):
    package: Package | None
    """What is asked about: of a scenario its Nash package within the gates, or else the egalitarian one."""
    stands: bool | None
    packages: int
    deals: int
    """Packages that are a deal as it is."""
    changes: tuple[OneChange, ...]
    """Those that flip the decision first, and of them the smallest first."""
    pairs: tuple[Pair, ...]
    """The smallest first."""
    left_out: int
    """Changes and pairs that were not looked at, because it would have taken too long."""

    @property
    def flipping(self) -> tuple[OneChange, ...]:
        return tuple(each for each in self.changes if each.flips)


def flips(scenario: Scenario) -> Flips:
    """Of a scenario, everything disclosed."""
    within = solved(scenario)["gates"]
    code = within["nash"] if within["nash"] is not None else within["egalitarian"]
    return flipped(Sieve(scenario), code)


def flipped(sieve: Sieve, code: int | None) -> Flips:
    """`code`: the package in question, if there is one. The sieve holds every package."""
    return _Search(sieve, code).found()


class _Search:
    def __init__(self, sieve: Sieve, code: int | None) -> None:
        self.sieve, self.code = sieve, code
        self.base = sieve.deals({})
        self.work = self.left_out = 0
        self.stands = None if code is None else bool(self.base[code])

    def found(self) -> Flips:
        changes = [
            each for lever in self.sieve.levers if self._affordable(lever) for each in self._singles(lever)
        ]
        changes.sort(key=lambda each: (not each.flips, each.size is None, each.size or 0.0))
        flipping = {each.lever for each in changes if each.flips}
        pairs = [
            self._together(pair, settings)
            for _, pair, settings in sorted(self._pairs(flipping), key=lambda each: each[0])
            if self._affordable(*pair)
        ]
        return Flips(
            None if self.code is None else self.sieve.space.package(self.code), self.stands, self.sieve.packages,
            _count(self.base), tuple(changes), tuple(pairs), self.left_out,
        )  # fmt: skip

    def _affordable(self, *levers: Lever) -> bool:
        self.work += 3 * max(map(self.sieve.work, levers))
        self.left_out += self.work > MOST
        return self.work <= MOST

    # --- one value ----------------------------------------------------------------------------

    def _singles(self, lever: Lever) -> Iterator[OneChange]:
        match lever.kind:
            case "bound" | "walk_away" | "quorum":
                scale = self.sieve.scale(lever)
                for setting in sorted(set(self._settings(lever, scale))):
                    yield self._set(lever, scale, setting)
            case "fact":
                lies = lever.name in self.sieve.tabled
                yield self._changed(lever, not lies)
            case "red_line":
                yield self._changed(lever, False)
            case "option":
                yield self._switched(lever, False, self.base & ~self.sieve.choosing(lever))

    def _settings(self, lever: Lever, scale: Scale) -> Iterator[int]:
        """Where the first package is let in, where the first is shut out, and where the decision flips."""
        always = self.sieve.deals({lever.key: SHUT})
        resting = self.sieve.deals({lever.key: OPEN}) & ~always
        """Packages that hang on this number and on nothing else."""
        figures = scale.values[resting]
        below, above = figures[figures < scale.bound], figures[figures >= scale.bound]
        if below.size:
            yield int(below.max())
        shutting = [int(above.min())] if above.size else []
        if above.size and not always.any():
            shutting.append(int(above.max()))
        if self.code is not None and resting[self.code]:
            mine = int(scale.values[self.code])
            if mine < scale.bound:
                yield mine
            else:
                shutting.append(mine)
        most = len(self.sieve.scenario.parties) if lever.kind == "quorum" else SHUT
        yield from (each + scale.step for each in shutting if each < most)

    def _set(self, lever: Lever, scale: Scale, setting: int) -> OneChange:
        mask = self.sieve.deals({lever.key: setting})
        return self._number(lever, scale, setting, _count(mask), self._stand(mask))

    def _number(self, lever: Lever, scale: Scale, setting: int, deals: int, stands: bool | None) -> OneChange:
        beyond = setting > scale.bound and lever.kind != "quorum"
        return OneChange(
            lever, scale.was, f"{scale.told(setting):f}", f"{lever.key}={scale.told(setting):f}",
            scale.told(setting - scale.step) if beyond else None, abs(setting - scale.bound) / scale.span,
            deals, stands, self._flips(lever, deals, stands),
        )  # fmt: skip

    def _changed(self, lever: Lever, setting: bool) -> OneChange:
        return self._switched(lever, setting, self.sieve.deals({lever.key: setting}))

    def _switched(self, lever: Lever, setting: bool, mask: Mask) -> OneChange:
        return self._switch(lever, setting, _count(mask), self._stand(mask))

    def _switch(self, lever: Lever, setting: bool, deals: int, stands: bool | None) -> OneChange:
        return OneChange(
            lever, None, "on" if setting else "off", self._sets(lever) if setting else f"{lever.key}=off", None, None,
            deals, stands, self._flips(lever, deals, stands),
        )  # fmt: skip

    def _sets(self, lever: Lever) -> str:
        """How a fact comes to the table."""
        if lever.key.startswith("injects."):
            return f"injects.{lever.key.split('.')[1]}.before_round=1"
        return (
            f"{lever.key}.takes=1" if self.sieve.scenario.facts[lever.name].takes else f"{lever.key}.held_by="
        )

    def _stand(self, mask: Mask) -> bool | None:
        return None if self.code is None else bool(mask[self.code])

    def _flips(self, lever: Lever, deals: int, stands: bool | None) -> bool:
        """A package cannot be chosen without its own options: that much goes without saying."""
        there = (deals > 0) != bool(self.base.any())
        return there or (stands != self.stands and lever.kind != "option")

    # --- two values ---------------------------------------------------------------------------

    def _pairs(self, flipping: Iterable[Lever]) -> Iterator[Found]:
        """Of levers that do not flip it alone. Where some package is in question, it is asked about alone: so a pair
        costs next to nothing."""
        levers = [each for each in self.sieve.levers if each not in flipping and each.kind != "option"]
        if self.code is None:
            if not self.base.any():
                yield from self._openings(self.sieve, levers)
            return
        sieve = self.sieve
        here = Sieve(sieve.scenario, sieve.tabled, sieve.contests, sieve.unknown, np.array([self.code]))
        yield from self._shuttings(here, levers) if self.stands else self._openings(here, levers)

    def _openings(self, sieve: Sieve, levers: list[Lever]) -> Iterator[Found]:
        """Both wide open, some package is a deal; of those the one for which they need to be moved least."""
        for pair in combinations(levers, 2):
            if sieve is self.sieve and not self._affordable(*pair):
                continue
            opened = {each.key: self._other(each, OPEN) for each in pair}
            codes = np.flatnonzero(sieve.deals(opened))
            if not codes.size:
                continue
            cost, moved = np.zeros(codes.size), {}
            for lever in pair:
                if lever.kind in _NUMBERS:
                    scale = sieve.scale(lever, opened)
                    moved[lever.key] = np.minimum(scale.values[codes], scale.bound)
                    cost += (scale.bound - moved[lever.key]) / self.sieve.scale(lever).span
            least = int(cost.argmin())
            yield float(cost[least]), pair, opened | {key: int(each[least]) for key, each in moved.items()}

    def _shuttings(self, here: Sieve, levers: list[Lever]) -> Iterator[Found]:
        """Both shut, the package is no deal any more."""
        able = [each for each in levers if each.kind in ("bound", "walk_away", "fact")]
        for pair in combinations(able, 2):
            shut = {each.key: self._other(each, SHUT) for each in pair}
            if not here.deals(shut)[0]:
                scales = {each: here.scale(each) for each in pair if each.kind in _NUMBERS}
                just = {each.key: int(scale.values[0]) + scale.step for each, scale in scales.items()}
                cost = sum((just[e.key] - s.bound) / self.sieve.scale(e).span for e, s in scales.items())
                yield cost, pair, shut | just

    def _together(self, pair: tuple[Lever, Lever], settings: dict[str, int | bool]) -> Pair:
        mask = self.sieve.deals(settings)
        deals, stands = _count(mask), self._stand(mask)
        one, other = (
            self._number(each, self.sieve.scale(each, settings), int(settings[each.key]), deals, stands)
            if each.kind in _NUMBERS else self._switch(each, bool(settings[each.key]), deals, stands)
            for each in pair
        )  # fmt: skip
        return Pair((one, other), deals, stands)

    def _other(self, lever: Lever, way: int) -> int | bool:
        if lever.kind in _NUMBERS:
            return way
        return lever.kind == "fact" and lever.name not in self.sieve.tabled


_NUMBERS = ("bound", "walk_away", "quorum")


def _count(mask: Mask) -> int:
    return int(np.count_nonzero(mask))
