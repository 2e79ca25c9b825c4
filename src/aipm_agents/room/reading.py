"""A run as a page that can be leafed through: one round at a time, as an audience may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aipm_agents.language import tr
from aipm_agents.report.live.closing import story as five_lines
from aipm_agents.report.live.pace import seconds
from aipm_agents.report.run import charts
from aipm_agents.report.run.export import changed, seen
from aipm_agents.report.run.facilitator import private
from aipm_agents.report.run.story import story, told_fact
from aipm_agents.report.words import fact_effects, phrase, setup, vocabulary
from aipm_agents.report.words.ended import ended
from aipm_agents.table.audience import FACILITATOR, PUBLIC
from aipm_agents.table.events import ending
from aipm_agents.table.heard import NOTHING
from aipm_agents.table.options import unknown_to, without

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Event
    from aipm_agents.transcript import Transcript


def may_open(run: Transcript) -> bool:
    """Whether cards may be opened: not while people are playing."""
    return run.decision is not None or "human" not in run.seats.values() or run.events[-1].kind == "stopped"


def audiences(run: Transcript) -> list[tuple[str, str]]:
    """Who may be looked through, with how they are called."""
    if not may_open(run):
        return [(PUBLIC, tr("everybody in the room"))]
    seats = [(role, run.scenario.card(role).title) for role in run.scenario.parties]
    return [(PUBLIC, tr("everybody in the room")), *seats, (FACILITATOR, tr("the facilitator"))]


def leaf(run: Transcript, audience: str, number: int | None) -> dict[str, Any]:
    """What a page of a run shows: the round asked for, or the last one there is."""
    scenario, events = seen(run, audience)
    rounds = story(scenario, events)
    numbers = [each.number for each in rounds]
    at = min(max(numbers[0] if number is None else number, 0), numbers[-1]) if numbers else 0
    if number is None and run.decision is None and numbers:
        at = numbers[-1]
    known = (
        tuple(told_fact(scenario, f.id) for f in run.scenario.evidence if f.known_at_start) if not at else ()
    )
    here = [each for each in rounds if each.number == at]
    anchors = {turn.anchor for each in here for turn in each.turns}
    anchors |= {fact.anchor for each in here for turn in each.turns for fact in turn.facts}
    decided = run.decision
    hidden = private(scenario, events, audience) if decided is not None else None
    return {
        "run": run, "source": setup.source(run), "scenario": scenario, "audience": audience, "audiences": audiences(run), "rounds": here,
        "numbers": numbers, "at": at, "anchors": anchors, "known": known, "glance": charts.glance(scenario, events),
        "changed": changed(scenario, events), "private": hidden, "open": decided is None, "over": _over(run),
        "outcome": ending(decided) if decided else "stopped",
        "headline": _headline(run), "lines": five_lines(scenario, events, decided) if decided else [],
        "seconds": _seconds(event for event in events if event.round == at), "secret": audience == FACILITATOR,
    }  # fmt: skip


def _over(run: Transcript) -> bool:
    return run.decision is not None or (bool(run.events) and run.events[-1].kind == "stopped")


def _headline(run: Transcript) -> str:
    if _over(run):
        return phrase.begun(ended(run.scenario, run.events))
    return tr("Being played: round {n}", n=run.events[-1].round if run.events else 0)


def _seconds(events: Iterable[Event]) -> int:
    """How long the page of a round stands where the rounds go by."""
    return round(max(4.0, sum(seconds(event) for event in events)))


def public_page(scenario: Scenario) -> dict[str, Any]:
    """What everybody may know of a scenario before it is played."""
    known = without(scenario, unknown_to(scenario, PUBLIC, NOTHING))
    return {
        "scenario": scenario,
        "issues": [
            (issue.question, " · ".join(fact_effects.offered(known, each) for each in issue.options))
            for issue in known.issues
        ],
        "parties": [(scenario.who(role), party.wants) for role, party in scenario.parties.items()],
        "criteria": [
            (vocabulary.CHECKPOINT_TITLES[gate], each.asks, scenario.card(each.owner).short)
            for gate, each in scenario.criteria.values()
        ],
        "deal": phrase.deal(scenario),
    }  # fmt: skip
