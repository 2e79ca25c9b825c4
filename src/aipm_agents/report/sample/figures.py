"""The figures of many runs, group by group: shares and means."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.language import tr
from aipm_agents.report.papers.blocks import Dots, Grid, Row, Whisker
from aipm_agents.report.words import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aipm_agents.analysis.sample.group import Group
    from aipm_agents.analysis.sample.statistics import Mean, Proportion
    from aipm_agents.analysis.sample.whole import Sample
    from aipm_agents.table.events import Ending

ABREAST = 2
"""Up to this many groups are columns; more are rows."""


class Measure(NamedTuple):
    name: str
    told: Callable[[Group], str]
    head: str = ""
    """Its name at the head of a column, where that is shorter."""


def share(one: Proportion | None, *, short: bool = False) -> str:
    """Never `100 %` alone: thirty of thirty still leave room for one in ten."""
    if one is None:
        return "-"
    if one.draws < 2:
        return tr("{hits} of {n}", hits=one.hits, n=one.n)
    hits = f"{one.hits}" if short else tr("{hits} of {n}", hits=one.hits, n=one.n)
    return f"{hits} [{tr('{number} %', number=f'{100 * one.low:.0f}-{100 * one.high:.0f}')}]"


def mean(one: Mean | None, places: int = 1, *, n: int | None = None, sign: bool = False) -> str:
    """Neither one value nor many that are all alike have an interval. `n`: what the heading says; another is told."""
    n = one.n if one is not None and n is None else n
    if one is None or one.n == 0:
        return "-"
    value = _figure(one.mean, places)
    text = f"+{value}" if sign and not value.startswith("-") else value
    if one.low is None or one.high is None:
        return f"{text} (n {one.n})" if one.n == 1 or one.n != n else text
    return f"{text} [{_figure(one.low, places)}, {_figure(one.high, places)}]{f' (n {one.n})' if one.n != n else ''}"


def _figure(value: float, places: int) -> str:
    """Never a nought below nought."""
    return f"{round(value, places) + 0.0:.{places}f}"


def called(found: Sample, group: str) -> str:
    """A group's name; where that is who played, in words."""
    kind, _, rest = group.partition(" team")
    whole = found.by in ((), ("seats",)) and not rest and any(each.seats == group for each in found.cases)
    return tr("{kind} team", kind=kind) if whole else group


def names(found: Sample) -> tuple[str, ...]:
    return tuple(_counted(called(found, group.name), group) for group in found.groups)


def _counted(name: str, group: Group) -> str:
    """Runs that share a seed are no further seeds."""
    if group.draws == group.n:
        return f"{name} (n {group.n:,})"
    return tr("{name} ({n:,} runs, {draws:,} seeds)", name=name, n=group.n, draws=group.draws)


def decisions(found: Sample) -> Grid:
    endings = list(found.groups[0].decisions)
    short = len(found.groups) > ABREAST

    def of(ending: Ending) -> Callable[[Group], str]:
        return lambda group: share(group.decisions[ending], short=short)

    return _laid_out(found, [Measure(vocabulary.OUTCOMES[ending], of(ending)) for ending in endings])


