"""The embedded PM: it listens, then tables the package it believes serves the whole table best.

It knows the others only by what they said. From openings, asks, votes, trades and answers it forms a
`Belief` about each colleague, and proposes, among the packages that pass the gates as far as the
table knows, the one with the largest expected Nash product of surpluses (its own is exact). Between
packages that are close a style decides, where the PM has one.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from aipm_agents.roles import PM
from aipm_agents.seats.embedded.belief import Belief, Coordinates, prior
from aipm_agents.seats.embedded.deadlock import deadlock, tabled
from aipm_agents.seats.embedded.ear import Ear, Listening
from aipm_agents.seats.embedded.interests import dice
from aipm_agents.seats.embedded.leaning import FIRST_TIE, LATER_TIE, liking
from aipm_agents.seats.embedded.reach import reach
from aipm_agents.table.checkpoints import is_open
from aipm_agents.table.contests import by_package
from aipm_agents.table.events import Proposed, Ruled, Signed, last_ruling
from aipm_agents.table.stopped import failing, unshown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package
    from aipm_agents.seats.embedded.belief import Floats
    from aipm_agents.seats.embedded.deadlock import Deadlock
    from aipm_agents.styles import Style
    from aipm_agents.table.view import View

MOST_WEIGHED = 20_000
"""Packages judged one by one; of a larger space a keyed sample is drawn."""
WAY_OUT = 0.7
"""In log Nash product: how far below the best a package may be that is to get two people unstuck."""
NEAR_TIE = 0.05
"""In log Nash product: packages this close to the best are a tie, and the seed decides."""
_FLOOR = 0.05


class Mediator:
    """Proposes from beliefs. Keeps what it has learnt only to save work: the same view, the same package."""

    def __init__(self, style: Style | None = None) -> None:
        self.style = style
        self._last: tuple[View, Listening] | None = None

    def propose(self, view: View) -> Package:
        if view.given is not None:
            return view.given
        beliefs = self.listen(view).beliefs
        codes = self._candidates(view)
        if (agreed := _agreed(view)) is not None and view.space.code(agreed) in codes:
            return agreed
        terms = _Terms.of(view, codes)
        score = self._own(view, codes)
        for role in view.scenario.colleagues:
            score = score + _expected_log_surplus(beliefs[role], terms)
        if (stuck := deadlock(view)) is not None:
            codes, score = self._way_out(view, beliefs, stuck, codes, score)
        else:
            codes, score = _moved_on(view, codes, score)
        close = self._close(view, beliefs, codes, score)
        return view.space.package(self._pick(view, codes[close], score[close]))

    def least_understood(
        self, view: View, package: Package, among: Iterable[Role] | None = None
    ) -> tuple[Role, str]:
        """The colleague (`among`: of these) and issue on which the PM's guess at the package's worth is widest."""
        beliefs, at = self.listen(view).beliefs, Coordinates(view.space).at
        left = reach(view).options  # what facts have settled needs no asking
        issues = [issue for issue in package if len(left[issue]) > 1] or list(package)
        return max(
            ((role, issue) for role in among or view.scenario.colleagues for issue in issues),
            key=lambda pair: float(
                max(beliefs[pair[0]].spread[k, k] for (i, _), k in at.items() if i == pair[1])
            ),
        )

    def anything_passes(self, view: View) -> bool:
        """Whether a package of those the PM knows fails no blocking criterion, as far as the table knows."""
        space = view.space
        stopped = ~space.existing
        for _, criterion in view.scenario.criteria.values():
            if criterion.blocking:
                stopped |= failing(space, view.scenario, criterion, view.tabled)
        return not bool(stopped.all())

    def listen(self, view: View) -> Listening:
        """Everything learnt from the view's events; goes on from the last time where it can."""
        heard = self._heard_before(view)
        if heard is None:
            heard = Listening(0, dict.fromkeys(view.scenario.colleagues, prior(view.space)))
        ear = Ear(view)
        for event in view.events[heard.heard :]:
            heard = ear.hear(heard, event)
        self._last = (view, heard)
        return heard

    def _heard_before(self, view: View) -> Listening | None:
        """What it had learnt when it last listened, where that was a part of this."""
        if self._last is None:
            return None
        before, heard = self._last
        same = before.seed == view.seed and before.space.options == view.space.options
        return heard if same and before.events == view.events[: len(before.events)] else None

    def believed(self, view: View, role: Role, package: Package) -> float:
        """What the PM believes a package is worth to a colleague, in points."""
        terms = Coordinates(view.space).package(package)
        mean = self.listen(view).beliefs[role].mean
        return float(sum(mean[k] * factor for k, factor in terms))

    def _way_out(
        self, view: View, beliefs: dict[Role, Belief], stuck: Deadlock,
        codes: NDArray[np.intp], score: Floats,
    ) -> tuple[NDArray[np.intp], Floats]:  # fmt: skip
        """Of the packages that are close, were not on the table lately, and give one of the two what it wants where they
        are apart, those that cost them least: the lesser of their surpluses is the largest there is. One of those that were
        tried, where there are no others; all, where nothing gives either of them what it wants."""
        tried = [view.space.code(package) for package in tabled(view)]
        either = view.space.making({stuck.issue: (stuck.mine, stuck.yours)})[codes]
        fresh = ~np.isin(codes, tried) & either
        near = np.flatnonzero((score >= float(score.max()) - WAY_OUT) & fresh)
        if not len(near):  # a little further off, or one of them once more
            near = np.flatnonzero((score >= float(score.max()) - 2 * WAY_OUT) & fresh)
        if not len(near):
            near = np.flatnonzero(either & (codes != tried[-1]))
        if not len(near):
            near = np.flatnonzero(either)
        if not len(near):
            return codes, score
        terms = _Terms.of(view, codes[near])
        sides = [
            self._own(view, codes[near]) if role == PM else _expected_log_surplus(beliefs[role], terms)
            for role in (stuck.one, stuck.other)
        ]  # fmt: skip
        least: Floats = np.minimum(*sides)
        kept = near[least >= float(least.max()) - NEAR_TIE]
        return codes[kept], score[kept]

    def _candidates(self, view: View) -> NDArray[np.intp]:
        """The codes worth judging: they pass as far as the table knows, cross no line made public or
        of its own, and keep the PM at or above its walk-away; failing that, the least bad."""
        wrong = _broken(view)
        codes = np.flatnonzero(wrong == wrong.min())
        if len(codes) > MOST_WEIGHED:
            picked = dice(view, PM, "sample").sample(range(len(codes)), MOST_WEIGHED)
            codes = codes[sorted(picked)]
        return codes

    def _own(self, view: View, codes: NDArray[np.intp]) -> Floats:
        scale = view.space.scale
        own = view.points[codes] / scale - float(view.me.walk_away)
        log: Floats = np.log(np.maximum(own, _FLOOR))
        return log

    def _close(
        self, view: View, beliefs: dict[Role, Belief], codes: NDArray[np.intp], score: Floats
    ) -> NDArray[np.intp]:
        """Of the packages judged, by place: all; for a PM with a style, those near the best that it likes best."""
        if self.style is None:
            return np.arange(len(codes))
        reach = FIRST_TIE if view.package is None else LATER_TIE
        close = np.flatnonzero(score >= float(score.max()) - reach)
        liked = liking(view, self.style, beliefs, codes[close])
        return close[liked >= float(liked.max()) - 1e-9]

    def _pick(self, view: View, codes: NDArray[np.intp], score: Floats) -> int:
        best = float(score.max())
        near = codes[score >= best - NEAR_TIE]
        return int(near[dice(view, PM, "tie").randrange(len(near))])


