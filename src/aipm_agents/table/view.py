"""Who may see what. The only place where private facts are handed out, and a seat gets nothing else.

An audience is a role, `public` (what everyone in the room has heard) or `facilitator` (everything).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from aipm_agents.roles import PM
from aipm_agents.scenario.model import Party, Scenario
from aipm_agents.table.events import Answered, Opened, Ruled, Seated, package_on_table, tabled_evidence
from aipm_agents.table.packages import outcome_space

if TYPE_CHECKING:
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package
    from aipm_agents.table.events import Event
    from aipm_agents.table.packages import OutcomeSpace

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

    @property
    def me(self) -> Party:
        return self.scenario.parties[self.role]

    @property
    def untabled(self) -> tuple[str, ...]:
        """Evidence this seat holds and has not put on the table."""
        return tuple(name for name in self.scenario.facts if name not in self.tabled)

    @cached_property
    def package(self) -> Package | None:
        return package_on_table(self.events)


def view(scenario: Scenario, events: tuple[Event, ...], role: Role, *, seed: int, number: int) -> View:
    """What a seat may see in a round. Seeds are not secret: they key the embedded seats' choices."""
    seen = visible(events, role)
    tabled = tabled_evidence(scenario, seen)
    return View(
        role=role, seed=seed, round=number, scenario=as_seen_by(scenario, role, tabled),
        events=seen, tabled=tabled, space=outcome_space(scenario),
    )  # fmt: skip


def visible(events: tuple[Event, ...], audience: Audience) -> tuple[Event, ...]:
    """The events an audience may see: what colleagues say at the same time stays hidden until all have.

    That is for openings until round 1 begins (the PM, who begins it, hears them before), for answers
    until their round is ruled. What varies without meaning is left out: error texts may quote a briefing.
    """
    if audience == FACILITATOR:
        return events
    ruled = {event.round for event in events if isinstance(event, Ruled)}
    begun = audience == PM or any(event.round > 0 for event in events)

    def may_see(event: Event) -> bool:
        match event:
            case Seated():
                return False
            case Opened():
                return begun or event.role == audience
            case Answered():
                return event.round in ruled or event.role == audience
            case _:
                return True

    return tuple(_bare(event) for event in events if may_see(event))


def _bare(event: Event) -> Event:
    return event.model_copy(update={"volatile": {}}) if event.volatile else event


@lru_cache(maxsize=256)
def as_seen_by(scenario: Scenario, audience: Audience, tabled: frozenset[str]) -> Scenario:
    """The scenario with everything blanked that an audience may not know."""
    if audience == FACILITATOR:
        return scenario
    fields = {name: getattr(scenario, name) for name in Scenario.model_fields}
    fields["parties"] = {
        role: party if role == audience else _stranger(party) for role, party in scenario.parties.items()
    }
    known = [fact for fact in scenario.evidence if fact.id in tabled or audience in fact.held_by]
    arrived = [fact for i in scenario.injects for fact in i.evidence if fact.id in tabled]
    fields["evidence"] = tuple(
        fact if audience in fact.held_by else fact.model_copy(update={"aloud": None, "held_by": ()})
        for fact in (*known, *arrived)
    )
    fields["injects"] = ()
    fields["teaching"] = None
    return Scenario.model_construct(**fields)


def _stranger(party: Party) -> Party:
    """A party as the others see it: who it is and what it says it wants."""
    return Party.model_construct(
        title=party.title, short=party.short, duty=party.duty, wants=party.wants,
        private=None, points={}, walk_away=None, red_lines=(), argues={},
        temperament=Party.model_fields["temperament"].default,
    )  # fmt: skip
