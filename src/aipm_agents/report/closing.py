"""How a run is told at its end: five lines, and for anything but a go what stopped it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from aipm_agents.report import wording
from aipm_agents.scenario.model import CHECKPOINTS
from aipm_agents.table.checkpoints import shown
from aipm_agents.table.events import Answered, Decided, Proposed, Ruled, last_ruling, tabled_evidence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.events import Event


def closing(scenario: Scenario, events: tuple[Event, ...], handle: str) -> RenderableType:
    decision = next(event for event in events if isinstance(event, Decided))
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, text in story(scenario, events, decision):
        grid.add_row(label, Text(wording.clean(text)))
    if decision.package is None:
        command = f"aipm show {handle} --as facilitator"
        grid.add_row("Next", Text(wording.clean(f"{command}   (who knew what, and never said it)")))
    title = f"{wording.OUTCOMES[decision.outcome]} · round {decision.round} of {scenario.rounds}"
    parts: list[RenderableType] = [Text(), Panel(grid, title=Text(title, style="bold"), title_align="left")]
    if decision.outcome == "no_agreement":
        parts.append(Panel(_memo(scenario, events), title="For whoever decides next", title_align="left"))
    return Group(*parts)


def story(scenario: Scenario, events: tuple[Event, ...], decision: Decided) -> list[tuple[str, str]]:
    """The five lines, as (label, text)."""
    last = [event for event in events if isinstance(event, Proposed) and event.package]
    package = decision.package or (last[-1].package if last else None)
    lines = [("Package" if decision.package else "Last package", _package(scenario, package))]
    ruling = last_ruling(events)
    if ruling is not None:
        lines.append(("Checkpoints", _checkpoints(ruling)))
    if decision.package is None:
        lines.append(("Stopped by", stopper(scenario, events, decision)))
    open_ends = [
        f"{scenario.criteria[each.criterion][1].asks} ({scenario.card(each.owner).short})"
        for each in decision.follow_ups
    ]
    lines.append(("Follow-ups", "; ".join(open_ends) or "none"))
    lines.append(("Dissent", dissent(scenario, decision.dissent, ruling)))
    if scenario.affected:
        lines.append(("Not in the room", "; ".join(f"{a.who}: {a.stake}" for a in scenario.affected)))
    return lines


def dissent(scenario: Scenario, dissenting: Iterable[Role], ruling: Ruled | None) -> str:
    """Who did not say yes at the last ruling, and who of those that dissent did so with a doubt."""
    if ruling is None:
        return "nobody voted"
    against = [role for role in scenario.parties if role not in ruling.team.yes]
    doubting = [role for role in dissenting if role in ruling.team.yes]
    parts = [f"{wording.names(scenario, against)} did not say yes"] if against else []
    parts += [f"{wording.names(scenario, doubting)} said yes with a doubt"] if doubting else []
    return "; ".join(parts) or "nobody"


def stopper(scenario: Scenario, events: tuple[Event, ...], decision: Decided) -> str:
    """What stood between the table and a deal, in one line."""
    match decision.cause:
        case "criterion":
            return _criteria(scenario, events, decision)
        case "party":
            return f"{wording.names(scenario, decision.stopped_by)} did not agree"
        case "time":
            return "the rounds ran out; nothing else stood in the way"
        case None:
            return "nothing"


def _criteria(scenario: Scenario, events: tuple[Event, ...], decision: Decided) -> str:
    """Not shown is not shown to be false, so the two are told apart."""
    ruling = last_ruling(events)
    tabled = tabled_evidence(scenario, events)
    unshown = (
        {name for name in decision.stopped_by if not shown(scenario, scenario.criteria[name][1], tabled)}
        if ruling is None
        else set(ruling.asked)
    )
    asks = {name: f'"{scenario.criteria[name][1].asks}"' for name in decision.stopped_by}
    contested = {f.criterion for f in ruling.findings if f.contests} if ruling else set()
    doubted = [text for name, text in asks.items() if name in contested]
    silent = [text for name, text in asks.items() if name in unshown - contested]
    failed = [text for name, text in asks.items() if name not in unshown]
    verb = "no package meets" if decision.outcome == "no_go" else "the last package does not meet"
    parts = [f"nobody showed {wording.listed(silent)}"] if silent else []
    parts += (
        [f"nobody answered what is wrong with the evidence for {wording.listed(doubted)}"] if doubted else []
    )
    parts += [f"{verb} {wording.listed(failed)}"] if failed else []
    return "; ".join(parts)


def _package(scenario: Scenario, package: Package | None) -> str:
    return wording.options(scenario, package) if package else "none was ever tabled"


def _checkpoints(ruling: Ruled) -> str:
    return " · ".join(
        f"{wording.CHECKPOINT_TITLES[name]} {wording.VERDICTS[ruling.verdicts[name]]}" for name in CHECKPOINTS
    )


def _memo(scenario: Scenario, events: tuple[Event, ...]) -> RenderableType:
    """The two packages that came closest, who cannot live with what, and the one open question."""
    rulings = {event.round: event for event in events if isinstance(event, Ruled)}
    tabled = [event for event in events if isinstance(event, Proposed) and event.round in rulings]
    tabled.sort(key=lambda event: _closeness(rulings[event.round]), reverse=True)
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    seen: list[Package] = []
    for event in tabled:
        if event.package is None or event.package in seen or len(seen) == 2:
            continue
        seen.append(event.package)
        grid.add_row(f"Round {event.round}", Text(wording.clean(wording.options(scenario, event.package))))
        grid.add_row("", Text(wording.clean(_against(scenario, events, event.round))))
    if tabled:
        open_findings = [f for f in rulings[tabled[0].round].findings if f.status != "met"]
        if open_findings:
            question = scenario.criteria[open_findings[0].criterion][1].asks
        else:
            against = [r for r in scenario.parties if r not in rulings[tabled[0].round].team.yes]
            question = f"What would {wording.names(scenario, against)} need, and is it worth it?"
        grid.add_row("To answer", Text(wording.clean(question)))
    return grid


def _closeness(ruling: Ruled) -> tuple[int, int]:
    passed = sum(verdict in ("pass", "pass_with_follow_up") for verdict in ruling.verdicts.values())
    return passed, len(ruling.team.yes)


def _against(scenario: Scenario, events: tuple[Event, ...], number: int) -> str:
    texts = []
    for event in events:
        if isinstance(event, Answered) and event.round == number and event.move.vote != "yes":
            wants = [scenario.label(ask.issue, ask.options[0]) for ask in event.move.asks[:1]]
            tail = f", wants {wants[0]}" if wants else ""
            texts.append(f"{scenario.card(event.role).short}: {wording.VOTES[event.move.vote]}{tail}")
    return "; ".join(texts) or "everyone said yes"
