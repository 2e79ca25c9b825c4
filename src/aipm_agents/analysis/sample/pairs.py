"""Runs held against runs that differ from them in one thing: seed by seed, factor by factor.

Two runs make a pair where they play the same scenario with the same seed and the same of everything a sweep
sets, but for what is compared. Pairs of one draw (one scenario, one seed) are averaged, so a factor beside the one
compared adds no seeds. Runs that were broken off or left undecided are in no pair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.analysis.run.summary import GATES
from aipm_agents.analysis.sample.statistics import Mean, MovedFigure, friedman, holm, mean
from aipm_agents.table.checkpoints import is_open

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from aipm_agents.analysis.sample.case import Case
    from aipm_agents.analysis.sample.statistics import Draw

SEATS = "seats"
"""Who plays, as something runs can be grouped by; a sweep sets it seat by seat."""
WATCHED = (*GATES, "deal")
"""What a factor may move: how many rounds each checkpoint was shut, and whether there was a deal."""
FEW = 30
"""Below so many pairs a bootstrap interval is too narrow (see `docs/reports.md`)."""


class Paired(NamedTuple):
    """A group less the baseline, seed by seed."""

    group: str
    n: int
    """Draws that both have."""
    deals: Mean | None
    """This and the others None without a shared draw."""
    points: Mean | None
    """Of the mean over the parties; who has no deal has the walk-aways."""
    gain: Mean | None
    """The same above the walk-aways: a raised walk-away gives nobody more."""
    egalitarian_gap: Mean | None
    """This and the ratio over the pairs in which both have one; n tells how many draws that are."""
    nash_ratio: Mean | None
    """An unsound deal counts 0, as none does."""
    rounds: Mean | None


class Effect(NamedTuple):
    """What one factor does to one thing, everything else alike."""

    factor: str
    on: str
    """One of `WATCHED`."""
    values: tuple[str, ...]
    moved: MovedFigure
    p: float
    """Holm's, over all effects of the sample."""


def paired(name: str, base: Sequence[Case], group: Sequence[Case], by: Iterable[str]) -> Paired:
    ones, others = (_blocks(cases, by) for cases in (base, group))
    shared = sorted(ones.keys() & others.keys())

    def difference(value: Callable[[Case], float | None]) -> Mean | None:
        out: list[tuple[Draw, float]] = []
        for key in shared:
            one = [v for each in ones[key] if (v := value(each)) is not None]
            other = [v for each in others[key] if (v := value(each)) is not None]
            if one and other:
                out.append((key[:2], sum(other) / len(other) - sum(one) / len(one)))
        return mean(out) if out else None

    return Paired(
        name, len({key[:2] for key in shared}),
        deals=difference(lambda each: float(each.deal)),
        points=difference(lambda each: each.mean_points),
        gain=difference(lambda each: each.mean_gain),
        egalitarian_gap=difference(lambda each: each.egalitarian_gap),
        nash_ratio=difference(lambda each: each.sound_ratio),
        rounds=difference(lambda each: float(each.round)),
    )  # fmt: skip


def effects(cases: Sequence[Case], varied: Mapping[str, Sequence[str]]) -> tuple[Effect, ...]:
    """Of every factor that takes several values, on everything watched; p-values corrected for their number."""
    found: list[Effect] = []
    for factor, values in varied.items():
        blocks = _complete(cases, factor, values)
        if not blocks:
            continue
        for on in WATCHED:
            moved = friedman([
                [sum(column) / len(column) for column in zip(*([_watched(each, on) for each in block] for block in alike), strict=True)]
                for alike in blocks
            ])  # fmt: skip
            found.append(Effect(factor, on, tuple(values), moved, moved.p))
    return tuple(each._replace(p=p) for each, p in zip(found, holm([one.p for one in found]), strict=True))


def level(one: Case, factor: str) -> str:
    """What a run has of a factor; empty also where nothing says."""
    if factor == SEATS:
        return dict(one.factors).get(SEATS) or one.seats
    return one.scenario if factor == "scenario" else dict(one.factors).get(factor, "")


def _complete(cases: Sequence[Case], factor: str, values: Sequence[str]) -> list[list[list[Case]]]:
    """Draw by draw, its blocks that have a run for every value, in the order of the values."""
    out: dict[Draw, list[list[Case]]] = {}
    for key, block in _blocks(cases, (factor,)).items():
        there = {level(each, factor): each for each in block}
        if all(value in there for value in values):
            out.setdefault(key[:2], []).append([there[value] for value in values])
    return list(out.values())


def _watched(one: Case, on: str) -> float:
    if on == "deal":
        return float(one.deal)
    k = WATCHED.index(on)
    return float(sum(not is_open(verdicts[k]) for verdicts in one.trail))


def _blocks(cases: Iterable[Case], by: Iterable[str]) -> dict[tuple[str, int, object], list[Case]]:
    """Runs that are alike in scenario, seed and every factor but those."""
    compared = set(by)
    blocks: dict[tuple[str, int, object], list[Case]] = {}
    for each in cases:
        if each.decided:
            others = tuple(sorted(pair for pair in each.factors if not _is_of(pair[0], compared)))
            blocks.setdefault((each.origin, each.seed, others), []).append(each)
    return blocks


def _is_of(factor: str, compared: set[str]) -> bool:
    return factor in compared or (SEATS in compared and (factor == "model" or factor.startswith("seat.")))
