"""What a party's best package comes to, and what follows from it: points that add up, a walk-away within reach."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from aipm_agents.language import tr
from aipm_agents.scenario.problems import Found

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aipm_agents.scenario.party import Party
    from aipm_agents.scenario.values import AnyOf

    Bound = dict[tuple[str, str], AnyOf]

MOST = 20_000
"""Ways to choose on the issues of bonuses that are tried; beyond, what the best comes to is not said."""


def best_package(role: str, party: Party, bound: Bound) -> Iterator[Found]:
    """`bound`: options that are to be had only beside certain choices, with these."""
    best = _best(party, bound)
    if best is None:
        return
    if (
        best != 100 and not party.ordered
    ):  # of an order, each best option is of the hundred, be they to be had together or not
        yield Found(
            ("parties", role, "points"),
            tr("the best package adds up to {best:f}, not 100", best=best),
            "warning",
        )
    if party.walk_away > best:
        yield Found(
            ("parties", role, "walk_away"),
            tr(
                "no package reaches {walk_away:f} (the best is {best:f}), so this role can accept nothing",
                walk_away=party.walk_away,
                best=best,
            ),
            "warning",
        )


def _best(party: Party, bound: Bound) -> Decimal | None:
    """The most that any package is worth. On the issues that no bonus names and no option is bound to, the best option
    is the best."""
    named = {issue for bonus in party.bonuses for choices in bonus.when for issue in choices}
    named |= {issue for issue, _ in bound} | {
        i for when in bound.values() for choices in when for i in choices
    }
    rows = {issue: row for issue, row in party.points.items() if row}
    alone = sum((max(row.values()) for issue, row in rows.items() if issue not in named), Decimal(0))
    linked = [issue for issue in rows if issue in named]
    if prod(len(rows[issue]) for issue in linked) > MOST:
        return None
    together = (dict(zip(linked, each, strict=True)) for each in product(*(rows[i] for i in linked)))
    there = [_worth(party, each) for each in together if exists(each, bound)]
    return alone + max(there) if there else None


def exists(chosen: Mapping[str, str], bound: Bound) -> bool:
    """Whether each option chosen is to be had beside the others."""
    return all(chosen.get(i) != o or _makes(chosen, when) for (i, o), when in bound.items())


def _makes(chosen: Mapping[str, str], cases: AnyOf) -> bool:
    return any(all(chosen.get(i) in allowed for i, allowed in choices.items()) for choices in cases)


def _worth(party: Party, chosen: dict[str, str]) -> Decimal:
    points = sum((party.points[issue][option] for issue, option in chosen.items()), Decimal(0))
    return points + sum(bonus.points for bonus in party.bonuses if _makes(chosen, bonus.when))
