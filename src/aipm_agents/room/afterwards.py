"""After the end, with the cards open: a page for each person, and the whole class on the board. Worked out in threads, once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, NamedTuple

from aipm_agents.analysis.debrief.groups import MOST, groups
from aipm_agents.language import spoken, tr, tr_n
from aipm_agents.report.debrief.groups import ends, questions
from aipm_agents.report.debrief.leaving import leaving
from aipm_agents.report.debrief.parted import parted
from aipm_agents.report.debrief.turning_points import GATES
from aipm_agents.report.debrief.whole import outcome
from aipm_agents.report.papers.blocks import Grid, Lines, Row
from aipm_agents.report.papers.typography import shortened
from aipm_agents.report.run.frontier import among_all
from aipm_agents.room import paper
from aipm_agents.room.entering import Entering

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from starlette.responses import Response

    from aipm_agents.analysis.debrief.groups import Groups
    from aipm_agents.analysis.run.conduct import Tabled
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.roles import Role
    from aipm_agents.room.lesson import Lesson
    from aipm_agents.room.sitting import Sitting
    from aipm_agents.transcript import Transcript


class Whole(NamedTuple):
    """A class as its board shows it."""

    beside: Grid
    more: list[Block]
    questions: list[str]
    """The first is asked before anybody sees another group's result, and so it stands alone."""


async def own_page(lesson: Lesson, sitting: Sitting, role: Role) -> Response:
    """Nobody else sees it."""
    about = sitting.scenario
    if role:
        blocks: Sequence[Any] = await _once(
            lesson, (sitting.number, role, spoken()), lambda: paper.shown(leaving(sitting.record, role))
        )
        title = tr("What it came to for you")
    else:
        blocks, title = (), tr("What it came to")
    return paper.page("after.html.jinja", title, scenario=about, blocks=blocks, role=role and about.card(role).title, number=sitting.number)  # fmt: skip


async def whole(lesson: Lesson, deciding: Sequence[str]) -> Whole:
    made: Whole = await _once(lesson, ("whole", spoken()), lambda: _whole(lesson, deciding))
    return made


async def _once(lesson: Lesson, key: tuple[object, ...], make: Callable[[], Any]) -> Any:
    """The same for everybody who asks, worked out by whoever asks first; once more where it failed."""
    made = lesson.afterwards.get(key)
    if made is None or (made.done() and (made.cancelled() or made.exception() is not None)):
        made = lesson.afterwards[key] = asyncio.ensure_future(asyncio.to_thread(make))
    return await asyncio.shield(made)


def ended(lesson: Lesson) -> dict[str, Transcript]:
    """Every group that has ended, tables first, by what it is called on every page."""
    tables = {
        tr("Table {n}", n=n): lesson.tables[n].transcript
        for n in sorted(lesson.tables)
        if lesson.tables[n].over
    }
    return tables | {tr("On paper {n}", n=number): run for number, run in Entering(lesson).groups_ended}


def left_out(runs: Mapping[str, Transcript]) -> list[Block]:
    """What is said where there are more groups than can be told apart."""
    left = len(runs) - MOST
    return [Lines((tr_n("{n} more group is not shown here.", "{n} more groups are not shown here.", left),), "quiet")] if left > 0 else []  # fmt: skip


def _whole(lesson: Lesson, deciding: Sequence[str]) -> Whole:
    runs = ended(lesson)
    found = groups(list(runs.values())[:MOST], list(runs)[:MOST])
    several = len(found.groups) > 1
    chart = among_all(found.scenario, list(ends(found.groups)))
    more = left_out(runs)
    more += parted(found) if several else ()
    if chart:
        more.append(chart._replace(table=Grid((), ())))  # whose table would be points, for everybody to read
    return Whole(beside(found, deciding), paper.shown(more), [each.text for each in questions(found)])


def beside(found: Groups, deciding: Sequence[str]) -> Grid:
    """Groups by issues, by the facts that decide, and by the checkpoint that held longest. No points, no names."""
    scenario, rows = found.scenario, []
    rows.append(Row((tr("Ended"), *(outcome(each) for each in found.groups))))
    for issue in scenario.issues:
        cells = (
            scenario.label(issue.id, each.sheet.package[issue.id]) if each.sheet.package else "–"
            for each in found.groups
        )
        rows.append(Row((issue.question, *cells)))
    for name in deciding:
        told = (each.sheet.conduct.tabled.get(name) for each in found.groups)
        cells = (_when(each) for each in told)
        rows.append(Row((shortened(scenario.facts[name].plainly or scenario.facts[name].says, 110), *cells)))
    held = (tr(", ").join(GATES[stop.gate] for stop in each.work.most) for each in found.groups)
    rows.append(Row((tr("Held most"), *(gates or "–" for gates in held))))
    head = ("", *(each.sheet.label for each in found.groups))
    return Grid(head, tuple(rows), first=4)


def _when(told: Tabled | None) -> str:
    if told is None:
        return tr("never said")
    if told.round:
        return tr("round {n}", n=told.round)
    return tr("in the opening") if told.by else tr("known from the start")
