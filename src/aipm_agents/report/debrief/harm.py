"""Who first took up the question of harm; else that it lay there, and nobody did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import tr
from aipm_agents.report.papers.typography import together
from aipm_agents.report.words import phrase
from aipm_agents.report.words.raising import touched
from aipm_agents.table.events import on_paper

if TYPE_CHECKING:
    from aipm_agents.analysis.debrief.whole import Debrief
    from aipm_agents.analysis.run.conduct import Tabled
    from aipm_agents.scenario.model import Scenario


def harm(found: Debrief) -> str:
    """Who first took it up; else, where a fact about it lay on the table, that nobody did by name, and what was asked or wanted
    of a choice it hangs on."""
    told = _first(found)
    return together((told, touched(found.scenario, found.practices["safety"].touched))) if told else ""


def _first(found: Debrief) -> str:
    if on_paper(found.record.events):
        return ""
    work, scenario = found.sheet.conduct, found.scenario
    first, there = work.harm_taken_up, work.harm_came_up
    named = work.harm_named
    if named is not None and (first is None or named.round <= first.round):
        told = _raised(scenario, named)
        if first is None:
            if there is None or there.by is None:
                return together((told, tr("Nobody took it up.")))
            nobody = tr("A fact about it was told ({when}, by {who}), and no question or doubt named it.", when=phrase.when(there.round), who=scenario.card(there.by).called)  # fmt: skip
            return together((told, nobody))
        assert first.by is not None
        fact = ""
        if there is not None and there.by is not None and there.round < first.round:
            fact = tr("First fact about it: {when}, by {who}.", when=phrase.when(there.round), who=scenario.card(there.by).called)  # fmt: skip
        taken_up = tr("First held against a package, asked about or doubted: {when}, by {who}.", when=phrase.when(first.round), who=scenario.card(first.by).called)  # fmt: skip
        return together((told, fact, taken_up))
    if first is not None:
        return _raised(scenario, first)
    if there is None:
        return tr("Harm first raised: never.")
    return tr("Harm first raised: never. A fact about it was told ({when}), and no question or doubt named it.", when=phrase.when(there.round))  # fmt: skip


def _raised(scenario: Scenario, first: Tabled) -> str:
    assert first.by is not None
    return tr("Harm first raised: {when}, by {who}.", when=phrase.when(first.round), who=scenario.card(first.by).called)  # fmt: skip
