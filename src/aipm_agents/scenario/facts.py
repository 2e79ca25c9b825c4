"""What evidence must satisfy beyond its shape: what it bears on, what is wrong with it, whether it can arrive."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from aipm_agents.language import tr
from aipm_agents.scenario.naming import all_evidence, choices, seated
from aipm_agents.scenario.problems import Found, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.scenario.evidence import Evidence
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.scenario.problems import Path


def facts(scenario: Scenario) -> Iterator[Found]:
    for path, evidence in all_evidence(scenario):
        yield from seated(
            scenario, [((*path, "held_by", i), role) for i, role in enumerate(evidence.held_by)]
        )
        yield from _bearing(scenario, evidence, path)
        yield from _limits(scenario, evidence, path)
        yield from _study(scenario, evidence, path)


def _bearing(scenario: Scenario, evidence: Evidence, path: Path) -> Iterator[Found]:
    for field in ("supports", "undermines"):
        for i, name in enumerate(getattr(evidence, field)):
            if name not in scenario.criteria:
                hint = did_you_mean(name, scenario.criteria)
                yield Found((*path, field, i), tr("no criterion {name!r}{hint}", name=name, hint=hint))
            elif field == "supports" and scenario.criteria[name][1].evidence is None:
                text = tr(
                    "{name!r} requires no evidence, so supporting it changes nothing; add evidence: required to it",
                    name=name,
                )
                yield Found((*path, field, i), text, "warning")
    if evidence.when is not None:
        yield from choices(scenario, evidence.when, (*path, "when"))
        if not evidence.supports:
            yield Found(
                (*path, "when"),
                tr("says beside which choices it supports, and it supports no criterion"),
                "warning",
            )
    if evidence.unless is not None:
        yield from choices(scenario, evidence.unless, (*path, "unless"))
        if not evidence.undermines:
            yield Found(
                (*path, "unless"), tr("answers nothing: this evidence undermines no criterion"), "warning"
            )
    elif evidence.undermines:
        text = tr(
            "undermines {names} and no choice answers it: that is final",
            names=tr(", ").join(evidence.undermines),
        )
        yield Found((*path, "undermines"), text, "warning")


def _limits(scenario: Scenario, evidence: Evidence, path: Path) -> Iterator[Found]:
    counted = Counter(limit.ground for limit in evidence.limits)
    for i, limit in enumerate(evidence.limits):
        here: Path = (*path, "limits", i)
        if counted[limit.ground] > 1:
            yield Found(
                (*here, "ground"),
                tr("{ground!r} stands here twice; say it in one entry", ground=limit.ground),
            )
        for k, name in enumerate(limit.answered_by):
            if name not in scenario.facts:
                hint = did_you_mean(name, scenario.facts)
                yield Found((*here, "answered_by", k), tr("no evidence {name!r}{hint}", name=name, hint=hint))
            elif name == evidence.id:
                yield Found((*here, "answered_by", k), tr("a fact cannot answer what is wrong with itself"))
        if limit.unless is not None:
            yield from choices(scenario, limit.unless, (*here, "unless"))
        elif not limit.answered_by:
            text = tr(
                "neither a fact (answered_by) nor a choice (unless) answers it: once challenged, that is final"
            )
            yield Found(here, text, "warning")
    if evidence.limits and not evidence.supports:
        text = tr("a challenge takes away what a fact supports, and this one supports no criterion")
        yield Found((*path, "limits"), text, "warning")


def _study(scenario: Scenario, evidence: Evidence, path: Path) -> Iterator[Found]:
    if evidence.takes is None:
        if evidence.study is not None:
            text = tr("says what could be found out, so say in how many rounds: add `takes`")
            yield Found((*path, "study"), text)
        return
    if path[0] == "injects":
        text = tr("what an inject brings is there at once; a study stands under `evidence`")
        yield Found((*path, "takes"), text)
    if evidence.held_by:
        text = tr("nobody holds what does not exist yet; take out `held_by` or `takes`")
        yield Found((*path, "held_by"), text)
    if evidence.takes >= scenario.rounds:
        text = tr(
            "takes {takes} rounds of {rounds}: asked for in round 1 it still comes too late",
            takes=evidence.takes,
            rounds=scenario.rounds,
        )
        yield Found((*path, "takes"), text, "warning")
    if evidence.study is None:
        text = tr(
            "does not exist yet, so say what everybody knows of it: add `study: {asks: ..., about: [...]}`"
        )
        yield Found((*path, "takes"), text)
        return
    for i, name in enumerate(evidence.study.about):
        if name not in scenario.criteria:
            hint = did_you_mean(name, scenario.criteria)
            yield Found((*path, "study", "about", i), tr("no criterion {name!r}{hint}", name=name, hint=hint))
