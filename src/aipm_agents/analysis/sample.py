"""Many runs at once: what usually happens, and how sure that is. One pass, and little is kept of a run.

A group is what is compared with what: a folder that was named, or all runs with the same set-up. The
first group is the baseline. Groups that share seeds of one scenario are compared seed by seed.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal, NamedTuple

from aipm_agents.analysis.sheet import GATES, seated_as, sheet
from aipm_agents.analysis.statistics import Mean, Proportion, bootstrap, entropy, wilson

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from aipm_agents.analysis.sheet import Gate
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Outcome as Decision
    from aipm_agents.table.events import Status, Verdict
    from aipm_agents.transcript.record import Transcript

Ending = Literal["go", "go_with_follow_ups", "no_go", "no_agreement", "stopped"]
ENDINGS: tuple[Ending, ...] = ("go", "go_with_follow_ups", "no_go", "no_agreement", "stopped")
MOST_BRANCHES = 6
"""Branches of the tree shown under one node; the rest are counted together."""


class Case(NamedTuple):
    """What is kept of a run."""

    source: str
    """How it is opened again."""
    run_id: str
    scenario: str
    digest: str
    seed: int
    seats: str
    decision: Decision | Literal["stopped"]
    round: int
    package: tuple[tuple[str, str], ...] | None
    """The deal."""
    nash_ratio: float | None
    least_gain: float
    """The smallest surplus over a walk-away; 0 without a deal."""
    trail: tuple[tuple[Verdict, ...], ...]
    findings: tuple[tuple[str, Status], ...]
    told: int
    faults: int
    group: str = ""


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
    """The checkpoint, and the round, at which the runs differ most."""

    gate: Gate
    round: int
    counts: dict[Verdict, int]
    endings: dict[Verdict, dict[Ending, int]]
    """What came of the runs with each verdict."""
    bits: float
    """Shannon entropy of the verdicts."""


class Group(NamedTuple):
    name: str
    n: int
    decisions: dict[Ending, Proportion]
    """Every ending that some run of some group had."""
    packages: tuple[tuple[str, tuple[tuple[str, str], ...], int], ...]
    """The deals made most often: scenario, package, how often."""
    rounds: Mean | None
    """Of the runs that came to an end, as all means; None where none did."""
    nash_ratio: Mean | None
    """None also where a run's scenario has no Nash point within the gates."""
    least_gain: Mean | None
    told: Mean | None
    """Facts tabled."""
    met: dict[str, Proportion]
    """Criterion -> met at the last ruling; criteria every scenario has."""
    faults: int


class Paired(NamedTuple):
    """A group less the baseline, seed by seed."""

    group: str
    n: int
    """Seeds of one scenario that both have."""
    deals: Mean | None
    """This and the others None without a shared seed."""
    nash_ratio: Mean | None
    rounds: Mean | None


class Sample(NamedTuple):
    groups: tuple[Group, ...]
    scenarios: dict[str, int]
    """Scenario (id and the beginning of its digest) -> runs."""
    tree: Node
    split: Split | None
    paired: tuple[Paired, ...]
    cases: tuple[Case, ...]
    asks: dict[str, str]
    """Criterion -> its question."""
    labels: dict[tuple[str, str, str], str]
    """(scenario, issue, option) -> its label."""


def case(source: str, run: Transcript) -> Case:
    made = sheet("", run)
    surplus = [made.outcome.points[role] - p.walk_away for role, p in run.scenario.parties.items()]
    return Case(
        source, made.run_id, run.scenario.id, run.scenario.digest, made.seed, seated_as(made.seats),
        made.decision, made.round,
        package=tuple(made.package.items()) if made.deal and made.package else None,
        nash_ratio=made.outcome.nash_ratio, least_gain=float(min(surplus)) if made.deal else 0.0,
        trail=made.trail, findings=tuple(made.findings.items()),
        told=len(made.conduct.tabled), faults=sum(made.conduct.faults.values()),
    )  # fmt: skip


def sample(named: Iterable[tuple[str | None, str, Transcript]]) -> Sample:
    """`named`: (group, source, run) one by one; without a group, runs are grouped by their set-up."""
    cases: dict[str, list[Case]] = {}
    asks: dict[str, str] = {}
    labels: dict[tuple[str, str, str], str] = {}
    shared: dict[tuple[object, ...], object] = {}
    for group, source, run in named:
        one = case(source, run)
        # runs have most of their verdicts in common: keep each such tuple once
        one = one._replace(
            trail=shared.setdefault(("trail", one.trail), one.trail),  # type: ignore[arg-type]
            findings=shared.setdefault(("findings", one.findings), one.findings),  # type: ignore[arg-type]
            package=shared.setdefault(("package", one.package), one.package),  # type: ignore[arg-type]
            digest=shared.setdefault(("digest", one.digest), one.digest),  # type: ignore[arg-type]
        )
        cases.setdefault(group or one.seats, []).append(one._replace(group=group or one.seats))
        _remember(run.scenario, asks, labels)
    everything = [each for group in cases.values() for each in group]
    endings = [ending for ending in ENDINGS if any(each.decision == ending for each in everything)]
    common = _common([each.findings for each in everything if each.findings])
    base = next(iter(cases.values()))
    return Sample(
        groups=tuple(_group(name, group, endings, common) for name, group in cases.items()),
        scenarios=dict(Counter(f"{each.scenario} ({each.digest[:8]})" for each in everything)),
        tree=_tree(everything),
        split=_split(everything),
        paired=tuple(_paired(name, base, group) for name, group in list(cases.items())[1:]),
        cases=tuple(everything), asks=asks, labels=labels,
    )  # fmt: skip


