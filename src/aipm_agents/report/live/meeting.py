"""A run on the terminal, event by event. Eighty columns are enough; nothing is told by colour alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from rich.console import Group
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from aipm_agents.language import mark, spoken, tr, tr_n
from aipm_agents.report.live.closing import closing
from aipm_agents.report.live.ruling import ruling
from aipm_agents.report.papers import plain_text
from aipm_agents.report.papers.typography import text as _text
from aipm_agents.report.words import fact_text, inquiry, move_text, phrase, setup, sources, vocabulary
from aipm_agents.report.words.move_text import FAULTS
from aipm_agents.roles import PM
from aipm_agents.table.events import (
    Answered,
    Decided,
    Framed,
    Injected,
    Opened,
    Proposed,
    Reported,
    Ruled,
    Seated,
    Signed,
    Stopped,
    package_on_table,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.styles import StyleName
    from aipm_agents.table.events import Event
    from aipm_agents.table.moves import Ask

LANGUAGE_NAMES = {"en": mark("English"), "zh-Hant": mark("Traditional Chinese")}
_STOPS = {
    "interrupted": mark("Broken off (interrupted); decided by nobody."),
    "budget": mark("Broken off (budget); decided by nobody."),
    "endpoint": mark("Broken off (endpoint); decided by nobody."),
    "storage": mark("Broken off (a file could not be written); decided by nobody."),
    "time": mark("Time ran out; decided by nobody."),
}
_VOTE_STYLE = {"yes": "green", "yes_if": "yellow", "no": "red", "no_answer": "magenta"}


def heading(
    scenario: Scenario, seed: int, known: Iterable[str] = (), caution: str = "",
    style: StyleName | None = None,
) -> RenderableType:  # fmt: skip
    """The question and whom it serves, before any machinery; then what everybody knows before anyone
    speaks (`known`: the facts on the table from the start). `caution`: what is to be said of the run first; `style`: how the PM leads."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    if scenario.purpose:
        grid.add_row(tr("Serves"), _text(scenario.purpose))
    grid.add_row(tr("A deal"), _text(phrase.deal(scenario)))
    if packs := sources.used(scenario):
        grid.add_row(tr("Packs"), _text(packs))
    if law := sources.notice(each for _, each in scenario.criteria.values()):
        grid.add_row("", _text(law))
    if style is not None:
        grid.add_row(scenario.card(PM).short, _text(setup.style(style)))
    title = Text(plain_text.clean(scenario.title).upper(), style="bold")
    told = tr_n("seed {seed} · up to {n} round", "seed {seed} · up to {n} rounds", scenario.rounds, seed=seed)
    title.append(f"   {told}", style="dim")
    background = [Text(), _text(scenario.background, "dim")] if scenario.background else []
    facts = _tabled(scenario, tuple(known))
    facts += [
        _text(tr("? could be found out: {what}", what=each), "dim") for each in inquiry.possible(scenario)
    ]
    first = [_text(caution, "yellow")] if caution else []
    if scenario.language != spoken():
        first.append(
            _text(
                tr("(This case is written in {language}.)", language=tr(LANGUAGE_NAMES[scenario.language])),
                "dim",
            )
        )
    return Group(Text(), title, *first, _text(scenario.question), grid, *background, *facts)


def screens(
    scenario: Scenario, events: tuple[Event, ...], handle: str
) -> Iterator[tuple[Event, RenderableType]]:
    """All of a record, screen by screen, each with the event it shows. Where it was broken off and went
    on, nobody need read so."""
    for number, event in enumerate(events, start=1):
        if isinstance(event, Stopped) and number < len(events):
            continue
        seen = screen(scenario, events[:number], handle=handle)
        if seen is not None:
            yield event, seen


def screen(scenario: Scenario, events: tuple[Event, ...], *, handle: str = "latest") -> RenderableType | None:
    """The last of these events, as it is shown when it happens; None where nothing is to be seen.

    `handle`: how the run is named in the command to type next.
    """
    event = events[-1]
    match event:
        case Seated():
            return None
        case Framed():
            return Group(_section(tr("OPENING")), _turn(scenario, PM, event.move.says, event.fault))
        case Opened():
            facts = [*_tabled(scenario, event.move.tables), *_brought(scenario, event)]
            return _turn(scenario, event.role, event.move.says, event.fault, below=facts)
        case Injected():
            return _inject(scenario, event)
        case Reported():
            return Group(
                Text(), Text(tr("WHAT WAS SENT FOR IS IN"), style="bold"), *_tabled(scenario, event.evidence)
            )
        case Proposed():
            return _proposal(scenario, event, events)
        case Answered():
            return _answer(scenario, event, package_on_table(events))
        case Ruled():
            return ruling(scenario, event, events)
        case Signed():
            verb = tr("signs") if event.move.signs else tr("HOLDS")
            return Group(
                Text(),
                _turn(scenario, PM, event.move.says, event.fault, vote=verb, below=_held(scenario, event)),
            )
        case Decided():
            return closing(scenario, events, handle)
        case Stopped():
            return Group(Text(), Text(tr(_STOPS[event.reason]), style="bold"))
        case _:
            assert_never(event)


