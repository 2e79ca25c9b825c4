"""Which option an embedded colleague knows and nobody else, and when it says so: asked, needed, or better off."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aipm_agents.seats.embedded.disclosure import ASKED_BONUS, UNASKED_FACTOR
from aipm_agents.seats.embedded.interests import dice
from aipm_agents.seats.embedded.voice import Act, chosen, prose
from aipm_agents.table.checkpoints import fails
from aipm_agents.table.events import Answered, Proposed
from aipm_agents.table.moves import Choice
from aipm_agents.table.options import stripped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aipm_agents.table.moves import Question
    from aipm_agents.table.view import View


def to_bring(view: View, question: Question | None, *, content: bool) -> tuple[Choice, ...]:
    """At most one option a turn; `content`: the seat would say yes as it is."""
    for issue, option in view.secret:
        if _tells(view, issue, option, question, content=content):
            return (Choice(issue=issue, option=option),)
    return ()


def brings_acts(view: View, brings: Iterable[Choice]) -> list[Act]:
    """In the scenario's own words, where it has some."""
    acts = []
    for each in brings:
        option = view.scenario.option[each.issue, each.option]
        lines = (prose(view).ended(option.aloud),) if option.aloud else ()
        acts.append(Act("brings", {"option": chosen(view, {each.issue: each.option})}, lines=lines))
    return acts


def keeping_quiet(view: View, brings: Iterable[Choice] = ()) -> View:
    """The view without what this seat keeps to itself, so that nothing it says is about that."""
    kept = frozenset(view.secret) - {(each.issue, each.option) for each in brings}
    return replace(view, scenario=stripped(view.scenario, kept)) if kept else view


def _tells(view: View, issue: str, option: str, question: Question | None, *, content: bool) -> bool:
    candour, mends = float(view.me.temperament.candour), cures(view, issue, option)
    if any(view.scenario.criteria[name][1].owner == view.role for name in mends):
        return True  # it is asked for what it owns, and this is the answer: a duty
    if question is not None and question.about in (issue, *mends):
        chance = candour + ASKED_BONUS
    elif _overheard(view, issue):
        chance = candour
    elif mends or (not content and _better_off(view, issue, option)):
        chance = candour * UNASKED_FACTOR
    else:
        return False
    return dice(view, view.role, f"bring/{issue}/{option}").random() < chance


def _overheard(view: View, issue: str) -> bool:
    """Whether somebody was asked about the issue, in front of everybody, since this seat last spoke."""
    return any(
        isinstance(event, Proposed | Answered) and event.move is not None and event.move.question is not None
        and event.move.question.about == issue
        and event.round == view.round - (1 if isinstance(event, Answered) else 0)
        for event in view.events
    )  # fmt: skip


def cures(view: View, issue: str, option: str) -> tuple[str, ...]:
    """The blocking criteria that the package on the table fails, and would not with this option."""
    if view.package is None or view.round < 2:
        return ()
    changed = {**view.package, issue: option}
    return tuple(
        name for name, (_, each) in view.scenario.criteria.items()
        if each.blocking and fails(view.scenario, each, view.package, view.tabled)
        and not fails(view.scenario, each, changed, view.tabled)
    )  # fmt: skip


def _better_off(view: View, issue: str, option: str) -> bool:
    if view.package is None or view.round < 2:
        return False
    row = view.me.points[issue]
    return row[option] > row[view.package[issue]]
