"""What a figure hangs on, as inline SVG: places are worked out here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.language import tr
from aipm_agents.report.papers.dots import Picture, ticks
from aipm_agents.report.papers.jinja import drawn
from aipm_agents.report.papers.plain_text import shortened
from aipm_agents.report.papers.typography import together

if TYPE_CHECKING:
    from aipm_agents.report.papers.blocks import Bar, Tornado

LEFT, RIGHT, WIDTH, TOP, LINE = 250, 560, 760, 14, 26
_LABEL, _NOTE = 38, 30


class _Placed(NamedTuple):
    bar: Bar
    label: str
    note: str
    low: float
    high: float
    y: float


def tornado(figure: Tornado) -> Picture:
    def x(value: float) -> float:
        return round(LEFT + (RIGHT - LEFT) * value / figure.top, 1)

    placed = [
        _Placed(
            bar, shortened(bar.label, _LABEL), shortened(bar.note, _NOTE), x(bar.low), x(bar.high), TOP + LINE * k
        )
        for k, bar in enumerate(figure.bars)
    ]  # fmt: skip
    bottom = TOP + LINE * len(placed)
    svg = drawn(
        "tornado.svg.jinja", placed=placed, bottom=bottom, left=LEFT, right=RIGHT, top=TOP, line=LINE,
        centre=x(figure.centre), scale=[(x(each), f"{each:.10g}") for each in ticks(0.0, figure.top)],
        size=(WIDTH, bottom + 34), title=figure.title, words=figure.words,
    )  # fmt: skip
    return Picture(svg, together((tr("{text}.", text=figure.title), figure.words)))