def _held(scenario: Scenario, event: Signed) -> list[RenderableType]:
    """For what a deal is held, and why."""
    if event.move.criterion is None:
        return []
    asks = scenario.criteria[event.move.criterion][1].asks
    return [_text(tr('for "{asks}": {why}', asks=asks, why=event.move.reason), "dim")]


def _section(title: str) -> RenderableType:
    return Group(Text(), Rule(Text(title, style="bold"), align="left", style="dim"))


def _turn(
    scenario: Scenario, role: Role, says: str, fault: str | None = None,
    *, vote: str = "", style: str = "", below: list[RenderableType] | None = None,
) -> RenderableType:  # fmt: skip
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(width=11, style="bold", overflow="fold")
    if vote:
        grid.add_column(width=9, no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    body: list[RenderableType] = [_text(says)] if says else []
    if not (says or fault or vote):
        body.append(_text(tr("(says nothing)"), "dim"))
    if fault:
        body.append(Text(tr("[{fault}: counted as an abstention]", fault=FAULTS[fault]), style="magenta"))
    body += below or []
    cells: list[RenderableType] = [_text(scenario.card(role).short)]
    if vote:
        cells.append(Text(vote, style=style))
    grid.add_row(*cells, Group(*body))
    return grid


def _tabled(scenario: Scenario, names: tuple[str, ...]) -> list[RenderableType]:
    lines: list[RenderableType] = []
    for name in names:
        fact = scenario.facts[name]
        source = tr(" ({source})", source=fact.source) if fact.source else ""
        lines.append(_text(tr("+ on the table: {fact}", fact=f"{fact.says}{source}"), "cyan"))
    return lines


def _brought(scenario: Scenario, event: Opened | Answered) -> list[RenderableType]:
    return [
        _text(tr("+ a new option: {option}", option=each), "cyan")
        for each in inquiry.brought(scenario, event)
    ]


def _inject(scenario: Scenario, event: Injected) -> RenderableType:
    body: list[RenderableType] = [_text(event.headline), *_tabled(scenario, event.evidence)]
    panel = Panel(Group(*body), title=escape(plain_text.clean(event.sender)), title_align="left", style="")
    return Group(Text(), panel)


def _proposal(scenario: Scenario, event: Proposed, events: tuple[Event, ...]) -> RenderableType:
    parts: list[RenderableType] = [_section(tr("ROUND {n}", n=event.round))]
    if event.move is not None:
        words = event.move.says or move_text.question(scenario, event.move.question)
        asked: list[RenderableType] = (
            [_text(text, "dim")] if (text := move_text.heard(scenario, event.move)) else []
        )
        parts += [_turn(scenario, PM, words, below=asked)] if words else []
    if event.package is None:
        return Group(*parts, Text(tr("The PM tabled nothing: the round is void."), style="magenta"))
    if event.fault:
        parts.append(
            Text(
                tr("[{fault}: the last package is tabled again]", fault=FAULTS[event.fault]),
                style="magenta",
            )
        )
    earlier = [e.package for e in events[:-1] if isinstance(e, Proposed) and e.package]
    grid = Table.grid(padding=(0, 2))
    for issue, option in event.package.items():
        new = bool(earlier) and earlier[-1] is not None and earlier[-1][issue] != option
        mark = tr("changed") if new else ""
        question = _text(scenario.issue[issue].question, "dim")
        grid.add_row(question, _text(scenario.label(issue, option), "bold"), Text(mark, style="cyan"))
    sent = [
        _text("  " + tr("sends for: {what}", what=each), "cyan")
        for each in inquiry.commissioned(scenario, event)
    ]
    return Group(*parts, Padding(grid, (0, 0, 0, 2)), *sent, Text())


def _answer(scenario: Scenario, event: Answered, package: Package | None) -> RenderableType:
    move = event.move
    below = [*_tabled(scenario, move.tables), *_brought(scenario, event)]
    if move.challenge is not None:
        below.append(
            _text(tr("challenges {what}", what=inquiry.challenge(scenario, move.challenge)), "yellow")
        )
    if means := inquiry.meaning(scenario, event):
        below.append(_text(means, "cyan"))
    if move.red_line is not None:
        below.append(Text(tr("red line"), style="bold red"))
    missing = [ask for ask in move.asks if package is None or package[ask.issue] not in ask.options]
    if move.vote != "yes" and missing:
        below.append(_text(tr("asks for: {asks}", asks=_asks(scenario, missing)), "dim"))
    if move.trade is not None:
        give, get = (phrase.options(scenario, side) for side in (move.trade.give, move.trade.get))
        below.append(_text(tr('trade: would take "{give}" for "{get}"', give=give, get=get), "dim"))
    if not move.says:  # words would say these; a silent seat shows them
        below += [_text(each, "dim") for each in move_text.unspoken(scenario, move)]
    elif asked := move_text.heard(scenario, move):
        below.append(_text(asked, "dim"))
    if move.moved_by:
        sources = phrase.listed(fact_text.source(scenario, each) for each in move.moved_by)
        below.append(_text(tr("moved by: {sources}", sources=sources), "dim"))
    return _turn(
        scenario, event.role, move.says, event.fault,
        vote=vocabulary.VOTES[move.vote], style=_VOTE_STYLE[move.vote], below=below,
    )  # fmt: skip


def _asks(scenario: Scenario, asks: Iterable[Ask]) -> str:
    return tr("; ").join(phrase.asked(scenario, ask) for ask in asks)
