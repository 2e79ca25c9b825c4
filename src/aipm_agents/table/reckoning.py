"""What a seat can work out from its own view: what packages give it, what it likes best, what it may do now.

Nothing here knows more than the view does: the only card it reads is the seat's own.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, get_args

from aipm_agents.scenario import lenses
from aipm_agents.table.events import Answered, Opened, Signed
from aipm_agents.table.heard import challenges
from aipm_agents.table.lawful import owed, promised
from aipm_agents.table.moves import Ask, Challenge, Choice
from aipm_agents.table.rules import matches, metric_value, worth

if TYPE_CHECKING:
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package
    from aipm_agents.scenario.values import Id
    from aipm_agents.table.moves import Question, Vote
    from aipm_agents.table.view import View


class Lawful(NamedTuple):
    """What a seat may do now. What is not named here would be refused, and count as an abstention."""

    options: dict[Id, tuple[Id, ...]]
    """Issue -> the options this seat knows of: for packages, asks and trades."""
    votes: tuple[Vote, ...]
    """Empty where nothing is on the table."""
    tables: tuple[Id, ...]
    """Facts it holds and nobody has put on the table."""
    brings: tuple[Choice, ...]
    """Options it holds and nobody has brought."""
    challenges: tuple[Challenge, ...]
    """Facts on the table with a ground on which nobody has doubted them yet."""
    asks_whom: tuple[Role, ...]
    asks_about: tuple[str, ...]
    """Issues, criteria, facts on the table and words in use that a question may be about."""
    owes: Question | None
    """The question this seat should answer now."""
    must_say_why: bool
    """A no must name what changed (`moved_by`): the package keeps the trade this seat offered."""
    red_lines: tuple[int, ...]
    """The own ones that the package on the table crosses, counted from 0."""
    commissions: tuple[Id, ...]
    """Studies that would still arrive in time; only the PM has them made."""
    holds: tuple[Id, ...]
    """Criteria for which a deal may still be held; only the PM signs."""


def own_worth(view: View, package: Package | None) -> Decimal:
    return worth(view.me, _given(view, package))


def best(view: View) -> Decimal:
    """The most that any package this seat knows of is worth to it."""
    if not view.me.bonuses and not view.scenario.bound_options:
        return sum((max(row.values()) for row in view.me.points.values()), Decimal(0))
    return view.space.unscaled(int(view.points[view.space.existing].max()))


def totals(view: View, package: Package | None) -> dict[Id, Decimal]:
    package = _given(view, package)
    return {each.id: metric_value(view.scenario, each.id, package) for each in view.scenario.metrics}


def favourites(view: View, most: int) -> tuple[Ask, ...]:
    package, points, wishes, there = view.package, view.me.points, [], view.space.there
    for issue, options in view.space.options.items():
        spoken = [
            option for option in options if (issue, option) not in view.secret and option in there[issue]
        ]
        best = max(points[issue][option] for option in spoken)
        now = points[issue][package[issue]] if package else min(points[issue][option] for option in spoken)
        liked = tuple(option for option in spoken if points[issue][option] == best)
        if best > now:
            wishes.append((best - now, Ask(issue=issue, options=liked)))
    wishes.sort(key=lambda wish: -wish[0])
    return tuple(ask for _, ask in wishes[:most])


def asks(view: View) -> dict[Role, tuple[Ask, ...]]:
    found: dict[Role, tuple[Ask, ...]] = {}
    for event in view.events:
        if isinstance(event, Opened | Answered) and event.role != view.role and event.move.asks:
            found[event.role] = event.move.asks
    return found


def lawful(view: View) -> Lawful:
    scenario, package = view.scenario, view.package
    crossed = [] if package is None else [
        k for k, line in enumerate(view.me.red_lines) if matches(package, line.when)
    ]  # fmt: skip
    doubted = [event.move.challenge for event in challenges(view.events)]
    doubts = (
        Challenge(evidence=fact, ground=ground)
        for fact in scenario.facts if fact in view.tabled for ground in get_args(lenses.Ground)
    )  # fmt: skip
    held = {event.move.criterion for event in view.events if isinstance(event, Signed)}
    return Lawful(
        options=dict(view.space.options),
        votes=() if package is None else ("yes", "yes_if", "no"),
        tables=view.untabled, brings=tuple(Choice(issue=i, option=o) for i, o in view.secret),
        challenges=tuple(each for each in doubts if each not in doubted),
        asks_whom=tuple(role for role in scenario.parties if role != view.role),
        asks_about=(*scenario.issue, *scenario.criteria, *(f for f in scenario.facts if f in view.tabled), *view.words),
        owes=owed(view), must_say_why=promised(view), red_lines=tuple(crossed),
        commissions=view.studies, holds=tuple(name for name in scenario.criteria if name not in held),
    )  # fmt: skip


def _given(view: View, package: Package | None) -> Package:
    package = view.package if package is None else package
    if package is None:
        raise ValueError("nothing is on the table yet; name a package")
    return package
