"""What a person in a seat is shown: the card, the table, what a package is worth, the turn so far.

Lines of text and no boxes: it is read on eighty columns, without colour, and by screen readers. Everything
comes from the seat's own view.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, NamedTuple

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from aipm_agents.language import tr
from aipm_agents.report.papers.rows import Rows
from aipm_agents.report.papers.typography import text as _text
from aipm_agents.report.words import (
    bonuses,
    changed_figure,
    fact_effects,
    inquiry,
    numbers,
    phrase,
    reasons,
    vocabulary,
)
from aipm_agents.report.words.deeds import deeds
from aipm_agents.scenario.criteria import CHECKPOINTS
from aipm_agents.table.checkpoints import find
from aipm_agents.table.events import Answered, Injected, Opened, Proposed, Ruled, last_ruling, positions
from aipm_agents.table.moves import Opening
from aipm_agents.table.reckoning import best
from aipm_agents.table.rules import matches, worth

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import RenderableType

    from aipm_agents.scenario.criteria import CheckpointName
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.view import View


def worth_line(view: View, package: Package) -> str:
    """What a package is worth to this seat, against its walk-away and its red lines."""
    value = worth(view.me, package)
    text = tr(
        "{points} of {best} points to you; your walk-away is {walk_away}",
        points=numbers.figure(value), best=numbers.figure(best(view)), walk_away=numbers.figure(view.me.walk_away),
    )  # fmt: skip
    crossed = [line.because for line in view.me.red_lines if matches(package, line.when)]
    if crossed:
        text += tr("; it crosses a red line of yours: {because}", because=crossed[0])
    return text


def package(view: View, chosen: Package, *, own: bool = True) -> RenderableType:
    """A package, issue by issue, with what each choice is worth to this seat."""
    grid = Rows.grid(padding=(0, 2))
    grid.add_column(justify="right", style="dim")
    grid.add_column(overflow="fold", style="dim")
    grid.add_column(overflow="fold")
    grid.add_column(justify="right")
    for number, issue in enumerate(view.scenario.issues, start=1):
        option = chosen.get(issue.id)
        label = view.scenario.label(issue.id, option) if option else tr("not chosen yet")
        value = numbers.figure(view.me.points[issue.id][option]) if option and own else ""
        grid.add_row(
            str(number), _text(issue.question), _text(label, "bold" if option else "dim"), Text(value)
        )
    whole = all(issue.id in chosen for issue in view.scenario.issues)
    lines: list[RenderableType] = [Padding(grid, (0, 0, 0, 2))]
    if whole and own:
        lines.append(aside(worth_line(view, chosen)))
    return Group(*lines)


class Shut(NamedTuple):
    """A question that a package would leave open, as far as what is on the table says."""

    word: str
    why: str
    opens: str
    stops: bool


def shut(view: View, chosen: Package) -> dict[CheckpointName, list[Shut]]:
    """What the criteria say of a package with what is on the table now; the team is asked only at the table."""
    scenario = view.scenario
    told: dict[CheckpointName, list[Shut]] = {}
    for name in CHECKPOINTS:
        criteria = [each for checkpoint, each in scenario.criteria.values() if checkpoint == name]
        findings = [find(scenario, each, chosen, view.tabled, view.heard.contests) for each in criteria]
        told[name] = []
        for finding in findings:
            if finding.status == "met":
                continue
            found = reasons.reason(scenario, finding, chosen)
            stops = scenario.criteria[finding.criterion][1].blocking
            why = found.why if stops else tr("does not stop a deal, stays open: {why}", why=found.why)
            told[name].append(Shut(vocabulary.STATUSES[finding.status], why, found.opens_with, stops))
    return told


def nothing_shut(view: View, name: CheckpointName) -> str:
    """What is said of a checkpoint that no question keeps shut."""
    asked = any(checkpoint == name for checkpoint, _ in view.scenario.criteria.values())
    return tr("nothing stands against it") if asked else tr("nothing is asked here")


def verdicts(view: View, chosen: Package) -> RenderableType:
    """The same on a terminal."""
    lines: list[RenderableType] = []
    for name, found in shut(view, chosen).items():
        title = vocabulary.CHECKPOINT_TITLES[name]
        if not found:
            lines.append(aside(f"{title}: {nothing_shut(view, name)}", "dim"))
        for each in found:
            lines.append(aside(f"{title}: {each.word}  {each.why}"))
            lines.append(aside(each.opens, "dim", 4))
    return Group(*lines)


def table(view: View) -> RenderableType:
    """What lies on the table now: the package, the last ruling, the facts, what is asked of whom."""
    scenario = view.scenario
    lines: list[RenderableType] = [Text()]
    if view.package is not None:
        number = max(e.round for e in view.events if isinstance(e, Proposed))
        lines += [_text(tr("The package of round {n}", n=number), "bold"), package(view, view.package)]
    ruling = last_ruling(view.events)
    if ruling is not None:
        lines.append(_text(tr("The ruling of round {n}", n=ruling.round), "bold"))
        lines += [
            _text(f"  {vocabulary.CHECKPOINT_TITLES[name]}: {vocabulary.VERDICTS[verdict]}")
            for name, verdict in ruling.verdicts.items()
        ]
        for name in ruling.asked:
            _, criterion = view.scenario.criteria[name]
            owner = view.scenario.card(criterion.owner).short
            lines.append(aside(tr('{who} is asked to show: "{asks}"', who=owner, asks=criterion.asks)))
    lines.append(_text(tr("Facts on the table"), "bold"))
    facts = [view.scenario.facts[name] for name in view.scenario.facts if name in view.tabled]
    lines += [aside(fact.says) for fact in facts] or [aside(tr("none yet"), "dim")]
    lines += [
        aside(tr("? could be found out: {what}", what=inquiry.takes(scenario.facts[name])))
        for name in view.studies
    ]
    return Group(*lines)


def history(view: View) -> RenderableType:
    """The rounds so far, a few lines each: what was said, and what was done beside it."""
    scenario = view.scenario
    lines: list[RenderableType] = [Text()]
    for event in view.events:
        match event:
            case Opened() if event.move != Opening():
                lines.append(_text(_line(scenario.card(event.role).short, event.move.says)))
                lines += _beside(scenario, event)
            case Injected():
                lines.append(_text(_line(event.sender, event.headline)))
                lines += [aside(each) for each in changed_figure.told(scenario, event)]
            case Ruled():
                proposed = next(
                    e for e in reversed(view.events) if isinstance(e, Proposed) and e.round == event.round
                )
                tabled = proposed.package
                lines.append(_text(tr("Round {n}", n=event.round), "bold"))
                if tabled is not None:
                    lines.append(aside(phrase.options(scenario, tabled)))
                lines += _beside(scenario, proposed, tabled)
                for role, answer in positions(view.events, event.round).items():
                    vote, says = vocabulary.VOTES[answer.move.vote], answer.move.says
                    told = tr("{vote}. {says}", vote=vote, says=says) if says else tr("{vote}.", vote=vote)
                    lines.append(aside(_line(scenario.card(role).short, told)))
                    lines += _beside(scenario, answer, tabled)
                verdict = " · ".join(
                    f"{vocabulary.CHECKPOINT_TITLES[n]} {vocabulary.VERDICTS[v]}"
                    for n, v in event.verdicts.items()
                )
                lines.append(aside(verdict, "dim"))
            case _:
                pass
    if len(lines) == 1:
        lines.append(_text(tr("nobody has said anything yet"), "dim"))
    return Group(*lines)


def _beside(
    scenario: Scenario, event: Opened | Proposed | Answered, package: Package | None = None
) -> list[RenderableType]:
    made = deeds(scenario, event.role, event.round, event.move, package)
    return [aside(deed.line, "dim", 4) for deed in made if not deed.aloud]


def heard(view: View) -> list[str]:
    """What was asked for aloud, as last heard, so that a PM can see whom a package meets."""
    last: dict[str, list[str]] = {}
    for event in view.events:
        if isinstance(event, Opened | Answered) and event.role != view.role and event.move.asks:
            last[event.role] = [phrase.asked(view.scenario, ask) for ask in event.move.asks]
    return [
        _line(view.scenario.card(role).short, tr("asks for {asks}", asks=tr("; ").join(asks)))
        for role, asks in last.items()
    ]


def aside(text: str, style: str = "", indent: int = 2) -> RenderableType:
    """A line to the person alone, set in from what everybody sees."""
    return Padding(_text(text, style), (0, 0, 0, indent))


def numbered(choices: Sequence[tuple[str, str, str]]) -> RenderableType:
    """(name to type, label, what it is worth or nothing), numbered from 1."""
    grid = Rows.grid(padding=(0, 1))
    grid.add_column(justify="right", width=4)
    grid.add_column(style="bold", overflow="fold", max_width=22)
    grid.add_column(overflow="fold")
    grid.add_column(justify="right")
    for number, (name, label, value) in enumerate(choices, start=1):
        grid.add_row(str(number), name, _text(label), value)
    return grid


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
            grid.add_row(
                str(number),
                option.id,
                _text(fact_effects.offered(view.scenario, option)),
                numbers.figure(row[option.id]),
            )
    return Group(
        Text(),
        _text(tr("What each choice is worth to you; the best package adds up to {best}.", best=numbers.figure(best(view)))),
        Padding(grid, (0, 0, 0, 2)),
        *(_text(text) for text in bonuses.beside(view.scenario, view.me)),
        _text(tr("Your walk-away is {points}: below it, no deal is better for you.", points=numbers.figure(view.me.walk_away))),
    )  # fmt: skip


def commands(known: Iterable[tuple[str, str]]) -> RenderableType:
    """(name, what it does)."""
    grid = Rows.grid(padding=(0, 2))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, does in known:
        grid.add_row(name, _text(does))
    return Padding(grid, (0, 0, 0, 2))


def offered(items: Sequence[str], width: int) -> list[str]:
    """Items in as few lines as they need, each whole."""
    bound = (item.replace(" ", "\u00a0") for item in items)
    lines = textwrap.wrap("   ".join(bound), width - 2, break_long_words=False, break_on_hyphens=False)
    return [line.replace("\u00a0", " ") for line in lines]


def costs(view: View, chosen: Package) -> str:
    """Where a package costs this seat most against its best choice; empty where it costs nothing."""
    rows = view.me.points
    lost = sorted(
        ((max(rows[i].values()) - rows[i][o], i, o) for i, o in chosen.items()), key=lambda each: -each[0]
    )
    told = [
        tr("{option} ({points} of {best})", option=view.scenario.label(i, o), points=numbers.figure(rows[i][o]), best=numbers.figure(max(rows[i].values())))
        for loss, i, o in lost[:3] if loss > 0
    ]  # fmt: skip
    return tr("It costs you most with: {options}", options=" · ".join(told)) if told else ""


def _line(who: str, what: str) -> str:
    return tr("{who}: {what}", who=who, what=what)
