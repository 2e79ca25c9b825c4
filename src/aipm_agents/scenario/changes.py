"""Figures of a scenario that news changes: which there are, how they are named, and the scenario with others.

A figure goes by its path in the file, as `--set` names it; each of these can be set and nothing else:

    metrics.METRIC.base
    issues.ISSUE.options.OPTION.effects.METRIC
    issues.ISSUE.options.OPTION.available
    checkpoints.GATE.CRITERION.rule.at_most (or at_least; of several rules rule.2.at_most)
    parties.ROLE.points.ISSUE.OPTION
    parties.ROLE.walk_away
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from aipm_agents.language import tr
from aipm_agents.scenario.criteria import CHECKPOINTS
from aipm_agents.scenario.measures import Added, Available
from aipm_agents.scenario.model import Scenario
from aipm_agents.scenario.problems import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aipm_agents.scenario.measures import FigureChange, Setting


class Spot(NamedTuple):
    """A figure of a scenario."""

    holder: tuple[str | int, ...]
    """From the scenario to what holds it, step by step: fields, keys of tables, places in lists."""
    name: str
    now: Any


def owner(key: str) -> str | None:
    """Whose figure it is: a seat's own, or nobody's, and then everybody knows it."""
    steps = key.split(".")
    return steps[1] if steps[0] == "parties" and len(steps) > 1 else None


def place(scenario: Scenario, key: str) -> Spot:
    """Where a figure stands. Raises `LookupError` for one that is not there, or that news cannot change."""
    match key.split("."):
        case ["metrics", name, "base"]:
            at = _at(scenario.metrics, name)
            metric = scenario.metrics[at]
            if metric.of:
                raise LookupError(tr("{name!r} is made of other metrics and has no base", name=name))
            return Spot(("metrics", at), "base", metric.base)
        case ["issues", issue, "options", option, *rest]:
            i = _at(scenario.issues, issue)
            o = _at(scenario.issues[i].options, option)
            return _of_option(scenario, ("issues", i, "options", o), rest, key)
        case ["checkpoints", gate, name, "rule", *rest] if gate in CHECKPOINTS:
            criteria = getattr(scenario.checkpoints, gate)
            at = _at(criteria, name)
            return _of_rule(criteria[at].rule, ("checkpoints", gate, at, "rule"), rest, key)
        case ["parties", role, "walk_away"]:
            return Spot(("parties", role), "walk_away", _named(scenario.parties, role).walk_away)
        case ["parties", role, "points", issue, option]:
            row = _named(_named(scenario.parties, role).points, issue)
            return Spot(("parties", role, "points", issue), option, _named(row, option))
    raise LookupError(
        tr(
            "news cannot change {key!r}; it changes metrics.M.base, issues.I.options.O.effects.M or .available, "
            "checkpoints.GATE.C.rule.at_most or .at_least, parties.R.points.I.O or .walk_away",
            key=key,
        )
    )


def _of_option(scenario: Scenario, holder: tuple[str | int, ...], rest: list[str], key: str) -> Spot:
    _, i, _, o = holder
    option = scenario.issues[int(i)].options[int(o)]
    match rest:
        case ["available"]:
            return Spot(holder, "available", option.available or "always")
        case ["effects", metric]:
            made = scenario.metrics[_at(scenario.metrics, metric)]
            if made.of:
                raise LookupError(
                    tr("{name!r} is made of other metrics; say what changes in those", name=metric)
                )
            return Spot((*holder, "effects"), metric, as_written(option.effects.get(metric, ())))
    raise LookupError(
        tr("news cannot change {key!r}; of an option it changes effects.METRIC or available", key=key)
    )


def _of_rule(rules: tuple[Any, ...], holder: tuple[str | int, ...], rest: list[str], key: str) -> Spot:
    match rest:
        case [side]:
            number = "1"
        case [number, side]:
            pass
        case _:
            number, side = "", ""
    at = int(number) - 1 if number.isdecimal() else -1
    bound = (
        getattr(rules[at], side, None) if 0 <= at < len(rules) and side in ("at_most", "at_least") else None
    )
    if bound is None or (len(rest) == 1 and len(rules) > 1):
        raise LookupError(
            tr("there is no bound {key!r}; a bound that is there can be set otherwise", key=key)
        )
    return Spot((*holder, at), side, bound)


def as_written(parts: tuple[Added, ...]) -> Setting:
    """What an option adds, as a file says it: a number where it adds always."""
    if all(each.when is None for each in parts):
        return sum((each.add for each in parts), Decimal(0))
    return parts


def _at(members: Iterable[Any], name: str) -> int:
    places = {each.id: number for number, each in enumerate(members)}
    return int(_named(places, name))


def _named(table: Mapping[str, Any], name: str) -> Any:
    if name not in table:
        raise LookupError(tr("there is no {step!r}{hint}", step=name, hint=did_you_mean(name, table)))
    return table[name]


def fits(name: str, setting: Setting) -> bool:
    """Whether a setting is of the kind that a figure takes. `name`: the last step of its key."""
    if name == "available":
        return isinstance(setting, Available) or setting in ("always", "never")
    return isinstance(setting, Decimal | tuple)


def changed(scenario: Scenario, settings: Mapping[str, Setting]) -> Scenario:
    """The scenario with these figures. Raises `LookupError`, as `place` does."""
    for key, setting in settings.items():
        holder, name, _ = place(scenario, key)
        value: Any = setting
        if name == "available":
            value = None if setting == "always" else setting
        elif "effects" in holder and isinstance(setting, Decimal):
            value = (Added(add=setting),)
        scenario = _with(scenario, holder, name, value)
    return scenario


def _with(holder: Any, steps: tuple[str | int, ...], name: str, value: Any) -> Any:
    """A copy of something frozen with one value deep inside it set otherwise."""
    if not steps:
        return _put(holder, name, value)
    first, rest = steps[0], steps[1:]
    if isinstance(holder, tuple):
        assert isinstance(first, int)
        return (*holder[:first], _with(holder[first], rest, name, value), *holder[first + 1 :])
    inner = holder[first] if isinstance(holder, dict) else getattr(holder, str(first))
    return _put(holder, str(first), _with(inner, rest, name, value))


def _put(holder: Any, name: str, value: Any) -> Any:
    if isinstance(holder, dict):
        return {**holder, name: value}
    if isinstance(holder, Scenario):  # what was worked out of the old one is not copied
        fields = {field: getattr(holder, field) for field in Scenario.model_fields}
        return Scenario.model_construct(**{**fields, name: value})
    return holder.model_copy(update={name: value})


def undone(scenario: Scenario, changes: Iterable[FigureChange]) -> Scenario:
    """The scenario as it stood before these changes, the last of them first."""
    back: dict[str, Setting] = {}
    for each in changes:
        back.setdefault(each.key, each.was)
    return changed(scenario, back) if back else scenario
