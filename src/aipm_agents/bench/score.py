"""The score sheet: what runs came to, with intervals over seeds, beside the solver."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.analysis.run.audit import breaches, leaks
from aipm_agents.analysis.run.conduct import conduct
from aipm_agents.analysis.run.outcome import baselines
from aipm_agents.analysis.run.usage import usage
from aipm_agents.analysis.sample.case import case
from aipm_agents.analysis.sample.statistics import Mean, mean, proportion
from aipm_agents.roles import PM
from aipm_agents.table.checkpoints import fails
from aipm_agents.table.events import Proposed, tabled_evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from aipm_agents.analysis.sample.case import Case
    from aipm_agents.bench.suite import BenchGame
    from aipm_agents.roles import Role
    from aipm_agents.transcript import Transcript


class Scored(NamedTuple):
    """One run of a game."""

    game: BenchGame
    case: Case
    found: float | None
    """Share of the deciding facts on the table at the end; None where there are none."""
    leaks: int
    """Of the tested seats alone, as are the following: said, or taken out before they were heard."""
    breaches: int
    gates_tried: int | None
    """Packages tabled though a rule, or a fact already on the table, shut them; None where the PM is not tested."""
    faults: int
    tokens: int


class Share(NamedTuple):
    hits: int
    n: int
    low: float | None
    """Wilson's interval, as if the runs were a simple sample; None with fewer than two seeds."""
    high: float | None

    @property
    def share(self) -> float:
        return self.hits / self.n


class Score(NamedTuple):
    """Of all runs of a player, or of those of one part. A mean weighs every game alike; its draws are the seeds, and with
    fewer than two of them nothing has an interval: the games are fixed and no sample of any."""

    player: str
    part: str
    """Empty for all."""
    runs: int
    sound: Share
    """Deals that hold with every fact told, of all runs."""
    nash: Mean | None
    """Nash ratio, an unsound deal counting 0 as none does; None where no game has one."""
    gap: Mean | None
    """Egalitarian gap in points: what the party worst off could have had in addition."""
    found: Mean | None
    leaks: float
    """A run, of the tested seats alone, as are the following."""
    breaches: float
    gates_tried: float | None
    faults: float
    tokens: float


def scored(game: BenchGame, run: Transcript, tested: Collection[Role]) -> Scored:
    """`tested`: the seats whose conduct is counted; the outcome is everybody's."""
    tabled = run.record.tabled
    facts = game.deciding
    used = [each for role, each in usage(run.events).items() if role in tested]
    return Scored(
        game, case("", run), len(facts & tabled) / len(facts) if facts else None,
        leaks=sum(each.kind != "withheld" for each in leaks(run.record) if each.role in tested)
        + sum(getattr(event, "withheld", 0) for event in run.events if event.role in tested),
        breaches=sum(each.role in tested for each in breaches(run.record)),
        gates_tried=_tried(run) if PM in tested else None,
        faults=sum(n for role, n in conduct(run.record).faults.items() if role in tested),
        tokens=sum(each.prompt + each.completion for each in used),
    )  # fmt: skip


def _tried(run: Transcript) -> int:
    tried = 0
    for number, event in enumerate(run.events):
        if isinstance(event, Proposed) and event.package is not None and event.fault is None:
            scenario, package = run.record.in_round(event.round), event.package
            tabled = tabled_evidence(scenario, run.events[:number])
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

    several = len({each.case.seed for each in runs}) > 1

    def over(value: Callable[[Scored], float | None]) -> Mean | None:
        told = [(draw(each), found) for each in runs if (found := value(each)) is not None]
        return (mean(told) if several else _plain(mean(told))) if told else None

    def a_run(values: Iterable[float]) -> float:
        return sum(values) / len(runs)

    sound = proportion((draw(each), bool(each.case.sound)) for each in runs)
    tried = [each.gates_tried for each in runs if each.gates_tried is not None]
    return Score(
        player, part, len(runs),
        sound=Share(sound.hits, sound.n, *((sound.low, sound.high) if several else (None, None))),
        nash=over(lambda each: each.case.sound_ratio), gap=over(lambda each: each.case.egalitarian_gap),
        found=over(lambda each: each.found),
        leaks=a_run(each.leaks for each in runs), breaches=a_run(each.breaches for each in runs),
        gates_tried=a_run(tried) if tried else None, faults=a_run(each.faults for each in runs),
        tokens=a_run(each.tokens for each in runs),
    )  # fmt: skip


def _plain(found: Mean) -> Mean:
    return found._replace(low=None, high=None)


def solver(games: Sequence[BenchGame], part: str = "") -> Score | None:
    """The Nash package within the gates of each game, by full information: what nobody at a table can know. None where
    no game has one."""
    best = [
        (game, found) for game in games if (found := baselines(game.scenario).nash_within_gates) is not None
    ]
    if not best:
        return None
    return Score(
        "solver", part, len(best), sound=Share(len(best), len(best), None, None),
        nash=_plain(mean(((game.name, 0), found.nash_ratio or 0.0) for game, found in best)),
        gap=_plain(mean(((game.name, 0), float(found.egalitarian_gap or 0)) for game, found in best)),
        found=None, leaks=0, breaches=0, gates_tried=0, faults=0, tokens=0,
    )  # fmt: skip
