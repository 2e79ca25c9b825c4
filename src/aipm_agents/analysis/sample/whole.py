"""Many runs at once: what usually happens, and how sure that is. One pass, and little is kept of a run.

A group is what is compared with what: a folder that was named, all runs with the same value of what a
sweep varied, or all runs with the same set-up. The first group is the baseline.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.analysis.run.summary import GATES
from aipm_agents.analysis.sample.branches import ENDINGS, Node, Split, split, tree
from aipm_agents.analysis.sample.case import BASELINES, Case, case
from aipm_agents.analysis.sample.pairs import SEATS, Effect, Paired, effects, level, paired
from aipm_agents.analysis.sample.statistics import Mean, Proportion, bootstrap, wilson
from aipm_agents.analysis.space.masks import within_the_gates
from aipm_agents.table.checkpoints import is_open
from aipm_agents.table.events import DECIDED
from aipm_agents.table.packages import outcome_space

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aipm_agents.analysis.run.summary import Gate
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Ending, Status
    from aipm_agents.transcript.record import Transcript


class Group(NamedTuple):
    name: str
    n: int
    decisions: dict[Ending, Proportion]
    """Every ending that some run of some group had."""
    deals: Proportion
    """Of all runs, those that ended in a deal."""
    packages: tuple[tuple[str, tuple[tuple[str, str], ...], int], ...]
    """The deals made most often: scenario, package, how often."""
    rounds: Mean | None
    """Of the runs that came to an end, as all means; None where none did."""
    nash_ratio: Mean | None
    """None also where a run's scenario has no Nash point within the gates."""
    least_gain: Mean | None
    points: Mean | None
    """The mean over the parties; who has no deal has the walk-aways."""
    by_party: dict[Role, Mean]
    """Points of the roles that sit in every scenario."""
    beside: dict[str, float]
    """One of `BASELINES` -> mean points over the parties, where every run has it."""
    told: Mean | None
    """Facts tabled."""
    open: dict[Gate, Proportion]
    """Checkpoints open at the last ruling."""
    unsound: Proportion | None
    """Of the deals, those that the scenario as it was written would stop, were everything told; None without
    a deal, and where the scenario as it was written is not known."""
    ablations: tuple[str, ...]
    """Checkpoints that were switched off in some run."""
    met: dict[str, Proportion]
    """Criterion -> met at the last ruling; criteria every scenario has."""
    faults: int


class Sample(NamedTuple):
    groups: tuple[Group, ...]
    scenarios: dict[str, int]
    """Scenario (id and the beginning of its digest) -> runs."""
    tree: Node
    split: Split | None
    paired: tuple[Paired, ...]
    by: tuple[str, ...]
    """The factors that runs are grouped by; empty where they are grouped otherwise."""
    varied: dict[str, tuple[str, ...]]
    """What a sweep varied -> its values, in the order they came."""
    effects: tuple[Effect, ...]
    cases: tuple[Case, ...]
    asks: dict[str, str]
    """Criterion -> its question."""
    labels: dict[tuple[str, str, str], str]
    """(scenario, issue, option) -> its label."""


def sample(
    named: Iterable[tuple[str | None, str, Transcript]], by: tuple[str, ...] = (),
    as_written: Iterable[Scenario] = (),
) -> Sample:  # fmt: skip
    """`named`: (group, source, run) one by one; without a group, runs are grouped by their set-up. `by`:
    group by these factors of a sweep instead. `as_written`: scenarios that a sweep changed, beside those
    that some run played unchanged."""
    cases: dict[str, list[Case]] = {}
    asks: dict[str, str] = {}
    labels: dict[tuple[str, str, str], str] = {}
    shared: dict[tuple[object, ...], object] = {}
    origins = {scenario.digest: scenario for scenario in as_written}
    for group, source, run in named:
        one = case(source, run)
        # runs have most of their verdicts in common: keep each such tuple once
        one = one._replace(
            trail=shared.setdefault(("trail", one.trail), one.trail),  # type: ignore[arg-type]
            findings=shared.setdefault(("findings", one.findings), one.findings),  # type: ignore[arg-type]
            package=shared.setdefault(("package", one.package), one.package),  # type: ignore[arg-type]
            first_package=shared.setdefault(("package", one.first_package), one.first_package),  # type: ignore[arg-type]
            points=shared.setdefault(("points", one.points), one.points),  # type: ignore[arg-type]
            factors=shared.setdefault(("factors", one.factors), one.factors),  # type: ignore[arg-type]
            digest=shared.setdefault(("digest", one.digest), one.digest),  # type: ignore[arg-type]
            origin=shared.setdefault(("digest", one.origin), one.origin),  # type: ignore[arg-type]
        )
        name = _name(one, by) if by else group or one.seats
        cases.setdefault(name, []).append(one._replace(group=name))
        _remember(run.scenario, asks, labels)
        if one.origin == one.digest:
            origins.setdefault(one.digest, run.scenario)
    everything = [each for group in cases.values() for each in group]
    endings = [ending for ending in ENDINGS if any(each.decision == ending for each in everything)]
    common = _common([each.findings for each in everything if each.findings])
    base = next(iter(cases.values()))
    varied = _varied(everything)
    return Sample(
        groups=tuple(_group(name, group, endings, common, origins) for name, group in cases.items()),
        scenarios=dict(Counter(f"{each.scenario} ({each.origin[:8]})" for each in everything)),
        tree=tree(everything),
        split=split(everything),
        paired=tuple(paired(name, base, group, by or (SEATS,)) for name, group in list(cases.items())[1:]),
        by=by, varied=varied, effects=effects(everything, varied),
        cases=tuple(everything), asks=asks, labels=labels,
    )  # fmt: skip


