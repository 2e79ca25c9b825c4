"""Why a seat asks for what it asks for, and what else would have to change for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.seats.embedded.stance import asked_before
from aipm_agents.seats.embedded.voice import Act, chosen
from aipm_agents.table.rules import issues_of

if TYPE_CHECKING:
    from aipm_agents.scenario.values import Choices
    from aipm_agents.seats.embedded.interests import Interests
    from aipm_agents.seats.embedded.stance import Stance
    from aipm_agents.table.moves import Ask
    from aipm_agents.table.view import View


def more(view: View, mine: Interests, stand: Stance, *, crossed: int | None) -> list[Act]:
    """Why, and what else would have to change. Why not over a red line is about that line."""
    acts = []
    if stand.vote != "yes":
        issues = (
            issues_of(view.me.red_lines[crossed].when)
            if crossed is not None else tuple(a.issue for a in stand.asks[:1] if _argued(view, a))
        )  # fmt: skip
        acts += [why for issue in issues if (why := argument(view, issue))][:1]
        acts += _needs_also(view, mine, stand)
    return acts


def _needs_also(view: View, mine: Interests, stand: Stance) -> list[Act]:
    """Where it asks again for what stops the package as it stands: what the nearest one with it has beside it. Said only
    of what everybody can see to fail, and where nothing with it passes that has not all of that: a red line of its own is
    no gate, and where there are two ways neither has to be."""
    package = view.package
    if package is None or stand.offer is not None or not stand.asks or not asked_before(view, stand.asks[0]):
        return []
    issue, option = stand.asks[0].issue, stand.asks[0].options[0]
    wished = {**package, issue: option}
    fails = mine.reach.passes(package) and mine.reach.stops(wished) and mine.crossed(wished) is None
    if not fails or option not in mine.reach.options[issue]:
        return []
    having: Choices = {issue: (option,)}
    nearest = mine.reach.nearest(wished, having)
    also = {i: o for i, o in nearest.items() if o != wished[i]}
    beside: Choices = {i: (o,) for i, o in also.items()}
    if mine.reach.stops(nearest) or not mine.reach.needs(having, beside):
        return []
    if all((each.issue, each.options[0]) in also.items() for each in stand.asks[1:]) and len(
        stand.asks
    ) > len(also):
        return []  # it asks for all of it
    slots = {"option": chosen(view, {issue: option}), "also": chosen(view, also)}
    missing = [each for each in stand.asks if package[each.issue] not in each.options]
    if stand.vote == "yes_if" and len(missing) < 2:  # it has just been named, and nothing else
        return [Act("needs_it", slots, else_="needs_also")]
    return [Act("needs_also", slots)]


def _argued(view: View, ask: Ask) -> bool:
    """Whether what the seat has to say on an issue speaks for this ask: it was written for what is worth most to it, and
    may have a hard word for the rest."""
    row = view.me.points[ask.issue]
    return len(ask.options) == 1 and row[ask.options[0]] == max(row.values())


def argument(view: View, issue: str) -> Act | None:
    """The role's own sentences on an issue."""
    lines = view.me.argues.get(issue, ())
    return Act("argument", lines=tuple(lines), bare=True) if lines else None
