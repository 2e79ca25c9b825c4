"""What can come of a scenario, read off its whole outcome space before anyone speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from aipm_agents.analysis.space import flaws
from aipm_agents.analysis.space.masks import (
    agreeable,
    among,
    at_start,
    either,
    every_limit,
    everything,
    invented,
    stopping,
    willing,
    within_the_gates,
)
from aipm_agents.analysis.space.without_fact import passing_without
from aipm_agents.roles import PM
from aipm_agents.scenario.criteria import CHECKPOINTS
from aipm_agents.table.news import after, in_turn
from aipm_agents.table.packages import outcome_space

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from aipm_agents.roles import Role
    from aipm_agents.scenario.criteria import CheckpointName
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.packages import Mask

T = TypeVar("T", bound=np.generic)


class Passing(NamedTuple):
    """Packages that pass: with what lies on the table at the start, and with everything disclosed."""

    at_start: int
    disclosed: int


class Stop(NamedTuple):
    """What one blocking criterion, or one red line, stops, everything disclosed."""

    stops: int
    alone: int
    """Of those, the packages that nothing else stops."""


class PartyLine(NamedTuple):
    role: Role
    because: str
    stop: Stop
    """`alone`: of the packages that pass every criterion and cross no other line."""


class Stake(NamedTuple):
    """A party before anyone speaks."""

    walk_away: Decimal
    best: Decimal
    """Its points in the best package for it within the gates; its walk-away where there is none."""
    takes: int
    """Packages it is willing to take."""
    refuses: int
    """Of the packages that pass every criterion, those it is not willing to take."""
    alone: int
    """Of those, the ones that nothing but its refusal keeps from an agreement."""


class AfterNews(NamedTuple):
    """What can come of it from a piece of news on, that changes figures."""

    before_round: int
    headline: str
    packages: int
    acceptable: int
    lost: int
    """Packages that were acceptable until then and are not any more."""
    dead: tuple[tuple[str, str], ...] = ()
    dominated: tuple[tuple[str, str, str], ...] = ()
    idle: tuple[str, ...] = ()
    """As those of the beginning, by the figures of then."""


class Prospects(NamedTuple):
    """Counts are of packages. Exact, by enumeration."""

    packages: int
    passing: dict[CheckpointName, Passing]
    """Through the criteria of one checkpoint, the other three set aside."""
    together: Passing
    """Through the criteria of all four."""
    quorum: int
    """Reach the agreement it needs, the criteria set aside: enough yeses, every veto holder's, no red line."""
    unanimous: int
    """Everybody is willing, the criteria set aside."""
    acceptable: int
    """Pass every criterion, everything disclosed, and reach the agreement it needs."""
    acceptable_to_all: int
    """Of those, the ones everybody is willing to take."""
    criteria: dict[str, Stop]
    red_lines: tuple[PartyLine, ...]
    parties: dict[Role, Stake]
    without: dict[str, int]
    """Fact -> packages that pass all criteria with everything disclosed but this."""
    undoubted: dict[str, int]
    """The same as long as nobody challenges anything; empty where there is nothing to challenge."""
    dead: tuple[tuple[str, str], ...]
    """Options (issue, option) in no acceptable package, where there are acceptable packages."""
    dominated: tuple[tuple[str, str, str], ...]
    """(issue, option, better): `better` gives nobody less and somebody more, and is let through wherever
    the option is."""
    idle: tuple[str, ...]
    """Blocking criteria that stop nothing, at the start or with everything disclosed."""
    dictators: tuple[Role, ...]
    """Roles whose willingness alone decides which passing package is accepted, though others object. Who takes every
    passing package decides nothing."""
    after_news: tuple[AfterNews, ...] = ()
    """Everything above is of the figures at the beginning; this of those that hold once news has changed some."""

    @property
    def deciding_evidence(self) -> tuple[str, ...]:
        """Facts without which no package passes, whether or not somebody doubts the others."""
        return tuple(
            name for name, count in self.without.items()
            if self.together.disclosed and count == 0 and self.undoubted.get(name, 0) == 0
        )  # fmt: skip


