"""A run on the terminal, event by event. Eighty columns are enough; nothing is told by colour alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from rich.console import Group
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from aipm_agents.language import mark, spoken, tr, tr_n
from aipm_agents.report.live.closing import closing
from aipm_agents.report.live.ruling import ruling
from aipm_agents.report.papers import plain_text
from aipm_agents.report.papers.rows import Boxed, Rows
from aipm_agents.report.papers.typography import text as _text
from aipm_agents.report.words import changed_figure, inquiry, phrase, setup, sources, vocabulary
from aipm_agents.report.words.deeds import deeds, tabled
from aipm_agents.report.words.ended import ended
from aipm_agents.report.words.vocabulary import FAULTS
from aipm_agents.roles import PM
from aipm_agents.table.closing import stops_everything
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
    on_paper,
    package_on_table,
    put_down,
)
from aipm_agents.table.news import as_it_was

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from aipm_agents.report.words.deeds import Deed, Tone
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.styles import StyleName
    from aipm_agents.table.events import Event

LANGUAGE_NAMES = {"en": mark("English"), "zh-Hant": mark("Traditional Chinese")}
_STOPS = {
    "interrupted": mark("Broken off (interrupted); decided by nobody."),
    "budget": mark("Broken off (budget); decided by nobody."),
    "endpoint": mark("Broken off (endpoint); decided by nobody."),
    "storage": mark("Broken off (a file could not be written); decided by nobody."),
    "time": mark("Time ran out; decided by nobody."),
    "parted": mark("Parted without a deal; decided by nobody."),
    "signed": mark("Signed on paper, over a shut checkpoint; by the rulings decided by nobody."),
}
_TONES: dict[Tone, str] = {"news": "cyan", "doubt": "yellow", "alarm": "bold red", "quiet": "dim"}
_VOTE_STYLE = {"yes": "green", "yes_if": "yellow", "no": "red", "no_answer": "magenta"}


def heading(
    scenario: Scenario, seed: int | None, known: Iterable[str] = (), caution: str = "",
    style: StyleName | None = None,
) -> RenderableType:  # fmt: skip
    """The question and whom it serves, before any machinery; then what everybody knows before anyone
    speaks (`known`: the facts on the table from the start). `caution`: what is to be said of the run first; `style`: how the PM leads.
    `seed`: none of a meeting on paper."""
    grid = Rows.grid(padding=(0, 2))
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
    told = (
        tr_n("on paper · up to {n} round", "on paper · up to {n} rounds", scenario.rounds) if seed is None
        else tr_n("seed {seed} · up to {n} round", "seed {seed} · up to {n} rounds", scenario.rounds, seed=seed)
    )  # fmt: skip
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
        later = put_down(events) - put_down(events[:number])
        then = as_it_was(scenario, events[number:])
        seen = screen(then, events[:number], handle=handle, later=later)
        if seen is not None:
            yield event, seen


def screen(
    scenario: Scenario,
    events: tuple[Event, ...],
    *,
    handle: str = "latest",
    later: frozenset[str] = frozenset(),
) -> RenderableType | None:
    """The last of these events, as it is shown when it happens; None where nothing is to be seen.

    `handle`: how the run is named in the command to type next; `later`: facts that came to the table after them.
    """
    event = events[-1]
    match event:
        case Seated():
            return None
        case Framed():
            return Group(_section(tr("OPENING")), _turn(scenario, PM, event.move.says, event.fault))
        case Opened():
            return _turn(scenario, event.role, event.move.says, event.fault, below=_beside(scenario, event))
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
            return ruling(scenario, event, events, later)
        case Signed():
            verb = (
                tr("signs")
                if event.move.signs
                else tr("HOLDS")
                if event.fault is None
                else vocabulary.VOTES["no_answer"]
            )
            return Group(
                Text(),
                _turn(scenario, PM, event.move.says, event.fault, vote=verb, below=_beside(scenario, event)),
            )
        case Decided():
            return closing(scenario, events, handle)
        case Stopped():
            return Group(Text(), Text(_stopped(scenario, events, event), style="bold"))
        case _:
            assert_never(event)


def _stopped(scenario: Scenario, events: tuple[Event, ...], event: Stopped) -> str:
    if on_paper(events) and stops_everything(scenario, events):
        return tr("{text}.", text=phrase.begun(ended(scenario, events)))
    return tr(_STOPS[event.reason])


def _section(title: str) -> RenderableType:
    return Group(Text(), Rule(Text(title, style="bold"), align="left", style="dim"))


def _turn(
    scenario: Scenario, role: Role, says: str, fault: str | None = None,
    *, vote: str = "", style: str = "", below: list[RenderableType] | None = None,
) -> RenderableType:  # fmt: skip
    grid = Rows.grid(padding=(0, 1), expand=True)
    grid.add_column(width=11, overflow="fold")
    if vote:
        grid.add_column(width=9, no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    body: list[RenderableType] = [_text(says)] if says else []
    if not (says or fault or vote):
        body.append(_text(tr("(says nothing)"), "dim"))
    if fault:
        body.append(Text(tr("[{fault}: counted as an abstention]", fault=FAULTS[fault]), style="magenta"))
    body += below or []
    cells: list[RenderableType] = [_seat(scenario, role)]
    if vote:
        cells.append(Text(vote, style=style))
    grid.add_row(*cells, Group(*body))
    return grid


def _seat(scenario: Scenario, role: Role) -> RenderableType:
    """Who speaks: the seat, and under it what the others call whoever sits there."""
    seat = _text(scenario.card(role).short, "bold")
    if scenario.parties[role].name is None:
        return seat
    return Group(seat, _text(scenario.address(role), "dim"))


def _tabled(scenario: Scenario, names: Iterable[str]) -> list[RenderableType]:
    return [_deed(deed) for deed in tabled(scenario, names)]


def _inject(scenario: Scenario, event: Injected) -> RenderableType:
    body: list[RenderableType] = [_text(event.headline), *_tabled(scenario, event.evidence)]
    body += [_text(each) for each in changed_figure.told(scenario, event)]
    panel = Boxed(Group(*body), plain_text.clean(event.sender))
    return Group(Text(), panel)


def _proposal(scenario: Scenario, event: Proposed, events: tuple[Event, ...]) -> RenderableType:
    parts: list[RenderableType] = [_section(tr("ROUND {n}", n=event.round))]
    beside = _beside(scenario, event)
    if beside or (event.move is not None and event.move.says):
        parts.append(_turn(scenario, PM, event.move.says if event.move else "", below=beside))
    if event.package is None:
        fault = FAULTS[event.fault] if event.fault else tr("no reply")
        return Group(*parts, Text(tr("[{fault}: there is no package, and the round is void]", fault=fault), style="magenta"))  # fmt: skip
    if event.fault:
        parts.append(
            Text(
                tr("[{fault}: the last package stands again]", fault=FAULTS[event.fault]),
                style="magenta",
            )
        )
    earlier = [e.package for e in events[:-1] if isinstance(e, Proposed) and e.package]
    grid = Rows.grid(padding=(0, 2))
    for issue, option in event.package.items():
        new = bool(earlier) and earlier[-1] is not None and earlier[-1][issue] != option
        mark = tr("changed") if new else ""
        question = _text(scenario.issue[issue].question, "dim")
        grid.add_row(question, _text(scenario.label(issue, option), "bold"), Text(mark, style="cyan"))
    return Group(*parts, Padding(grid, (0, 0, 0, 2)), Text())


def _answer(scenario: Scenario, event: Answered, package: Package | None) -> RenderableType:
    move, below = event.move, _beside(scenario, event, package)
    return _turn(
        scenario, event.role, move.says, event.fault,
        vote=vocabulary.VOTES[move.vote], style=_VOTE_STYLE[move.vote], below=below,
    )  # fmt: skip


def _beside(
    scenario: Scenario, event: Opened | Proposed | Answered | Signed, package: Package | None = None
) -> list[RenderableType]:
    """What a turn does, without what its words say already."""
    made = deeds(scenario, event.role, event.round, event.move, package)
    return [_deed(deed) for deed in made if not deed.aloud]


def _deed(deed: Deed) -> RenderableType:
    return _text(tr("+ {news}", news=deed.line) if deed.tone == "news" else deed.line, _TONES[deed.tone])
