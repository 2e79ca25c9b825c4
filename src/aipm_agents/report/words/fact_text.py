"""A fact in words: plainly, who holds it, who challenged it, and what moved somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import tr
from aipm_agents.report.papers.plain_text import inner, shortened
from aipm_agents.report.words.phrase import listed, named, names
from aipm_agents.report.words.vocabulary import GROUNDS
from aipm_agents.roles import PM
from aipm_agents.table.rules import made

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.contests import Contest


def fact(scenario: Scenario, name: str) -> str:
    fact = scenario.facts[name]
    return fact.plainly or fact.says


def shown_for(scenario: Scenario, name: str, package: Package) -> str:
    """The choices of a package for which a fact shows what it shows, where the case ties it to any; else empty."""
    chosen = made(package, scenario.facts[name].when)
    return listed(named(scenario.label(issue, package[issue])) for issue in chosen) if chosen else ""


def source(scenario: Scenario, source: str) -> str:
    """What moved somebody: a fact, or a turn written `role@round`."""
    role, at, number = source.partition("@")
    if at:
        if role == PM:
            return tr("the PM's package of round {n}", n=number)
        return tr("{who} in round {n}", who=scenario.card(role).called, n=number)
    told = shortened(scenario.facts[source].plainly or scenario.facts[source].says, 56)
    return tr('"{text}"', text=inner(told))


def known_at_first(scenario: Scenario) -> tuple[str, ...]:
    """The facts that lie on the table before anyone speaks; from the whole scenario, not as seen."""
    return tuple(fact.id for fact in scenario.evidence if fact.known_at_start)


def held(scenario: Scenario, fact: str) -> str:
    return tr("held by {who}", who=names(scenario, scenario.facts[fact].held_by))


def contested(scenario: Scenario, contests: Iterable[Contest]) -> str:
    """Which facts stand challenged, by whom, and what is wrong with them."""
    told = []
    for each in contests:
        limit = scenario.facts[each.evidence].limit(each.ground)
        text = tr(
            '{who} challenged "{fact}" on {ground}',
            who=names(scenario, each.by), fact=shortened(fact(scenario, each.evidence), 72), ground=GROUNDS[each.ground],
        )  # fmt: skip
        told.append(tr("{who}: {what}", who=text, what=limit.says) if limit else text)
    return tr("; ").join(told)
