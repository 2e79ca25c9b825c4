"""Where many runs go apart: the tree of their verdicts, round by round, and the checkpoint that tells most of how they end."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple, get_args

from aipm_agents.analysis.run.summary import GATES
from aipm_agents.analysis.sample.statistics import entropy, told_bits
from aipm_agents.table.events import Ending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_agents.analysis.run.summary import Gate
    from aipm_agents.analysis.sample.case import Case
    from aipm_agents.table.events import Verdict

ENDINGS: tuple[Ending, ...] = get_args(Ending)
MOST_BRANCHES = 6
"""Branches of the tree shown under one node; the rest are counted together."""


class Node(NamedTuple):
    """Runs whose rulings were alike so far."""

    verdicts: tuple[Verdict, ...]
    """Of this round, in the order of `GATES`; empty at the root."""
    runs: int
    exemplar: str
    endings: dict[Ending, int]
    """Of the runs that ended here."""
    children: tuple[Node, ...]
    """The most frequent first."""


class Split(NamedTuple):
    """The checkpoint, and the round, whose verdicts tell most of how the runs end; where none tells of it more than
    chance would, the one at which they differ most."""

    gate: Gate
    round: int
    counts: dict[Verdict, int]
    endings: dict[Verdict, dict[Ending, int]]
    """What came of the runs with each verdict."""
    bits: float
    """Shannon entropy of the verdicts."""
    told: float
    """Bits that they tell of the ending, beyond chance; weighed by the share of runs that had this ruling."""


def tree(cases: Sequence[Case], depth: int = 0) -> Node:
    """The prefix tree of verdicts by round."""
    here = [each for each in cases if len(each.trail) == depth]
    onward: dict[tuple[Verdict, ...], list[Case]] = {}
    for each in cases:
        if len(each.trail) > depth:
            onward.setdefault(each.trail[depth], []).append(each)
    children = sorted(onward.values(), key=lambda group: (-len(group), group[0].trail))
    endings = Counter(each.decision for each in here)
    return Node(
        cases[0].trail[depth - 1] if depth else (), len(cases), cases[0].run_id,
        {ending: endings[ending] for ending in ENDINGS if endings[ending]},
        tuple(tree(group, depth + 1) for group in children),
    )  # fmt: skip


def split(cases: Sequence[Case]) -> Split | None:
    """The earliest of equals; None where all rulings were alike."""
    best: tuple[float, float] = (0.0, 0.0)
    found: Split | None = None
    for depth in range(max((len(each.trail) for each in cases), default=0)):
        there = [each for each in cases if len(each.trail) > depth]
        if len(there) * 2 < len(cases):
            break  # most runs are over
        for k, gate in enumerate(GATES):
            counts = Counter(each.trail[depth][k] for each in there)
            came = {v: Counter(e.decision for e in there if e.trail[depth][k] == v) for v in counts}
            told = told_bits([[came[v][ending] for ending in ENDINGS] for v in counts])
            weight = (round(max(told, 0.0) * len(there) / len(cases), 9), entropy([*counts.values()]))
            if weight > best:
                best = weight
                endings = {verdict: dict(each) for verdict, each in came.items()}
                found = Split(gate, depth + 1, dict(counts.most_common()), endings, *reversed(weight))
    return found
