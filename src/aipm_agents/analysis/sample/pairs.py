"""Runs held against runs that differ from them in one thing: seed by seed, factor by factor.

Two runs make a pair where they play the same scenario with the same seed and the same of everything a sweep
sets, but for what is compared. Runs that were broken off decided nothing and are in no pair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.analysis.run.summary import GATES
from aipm_agents.analysis.sample.statistics import Mean, Moved, bootstrap, friedman, holm
from aipm_agents.table.checkpoints import is_open
from aipm_agents.table.events import DECIDED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from aipm_agents.analysis.sample.case import Case

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
    """Pairs that both have."""
    deals: Mean | None
    """This and the others None without a shared seed."""
    points: Mean | None
    """Of the mean over the parties; who has no deal has the walk-aways."""
    nash_ratio: Mean | None
    rounds: Mean | None


class Effect(NamedTuple):
    """What one factor does to one thing, everything else alike."""

    factor: str
    on: str
    """One of `WATCHED`."""
    values: tuple[str, ...]
    moved: Moved
    p: float
    """Holm's, over all effects of the sample."""


def paired(name: str, base: Sequence[Case], group: Sequence[Case], by: Iterable[str]) -> Paired:
    ones, others = (_blocks(cases, by) for cases in (base, group))
    shared = sorted(ones.keys() & others.keys())

    def differences(value: Callable[[Case], float | None]) -> list[float]:
        out = []
        for key in shared:
            one = [v for each in ones[key] if (v := value(each)) is not None]
            other = [v for each in others[key] if (v := value(each)) is not None]
            if one and other:
                out.append(sum(other) / len(other) - sum(one) / len(one))
        return out

    if not shared:
        return Paired(name, 0, None, None, None, None)
    ratios = differences(lambda each: each.nash_ratio)
    return Paired(
        name, len(shared),
        deals=bootstrap(differences(lambda each: float(each.deal))),
        points=bootstrap(differences(lambda each: each.mean_points)),
        nash_ratio=bootstrap(ratios) if len(ratios) == len(shared) and ratios else None,
        rounds=bootstrap(differences(lambda each: float(each.round))),
    )  # fmt: skip


def effects(cases: Sequence[Case], varied: Mapping[str, Sequence[str]]) -> tuple[Effect, ...]:
    """Of every factor that takes several values, on everything watched; p-values corrected for their number."""
    found: list[Effect] = []
    for factor, values in varied.items():
        blocks = _complete(cases, factor, values)
        if not blocks:
            continue
        for on in WATCHED:
            moved = friedman([[_watched(each, on) for each in block] for block in blocks])
            found.append(Effect(factor, on, tuple(values), moved, moved.p))
    return tuple(each._replace(p=p) for each, p in zip(found, holm([one.p for one in found]), strict=True))


def level(one: Case, factor: str) -> str:
    """What a run has of a factor; empty also where nothing says."""
    if factor == SEATS:
        return dict(one.factors).get(SEATS) or one.seats
    return one.scenario if factor == "scenario" else dict(one.factors).get(factor, "")


def _complete(cases: Sequence[Case], factor: str, values: Sequence[str]) -> list[list[Case]]:
    """Blocks that have a run for every value, in the order of the values."""
    out = []
    for block in _blocks(cases, (factor,)).values():
        there = {level(each, factor): each for each in block}
        if all(value in there for value in values):
            out.append([there[value] for value in values])
    return out


def _watched(one: Case, on: str) -> float:
    if on == "deal":
        return float(one.deal)
    k = WATCHED.index(on)
    return float(sum(not is_open(verdicts[k]) for verdicts in one.trail))


def _blocks(cases: Iterable[Case], by: Iterable[str]) -> dict[tuple[object, ...], list[Case]]:
    """Runs that are alike in scenario, seed and every factor but those."""
    compared = set(by)
    blocks: dict[tuple[object, ...], list[Case]] = {}
    for each in cases:
        if each.decision in DECIDED:
            others = tuple(sorted(pair for pair in each.factors if not _is_of(pair[0], compared)))
            blocks.setdefault((each.origin, each.seed, others), []).append(each)
    return blocks


def _is_of(factor: str, compared: set[str]) -> bool:
    return factor in compared or (SEATS in compared and (factor == "model" or factor.startswith("seat.")))
