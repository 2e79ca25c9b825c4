"""A nonlinear profile of GENIUS: a sum over hyper-rectangles, each over some of the issues, bounds included."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from aipm_agents.language import tr
from aipm_agents.scenario.imports.additive import Box
from aipm_agents.scenario.imports.boxes import Sum, places
from aipm_agents.scenario.imports.genius_file import discount, number, required, single

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from xml.etree.ElementTree import Element

    from aipm_agents.scenario.imports.additive import GameScale
    from aipm_agents.scenario.imports.genius_file import GeniusFile


def utility(file: GeniusFile, scales: tuple[GameScale, ...]) -> Sum:
    """The sum over its hyper-rectangles of utility x weight, over `maxutility`, and 1 at most (`NonlinearUtilitySpace`)."""
    total = file.root.find(".//utility")
    if total is None:
        raise file.fault(tr("has no <utility>, whose hyper-rectangles add up"))
    most = number(file, required(file, total, "maxutility"))
    if most <= 0:
        raise file.fault(tr("divides by a maxutility of {most:f}", most=most))
    at = {issue.get("index"): issue.get("name", "").strip() for issue in file.root.iter("issue")}
    always, found = Decimal(0), []
    for rectangle, weight in _rectangles(file, total.find("ufun"), Decimal(1)):
        worth = number(file, required(file, rectangle, "utility")) * weight / most
        out = rectangle.findall("EXCLUDES")
        inside: dict[str, Sequence[int]] = {scale.name: range(len(scale.values)) for scale in scales}
        for bound in out or rectangle.findall("INCLUDES"):
            scale = next((each for each in scales if each.name == at.get(bound.get("index"))), None)
            if scale is None:
                raise file.fault(
                    tr(
                        "has a hyper-rectangle over an issue {index} that there is not",
                        index=bound.get("index"),
                    )
                )
            here = _between(file, bound, scale)
            inside[scale.name] = [place for place in inside[scale.name] if place in here]
        if out:  # worth something outside of it: that much for every deal, and as much less inside
            always, worth = always + worth, -worth
        found.append(Box(tuple(tuple(inside[scale.name]) for scale in scales), worth))
    return Sum(found, always, single(file, "reservation", Decimal(0)), discount(file), ceiling=Decimal(1))


def _between(file: GeniusFile, bound: Element, scale: GameScale) -> tuple[int, ...]:
    low, high = (number(file, required(file, bound, end)) for end in ("min", "max"))
    return places(scale, lambda value: low <= number(file, value) <= high)


def _rectangles(
    file: GeniusFile, function: Element | None, weight: Decimal
) -> Iterator[tuple[Element, Decimal]]:
    """Those of a function and of the functions in it, each with all its weights."""
    if function is None:
        return
    if (how := function.get("aggregation", "sum").lower()) != "sum":
        raise file.fault(tr("takes the {how} of hyper-rectangles; only their sum can be held", how=how))
    for each in function.findall("hyperRectangle"):
        yield each, weight * number(file, each.get("weight", "1"))
    for inner in function.findall("ufun"):
        yield from _rectangles(file, inner, weight * number(file, inner.get("weight", "1")))
