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

from aipm_agents.report import wording
from aipm_agents.report.closing import closing
from aipm_agents.roles import PM
from aipm_agents.scenario.model import CHECKPOINTS
from aipm_agents.table.events import (
    Answered,
    Decided,
    Framed,
    Injected,
    Opened,
    Proposed,
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
    from aipm_agents.table.events import Event, Verdict
    from aipm_agents.table.moves import Ask

_VOTE_STYLE = {"yes": "green", "yes_if": "yellow", "no": "red", "no_answer": "magenta"}
_VERDICT_STYLE: dict[Verdict, str] = {
    "pass": "green", "pass_with_follow_up": "green", "not_shown": "yellow", "blocked": "bold red",
}  # fmt: skip


def heading(scenario: Scenario, seed: int, known: Iterable[str] = (), caution: str = "") -> RenderableType:
    """The question and whom it serves, before any machinery; then what everybody knows before anyone
    speaks (`known`: the facts on the table from the start). `caution`: what is to be said of the run first."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    if scenario.purpose:
        grid.add_row("Serves", _text(scenario.purpose))
    agreement = scenario.agreement
    deal = f"passes four checkpoints; {agreement.accept_at_least} of {len(scenario.parties)} say yes"
    if agreement.veto:
        deal += f"; {wording.names(scenario, agreement.veto)} not against it"
    grid.add_row("A deal", _text(deal))
    title = Text(wording.clean(scenario.title).upper(), style="bold")
    title.append(f"   seed {seed} · up to {scenario.rounds} rounds", style="dim")
    background = [Text(), _text(scenario.background, "dim")] if scenario.background else []
    facts = _tabled(scenario, tuple(known))
    first = [_text(caution, "yellow")] if caution else []
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
            return Group(_section("OPENING"), _turn(scenario, PM, event.move.says, event.fault))
        case Opened():
            facts = _tabled(scenario, event.move.tables)
            return _turn(scenario, event.role, event.move.says, event.fault, below=facts)
        case Injected():
            return _inject(scenario, event)
        case Proposed():
            return _proposal(scenario, event, events)
        case Answered():
            return _answer(scenario, event, package_on_table(events))
        case Ruled():
            return _ruling(scenario, event, events)
        case Signed():
            verb = "signs" if event.move.signs else "HOLDS"
            why = "" if event.move.signs else f": {event.move.reason or 'no usable answer'}"
            return Group(
                Text(), _turn(scenario, PM, event.move.says or f"({verb}{why})", event.fault, vote=verb)
            )
        case Decided():
            return closing(scenario, events, handle)
        case Stopped():
            return Group(Text(), Text(f"Broken off ({event.reason}); decided by nobody.", style="bold"))
        case _:
            assert_never(event)


def _section(title: str) -> RenderableType:
    return Group(Text(), Rule(Text(title, style="bold"), align="left", style="dim"))


def _text(text: str, style: str = "") -> Text:
    return Text(wording.clean(text), style=style)


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
    if fault:
        body.append(Text(f"[{fault.replace('_', ' ')}: counted as an abstention]", style="magenta"))
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
        source = f" ({fact.source})" if fact.source else ""
        lines.append(_text(f"+ on the table: {fact.says}{source}", "cyan"))
    return lines


def _inject(scenario: Scenario, event: Injected) -> RenderableType:
    body: list[RenderableType] = [_text(event.headline), *_tabled(scenario, event.evidence)]
    panel = Panel(Group(*body), title=escape(wording.clean(event.sender)), title_align="left", style="")
    return Group(Text(), panel)


def _proposal(scenario: Scenario, event: Proposed, events: tuple[Event, ...]) -> RenderableType:
    parts: list[RenderableType] = [_section(f"ROUND {event.round}")]
    if event.move is not None and event.move.says:
        parts.append(_turn(scenario, PM, event.move.says))
    if event.package is None:
        return Group(*parts, Text("The PM tabled nothing: the round is void.", style="magenta"))
    if event.fault:
        parts.append(Text(f"[{event.fault}: the last package is tabled again]", style="magenta"))
    earlier = [e.package for e in events[:-1] if isinstance(e, Proposed) and e.package]
    grid = Table.grid(padding=(0, 2))
    for issue, option in event.package.items():
        new = bool(earlier) and earlier[-1] is not None and earlier[-1][issue] != option
        mark = "changed" if new else ""
        question = _text(scenario.issue[issue].question, "dim")
        grid.add_row(question, _text(scenario.label(issue, option), "bold"), Text(mark, style="cyan"))
    return Group(*parts, Padding(grid, (0, 0, 0, 2)), Text())


def _answer(scenario: Scenario, event: Answered, package: Package | None) -> RenderableType:
    move = event.move
    below = _tabled(scenario, move.tables)
    if move.red_line is not None:
        below.append(Text("red line", style="bold red"))
    missing = [ask for ask in move.asks if package is None or package[ask.issue] not in ask.options]
    if move.vote != "yes" and missing:
        below.append(_text(f"asks for: {_asks(scenario, missing)}", "dim"))
    if move.trade is not None:
        give, get = (wording.options(scenario, side) for side in (move.trade.give, move.trade.get))
        below.append(_text(f'trade: would take "{give}" for "{get}"', "dim"))
    if move.moved_by:
        below.append(
            _text(f"moved by: {wording.listed(wording.source(scenario, s) for s in move.moved_by)}", "dim")
        )
    return _turn(
        scenario, event.role, move.says, event.fault,
        vote=wording.VOTES[move.vote], style=_VOTE_STYLE[move.vote], below=below,
    )  # fmt: skip


def _asks(scenario: Scenario, asks: Iterable[Ask]) -> str:
    return "; ".join(" or ".join(scenario.label(ask.issue, o) for o in ask.options) for ask in asks)


def _ruling(scenario: Scenario, ruling: Ruled, events: tuple[Event, ...]) -> RenderableType:
    package = next(e.package for e in reversed(events) if isinstance(e, Proposed))
    assert package is not None
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(width=11, no_wrap=True)
    grid.add_column(width=9, overflow="fold")
    grid.add_column(ratio=1, overflow="fold")
    for number, name in enumerate(CHECKPOINTS, start=1):
        verdict = ruling.people if name == "alignment" else ruling.verdicts[name]
        findings = [f for f in ruling.findings if scenario.criteria[f.criterion][0] == name]
        reasons = [wording.reason(scenario, f, package) for f in findings if f.status != "met"]
        lines: list[RenderableType] = []
        for each in reasons:
            soft = "" if scenario.criteria[each.criterion][1].blocking else "stays open, does not stop: "
            lines.append(_text(f"{soft}{each.why}"))
            lines.append(_text(each.opens_with, "dim"))
        if not lines:
            found = [wording.reason(scenario, finding, package).why for finding in findings]
            grounded = [f.ground == "supported" for f in findings]
            first = (
                found[grounded.index(True)] if True in grounded else (found or ["nothing is asked here"])[0]
            )
            lines.append(_text(first, "dim"))
        title = f"{number} {wording.CHECKPOINT_TITLES[name]}"
        grid.add_row(title, _verdict(verdict), Group(*_half(name, lines)))
    grid.add_row("", _verdict(ruling.team.verdict), _team(scenario, ruling))
    parts: list[RenderableType] = [Text(), Text("THE PM RULES", style="bold"), grid]
    if ruling.too_new:
        facts = " ".join(scenario.facts[name].plainly or scenario.facts[name].says for name in ruling.too_new)
        parts.append(
            _text(
                f"No deal yet. This came out in this round, and nobody has voted knowing it: {facts}",
                "yellow",
            )
        )
    gained, paid = wording.changes(scenario, events, ruling)
    for word, what in (("gained", gained), ("paid", paid)):
        if what:
            parts.append(_text(f"{word}: {' · '.join(what)}", "dim"))
    waiting = wording.open_questions(scenario, events, ruling.round)
    if waiting:
        parts.append(_text(f"still open: {wording.listed(waiting)}", "dim"))
    return Group(*parts)


def _half(name: str, lines: list[RenderableType]) -> list[RenderableType]:
    return [Text("people", style="italic"), *lines] if name == "alignment" else lines


def _verdict(verdict: Verdict) -> Text:
    return Text(wording.VERDICTS[verdict], style=_VERDICT_STYLE[verdict])


def _team(scenario: Scenario, ruling: Ruled) -> RenderableType:
    team = ruling.team
    text = f"{len(team.yes)} yes, {team.needed} needed: {wording.names(scenario, team.yes)}"
    if team.veto_missing:
        text += f"; there is no deal without {wording.names(scenario, team.veto_missing)}"
    lines: list[RenderableType] = [Text("team", style="italic"), _text(text)]
    lines += [
        _text(f"red line of {scenario.card(line.role).short}: {line.because}", "red") for line in team.crossed
    ]
    return Group(*lines)
