"""Utilities that hang on several issues at once: a sum over hyper-rectangles, each worth something to every deal that lies
in it (GENIUS's nonlinear spaces, `HyperRectangleUtilityFunction` of NegMAS). Over values that can be counted they are the
format's `bonuses`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.scenario.imports.additive import Box, Profile
from aipm_agents.scenario.imports.game import Note

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from aipm_agents.scenario.imports.additive import GameScale

_NANO = 9
"""Decimals of a utility that count."""
_COUNTED = 10**9 * 10**_NANO
"""In billionths: more do not fit 63 bits together."""
_ALL = 10**8
"""Millionths of a point in a hundred points."""


class Sum(NamedTuple):
    """What a deal is worth: so much, and more for each box that it lies in. In the utilities of its file."""

    boxes: Sequence[Box]
    always: Decimal = Decimal(0)
    reservation: Decimal | None = None
    discount: Decimal = Decimal(1)
    ceiling: Decimal | None = None
    """What no deal is worth more than, whatever the sum."""


def places(scale: GameScale, inside: Callable[[str], bool]) -> tuple[int, ...]:
    """Of the values of an issue those inside, by where they stand."""
    return tuple(place for place, value in enumerate(scale.values) if inside(value))


def profile(
    title: str, scales: Sequence[GameScale], utility: Sum, path: Path, mapped: list[Note], lost: list[Note]
) -> Profile:
    """Scaled so that the best deal has utility 1, and none is below 0; every sum is exact. Raises `UsageError` where all
    deals are worth the same, or some more than can be."""
    sizes = [len(scale.values) for scale in scales]
    held = [box for box in utility.boxes if all(box.places) and [*map(len, box.places)] != sizes]
    everywhere = [box.utility for box in utility.boxes if [*map(len, box.places)] == sizes]
    if empty := sum(not all(box.places) for box in utility.boxes):
        lost.append(
            Note(
                tr("{n} hyper-rectangles of {name}", n=empty, name=title),
                tr("none of the values lies in them"),
            )
        )
    worth = [int(box.utility.scaleb(_NANO)) for box in held]
    always = int(sum(everywhere, utility.always).scaleb(_NANO))
    if abs(always) + sum(map(abs, worth)) > _COUNTED:
        raise UsageError(tr("{path}: its utilities go beyond a thousand million, which cannot be counted exactly; scale them down", path=path))  # fmt: skip
    deals = _deals(sizes, held, worth, always)
    least, most = min(0, int(deals.min())), int(deals.max())
    if most <= int(deals.min()):
        raise UsageError(f"{path}: {tr('gives every deal the same utility')}")
    mapped.append(
        Note(
            tr("{n} hyper-rectangles of {name}", n=len(held), name=title),
            tr("bonuses: what choices are worth together"),
        )
    )
    if utility.ceiling is not None and most > int(utility.ceiling.scaleb(_NANO)):
        raise UsageError(
            tr("{path}: some deals add up to {high:f}, and {most:f} is the most a deal can have there; what is cut off cannot be held",
               path=path, high=Decimal(most).scaleb(-_NANO).normalize(), most=utility.ceiling)
        )  # fmt: skip
    span = most - least
    if (least, most) != (0, 10**_NANO):
        low, high = (Decimal(n).scaleb(-_NANO).normalize() + 0 for n in (int(deals.min()), most))
        mapped.append(
            Note(tr("{name}: utilities from {low:f} to {high:f}", name=title, low=low, high=high),
                 tr("scaled to between 0 and 1") if least else tr("scaled so that the best deal has 1"))
        )  # fmt: skip
    points = [round(n * _ALL / span) for n in worth]
    start = round((always - least) * _ALL / span)
    start += _ALL - int(_deals(sizes, held, points, start).max())  # what was rounded
    reservation = utility.reservation
    if reservation is not None:
        reservation = (reservation - Decimal(least).scaleb(-_NANO)) / Decimal(span).scaleb(-_NANO)

    def evaluate(first: bool) -> Callable[[str], Decimal]:
        """What every deal is worth stands on the options of the first issue."""
        return lambda _: Decimal(start) / _ALL if first else Decimal(0)

    return Profile(
        title, (Decimal(1),) * len(scales), tuple(evaluate(not k) for k in range(len(scales))), reservation or Decimal(0),
        utility.discount,
        tuple(box._replace(utility=Decimal(n) / _ALL) for box, n in zip(held, points, strict=True)),
    )  # fmt: skip


def _deals(
    sizes: Sequence[int], boxes: Sequence[Box], worth: Sequence[int], always: int
) -> NDArray[np.int64]:
    """What every deal is worth, by the places of its values."""
    deals = np.full(sizes, always, dtype=np.int64)
    for box, each in zip(boxes, worth, strict=True):
        deals[np.ix_(*box.places)] += each
    return deals
