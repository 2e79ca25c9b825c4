"""A `HyperRectangleUtilityFunction` of NegMAS: constants over ranges of outcomes, added up."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from aipm_agents.language import tr
from aipm_agents.scenario.imports.additive import Box
from aipm_agents.scenario.imports.boxes import Sum, places
from aipm_agents.scenario.imports.game import Note
from aipm_agents.scenario.imports.negmas_file import number

if TYPE_CHECKING:
    from aipm_agents.scenario.imports.additive import GameScale
    from aipm_agents.scenario.imports.negmas_file import NegmasFile


def utility(file: NegmasFile, data: dict[str, Any], scales: tuple[GameScale, ...], mapped: list[Note]) -> Sum:
    """Bias + the sum of weight x constant over the ranges that an outcome lies in. Raises `UsageError` for a range whose
    worth is no constant."""
    ranges, worth = data.get("outcome_ranges"), data.get("utilities")
    if not isinstance(ranges, list) or not isinstance(worth, list) or len(ranges) != len(worth):
        raise file.fault(tr("needs as many utilities as outcome_ranges"))
    weights = data.get("weights") or [1] * len(ranges)
    if not isinstance(weights, list) or len(weights) != len(ranges):
        raise file.fault(tr("needs as many weights as outcome_ranges, or none"))
    always, found, between = number(file, data.get("bias") or 0), [], False
    for bounds, each, weight in zip(ranges, worth, weights, strict=True):
        if isinstance(each, dict | list | str):
            raise file.fault(
                tr("has a hyper-rectangle whose worth is a function; only constants can be held")
            )
        held = _by_issue(file, bounds or {}, scales)
        between |= any(map(_pair, held.values()))
        inside = tuple(_inside(scale, held.get(scale.name)) for scale in scales)
        found.append(Box(inside, number(file, each) * number(file, weight)))
    if between:
        mapped.append(
            Note(tr("two numbers in outcome_ranges of {name}", name=file.path.stem),
                 tr("bounds, and what lies strictly between them, as NegMAS reckons (min, max)"))
        )  # fmt: skip
    return Sum(found, always)


def _by_issue(file: NegmasFile, bounds: Any, scales: tuple[GameScale, ...]) -> dict[str, Any]:
    """Name of an issue -> its condition; issues are named, or counted from 0."""
    if not isinstance(bounds, dict):
        raise file.fault(tr("has outcome_ranges that name no issues"))
    names = [scale.name for scale in scales]
    held = {}
    for key, condition in bounds.items():
        name = str(key)
        if name not in names and name.isdecimal() and int(name) < len(names):
            name = names[int(name)]
        if name not in names:
            raise file.fault(tr("has a hyper-rectangle over an issue {index} that there is not", index=key))
        held[name] = condition
    return held


def _inside(scale: GameScale, condition: Any) -> tuple[int, ...]:
    return places(scale, lambda value: _lies(value, condition))


def _lies(value: str, condition: Any) -> bool:
    """A value by itself, bounds, or a list of these of which one is enough; nothing takes any value."""
    if condition is None:
        return True
    if _pair(condition):
        low, high, here = (_figure(each) for each in (*condition, value))
        return here is not None and low is not None and high is not None and low < here < high
    if isinstance(condition, list):
        return any(_lies(value, each) for each in condition)
    one, other = _figure(value), _figure(condition)
    return str(condition) == value if one is None or other is None else one == other


def _pair(condition: Any) -> bool:
    return (
        isinstance(condition, list)
        and len(condition) == 2
        and all(isinstance(each, int | Decimal) and not isinstance(each, bool) for each in condition)
    )


def _figure(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