def _remember(scenario: Scenario, asks: dict[str, str], labels: dict[tuple[str, str, str], str]) -> None:
    if not asks:
        asks.update({name: each.asks for name, (_, each) in scenario.criteria.items()})
    labels.update({(scenario.id, i.id, o.id): o.label for i in scenario.issues for o in i.options})


def _common(findings: Sequence[tuple[tuple[str, Status], ...]]) -> list[str]:
    if not findings:
        return []
    names = [name for name, _ in findings[0]]
    return [name for name in names if all(name in dict(each) for each in findings)]


def _group(name: str, cases: list[Case], endings: list[Ending], common: list[str]) -> Group:
    n = len(cases)
    ruled = [dict(each.findings) for each in cases if each.findings]
    ended = [each for each in cases if each.decision != "stopped"]  # the others decided nothing
    ratios = [each.nash_ratio for each in ended]
    packages = Counter((each.scenario, each.package) for each in cases if each.package is not None)
    return Group(
        name, n,
        decisions={ending: wilson(sum(c.decision == ending for c in cases), n) for ending in endings},
        packages=tuple((name, package, count) for (name, package), count in packages.most_common(3)),
        rounds=_mean([each.round for each in ended]),
        nash_ratio=None if None in ratios or not ratios else bootstrap([r for r in ratios if r is not None]),
        least_gain=_mean([each.least_gain for each in ended]),
        told=_mean([each.told for each in ended]),
        met={
            criterion: wilson(sum(each[criterion] == "met" for each in ruled), len(ruled))
            for criterion in common if ruled
        },
        faults=sum(each.faults for each in cases),
    )  # fmt: skip


def _mean(values: Sequence[float]) -> Mean | None:
    return bootstrap(values) if values else None


def _paired(name: str, base: list[Case], group: list[Case]) -> Paired:
    ones, others = _by_seed(base), _by_seed(group)
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
        return Paired(name, 0, None, None, None)
    ratios = differences(lambda each: each.nash_ratio)
    return Paired(
        name, len(shared),
        deals=bootstrap(differences(lambda each: float(each.package is not None))),
        nash_ratio=bootstrap(ratios) if len(ratios) == len(shared) and ratios else None,
        rounds=bootstrap(differences(lambda each: float(each.round))),
    )  # fmt: skip


def _by_seed(cases: list[Case]) -> dict[tuple[str, int], list[Case]]:
    """Runs that were broken off decided nothing, so they are not compared."""
    seeds: dict[tuple[str, int], list[Case]] = {}
    for each in cases:
        if each.decision != "stopped":
            seeds.setdefault((each.digest, each.seed), []).append(each)
    return seeds


def _tree(cases: Sequence[Case], depth: int = 0) -> Node:
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
        tuple(_tree(group, depth + 1) for group in children),
    )  # fmt: skip


def _split(cases: Sequence[Case]) -> Split | None:
    """The earliest of equals; None where all rulings were alike."""
    best: Split | None = None
    for depth in range(max((len(each.trail) for each in cases), default=0)):
        there = [each.trail[depth] for each in cases if len(each.trail) > depth]
        if len(there) * 2 < len(cases):
            break  # most runs are over
        for k, gate in enumerate(GATES):
            counts = Counter(verdicts[k] for verdicts in there)
            bits = entropy(list(counts.values()))
            if bits > (best.bits if best else 0.0):
                came = {
                    verdict: Counter(e.decision for e in cases if len(e.trail) > depth and e.trail[depth][k] == verdict)
                    for verdict in counts
                }  # fmt: skip
                best = Split(
                    gate, depth + 1, dict(counts.most_common()), {v: dict(c) for v, c in came.items()}, bits
                )
    return best


def differing(found: Sample) -> list[str]:
    """The levels of a comparison at which some run differs from the first, moves left out: they are
    aligned between few runs only, and many runs of different seeds always differ there."""
    first, *others = found.cases
    differs = {
        "decision": any((o.decision, o.package) != (first.decision, first.package) for o in others),
        "checkpoint": any(o.trail[-1:] != first.trail[-1:] for o in others),
        "criterion": any(o.findings != first.findings for o in others),
    }
    return [level for level, differ in differs.items() if differ]
