"""What a seat sees when it is asked: the case and the events as it may know them, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from aipm_agents.scenario.model import Scenario
from aipm_agents.scenario.party import Party
from aipm_agents.table import reckoning
from aipm_agents.table.audience import as_seen_by, bare, public_to, visible
from aipm_agents.table.events import (
    package_on_table,
    tabled_evidence,
)
from aipm_agents.table.heard import NOTHING, has, heard, speakers
from aipm_agents.table.news import private_news, scenario_at
from aipm_agents.table.options import unknown_to, without
from aipm_agents.table.packages import outcome_space
from aipm_agents.table.rules import exists
from aipm_agents.table.studies import possible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Extra, Package
    from aipm_agents.scenario.values import Id
    from aipm_agents.table.events import Event
    from aipm_agents.table.heard import Choice, Heard
    from aipm_agents.table.moves import Ask
    from aipm_agents.table.packages import OutcomeSpace, Points
    from aipm_agents.table.reckoning import Lawful


@dataclass(frozen=True)
class View:
    """The table as one seat sees it."""

    role: Role
    seed: int
    round: int
    scenario: Scenario
    """As this role may know it: no other briefing, points, walk-away or red line; no fact it has not met."""
    events: tuple[Event, ...]
    """What was said and done, without the others' answers of a round that is not yet ruled."""
    tabled: frozenset[str]
    space: OutcomeSpace
    """Of the options this seat knows of."""
    heard: Heard = NOTHING
    """Challenges with something to them, options brought, meanings told."""
    extras: frozenset[Extra] = frozenset()
    """What there may be here beyond facts and packages: everybody knows that, and nobody what."""
    words: tuple[str, ...] = ()
    """Words in use that mean something particular to somebody; a question may be about them."""
    memory: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What has been worked out of it; see `memory.remembered`."""

    @property
    def me(self) -> Party:
        return self.scenario.parties[self.role]

    @property
    def untabled(self) -> tuple[str, ...]:
        """Evidence this seat holds and has not put on the table."""
        return tuple(
            name
            for name, fact in self.scenario.facts.items()
            if name not in self.tabled and fact.takes is None
        )

    @property
    def secret(self) -> tuple[Choice, ...]:
        """Options this seat holds and nobody has brought."""
        return tuple(
            choice for choice, holders in self.scenario.held_options.items()
            if self.role in holders and choice not in self.heard.brought
        )  # fmt: skip

    @property
    def studies(self) -> tuple[str, ...]:
        """Evidence that could be asked for now and still arrive; only the PM can."""
        return possible(self.scenario, self.events, self.round)

    @cached_property
    def package(self) -> Package | None:
        return package_on_table(self.events)

    @property
    def given(self) -> Package | None:
        """The package that the PM has to begin with, where it has not been on the table yet; none where news that was
        sent early has made it one that does not exist."""
        given = self.scenario.opening_package
        return given if given is not None and self.round == 1 and exists(self.scenario, given) else None

    @cached_property
    def points(self) -> Points:
        """What each package is worth to this seat, by its code, in the points of the space."""
        return self.space.worth(self.me)

    def worth(self, package: Package | None = None) -> Decimal:
        """Points of a package to this seat; of the one on the table where none is named. Raises `ValueError`
        where neither is there."""
        return reckoning.own_worth(self, package)

    def totals(self, package: Package | None = None) -> dict[Id, Decimal]:
        """Metric -> its value under a package; under the one on the table where none is named."""
        return reckoning.totals(self, package)

    def favourites(self, most: int = 3) -> tuple[Ask, ...]:
        """What this seat would ask for: the issues on which the package on the table (before any, the worst
        option) costs it most points, each with the option worth most to it. At most so many; a move takes three."""
        return reckoning.favourites(self, most)

    def asks(self) -> dict[Role, tuple[Ask, ...]]:
        """Colleague -> what it asked for last, as far as this seat has heard."""
        return reckoning.asks(self)

    def lawful(self) -> Lawful:
        """What this seat may do now, part by part."""
        return reckoning.lawful(self)


def view(scenario: Scenario, events: tuple[Event, ...], role: Role, *, seed: int, number: int) -> View:
    """What a seat may see in a round. Seeds are not secret: they key the embedded seats' choices."""
    return view_after(scenario, said(scenario, visible(events, role)), role, seed=seed, number=number)


class HeardSoFar(NamedTuple):
    """What everybody who is asked at the same time has heard, and what has come out by it."""

    events: tuple[Event, ...]
    tabled: frozenset[str]
    heard: Heard
    spoken: frozenset[str]
    """Of the words that mean something particular to somebody, those that somebody has said."""


def said(scenario: Scenario, seen: tuple[Event, ...]) -> HeardSoFar:
    words = {word for party in scenario.parties.values() for word in party.terms}
    spoken = frozenset(word for word in words if speakers(seen, word))
    return HeardSoFar(seen, tabled_evidence(scenario, seen), heard(scenario, seen), spoken)


class Ears:
    """The views of those who are asked together, run on: what they have all heard is worked out once a phase, and
    an event is read once a run."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.scenario, self.seed = scenario, seed
        self._bare: dict[int, tuple[Event, Event]] = {}
        """By identity: an event as it stands in the record, kept alive, and as the table heard it."""

    def views(
        self, events: tuple[Event, ...], roles: Sequence[Role], number: int
    ) -> Iterator[tuple[Role, View]]:
        """What each of these may see who are asked in a phase and have not answered yet."""
        if not roles:
            return
        if private_news(events):
            for role in roles:
                yield role, view(self.scenario, events, role, seed=self.seed, number=number)
            return
        heard_by_all = tuple(public_to(events, roles[0]))
        shared = said(self.scenario, heard_by_all)
        private = any(getattr(event, "dropped", None) for event in heard_by_all)
        common = None if private else shared._replace(events=tuple(map(self._heard, heard_by_all)))
        for role in roles:
            own = common or shared._replace(events=tuple(bare(event, role) for event in heard_by_all))
            yield role, view_after(self.scenario, own, role, seed=self.seed, number=number)

    def _heard(self, event: Event) -> Event:
        if not event.volatile:
            return event
        known = self._bare.get(id(event))
        if known is None:
            known = self._bare[id(event)] = (event, bare(event, event.role))
        return known[1]


def view_after(scenario: Scenario, before: HeardSoFar, role: Role, *, seed: int, number: int) -> View:
    """The view of a seat that has heard this."""
    scenario = scenario_at(scenario, before.events)
    known = as_seen_by(scenario, role, before.tabled, before.heard)
    return View(
        role=role, seed=seed, round=number, scenario=known, events=before.events, tabled=before.tabled,
        space=outcome_space(without(scenario, unknown_to(scenario, role, before.heard))),
        heard=before.heard, extras=scenario.extras, words=_words(scenario, known, before.spoken, role),
    )  # fmt: skip


def _words(scenario: Scenario, known: Scenario, spoken: frozenset[str], role: Role) -> tuple[str, ...]:
    """A seat's own words, and those of others that everybody has read or heard."""
    if "terms" not in scenario.extras:
        return ()
    read = [known.title, known.question, known.background or "", known.purpose or ""]
    read += [text for issue in known.issues for text in (issue.question, *(o.label for o in issue.options))]
    read += [criterion.asks for _, criterion in known.criteria.values()]
    read += [party.wants for party in known.parties.values()]
    words = dict.fromkeys(word for party in scenario.parties.values() for word in party.terms)
    return tuple(
        word for word in words
        if word in scenario.parties[role].terms or word in spoken or any(has(t, word) for t in read)
    )  # fmt: skip
