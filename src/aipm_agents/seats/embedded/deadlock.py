"""Who stands against whom over what, where the table has been stuck for three rounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.roles import PM
from aipm_agents.table.events import Answered, Proposed, Ruled

if TYPE_CHECKING:
    from aipm_agents.roles import Role
    from aipm_agents.table.moves import Ask
    from aipm_agents.table.view import View

STUCK = 3
"""Rulings in a row without the votes, the last for nothing else, with the same two apart."""


class Deadlock(NamedTuple):
    one: Role
    other: Role
    """May be the PM itself."""
    issue: str
    mine: str
    """What the one has asked for all along, and no package has had."""
    yours: str
    """What the other said it wants there."""


def deadlock(view: View) -> Deadlock | None:
    """The first colleague without a yes in each of the last rounds who asked for the same thing in all of them, with
    whoever said it wants another; None where something else stops the table, or they are not two."""
    rulings = [event for event in view.events if isinstance(event, Ruled)][-STUCK:]
    if len(rulings) < STUCK or any(ruling.team.verdict == "pass" for ruling in rulings):
        return None
    if not only_votes(view, rulings[-1]):
        return None
    rounds = [ruling.round for ruling in rulings]
    for role in view.scenario.colleagues:
        turns = [
            e.move for e in view.events if isinstance(e, Answered) and e.role == role and e.round in rounds
        ]
        if len(turns) < STUCK or any(move.vote in ("yes", "no_answer") for move in turns):
            continue
        for ask in turns[-1].asks:
            if view.package is not None and view.package[ask.issue] in ask.options:
                continue  # what the plan has would do for it, too
            wanted = ask.issue, ask.options[0]
            held = all(any((a.issue, a.options[0]) == wanted for a in move.asks) for move in turns)
            if held and not _tabled(view, wanted, rounds) and (against := _against(view, role, ask, rounds)):
                return Deadlock(role, against[0], ask.issue, ask.options[0], against[1])
    return None


def only_votes(view: View, ruling: Ruled) -> bool:
    """Whether nothing but votes was missing: all four checkpoints would open with them."""
    blocking = (f for f in ruling.findings if view.scenario.criteria[f.criterion][1].blocking)
    return all(finding.status == "met" for finding in blocking) and not ruling.too_new


def tabled(view: View, rounds: int = STUCK) -> list[dict[str, str]]:
    """The packages of the last rounds."""
    packages = [e.package for e in view.events if isinstance(e, Proposed) and e.package is not None]
    return packages[-rounds:]


def _tabled(view: View, choice: tuple[str, str], rounds: list[int]) -> bool:
    return any(
        event.package is not None and event.package[choice[0]] == choice[1]
        for event in view.events if isinstance(event, Proposed) and event.round in rounds
    )  # fmt: skip


def _against(view: View, role: Role, wish: Ask, rounds: list[int]) -> tuple[Role, str] | None:
    """Who has said in these rounds that it wants something else on the issue, and has not offered to let it go; failing
    that, the PM, where the plan has what it likes better by its own points."""
    said: dict[Role, str] = {}
    for event in view.events:
        if not isinstance(event, Answered) or event.role == role or event.round not in rounds:
            continue
        move = event.move
        wishes = [ask.options[0] for ask in move.asks if ask.issue == wish.issue and move.vote != "yes"]
        for reply in move.replies:
            wishes += reply.prefers[:1] if reply.about == wish.issue else ()
        if wishes:
            said[event.role] = wishes[-1]
        if move.trade is not None and move.trade.give.get(wish.issue) in wish.options:
            said.pop(event.role, None)
    now = view.package[wish.issue] if view.package is not None else None
    apart = {other: option for other, option in said.items() if option not in wish.options}
    for other, option in apart.items():
        if option == now:
            return other, option
    if apart:
        return next(iter(apart.items()))
    row = view.me.points[wish.issue]
    holds_on = now is not None and now not in wish.options and row[now] > row[wish.options[0]]
    return (PM, now) if now is not None and holds_on else None
