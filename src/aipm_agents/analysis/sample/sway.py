"""Where talk decides: the same seeds played again with a fact in other hands, or known to all from the start.

A sample of meetings among embedded negotiators: what programs do, not what people do.
"""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.negotiation import negotiate
from aipm_agents.scenario.reader import revised
from aipm_agents.seats.embedded import Embedded
from aipm_agents.table.events import Decided

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package, Scenario

MOST = 120
"""Meetings that are played at most, unless somebody asks for more."""


class Way(NamedTuple):
    """A fact somewhere else, and what came of the same seeds."""

    fact: str
    held_by: tuple[Role, ...]
    """Empty: on the table from the start."""
    sets: str
    """As `--set` takes it."""
    signed: int
    """Meetings that made a deal."""
    otherwise: int
    """Seeds that ended with another package, or with a deal where there was none, or the other way round."""
    flips: bool
    """Whether more than half of the seeds did."""


class Sway(NamedTuple):
    seeds: tuple[int, ...]
    signed: int
    """Meetings that made a deal, as the scenario is written."""
    packages: tuple[tuple[Package | None, int], ...]
    """What the meetings ended with, the most frequent first; None: no deal."""
    ways: tuple[Way, ...]
    left_out: int
    """Ways that were not played, because there are too many."""


def swayed(
    scenario: Scenario, seeds: Sequence[int], *, most: int = MOST, on_played: Callable[[int, int], None] = lambda done, of: None
) -> Sway:  # fmt: skip
    """Play every seed as it is written and with each fact elsewhere, `most` meetings at most. `on_played` is told how
    many meetings of how many are over."""
    ways = list(_ways(scenario))
    asked = ways[: max(0, most // max(len(seeds), 1) - 1)]
    total, done = len(seeds) * (len(asked) + 1), 0

    def ended(made: Scenario) -> list[Package | None]:
        nonlocal done
        seats, packages = {role: Embedded(mute=True) for role in made.parties}, []
        for seed in seeds:
            events = negotiate(made, seats, seed=seed)
            packages.append(next(each.package for each in events if isinstance(each, Decided)))
            done += 1
            on_played(done, total)
        return packages

    before = ended(scenario)
    found = []
    for fact, held_by in asked:
        after = ended(_moved(scenario, fact, held_by))
        otherwise = sum(one != other for one, other in zip(before, after, strict=True))
        found.append(
            Way(
                fact, held_by, f"evidence.{fact}.held_by={'+'.join(held_by)}", sum(map(_made, after)), otherwise,
                otherwise * 2 > len(seeds),
            )
        )  # fmt: skip
    counted = Counter(tuple(each.items()) if each else None for each in before)
    return Sway(
        tuple(seeds), sum(map(_made, before)),
        tuple((dict(each) if each else None, times) for each, times in counted.most_common()),
        tuple(sorted(found, key=lambda way: -way.otherwise)), len(ways) - len(asked),
    )  # fmt: skip


def _made(package: Package | None) -> bool:
    return package is not None


def _ways(scenario: Scenario) -> Iterator[tuple[str, tuple[Role, ...]]]:
    """Known to all first: that is what a PM can bring about. Never the PM's alone: its moves tell no fact."""
    facts = [fact for fact in scenario.evidence if fact.takes is None]
    yield from ((fact.id, ()) for fact in facts if fact.held_by)
    for fact in facts:
        yield from (
            (fact.id, (role,)) for role in scenario.parties if role != "pm" and (role,) != fact.held_by
        )


def _moved(scenario: Scenario, fact: str, held_by: tuple[Role, ...]) -> Scenario:
    data = json.loads(json.dumps(scenario.plain()), parse_float=Decimal)
    for each in data["evidence"]:
        if each["id"] == fact:
            each["held_by"] = list(held_by)
    made, _ = revised(data)
    assert made is not None, "a fact may be held by any role"
    return made
