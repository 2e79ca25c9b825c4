"""What a run came to: for everybody at the table, against what could have been had."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.analysis.space.standing import Average, Standing, at_random, solved, standing
from aipm_agents.table.checkpoints import lets_through
from aipm_agents.table.memory import remembered
from aipm_agents.table.packages import outcome_space
from aipm_agents.table.rules import after_waiting

if TYPE_CHECKING:
    from decimal import Decimal

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Outcome as Decision
    from aipm_agents.table.record import Record


class Baselines(NamedTuple):
    """What the same scenario gives without this table's talk. Full information is used, and labelled so."""

    at_random: Average
    nash_within_gates: Standing | None
    """The full-information Nash package that all four checkpoints would let through."""
    best_without_gates: Standing | None
    """The full-information Nash package of those the table would sign were there no criteria; the
    package with the largest sum where no package gives everybody more than the walk-away."""
    first_proposal: Standing | None
    first_signable: bool = False
    """Whether it could have been signed then and there: every checkpoint was open in its ruling. Where not, it is
    worth what no deal is worth."""


class Outcome(NamedTuple):
    decision: Decision | None
    """None for a run that was broken off."""
    round: int
    deal: Standing | None
    last: Standing | None
    """The package last tabled; the deal's where there is one."""
    points: dict[Role, Decimal]
    """The deal's, or everybody's walk-away where there is none."""
    after_waiting: dict[Role, Decimal]
    """What is left of them after the rounds it took; the same where nobody loses by waiting."""
    nash_ratio: float | None
    """0 without a deal; None where the scenario has no Nash point within the gates, where the deal leaves somebody
    below the walk-away, or nothing was decided."""
    egalitarian_gap: Decimal | None
    baselines: Baselines
    news: tuple[int, ...] = ()
    """The rounds whose news changed figures: all is weighed by those of `round`, what was on the table before only, by
    those of its own round."""


@remembered
def outcome(record: Record) -> Outcome:
    scenario, decision, packages = record.scenario, record.decision, record.packages
    deal = standing(scenario, decision.package) if decision and decision.package else None
    base = baselines(scenario)
    points = deal.points if deal else {role: p.walk_away for role, p in scenario.parties.items()}
    return Outcome(
        decision=decision.outcome if decision else None,
        round=record.round,
        deal=deal,
        last=deal or (_then(record, -1) if packages else None),
        points=points,
        after_waiting={r: after_waiting(p, points[r], record.round) for r, p in scenario.parties.items()},
        nash_ratio=_waited(record, deal.nash_ratio)
        if deal
        else None
        if decision is None or base.nash_within_gates is None
        else 0.0,
        egalitarian_gap=deal.egalitarian_gap if deal else _gap_of_no_deal(scenario) if decision else None,
        baselines=base._replace(
            first_proposal=_then(record, 0) if packages else None,
            first_signable=bool(packages) and _open_at_once(record),
        ),
        news=record.news,
    )


def _then(record: Record, number: int) -> Standing:
    """Where a package that was tabled stood, by the figures of its round."""
    return standing(record.in_round(record.proposals[number].round), record.packages[number])


def _waited(record: Record, ratio: float | None) -> float | None:
    """A Nash ratio of what is left of the gains after waiting."""
    left = [float(party.discount) ** (record.round - 1) for party in record.scenario.parties.values()]
    return None if ratio is None else ratio * prod(left) ** (1 / len(left))


def _open_at_once(record: Record) -> bool:
    number = record.proposals[0].round
    return any(ruling.round == number and lets_through(ruling) for ruling in record.rulings)


def baselines(scenario: Scenario) -> Baselines:
    """Those that need no run."""
    space, codes = outcome_space(scenario), solved(scenario)

    def at(code: int | None) -> Standing | None:
        return None if code is None else standing(scenario, space.package(code))

    ungated = codes["agreement"]
    return Baselines(
        at_random(scenario),
        at(codes["gates"]["nash"]),
        at(ungated["max_welfare"] if ungated["nash"] is None else ungated["nash"]),
        None,
    )


def _gap_of_no_deal(scenario: Scenario) -> Decimal | None:
    """Without a deal the smallest surplus is 0."""
    fairest = solved(scenario)["gates"]["egalitarian"]
    if fairest is None:
        return None
    package = outcome_space(scenario).package(fairest)
    return min(standing(scenario, package).surplus.values())
