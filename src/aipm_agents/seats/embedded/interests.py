"""What a package is worth to the seat itself, what it would accept now, and so how it votes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from random import Random
from typing import TYPE_CHECKING

from aipm_agents.seats.embedded.reach import reach
from aipm_agents.table.rules import matches, worth

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package
    from aipm_agents.scenario.party import Concession, Party
    from aipm_agents.seats.embedded.reach import Reach
    from aipm_agents.table.moves import Vote
    from aipm_agents.table.view import View

OPENING_SHARE = 0.83
"""How much of what lies between walk-away and best package a seat insists on in round 1."""
MOOD = 0.14
"""How far a run's seed moves that share for a seat, up or down: people have better and worse days."""

_EXPONENT: dict[Concession, float] = {"boulware": 4.0, "linear": 1.0, "conceder": 0.25}


def dice(view: View, role: Role, purpose: str) -> Random:
    """Randomness keyed by (seed, role, round, purpose): never drawn from a shared stream."""
    return Random(f"{view.seed}/{role}/{view.round}/{purpose}")


def opening_share(view: View) -> float:
    """What this seat begins with in this run: one draw a run, the same in every round."""
    return OPENING_SHARE + MOOD * _mood(view.seed, view.role)


@lru_cache(maxsize=64)
def _mood(seed: int, role: Role) -> float:
    """Between -1 and 1."""
    return 2 * Random(f"{seed}/{role}/0/mood").random() - 1


def insisted_share(concession: Concession, number: int, rounds: int, opening: float = OPENING_SHARE) -> float:
    """The share of its possible surplus a seat still insists on in a round: 1 - t**k falling to 0 in the
    last round, by Faratin's time-dependent tactics (Faratin, Sierra, Jennings 1998)."""
    time = (number - 1) / (rounds - 1) if rounds > 1 else 1.0
    return opening * (1 - float(min(1.0, max(0.0, time)) ** _EXPONENT[concession]))


@dataclass(frozen=True)
class Interests:
    """A party's private scores, read for negotiating: a seat wants what it can still get."""

    party: Party
    share: float
    reach: Reach

    @property
    def best(self) -> Decimal:
        """The most this seat can still have."""
        return self.reach.best

    @cached_property
    def threshold(self) -> Decimal:
        """The points a package must reach for a yes; never below the walk-away."""
        above = max(Decimal(0), self.best - self.party.walk_away)
        return self.party.walk_away + above * Decimal(str(round(self.share, 4)))

    def worth(self, package: Package) -> Decimal:
        return worth(self.party, package)

    def crossed(self, package: Package) -> int | None:
        """The first own red line the package crosses, counted from 0."""
        lines = enumerate(self.party.red_lines)
        return next((i for i, line in lines if matches(package, line.when)), None)

    def row(self, issue: str, package: Package | None = None) -> Mapping[str, Decimal]:
        """What each option of an issue is worth: by itself, or beside a package's other choices, with the points for
        choices made together that it brings there or loses."""
        if package is None or not self.party.bonuses:
            return self.party.points[issue]
        return {option: self.worth({**package, issue: option}) for option in self.party.points[issue]}

    def ranked(self, issue: str, package: Package | None = None) -> tuple[str, ...]:
        """The options of an issue that can still be had, the one worth most first (beside a package's other choices)."""
        row = self.row(issue, package)
        return tuple(sorted((o for o in row if o in self.reach.options[issue]), key=lambda o: -row[o]))

    def liveable(self, issue: str, package: Package | None = None) -> tuple[str, ...]:
        """Of these, the ones that keep the insisted share of what the issue can bring, best first."""
        row, ranked = self.row(issue, package), self.ranked(issue, package)
        top, low = row[ranked[0]], min(row.values())
        bar = low + (top - low) * Decimal(str(round(self.share, 4)))
        return tuple(option for option in ranked if row[option] >= bar)

    def gain(self, issue: str, package: Package) -> Decimal:
        """What the best that can still be had on an issue is worth above the package's choice."""
        row = self.row(issue, package)
        return row[self.ranked(issue, package)[0]] - row[package[issue]]

    def stake(self, issue: str) -> Decimal:
        """How much it matters which of the options that can still be had it is."""
        row, ranked = self.party.points[issue], self.ranked(issue)
        return row[ranked[0]] - row[ranked[-1]]


def interests(view: View, tables: Collection[str] = (), *, without: Collection[str] = ()) -> Interests:
    """A seat's interests in this round. `tables`: facts it is about to tell; `without`: as if these were not known."""
    share = insisted(view, opening_share(view))
    return Interests(view.me, share, reach(view, tables, without=without))


def insisted(view: View, opening: float = OPENING_SHARE) -> float:
    """The share a seat insists on in this round. Whom waiting costs insists, from the start, on no more than what
    would be left of it after all rounds."""
    me, rounds = view.me, view.scenario.rounds
    share = insisted_share(me.temperament.concession, max(1, view.round), rounds, opening)
    return share * float(me.discount) ** (rounds - 1)


def vote_on(mine: Interests, package: Package) -> Vote:
    """Yes at the threshold of the round, yes-if from the walk-away up, else no."""
    worth = mine.worth(package)
    if mine.crossed(package) is not None or worth < mine.party.walk_away:
        return "no"
    return "yes" if worth >= mine.threshold else "yes_if"
