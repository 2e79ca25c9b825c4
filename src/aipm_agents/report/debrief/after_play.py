"""What people are told when their run has ended: what each got, what stayed on the table, what nobody said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.analysis.run.conduct import conduct
from aipm_agents.analysis.run.missed import missed
from aipm_agents.analysis.run.outcome import outcome
from aipm_agents.analysis.run.seat_result import takings
from aipm_agents.language import mark, tr, tr_n
from aipm_agents.report.papers import plain_text
from aipm_agents.report.papers.blocks import Grid, Heading, Lines, Row
from aipm_agents.report.words import numbers, phrase, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.run.seat_result import Better
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.record import Record

_SILENCES: vocabulary.Vocabulary[str] = vocabulary.Vocabulary({
    "not_asked": mark("nobody asked"), "asked": mark("was asked, and did not tell"), "ruling": mark("the ruling asked for it; nobody at the table did"),
    "declined": mark("declined to answer"), "faulted": mark("the turns in which it was to be told failed"),
})  # fmt: skip


_ACROSS = 44
"""Letters of a command that fit beside what it shows; a longer one, with a path in it, stands alone and is not broken."""


def farewell(record: Record, people: tuple[Role, ...], handle: str, alone: str) -> Iterator[Block]:
    """`handle`: how the run is named on the command line; `alone`: the same seed without people."""
    yield Heading(tr("What you got, and what you left"), tr("now with every card open"), 2)
    for role in people:
        yield from taken(record, role)
    yield from _unsaid(record)
    yield Heading(tr("What next"), level=2)
    rows = [Row((f"aipm debrief {handle}", tr("where it turned, what nobody said, what to ask")))]
    rows.append(Row((f"aipm show {handle} --as facilitator", tr("everything, for the debrief"))))
    if alone:
        rows.append(Row((f"aipm compare {handle} {alone}", tr("beside the same seed, played without you"))))
    rows.append(
        Row((f"aipm resume {handle} --from 1", tr("what if: another way from round 1, or any other")))
    )
    if max(len(row.cells[0]) for row in rows) <= _ACROSS:
        yield Grid(("", ""), tuple(rows), first=6)
        return
    for row in rows:
        yield Lines(row.cells[:1], "command")
        yield Lines(row.cells[1:], "quiet")


def taken(record: Record, role: Role) -> Iterator[Block]:
    scenario, mine = record.scenario, takings(record, role)
    title = scenario.card(role).title
    got, least = numbers.figure(mine.got), numbers.figure(mine.walk_away)
    if outcome(record).deal is None:
        first = tr(
            "{title}: no deal, so you are left with your walk-away, {points}.", title=title, points=least
        )
    else:
        first = tr(
            "{title}: {points} points; your walk-away was {least}.", title=title, points=got, least=least
        )
    lines = [first]
    if mine.got != mine.points:
        lines.append(
            tr(
                "The deal itself is worth {points} to you; waiting until round {n} took the rest. What is said of other packages is before waiting.",
                points=numbers.figure(mine.points), n=record.round,
            )
        )  # fmt: skip
    if outcome(record).deal is None and (means := scenario.parties[role].otherwise):
        lines.append(means)
    if mine.free is not None:
        text = tr(
            "Better for you and worse for nobody: {package}, {points} points.", **_told(scenario, mine.free)
        )
        lines.append(f"{text} {_way(record, mine.free)}".strip())
    if mine.best is not None and mine.best != mine.free and mine.best.points > mine.points:
        text = tr(
            "The most for you that passes the checkpoints and is worth the walk-away to all whose yes it takes: {package}, {points} points. How they would have voted, nobody knows.",
            **_told(scenario, mine.best),
        )
        lines.append(text)
    if mine.best is not None and mine.best.points <= mine.points:
        lines.append(
            tr(
                "Nothing that passes the checkpoints and is worth the walk-away to all whose yes it takes gives you more."
            )
        )
    yield Lines(tuple(lines))


def _told(scenario: Scenario, better: Better) -> dict[str, str]:
    return {"package": phrase.options(scenario, better.package), "points": numbers.figure(better.points)}


def _way(record: Record, better: Better) -> str:
    """From when on it was open to this table, and what had to be said for it."""
    chance = missed(record, better.package, outcome(record).points)
    if chance is None:
        return ""
    if not chance.facts:
        return tr("It was open to this table from round {n} on.", n=chance.round)
    facts = phrase.listed(
        tr('"{text}"', text=plain_text.shortened(record.scenario.facts[f].says, 70)) for f in chance.facts
    )
    return tr_n("It needed one thing said: {facts}", "It needed {n} things said: {facts}", len(chance.facts), facts=facts)  # fmt: skip


def _unsaid(record: Record) -> Iterator[Block]:
    scenario, work = record.scenario, conduct(record)
    rows = [
        Row((scenario.facts[name].says, tr("{who}: {what}", who=phrase.names(scenario, scenario.facts[name].held_by), what=_SILENCES[why])))
        for name, why in work.withheld.items()
    ]  # fmt: skip
    if rows:
        yield Heading(tr("Never said at this table"), level=2)
        yield Grid((tr("fact"), tr("held by, and why it stayed there")), tuple(rows), first=10)
    else:
        yield Lines((tr("Every fact on the cards was told."),))
