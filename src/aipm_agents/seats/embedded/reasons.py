"""Why a seat asks for what it asks for, and what else would have to change for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.seats.embedded.turn import asked_before
from aipm_agents.seats.embedded.voice import Act, chosen
from aipm_agents.table.checkpoints import fails
from aipm_agents.table.rules import issues_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from aipm_agents.scenario.model import Package
    from aipm_agents.seats.embedded.interests import Interests
    from aipm_agents.seats.embedded.turn import Stance
    from aipm_agents.table.moves import Ask
    from aipm_agents.table.view import View


def more(
    view: View, mine: Interests, stand: Stance, *, crossed: int | None, tables: Collection[str]
) -> list[Act]:
    """Why, and what else would have to change. Why not over a red line is about that line. `tables`: facts it tells now."""
    acts = []
    if stand.vote != "yes":
        issues = (
            issues_of(view.me.red_lines[crossed].when)
            if crossed is not None else tuple(a.issue for a in stand.asks[:1] if _argued(view, a))
        )  # fmt: skip
        acts += [why for issue in issues if (why := argument(view, issue))][:1]
        acts += _needs_also(view, mine, stand, {*view.tabled, *tables})
    return acts


def _needs_also(view: View, mine: Interests, stand: Stance, known: Collection[str]) -> list[Act]:
    """Where it asks again for what stops the package as it stands: what the nearest one with it has beside it. Only where
    a checkpoint stops the one, by what the table knows, and none the other: a red line of its own is nothing that all see."""
    package = view.package
    if package is None or stand.offer is not None or not stand.asks or not asked_before(view, stand.asks[0]):
        return []
    issue, option = stand.asks[0].issue, stand.asks[0].options[0]
    wished = {**package, issue: option}
    if not mine.reach.passes(package) or mine.reach.passes(wished) or option not in mine.reach.options[issue]:
        return []
    nearest = mine.reach.nearest(wished, mine.party, {issue: (option,)})
    if not stopped(view, wished, known) or stopped(view, nearest, known):
        return []
    also = {i: o for i, o in nearest.items() if o != wished[i]}
    if all((each.issue, each.options[0]) in also.items() for each in stand.asks[1:]) and len(
        stand.asks
    ) > len(also):
        return []  # it asks for all of it
    slots = {"option": chosen(view, {issue: option}), "also": chosen(view, also)}
    missing = [each for each in stand.asks if package[each.issue] not in each.options]
    if stand.vote == "yes_if" and len(missing) < 2:  # it has just been named, and nothing else
        return [Act("needs_it", slots, else_="needs_also")]
    return [Act("needs_also", slots)]


def stopped(view: View, package: Package, known: Collection[str]) -> bool:
    """Whether a checkpoint fails a package, these facts known."""
    criteria = (criterion for _, criterion in view.scenario.criteria.values() if criterion.blocking)
    return any(fails(view.scenario, criterion, package, known) for criterion in criteria)


def _argued(view: View, ask: Ask) -> bool:
    """Whether what the seat has to say on an issue speaks for this ask: it was written for what is worth most to it, and
    may have a hard word for the rest."""
    row = view.me.points[ask.issue]
    return len(ask.options) == 1 and row[ask.options[0]] == max(row.values())


def argument(view: View, issue: str) -> Act | None:
    """The role's own sentences on an issue."""
    lines = view.me.argues.get(issue, ())
    return Act("argument", lines=tuple(lines), bare=True) if lines else None
