"""What makes a difference among many runs, seed by seed: group against group, and factor by factor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.analysis.sample.pairs import FEW, WATCHED
from aipm_agents.language import tr
from aipm_agents.report.papers.blocks import Dots, Grid, Heading, Lines, Row, Whisker
from aipm_agents.report.sample.figures import called, mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aipm_agents.analysis.sample.pairs import Effect, Paired
    from aipm_agents.analysis.sample.statistics import Mean
    from aipm_agents.analysis.sample.whole import Sample
    from aipm_agents.report.papers.blocks import Block

SURE = 0.05
"""A p-value below it is marked."""


def _differences(found: Sample) -> list[tuple[str, int, Callable[[Paired], Mean | None]]]:
    """Where a walk-away varies, points would count a raised one as a gain; where somebody may be outvoted, whoever
    gets least comes before the ratio."""
    return [
        (tr("share of deals"), 2, lambda one: one.deals),
        (tr("gain"), 1, lambda one: one.gain) if found.walk_aways_vary else (tr("points"), 1, lambda one: one.points),
        *([(tr("egalitarian gap"), 1, _gap)] if found.quorum else []),
        (tr("Nash ratio"), 2, lambda one: one.nash_ratio),
        (tr("rounds"), 1, lambda one: one.rounds),
    ]  # fmt: skip


def _gap(one: Paired) -> Mean | None:
    return one.egalitarian_gap


def differences(found: Sample, *, pictured: bool) -> Iterator[Block]:
    if not found.paired:
        return
    base = (
        f"{found.by[0]}={found.groups[0].name}" if len(found.by) == 1 else called(found, found.groups[0].name)
    )
    yield Heading(tr("Seed by seed"), tr("less {base}, on shared seeds", base=base))
    told = _differences(found)
    for few in (told[:2], told[2:4], told[4:]):  # each narrow enough for a screen
        if not few:
            continue
        rows = [
            Row((called(found, one.group), f"{one.n}" if one.n else tr("none"), *(_difference(of(one), places, one.n) for _, places, of in few)))
            for one in found.paired
        ]  # fmt: skip
        yield Grid(("", tr("seeds"), *(name for name, *_ in few)), tuple(rows), figures=True)
    yield Lines(tuple(_how_to_read(found)), "quiet")
    if pictured:
        for name, _, of in told:
            marks = [
                Whisker(called(found, p.group), one.mean, one.low, one.high)
                for p in found.paired
                if (one := of(p)) is not None
            ]
            if marks:
                words = tr(
                    "Difference to {base} on shared seeds, with its 95 % interval. Hollow: no difference told.",
                    base=base,
                )
                yield Dots(
                    tr("{what}, less {base}", what=name.capitalize(), base=base),
                    words,
                    tuple(marks),
                    zero=True,
                )


def _difference(one: Mean | None, places: int, n: int | None = None) -> str:
    """With a decimal more where an interval that misses 0 would otherwise seem to end there."""
    if one is None:
        return ""
    if one.low is not None and one.high is not None and not one.spans_zero:
        nearest = min(abs(one.low), abs(one.high))
        while not round(nearest, places) and places < 4:
            places += 1
    return mean(one, places, n=n, sign=True)


def _how_to_read(found: Sample) -> Iterator[str]:
    yield (
        tr(
            "An interval that holds 0 tells no difference apart from none. Seeds are shared where both groups played one scenario with them."
        )
    )
    means = [of(one) for one in found.paired for *_, of in _differences(found)]
    intervals = sum(each is not None and each.low is not None for each in means)
    if intervals > 4:
        yield (
            tr(
                "These are {n} intervals of 95 %: were there no difference anywhere, about {few} of them would still miss 0.",
                n=intervals,
                few=max(1, round(intervals * 0.05)),
            )
        )
    least = min((p.n for p in found.paired if p.n), default=FEW)
    if least < FEW:
        yield tr(
            "With {n} seeds an interval comes out too narrow; run {few} or more before you rely on it.",
            n=least,
            few=FEW,
        )


def moved(found: Sample) -> Iterator[Block]:
    """Factor by factor: what it does to each checkpoint, all else alike."""
    if not found.effects:
        return
    by_factor: dict[str, dict[str, Effect]] = {}
    for effect in found.effects:
        by_factor.setdefault(effect.factor, {})[effect.on] = effect
    yield Heading(tr("What moves which checkpoint"), tr("mean rounds shut, least to most; * moved"))
    head = ("", tr("Desire"), tr("Feasible"), tr("Viable"), tr("people"), tr("team"), tr("deals"))
    yield Grid(
        head, tuple(Row((key, *(_effect(one[on]) for on in WATCHED))) for key, one in by_factor.items()),
        figures=True,
    )  # fmt: skip
    n = min(effect.moved.n for effect in found.effects)
    yield Lines(
        (
            tr(
                "Means over {n} seeds, all else alike and averaged within a seed; deals: their share. *: Friedman's test, below 0.05 after Holm's correction for all {many}.",
                n=n,
                many=len(found.effects),
            ),
        ),
        "quiet",
    )


def _effect(one: Effect) -> str:
    """From the smallest mean to the largest, with as many decimals as tell them apart."""
    low, high = min(one.moved.means), max(one.moved.means)
    coarse = 2 if one.on == "deal" else 1
    places = coarse if f"{low:.{coarse}f}" != f"{high:.{coarse}f}" or one.p >= SURE else 2
    told = dict.fromkeys((f"{low:.{places}f}", f"{high:.{places}f}"))
    return "-".join(told) + ("*" if one.p < SURE else "")
