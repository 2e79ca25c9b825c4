"""How a table worked: what was asked, offered, told and kept back, who moved and who talked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from aipm_agents.analysis.run.aloud import first_said, own
from aipm_agents.analysis.run.raising import about, raised
from aipm_agents.analysis.run.trades import trades
from aipm_agents.roles import PM
from aipm_agents.table.events import (
    Answered,
    Framed,
    Injected,
    Opened,
    Proposed,
    Reported,
    Signed,
)
from aipm_agents.table.faults import never_heard
from aipm_agents.table.memory import remembered
from aipm_agents.table.rules import issues_of, matches, worth

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from aipm_agents.analysis.run.trades import TradeOffered
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.moves import Vote
    from aipm_agents.table.record import Record

Source = Literal["seat", "news", "start"]
"""Where a fact on the table came from: a seat told it; news, or a study that was sent for, brought it; it lay there
before anyone spoke."""
Silence = Literal["not_asked", "ruling", "asked", "declined", "faulted"]
"""Why a fact stayed with its holder: nobody asked a holder about what it bears on; only a ruling named what is not shown,
and no person put it to one; somebody asked one; one was asked and declined to answer; every turn of whoever was asked has
failed since, which is no silence of theirs."""

_WARMTH: dict[Vote, int] = {"no": 0, "yes_if": 1, "yes": 2}


class Tabled(NamedTuple):
    round: int
    by: Role | None
    """None where it came from outside, or lay there from the start."""

    @property
    def source(self) -> Source:
        return "seat" if self.by else "news" if self.round else "start"


class Conduct(NamedTuple):
    asked: int
    answered: int
    """Questions that got an answer, a decline not counted."""
    declined: int
    trades: tuple[TradeOffered, ...]
    softened: int
    """Colleagues' votes warmer than their last, as a ruling tells them."""
    hardened: int
    """Colder ones."""
    with_reason: int
    """Of those that softened, the ones that name what moved them."""
    obliged: int
    """Of those that softened, the ones on whose last condition the package had come some way; it may have named that, too."""
    tabled: dict[str, Tabled]
    withheld: dict[str, Silence]
    harm_taken_up: Tabled | None
    """The first question, challenge, reason or doubt of a seat about a criterion of Alignment."""
    harm_named: Tabled | None
    """Who first said what it may do to people outside, in the words of the case."""
    harm_came_up: Tabled | None
    """The first fact on the table that speaks against one, whether anybody took it up or not."""
    talk: dict[Role, float]
    """Share of all letters spoken."""
    demands: dict[Role, dict[int, Decimal]]
    """Role -> round -> what it would get if the package took its first wishes, by the figures of then; the PM's is its
    package."""
    concessions: dict[Role, dict[int, Decimal]]
    """Role -> round -> how many points its demand fell since the one before; below 0 where it rose. Both by the figures
    of the later round: what news gives or takes is no concession."""
    faults: dict[Role, int]

    @property
    def trades_offered(self) -> int:
        """Different ones, seat by seat."""
        return len(self.trades)

    @property
    def trades_taken(self) -> int:
        """Both sides of the trade stood in a package tabled later."""
        return sum(each.taken is not None for each in self.trades)

    @property
    def trades_kept(self) -> int:
        """Of those, the ones that stand in the deal."""
        return sum(each.kept for each in self.trades)

    def facts(self, source: Source) -> int:
        """How many facts came to the table so."""
        return sum(each.source == source for each in self.tabled.values())

    @property
    def harm_first_raised(self) -> Tabled | None:
        """When a seat first spoke of harm: named it, or took it up."""
        spoke = [each for each in (self.harm_named, self.harm_taken_up) if each is not None]
        return min(spoke, key=lambda each: each.round, default=None)

    def plain(self) -> dict[str, object]:
        """With what is counted from it."""
        counted = ("trades_offered", "trades_taken", "trades_kept", "harm_first_raised")
        return {**self._asdict(), **{name: getattr(self, name) for name in counted}}


