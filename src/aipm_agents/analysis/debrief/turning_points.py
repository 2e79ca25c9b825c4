"""The turning points of a run: where a deciding fact first came out, and the largest moves, with what was said.

A fact is deciding if some gate of the run would have stood open without it, or shut, or if a deal would have had follow-ups
without it that it has not, or the other way round; a challenge likewise, of gates alone. A package is
credited with a criterion only if, on the same facts, the one before would not have met it; and alone, only if it would have
met it on the facts of the ruling before. Votes are not made again: a yes is credited to the package by whoever gave the
package as the reason, and with the other reasons given. Whom a move moved is told by those who named it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

from aipm_agents.analysis.debrief.credit import asked, broke, heard, won
from aipm_agents.analysis.run.aloud import spoken
from aipm_agents.analysis.run.conduct import conduct, counts, obliged
from aipm_agents.analysis.run.inquiry import inquiry
from aipm_agents.analysis.run.what_if import bases, shifts
from aipm_agents.roles import PM
from aipm_agents.scenario.changes import changed
from aipm_agents.table.checkpoints import is_open
from aipm_agents.table.events import Answered, Injected, Opened, Reported, Signed
from aipm_agents.table.rules import worth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.run.what_if import Basis, Shift
    from aipm_agents.roles import Role
    from aipm_agents.scenario.measures import FigureChange
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.moves import Vote
    from aipm_agents.table.record import Record

Kind = Literal["fact", "option", "challenge", "news", "vote", "package", "hold"]
MOVES = 3
"""How many of the largest moves are turning points, packages that opened a gate first, all of them; every deciding fact is one,
and the most that a seat gave up beside an unchanged vote."""
WARMTH: dict[Vote, int] = {"no": 0, "yes_if": 1, "yes": 2, "no_answer": 0}


class Turning(NamedTuple):
    round: int
    role: Role | None
    """None where it came from outside, or was sent for."""
    kind: Kind
    name: str
    """The fact; of an option its issue; of a challenge its fact; the criterion of a hold; empty for a vote, a package
    or news."""
    says: str
    """What was said with it."""
    part: str = ""
    """The option; the ground of the challenge."""
    shifts: tuple[Shift, ...] = ()
    """Gates that without this fact, or had this news changed no figure, would have stood open or shut, and did not."""
    changes: tuple[FigureChange, ...] = ()
    """Of news: the figures it changed."""
    was: Vote | None = None
    now: Vote | None = None
    gave: Decimal = Decimal(0)
    """By how many of its own points a seat's demand fell; below 0 where it rose; 0 where too few to speak of."""
    better: Decimal = Decimal(0)
    """Of a vote: how many points more the package voted on is worth to the seat than that of its vote before."""
    once: int | None = None
    """Of a vote: the earlier round, not the one before, in which this seat had last voted as it does now."""
    before: Package | None = None
    """For a package: the one tabled before it."""
    package: Package | None = None
    gained: tuple[str, ...] = ()
    """For a package: criteria met, and roles saying yes, that were not at the ruling before, by the package alone."""
    broke: tuple[str, ...] = ()
    """For a package: criteria that it fails, on the same facts on which the one before would have met them."""
    together: tuple[str, ...] = ()
    """The same, by the package and what has come since the ruling before: neither would have done it alone."""
    besides: tuple[Role, ...] = ()
    """For a package: roles whose yes came at its ruling, and that did not name it as the reason."""
    asked: tuple[Role, ...] = ()
    """Of these, who had made something that is new in it a condition; of a vote, its seat where it had."""
    lost: tuple[Role, ...] = ()
    """For a package: roles whose yes of the ruling before was gone."""
    said: tuple[tuple[Role, str], ...] = ()
    """What those said who gave it as a reason for their new yes: it may name somebody else."""
    heard: tuple[tuple[str, Role | None, int], ...] = ()
    """For a package that new yeses came with: facts that came out after the vote before, and so were new to these votes too,
    with who told each and when."""
    reasons: tuple[str, ...] = ()
    """What a seat gave as its reason: facts, or turns written `role@round`."""
    moved: tuple[tuple[Role, int], ...] = ()
    """Who later named it as a reason, and in which round."""

    @property
    def weight(self) -> tuple[int, ...]:
        """How much it changed: gates (one that it blocked counts more, a follow-up less), criteria and yeses won, votes;
        then people moved."""
        gates = {shift.gate: shift.now == "blocked" for shift in self.shifts if shift.opens}
        follow_ups = {shift.gate for shift in self.shifts} - gates.keys()
        opened = len(gates) if self.kind == "package" else 2 * len(gates)  # its criteria are counted below
        won = opened + sum(gates.values()) + len(follow_ups) + len(self.gained) + len(self.together)
        return (won + abs(_change(self.was, self.now)), len(self.moved))


