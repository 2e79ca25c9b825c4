"""How a run ends: when a no-go is proven, and what the decision says.

A no-go is proven, never guessed: nothing is still to arrive, and every package the table knows of
fails a blocking criterion, or needs one that nobody could show although its owner was asked by name, answered, put no
fact on the table, and everybody has had a turn. What a fault kept from being said proves nothing; see `faults`.

What could still be found out by asking for a study is not impossible to show. Where somebody may hold an
option that is not on the list, every package having failed is said once, and the table has a round to bring
what it knows: a no-go is on the options that were said, after everybody could say them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from aipm_agents.roles import PM
from aipm_agents.table import faults, studies
from aipm_agents.table.checkpoints import lets_through
from aipm_agents.table.events import (
    Answered,
    Decided,
    FollowUp,
    Injected,
    Proposed,
    Ruled,
    Signed,
    last_ruling,
    on_paper,
    package_on_table,
    positions,
    tabled_evidence,
)
from aipm_agents.table.heard import challenges, heard
from aipm_agents.table.options import at_the_table
from aipm_agents.table.packages import outcome_space
from aipm_agents.table.stopped import failing, unshown

if TYPE_CHECKING:
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.contests import Contest
    from aipm_agents.table.events import Cause, Event


def no_go_is_proven(scenario: Scenario, events: tuple[Event, ...]) -> bool:
    """Whether no package can pass any more, with what is on the table and what nobody could show."""
    ruling = last_ruling(events)
    if ruling is None or _news_to_come(scenario, events, ruling.round):
        return False
    if on_paper(events):  # whether anybody was asked, nobody has written down
        return False
    if studies.pending(events):
        return False
    if not _nothing_left(scenario, events):
        return False
    return not scenario.held_options or _everybody_was_asked(scenario, events, ruling)


def _news_to_come(scenario: Scenario, events: tuple[Event, ...], number: int) -> bool:
    """Whether something still reaches the table from outside after a round."""
    here = {event.number for event in events if isinstance(event, Injected)}
    return any(inject.before_round > number and n not in here for n, inject in enumerate(scenario.injects))


def _nothing_left(scenario: Scenario, events: tuple[Event, ...]) -> bool:
    """Whether every package that the table knows of is stopped, at the last of these rulings."""
    ruling = last_ruling(events)
    return ruling is not None and not _can_pass(
        at_the_table(scenario, events), tabled_evidence(scenario, events), heard(scenario, events).contests,
        frozenset(_unshowable(scenario, events, ruling)),
    )  # fmt: skip


def _everybody_was_asked(scenario: Scenario, events: tuple[Event, ...], ruling: Ruled) -> bool:
    """Whether nothing was left a ruling ago already, and no answer about an issue is owed."""
    rulings = [number for number, event in enumerate(events) if isinstance(event, Ruled)]
    owed = _unanswered(events, ruling) & scenario.issue.keys()
    return len(rulings) > 1 and not owed and _nothing_left(scenario, events[: rulings[-2] + 1])


def decide(scenario: Scenario, events: tuple[Event, ...]) -> Decided:
    """The decision, once the agenda has come to it."""
    number = max(event.round for event in events)
    signing = next((e for e in events if isinstance(e, Signed) and e.round == number), None)
    ruling = last_ruling(events)
    if ruling is not None and ruling.round == number and lets_through(ruling):
        if signing is not None and signing.move.signs:
            return _go(scenario, events, ruling)
        if signing is not None and signing.fault is not None:
            return _undecided(events, number, (PM,))
    if no_go_is_proven(scenario, events) or not _could_have_passed(
        scenario, events, _dead(scenario, events, number)
    ):
        return Decided(
            round=number, outcome="no_go", cause="criterion", stopped_by=_binding(scenario, events),
            dissent=_dissent(events, number),
        )  # fmt: skip
    if kept := _kept_from_deciding(scenario, events, number):
        return _undecided(events, number, kept)
    cause, stopped_by = _why_not(scenario, events, number)
    return Decided(
        round=number, outcome="no_agreement", cause=cause, stopped_by=stopped_by,
        dissent=_dissent(events, number),
    )  # fmt: skip


def _dead(scenario: Scenario, events: tuple[Event, ...], number: int) -> frozenset[str]:
    """What nobody can show any more once the meeting is over; of a meeting on paper that is not known."""
    if on_paper(events):
        return frozenset()
    return frozenset(scenario.criteria) - _kept_open(scenario, events, number)


def _undecided(events: tuple[Event, ...], number: int, kept: tuple[Role, ...]) -> Decided:
    """Nobody said no: faults kept somebody from speaking whose word was needed."""
    return Decided(
        round=number, outcome="no_agreement", cause="fault", stopped_by=kept, dissent=_dissent(events, number)
    )  # fmt: skip


def _kept_from_deciding(scenario: Scenario, events: tuple[Event, ...], number: int) -> tuple[Role, ...]:
    """Whose faults stood between the last round and a decision: a PM that tabled nothing, or could not be read at
    the signing; who could not show what is not shown; and whose yes was all that was missing."""
    failed = faults.faulted(events, number)
    ruling = next((e for e in events if isinstance(e, Ruled) and e.round == number), None)
    if ruling is None or lets_through(ruling):
        return tuple(role for role in failed if role == PM)
    kept = {
        role for finding in ruling.findings
        if finding.status == "not_shown" and scenario.criteria[finding.criterion][1].blocking
        for role in faults.kept_from(scenario, events, finding.criterion, number)
    }  # fmt: skip
    if not _could_have_passed(
        scenario, events, frozenset(scenario.criteria)
    ):  # but for what might yet be shown
        kept |= {
            role for name in _kept_open(scenario, events, number)
            for role in faults.kept_from(scenario, events, name, number)
        }  # fmt: skip
    team = ruling.team
    enough = len(team.yes) + len([role for role in failed if role not in team.yes]) >= team.needed
    if team.verdict != "pass" and not team.crossed and enough and {*team.veto_missing} <= {*failed}:
        kept |= {*failed} - {*team.yes}
    return tuple(role for role in scenario.parties if role in kept)


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
        willed = against - {*faults.faulted(events, number)} or against
        return "party", tuple(role for role in scenario.parties if role in willed)
    return "time", ()


def _unshowable(scenario: Scenario, events: tuple[Event, ...], ruling: Ruled) -> set[str]:
    """Criteria still not shown although asked for by name a ruling ago, with no question about them owed, no
    study that could settle them, nothing held against their evidence only now, and no fact told by their owner."""
    before = {
        name for event in events if isinstance(event, Ruled) and event.round < ruling.round
        for name in event.asked
    }  # fmt: skip
    open_yet = studies.open_criteria(scenario, events, ruling.round + 1)
    return (
        (set(ruling.asked) & before) - _asked_about(events, ruling) - open_yet
        - _just_contested(scenario, events, ruling) - _kept_open(scenario, events, ruling.round)
        - _still_told(scenario, events, ruling.round)
    )  # fmt: skip


def _kept_open(scenario: Scenario, events: tuple[Event, ...], number: int) -> set[str]:
    """Criteria that faults kept somebody from showing."""
    return {
        name for name, (_, each) in scenario.criteria.items()
        if each.evidence and faults.kept_from(scenario, events, name, number)
    }  # fmt: skip


def _still_told(scenario: Scenario, events: tuple[Event, ...], number: int) -> set[str]:
    """Criteria whose owner told a fact in a round: asked for two things, it may have told one and have the other ready."""
    tell = {role for role, event in positions(events, number).items() if event.move.tables}
    return {name for name, (_, each) in scenario.criteria.items() if each.owner in tell}


def _asked_about(events: tuple[Event, ...], ruling: Ruled) -> set[str]:
    """What the questions put in the round of a ruling are about."""
    return {about for _, _, about in _questions(events, ruling)}


def _unanswered(events: tuple[Event, ...], ruling: Ruled) -> set[str]:
    """Of these, what was not answered in the same round by whoever was asked: the PM's questions can be. An
    answer to somebody else about the same thing is none."""
    answered = {
        (reply.to, event.role, reply.about)
        for event in positions(events, ruling.round).values() for reply in event.move.replies
    }  # fmt: skip
    return {about for who, to, about in _questions(events, ruling) if (who, to, about) not in answered}


def _questions(events: tuple[Event, ...], ruling: Ruled) -> set[tuple[Role, Role, str]]:
    """The questions put in the round of a ruling, as (by whom, to whom, about what)."""
    return {
        (event.role, event.move.question.to, event.move.question.about) for event in events
        if isinstance(event, Answered | Proposed) and event.round == ruling.round
        and event.move is not None and event.move.question is not None
    }  # fmt: skip


def _just_contested(scenario: Scenario, events: tuple[Event, ...], ruling: Ruled) -> set[str]:
    """Criteria whose evidence was challenged in the round of a ruling, with something to it: nobody has
    had a round to answer."""
    standing = {(each.evidence, each.ground) for each in heard(scenario, events).contests}
    return {
        name for event in challenges(events)
        if event.round == ruling.round and (made := event.move.challenge) is not None
        and (made.evidence, made.ground) in standing
        for name in scenario.facts[made.evidence].supports
    }  # fmt: skip


def _could_have_passed(scenario: Scenario, events: tuple[Event, ...], dead: frozenset[str]) -> bool:
    """Whether some package could have, with what is on the table and, of what is `dead`, nothing more."""
    return _can_pass(
        at_the_table(scenario, events), tabled_evidence(scenario, events), heard(scenario, events).contests,
        dead,
    )  # fmt: skip


def stops_everything(scenario: Scenario, events: tuple[Event, ...]) -> bool:
    """Whether facts and rules stop every package that the table knows of, and nothing more comes from outside: of a meeting
    on paper that broke off before its last round, all that can be said of a no-go."""
    ruling = last_ruling(events)
    over = ruling is not None and not _news_to_come(scenario, events, ruling.round)
    return over and not _could_have_passed(scenario, events, frozenset())


@lru_cache(maxsize=64)
def _can_pass(
    scenario: Scenario, tabled: frozenset[str], contests: tuple[Contest, ...], dead: frozenset[str]
) -> bool:
    """Whether some package fails no blocking criterion, and has shown those that nobody can show any more."""
    space = outcome_space(scenario)
    stopped = ~space.existing
    for name, (_, criterion) in scenario.criteria.items():
        if criterion.blocking:
            stopped |= failing(space, scenario, criterion, tabled)
            if name in dead:
                stopped |= unshown(space, scenario, criterion, tabled, contests)
    return not bool(stopped.all())


def _binding(scenario: Scenario, events: tuple[Event, ...]) -> tuple[str, ...]:
    """The blocking criteria that no package meets; failing that, those the last package does not meet. On paper what was
    merely not shown is left out: whether anybody was asked is not known."""
    tabled, contests = tabled_evidence(scenario, events), heard(scenario, events).contests
    known, paper = at_the_table(scenario, events), on_paper(events)
    space = outcome_space(known)
    blocking = {name: each for name, (_, each) in known.criteria.items() if each.blocking}
    everywhere = tuple(
        name for name, each in blocking.items()
        if bool(failing(space, known, each, tabled)[space.existing].all())
        or (not paper and bool(unshown(space, known, each, tabled, contests)[space.existing].all()))
    )  # fmt: skip
    ruling = last_ruling(events)
    unmet = ("failed",) if paper else ("failed", "not_shown")
    last = tuple(f.criterion for f in ruling.findings if f.status in unmet) if ruling else ()
    return everywhere or tuple(name for name in last if name in blocking)