@remembered
def conduct(record: Record) -> Conduct:
    answers = [each.answer for each in record.answers]
    wanted = _wanted(record)
    turns = list(_turns(record))
    softer = [(last, now) for last, now in turns if _WARMTH[now.move.vote] > _WARMTH[last.move.vote]]
    tabled = when_tabled(record)
    return Conduct(
        asked=len(record.questions),
        answered=sum(not answer.declined for answer in answers),
        declined=sum(answer.declined for answer in answers),
        trades=trades(record),
        softened=len(softer),
        hardened=sum(_WARMTH[now.move.vote] < _WARMTH[last.move.vote] for last, now in turns),
        with_reason=sum(bool(now.move.moved_by) for _, now in softer),
        obliged=sum(obliged(record, last, now) for last, now in softer),
        tabled=tabled,
        withheld=_withheld(record),
        harm_taken_up=_harm_taken_up(record),
        harm_named=_harm_named(record),
        harm_came_up=_harm_came_up(record, tabled),
        talk=_talk(record),
        demands={
            role: {number: _worth(record, role, number, package) for number, package in row.items()}
            for role, row in wanted.items()
        },
        concessions={role: _falls(record, role, row) for role, row in wanted.items()},
        faults=_faults(record),
    )


def when_tabled(record: Record) -> dict[str, Tabled]:
    """Since when each fact has been on the table, and by whom; of any scenario, also as an audience knows it."""
    scenario, events = record.scenario, record.events
    tabled = {fact.id: Tabled(0, None) for fact in scenario.evidence if fact.known_at_start}
    for event in events:
        if isinstance(event, Opened | Answered):
            for name in event.move.tables:
                tabled.setdefault(name, Tabled(event.round, event.role))
        elif isinstance(event, Injected | Reported):
            for name in event.evidence:
                tabled.setdefault(name, Tabled(event.round, None))
    return tabled


def _withheld(record: Record) -> dict[str, Silence]:
    scenario, known = record.scenario, record.tabled
    ruled = {(scenario.criteria[name][1].owner, name) for ruling in record.rulings for name in ruling.asked}
    asked = record.asked() | {
        (scenario.criteria[each.about][1].owner, each.about) for each in raised(record) if each.how == "put"
    }
    declined = {(each.by, each.answer.about) for each in record.answers if each.answer.declined}
    kept, mute = _kept_from_answering(record), never_heard(record.events)
    silences: dict[str, Silence] = {}
    for fact in scenario.evidence:
        if fact.id in known or fact.takes is not None:
            continue
        bears_on = {*fact.supports, *fact.undermines, *issues_of(fact.unless), *issues_of(fact.when)}
        where = {(role, about) for role in fact.held_by for about in bears_on}
        silences[fact.id] = "faulted" if mute.issuperset(fact.held_by) else _silence(where, (asked, ruled, declined), kept)  # fmt: skip
    return silences


def _silence(
    where: set[tuple[Role, str]], by: tuple[set[tuple[Role, str]], ...], kept: set[tuple[Role, str]]
) -> Silence:  # fmt: skip
    """`by`: who was asked about what by a person, by a ruling, and who declined what."""
    asked, ruled, declined = by
    if where & declined:
        return "declined"
    if called := where & (asked | ruled):
        if called <= kept:
            return "faulted"
        return "asked" if called & asked else "ruling"
    return "not_asked"


def _kept_from_answering(record: Record) -> set[tuple[Role, str]]:
    """Who was asked about what and has had no turn since that did not fail."""
    last: dict[tuple[Role, str], int] = {(q.question.to, q.question.about): q.round for q in record.questions}
    for ruling in record.rulings:
        for name in ruling.asked:
            last.setdefault((record.scenario.criteria[name][1].owner, name), ruling.round)
    turns: dict[Role, list[Answered]] = {role: [] for role in record.scenario.parties}
    for event in record.positions:
        turns[event.role].append(event)
    return {
        (role, about) for (role, about), number in last.items()
        if (since := [event for event in turns[role] if event.round >= number])
        and all(event.fault is not None for event in since)
    }  # fmt: skip