def prospects(scenario: Scenario) -> Prospects:
    disclosed = stopping(scenario, everything(scenario), every_limit(scenario))
    start = stopping(scenario, at_start(scenario), ())
    listed = ~invented(scenario)
    there = among(scenario)
    passing = there & ~either(scenario, disclosed.values())
    agreed, acceptable = agreeable(scenario), within_the_gates(scenario)
    takes = {role: willing(scenario, role) for role in scenario.parties}
    unanimous = np.logical_and.reduce(list(takes.values()))
    return Prospects(
        packages=_count(there),
        passing={
            name: Passing(
                _count(_through(scenario, start, name) & listed), _count(_through(scenario, disclosed, name))
            )
            for name in CHECKPOINTS
        },
        together=Passing(_count(there & ~either(scenario, start.values()) & listed), _count(passing)),
        quorum=_count(agreed),
        unanimous=_count(unanimous),
        acceptable=_count(acceptable),
        acceptable_to_all=_count(acceptable & unanimous),
        criteria=_stops(scenario, disclosed),
        red_lines=_lines(scenario, passing),
        parties=_stakes(scenario, takes, passing, acceptable),
        without=passing_without(scenario, every_limit(scenario)),
        undoubted=passing_without(scenario, ()) if "challenges" in scenario.extras else {},
        dead=flaws.dead(scenario, acceptable),
        dominated=flaws.dominated(scenario, passing),
        idle=flaws.idle(disclosed, start),
        dictators=flaws.dictators(takes, passing, agreed),
        after_news=tuple(_after_news(scenario)),
    )


def _after_news(scenario: Scenario) -> Iterator[AfterNews]:
    """One a piece of news that changes figures, in the order they come; each keeps what those before it changed."""
    come: list[int] = []
    was = within_the_gates(scenario)
    for n in in_turn(scenario):
        inject = scenario.injects[n]
        come.append(n)
        if inject.changes:
            then = after(scenario, tuple(come))
            now, there = within_the_gates(then), among(then)
            stops, start = (
                stopping(then, everything(then), every_limit(then)),
                stopping(then, at_start(then), ()),
            )
            yield AfterNews(
                inject.before_round, inject.headline, _count(there), _count(now), _count(was & ~now),
                dead=flaws.dead(then, now), dominated=flaws.dominated(then, there & ~either(then, stops.values())), idle=flaws.idle(stops, start),
            )  # fmt: skip
            was = now


def _count(mask: Mask) -> int:
    return int(np.count_nonzero(mask))


def _through(scenario: Scenario, stops: dict[str, Mask], name: CheckpointName) -> Mask:
    mine = (mask for criterion, mask in stops.items() if scenario.criteria[criterion][0] == name)
    return among(scenario) & ~either(scenario, mine)


def _stops(scenario: Scenario, stops: dict[str, Mask]) -> dict[str, Stop]:
    times = np.zeros(outcome_space(scenario).size, dtype=np.int16)
    for mask in stops.values():
        times += mask
    once = times == 1
    return {name: Stop(_count(mask), _count(mask & once)) for name, mask in stops.items()}


def _lines(scenario: Scenario, passing: Mask) -> tuple[PartyLine, ...]:
    space = outcome_space(scenario)
    lines = [(role, line) for role, party in scenario.parties.items() for line in party.red_lines]
    masks = [space.existing & space.matching(line.when) for _, line in lines]
    times = np.zeros(space.size, dtype=np.int16)
    for mask in masks:
        times += mask
    return tuple(
        PartyLine(role, line.because, Stop(_count(mask), _count(mask & passing & (times == 1))))
        for (role, line), mask in zip(lines, masks, strict=True)
    )


def _stakes(
    scenario: Scenario, takes: dict[Role, Mask], passing: Mask, acceptable: Mask
) -> dict[Role, Stake]:
    space = outcome_space(scenario)
    stakes = {}
    for role, party in scenario.parties.items():
        points, refused = space.worth(party), passing & ~takes[role]
        best = space.unscaled(int(points[acceptable].max())) if acceptable.any() else party.walk_away
        persuaded = refused & _agreed_if(scenario, takes, role) & ~agreeable(scenario)
        stakes[role] = Stake(party.walk_away, best, _count(takes[role]), _count(refused), _count(persuaded))
    return stakes


def _agreed_if(scenario: Scenario, takes: dict[Role, Mask], role: Role) -> Mask:
    """Packages that would be agreed if this role said yes to everything and drew no red line."""
    space, agreement = outcome_space(scenario), scenario.agreement
    others = {other: mask for other, mask in takes.items() if other != role}
    votes = np.ones(space.size, dtype=np.int64)
    for yes in others.values():
        votes += yes
    mask: Mask = space.existing & (votes >= agreement.accept_at_least)
    for other in {*agreement.veto, PM} - {role}:
        mask &= others[other]
    for other in others:
        for line in scenario.parties[other].red_lines:
            mask &= ~space.matching(line.when)
    return mask