def turning(record: Record) -> tuple[Turning, ...]:
    """In the order of the record."""
    found = [*_facts(record), *_options(record), *_doubts(record), *_news(record)]
    places = {(each.role, each.round): k for k, each in reversed(list(enumerate(found)))}
    moves = []
    for move in (*_votes(record), *_packages(record)):
        k = places.get((move.role, move.round))
        if k is None or move.kind != "vote":
            moves.append(move)
        else:  # one turn, one turning point
            found[k] = found[k]._replace(
                was=move.was,
                now=move.now,
                gave=move.gave,
                better=move.better,
                once=move.once,
                reasons=move.reasons,
                asked=move.asked,
                moved=found[k].moved or move.moved,
            )
    moves.sort(key=lambda each: (*each.weight, abs(each.gave), each.better), reverse=True)
    opening = [each for each in moves if each.kind == "package" and each.shifts]
    others = [each for each in moves if each not in opening]
    largest, rest = others[: (most := max(2, MOVES - len(opening)))], others[most:]
    quiet = [each for each in rest if each.was == each.now and each.gave > 0]
    given_up = sorted(quiet, key=lambda each: each.gave)[-1:]  # no vote shows it
    found += [*opening, *largest, *given_up, *_holds(record)]
    order: dict[Kind, int] = {"package": 0, "hold": 2}
    return tuple(sorted(found, key=lambda each: (each.round, order.get(each.kind, 1))))


def weightiest(found: tuple[Turning, ...], most: int) -> tuple[Turning, ...]:
    """The few to tell first, still in the order of the record."""
    kept = sorted(found, key=lambda each: each.weight, reverse=True)[:most]
    return tuple(each for each in found if each in kept)


def turned(found: tuple[Turning, ...]) -> bool:
    """Whether anything turned: facts that were there before the first ruling are what it rests on."""
    return any(each.kind != "fact" or each.round > 1 or each.was != each.now for each in found)


def _facts(record: Record) -> Iterator[Turning]:
    scenario = record.scenario
    rounds = bases(record)
    signed = rounds[-1].round if rounds and record.deal is not None else None
    for name, tabled in conduct(record).tabled.items():
        if scenario.facts[name].known_at_start and tabled.by is None and tabled.round == 0:
            continue
        hung = _without(rounds, name, signed)
        if hung:
            says = _said_with(record, name)
            moved = record.moved_by(name)
            yield Turning(tabled.round, tabled.by, "fact", name, says, shifts=hung, moved=moved)


def _without(rounds: tuple[Basis, ...], fact: str, signed: int | None) -> tuple[Shift, ...]:
    """What gates would have read without a fact (`was`) and read with it (`now`), in every round: of a fact that opened or
    shut one, or took a follow-up from the ruling that was `signed`, or put one to it."""
    with_it = [basis for basis in rounds if fact in basis.tabled]
    found = (shift for each in with_it for shift in shifts(each.taken(fact), each))
    hung = tuple(shift for shift in found if is_open(shift.was) or is_open(shift.now))
    return hung if any(shift.opens or shift.round == signed for shift in hung) else ()


def _news(record: Record) -> Iterator[Turning]:
    """News that changed figures, where a gate read otherwise for it: each ruling is made again as if it had changed none.
    Facts that it brought are told by themselves."""
    rounds = bases(record)
    signed = rounds[-1].round if rounds and record.deal is not None else None
    for event in record.events:
        if isinstance(event, Injected) and event.changes:
            later = [basis for basis in rounds if basis.round >= event.round]
            found = [shift for each in later for shift in shifts(each._replace(scenario=_unchanged(record, event, each.round)), each)]  # fmt: skip
            if any(shift.opens or shift.round == signed for shift in found):
                yield Turning(event.round, None, "news", "", event.headline, shifts=tuple(found), changes=event.changes)  # fmt: skip


def _unchanged(record: Record, news: Injected, number: int) -> Scenario:
    """The scenario of a round with the changes of all other news."""
    others = (e for e in record.events if isinstance(e, Injected) and e is not news and e.round <= number)
    return changed(record.in_round(0), {each.key: each.now for event in others for each in event.changes})


def _said_with(record: Record, fact: str) -> str:
    events = record.events
    for event in events:
        if isinstance(event, Opened | Answered) and fact in event.move.tables:
            return event.move.says
        if isinstance(event, Injected) and fact in event.evidence:
            return event.headline
        if isinstance(event, Reported) and fact in event.evidence:
            return ""
    return ""


