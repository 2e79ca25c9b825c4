"""Dots and intervals as inline SVG: places are worked out here, drawn by the template in `pages/`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.language import tr
from aipm_agents.report.papers.jinja import drawn
from aipm_agents.report.papers.typography import shortened, together

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_agents.report.papers.blocks import Dots, Whisker

LEFT, RIGHT, TOP, LINE = 200, 620, 12, 26
_LABEL = 26
"""Cells of a label that fit before the scale; a Chinese letter takes two."""


class Picture(NamedTuple):
    svg: str
    words: str


class _Placed(NamedTuple):
    label: str
    text: str
    x: float
    y: float
    low: float | None
    high: float | None
    hollow: bool
    """Where a line says no difference, and the interval holds it."""


def dots(figure: Dots) -> Picture:
    low, high = figure.bounds or _span(figure.marks, figure.zero)

    def x(value: float) -> float:
        return round(LEFT + (RIGHT - LEFT) * (value - low) / (high - low), 1)

    placed = [
        _Placed(
            shortened(mark.label, _LABEL), f"{mark.value:.3g}", x(mark.value), TOP + LINE * k + LINE / 2,
            None if mark.low is None else x(mark.low), None if mark.high is None else x(mark.high),
            hollow=figure.zero and (mark.low is None or mark.high is None or mark.low <= 0 <= mark.high),
        )
        for k, mark in enumerate(figure.marks)
    ]  # fmt: skip
    scale = [(x(value), f"{value:.10g}") for value in ticks(low, high)]
    bottom = TOP + LINE * len(placed)
    svg = drawn(
        "dots.svg.jinja", placed=placed, ticks=scale, bottom=bottom, left=LEFT, right=RIGHT, top=TOP,
        size=(690, bottom + 34), zero=x(0.0) if figure.zero and low <= 0 <= high else None,
        title=figure.title, words=figure.words,
    )  # fmt: skip
    return Picture(svg, together((tr("{text}.", text=figure.title), figure.words)))


def _span(marks: Sequence[Whisker], zero: bool) -> tuple[float, float]:
    """A little wider than the widest interval."""
    values = [v for mark in marks for v in (mark.value, mark.low, mark.high) if v is not None]
    values += [0.0] if zero else []
    low, high = min(values), max(values)
    room = (high - low) * 0.06 or max(0.5, abs(low) * 0.05)
    return low - room, high + room


def ticks(low: float, high: float) -> list[float]:
    """Four or five round numbers in between."""
    step = 10 ** math.floor(math.log10((high - low) / 3))
    while (high - low) / step > 6:
        step *= 2 if round(step / 10 ** math.floor(math.log10(step))) != 2 else 2.5
    first = math.ceil(low / step)
    return [round(k * step, 10) for k in range(first, math.floor(high / step) + 1)]
