"""The runs of one group, counted: what is compared with what."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.analysis.run.summary import GATES
from aipm_agents.analysis.sample.case import BASELINES, Case, OtherPackage
from aipm_agents.analysis.sample.statistics import Mean, Proportion, mean, proportion
from aipm_agents.analysis.space.masks import within_the_gates
from aipm_agents.scenario.changes import changed
from aipm_agents.table.checkpoints import is_open
from aipm_agents.table.packages import outcome_space

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aipm_agents.analysis.run.summary import Gate
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Ending


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
    beside: dict[str, OtherPackage]
    """One of `BASELINES` -> the same of it, where every run has it."""
    told: Mean | None
    """Facts that seats told."""
    news: Mean | None
    at_start: Mean | None
    open: dict[Gate, Proportion]
    """Checkpoints open at the last ruling."""
    unsound: Proportion | None
    """Of the deals, those that the scenario as it was written, with what news had changed by then, would stop, were everything told; None without
    a deal, and where the scenario as it was written is not known."""
    ablations: tuple[str, ...]
    """Checkpoints that were switched off in some run."""
    met: dict[str, Proportion]
    """Criterion -> met at the last ruling; criteria every scenario has."""
    faults: int


def counted(
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
        below=_share(deals, lambda c: bool(c.below)), sound=_share(deals, lambda c: bool(c.sound)),
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


def _beside(cases: Sequence[Case]) -> dict[str, OtherPackage]:
    out = {}
    for k, name in enumerate(BASELINES):
        found = [(each.draw, each.beside[k]) for each in cases]
        if found and not any(math.isnan(one.points) for _, one in found):
            points, gain = (
                mean((draw, value(one)) for draw, one in found).mean for value in (_points, _gain)
            )
            out[name] = OtherPackage(points, gain, None)
    return out


def _points(one: OtherPackage) -> float:
    return one.points


def _gain(one: OtherPackage) -> float:
    return one.gain


def _unsound(deals: Sequence[Case], origins: Mapping[str, Scenario]) -> Proportion | None:
    """By the figures that held when the deal was made: what news changed is no fault of the table. What a sweep varies
    is held against the file as written; of two files, each against itself."""
    if any(each.digest not in origins and each.origin not in origins for each in deals):
        return None
    stopped: dict[tuple[object, ...], bool] = {}
    for each in deals:
        if (key := _end(each)) not in stopped:
            news = {change.key: change.now for change in each.changes}
            known = origins[each.digest if each.digest in origins else each.origin]
            scenario = changed(known, news) if news else known
            assert each.package is not None
            stopped[key] = not within_the_gates(scenario)[outcome_space(scenario).code(dict(each.package))]
    return _share(deals, lambda c: stopped[_end(c)])


def _end(case: Case) -> tuple[object, ...]:
    """What a run came to, and under which figures."""
    return case.digest, case.origin, case.package, tuple(change.model_dump_json() for change in case.changes)