def _options(record: Record) -> Iterator[Turning]:
    """A held option is a turning point once a package has it."""
    for (issue, option), tabled in inquiry(record).brought.items():
        if any(package[issue] == option for package in record.packages):
            event = record.turn(tabled.by, tabled.round)
            moved = record.moved_by(f"{tabled.by}@{tabled.round}")
            yield Turning(
                tabled.round, tabled.by, "option", issue, spoken(event) if event else "", option, moved=moved
            )


def _doubts(record: Record) -> Iterator[Turning]:
    """A challenge is a turning point once a ruling hung on it, or somebody was moved by it."""
    rounds = bases(record)
    for made in inquiry(record).challenges:
        event = record.turn(made.by, made.round)
        if not made.effect or event is None:
            continue
        later = [basis for basis in rounds if basis.round >= made.round]
        hung = tuple(
            shift for each in later
            for shift in shifts(each.unchallenged(made.evidence, made.ground), each)
            if shift.opens
        )  # fmt: skip
        name, moved = made.evidence, record.moved_by(f"{made.by}@{made.round}")
        if hung or moved:
            yield Turning(
                made.round, made.by, "challenge", name, spoken(event), made.ground, hung, moved=moved
            )


def _votes(record: Record) -> Iterator[Turning]:
    """Every vote that changed, and every demand that fell or rose by enough beside an unchanged one."""
    work = conduct(record)
    packages = {event.round: event.package for event in record.proposals if event.package}
    cast: dict[Role, list[Answered]] = {}
    for event in record.positions:
        if event.move.vote == "no_answer":
            continue
        earlier = cast.setdefault(event.role, [])
        last = earlier[-1] if earlier else None
        earlier.append(event)
        if last is None:
            continue
        told = {last.round, event.round} <= work.demands[event.role].keys()
        gave = work.concessions[event.role][event.round] if told else Decimal(0)
        asked_more = gave < 0 and event.move.vote != "yes"  # a yes takes what it is offered
        if not counts(record.in_round(event.round), event.role, gave) or not (gave > 0 or asked_more):
            gave = Decimal(0)
        if last.move.vote != event.move.vote or gave:
            party = record.in_round(event.round).parties[event.role]
            then, now = (packages.get(each.round) for each in (last, event))
            better = worth(party, now) - worth(party, then) if then and now else Decimal(0)
            once = [each.round for each in earlier[:-2] if each.move.vote == event.move.vote]
            yield Turning(
                event.round, event.role, "vote", "", event.move.says, was=last.move.vote, now=event.move.vote, gave=gave, better=better,
                once=once[-1] if once and last.move.vote != event.move.vote else None, reasons=event.move.moved_by, moved=record.moved_by(f"{event.role}@{event.round}"),
                asked=(event.role,) if obliged(record, last, event) else (),
            )  # fmt: skip


def _packages(record: Record) -> Iterator[Turning]:
    """Proposals that won criteria or yeses at their ruling."""
    rounds = bases(record)
    proposed = {event.round: event for event in record.proposals}
    for before, now in zip(rounds, rounds[1:], strict=False):
        event = proposed.get(now.round)
        if event is None or before.package == now.package:
            continue
        alone, both = won(record, before, now)
        if alone or both:
            moved = record.moved_by(f"{PM}@{now.round}")
            says = event.move.says if event.move else ""
            was, is_ = before.ruling.team.yes, now.ruling.team.yes
            besides = tuple(role for role in is_ if role not in (*was, *alone, *both))
            opened = tuple(
                s for s in shifts(now._replace(package=before.package), now) if s.opens and is_open(s.now)
            )
            new = [
                e for e in record.positions if e.round == now.round and e.role in is_ and e.role not in was
            ]
            yield Turning(
                now.round, PM, "package", "", says, before=before.package, package=now.package, gained=alone, broke=broke(before, now),
                together=both, moved=moved, lost=tuple(role for role in was if role not in is_),
                besides=besides, asked=asked(record, besides, before, now), shifts=opened,
                said=tuple((e.role, e.move.says) for e in new if e.role in (*alone, *both) and e.move.says),
                heard=tuple(one for one in heard(record, before, now) if any(e.role != one[1] for e in new)),
            )  # fmt: skip


def _holds(record: Record) -> Iterator[Turning]:
    events = record.events
    for event in events:
        if isinstance(event, Signed) and event.fault is None and not event.move.signs:
            says = event.move.says or event.move.reason
            yield Turning(event.round, event.role, "hold", event.move.criterion or "", says)


def _change(was: Vote | None, now: Vote | None) -> int:
    if was is None or now is None or "no_answer" in (was, now):
        return 0
    return WARMTH[now] - WARMTH[was]
