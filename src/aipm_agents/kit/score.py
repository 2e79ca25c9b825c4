"""A role's score sheet, one page: what each option is worth to it, with room to add packages up; and all of
them as rows for a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.kit import rules, setting
from aipm_agents.kit.card import secrecy
from aipm_agents.kit.document import Document, PrintSheet
from aipm_agents.language import tr
from aipm_agents.report.papers.blocks import Grid, Heading, Lines, Row
from aipm_agents.report.words import bonuses, numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.view import View

_TRIES = ("A", "B", "C", "D")
"""Packages there is room to add up."""
_SLIPS = 2
"""Rows for options that may come out, where the page has room."""


def score(view: View) -> Document:
    role = view.scenario.card(view.role).title
    tried = [tuple(_sheet(view, slips)) for slips in range(_SLIPS, -1, -1)]
    blocks = next(filter(setting.fits, tried), tried[-1])
    return Document(
        f"scores-{view.role}", tr("Score sheet: {role}", role=role),
        tr("One page beside the card, for {role} alone; leave it out in a class without points.", role=role),
        view.role, (PrintSheet(blocks, "card", max(1, setting.size(blocks))),),
    )  # fmt: skip


def _sheet(view: View, slips: int) -> Iterator[Block]:
    me = view.me
    title = tr("{what} · {case}", what=tr("Score sheet"), case=view.scenario.title)
    yield Heading(view.scenario.who(view.role), title, level=1)
    yield Lines((secrecy(),), "warning")
    yield Lines((tr(
        "What each option is worth to you. Write a package's points under its letter and add them up. Points are yours "
        "alone and cannot be compared with anybody else's."
    ),))  # fmt: skip
    yield from worth(view, _TRIES)
    room = [""] * len(_TRIES)
    if "inventions" in view.extras and slips:
        added = tuple(Row((str(n), "", *room)) for n in range(1, slips + 1))
        yield Grid((tr("What a slip adds, if you are given one"), tr("points"), *_TRIES), added, figures=True)
    yield Grid(
        (tr("The whole package"), "", *_TRIES),
        (
            *(
                Row((tr("Add, with {choices}", choices=what), points, *room))
                for what, points in bonuses.together(view.scenario, me)
            ),
            Row((tr("Your points, added up"), "–", *room)),
        ), figures=True,
    )  # fmt: skip
    yield Lines((tr("Your walk-away is {points}: below it, no deal is better for you.", points=numbers.figure(me.walk_away)),), "strong")  # fmt: skip
    if me.discount != 1:
        yield Lines((list(bonuses.beside(view.scenario, me))[-1],))
    lines = [rules.red_line(view.scenario, line) for line in me.red_lines]
    yield Heading(tr("You never accept"), level=2)
    yield Lines(tuple(lines) or (tr("You have no red line. Only your walk-away says no for you."),))


def worth(view: View, tries: tuple[str, ...] = ()) -> Iterator[Grid]:
    """What each option is worth to a seat, issue by issue; with room for `tries`."""
    for issue in view.scenario.issues:
        row = view.me.points[issue.id]
        rows = [
            Row((option.label, numbers.figure(row[option.id]), *([""] * len(tries))))
            for option in issue.options
        ]
        yield Grid((issue.question, tr("points"), *tries), tuple(rows), figures=True)


def rows(scenario: Scenario) -> list[list[str]]:
    """A line an option, a column a role; the walk-aways last. From the whole scenario: the facilitator's."""
    out = [["issue", "option", "question", "label", *scenario.parties]]
    for issue in scenario.issues:
        for option in issue.options:
            points = [format(party.points[issue.id][option.id], "f") for party in scenario.parties.values()]
            out.append([issue.id, option.id, issue.question, option.label, *points])
    out.append(
        ["walk_away", "", "", "", *(format(party.walk_away, "f") for party in scenario.parties.values())]
    )
    return out
