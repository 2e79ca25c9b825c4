"""What can still be had: the packages, and with them the options, that pass as far as one seat knows.

A package that a fact on the table fails, or a rule, or a red line of one's own, is nothing to ask for. Where none
passes, those that break the least stand for them: somebody may still bring what is not on the list.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from aipm_agents.table.memory import remembered
from aipm_agents.table.stopped import failing

if TYPE_CHECKING:
    from collections.abc import Collection
    from decimal import Decimal

    from aipm_agents.scenario.model import Package
    from aipm_agents.scenario.values import Choices
    from aipm_agents.table.packages import Mask, OutcomeSpace, Points
    from aipm_agents.table.view import View


@dataclass(frozen=True)
class Reach:
    space: OutcomeSpace
    mask: Mask
    """By package code: whether it can still pass."""
    stopped: Mask
    """By package code: whether a rule or a fact on the table fails it for everybody, or it is not to be had at all."""
    points: Points
    """By package code: what it is worth to the seat, in the points of the space."""

    def passes(self, package: Package) -> bool:
        return bool(self.mask[self.space.code(package)])

    def stops(self, package: Package) -> bool:
        """Whether it fails for everybody; a red line of one's own stops nobody else's."""
        return bool(self.stopped[self.space.code(package)])

    def needs(self, choices: Choices, also: Choices) -> bool:
        """Whether whatever makes these choices and fails nothing has the others too; False where nothing does."""
        free = self.space.making(choices) & ~self.stopped
        return bool(free.any()) and not bool((free & ~self.space.making(also)).any())

    @cached_property
    def best(self) -> Decimal:
        """The most points that can still be had."""
        return self.space.unscaled(int(self.points[self.mask].max()))

    def nearest(self, package: Package, having: Choices | None = None, least: int | None = None) -> Package:
        """Of the packages that can still pass, make these choices (`having`) and are worth as much (`least`, in the space's
        points), the one with fewest choices that differ; of several, the one worth most."""
        left = self.mask
        if having is not None:
            left = left & self.space.making(having)
        if least is not None:
            left = left & (self.points >= least)
        codes = np.flatnonzero(left)
        apart = (self.space.digits[:, codes] != self.space.digits[:, [self.space.code(package)]]).sum(axis=0)
        return self.space.package(int(codes[np.lexsort((-self.points[codes], apart))[0]]))

    @cached_property
    def options(self) -> dict[str, tuple[str, ...]]:
        """Issue -> the options that some package has which can still pass."""
        return self.space.had(self.mask)


def reach(view: View, tables: Collection[str] = (), *, without: Collection[str] = ()) -> Reach:
    """What a seat can still get. `tables`: facts it is about to tell; `without`: as if these were not known."""
    return _reach(view, (view.tabled | set(tables)) - set(without))


@remembered
def _reach(view: View, known: frozenset[str]) -> Reach:
    scenario, space = view.scenario, view.space
    broken = np.zeros(space.size, dtype=np.int64)
    for _, criterion in scenario.criteria.values():
        if criterion.blocking:
            broken += failing(space, scenario, criterion, known)
    stopped = (broken > 0) | ~space.existing
    for line in view.me.red_lines:
        broken += 10 * space.matching(line.when)
    said = {issue.id: tuple(option.id for option in issue.options) for issue in scenario.issues}
    if said != space.options:  # an option this seat keeps to itself
        broken += 1_000 * ~space.making(said)
    broken += 10_000 * ~space.existing
    return Reach(space, broken == broken.min(), stopped, view.points)
