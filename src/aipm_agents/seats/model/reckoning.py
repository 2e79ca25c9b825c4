"""The sums done for a model: what packages are worth to its seat, what they come to, what shuts them.

All of it from the seat's own view: its own points, the facts on the table, what others asked for aloud.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_agents.seats.embedded.interests import Interests, insisted
from aipm_agents.seats.embedded.reach import Reach, reach
from aipm_agents.seats.model.form import crossed
from aipm_agents.seats.model.ledger import latest_asks
from aipm_agents.table.checkpoints import find
from aipm_agents.table.contests import by_package
from aipm_agents.table.events import positions
from aipm_agents.table.rules import exists, metric_value, worth
from aipm_agents.table.stopped import failing, unshown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.moves import Ask
    from aipm_agents.table.packages import Mask
    from aipm_agents.table.view import View

CHANGES, CANDIDATES = 5, 6
"""How many changes and packages are told."""

Told = dict[str, Any]


def aspiration(view: View) -> int:
    """The points to hold out for in this round: falling to the walk-away in the last, as the seat's temperament
    has it (`insisted`)."""
    share = insisted(view)
    existing = view.space.existing  # what can still pass, it judges itself
    everything = Reach(view.space, existing, ~existing, view.points)
    return round(min(Interests(view.me, share, everything).threshold, most(view)))


def most(view: View) -> Decimal:
    """The most points that a package has which can still pass, as far as this seat knows."""
    return reach(view).best


def sums(view: View, package: Package) -> Told:
    """What the package is worth and comes to, what it crosses, and what one change would make of it."""
    points, now = view.me.points, worth(view.me, package)
    broken = _failed(view, package)
    changed = [
        (worth(view.me, {**package, issue: option}), issue, option)
        for issue, row in points.items() for option in row
        if option in view.space.options[issue] and exists(view.scenario, {**package, issue: option})
    ]  # fmt: skip
    better = sorted((each for each in changed if each[0] > now), reverse=True)[:CHANGES]
    return {
        "worth": now, "walk_away": view.me.walk_away, "aspiration": aspiration(view), "most": round(most(view)),
        "crossed": next(iter(crossed(view)), ""), "totals": _totals(view.scenario, package),
        "better": [
            {"choice": f"{issue}={option}", "worth": value,
             "breaks": [c for c in _failed(view, {**package, issue: option}) if c not in broken]}
            for value, issue, option in better
        ],
    }  # fmt: skip


def worth_alone(view: View, package: Package) -> Told:
    """What it is worth to the seat, and nothing else."""
    now = {"worth": worth(view.me, package), "walk_away": view.me.walk_away, "aspiration": None}
    return {**now, "crossed": "", "totals": [], "better": []}


def follow_ups(view: View, package: Package) -> list[Told]:
    """What stays open beside a deal, with its owner: what is unmet and does not block, doubts voiced beside it."""
    unmet = [
        {"what": criterion.asks, "owner": criterion.owner} for _, criterion in view.scenario.criteria.values()
        if _status(view, criterion.id, package) != "met"
    ]  # fmt: skip
    doubts = [
        {"what": view.scenario.criteria[event.move.concern][1].asks, "owner": role}
        for role, event in positions(view.events, view.round).items() if event.move.concern
    ]  # fmt: skip
    return [*unmet, *(each for each in doubts if each not in unmet)]


def _totals(scenario: Scenario, package: Package) -> list[Told]:
    """Each figure of a package that has a bound, with the choices that would keep it where it is broken."""
    metrics, told = scenario.metric, []
    for name, criterion in scenario.criteria.values():
        for rule in criterion.rule:
            if rule.metric is None:
                continue
            value, most = metric_value(scenario, rule.metric, package), rule.at_most is not None
            bound = rule.at_most if rule.at_most is not None else rule.at_least
            assert bound is not None
            metric = metrics[rule.metric]
            told.append({
                "label": metric.label, "value": f"{value:f} {metric.unit}".strip(), "bound": f"{bound:f}", "most": most,
                "kept": value <= bound if most else value >= bound, "criterion": criterion.id, "checkpoint": name,
            })  # fmt: skip
    return told


def _status(view: View, criterion: str, package: Package) -> str:
    each = view.scenario.criteria[criterion][1]
    return find(view.scenario, each, package, view.tabled, view.heard.contests).status


def _failed(view: View, package: Package) -> list[str]:
    """The blocking criteria that a package fails."""
    return [
        name for name, (_, each) in view.scenario.criteria.items()
        if each.blocking and _status(view, name, package) == "failed"
    ]  # fmt: skip


def candidates(view: View) -> Told:
    """Packages for the PM of those that nothing on the table shuts: the three most asked for, then the three worth most
    to it. Where there is none, those that the fewest criteria shut. What is told is the PM's own sum and what others said aloud."""
    space, me, asks = view.space, view.me, latest_asks(view)
    fails, hangs = np.zeros(space.size, dtype=np.int64), by_package(view.scenario, view.heard.contests)
    for _, criterion in view.scenario.criteria.values():
        if criterion.blocking:
            fails += failing(space, view.scenario, criterion, view.tabled)
            if hangs:  # it may be a choice that answers, or that a fact speaks of
                missing = unshown(space, view.scenario, criterion, view.tabled, view.heard.contests)
                fails += missing if not missing.all() else 0
    own = view.points
    may = space.existing & (own >= space.scaled(me.walk_away))
    for line in me.red_lines:
        may &= ~space.matching(line.when)
    if not may.any():
        return {
            "packages": [],
            "of": 0,
            "passing": False,
            "aspiration": aspiration(view),
            "most": round(most(view)),
        }
    fewest = int(fails[may].min())
    codes = np.flatnonzero(may & (fails == fewest))
    wanted = np.zeros(space.size, dtype=np.int64)
    for asked in asks.values():
        wanted += np.sum([_met(view, ask) for ask in asked], axis=0, dtype=np.int64) if asked else 0
    asked_for, dear = (
        codes[np.lexsort((-own[codes], -wanted[codes]))],
        codes[np.argsort(-own[codes], kind="stable")],
    )
    half = CANDIDATES // 2
    chosen = [*asked_for[:half], *(code for code in dear if code not in asked_for[:half])][:CANDIDATES]
    packages = [space.package(int(code)) for code in chosen]
    return {
        "packages": [_candidate(view, package, asks) for package in packages],
        "of": len(codes), "passing": fewest == 0, "aspiration": aspiration(view), "most": round(most(view)),
    }  # fmt: skip


def _met(view: View, ask: Ask) -> Mask:
    return view.space.making({ask.issue: ask.options})


def _candidate(view: View, package: Package, asks: Mapping[Role, tuple[Ask, ...]]) -> Told:
    states = {name: _status(view, name, package) for name in view.scenario.criteria}
    blocking = {name for name, (_, each) in view.scenario.criteria.items() if each.blocking}
    meets = {
        role: sum(package[ask.issue] in ask.options for ask in asked) for role, asked in asks.items() if asked
    }
    return {
        "package": words(package), "worth": worth(view.me, package),
        "meets": [(role, count, len(asks[role])) for role, count in meets.items()],
        "blocked": [name for name in blocking if states[name] == "failed"],
        "unshown": [name for name in states if name in blocking and states[name] == "not_shown"],
        "follow_ups": [name for name, state in states.items() if state != "met" and name not in blocking],
    }  # fmt: skip


def words(package: Mapping[str, str], between: str = ", ") -> str:
    return between.join(f"{issue}={option}" for issue, option in package.items())
