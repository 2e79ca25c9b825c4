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
from aipm_agents.analysis.sample.case import BASELINES, Beside, Case, case
from aipm_agents.analysis.sample.pairs import SEATS, Effect, Paired, effects, level, paired
from aipm_agents.analysis.sample.statistics import Mean, Proportion, mean, proportion
from aipm_agents.analysis.space.masks import within_the_gates
from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.table.checkpoints import is_open
from aipm_agents.table.packages import outcome_space

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from aipm_agents.analysis.run.summary import Gate
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Ending, Status
    from aipm_agents.transcript.record import Transcript


class Group(NamedTuple):
    name: str
    n: int
    """Runs."""
    draws: int
    """Of so many different scenarios and seeds: what every interval is about."""
    decisions: dict[Ending, Proportion]
    """Every ending that some run of some group had."""
    deals: Proportion
    """Of all runs, those that ended in a deal."""
    packages: tuple[tuple[str, tuple[tuple[str, str], ...], int], ...]
    """The deals made most often: scenario, package, how often."""
    rounds: Mean | None
    """Of the runs that came to an end, as all means; None where none did."""
    nash_ratio: Mean | None
    """0 without a deal, and for an unsound one. None also where a run's scenario has no Nash point within the gates;
    runs that leave somebody below the walk-away have none."""
    unsound_ratio: Mean | None
    """Of the unsound deals: above 1 is what no deal that holds can give."""
    egalitarian_gap: Mean | None
    """Where the scenarios have one."""
    below: Proportion | None
    """Of the deals, those that leave somebody below the walk-away; None without a deal."""
    sound: Proportion | None
    """Of the deals, those that hold with everything disclosed."""
    least_gain: Mean | None
    points: Mean | None
    """The mean over the parties; who has no deal has the walk-aways."""
    gain: Mean | None
    """The same above the walk-aways."""
    by_party: dict[Role, Mean]
    """Points of the roles that sit in every scenario."""
    beside: dict[str, Beside]
    """One of `BASELINES` -> the same of it, where every run has it."""
    told: Mean | None
    """Facts that seats told."""
    news: Mean | None
    at_start: Mean | None
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
    quorum: bool
    """Whether somebody may be outvoted in some run."""
    walk_aways_vary: bool
    """Whether one scenario is played with several walk-aways: then gains are compared, and not points."""
    mixed: dict[str, tuple[str, ...]]
    """Of `Made`, what differs between runs that should have been made alike -> what it was."""
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
            walk_aways=shared.setdefault(("points", one.walk_aways), one.walk_aways),  # type: ignore[arg-type]
            made=shared.setdefault(("made", one.made), one.made),  # type: ignore[arg-type]
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
    if "scenario" not in by:
        _alike(cases)
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
        quorum=any(each.quorum for each in everything), walk_aways_vary=_vary(everything), mixed=_mixed(everything),
        cases=tuple(everything), asks=asks, labels=labels,
    )  # fmt: skip


def _alike(cases: Mapping[str, Sequence[Case]]) -> None:
    """Raises `UsageError` where groups pool different scenarios: what differs between them then is the scenario."""
    pooled = {name: {each.origin: each.scenario for each in group} for name, group in cases.items()}
    first, *others = pooled.items()
    for name, played in others:
        if played.keys() != first[1].keys() and max(len(played), len(first[1])) > 1:
            raise UsageError(
                tr(
                    "{first} and {name} pool different scenarios ({one}; {other}), so their figures would differ by the scenario: name runs of the same ones, or group with --by scenario",
                    first=first[0], name=name, one=_told(first[1]), other=_told(played),
                )
            )  # fmt: skip


def _told(played: Mapping[str, str]) -> str:
    return tr(", ").join(f"{name} ({origin[:8]})" for origin, name in played.items())


def _vary(cases: Sequence[Case]) -> bool:
    walk_aways: dict[str, set[object]] = {}
    for each in cases:
        walk_aways.setdefault(each.scenario, set()).add(each.walk_aways)
    return any(len(found) > 1 for found in walk_aways.values())


