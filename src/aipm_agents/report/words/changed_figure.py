"""A figure that news set otherwise, in words: what it is, what it is now, and what it was."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from aipm_agents.language import tr
from aipm_agents.report.papers.typography import together
from aipm_agents.report.words import fact_effects, numbers, phrase
from aipm_agents.scenario.measures import Available

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aipm_agents.scenario.measures import FigureChange, Setting
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Injected


def told(scenario: Scenario, event: Injected) -> list[str]:
    """What a piece of news changes, a sentence each, as far as whoever reads it may know."""
    return sentences(scenario, event.changes)


def news(scenario: Scenario, event: Injected) -> str:
    """The news with what it changes, as one text."""
    if not event.changes:
        return event.headline
    whole = event.headline.endswith((".", "!", "?", "。", "！", "？"))
    return together((event.headline if whole else tr("{text}.", text=event.headline), *told(scenario, event)))


def sentences(scenario: Scenario, changes: Iterable[FigureChange]) -> list[str]:
    return [_sentence(scenario, each) for each in changes]


def _sentence(scenario: Scenario, change: FigureChange) -> str:
    match change.key.split("."):
        case ["metrics", name, _]:
            metric = next(each for each in scenario.metrics if each.id == name)
            return _from_to(
                tr("{metric} before anything is chosen", metric=metric.label),
                *(numbers.measured(_number(each), metric.unit) for each in (change.now, change.was)),
            )
        case ["issues", issue, _, option, "available"]:
            return _availability(scenario, phrase.named(scenario.label(issue, option)), change.now)
        case ["issues", issue, _, option, _, name]:
            metric = next(each for each in scenario.metrics if each.id == name)
            return _from_to(
                tr(
                    "what {option} adds to {metric}",
                    option=phrase.named(scenario.label(issue, option)),
                    metric=metric.label,
                ),
                *(_adds(scenario, each, metric.unit) for each in (change.now, change.was)),
            )
        case ["checkpoints", _, name, _, *which, side]:
            rule = scenario.criteria[name][1].rule[int(which[0]) - 1 if which else 0]
            metric = next(each for each in scenario.metrics if each.id == rule.metric)
            bounds = (
                _bound(side, numbers.measured(_number(each), metric.unit))
                for each in (change.now, change.was)
            )
            return _from_to(metric.label, *bounds)
        case ["parties", role, "walk_away"]:
            what = tr("the walk-away of {who}", who=scenario.card(role).called)
            return _from_to(what, *(numbers.figure(_number(each)) for each in (change.now, change.was)))
        case ["parties", role, _, issue, option]:
            what = tr(
                "what {option} is worth to {who}",
                option=phrase.named(scenario.label(issue, option)), who=scenario.card(role).called,
            )  # fmt: skip
            return _from_to(what, *(numbers.figure(_number(each)) for each in (change.now, change.was)))
    raise AssertionError(change.key)


def _from_to(what: str, now: str, was: str) -> str:
    return tr("From now on, {what}: {now} (it was {was}).", what=what, now=now, was=was)


def _bound(side: str, figure: str) -> str:
    if side == "at_most":
        return tr("at most {figure}", figure=figure)
    return tr("at least {figure}", figure=figure)


def _availability(scenario: Scenario, option: str, now: Setting) -> str:
    if now == "never":
        return tr("{option} is not to be had any more.", option=option)
    if isinstance(now, Available):
        beside = fact_effects.choices(scenario, now.when, quoted=True)
        return tr("From now on {option} is to be had only with {choices}.", option=option, choices=beside)
    return tr("From now on {option} is to be had with everything.", option=option)


def _adds(scenario: Scenario, setting: Setting, unit: str) -> str:
    if isinstance(setting, Decimal):
        return numbers.measured(setting, unit)
    assert isinstance(setting, tuple)
    return tr("; ").join(
        tr("{figure} with {choices}", figure=numbers.signed(each.add), choices=fact_effects.choices(scenario, each.when))
        if each.when else numbers.signed(each.add)
        for each in setting
    )  # fmt: skip


def _number(setting: Setting) -> Decimal:
    assert isinstance(setting, Decimal)
    return setting