def means(found: Sample) -> Iterator[Grid]:
    """How far the talk came, and what came of it beside what needed no talk. Of few groups one table; of many,
    tables narrow enough for a screen."""
    far = [
        Measure(tr("rounds"), lambda g: mean(g.rounds, n=g.draws)),
        Measure(tr("facts seats told"), lambda g: mean(g.told, n=g.draws), tr("told")),
        Measure(tr("facts that were news"), lambda g: mean(g.news, n=g.draws), tr("news")),
        Measure(tr("facts known from the start"), lambda g: mean(g.at_start, n=g.draws), tr("at start")),
    ]
    gains = found.walk_aways_vary
    worth = [
        Measure(
            tr("gain over the walk-aways, mean of the parties"), lambda g: mean(g.gain, n=g.draws), tr("gain")
        )
        if gains
        else Measure(tr("points, mean of the parties"), lambda g: mean(g.points, n=g.draws), tr("points")),
        Measure(tr("the first proposal's"), lambda g: _beside(g, "first", gains), tr("the first")),
        Measure(tr("the best there was, all known"), lambda g: _beside(g, "solver", gains), tr("the best")),
        Measure(tr("a package at random"), lambda g: _beside(g, "random", gains), tr("at random")),
    ]
    gap = [
        Measure(tr("egalitarian gap"), lambda g: mean(g.egalitarian_gap, n=g.draws), tr("gap")),
        Measure(
            tr("deals with somebody below the walk-away"), lambda g: share(g.below, short=True), tr("below")
        ),
    ]
    ratio = [
        Measure(
            tr("Nash ratio, no deal or unsound 0"),
            lambda g: mean(g.nash_ratio, 2, n=g.draws),
            tr("Nash ratio"),
        ),
        Measure(tr("of unsound deals"), lambda g: mean(g.unsound_ratio, 2, n=g.draws), tr("of unsound")),
    ]
    yardsticks = [*gap, *ratio] if found.quorum else ratio
    least = [
        Measure(
            tr("smallest gain over a walk-away"), lambda g: mean(g.least_gain, n=g.draws), tr("smallest gain")
        ),
        Measure(
            tr("deals that hold with every fact told"),
            lambda g: share(g.sound, short=True),
            tr("sound deals"),
        ),
    ]
    if any(group.unsound is not None for group in found.groups):
        short = len(found.groups) > ABREAST
        least.append(
            Measure(tr("deals the case as written would stop"), lambda g: share(g.unsound, short=short))
        )
    if len(found.groups) <= ABREAST:
        yield _laid_out(found, [*far, *worth, *yardsticks, *least])
    else:
        tables = (far, worth, *((gap, ratio) if found.quorum else (ratio,)), least)
        yield from (_laid_out(found, each) for each in tables)


def _beside(group: Group, name: str, gains: bool) -> str:
    if name not in group.beside:
        return "-"
    return f"{group.beside[name].gain if gains else group.beside[name].points:.1f}"


def _laid_out(found: Sample, measures: Sequence[Measure]) -> Grid:
    if len(found.groups) <= ABREAST:
        rows = [Row((each.name, *map(each.told, found.groups))) for each in measures]
        return Grid(("", *names(found)), tuple(rows), figures=True)
    rows = [
        Row((name, *(each.told(group) for each in measures)))
        for name, group in zip(names(found), found.groups, strict=True)
    ]
    return Grid(("", *(each.head or each.name for each in measures)), tuple(rows), figures=True)


def pictures(found: Sample) -> Iterator[Dots]:
    """Each group as a dot with its interval."""
    if len(found.groups) < 2:
        return
    deals = [Whisker(called(found, g.name), g.deals.share, g.deals.low, g.deals.high) for g in found.groups]
    yield Dots(
        tr("Share of runs with a deal"),
        tr("Each dot is a group, with Wilson's 95 % interval."),
        tuple(deals),
        (0.0, 1.0),
    )
    told: list[tuple[str, Callable[[Group], Mean | None]]] = [
        (tr("Gain over the walk-aways, mean of the parties"), lambda g: g.gain) if found.walk_aways_vary
        else (tr("Points, mean of the parties"), lambda g: g.points),
        *([(tr("Egalitarian gap"), lambda g: g.egalitarian_gap)] if found.quorum else []),
        (tr("Nash ratio, no deal or unsound 0"), lambda g: g.nash_ratio), (tr("Rounds"), lambda g: g.rounds),
    ]  # fmt: skip
    for title, of in told:
        marks = [
            Whisker(called(found, g.name), one.mean, one.low, one.high)
            for g in found.groups
            if (one := of(g)) is not None
        ]
        if marks:
            yield Dots(
                title, tr("Each dot is a group's mean, with its 95 % bootstrap interval."), tuple(marks)
            )
