"""What is kept of one run among many."""

from __future__ import annotations

import hashlib
import json
import math
from typing import TYPE_CHECKING, Any, NamedTuple

from aipm_agents.analysis.run.audit import breaches, leaks
from aipm_agents.analysis.run.gainsaid import gainsaid
from aipm_agents.analysis.run.invented import invented
from aipm_agents.analysis.run.promises import promises
from aipm_agents.analysis.run.summary import seated_as, sheet
from aipm_agents.analysis.run.usage import Used, total, usage
from aipm_agents.analysis.space.standing import Standing
from aipm_agents.table.events import DECIDED, Answered, Framed, Injected, Opened, Proposed, Signed

if TYPE_CHECKING:
    from aipm_agents.analysis.run.conduct import Conduct
    from aipm_agents.analysis.run.outcome import Baselines
    from aipm_agents.analysis.sample.statistics import Draw
    from aipm_agents.analysis.space.standing import Average
    from aipm_agents.roles import Role
    from aipm_agents.scenario.measures import FigureChange
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Ending, Status, Verdict
    from aipm_agents.transcript.record import Transcript


class OtherPackage(NamedTuple):
    """A package that is no result of this talk: its mean points over the parties, what of them is above their
    walk-aways, and its Nash ratio."""

    points: float
    gain: float
    nash_ratio: float | None


BASELINES = ("first", "random", "solver")
"""The first proposal, worth no deal where it could not have been signed; the mean of all packages; the Nash package
within the gates, by full information."""


class Made(NamedTuple):
    """What made a run; empty where the record does not say."""

    aipm: str
    prompts: str
    """The digest of what models are told."""
    served: str
    """The models that answered, as their servers call them."""
    controls: tuple[tuple[str, str], ...] = ()
    """What model seats were set to."""
    not_taken: str = ""
    """Of that, what an endpoint refused."""


class TalkCounts(NamedTuple):
    """How a table talked, counted. `columns.py` tells how each is reckoned."""

    disclosure: float | None
    questions: int
    answered: int
    trades_offered: int
    trades_taken: int
    trades_kept: int
    promises_kept: int
    promises_broken: int
    concessions: int
    conceded: tuple[tuple[Role, float | None], ...]


class Watched(NamedTuple):
    """What an audit without a model points at, counted."""

    leaks: int
    withheld: int
    breaches: int
    invented_figures: int
    words_against_move: int


class Case(NamedTuple):
    source: str
    """How it is opened again."""
    run_id: str
    scenario: str
    digest: str
    origin: str
    """The digest of the scenario before a sweep changed it; its own where none did."""
    factors: tuple[tuple[str, str], ...]
    """What a sweep set -> to what."""
    ablation: str
    """The checkpoint that was switched off; empty where none was."""
    seed: int
    seats: str
    pm_style: str
    """How the PM led; empty where it was not told to."""
    decision: Ending
    round: int
    package: tuple[tuple[str, str], ...] | None
    """The deal."""
    first_package: tuple[tuple[str, str], ...] | None
    """What the PM proposed first."""
    first_asked: str
    """Whom the PM asked first, and about what: `legal contract`; empty where it asked nothing."""
    points: tuple[tuple[Role, float], ...]
    """The deal's, after what waiting took, or everybody's walk-away without one."""
    walk_aways: tuple[tuple[Role, float], ...]
    quorum: bool
    """Whether somebody may be outvoted."""
    sound: bool | None
    """Whether the deal would hold with everything disclosed; None without one."""
    pareto: bool | None
    """Whether no package within the gates dominates the deal; None without one."""
    below: int
    """How many the deal leaves below the walk-away."""
    nash_ratio: float | None
    egalitarian_gap: float | None
    least_gain: float
    """The smallest surplus over a walk-away; 0 without a deal."""
    trail: tuple[tuple[Verdict, ...], ...]
    findings: tuple[tuple[str, Status], ...]
    told: int
    """Facts that seats told; news and what lay on the table from the start are counted apart."""
    news: int
    at_start: int
    changes: tuple[FigureChange, ...]
    """The figures that news had changed by the end."""
    faults: int
    used: Used
    beside: tuple[OtherPackage, ...]
    """What the scenario gives without this table's talk, in the order of `BASELINES`."""
    draw: Draw
    """What runs are independent in: scenario as written, and seed. A person or a model plays another run with the same
    seed, so outside a sweep such a run is a draw of its own."""
    made: Made
    moves: str
    """A digest of what was done, without the words."""
    talk: TalkCounts
    watched: Watched
    group: str = ""

    @property
    def deal(self) -> bool:
        return self.package is not None

    @property
    def decided(self) -> bool:
        """Neither broken off nor left undecided by faults: those say nothing of what the table would have done."""
        return self.decision in DECIDED

    @property
    def mean_points(self) -> float:
        return sum(points for _, points in self.points) / len(self.points)

    @property
    def mean_gain(self) -> float:
        """Points above the walk-aways, the mean of the parties; 0 without a deal."""
        return self.mean_points - sum(least for _, least in self.walk_aways) / len(self.walk_aways)

    @property
    def sound_ratio(self) -> float | None:
        """The Nash ratio of what holds: an unsound deal is worth no more than none."""
        return 0.0 if self.sound is False and self.yardstick else self.nash_ratio

    @property
    def yardstick(self) -> bool:
        """Whether there is a Nash package within the gates to be held against."""
        return self.beside[BASELINES.index("solver")].nash_ratio is not None