def _mixed(cases: Sequence[Case]) -> dict[str, tuple[str, ...]]:
    """Versions of this program; per scenario, what models are told; per set-up, which models answered."""
    found: dict[str, dict[str, dict[str, None]]] = {"aipm": {}, "prompts": {}, "served": {}}
    for each in cases:
        for name, among in (("aipm", ""), ("prompts", each.origin), ("served", each.seats)):
            if value := getattr(each.made, name):
                found[name].setdefault(among, {})[value] = None
    return {
        name: tuple(dict.fromkeys(value for values in among.values() if len(values) > 1 for value in values))
        for name, among in found.items()
        if any(len(values) > 1 for values in among.values())
    }


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
    ruled = [each for each in cases if each.findings]
    ended = [each for each in cases if each.decided]
    deals = [each for each in cases if each.deal]
    rated = all(each.yardstick for each in ended)
    packages = Counter((each.scenario, each.package) for each in cases if each.package is not None)
    return Group(
        name, n, len({each.draw for each in cases}),
        decisions={ending: proportion((c.draw, c.decision == ending) for c in cases) for ending in endings},
        deals=proportion((c.draw, c.deal) for c in cases),
        packages=tuple((name, package, count) for (name, package), count in packages.most_common(3)),
        rounds=_mean(ended, lambda c: c.round),
        nash_ratio=_mean(ended, lambda c: c.sound_ratio) if rated else None,
        unsound_ratio=_mean([each for each in deals if not each.sound], lambda c: c.nash_ratio) if rated else None,
        egalitarian_gap=_mean(ended, lambda c: c.egalitarian_gap),
        below=_share(deals, lambda c: c.below), sound=_share(deals, lambda c: bool(c.sound)),
        least_gain=_mean(ended, lambda c: c.least_gain),
        points=_mean(ended, lambda c: c.mean_points), gain=_mean(ended, lambda c: c.mean_gain),
        by_party=_by_party(ended), beside=_beside(ended),
        told=_mean(ended, lambda c: c.told), news=_mean(ended, lambda c: c.news),
        at_start=_mean(ended, lambda c: c.at_start),
        open={
            gate: proportion((c.draw, is_open(c.trail[-1][k])) for c in ruled) for k, gate in enumerate(GATES) if ruled
        },
        unsound=_unsound(deals, origins),
        ablations=tuple(dict.fromkeys(each.ablation for each in cases if each.ablation)),
        met={
            criterion: proportion((c.draw, (criterion, "met") in c.findings) for c in ruled)
            for criterion in common if ruled
        },
        faults=sum(each.faults for each in cases),
    )  # fmt: skip


def _share(cases: Sequence[Case], hit: Callable[[Case], bool]) -> Proportion | None:
    return proportion((each.draw, hit(each)) for each in cases) if cases else None


def _mean(cases: Sequence[Case], value: Callable[[Case], float | None]) -> Mean | None:
    """Over the runs that have a value."""
    found = [(each.draw, one) for each in cases if (one := value(each)) is not None]
    return mean(found) if found else None


def _by_party(cases: Sequence[Case]) -> dict[Role, Mean]:
    points = [(each.draw, dict(each.points)) for each in cases]
    roles = [role for role in points[0][1] if all(role in each for _, each in points)] if points else []
    return {role: mean((draw, each[role]) for draw, each in points) for role in roles}


def _beside(cases: Sequence[Case]) -> dict[str, Beside]:
    out = {}
    for k, name in enumerate(BASELINES):
        found = [(each.draw, each.beside[k]) for each in cases]
        if found and not any(math.isnan(one.points) for _, one in found):
            points, gain = (
                mean((draw, value(one)) for draw, one in found).mean for value in (_points, _gain)
            )
            out[name] = Beside(points, gain, None)
    return out


def _points(one: Beside) -> float:
    return one.points


def _gain(one: Beside) -> float:
    return one.gain


def _unsound(deals: Sequence[Case], origins: Mapping[str, Scenario]) -> Proportion | None:
    if any(each.origin not in origins for each in deals):
        return None
    stopped: dict[tuple[str, object], bool] = {}
    for each in deals:
        if (key := (each.origin, each.package)) not in stopped:
            scenario = origins[each.origin]
            assert each.package is not None
            stopped[key] = not within_the_gates(scenario)[outcome_space(scenario).code(dict(each.package))]
    return _share(deals, lambda c: stopped[c.origin, c.package])


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
