"""A class at a glance, on one screen: how each group ended, what held it, and when each deciding fact came out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.analysis.debrief.groups import shut_last
from aipm_agents.language import tr
from aipm_agents.report.debrief.turning_points import GATES
from aipm_agents.report.papers.blocks import Grid, Heading, Lines, Row
from aipm_agents.report.papers.typography import shortened
from aipm_agents.report.words.ended import how

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.debrief.groups import Groups
    from aipm_agents.analysis.debrief.whole import Debrief
    from aipm_agents.analysis.run.conduct import Tabled
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.model import Scenario

MOST = 5
"""Facts, and questions of the package, that fit on a screen."""


def at_a_glance(found: Groups) -> Iterator[Block]:
    facts = deciding(found)
    yield Heading(tr("At a glance"), tr("what came out, and in which round"))
    letters = [chr(ord("a") + n) for n in range(len(facts))]
    head = ("", tr("end"), tr("round"), tr("shut last"), *letters)
    title = tr("{letters}: told in round", letters=" ".join(letters)) if facts else ""
    rows = tuple(Row((each.sheet.label, *_cells(each, facts))) for each in found.groups)
    yield Grid(head, rows, title, widths=(2, 4, 3, 4, *([3] * len(facts))))
    text = tr(
        "Shut last: at the end where there was no deal; else in the last round before it that had one shut."
    )
    yield Lines((text,), "quiet")
    if facts:
        yield Lines(
            tuple(
                tr("{letter}: {fact}", letter=letter, fact=shortened(_plain(found.scenario, name), 100))
                for letter, name in zip(letters, facts, strict=True)
            ),
            "quiet",
        )
    apart = [
        issue
        for issue in found.scenario.issues
        if len({each.sheet.package[issue.id] for each in found.groups if each.sheet.package}) > 1
    ]
    if apart:
        yield Grid(
            (tr("where the packages differ"), *(each.sheet.label for each in found.groups)),
            tuple(Row((issue.question, *(_label(each, issue.id) for each in found.groups))) for issue in apart[:MOST]),
            first=5,
        )  # fmt: skip


def deciding(found: Groups) -> list[str]:
    """Facts that some gate of some group hung on, those of most groups first."""
    times: dict[str, int] = {}
    for each in found.groups:
        hung_on = {turn.name for turn in each.turning if turn.kind == "fact" and turn.shifts}
        hung_on |= {kept.name for kept in each.withheld if kept.kind == "fact" and kept.effect.shifts}
        for name in hung_on:
            times[name] = times.get(name, 0) + 1
    order = list(found.scenario.facts)
    return sorted(times, key=lambda name: (-times[name], order.index(name)))[:MOST]


def _cells(each: Debrief, facts: list[str]) -> Iterator[str]:
    yield how(each.record.events)
    yield str(each.sheet.round)
    yield tr(", ").join(GATES[gate] for gate in shut_last(each)) or _unshut(each)
    for name in facts:
        tabled = each.sheet.conduct.tabled.get(name)
        yield _when(tabled)


def _unshut(each: Debrief) -> str:
    """Of a group that no checkpoint stopped at the last."""
    rulings = each.record.rulings
    if each.sheet.deal or not rulings:
        return "-"
    return tr("none: a fact came out too late") if rulings[-1].too_new else tr("none: not signed")


def _when(tabled: Tabled | None) -> str:
    if tabled is None:
        return tr("never")
    return str(tabled.round) if tabled.round else tr("opening") if tabled.by else tr("start")


def _label(each: Debrief, issue: str) -> str:
    package = each.sheet.package
    return shortened(each.scenario.label(issue, package[issue]), 28) if package else "-"


def _plain(scenario: Scenario, name: str) -> str:
    fact = scenario.facts[name]
    return fact.plainly or fact.says
