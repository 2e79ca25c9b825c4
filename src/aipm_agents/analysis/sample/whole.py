"""Many runs at once: what usually happens, and how sure that is. One pass, and little is kept of a run.

A group is what is compared with what: a folder that was named, all runs with the same value of what a
sweep varied, or all runs with the same set-up. The first group is the baseline.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.analysis.sample.branches import ENDINGS, Node, Split, split, tree
from aipm_agents.analysis.sample.case import Case, case
from aipm_agents.analysis.sample.group import Group, counted
from aipm_agents.analysis.sample.pairs import SEATS, Effect, Paired, effects, level, paired
from aipm_agents.errors import UsageError
from aipm_agents.language import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Status
    from aipm_agents.transcript.record import Transcript


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
        groups=tuple(counted(name, group, endings, common, origins) for name, group in cases.items()),
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
