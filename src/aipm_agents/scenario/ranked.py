"""Points from an order: what matters more, and which option is liked better, made into points of which the best package
has a hundred.

An issue weighs by a number of its own, or by its place among the others: the centroid of all weights that keep that
order (Barron and Barrett 1996). An option has a share of that by its place: all of it for the best, nothing for the last.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from aipm_agents.language import tr
from aipm_agents.scenario.values import exact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def centroids(n: int) -> list[Decimal]:
    """The weights of n issues from the first place to the last, in percent."""
    return [
        sum((Decimal(1) / k for k in range(place, n + 1)), Decimal(0)) * 100 / n for place in range(1, n + 1)
    ]


def to_a_hundred(shares: Sequence[Decimal]) -> list[int]:
    """Percentages as whole numbers that still make a hundred: those that lose most by rounding down are rounded up."""
    found = [int(share) for share in shares]
    for k in sorted(range(len(found)), key=lambda k: found[k] - shares[k])[: 100 - sum(found)]:
        found[k] += 1
    return found


def row(weight: int, places: Sequence[int]) -> list[int]:
    """What options are worth whose places these are, 0 the best; of options in one place all the same."""
    last = max(max(places), 1)
    return [round(weight * (last - place) / last) for place in places]


def written(points: Any) -> bool:
    """Whether points are written as an order, for some issue."""
    return isinstance(points, dict) and any(
        isinstance(each, dict) and isinstance(each.get("order"), list) for each in points.values()
    )


def reckoned(points: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """Points by issue and option, of issues with an `order` each and a `weight` each or a `rank` each. Raises
    `ValueError` for what cannot be reckoned."""
    for issue, each in points.items():
        if not (isinstance(each, dict) and isinstance(each.get("order"), list)):
            raise ValueError(
                tr("{issue} has points and another issue an order; write all of a role one way", issue=issue)
            )
        if each.keys() - {"order", "weight", "rank"} or len(each) != 2:
            raise ValueError(
                tr("{issue}: an order stands with a `weight` or a `rank`, and nothing else", issue=issue)
            )
    weights = _weights(points)
    found = {}
    for (issue, each), weight in zip(points.items(), weights, strict=True):
        groups = [one if isinstance(one, list) else [one] for one in each["order"]]
        options = [str(option) for group in groups for option in group]
        if not options or len({*options}) < len(options):
            raise ValueError(tr("{issue}: the order names each option once, the best first", issue=issue))
        places = [place for place, group in enumerate(groups) for _ in group]
        found[issue] = dict(zip(options, row(weight, places), strict=True))
    return found


def _weights(points: Mapping[str, Any]) -> list[int]:
    kinds = {key for each in points.values() for key in ("weight", "rank") if key in each}
    if len(kinds) > 1:
        raise ValueError(tr("some issues have a `weight` and some a `rank`; take one for all of a role"))
    given = [next(each[key] for key in kinds) for each in points.values()]
    numbers = [
        each for each in map(exact, given) if isinstance(each, Decimal) and each.is_finite() and each >= 0
    ]
    if len(numbers) < len(given) or not sum(numbers):
        raise ValueError(tr("a `weight` or `rank` is a number above 0"))
    if "weight" in kinds:
        return to_a_hundred([each * 100 / sum(numbers) for each in numbers])
    if sorted(numbers) != list(range(1, len(numbers) + 1)):
        raise ValueError(tr("the ranks of {n} issues are 1 to {n}, each once", n=len(given)))
    by_place = to_a_hundred(centroids(len(given)))
    return [by_place[int(each) - 1] for each in numbers]
