"""What never came out at a table, who had been asked for it, and what it would have changed.

Five kinds: a fact nobody tabled, an option nobody brought, a study nobody sent for, a challenge nobody made,
a word nobody asked about. What each would have changed is recomputed: the rulings of the run are made again
with it, and the packages that could pass at the last one are counted with it and without.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from aipm_agents.analysis.run.conduct import Silence, conduct
from aipm_agents.analysis.run.inquiry import inquiry
from aipm_agents.analysis.run.what_if import bases, could_pass, shifts
from aipm_agents.analysis.space.masks import crosses, either, every_limit, passes
from aipm_agents.roles import PM
from aipm_agents.table.checkpoints import find
from aipm_agents.table.contests import Contest
from aipm_agents.table.events import on_paper
from aipm_agents.table.faults import never_heard
from aipm_agents.table.packages import outcome_space
from aipm_agents.table.stopped import failing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.run.what_if import Basis, Shift
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.packages import Mask
    from aipm_agents.table.record import Record

Kind = Literal["fact", "option", "study", "challenge", "word"]
Why = Silence | Literal["elsewhere", "unrecorded"]
"""Who had asked, and nothing of why it was kept: a motive is on no record; asked, by a ruling or a seat, of somebody else
than who held it; of a meeting on paper, not recorded."""


class StopsOn(NamedTuple):
    criterion: str
    by: tuple[str, ...]
    """The facts that speak against it."""
    opens: tuple[Package, ...]
    """Changes that would open it."""


class UnsaidEffect(NamedTuple):
    """Had it been on the table from the first ruling on."""

    shifts: tuple[Shift, ...] = ()
    opened: int = 0
    """Packages that pass at the last ruling with it and not without: criteria and red lines, no votes."""
    closed: int = 0
    breaks: tuple[str, ...] = ()
    """Blocking criteria that the deal meets without it and does not meet with it."""
    stops: tuple[StopsOn, ...] = ()
    """Without a deal: blocking criteria on which it would have stopped the package last ruled, and that were not failed
    there."""
    shows: tuple[str, ...] = ()
    """Criteria not met at the last ruling that it would have met there, by itself."""

    @property
    def any(self) -> bool:
        return bool(self.shifts or self.opened or self.closed or self.breaks or self.stops or self.shows)


class Withheld(NamedTuple):
    kind: Kind
    name: str
    """The fact, or the study; of an option its issue; of a challenge its fact; the word."""
    holders: tuple[Role, ...]
    """Who knew it; of a study nobody."""
    why: Why
    asked: bool
    """Whether a holder was asked about what it bears on."""
    costs: dict[Role, Decimal]
    """Holder -> by how many points the best package not failed by then is worth less to it once this is said."""
    effect: UnsaidEffect
    part: str = ""
    """The option; the ground of the challenge."""


def withheld(record: Record) -> tuple[Withheld, ...]:
    """In the order of the file, kind by kind."""
    rounds = bases(record)
    deal = record.deal
    found = (
        *_facts(record, rounds, deal),
        *_options(record, rounds),
        *_studies(record, rounds, deal),
        *_challenges(record, rounds, deal),
        *(() if on_paper(record.events) else _words(record)),
    )
    if not on_paper(record.events):
        return found
    return tuple(each._replace(why="unrecorded", asked=False) for each in found)


def said_only(record: Record) -> bool:
    """Whether a no-go is one on what was said and not on what was known: with all that somebody at the table
    knew, what is wrong with the facts included, some package passes every criterion and crosses no red line."""
    scenario = record.scenario
    decision = record.decision
    if decision is None or decision.outcome != "no_go":
        return False
    known = _known(record)
    return bool((passes(scenario, known, every_limit(scenario)) & ~crosses(scenario)).any())


def fails_on_known(record: Record) -> tuple[str, ...]:
    """Blocking criteria that the deal, or where there is none the package last ruled, does not meet with all that somebody
    at the table knew."""
    scenario, rounds = record.scenario, bases(record)
    package = record.deal or (rounds[-1].package if rounds else None)
    known, limits = _known(record), every_limit(scenario)
    return () if package is None else tuple(
        name for name, (_, each) in scenario.criteria.items()
        if each.blocking and find(scenario, each, package, known, limits).status != "met"
    )  # fmt: skip


def _known(record: Record) -> frozenset[str]:
    return record.tabled | {fact.id for fact in record.scenario.evidence if fact.takes is None}


def _facts(record: Record, rounds: tuple[Basis, ...], deal: Package | None) -> Iterator[Withheld]:
    scenario = record.scenario
    put = {name for ruling in record.rulings for name in ruling.asked} | {
        q.question.about for q in record.questions
    }
    for name, silence in conduct(record).withheld.items():
        fact = scenario.facts[name]
        holders = fact.held_by
        why: Why = (
            "elsewhere" if silence == "not_asked" and put & {*fact.supports, *fact.undermines} else silence
        )
        costs = _costs(holders, rounds[-1], name) if rounds else {}
        effect = _effect(rounds, tuple(each.put((name,)) for each in rounds), deal)
        yield Withheld("fact", name, holders, why, silence in ("asked", "declined"), costs, effect)


def _options(record: Record, rounds: tuple[Basis, ...]) -> Iterator[Withheld]:
    """No ruling changes by an option: it opens packages."""
    scenario = record.scenario
    for choice, silence in inquiry(record).kept.items():
        opened = 0
        if rounds:
            last = rounds[-1]
            opened = _count(could_pass(last._replace(unknown=last.unknown - {choice})))
            opened -= _count(could_pass(last))
        holders = scenario.held_options[choice]
        yield Withheld(
            "option",
            choice[0],
            holders,
            silence,
            silence == "asked",
            {},
            UnsaidEffect(opened=opened),
            choice[1],
        )


def _studies(record: Record, rounds: tuple[Basis, ...], deal: Package | None) -> Iterator[Withheld]:
    """As if asked for in round 1: it counts from the round it would have arrived in."""
    scenario = record.scenario
    for name in inquiry(record).unmade:
        arrives = 1 + (scenario.facts[name].takes or 0)
        with_it = tuple(each.put((name,)) if each.round >= arrives else each for each in rounds)
        why: Why = "faulted" if PM in never_heard(record.events) else "not_asked"
        yield Withheld("study", name, (), why, False, {}, _effect(rounds, with_it, deal))


def _challenges(record: Record, rounds: tuple[Basis, ...], deal: Package | None) -> Iterator[Withheld]:
    """There is something to it, its fact was on the table, and nobody doubted it on this ground."""
    scenario = record.scenario
    tabled, made = record.tabled, record.heard.contests
    found = {(each.evidence, each.ground) for each in made}
    for name, fact in scenario.facts.items():
        for limit in fact.limits if name in tabled else ():
            if (name, limit.ground) not in found:
                contest = Contest(evidence=name, ground=limit.ground)
                with_it = tuple(each.put((), (contest,)) for each in rounds)
                effect = _effect(rounds, with_it, deal)
                yield Withheld("challenge", name, fact.held_by, "not_asked", False, {}, effect, limit.ground)


def _words(record: Record) -> Iterator[Withheld]:
    """Of words that mean two things here, those whose meanings never came out side by side."""
    scenario = record.scenario
    found = inquiry(record)
    for word, roles in found.unsaid.items():
        meanings = [party.terms[word] for party in scenario.parties.values() if word in party.terms]
        if len(set(meanings)) > 1 and len(found.meanings.get(word, ())) < 2:
            yield Withheld("word", word, roles, "not_asked", word in found.meanings, {}, UnsaidEffect())


def _effect(was: tuple[Basis, ...], now: tuple[Basis, ...], deal: Package | None) -> UnsaidEffect:
    if not was:
        return UnsaidEffect()
    scenario = now[-1].scenario
    before, after = could_pass(was[-1]), could_pass(now[-1])
    changed = tuple(shift for one, other in zip(was, now, strict=True) for shift in shifts(one, other))
    breaks = () if deal is None else tuple(
        name for name, (_, each) in scenario.criteria.items()
        if each.blocking
        and find(scenario, each, deal, was[-1].tabled, was[-1].contests).status == "met"
        and find(scenario, each, deal, now[-1].tabled, now[-1].contests).status != "met"
    )  # fmt: skip
    shows = tuple(
        name for name, (_, each) in scenario.criteria.items()
        if find(scenario, each, now[-1].package, was[-1].tabled, was[-1].contests).status != "met"
        and find(scenario, each, now[-1].package, now[-1].tabled, now[-1].contests).status == "met"
    )  # fmt: skip
    return UnsaidEffect(
        changed, _count(after & ~before), _count(before & ~after), breaks,
        () if deal else tuple(_stops(was[-1], now[-1])), shows,
    )  # fmt: skip


def _stops(was: Basis, now: Basis) -> Iterator[StopsOn]:
    for _, each in now.scenario.criteria.values():
        before, after = (find(b.scenario, each, b.package, b.tabled, b.contests) for b in (was, now))
        if each.blocking and after.status == "failed" != before.status:
            yield StopsOn(after.criterion, after.evidence, tuple(after.opens))


def _costs(holders: tuple[Role, ...], basis: Basis, fact: str) -> dict[Role, Decimal]:
    """What is not shown may still be shown, so packages count until they fail."""
    scenario = basis.scenario
    space = outcome_space(scenario)
    known = (
        ~either(scenario, (space.making({i: (o,)}) for i, o in basis.unknown))
        & ~crosses(scenario)
        & space.existing
    )
    before = known & ~_failed(scenario, basis.tabled)
    after = known & ~_failed(scenario, basis.tabled | {fact})
    costs = {}
    for role in holders:
        mine, least = (
            space.worth(scenario.parties[role]),
            space.scaled(scenario.parties[role].walk_away),
        )
        best = [int(np.max(mine, where=mask, initial=least)) for mask in (before, after)]
        costs[role] = space.unscaled(best[0] - best[1])
    return costs


def _failed(scenario: Scenario, tabled: frozenset[str]) -> Mask:
    space = outcome_space(scenario)
    blocking = (each for _, each in scenario.criteria.values() if each.blocking)
    return either(scenario, (failing(space, scenario, each, tabled) for each in blocking))


def _count(mask: Mask) -> int:
    return int(np.count_nonzero(mask))
