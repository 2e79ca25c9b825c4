"""What usually comes of a scenario: a sample of meetings, played on the spot by the embedded negotiators, with as many
rounds as a lesson on paper has.

With the scenario's own rounds they are the runs that `aipm sweep` plays with the same seeds. They show what programs do, not what people do.
"""

from __future__ import annotations

from collections import Counter
from itertools import count
from statistics import median_low
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.analysis.run.summary import GATES
from aipm_agents.kit import timing
from aipm_agents.negotiation import negotiate
from aipm_agents.seats.embedded import Embedded
from aipm_agents.table.events import Answered, Decided, Injected, Opened, Reported, Ruled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from aipm_agents.analysis.run.summary import Gate
    from aipm_agents.kit.timing import LessonTimes
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.events import Event, Outcome

Run = tuple["Event", ...]


class FactCount(NamedTuple):
    """A fact, counted over the meetings of a sample."""

    tabled: int
    """Meetings in which it came to the table."""
    showed: int
    """Meetings at whose last ruling it showed a criterion."""
    stopped: int
    """Meetings in which it kept some package from passing."""


class Outcomes(NamedTuple):
    """Counts are of meetings."""

    n: int
    endings: dict[Outcome, int]
    deals: tuple[tuple[Package, int], ...]
    """The deals made most often, at most three."""
    rounds: tuple[int, int, int]
    """The fewest, the median and the most."""
    shut: dict[Gate, int]
    """Meetings in which a checkpoint was shut at some ruling; Alignment's halves apart."""
    unmet: dict[str, int]
    """Criterion -> meetings in which it was not met at some ruling."""
    wanted_and_stopped: int
    """Meetings in which a package that had its yeses was stopped by a criterion."""
    facts: dict[str, FactCount]


Sampled = tuple[tuple["LessonTimes", Outcomes], ...]
"""Of each lesson what came of meetings with its rounds."""


def of_lessons(
    scenario: Scenario,
    lessons: Sequence[LessonTimes],
    seeds: Sequence[int],
    on_played: Callable[[int, int], None],
) -> Sampled:
    """The same seeds for each; lessons with the same rounds have the same meetings."""
    found: dict[int, Outcomes] = {}
    done, of = count(1), len({lesson.rounds for lesson in lessons}) * len(seeds)
    for lesson in lessons:
        if lesson.rounds not in found:
            as_played = timing.as_played(scenario, lesson)
            found[lesson.rounds] = played(as_played, seeds, lambda: on_played(next(done), of))
    return tuple((lesson, found[lesson.rounds]) for lesson in lessons)


def played(scenario: Scenario, seeds: Iterable[int], on_each: Callable[[], None] = lambda: None) -> Outcomes:
    """Play a scenario with each of these seeds, an embedded negotiator in every seat. `on_each`: called after each."""
    seats, runs = {role: Embedded() for role in scenario.parties}, list[Run]()
    for seed in seeds:
        runs.append(negotiate(scenario, seats, seed=seed))
        on_each()
    return counted(scenario, runs)


def counted(scenario: Scenario, runs: list[Run]) -> Outcomes:
    """What came of some meetings, at least one, all of them decided."""
    decided = [next(event for event in run if isinstance(event, Decided)) for run in runs]
    rulings = [[event for event in run if isinstance(event, Ruled)] for run in runs]
    deals = Counter(tuple(each.package.items()) for each in decided if each.package is not None)
    lengths = [each.round for each in decided]
    return Outcomes(
        n=len(runs),
        endings=dict(Counter(each.outcome for each in decided).most_common()),
        deals=tuple((dict(package), times) for package, times in deals.most_common(3)),
        rounds=(min(lengths), median_low(lengths), max(lengths)),
        shut={gate: sum(any(_shut(each, gate) for each in those) for those in rulings) for gate in GATES},
        unmet={
            name: sum(any(_unmet(each, name) for each in those) for those in rulings) for name in scenario.criteria
        },
        wanted_and_stopped=sum(any(_wanted_and_stopped(scenario, each) for each in those) for those in rulings),
        facts={name: _told(name, runs, rulings) for name in scenario.facts},
    )  # fmt: skip


def _shut(ruling: Ruled, gate: Gate) -> bool:
    if gate == "people":
        verdict = ruling.people
    elif gate == "team":
        verdict = ruling.team.verdict
    else:
        verdict = ruling.verdicts[gate]
    return verdict in ("blocked", "not_shown")


def _unmet(ruling: Ruled, name: str) -> bool:
    return any(each.criterion == name and each.status != "met" for each in ruling.findings)


def _wanted_and_stopped(scenario: Scenario, ruling: Ruled) -> bool:
    stopped = any(f.status != "met" and scenario.criteria[f.criterion][1].blocking for f in ruling.findings)
    return ruling.team.verdict == "pass" and stopped


def _told(name: str, runs: list[Run], rulings: list[list[Ruled]]) -> FactCount:
    return FactCount(
        sum(any(name in _brought(event) for event in run) for run in runs),
        sum(bool(those) and _bears(those[-1:], name, "met") for those in rulings),
        sum(_bears(those, name, "failed") for those in rulings),
    )


def _bears(rulings: list[Ruled], name: str, status: str) -> bool:
    return any(name in f.evidence and f.status == status for each in rulings for f in each.findings)


def _brought(event: Event) -> tuple[str, ...]:
    if isinstance(event, Opened | Answered):
        return event.move.tables
    return event.evidence if isinstance(event, Injected | Reported) else ()
