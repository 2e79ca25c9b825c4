"""How a run is told at its end: five lines, and for anything but a go what stopped it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from aipm_agents.language import tr, tr_n
from aipm_agents.report.papers.rows import Boxed, Rows
from aipm_agents.report.papers.typography import text as lettered
from aipm_agents.report.words import phrase, vocabulary
from aipm_agents.report.words.vocabulary import FAULTS
from aipm_agents.scenario.criteria import CHECKPOINTS
from aipm_agents.table.checkpoints import is_open
from aipm_agents.table.events import Answered, Decided, Proposed, Ruled, ending, last_ruling, tabled_evidence
from aipm_agents.table.faults import faulted
from aipm_agents.table.packages import outcome_space
from aipm_agents.table.stopped import failing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from rich.console import RenderableType

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.events import Event


_FOLLOW_UPS = 5
"""As many as five lines can hold; a whole pack leaves dozens."""


def closing(scenario: Scenario, events: tuple[Event, ...], handle: str) -> RenderableType:
    decision = next(event for event in events if isinstance(event, Decided))
    grid = Rows.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, text in story(scenario, events, decision):
        grid.add_row(label, lettered(text))
    command, hint = f"aipm debrief {handle}", tr("(where it turned, and what nobody said)")
    grid.add_row(tr("Next"), lettered(f"{command}   {hint}"))
    where = tr("round {n} of {rounds}", n=decision.round, rounds=scenario.rounds)
    title = tr("{outcome} · {where}", outcome=vocabulary.OUTCOMES[ending(decision)], where=where)
    parts: list[RenderableType] = [Text(), Boxed(grid, title, "bold")]
    if decision.outcome == "no_agreement":
        parts.append(Boxed(_memo(scenario, events), tr("For whoever decides next")))
    return Group(*parts)


def story(scenario: Scenario, events: tuple[Event, ...], decision: Decided) -> list[tuple[str, str]]:
    """The five lines, as (label, text)."""
    last = [event for event in events if isinstance(event, Proposed) and event.package]
    package = decision.package or (last[-1].package if last else None)
    lines = [(tr("Package") if decision.package else tr("Last package"), _package(scenario, package))]
    ruling = last_ruling(events)
    if ruling is not None:
        lines.append((tr("Checkpoints"), _checkpoints(ruling)))
    if decision.package is None:
        lines.append((tr("Stopped by"), stopper(scenario, events, decision)))
    open_ends = [
        tr(
            "{asks} ({who})",
            asks=scenario.criteria[each.criterion][1].asks,
            who=scenario.card(each.owner).short,
        )
        for each in decision.follow_ups
    ]
    if len(open_ends) > _FOLLOW_UPS:
        rest = len(open_ends) - _FOLLOW_UPS
        open_ends[_FOLLOW_UPS:] = [tr_n("{n} more, in the record", "{n} more, in the record", rest)]
    lines.append((tr("Follow-ups"), tr("; ").join(open_ends) or tr("none")))
    lines.append(
        (tr("Dissent"), dissent(scenario, decision.dissent, ruling, faulted(events, decision.round)))
    )
    if scenario.affected:
        absent = (tr("{who}: {what}", who=each.who, what=each.stake) for each in scenario.affected)
        lines.append((tr("Not in the room"), tr("; ").join(absent)))
    return lines


def dissent(
    scenario: Scenario, dissenting: Iterable[Role], ruling: Ruled | None, failed: Collection[Role]
) -> str:
    """Who did not say yes at the last ruling, who of those that dissent did so with a doubt, and whose turn of
    that round failed (`failed`), which is neither."""
    if ruling is None:
        return tr("nobody voted")
    against = [role for role in scenario.parties if role not in ruling.team.yes and role not in failed]
    doubting = [role for role in dissenting if role in ruling.team.yes]
    parts = [tr("{who} did not say yes", who=phrase.names(scenario, against))] if against else []
    parts += [tr("{who} said yes with a doubt", who=phrase.names(scenario, doubting))] if doubting else []
    silent = [role for role in failed if role not in ruling.team.yes]
    parts += [tr("{who} gave no usable answer", who=phrase.names(scenario, silent))] if silent else []
    return tr("; ").join(parts) or tr("nobody")


def stopper(scenario: Scenario, events: tuple[Event, ...], decision: Decided) -> str:
    """What stood between the table and a deal, in one line."""
    match decision.cause:
        case "criterion":
            return _criteria(scenario, events, decision)
        case "party":
            return tr("{who} did not agree", who=phrase.names(scenario, decision.stopped_by))
        case "fault":
            return faults_named(scenario, events, decision.stopped_by)
        case "time":
            return tr("the rounds ran out; nothing else stood in the way")
        case None:
            return tr("nothing")


def faults_named(scenario: Scenario, events: tuple[Event, ...], roles: Iterable[Role]) -> str:
    """Whose turns failed, and how; which is neither a yes nor a no."""
    told = []
    for role in roles:
        kinds = [fault for e in events if e.role == role and (fault := getattr(e, "fault", None))]
        names = phrase.listed(dict.fromkeys(FAULTS[kind] for kind in kinds))
        told.append(
            tr_n(
                "{who} could not be heard ({faults}, {n} turn)",
                "{who} could not be heard ({faults}, {n} turns)",
                len(kinds),
                who=scenario.card(role).called,
                faults=names,
            )
        )
    return tr("{who}; undecided, and not a no", who=tr("; ").join(told))


def _fails_everywhere(scenario: Scenario, name: str, tabled: frozenset[str]) -> bool:
    """Whether every package there is fails a criterion: where nothing was tabled, no ruling says so."""
    space = outcome_space(scenario)
    return bool(failing(space, scenario, scenario.criteria[name][1], tabled)[space.existing].all())


def _criteria(scenario: Scenario, events: tuple[Event, ...], decision: Decided) -> str:
    """Not shown is not shown to be false, so the two are told apart."""
    ruling = last_ruling(events)
    tabled = tabled_evidence(scenario, events)
    unshown = (
        {name for name in decision.stopped_by if not _fails_everywhere(scenario, name, tabled)}
        if ruling is None
        else set(ruling.asked)
    )
    asks = {name: tr('"{text}"', text=scenario.criteria[name][1].asks) for name in decision.stopped_by}
    contested = {f.criterion for f in ruling.findings if f.contests} if ruling else set()
    doubted = [text for name, text in asks.items() if name in contested]
    silent = [text for name, text in asks.items() if name in unshown - contested]
    failed = [text for name, text in asks.items() if name not in unshown]
    parts = [tr("nobody showed {what}", what=phrase.listed(silent))] if silent else []
    if doubted:
        told = phrase.listed(doubted)
        parts.append(tr("nobody answered what is wrong with the evidence for {what}", what=told))
    if failed and decision.outcome == "no_go":
        parts.append(tr("no package of what stood on the list meets {what}", what=phrase.listed(failed)))
    elif failed:
        parts.append(tr("the last package does not meet {what}", what=phrase.listed(failed)))
    return tr("; ").join(parts)


def _package(scenario: Scenario, package: Package | None) -> str:
    return phrase.options(scenario, package) if package else tr("none was ever proposed")


def _checkpoints(ruling: Ruled) -> str:
    return " · ".join(
        f"{vocabulary.CHECKPOINT_TITLES[name]} {vocabulary.VERDICTS[ruling.verdicts[name]]}"
        for name in CHECKPOINTS
    )


def _memo(scenario: Scenario, events: tuple[Event, ...]) -> RenderableType:
    """The two packages that came closest, who cannot live with what, and the one open question."""
    rulings = {event.round: event for event in events if isinstance(event, Ruled)}
    tabled = [event for event in events if isinstance(event, Proposed) and event.round in rulings]
    tabled.sort(key=lambda event: _closeness(rulings[event.round]), reverse=True)
    grid = Rows.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    seen: list[Package] = []
    for event in tabled:
        if event.package is None or event.package in seen or len(seen) == 2:
            continue
        seen.append(event.package)
        grid.add_row(tr("Round {n}", n=event.round), lettered(phrase.options(scenario, event.package)))
        grid.add_row("", lettered(_against(scenario, events, event.round)))
    if tabled:
        open_findings = [f for f in rulings[tabled[0].round].findings if f.status != "met"]
        if open_findings:
            question = scenario.criteria[open_findings[0].criterion][1].asks
        else:
            against = [r for r in scenario.parties if r not in rulings[tabled[0].round].team.yes]
            question = tr("What would {who} need, and is it worth it?", who=phrase.names(scenario, against))
        grid.add_row(tr("To answer"), lettered(question))
    return grid


def _closeness(ruling: Ruled) -> tuple[int, int]:
    passed = sum(map(is_open, ruling.verdicts.values()))
    return passed, len(ruling.team.yes)


def _against(scenario: Scenario, events: tuple[Event, ...], number: int) -> str:
    texts = []
    for event in events:
        if isinstance(event, Answered) and event.round == number and event.move.vote != "yes":
            wants = [scenario.label(ask.issue, ask.options[0]) for ask in event.move.asks[:1]]
            vote = vocabulary.VOTES[event.move.vote]
            said = tr("{vote}, wants {option}", vote=vote, option=wants[0]) if wants else vote
            texts.append(tr("{who}: {what}", who=scenario.card(event.role).short, what=said))
    return tr("; ").join(texts) or tr("everyone said yes")
