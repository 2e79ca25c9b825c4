"""What is different since the ruling before, and what is still to be answered. Strings only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import tr
from aipm_agents.table.events import Answered, Proposed, Ruled

if TYPE_CHECKING:
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Event


def changes(scenario: Scenario, events: tuple[Event, ...], ruling: Ruled) -> tuple[list[str], list[str]]:
    """What a ruling gained and paid against the one before: criteria and yeses."""
    earlier = [e for e in events if isinstance(e, Ruled) and e.round < ruling.round]
    if not earlier:
        return [], []
    before = earlier[-1]
    was = {finding.criterion: finding.status for finding in before.findings}
    gained = [
        scenario.criteria[f.criterion][1].asks
        for f in ruling.findings if f.status == "met" != was[f.criterion]
    ]  # fmt: skip
    paid = [
        scenario.criteria[f.criterion][1].asks
        for f in ruling.findings if f.status != "met" and was[f.criterion] == "met"
    ]  # fmt: skip
    gained += [_yes(scenario, role) for role in ruling.team.yes if role not in before.team.yes]
    paid += [_yes(scenario, role) for role in before.team.yes if role not in ruling.team.yes]
    return gained, paid


def _yes(scenario: Scenario, role: Role) -> str:
    return tr("the yes of {who}", who=scenario.card(role).called)


def open_questions(scenario: Scenario, events: tuple[Event, ...], number: int) -> list[str]:
    """Questions put in a round or the one before it that nobody has answered."""
    answered = {
        (e.move.answer.to, e.role, e.move.answer.about)
        for e in events if isinstance(e, Answered) and e.move.answer is not None
    }  # fmt: skip
    texts: dict[str, None] = {}
    for event in events:
        if isinstance(event, Answered | Proposed) and event.round in (number - 1, number) and event.move:
            question = event.move.question
            if question is not None and (event.role, question.to, question.about) not in answered:
                asker, to = scenario.card(event.role).called, scenario.card(question.to).called
                texts[tr("{who}'s question to {to}", who=asker, to=to)] = None
    return list(texts)
