"""What a figure hangs on, as inline SVG: places are worked out here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from aipm_agents.language import tr
from aipm_agents.report.papers.dots import Picture, ticks
from aipm_agents.report.papers.jinja import drawn, style
from aipm_agents.report.papers.typography import shortened, together

if TYPE_CHECKING:
    from aipm_agents.report.papers.blocks import Bar, Tornado

LEFT, RIGHT, WIDTH, TOP, LINE = 250, 560, 760, 14, 26
_LABEL, _NOTE = 32, 30
"""Cells of a label and of a note that fit beside the bars; a Chinese letter takes two."""
_HEAD = 44
"""What a heading takes where the picture is a file of its own."""


class _Placed(NamedTuple):
    bar: Bar
    label: str
    note: str
    low: float
    high: float
    y: float


def tornado(figure: Tornado, *, heading: str = "") -> Picture:
    """`heading`: of a picture that is a file of its own, which then carries its style."""
    top = TOP + (_HEAD if heading else 0)

    def x(value: float) -> float:
        return round(LEFT + (RIGHT - LEFT) * value / figure.top, 1)

    placed = [
        _Placed(
            bar, shortened(bar.label, _LABEL), shortened(bar.note, _NOTE), x(bar.low), x(bar.high), top + LINE * k
        )
        for k, bar in enumerate(figure.bars)
    ]  # fmt: skip
    bottom = top + LINE * len(placed)
    svg = drawn(
        "tornado.svg.jinja", placed=placed, bottom=bottom, left=LEFT, right=RIGHT, top=top, line=LINE,
        centre=x(figure.centre), scale=[(x(each), f"{each:.10g}") for each in ticks(0.0, figure.top)],
        size=(WIDTH, bottom + 34), title=figure.title, words=figure.words,
        heading=heading, style=Markup(style()) if heading else "",
    )  # fmt: skip
    return Picture(svg, together((tr("{text}.", text=figure.title), figure.words)))
