"""The turning points of a run: where a deciding fact first came out, and the largest moves, with what was said.

A fact is deciding if some gate of the run would have stood open without it, or shut. What a move changed is told by
the next ruling; whom it moved, by those who later gave it as their reason.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

from aipm_agents.analysis.run.conduct import conduct, spoken
from aipm_agents.analysis.run.inquiry import inquiry
from aipm_agents.analysis.run.what_if import bases, shifts
from aipm_agents.roles import PM
from aipm_agents.table.checkpoints import is_open
from aipm_agents.table.events import Answered, Injected, Opened, Proposed, Reported, Ruled, Signed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.run.what_if import Basis, Shift
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.moves import Vote
    from aipm_agents.table.record import Record

Kind = Literal["fact", "option", "challenge", "vote", "package", "hold"]
MOVES = 3
"""How many of the largest moves are turning points; every deciding fact is one."""
_WARMTH: dict[Vote, int] = {"no": 0, "yes_if": 1, "yes": 2}


class Turning(NamedTuple):
    round: int
    role: Role | None
    """None where it came from outside, or was sent for."""
    kind: Kind
    name: str
    """The fact; `issue=option`; `fact:ground`; the criterion of a hold; empty for a vote or a package."""
    says: str
    """What was said with it."""
    shifts: tuple[Shift, ...] = ()
    """Gates that without this fact would have stood open or shut, and with it did not."""
    was: Vote | None = None
    now: Vote | None = None
    gave: Decimal = Decimal(0)
    """By how many of its own points a seat's demand fell; below 0 where it rose."""
    before: Package | None = None
    """For a package: the one tabled before it."""
    package: Package | None = None
    gained: tuple[str, ...] = ()
    """For a package: criteria met, and roles saying yes, that were not at the ruling before."""
    reasons: tuple[str, ...] = ()
    """What a seat gave as its reason: facts, or turns written `role@round`."""
    moved: tuple[tuple[Role, int], ...] = ()
    """Who later named it as a reason, and in which round."""

    @property
    def weight(self) -> tuple[int, ...]:
        """How much it changed: gates (one that it blocked counts more), criteria and yeses won, votes; then
        people moved."""
        gates = {shift.gate: shift.now == "blocked" for shift in self.shifts}
        won = 2 * len(gates) + sum(gates.values()) + len(self.gained)
        return (won + abs(_change(self.was, self.now)), len(self.moved))


def turning(record: Record) -> tuple[Turning, ...]:
    """In the order of the record."""
    found = [*_facts(record), *_options(record), *_doubts(record)]
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
                reasons=move.reasons,
                moved=found[k].moved or move.moved,
            )
    moves.sort(key=lambda each: (*each.weight, abs(each.gave)), reverse=True)
    found += [*moves[:MOVES], *_holds(record)]
    order: dict[Kind, int] = {"package": 0, "hold": 2}
    return tuple(sorted(found, key=lambda each: (each.round, order.get(each.kind, 1))))


def weightiest(found: tuple[Turning, ...], most: int) -> tuple[Turning, ...]:
    """The few to tell first, still in the order of the record."""
    kept = sorted(found, key=lambda each: each.weight, reverse=True)[:most]
    return tuple(each for each in found if each in kept)


def _facts(record: Record) -> Iterator[Turning]:
    scenario = record.scenario
    rounds = bases(record)
    for name, tabled in conduct(record).tabled.items():
        if scenario.facts[name].known_at_start and tabled.by is None and tabled.round == 0:
            continue
        changed = _without(scenario, rounds, name)
        if changed:
            says = _said_with(record, name)
            moved = record.moved_by(name)
            yield Turning(tabled.round, tabled.by, "fact", name, says, changed, moved=moved)


def _without(scenario: Scenario, rounds: tuple[Basis, ...], fact: str) -> tuple[Shift, ...]:
    """Gates that without a fact would have stood open or shut (`was`) and with it did not (`now`)."""
    with_it = [basis for basis in rounds if fact in basis.tabled]
    changed = (shift for each in with_it for shift in shifts(scenario, each.taken(fact), each))
    return tuple(shift for shift in changed if is_open(shift.was) != is_open(shift.now))


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
    for name, tabled in inquiry(record).brought.items():
        issue, option = name.split("=", 1)
        if any(package[issue] == option for package in record.packages):
            event = record.turn(tabled.by, tabled.round)
            moved = record.moved_by(f"{tabled.by}@{tabled.round}")
            yield Turning(
                tabled.round, tabled.by, "option", name, spoken(event) if event else "", moved=moved
            )


def _doubts(record: Record) -> Iterator[Turning]:
    for made in inquiry(record).challenges:
        event = record.turn(made.by, made.round)
        if made.effect and event is not None:
            name, moved = f"{made.evidence}:{made.ground}", record.moved_by(f"{made.by}@{made.round}")
            yield Turning(made.round, made.by, "challenge", name, spoken(event), moved=moved)


def _votes(record: Record) -> Iterator[Turning]:
    """Every vote that changed, and every demand that fell or rose beside an unchanged one."""
    demands = conduct(record).demands
    before: dict[Role, Answered] = {}
    for event in record.positions:
        if event.move.vote == "no_answer":
            continue
        last = before.get(event.role)
        before[event.role] = event
        if last is None:
            continue
        row = demands[event.role]
        gave = row[last.round] - row[event.round] if {last.round, event.round} <= row.keys() else Decimal(0)
        if last.move.vote != event.move.vote or gave:
            yield Turning(
                event.round, event.role, "vote", "", event.move.says, was=last.move.vote, now=event.move.vote, gave=gave,
                reasons=event.move.moved_by, moved=record.moved_by(f"{event.role}@{event.round}"),
            )  # fmt: skip


def _packages(record: Record) -> Iterator[Turning]:
    """Proposals that won criteria or yeses at their ruling."""
    events = record.events
    last: tuple[Proposed, Ruled] | None = None
    tabled: Proposed | None = None
    for event in events:
        if isinstance(event, Proposed) and event.package is not None:
            tabled = event
        if not isinstance(event, Ruled) or tabled is None:
            continue
        if last is not None and tabled.package != last[0].package:
            won = _won(last[1], event)
            moved = record.moved_by(f"{PM}@{event.round}")
            says = tabled.move.says if tabled.move else ""
            if won:
                yield Turning(
                    event.round, PM, "package", "", says, before=last[0].package, package=tabled.package, gained=won, moved=moved,
                )  # fmt: skip
        last = tabled, event


def _won(before: Ruled, after: Ruled) -> tuple[str, ...]:
    met = {finding.criterion for finding in before.findings if finding.status == "met"}
    criteria = [f.criterion for f in after.findings if f.status == "met" and f.criterion not in met]
    return (*criteria, *(role for role in after.team.yes if role not in before.team.yes))


def _holds(record: Record) -> Iterator[Turning]:
    events = record.events
    for event in events:
        if isinstance(event, Signed) and not event.move.signs:
            says = event.move.says or event.move.reason
            yield Turning(event.round, event.role, "hold", event.move.criterion or "", says)


def _change(was: Vote | None, now: Vote | None) -> int:
    if was is None or now is None or "no_answer" in (was, now):
        return 0
    return _WARMTH[now] - _WARMTH[was]
