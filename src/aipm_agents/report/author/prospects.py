"""What can come of a scenario, on the terminal: what an author or a teacher looks at before anyone speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from aipm_agents.language import tr
from aipm_agents.report.papers import plain_text
from aipm_agents.report.papers.rows import Rows
from aipm_agents.report.papers.typography import text as lettered
from aipm_agents.report.words import numbers, phrase, vocabulary
from aipm_agents.scenario.model import CHECKPOINTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from aipm_agents.analysis.space.landscape import Landscape, Solution
    from aipm_agents.analysis.space.prospects import Prospects
    from aipm_agents.scenario.model import Scenario


def prospects_screen(
    scenario: Scenario, found: Prospects, land: Landscape, advice: Sequence[str]
) -> RenderableType:
    parts: list[RenderableType] = [
        Text(plain_text.clean(scenario.title), style="bold"),
        _counts(found),
        *_solutions(scenario, land),
        _parties(scenario, found, land),
        *_binding(scenario, found),
        *_evidence(scenario, found),
        *_dead(scenario, found),
    ]
    parts += [_line(tr("warning: {text}", text=text), "yellow") for text in advice]
    return Group(*parts)


def _line(text: str, style: str = "", indent: int = 0) -> RenderableType:
    """Lists of options break between them, sentences as their script wants."""
    made = Text(plain_text.clean(text), style=style) if " · " in text else lettered(text, style)
    return Padding(made, (0, 0, 0, indent))


def _counts(found: Prospects) -> RenderableType:
    table = _table(
        tr("{packages:,} packages", packages=found.packages),
        tr("passing"),
        tr("at the start"),
        tr("everything disclosed"),
    )
    for gate in CHECKPOINTS:
        row = found.passing[gate]
        title = vocabulary.CHECKPOINT_TITLES[gate] + (tr(" (people)") if gate == "alignment" else "")
        table.add_row(title, f"{row.at_start:,}", f"{row.disclosed:,}")
    table.add_row(
        tr("the criteria of all four"), f"{found.together.at_start:,}", f"{found.together.disclosed:,}"
    )
    table.add_row(tr("and reaching the agreement it needs"), "", f"{found.acceptable:,}", style="bold")
    table.add_row(tr("and with everybody willing"), "", f"{found.acceptable_to_all:,}")
    table.add_row(tr("the agreement alone, criteria set aside"), "", f"{found.quorum:,}", style="dim")
    table.add_row(tr("everybody willing, criteria set aside"), "", f"{found.unanimous:,}", style="dim")
    return table


def _counted(optimal: int | None) -> str:
    return tr("more than 30,000 Pareto-optimal") if optimal is None else tr("{n:,} Pareto-optimal", n=optimal)


def _solutions(scenario: Scenario, land: Landscape) -> list[RenderableType]:
    """Solutions that are one and the same package share a line."""
    parts: list[RenderableType] = []
    for name, title in (("gates", tr("WITHIN THE GATES")), ("whole", tr("WITHOUT GATES, every package"))):
        optimal = land.optimal[name]  # type: ignore[index]
        parts += [
            Text(),
            _line(
                f"{title}   {_counted(optimal)}",
                "bold",
            ),
        ]
        found: dict[str, tuple[list[str], Solution]] = {}
        missing = []
        for concept, solution in land.solutions[name].items():  # type: ignore[index]
            if solution is None:
                missing.append(vocabulary.CONCEPTS[concept])
                continue
            label = phrase.options(scenario, solution.package)
            found.setdefault(label, ([], solution))[0].append(vocabulary.CONCEPTS[concept])
        for label, (concepts, solution) in found.items():
            parts.append(_line(tr(", ").join(concepts), indent=2))
            parts.append(_line(label, "cyan", 4))
            told = " · ".join(
                f"{scenario.card(role).short} {numbers.signed(value)}"
                for role, value in solution.surplus.items()
            )
            mark = "" if solution.dominated_by is None else "   " + tr("(not Pareto-optimal here)")
            parts.append(_line(tr("over the walk-away: {told}{mark}", told=told, mark=mark), "dim", 4))
        if missing:
            why = (
                tr("no package there")
                if not found
                else tr("no package there leaves everybody above the walk-away")
            )
            parts.append(_line(tr("{names}: none; {why}", names=tr(", ").join(missing), why=why), "dim", 2))
    return parts


def _parties(scenario: Scenario, found: Prospects, land: Landscape) -> RenderableType:
    table = _table("\n" + tr("THE PARTIES"), "", tr("walk-away"), tr("best in gates"), tr("takes"), tr("refuses passing"), tr("alone stops")
    )  # fmt: skip
    for role, stake in found.parties.items():
        table.add_row(
            Text(plain_text.clean(scenario.card(role).short)), numbers.figure(stake.walk_away),
            numbers.figure(stake.best) if found.acceptable else "-",
            f"{stake.takes:,}", f"{stake.refuses:,}", f"{stake.alone:,}",
        )  # fmt: skip
    return table


def _binding(scenario: Scenario, found: Prospects) -> list[RenderableType]:
    binding = sorted(
        (
            (stop.alone, scenario.criteria[name][1].asks)
            for name, stop in found.criteria.items()
            if stop.alone
        ),
        key=lambda pair: -pair[0],
    )
    binding += [
        (line.stop.alone, tr("red line of {who}: {because}", who=scenario.card(line.role).short, because=line.because))
        for line in found.red_lines if line.stop.alone
    ]  # fmt: skip
    if not binding:
        return []
    table = Rows.grid(padding=(0, 2, 0, 0))
    table.add_column(justify="right")
    table.add_column(overflow="fold")
    for count, text in binding:
        table.add_row(f"  {count:,}", lettered(text))
    return [
        Text(),
        Text(tr("WHAT BINDS") + "   " + tr("packages that nothing else stops"), style="bold"),
        table,
    ]


def _evidence(scenario: Scenario, found: Prospects) -> list[RenderableType]:
    passing = found.together.disclosed
    telling = [name for name, count in found.without.items() if count != passing]
    if not telling:
        return []
    lines: list[RenderableType] = [Text(), Text(tr("WHICH FACTS DECIDE"), style="bold")]
    for name in sorted(telling, key=lambda name: found.without[name]):
        fact, count = scenario.facts[name], found.without[name]
        arrives = next(
            (i.before_round for i in scenario.injects if any(f.id == name for f in i.evidence)), None
        )
        held = (
            tr("held by {who}", who=phrase.names(scenario, fact.held_by))
            if fact.held_by
            else tr("has to be found out")
            if fact.takes
            else tr("known to all")
        )
        held = tr("arrives before round {n}", n=arrives) if arrives else held
        if count == 0 and found.undoubted.get(name):
            what = tr("without it no package passes once somebody doubts what stands in its place")
        elif count == 0:
            what = tr("without it no package passes")
        elif count < passing:
            what = tr("without it {count:,} pass instead of {passing:,}", count=count, passing=passing)
        else:
            what = tr("it stops {n:,} packages that would pass if it stayed unsaid", n=count - passing)
        lines.append(_line(fact.says + tr(" ({source})", source=held), indent=2))
        lines.append(_line(what, "dim", 4))
    return lines


def _dead(scenario: Scenario, found: Prospects) -> list[RenderableType]:
    """What tempts and cannot be had."""
    if not found.dead:
        return []
    lines: list[RenderableType] = [Text(), Text(tr("NO DEAL CAN HOLD"), style="bold")]
    for issue in scenario.issues:
        labels = [scenario.label(*pair) for pair in found.dead if pair[0] == issue.id]
        if labels:
            lines.append(_line(f"{issue.question} {' · '.join(labels)}", indent=2))
    return lines


def _table(title: str, first: str, *rest: str) -> Rows:
    table = Rows(
        title=title or None,
        title_justify="left",
        title_style="bold",
        box=None,
        padding=(0, 1),
        pad_edge=False,
    )
    table.add_column(first)
    for name in rest:
        table.add_column(name, justify="right", overflow="fold")
    return table
