"""Which options exist for whom: a held option is nowhere until one who holds it brings it.

Whoever does not know an option is handed a scenario without it: no package can hold it, no fact is
answered by it, no score names it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aipm_agents.scenario.criteria import CHECKPOINTS, Checkpoints
from aipm_agents.scenario.model import Scenario
from aipm_agents.table.events import package_on_table
from aipm_agents.table.heard import heard
from aipm_agents.table.news import scenario_at
from aipm_agents.table.rules import exists

if TYPE_CHECKING:
    from aipm_agents.scenario.criteria import Criterion
    from aipm_agents.scenario.evidence import Evidence
    from aipm_agents.scenario.model import Option, Package
    from aipm_agents.scenario.party import Party
    from aipm_agents.scenario.values import AnyOf
    from aipm_agents.table.events import Event
    from aipm_agents.table.heard import Choice, Heard

Hidden = frozenset["Choice"]


def unknown_to(scenario: Scenario, audience: str, out: Heard) -> Hidden:
    """The options that an audience does not know of; nobody holds anything as the table."""
    return frozenset(
        choice for choice, holders in scenario.held_options.items()
        if choice not in out.brought and audience not in holders
    )  # fmt: skip


def at_the_table(scenario: Scenario, events: tuple[Event, ...]) -> Scenario:
    """The scenario as it stands now, as far as its options are known to all: what rulings and proofs are about."""
    scenario = scenario_at(scenario, events)
    if not scenario.held_options:
        return scenario
    return without(scenario, unknown_to(scenario, "", heard(scenario, events)))


def package_left(scenario: Scenario, events: tuple[Event, ...]) -> Package | None:
    """The package last tabled, where it is still to be had."""
    package = package_on_table(events)
    return package if package is not None and exists(scenario_at(scenario, events), package) else None


@lru_cache(maxsize=128)
def without(scenario: Scenario, hidden: Hidden) -> Scenario:
    """The scenario as if there were no such options."""
    return stripped(scenario, hidden)


def stripped(scenario: Scenario, hidden: Hidden) -> Scenario:
    """The same for a scenario that is blanked already: made anew each time."""
    if not hidden:
        return scenario
    fields = {name: getattr(scenario, name) for name in Scenario.model_fields}
    fields["issues"] = tuple(
        issue.model_copy(
            update={
                "options": tuple(_option(o, hidden) for o in issue.options if (issue.id, o.id) not in hidden)
            }
        )
        for issue in scenario.issues
    )
    fields["evidence"] = tuple(_fact(fact, hidden) for fact in scenario.evidence)
    fields["injects"] = tuple(
        inject.model_copy(update={"evidence": tuple(_fact(fact, hidden) for fact in inject.evidence)})
        for inject in scenario.injects
    )
    fields["parties"] = {role: _party(party, hidden) for role, party in scenario.parties.items()}
    gates: dict[str, Any] = {
        name: tuple(_criterion(each, hidden) for each in getattr(scenario.checkpoints, name))
        for name in CHECKPOINTS
    }
    fields["checkpoints"] = Checkpoints(**gates)
    return Scenario.model_construct(**fields)


def _option(option: Option, hidden: Hidden) -> Option:
    """What it adds beside a choice that nobody can make, it does not add; and beside such a choice alone it is not to
    be had."""
    if option.available is not None and not isinstance(option.available, str):
        bound = option.available.model_copy(update={"when": _choices(option.available.when, hidden)})
        option = option.model_copy(update={"available": bound})
    if all(part.when is None for parts in option.effects.values() for part in parts):
        return option
    effects = {
        metric: tuple(
            part if part.when is None else part.model_copy(update={"when": when})
            for part in parts if part.when is None or (when := _cure(part.when, hidden))
        )
        for metric, parts in option.effects.items()
    }  # fmt: skip
    return option.model_copy(update={"effects": effects})


def _fact(fact: Evidence, hidden: Hidden) -> Evidence:
    limits = tuple(limit.model_copy(update={"unless": _cure(limit.unless, hidden)}) for limit in fact.limits)
    when = None if fact.when is None else _choices(fact.when, hidden)
    return fact.model_copy(update={"unless": _cure(fact.unless, hidden), "limits": limits, "when": when})


def _party(party: Party, hidden: Hidden) -> Party:
    points = {
        issue: {option: n for option, n in row.items() if (issue, option) not in hidden}
        for issue, row in party.points.items()
    }
    lines = tuple(line.model_copy(update={"when": _choices(line.when, hidden)}) for line in party.red_lines)
    bonuses = tuple(
        bonus.model_copy(update={"when": _choices(bonus.when, hidden)}) for bonus in party.bonuses
    )
    return party.model_copy(update={"points": points, "red_lines": lines, "bonuses": bonuses})


def _criterion(criterion: Criterion, hidden: Hidden) -> Criterion:
    rules = tuple(
        rule if rule.choose is None else rule.model_copy(update={"choose": _choices(rule.choose, hidden)})
        for rule in criterion.rule
    )
    return criterion.model_copy(update={"rule": rules})


def _choices(cases: AnyOf, hidden: Hidden) -> AnyOf:
    """An issue left without an option is a choice nobody can make."""
    return tuple(
        {
            issue: tuple(option for option in options if (issue, option) not in hidden)
            for issue, options in choices.items()
        }
        for choices in cases
    )


def _cure(cases: AnyOf | None, hidden: Hidden) -> AnyOf | None:
    return tuple(left for left in _choices(cases or (), hidden) if all(left.values())) or None
