"""Why a criterion stands as it does, and what opens it."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from aipm_agents.language import mark, tr
from aipm_agents.report.papers.typography import quoted
from aipm_agents.report.words import fact_text, numbers
from aipm_agents.report.words.phrase import either, listed, named
from aipm_agents.report.words.vocabulary import STATUSES
from aipm_agents.table.packages import OutcomeSpace
from aipm_agents.table.rules import holds, made, metric_value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from aipm_agents.roles import Role
    from aipm_agents.scenario.criteria import Criterion
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.events import Finding, Status


class Reason(NamedTuple):
    """Why a criterion keeps its checkpoint shut, what opens it, and whose it is."""

    criterion: str
    status: Status
    why: str
    opens_with: str
    owner: Role


def reason(scenario: Scenario, finding: Finding, package: Package) -> Reason:
    _, criterion = scenario.criteria[finding.criterion]
    opens = _ways(scenario, finding.opens)
    match finding.ground:
        case "no_evidence" if finding.evidence:
            why = tr(
                "shown for other packages only: {fact}", fact=fact_text.fact(scenario, finding.evidence[0])
            )
            shows = _shows(scenario, criterion)
            if opens:
                text = mark("opens with {change}; or {other}") if criterion.blocking else mark("settled with {change}; or {other}")  # fmt: skip
                opens = tr(text, change=opens, other=shows)
            else:
                opens = shows
        case "no_evidence":
            why = criterion.asks
            opens = _shows(scenario, criterion)
        case "contested":
            why = fact_text.contested(scenario, finding.contests)
            text = (
                tr("opens when that is answered")
                if criterion.blocking
                else tr("settled when that is answered")
            )
            opens = tr("{text}, or with {change}", text=text, change=opens) if opens else text
        case "undermined":
            why = fact_text.fact(scenario, finding.evidence[0])
        case "rule":
            why = _measured(scenario, finding.criterion, package, broken=True) or criterion.asks
        case "supported":
            why, opens = _shown(scenario, finding.evidence[0], package), ""
        case "unchallenged":
            measured = _measured(scenario, finding.criterion, package, broken=False)
            chosen = _met_by(criterion, scenario, package)
            nothing = tr("nothing speaks against it: {asks}", asks=criterion.asks)
            why, opens = measured or chosen or nothing, ""
    if finding.status == "failed":
        whose = scenario.card(criterion.owner).called
        if opens:
            text = mark("opens with {change} ({who})") if criterion.blocking else mark("settled with {change} ({who})")  # fmt: skip
            opens = tr(text, change=opens, who=whose)
        else:
            opens = tr("{text} ({who})", text=remedy(scenario, finding, package), who=whose)
    return Reason(finding.criterion, finding.status, why, opens, criterion.owner)


def _shown(scenario: Scenario, name: str, package: Package) -> str:
    told, choices = fact_text.fact(scenario, name), fact_text.shown_for(scenario, name, package)
    return tr("shown for {choices}: {fact}", choices=choices, fact=told) if choices else tr("shown: {fact}", fact=told)  # fmt: skip


def _ways(scenario: Scenario, changes: Sequence[Package]) -> str:
    """Any of these changes; what all of them have is said once."""
    shared = dict(set.intersection(*(set(change.items()) for change in changes))) if changes else {}
    rest = [{i: o for i, o in change.items() if i not in shared} for change in changes]
    label = scenario.label
    if len(changes) < 2 or not shared or not all(rest):
        return _one_of(scenario, changes)
    common = listed(named(label(i, o)) for i, o in changes[0].items() if i in shared)
    others = _one_of(scenario, rest)
    return tr("{common} together with {others}", common=common, others=others)


def _one_of(scenario: Scenario, changes: Sequence[Package]) -> str:
    """Where one of them takes several choices at once, each stands apart: `A and B; or C` is never `A and B or C`."""
    told = [listed(named(scenario.label(*pair)) for pair in change.items()) for change in changes]
    return tr("; or ").join(told) if any(len(change) > 1 for change in changes) else either(told)


def _shows(scenario: Scenario, criterion: Criterion) -> str:
    who = scenario.card(criterion.owner).called
    if criterion.satisfied_by is None:
        text = (
            mark("opens when {who} shows it") if criterion.blocking else mark("settled when {who} shows it")
        )
        return tr(text, who=who)
    text = mark("opens when {who} shows it: {what}") if criterion.blocking else mark("settled when {who} shows it: {what}")  # fmt: skip
    return tr(text, who=who, what=criterion.satisfied_by)


def answer(scenario: Scenario, finding: Finding, package: Package, tabled: frozenset[str]) -> str:
    """What the record says to a question: the figure, the fact, what answers a fact against it; or what
    stays open and does not stop the deal."""
    found = reason(scenario, finding, package)
    if finding.status != "met":
        return tr(
            "{status}, does not stop; {why}; {opens}",
            status=STATUSES[finding.status], why=found.why, opens=found.opens_with,
        )  # fmt: skip
    told = countered(scenario, finding, package, tabled)
    if finding.ground == "unchallenged" and told:
        return told
    return tr("nothing speaks against it") if found.why.endswith(("?", "？")) else found.why


def countered(scenario: Scenario, finding: Finding, package: Package, tabled: frozenset[str]) -> str:
    """What speaks against a criterion that is met, and the choices that take care of it; empty where nothing does.
    That is the case's rule, written before anybody met: nobody has tried those choices, and nobody answered."""
    against = [f for f in scenario.facts.values() if f.id in tabled and finding.criterion in f.undermines]
    if finding.status != "met" or not against:
        return ""
    cures = [quoted(scenario.label(i, package[i])) for f in against for i in made(package, f.unless)]
    fact = against[0].plainly or against[0].says
    return tr("{fact} By the case's rule this is taken care of by {choices}.", fact=fact, choices=listed(dict.fromkeys(cures)))  # fmt: skip


