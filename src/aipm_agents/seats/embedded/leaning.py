"""Where a style makes the embedded PM look first: among packages that are close, and among what is not shown.

It orders and breaks ties, no more. Which packages may be proposed at all is settled before it is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aipm_agents.roles import PM
from aipm_agents.scenario.criteria import CHECKPOINTS
from aipm_agents.styles import STYLES
from aipm_agents.table.stopped import failing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from aipm_agents.roles import Role
    from aipm_agents.scenario.criteria import CheckpointName
    from aipm_agents.seats.embedded.belief import Belief, Floats
    from aipm_agents.styles import Style, StyleName
    from aipm_agents.table.view import View

FIRST_TIE, LATER_TIE = 3.0, 0.25
"""In log Nash product: how close to the best a package must be for a style to decide. Wide for the first plan,
when little has been said and somebody has to start; narrow once the table has answered."""


def leaning(name: StyleName | None) -> Style | None:
    return STYLES[name] if name is not None else None


def liking(view: View, style: Style, beliefs: Mapping[Role, Belief], codes: NDArray[np.intp]) -> Floats:
    """How much a style likes each of these packages, by what it believes of the others; only the order counts."""
    match style.settles:
        case "own":
            return _spread(view.points[codes].astype(float))
        case "weakest":
            worths = [_worth(view, beliefs[role], codes) for role in view.scenario.colleagues]
            least: Floats = np.min(worths, axis=0)
            return _spread(least)
        case "margin":
            return _room(view, CHECKPOINTS, codes)
        case "served":
            served = [_spread(_worth(view, beliefs[role], codes)) for role in _seated(view, style.owners)]
            own: Floats = _room(view, style.gates[:1], codes) - _left_over(view, style.gates[0], codes)
            return own + (sum(served[1:], served[0]) / len(served) if served else 0.0)


def in_order(view: View, style: Style, criteria: Iterable[str]) -> tuple[str, ...]:
    """Criteria as a style would ask for them: by checkpoint, its cautions first, then whom it turns to."""
    places = {name: number for number, name in enumerate(view.scenario.criteria)}

    def place(name: str) -> tuple[int, bool, int, int]:
        checkpoint, criterion = view.scenario.criteria[name]
        owner = style.owners.index(criterion.owner) if criterion.owner in style.owners else len(style.owners)
        return style.gates.index(checkpoint), criterion.caution not in style.cautions, owner, places[name]

    return tuple(sorted(criteria, key=place))


def turned_to(view: View, style: Style) -> tuple[Role, ...]:
    """The colleagues, those the style turns to first."""
    first = _seated(view, style.owners)
    return (*first, *(role for role in view.scenario.colleagues if role not in first))


def _seated(view: View, owners: Iterable[Role]) -> list[Role]:
    return [role for role in owners if role in view.scenario.parties and role != PM]


def _worth(view: View, belief: Belief, codes: NDArray[np.intp]) -> Floats:
    """What the PM believes each package is worth to a colleague."""
    starts = np.cumsum([0, *view.space.sizes[:-1]])
    worth: Floats = belief.mean[view.space.digits[:, codes] + starts[:, None]].sum(axis=0)
    return worth


def _room(view: View, gates: Iterable[CheckpointName], codes: NDArray[np.intp]) -> Floats:
    """How far from the bounds of these checkpoints: each bound's slack from 0 to 1 over the packages, their mean."""
    space, slacks = view.space, []
    for checkpoint, criterion in view.scenario.criteria.values():
        for rule in criterion.rule if checkpoint in gates else ():
            if rule.metric is not None:
                value = space.metric(rule.metric)[codes].astype(float)
                slacks.append(_spread(-value if rule.at_most is not None else value))
    if not slacks:
        return np.zeros(len(codes))
    mean: Floats = np.mean(slacks, axis=0)
    return mean


def _left_over(view: View, gate: CheckpointName, codes: NDArray[np.intp]) -> Floats:
    """How many criteria of a checkpoint each package leaves as follow-ups, as far as the table knows."""
    left = np.zeros(len(codes))
    for checkpoint, criterion in view.scenario.criteria.values():
        if checkpoint == gate and not criterion.blocking:
            left += failing(view.space, view.scenario, criterion, view.tabled)[codes]
    return left


def _spread(values: Floats) -> Floats:
    low, high = values.min(), values.max()
    return (values - low) / (high - low) if high > low else np.zeros(len(values))
