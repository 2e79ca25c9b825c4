"""What a package can be credited with at its ruling, beside what came out meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.analysis.run.conduct import conduct
from aipm_agents.roles import PM
from aipm_agents.table.checkpoints import find

if TYPE_CHECKING:
    from aipm_agents.analysis.run.what_if import Basis
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package
    from aipm_agents.table.record import Record


def heard(record: Record, before: Basis, now: Basis) -> tuple[tuple[str, Role | None, int], ...]:
    """What colleagues told in the round before, all at once, and what came from outside since."""
    return tuple(
        (name, each.by, each.round) for name, each in conduct(record).tabled.items()
        if each.round == (before.round if each.by else now.round)
    )  # fmt: skip


def asked(record: Record, roles: tuple[Role, ...], before: Basis, now: Basis) -> tuple[Role, ...]:
    """Who of them, in a round before, made something a condition that this package has and the one before had not."""
    asks = {
        event.role for event in record.positions if event.round < now.round
        for ask in event.move.asks
        if now.package[ask.issue] in ask.options and before.package[ask.issue] not in ask.options
    }  # fmt: skip
    return tuple(role for role in roles if role in asks)


def won(record: Record, before: Basis, now: Basis) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the package won by itself, and what only with what has come since: something said, or news."""
    won = {f.criterion for f in now.ruling.findings if f.status == "met"}
    won -= {f.criterion for f in before.ruling.findings if f.status == "met"}

    needed = [
        name for name in record.scenario.criteria if name in won and not _meets(name, before.package, now)
    ]
    alone = [name for name in needed if _meets(name, now.package, before)]
    both = [name for name in needed if name not in alone]
    for event in record.positions:
        new = event.role in now.ruling.team.yes and event.role not in before.ruling.team.yes
        if event.round == now.round and new and f"{PM}@{now.round}" in event.move.moved_by:
            (both if len(event.move.moved_by) > 1 else alone).append(event.role)
    return tuple(alone), tuple(both)


def broke(before: Basis, now: Basis) -> tuple[str, ...]:
    """Criteria that the package fails, and that the one before would have met on the facts of now."""
    failed = [f.criterion for f in now.ruling.findings if f.status == "failed"]
    return tuple(name for name in failed if _meets(name, before.package, now))


def _meets(name: str, package: Package, basis: Basis) -> bool:
    criterion = basis.scenario.criteria[name][1]
    return find(basis.scenario, criterion, package, basis.tabled, basis.contests).status == "met"