def _harm_taken_up(record: Record) -> Tabled | None:
    first = next(iter(about(record, [each.id for each in record.scenario.checkpoints.alignment])), None)
    return None if first is None else Tabled(first.round, first.by)


def _harm_named(record: Record) -> Tabled | None:
    said = first_said(record, *(each.stake for each in record.scenario.affected))
    return None if said is None else Tabled(said.round, said.by)


def _harm_came_up(record: Record, tabled: dict[str, Tabled]) -> Tabled | None:
    scenario = record.scenario
    criteria = {each.id for each in scenario.checkpoints.alignment}
    told = [tabled[name] for name in tabled if not criteria.isdisjoint(scenario.facts[name].undermines)]
    return min(told, key=lambda each: each.round, default=None)


def _talk(record: Record) -> dict[Role, float]:
    letters = dict.fromkeys(record.scenario.parties, 0)
    for event, said in own(record):
        if isinstance(event, Framed | Opened | Proposed | Answered | Signed):
            letters[event.role] += sum(not char.isspace() for char in said)
    whole = sum(letters.values())
    return {role: count / whole if whole else 0.0 for role, count in letters.items()}


def _wanted(record: Record) -> dict[Role, dict[int, Package]]:
    """Role -> round -> the package on the table with its first wishes, where it is known what it would want."""
    demands: dict[Role, dict[int, Package]] = {role: {} for role in record.scenario.parties}
    package = None
    for event in record.events:
        if isinstance(event, Proposed):
            package = event.package
            if event.package is not None and event.fault is None:
                demands[PM][event.round] = event.package
        if isinstance(event, Answered) and package is not None:
            move = event.move
            if move.vote == "no_answer" or (move.vote != "yes" and not move.asks):
                continue  # what it would want instead is not known
            wished = {ask.issue: ask.options[0] for ask in move.asks if package[ask.issue] not in ask.options}
            demands[event.role][event.round] = package if move.vote == "yes" else {**package, **wished}
    return demands


def _worth(record: Record, role: Role, number: int, package: Package) -> Decimal:
    return worth(record.in_round(number).parties[role], package)


def _falls(record: Record, role: Role, row: dict[int, Package]) -> dict[int, Decimal]:
    rounds = sorted(row)
    return {
        number: _worth(record, role, number, row[before]) - _worth(record, role, number, row[number])
        for before, number in zip(rounds, rounds[1:], strict=False)
    }


def _turns(record: Record) -> Iterator[tuple[Answered, Answered]]:
    """Every vote of a colleague that has one before it, with that."""
    before: dict[Role, Answered] = {}
    for event in record.positions:
        if event.move.vote == "no_answer":
            continue
        if (last := before.get(event.role)) is not None:
            yield last, event
        before[event.role] = event


def obliged(record: Record, last: Answered, now: Answered) -> bool:
    """Whether the package has something now that a seat made a condition last time, and had not then."""
    packages = {event.round: event.package for event in record.proposals if event.package}
    was, is_ = packages.get(last.round), packages.get(now.round)
    return was is not None and is_ is not None and any(
        is_[ask.issue] in ask.options and was[ask.issue] not in ask.options for ask in last.move.asks
    )  # fmt: skip


def _faults(record: Record) -> dict[Role, int]:
    events = record.events
    faults: dict[Role, int] = {}
    for event in events:
        if getattr(event, "fault", None) is not None:
            faults[event.role] = faults.get(event.role, 0) + 1
    return faults


def crossed_by(scenario: Scenario, role: Role, package: dict[str, str]) -> bool:
    """Whether a package crosses a red line of this role."""
    return any(matches(package, line.when) for line in scenario.parties[role].red_lines)


ENOUGH = 10
"""The part of what a seat has to win, as one in so many, below which points are no concession."""


def counts(scenario: Scenario, role: Role, points: Decimal) -> bool:
    """Whether so many points, won or given up, are enough to speak of: a tenth of what lies between the walk-away of a
    seat and the best it could be given."""
    party = scenario.parties[role]
    best = sum(max(row.values()) for row in party.points.values())
    return points != 0 and abs(points) * ENOUGH >= best - party.walk_away