def _agreed(view: View) -> Package | None:
    """The package that had all it needs, the yeses too, and waits only until everybody has voted knowing what is new:
    to change it now would be to take back what bought a yes."""
    ruling = last_ruling(view.events)
    if ruling is None or not ruling.too_new or not all(map(is_open, ruling.verdicts.values())):
        return None
    return view.package


def _moved_on(view: View, codes: NDArray[np.intp], score: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Without the package that has just not got the votes it needs, where another is near: who refused it has said so, and
    would only have to say it again."""
    ruling = last_ruling(view.events)
    if ruling is None or view.package is None or is_open(ruling.team.verdict):
        return codes, score
    near = score >= float(score.max()) - 2 * WAY_OUT
    others = np.flatnonzero(near & (codes != view.space.code(view.package)))
    return (codes[others], score[others]) if len(others) else (codes, score)


def _broken(view: View) -> NDArray[np.int64]:
    """How many things known to the PM speak against each package."""
    space, scenario = view.space, view.scenario
    wrong, hangs = np.zeros(space.size, dtype=np.int64), by_package(scenario, view.heard.contests)
    held = {event.move.criterion for event in view.events if isinstance(event, Signed)}
    for name, (_, criterion) in scenario.criteria.items():
        if (
            criterion.blocking or name in held
        ):  # what the PM held a deal for, it takes as blocking from then on
            wrong += failing(space, scenario, criterion, view.tabled)
            if hangs:  # it may be a choice that answers, or that a fact speaks of
                wrong += unshown(space, scenario, criterion, view.tabled, view.heard.contests)
    for line in view.me.red_lines:
        wrong += 10 * space.matching(line.when)
    wrong += 10_000 * ~space.existing
    wrong += 10 * (view.points < space.scaled(view.me.walk_away))
    for event in view.events:
        if isinstance(event, Ruled) and event.team.crossed:
            package = next(
                e.package for e in view.events if isinstance(e, Proposed) and e.round == event.round
            )
            if package is not None:
                wrong[space.code(package)] += 5
    return wrong


class _Terms(NamedTuple):
    """What some packages are worth above the walk-away, as sums over the coordinates of a belief."""

    columns: NDArray[np.intp]
    """By (issue, package): where the package's option stands."""
    rows: Floats
    """By (package, coordinate): 1 for its options, -1 for the walk-away."""

    @classmethod
    def of(cls, view: View, codes: NDArray[np.intp]) -> _Terms:
        sizes = view.space.sizes
        columns = view.space.digits[:, codes] + np.cumsum([0, *sizes[:-1]])[:, None]
        rows = np.zeros((len(codes), sum(sizes) + 1))
        rows[np.arange(len(codes))[None, :], columns] = 1.0
        rows[:, -1] = -1.0
        return cls(columns, rows)


def _expected_log_surplus(belief: Belief, terms: _Terms) -> Floats:
    """log E[max(0, surplus)] of a colleague, for each of some packages."""
    mean = belief.mean[terms.columns].sum(axis=0) - belief.mean[-1]
    variance = np.einsum("ij,ij->i", terms.rows @ belief.spread, terms.rows)
    deviation = np.sqrt(np.maximum(variance, 1e-6))
    z = mean / deviation
    inside = 1 / (1 + np.exp(-1.702 * np.clip(z, -30, 30)))
    expected = mean * inside + deviation * np.exp(-z * z / 2) / sqrt(2 * np.pi)
    log: Floats = np.log(np.maximum(expected, _FLOOR))
    return log
