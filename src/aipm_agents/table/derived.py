"""What follows from the record alone: news, reports, rulings and the decision. No seat is asked, and none is believed.

The meeting makes these events with one function, and a reader holds what a file says against the same one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from aipm_agents.table import studies
from aipm_agents.table.agenda import next_step
from aipm_agents.table.checkpoints import ruling_of
from aipm_agents.table.closing import decide
from aipm_agents.table.events import Injected, Reported
from aipm_agents.table.news import changes, scenario_at

if TYPE_CHECKING:
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.agenda import Step
    from aipm_agents.table.events import Event


def arriving(scenario: Scenario, events: tuple[Event, ...], number: int, round: int) -> Injected:
    """News as it reaches the table, in its time or before it."""
    inject = scenario.injects[number]
    return Injected(
        round=round, number=number, headline=inject.headline, sender=inject.from_,
        evidence=tuple(fact.id for fact in inject.evidence), changes=changes(scenario_at(scenario, events), number), to=inject.to,
    )  # fmt: skip


def derived(scenario: Scenario, events: tuple[Event, ...], step: Step | None = None) -> Event | None:
    """The event that comes next of itself; None where a seat is asked, and after the decision.

    `step`: what the agenda says of these events, where that is known already.
    """
    step = step or next_step(scenario, events)
    match step.phase:
        case "inject":
            return arriving(scenario, events, step.inject, step.round)
        case "report":
            return Reported(round=step.round, evidence=studies.due(scenario, events, step.round))
        case "rule":
            return ruling_of(scenario, events, step.round)
        case "decide":
            return decide(scenario, events)
        case "frame" | "open" | "propose" | "answer" | "sign" | "over":
            return None
    assert_never(step.phase)