def _met_by(criterion: Criterion, scenario: Scenario, package: Package) -> str | None:
    """The choice with which a package meets a rule on choices."""
    for rule in criterion.rule:
        if rule.choose is not None:
            chosen = listed(
                named(scenario.label(issue, package[issue])) for issue in made(package, rule.choose)
            )
            return tr("{asks} Met by: {choices}", choices=chosen, asks=criterion.asks)
    return None


def _measured(scenario: Scenario, name: str, package: Package, *, broken: bool) -> str | None:
    """The figure behind a rule on a metric, with its bound; of a broken rule, or of the one that is kept most narrowly."""
    told = figures(scenario, name, package, broken=broken)
    return told[0].text if told else None


class BoundedFigure(NamedTuple):
    """A figure of a package beside the bound that a rule sets it."""

    room: Decimal
    """How far it is from the bound, as a part of the bound; 0 where it stands on it."""
    text: str


def figures(scenario: Scenario, name: str, package: Package, *, broken: bool = False) -> list[BoundedFigure]:
    """Those of a criterion's rules that hold, or of those that are broken; the one with least room first."""
    found = []
    for rule in scenario.criteria[name][1].rule:
        if rule.metric is None or holds(scenario, rule, package) is broken:
            continue
        metric = scenario.metric[rule.metric]
        value = metric_value(scenario, rule.metric, package)
        most, least = mark("{label} {value}; at most {bound}"), mark("{label} {value}; at least {bound}")
        bound, text = (rule.at_most, most) if rule.at_most is not None else (rule.at_least, least)
        assert bound is not None
        told = tr(
            text,
            label=metric.label,
            value=numbers.measured(value, metric.unit),
            bound=numbers.measured(bound, metric.unit),
        )
        found.append(BoundedFigure(abs(value - bound) / (abs(bound) or 1), told))
    return sorted(found, key=lambda each: each.room)


def room(scenario: Scenario, finding: Finding, package: Package) -> float:
    """How narrowly a criterion is met by its figures, least first; of one without any there is no end to it."""
    return min((float(each.room) for each in figures(scenario, finding.criterion, package)), default=inf)


def remedy(scenario: Scenario, finding: Finding, package: Package) -> str:
    """Two changes, by name, several, or nothing that everybody knows of: then something that is not on the list, which is
    never named. `scenario`: whole, or as an audience knows it."""
    rules = scenario.criteria[finding.criterion][1].rule
    cures = [scenario.facts[name].unless or () for name in finding.evidence]
    known = {
        issue.id: tuple(o.id for o in issue.options if not o.held_by or o.id == package[issue.id])
        for issue in scenario.issues
    }
    if all(cures):
        space = OutcomeSpace(scenario)  # of what an audience knows, so it is not kept
        opens = space.existing & space.making(known) & space.holding(rules)
        for cure in cures:
            opens &= space.matching(cure)
        if opens.any():
            for _, each in scenario.criteria.values():  # and breaks no other rule that is kept now
                if each.blocking and all(holds(scenario, rule, package) for rule in each.rule):
                    opens &= space.holding(each.rule)
            codes = np.flatnonzero(opens)
            there, here = (np.unravel_index(each, space.sizes) for each in (codes, space.code(package)))
            two = codes[np.sum([one != other for one, other in zip(there, here, strict=True)], axis=0) == 2]
            if len(two):
                new = space.package(int(two[0]))
                names = listed(named(scenario.label(i, o)) for i, o in new.items() if o != package[i])
                return tr("opens with two changes together: {changes}", changes=names)
            return tr("opens with several changes together")
    return tr("opens with something that is not on the list; ask what else there is")