def _name(one: Case, by: tuple[str, ...]) -> str:
    """The value; of several factors each with its name, as short as tells them apart."""
    values = [
        level(one, factor) or ("nobody" if factor.endswith(("held_by", "veto")) else "not set")
        for factor in by
    ]
    if len(by) == 1:
        return values[0]
    ends = [factor.rpartition(".")[2] for factor in by]
    names = ends if len(set(ends)) == len(ends) else by
    return ", ".join(f"{name}={value}" for name, value in zip(names, values, strict=True))


def _varied(cases: Sequence[Case]) -> dict[str, tuple[str, ...]]:
    values: dict[str, dict[str, None]] = {}
    for each in cases:
        for factor, value in each.factors:
            values.setdefault(factor, {})[value] = None
    return {factor: tuple(found) for factor, found in values.items() if len(found) > 1}


def _remember(scenario: Scenario, asks: dict[str, str], labels: dict[tuple[str, str, str], str]) -> None:
    if not asks:
        asks.update({name: each.asks for name, (_, each) in scenario.criteria.items()})
    labels.update({(scenario.id, i.id, o.id): o.label for i in scenario.issues for o in i.options})


def _common(findings: Sequence[tuple[tuple[str, Status], ...]]) -> list[str]:
    if not findings:
        return []
    names = [name for name, _ in findings[0]]
    return [name for name in names if all(name in dict(each) for each in findings)]


def _group(
    name: str, cases: list[Case], endings: list[Ending], common: list[str], origins: Mapping[str, Scenario]
) -> Group:  # fmt: skip
    n = len(cases)
    ruled = [dict(each.findings) for each in cases if each.findings]
    ended = [each for each in cases if each.decision in DECIDED]  # the others decided nothing
    ratios = [each.nash_ratio for each in ended]
    packages = Counter((each.scenario, each.package) for each in cases if each.package is not None)
    return Group(
        name, n,
        decisions={ending: wilson(sum(c.decision == ending for c in cases), n) for ending in endings},
        deals=wilson(sum(each.deal for each in cases), n),
        packages=tuple((name, package, count) for (name, package), count in packages.most_common(3)),
        rounds=_mean([each.round for each in ended]),
        nash_ratio=None if None in ratios or not ratios else bootstrap([r for r in ratios if r is not None]),
        least_gain=_mean([each.least_gain for each in ended]),
        points=_mean([each.mean_points for each in ended]),
        by_party=_by_party(ended), beside=_beside(ended),
        told=_mean([each.told for each in ended]),
        open={
            gate: wilson(sum(is_open(each.trail[-1][k]) for each in cases if each.trail), len(ruled))
            for k, gate in enumerate(GATES) if ruled
        },
        unsound=_unsound(cases, origins),
        ablations=tuple(dict.fromkeys(each.ablation for each in cases if each.ablation)),
        met={
            criterion: wilson(sum(each[criterion] == "met" for each in ruled), len(ruled))
            for criterion in common if ruled
        },
        faults=sum(each.faults for each in cases),
    )  # fmt: skip


def _by_party(cases: Sequence[Case]) -> dict[Role, Mean]:
    points = [dict(each.points) for each in cases]
    roles = [role for role in points[0] if all(role in each for each in points)] if points else []
    return {role: bootstrap([each[role] for each in points]) for role in roles}


def _beside(cases: Sequence[Case]) -> dict[str, float]:
    out = {}
    for k, name in enumerate(BASELINES):
        values = [each.beside[k].points for each in cases]
        if values and not any(map(math.isnan, values)):
            out[name] = sum(values) / len(values)
    return out


def _unsound(cases: Sequence[Case], origins: Mapping[str, Scenario]) -> Proportion | None:
    deals = [each for each in cases if each.package is not None]
    if not deals or any(each.origin not in origins for each in deals):
        return None
    stopped = 0
    for (origin, package), count in Counter((each.origin, each.package) for each in deals).items():
        scenario = origins[origin]
        assert package is not None
        stopped += count * (not within_the_gates(scenario)[outcome_space(scenario).code(dict(package))])
    return wilson(stopped, len(deals))


def _mean(values: Sequence[float]) -> Mean | None:
    return bootstrap(values) if values else None


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
