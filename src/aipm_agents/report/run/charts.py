"""Charts as inline SVG: coordinates are worked out here, drawn by the templates in `pages/`.

No chart is told by colour alone: every mark has a word or a sign, every chart its figures as a table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from aipm_agents.language import mark, tr
from aipm_agents.report.papers.blocks import Chart, Grid, Row
from aipm_agents.report.papers.jinja import drawn, style
from aipm_agents.report.papers.typography import together
from aipm_agents.report.words import numbers, vocabulary
from aipm_agents.scenario.criteria import CHECKPOINTS
from aipm_agents.table.events import Answered, Decided, Proposed, Ruled, ending
from aipm_agents.table.rules import worth

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Event
    from aipm_agents.table.record import Record

MARKS: vocabulary.Vocabulary[str] = vocabulary.Vocabulary({
    "yes": mark("yes"), "yes_if": mark("if"), "no": mark("no"), "no_answer": "–",
    "pass": "✓", "pass_with_follow_up": "~", "not_shown": "?", "blocked": "✗",
})  # fmt: skip


class Cell(NamedTuple):
    x: float
    y: float
    kind: str
    mark: str


class Label(NamedTuple):
    x: float
    y: float
    text: str


class Panel(NamedTuple):
    """A party's panel: its points for each package, against its walk-away."""

    x: float
    y: float
    title: str
    path: str
    dots: tuple[Label, ...]
    walk_away: float
    """Where the line of the walk-away runs, as y in the panel."""
    walk_away_text: str


def glance(scenario: Scenario, events: tuple[Event, ...], *, alone: bool = False) -> Chart | None:
    """Votes and verdicts, round by round. None where nothing was ruled. `alone`: for a file of its own,
    with the style in it."""
    rulings = [event for event in events if isinstance(event, Ruled)]
    if not rulings:
        return None
    votes = {(e.role, e.round): e.move.vote for e in events if isinstance(e, Answered)}
    failed = {event.round for event in events if isinstance(event, Proposed) and event.fault}
    rows: list[tuple[str, list[str]]] = []
    for role in scenario.parties:
        row: list[str] = [
            votes.get((role, r.round), "no_answer")
            if role != "pm"
            else "no_answer"
            if r.round in failed
            else "yes"
            for r in rulings
        ]
        rows.append((scenario.card(role).short, row))
    for gate in CHECKPOINTS:
        title = vocabulary.CHECKPOINT_TITLES[gate] if gate != "alignment" else tr("Alignment: people")
        rows.append((title, [r.people if gate == "alignment" else r.verdicts[gate] for r in rulings]))
    rows.append((tr("Alignment: team"), [r.team.verdict for r in rulings]))
    left, top, width, height, gap = 150, 68 if alone else 28, 44, 26, len(scenario.parties)
    cells, labels = [], []
    for j, (name, row) in enumerate(rows):
        y = top + j * height + (12 if j >= gap else 0)
        labels.append(Label(left - 10, y + 17, name))
        cells += [Cell(left + k * width, y, kind, MARKS[kind]) for k, kind in enumerate(row)]
    heads = [Label(left + k * width + 19, top - 10, str(r.round)) for k, r in enumerate(rulings)]
    size = (
        max(400 if alone else 0, left + len(rulings) * width + 8),
        top + len(rows) * height + (44 if alone else 18),
    )
    decision = next((event for event in events if isinstance(event, Decided)), None)
    ended = (
        tr("{outcome}, round {n}", outcome=vocabulary.OUTCOMES[ending(decision)], n=decision.round)
        if decision
        else tr("not decided")
    )
    title = tr("Votes and verdicts, round by round")
    words = _told(rows, rulings)
    table = Grid(
        ("", *(tr("round {n}", n=r.round) for r in rulings)),
        tuple(Row((name, *(_word(kind) for kind in row))) for name, row in rows),
    )
    svg = drawn(
        "glance.svg.jinja", size=size, cells=cells, labels=labels, heads=heads, title=title, words=words,
        style=Markup(style()) if alone else "", heading=scenario.title, ended=ended,
    )  # fmt: skip
    return Chart(svg, title, words, table)


_WORDS: vocabulary.Vocabulary[str] = vocabulary.Vocabulary(
    {str(kind): word for words in (vocabulary.VOTES, vocabulary.VERDICTS) for kind, word in words.items()}
)


def _word(kind: str) -> str:
    return _WORDS[kind]


def _told(rows: list[tuple[str, list[str]]], rulings: list[Ruled]) -> str:
    first, last = rulings[0].round, rulings[-1].round
    ends = tr(", ").join(tr("{name} {word}", name=name, word=_word(row[-1]).lower()) for name, row in rows)
    return tr(
        "From round {first} to round {last}. At the last ruling: {ends}.", first=first, last=last, ends=ends
    )


def points(record: Record, roles: Iterable[Role]) -> Chart | None:
    """Each party's points per package tabled, by the figures of its round, against its walk-away at the end. Private: for
    those who may know."""
    scenario = record.scenario
    tabled = [(e.round, e.package) for e in record.proposals if e.package]
    if not tabled:
        return None
    panels, rows = [], []
    width, height, columns = 330, 150, 2
    for k, role in enumerate(roles):
        party = scenario.parties[role]
        got = [worth(record.in_round(n).parties[role], package) for n, package in tabled]
        ox, oy = (k % columns) * width + 12, (k // columns) * height + 12
        span = max(1, len(tabled) - 1)
        xs = [ox + 18 + (width - 70) * i / span for i in range(len(tabled))]
        ys = [_y(oy, float(value)) for value in got]
        path = "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in zip(xs, ys, strict=True))
        dots = tuple(Label(x, y, numbers.figure(v)) for x, y, v in zip(xs, ys, got, strict=True))
        panels.append(
            Panel(ox, oy, scenario.card(role).short, path, dots, _y(oy, float(party.walk_away)),
                 tr("walk-away {points}", points=numbers.figure(party.walk_away)))
        )  # fmt: skip
        rows.append(
            Row((scenario.card(role).short, *map(numbers.figure, got), numbers.figure(party.walk_away)))
        )
    size = (columns * width, -(-len(panels) // columns) * height + 10)
    title = tr("What each package proposed is worth")
    words = tr(
        "Points for each party, round by round, against its walk-away. The figures stand in the table below."
    )
    if record.news:
        words = together(
            (
                words,
                tr(
                    "News changed figures: each package is weighed by those of its own round, and the walk-away is that of the end."
                ),
            )
        )
    table = Grid(("", *(tr("round {n}", n=n) for n, _ in tabled), tr("walk-away")), tuple(rows), figures=True)
    svg = drawn(
        "points.svg.jinja", size=size, panels=panels, width=width, height=height, title=title, words=words
    )
    return Chart(svg, title, words, table)


def _y(top: float, value: float) -> float:
    """0 to 100 points, the best package's, from the bottom of a panel to its top."""
    return top + 122 - 96 * max(0.0, min(100.0, value)) / 100
