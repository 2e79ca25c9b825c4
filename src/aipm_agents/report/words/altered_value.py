"""A value of a scenario set otherwise, in words: what it is, from what to what, and what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import tr, tr_n
from aipm_agents.report.words import fact_text, numbers
from aipm_agents.report.words.phrase import named

if TYPE_CHECKING:
    from decimal import Decimal

    from aipm_agents.analysis.space.flip import Flips, OneChange
    from aipm_agents.analysis.space.levers import Lever
    from aipm_agents.scenario.model import Scenario


def what(scenario: Scenario, lever: Lever) -> str:
    """The value, in a few words or in the words of its fact or question."""
    match lever.kind:
        case "bound":
            return scenario.criteria[lever.name][1].asks
        case "walk_away":
            return tr("the walk-away of {who}", who=scenario.card(lever.name).called)
        case "quorum":
            return tr("how many must say yes")
        case "red_line":
            line = scenario.parties[lever.name].red_lines[int(lever.part) - 1]
            return tr(
                "red line of {who}: {because}", who=scenario.card(lever.name).short, because=line.because
            )
        case "fact":
            return fact_text.fact(scenario, lever.name)
        case "option":
            return named(scenario.label(lever.part, lever.name))


def how(scenario: Scenario, change: OneChange, *, on_table: bool = False) -> str:
    """From what to what. `on_table`: of a run, where a fact was on the table or was not."""
    match change.lever.kind, change.to:
        case "bound" | "walk_away" | "quorum", _:
            text = tr("{was} → {to}", was=_figure(scenario, change, change.was), to=_number(scenario, change))
            return text + _beyond(scenario, change)
        case "fact", "on":
            return tr("told at the table") if on_table else tr("known in time")
        case "fact", _:
            return tr("never told at the table") if on_table else tr("not there")
        case "red_line", _:
            return tr("taken back")
        case _:
            return tr("not to be had")


def bounds(scenario: Scenario, change: OneChange) -> tuple[str, str]:
    """Of a bound: what it is, and what it would be."""
    return _figure(scenario, change, change.was), _number(scenario, change)


def near(scenario: Scenario, change: OneChange) -> str:
    """To what, as short as the end of a bar has room for."""
    if change.lever.kind in ("bound", "walk_away", "quorum"):
        return _number(scenario, change)
    return how(scenario, change)


def comes_of(found: Flips, change: OneChange) -> str:
    if change.deals == 0:
        return tr("no deal can be made any more") if found.deals else tr("still no deal can be made")
    if not found.deals:
        return tr_n("a deal can be made: {n:,} package", "a deal can be made: {n:,} packages", change.deals)
    if found.stands and change.stands is False and change.lever.kind == "option":
        return tr_n(
            "this package is made with it; {n:,} other is left", "this package is made with it; {n:,} others are left", change.deals
        )  # fmt: skip
    if found.stands and change.stands is False:
        return tr_n(
            "this package falls; {n:,} other is left",
            "this package falls; {n:,} others are left",
            change.deals,
        )
    if found.stands is False and change.stands:
        return tr("this package becomes a deal")
    return tr("{n:,} instead of {was:,} packages", n=change.deals, was=found.deals)


def _number(scenario: Scenario, change: OneChange) -> str:
    from decimal import Decimal

    return _figure(scenario, change, Decimal(change.to))


def _figure(scenario: Scenario, change: OneChange, number: Decimal | None) -> str:
    """A bound says which way it goes, with the unit of its metric."""
    if change.lever.kind != "bound":
        return numbers.figure(number)
    unit = scenario.metric[change.lever.part].unit
    figure = numbers.measured(number, unit)
    return (
        tr("at most {figure}", figure=figure)
        if change.lever.key.endswith("at_most")
        else tr("at least {figure}", figure=figure)
    )


def _beyond(scenario: Scenario, change: OneChange) -> str:
    if change.beyond is None:
        return ""
    below = change.lever.key.endswith("at_most")
    limit = numbers.figure(change.beyond)
    return (
        tr(" (anything below {limit})", limit=limit)
        if below
        else tr(" (anything above {limit})", limit=limit)
    )
