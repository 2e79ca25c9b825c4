"""Promises that came to a vote, and whether they were kept: a trade that was tabled, a condition that was met.

A promise is what a move says in its form, never in its words. A trade promises no vote below yes-if once both sides
are on the table; a yes-if promises to carry that package with what it asks for. The last is looked at only where the
next package is the same but for that: with anything else changed, a no is a no to the change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from aipm_agents.table.memory import remembered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package
    from aipm_agents.table.events import Answered
    from aipm_agents.table.moves import Position
    from aipm_agents.table.record import Record


class Promise(NamedTuple):
    made: int
    """The round it was made in."""
    round: int
    """The round it came to a vote in."""
    role: Role
    kind: Literal["trade", "condition"]
    kept: bool
    because: tuple[str, ...]
    """Where it was not: what the seat named as changed since (`moved_by`), or `red_line`."""


@remembered
def promises(record: Record) -> tuple[Promise, ...]:
    """In the order of the votes; one vote may answer two promises."""
    return tuple(found for event in record.positions for found in _due(record, event))


def _due(record: Record, now: Answered) -> Iterator[Promise]:
    package = next((e.package for e in record.proposals if e.round == now.round), None)
    if package is None or now.move.vote == "no_answer":
        return
    before = [e for e in record.positions if e.role == now.role and e.round < now.round and e.fault is None]
    kept, because = now.move.vote in ("yes", "yes_if"), _reasons(now.move)
    offer = next((e for e in reversed(before) if e.move.trade is not None), None)
    if offer is not None and offer.move.trade is not None:
        trade = offer.move.trade
        if all(package[issue] == option for issue, option in (*trade.give.items(), *trade.get.items())):
            yield Promise(offer.round, now.round, now.role, "trade", kept, () if kept else because)
    last = before[-1] if before else None
    if last is not None and last.move.vote == "yes_if":
        was = next((e.package for e in record.proposals if e.round == last.round), None)
        if was is not None and _met(was, package, last.move):
            yield Promise(last.round, now.round, now.role, "condition", kept, () if kept else because)


def _met(was: Package, now: Package, move: Position) -> bool:
    """Whether the package is the one before with everything that was asked for, and nothing else changed."""
    asked = {ask.issue: ask.options for ask in move.asks}
    return was != now and all(
        now[issue] in asked[issue] if issue in asked else now[issue] == option
        for issue, option in was.items()
    )


def _reasons(move: Position) -> tuple[str, ...]:
    return (*move.moved_by, *(["red_line"] if move.red_line is not None else []))
