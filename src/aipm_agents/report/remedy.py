"""What mends a criterion that no single change of an option mends."""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING

from aipm_agents.language import tr
from aipm_agents.table.rules import holds, matches

if TYPE_CHECKING:
    from aipm_agents.scenario.model import Package, Rule, Scenario
    from aipm_agents.table.events import Finding

_Listed = dict[str, list[str]]


def remedy(scenario: Scenario, finding: Finding, package: Package) -> str:
    """Two changes, several, or nothing that everybody knows of: then something that is not on the list, which is
    never named. `scenario`: whole, or as an audience knows it."""
    rules = scenario.criteria[finding.criterion][1].rule
    cures = [scenario.facts[name].unless or {} for name in finding.evidence]
    listed = {
        issue.id: [o.id for o in issue.options if not o.held_by or o.id == package[issue.id]]
        for issue in scenario.issues
    }
    if all(cures):
        for one, other in combinations(listed, 2):
            for both in product(listed[one], listed[other]):
                changed = {**package, **dict(zip((one, other), both, strict=True))}
                if all(holds(scenario, rule, changed) for rule in rules) and all(
                    matches(changed, cure) for cure in cures
                ):
                    return tr("two changes together")
        for cure in (*cures, *(rule.choose for rule in rules if rule.choose)):
            listed |= {issue: [o for o in listed[issue] if o in options] for issue, options in cure.items()}
        if all(listed.values()) and all(_within_reach(scenario, rule, listed) for rule in rules):
            return tr("several changes together")
    return tr("something that is not on the list; ask what else there is")


def _within_reach(scenario: Scenario, rule: Rule, listed: _Listed) -> bool:
    """Whether a rule holds where every option is the best for it: a metric adds up option by option."""
    if rule.metric is None:
        return True
    metric, sign = rule.metric, -1 if rule.at_most is not None else 1
    best = {}
    for issue in scenario.issues:
        adds = {option.id: option.effects.get(metric, 0) for option in issue.options}
        best[issue.id] = max(listed[issue.id], key=lambda option: sign * adds[option])
    return holds(scenario, rule, best)
