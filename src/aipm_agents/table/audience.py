"""Who may see what. The only place where private facts are handed out, and a seat gets nothing else.

An audience is a role, `public` (what everyone in the room has heard) or `facilitator` (everything).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aipm_agents.roles import PM
from aipm_agents.scenario.changes import owner
from aipm_agents.scenario.evidence import Evidence
from aipm_agents.scenario.model import Option, Scenario
from aipm_agents.scenario.party import Party
from aipm_agents.table.events import Answered, Injected, Opened, Ruled, Seated, tabled_evidence
from aipm_agents.table.heard import NOTHING, heard
from aipm_agents.table.news import scenario_at
from aipm_agents.table.options import unknown_to, without

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.roles import Role
    from aipm_agents.scenario.evidence import Limit
    from aipm_agents.table.events import Event
    from aipm_agents.table.heard import Heard

Audience = str
PUBLIC: Audience = "public"
FACILITATOR: Audience = "facilitator"


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
    return tuple(bare(event, audience) for event in public_to(events, audience))


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


def bare(event: Event, audience: Audience) -> Event:
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


def _stranger(party: Party, role: Role, out: Heard) -> Party:
    """A party as the others see it: who it is, what it says it wants, what it has said it means."""
    return Party.model_construct(
        name=party.name, title=party.title, short=party.short, duty=party.duty, sounds_like=party.sounds_like, wants=party.wants,
        private=None, points={}, ordered=False, walk_away=None, otherwise=None, bonuses=(), discount=Party.model_fields["discount"].default, red_lines=(), argues={},
        terms={word: means for word, means in party.terms.items() if (role, word) in out.meanings},
        temperament=Party.model_fields["temperament"].default,
    )  # fmt: skip
