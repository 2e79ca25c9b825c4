"""Who may see what. The only place where private facts are handed out, and a seat gets nothing else.

An audience is a role, `public` (what everyone in the room has heard) or `facilitator` (everything).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from aipm_agents.roles import PM
from aipm_agents.scenario.changes import owner
from aipm_agents.scenario.evidence import Evidence
from aipm_agents.scenario.model import Option, Scenario
from aipm_agents.scenario.party import Party
from aipm_agents.table import reckoning
from aipm_agents.table.events import (
    Answered,
    Injected,
    Opened,
    Ruled,
    Seated,
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
    from aipm_agents.scenario.evidence import Limit
    from aipm_agents.scenario.model import Extra, Package
    from aipm_agents.scenario.values import Id
    from aipm_agents.table.events import Event
    from aipm_agents.table.heard import Choice, Heard
    from aipm_agents.table.moves import Ask
    from aipm_agents.table.packages import OutcomeSpace, Points
    from aipm_agents.table.reckoning import Lawful

Audience = str
PUBLIC: Audience = "public"
FACILITATOR: Audience = "facilitator"


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
            own = common or shared._replace(events=tuple(_bare(event, role) for event in heard_by_all))
            yield role, view_after(self.scenario, own, role, seed=self.seed, number=number)

    def _heard(self, event: Event) -> Event:
        if not event.volatile:
            return event
        known = self._bare.get(id(event))
        if known is None:
            known = self._bare[id(event)] = (event, _bare(event, event.role))
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


def seen_by(scenario: Scenario, events: tuple[Event, ...], audience: Audience) -> Scenario:
    """The scenario as an audience knows it after these events, all of them visible to it."""
    scenario = scenario_at(scenario, events)
    return as_seen_by(scenario, audience, tabled_evidence(scenario, events), heard(scenario, events))


def visible(events: tuple[Event, ...], audience: Audience) -> tuple[Event, ...]:
    """The events an audience may see: what colleagues say at the same time stays hidden until all have.

    That is for openings until round 1 begins (the PM, who begins it, hears them before), for answers
    until their round is ruled. What varies without meaning is left out: error texts may quote a briefing.
    """
    if audience == FACILITATOR:
        return events
    return tuple(_bare(event, audience) for event in public_to(events, audience))


def public_to(events: tuple[Event, ...], audience: Audience) -> Iterator[Event]:
    """The same events as they stand in the record."""
    ruled = {event.round for event in events if isinstance(event, Ruled)}
    begun = audience == PM or any(event.round > 0 for event in events)

    def may_see(event: Event) -> bool:
        match event:
            case Seated():
                return False
            case Injected():
                return not event.to or audience in event.to
            case Opened():
                return begun or event.role == audience
            case Answered():
                return event.round in ruled or event.role == audience
            case _:
                return True

    return (event for event in events if may_see(event))


def _bare(event: Event, audience: Audience) -> Event:
    """What the table did not hear of a turn is told to whoever spoke; whose figures news changed, of these."""
    kept: dict[str, Any] = {"volatile": {}} if event.volatile else {}
    if isinstance(event, Injected) and event.changes:
        kept["changes"] = tuple(each for each in event.changes if owner(each.key) in (None, audience))
    if event.role != audience and getattr(event, "dropped", None):
        kept["dropped"] = ()
    return event.model_copy(update=kept) if kept else event


@lru_cache(maxsize=256)
def as_seen_by(
    scenario: Scenario, audience: Audience, tabled: frozenset[str], out: Heard = NOTHING
) -> Scenario:
    """The scenario with everything blanked that an audience may not know. `out`: what has come out at the
    table beside the facts on it."""
    if audience == FACILITATOR:
        return scenario
    known = without(scenario, unknown_to(scenario, audience, out))
    fields = {name: getattr(known, name) for name in Scenario.model_fields}
    fields["issues"] = tuple(
        issue.model_copy(update={"options": tuple(_option(option, audience) for option in issue.options)})
        if any(option.held_by for option in issue.options) else issue
        for issue in known.issues
    )  # fmt: skip
    fields["parties"] = {
        role: party if role == audience else _stranger(party, role, out)
        for role, party in known.parties.items()
    }
    fields["evidence"] = tuple(_facts(known, audience, tabled, out))
    fields["injects"] = ()
    fields["teaching"] = None
    return Scenario.model_construct(**fields)


def _option(option: Option, audience: Audience) -> Option:
    """Whoever else held it, and how they would have said so, stays with them."""
    if not option.held_by or audience in option.held_by:
        return option
    return option.model_copy(update={"held_by": (), "aloud": None})


def _facts(scenario: Scenario, audience: Audience, tabled: frozenset[str], out: Heard) -> Iterator[Evidence]:
    """What it holds, what is on the table, and of what does not exist yet that it could be found out."""
    facts = [
        fact for fact in scenario.evidence if fact.id in tabled or audience in fact.held_by or fact.takes
    ]
    facts += [fact for inject in scenario.injects for fact in inject.evidence if fact.id in tabled]
    known = tabled | {fact.id for fact in facts}
    for fact in facts:
        mine = audience in fact.held_by
        if fact.takes is not None and fact.id not in tabled:
            yield _unmade(fact)
            continue
        if fact.limits:
            fact = fact.model_copy(update={"limits": _limits(fact, mine, known, out)})
        hidden = {"lens": None} if mine else {"lens": None, "aloud": None, "held_by": ()}
        yield fact.model_copy(update=hidden) if fact.lens or not mine else fact


def _limits(fact: Evidence, mine: bool, known: frozenset[str], out: Heard) -> tuple[Limit, ...]:
    """What is wrong with a fact: its holders know, the others once a challenge has found it. An answer that
    nobody has tabled is not named to who does not hold it."""
    found = {each.ground for each in out.contests if each.evidence == fact.id}
    return tuple(
        limit.model_copy(update={"answered_by": tuple(name for name in limit.answered_by if name in known)})
        for limit in fact.limits
        if mine or limit.ground in found
    )


def _unmade(fact: Evidence) -> Evidence:
    """A study before it is done: what it would find out, and nothing of what it will."""
    assert fact.study is not None
    return Evidence(id=fact.id, says=fact.study.asks, takes=fact.takes, study=fact.study)


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


def _stranger(party: Party, role: Role, out: Heard) -> Party:
    """A party as the others see it: who it is, what it says it wants, what it has said it means."""
    return Party.model_construct(
        name=party.name, title=party.title, short=party.short, duty=party.duty, sounds_like=party.sounds_like, wants=party.wants,
        private=None, points={}, ordered=False, walk_away=None, otherwise=None, bonuses=(), discount=Party.model_fields["discount"].default, red_lines=(), argues={},
        terms={word: means for word, means in party.terms.items() if (role, word) in out.meanings},
        temperament=Party.model_fields["temperament"].default,
    )  # fmt: skip
