"""Where runs ended, among all that was open: packages by what they give all together and to whoever gets least."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from aipm_agents.analysis.space.masks import within_the_gates
from aipm_agents.analysis.space.solutions import surpluses
from aipm_agents.analysis.space.standing import solved
from aipm_agents.language import tr
from aipm_agents.report.papers.blocks import Chart, Grid, Row
from aipm_agents.report.papers.jinja import drawn
from aipm_agents.report.papers.typography import together
from aipm_agents.table.packages import outcome_space

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.record import Record

MOST_DOTS = 1500


class Dot(NamedTuple):
    x: float
    y: float
    kind: str
    text: str


class End(NamedTuple):
    """A package to be named in the picture."""

    kind: str
    text: str
    package: Package


def frontier(record: Record) -> Chart | None:
    """Where one run began and ended, by the figures of its end. None where no package is within the gates."""
    scenario, tabled, deal = record.scenario, record.packages, record.deal
    ends = []
    if deal is None and tabled and all(package == tabled[0] for package in tabled):
        ends.append(End("last", tr("the only plan, not signed; it would have brought"), tabled[0]))
    elif tabled:
        then = within_the_gates(record.in_round(record.proposals[0].round))
        open_ = then[outcome_space(scenario).code(tabled[0])]
        ends.append(End("first", tr("first proposal") if open_ else tr("first proposal, which could not pass"), tabled[0]))  # fmt: skip
        if deal is None:
            ends.append(End("last", tr("last proposal, not signed; it would have brought"), tabled[-1]))
    if deal is not None:
        ends.append(End("deal", tr("the deal"), deal))
    chart = among_all(scenario, ends)
    if chart is not None and deal is None:
        nothing = Row((tr("where it ended: no deal"), "0", "0"))
        chart = chart._replace(table=chart.table._replace(rows=(*chart.table.rows, nothing)))
    if chart is None or not record.news:
        return chart
    told = tr("News changed figures: all stands where those of the end put it.")
    return chart._replace(words=together((chart.words, told)))


def among_all(scenario: Scenario, ends: Iterable[End]) -> Chart | None:
    """Packages within the gates as dots, the best of them and these ends by name."""
    space, gains = outcome_space(scenario), surpluses(scenario)
    codes = np.flatnonzero(within_the_gates(scenario))
    if not codes.size:
        return None
    if codes.size > MOST_DOTS:  # evenly through the space, which the chart says
        codes = codes[np.linspace(0, codes.size - 1, MOST_DOTS).astype(int)]
    named: list[tuple[str, str, int]] = []
    best = solved(scenario)["gates"]
    nash, fairest = best["nash"], best["egalitarian"]
    if nash is not None and nash == fairest:
        named.append(("nash", tr("best for all (Nash), and most for whoever gets least (Kalai)"), nash))
    else:
        named += [("nash", tr("best for all (Nash)"), nash)] if nash is not None else []
        named += [("egalitarian", tr("most for whoever gets least (Kalai)"), fairest)] if fairest is not None else []  # fmt: skip
    named += [(end.kind, end.text, space.code(end.package)) for end in ends]
    every = np.array([*codes, *(code for *_, code in named)])
    total, least = gains[:, every].sum(axis=0) / space.scale, gains[:, every].min(axis=0) / space.scale
    x, y = _scaled(total, 60, 560), _scaled(least, 290, 30)
    dots = [Dot(round(float(x[k]), 1), round(float(y[k]), 1), "package", "") for k in range(codes.size)]
    marks = [
        Dot(round(float(x[codes.size + k]), 1), round(float(y[codes.size + k]), 1), kind, text)
        for k, (kind, text, _) in enumerate(named)
    ]
    zero = (
        float(np.interp(0.0, [least.min(), least.max()], [290, 30]))
        if least.min() < 0 < least.max()
        else None
    )
    title = tr("Where it ended, among all that was open")
    words = tr("Each small dot is a package that passes: further right, more for all together; higher, more for whoever gets least.")  # fmt: skip
    rows = tuple(
        Row((text, _rounded(total[codes.size + k]), _rounded(least[codes.size + k])))
        for k, (_, text, _) in enumerate(named)
    )
    head = ("", tr("gain of all together"), tr("gain of whoever gets least"))
    axes = tr("more for all together →"), tr("more for whoever gets least →"), tr("below: somebody loses")
    svg = drawn(
        "frontier.svg.jinja", dots=list(dict.fromkeys(dots)), marks=_apart(marks), zero=zero, title=title, words=words,
        axes=axes,
    )  # fmt: skip
    return Chart(svg, title, words, Grid(head, rows, figures=True))


def _scaled(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]], low: float, high: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:  # fmt: skip
    span = float(values.max() - values.min())
    if not span:
        return np.full(len(values), (low + high) / 2)
    scaled: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = low + (values - values.min()) / span * (
        high - low
    )
    return scaled


class PlotMark(NamedTuple):
    x: float
    y: float
    kind: str
    texts: tuple[str, ...]
    right: bool
    """Whether there is room for the words to its right."""


def _apart(marks: list[Dot]) -> list[PlotMark]:
    """Marks at one place share their words."""
    places: dict[tuple[float, float], list[Dot]] = {}
    for mark in marks:
        places.setdefault((mark.x, mark.y), []).append(mark)
    return [
        PlotMark(x, y, group[-1].kind, tuple(each.text for each in group), x < 330) for (x, y), group in places.items()
    ]  # fmt: skip


def _rounded(value: float) -> str:
    return f"{value:+.10g}"
