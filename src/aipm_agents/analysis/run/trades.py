"""The trades that were offered, each with what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package
    from aipm_agents.table.record import Record


class TradeOffered(NamedTuple):
    """One trade, told once however often its seat repeats it. What came of it is what later packages held; whether they
    held it for the trade is on no record."""

    by: Role
    round: int
    give: Package
    get: Package
    taken: int | None
    """The first later round whose package had both sides."""
    got: tuple[int, ...]
    """The later rounds whose package had what was asked for, and not what was offered for it."""
    deal: tuple[bool, bool] = (False, False)
    """Whether the deal has what was offered, and whether it has what was asked for."""

    paid: int | None = None
    """The round of another offer of this seat, where that one paid: both its sides stand in the deal, and all that was
    asked for here with them."""

    @property
    def kept(self) -> bool:
        """Taken, and both sides stand in the deal."""
        return self.taken is not None and all(self.deal)

    @property
    def unpaid(self) -> bool:
        """The deal has what was asked for, and not what was offered for it."""
        return self.deal == (False, True)


def trades(record: Record) -> tuple[TradeOffered, ...]:
    """In the order of the record."""
    offered = tuple(_offered(record))
    return tuple(
        each._replace(paid=min(
            (other.round for other in offered if other.by == each.by and all(other.deal) and each.get.items() <= other.get.items()),
            default=None,
        ))
        if each.unpaid else each
        for each in offered
    )  # fmt: skip


def _offered(record: Record) -> Iterator[TradeOffered]:
    told = set()
    deal = (record.deal or {}).items()
    for event in record.positions:
        trade = event.move.trade
        if trade is None:
            continue
        give, get = dict(trade.give), dict(trade.get)
        key = event.role, tuple(sorted(give.items())), tuple(sorted(get.items()))
        if key in told:
            continue
        told.add(key)
        later = {e.round: e.package.items() for e in record.proposals if e.round > event.round and e.package}
        both = [n for n, package in later.items() if give.items() <= package and get.items() <= package]
        got = tuple(n for n, package in later.items() if get.items() <= package and n not in both)
        yield TradeOffered(
            event.role, event.round, give, get, min(both, default=None), got,
            (give.items() <= deal, get.items() <= deal),
        )  # fmt: skip
