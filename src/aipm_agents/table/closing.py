"""How a run ends: when a no-go is proven, and what the decision says.

A no-go is proven, never guessed: nothing is still to arrive, and every package of the outcome space
fails a blocking criterion, or needs one that nobody could show although its owner was asked by name.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from aipm_agents.roles import PM
from aipm_agents.table.checkpoints import failing, shown
from aipm_agents.table.events import (
    Answered,
    Decided,
    FollowUp,
    Proposed,
    Ruled,
    Signed,
    last_ruling,
    package_on_table,
    positions,
    tabled_evidence,
)
from aipm_agents.table.packages import outcome_space

if TYPE_CHECKING:
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Cause, Event


def no_go_is_proven(scenario: Scenario, events: tuple[Event, ...]) -> bool:
    """Whether no package can pass any more, with what is on the table and what nobody could show."""
    ruling = last_ruling(events)
    if ruling is None or any(inject.before_round > ruling.round for inject in scenario.injects):
        return False
    dead = _unshowable(events, ruling)
    return not _can_pass(scenario, tabled_evidence(scenario, events), frozenset(dead))


def decide(scenario: Scenario, events: tuple[Event, ...]) -> Decided:
    """The decision, once the agenda has come to it."""
    number = max(event.round for event in events)
    signing = next((e for e in events if isinstance(e, Signed) and e.round == number), None)
    ruling = last_ruling(events)
    if ruling is not None and signing is not None and signing.move.signs:
        return _go(scenario, events, ruling)
    tabled = tabled_evidence(scenario, events)
    if no_go_is_proven(scenario, events) or not _can_pass(scenario, tabled, _unshown(scenario, tabled)):
        return Decided(
            round=number, outcome="no_go", cause="criterion", stopped_by=_binding(scenario, events),
            dissent=_dissent(events, number),
        )  # fmt: skip
    cause, stopped_by = _why_not(scenario, events, number)
    return Decided(
        round=number, outcome="no_agreement", cause=cause, stopped_by=stopped_by,
        dissent=_dissent(events, number),
    )  # fmt: skip


def _go(scenario: Scenario, events: tuple[Event, ...], ruling: Ruled) -> Decided:
    unmet = [
        FollowUp(criterion=finding.criterion, owner=scenario.criteria[finding.criterion][1].owner)
        for finding in ruling.findings
        if finding.status != "met"
    ]
    concerns = [
        FollowUp(criterion=event.move.concern, owner=role)
        for role, event in positions(events, ruling.round).items()
        if event.move.concern is not None
    ]
    follow_ups = (*unmet, *(each for each in concerns if each not in unmet))
    return Decided(
        round=ruling.round, outcome="go_with_follow_ups" if follow_ups else "go",
        package=package_on_table(events), follow_ups=follow_ups, dissent=_dissent(events, ruling.round),
    )  # fmt: skip


def _dissent(events: tuple[Event, ...], number: int) -> tuple[Role, ...]:
    return tuple(
        role for role, event in positions(events, number).items()
        if event.move.vote == "no" or event.move.concern is not None
    )  # fmt: skip


def _why_not(scenario: Scenario, events: tuple[Event, ...], number: int) -> tuple[Cause, tuple[str, ...]]:
    """What stood between the last package and a deal."""
    ruling = next((e for e in events if isinstance(e, Ruled) and e.round == number), None)
    if ruling is None or any(isinstance(e, Signed) and e.round == number for e in events):
        return "party", (PM,)  # the PM tabled nothing, or held a deal that all four let through
    unmet = tuple(
        finding.criterion for finding in ruling.findings
        if finding.status != "met" and scenario.criteria[finding.criterion][1].blocking
    )  # fmt: skip
    if unmet:
        return "criterion", unmet
    if ruling.team.verdict != "pass":
        against = {line.role for line in ruling.team.crossed} or set(ruling.team.veto_missing)
        against = against or {role for role in scenario.parties if role not in ruling.team.yes}
        return "party", tuple(role for role in scenario.parties if role in against)
    return "time", ()


def _unshowable(events: tuple[Event, ...], ruling: Ruled) -> set[str]:
    """Criteria still not shown although asked for by name a round ago, with no question about them owed."""
    before = {
        name for event in events if isinstance(event, Ruled) and event.round < ruling.round
        for name in event.asked
    }  # fmt: skip
    asked_about = {
        event.move.question.about for event in events
        if isinstance(event, Answered | Proposed) and event.round == ruling.round
        and event.move is not None and event.move.question is not None
    }  # fmt: skip
    return (set(ruling.asked) & before) - asked_about


def _unshown(scenario: Scenario, tabled: frozenset[str]) -> frozenset[str]:
    return frozenset(
        name for name, (_, each) in scenario.criteria.items() if not shown(scenario, each, tabled)
    )


@lru_cache(maxsize=64)
def _can_pass(scenario: Scenario, tabled: frozenset[str], dead: frozenset[str]) -> bool:
    """Whether some package fails no blocking criterion and needs none of the dead ones."""
    space = outcome_space(scenario)
    stopped = np.zeros(space.size, dtype=bool)
    for name, (_, criterion) in scenario.criteria.items():
        if criterion.blocking:
            if name in dead:
                return False
            stopped |= failing(space, scenario, criterion, tabled)
    return not bool(stopped.all())


def _binding(scenario: Scenario, events: tuple[Event, ...]) -> tuple[str, ...]:
    """The blocking criteria that no package meets; failing that, those the last package does not meet."""
    tabled = tabled_evidence(scenario, events)
    space, unshown = outcome_space(scenario), _unshown(scenario, tabled)
    blocking = {name: each for name, (_, each) in scenario.criteria.items() if each.blocking}
    everywhere = tuple(
        name for name, each in blocking.items()
        if name in unshown or bool(failing(space, scenario, each, tabled).all())
    )  # fmt: skip
    ruling = last_ruling(events)
    last = tuple(f.criterion for f in ruling.findings if f.status != "met") if ruling else ()
    return everywhere or tuple(name for name in last if name in blocking)
