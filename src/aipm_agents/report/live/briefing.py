"""A seat's confidential card: its sentences, then its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from aipm_agents.language import tr
from aipm_agents.report.live.seat import best
from aipm_agents.report.papers.rows import Rows
from aipm_agents.report.papers.typography import text as _text
from aipm_agents.report.papers.typography import together
from aipm_agents.report.words import numbers, sources
from aipm_agents.report.words.fact_effects import bearing, crossing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType

    from aipm_agents.table.view import View


def briefing(view: View) -> RenderableType:
    """The card's sentences: what everybody knows of this role, what only it knows, what it never accepts."""
    scenario, me = view.scenario, view.me
    card = scenario.card(view.role)
    lines: list[RenderableType] = [
        Text(),
        _text(tr("YOUR CARD: {title}", title=scenario.who(view.role)), "bold"),
        _text(tr("For your eyes only. Say of it what you choose; never show it."), "dim"),
        *_named((
            (tr("You look after"), card.duty), (tr("You have said"), me.wants),
            (tr("Only you know"), me.private or tr("nothing more than the others")),
        )),
    ]  # fmt: skip
    for line in me.red_lines:
        when = crossing(scenario, line)
        lines += _named(((tr("Never"), tr("{choices}: {because}", choices=when, because=line.because)),))
    held = [scenario.facts[name] for name in scenario.facts if view.role in scenario.facts[name].held_by]
    for fact in held:
        mark = tr("already on the table") if fact.id in view.tabled else fact.id
        source = tr(" ({source})", source=fact.source) if fact.source else ""
        text = together([fact.says, fact.plainly or ""]) + source
        lines += _named(((tr("You hold"), f"[{mark}] {text}"), ("", bearing(scenario, fact))))
    for issue, option in view.secret:
        lines += _named(
            (
                (
                    tr("Yours to bring"),
                    tr(
                        "{option} ({question})",
                        option=scenario.label(issue, option),
                        question=scenario.issue[issue].question,
                    ),
                ),
            )
        )
    for word, means in me.terms.items():
        lines += _named(((tr("You mean"), tr('by "{word}": {means}', word=word, means=means)),))
    questions, law = sources.answers_for(scenario, view.role)
    lines += _named((tr("You answer for"), text) for text in questions)
    lines += _named((("", law),)) if law else []
    if not held:
        lines += _named(((tr("You hold"), tr("no facts that the others do not have")),))
    return Group(*lines)


def points(view: View) -> RenderableType:
    """The card's figures, after its sentences."""
    grid = Rows.grid(padding=(0, 1))
    grid.add_column(justify="right", width=4)
    grid.add_column(style="bold", overflow="fold", max_width=22)
    grid.add_column(overflow="fold")
    grid.add_column(justify="right")
    for issue in view.scenario.issues:
        row = view.me.points[issue.id]
        grid.add_row("", issue.id, _text(issue.question, "dim"), "")
        for number, option in enumerate(issue.options, start=1):
            grid.add_row(str(number), option.id, _text(option.label), numbers.figure(row[option.id]))
    return Group(
        Text(),
        _text(tr("What each choice is worth to you; the best package adds up to {best}.", best=numbers.figure(best(view)))),
        Padding(grid, (0, 0, 0, 2)),
        _text(tr("Your walk-away is {points}: below it, no deal is better for you.", points=numbers.figure(view.me.walk_away))),
    )  # fmt: skip


def _named(pairs: Iterable[tuple[str, str]]) -> list[RenderableType]:
    grid = Rows.grid(padding=(0, 1))
    grid.add_column(width=14, style="dim", overflow="fold")
    grid.add_column(overflow="fold")
    for name, text in pairs:
        grid.add_row(name, _text(text))
    return [grid]
