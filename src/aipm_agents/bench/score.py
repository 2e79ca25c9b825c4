"""The score sheet: what runs came to, with intervals over seeds, beside the solver."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.analysis.run.outcome import baselines
from aipm_agents.analysis.sample.case import case
from aipm_agents.analysis.sample.statistics import Mean, Proportion, mean, proportion
from aipm_agents.table.checkpoints import fails
from aipm_agents.table.events import Proposed, tabled_evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aipm_agents.analysis.sample.case import Case
    from aipm_agents.bench.suite import Game
    from aipm_agents.transcript import Transcript


class Scored(NamedTuple):
    """One run of a game."""

    game: Game
    case: Case
    found: float | None
    """Share of the deciding facts on the table at the end; None where there are none."""
    gates_tried: int
    """Packages tabled though a rule, or a fact already on the table, shut them."""


class Score(NamedTuple):
    """Of all runs of a player, or of those of one part. A mean weighs every game alike; its draws are the seeds."""

    player: str
    part: str
    """Empty for all."""
    runs: int
    sound: Proportion
    """Deals that hold with every fact told, of all runs."""
    nash: Mean | None
    """Nash ratio, an unsound deal counting 0 as none does; None where no game has one."""
    gap: Mean | None
    """Egalitarian gap in points: what the party worst off could have had in addition."""
    found: Mean | None
    leaks: float
    """A run, as are the following."""
    breaches: float
    gates_tried: float
    faults: float
    tokens: float


def scored(game: Game, run: Transcript) -> Scored:
    tabled = run.record.tabled
    facts = game.deciding
    return Scored(game, case("", run), len(facts & tabled) / len(facts) if facts else None, _tried(run))


def _tried(run: Transcript) -> int:
    scenario, tried = run.scenario, 0
    for number, event in enumerate(run.events):
        if isinstance(event, Proposed) and event.package is not None and event.fault is None:
            tabled, package = tabled_evidence(scenario, run.events[:number]), event.package
            tried += any(
                fails(scenario, each, package, tabled)
                for _, each in scenario.criteria.values()
                if each.blocking
            )
    return tried


def score(player: str, runs: Sequence[Scored], part: str = "") -> Score:
    """Raises `ValueError` for no run."""

    def draw(each: Scored) -> tuple[str, object]:
        return each.game.name, each.case.seed

    def over(value: Callable[[Scored], float | None]) -> Mean | None:
        told = [(draw(each), found) for each in runs if (found := value(each)) is not None]
        return mean(told) if told else None

    def a_run(value: Callable[[Scored], float]) -> float:
        return sum(map(value, runs)) / len(runs)

    return Score(
        player, part, len(runs),
        sound=proportion((draw(each), bool(each.case.sound)) for each in runs),
        nash=over(lambda each: each.case.sound_ratio), gap=over(lambda each: each.case.egalitarian_gap),
        found=over(lambda each: each.found),
        leaks=a_run(lambda each: each.case.watched.leaks + each.case.watched.withheld),
        breaches=a_run(lambda each: each.case.watched.breaches), gates_tried=a_run(lambda each: each.gates_tried),
        faults=a_run(lambda each: each.case.faults),
        tokens=a_run(lambda each: each.case.used.prompt + each.case.used.completion),
    )  # fmt: skip


def solver(games: Sequence[Game], part: str = "") -> Score | None:
    """The Nash package within the gates of each game, by full information: what nobody at a table can know. None where
    no game has one."""
    best = [
        (game, found) for game in games if (found := baselines(game.scenario).nash_within_gates) is not None
    ]
    if not best:
        return None
    return Score(
        "solver", part, len(best), sound=proportion(((game.name, 0), True) for game, _ in best),
        nash=mean(((game.name, 0), found.nash_ratio or 0.0) for game, found in best),
        gap=mean(((game.name, 0), float(found.egalitarian_gap or 0)) for game, found in best),
        found=None, leaks=0, breaches=0, gates_tried=0, faults=0, tokens=0,
    )  # fmt: skip