def case(source: str, run: Transcript) -> Case:
    made = sheet("", run)
    surplus = [made.outcome.after_waiting[role] - p.walk_away for role, p in made.scenario.parties.items()]
    gap, variation, deal = made.outcome.egalitarian_gap, run.header.variation, made.outcome.deal
    origin = variation.origin if variation else run.scenario.digest
    repeats = variation is not None or set(made.seats.values()) <= {"embedded"}
    return Case(
        source, made.run_id, run.scenario.id, run.scenario.digest,
        origin=origin,
        factors=tuple(variation.factors.items()) if variation else (),
        ablation=run.header.without or "",
        seed=made.seed, seats=seated_as(made.seats, made.pm_style), pm_style=made.pm_style or "", decision=made.decision, round=made.round,
        package=tuple(made.package.items()) if made.deal and made.package else None,
        first_package=_first_package(run), first_asked=_first_asked(run),
        points=tuple((role, float(points)) for role, points in made.outcome.after_waiting.items()),
        walk_aways=tuple((role, float(p.walk_away)) for role, p in made.scenario.parties.items()),
        quorum=run.scenario.agreement.accept_at_least < len(run.scenario.parties),
        sound=deal.sound if deal else None, pareto=deal.dominated_by is None if deal else None, below=len(deal.below) if deal else 0,
        nash_ratio=made.outcome.nash_ratio, egalitarian_gap=None if gap is None else float(gap),
        least_gain=float(min(surplus)) if made.deal else 0.0,
        trail=made.trail, findings=tuple(made.findings.items()),
        told=made.conduct.facts("seat"), news=made.conduct.facts("news"), at_start=made.conduct.facts("start"),
        changes=tuple(each for event in run.events if isinstance(event, Injected) for each in event.changes), faults=sum(made.conduct.faults.values()),
        used=total(usage(run.events)), beside=_beside(made.scenario, made.outcome.baselines),
        draw=(origin, made.seed if repeats else f"run {made.run_id}"), made=_made(run), moves=_moves(run),
        talk=_talk(run, made.conduct), watched=_watched(run),
    )  # fmt: skip


def _proposals(run: Transcript) -> list[Proposed]:
    return [event for event in run.events if isinstance(event, Proposed) and event.package]


def _first_package(run: Transcript) -> tuple[tuple[str, str], ...] | None:
    return next((tuple(event.package.items()) for event in _proposals(run) if event.package), None)


def _first_asked(run: Transcript) -> str:
    questions = (event.move.question for event in _proposals(run) if event.move and event.move.question)
    return next((f"{question.to} {question.about}" for question in questions), "")


def _beside(scenario: Scenario, base: Baselines) -> tuple[OtherPackage, ...]:
    least = sum(float(party.walk_away) for party in scenario.parties.values()) / len(scenario.parties)

    def of(one: Standing | Average | None) -> OtherPackage:
        if one is None:
            return OtherPackage(math.nan, math.nan, None)
        points = float(sum(one.points.values())) / len(one.points)
        gain = (
            float(sum(one.surplus.values())) / len(one.points)
            if isinstance(one, Standing)
            else points - least
        )
        return OtherPackage(points, gain, one.nash_ratio)

    first = of(base.first_proposal)
    if base.first_proposal is not None and not base.first_signable:
        first = OtherPackage(first.points - first.gain, 0.0, None if base.nash_within_gates is None else 0.0)
    return first, of(base.at_random), of(base.nash_within_gates)


def _made(run: Transcript) -> Made:
    stamp = run.header.volatile
    served = {str(event.volatile["model"]) for event in run.events if event.volatile.get("model")}
    refused = {str(name) for event in run.events for name in event.volatile.get("not_taken", ())}
    return Made(
        str(stamp.get("aipm", "")), str(stamp.get("prompts", "")), "+".join(sorted(served)),
        controls=tuple(run.header.controls.items()), not_taken="+".join(sorted(refused)),
    )  # fmt: skip


def _moves(run: Transcript) -> str:
    words: dict[str, Any] = {"says": True, "reason": True, "question": {"text": True}}
    done = [
        [each.round, each.kind, each.role, each.move.model_dump(mode="json", exclude=words, exclude_defaults=True)]
        for each in run.events if isinstance(each, Framed | Opened | Proposed | Answered | Signed) and each.move
    ]  # fmt: skip
    return hashlib.sha256(json.dumps([run.scenario.digest, done]).encode()).hexdigest()[:16]


def _talk(run: Transcript, work: Conduct) -> TalkCounts:
    held = [
        each
        for each in run.scenario.evidence
        if each.held_by and not each.known_at_start and each.takes is None
    ]
    due = promises(run.record)
    return TalkCounts(
        disclosure=work.facts("seat") / len(held) if held else None,
        questions=work.asked, answered=work.answered,
        trades_offered=work.trades_offered, trades_taken=work.trades_taken, trades_kept=work.trades_kept,
        promises_kept=sum(each.kept for each in due), promises_broken=sum(not each.kept for each in due),
        concessions=sum(fall > 0 for row in work.concessions.values() for fall in row.values()),
        conceded=tuple(
            (role, float(sum(row.values())) if row else None) for role, row in work.concessions.items()
        ),
    )  # fmt: skip


def _watched(run: Transcript) -> Watched:
    record = run.record
    return Watched(
        leaks=sum(each.kind != "withheld" for each in leaks(record)),
        withheld=sum(getattr(event, "withheld", 0) for event in run.events),
        breaches=len(breaches(record)),
        invented_figures=len(invented(record)),
        words_against_move=len(gainsaid(record)),
    )
