"""What is different since the ruling before, and what is still to be answered. Strings only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import mark, tr
from aipm_agents.report.words import fact_text, phrase, vocabulary
from aipm_agents.table.events import Answered, Proposed, Ruled
from aipm_agents.table.faults import decisive, silent

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
        tr("{asks} (met)", asks=scenario.criteria[f.criterion][1].asks)
        for f in ruling.findings if f.status == "met" != was[f.criterion]
    ]  # fmt: skip
    open_before = {finding.criterion for finding in before.findings if finding.ground == "unchallenged"}
    paid = [
        tr(
            mark("{asks} (something speaks against it now)")
            if f.criterion in open_before and f.ground == "undermined"
            else mark("{asks} (no longer met)"),
            asks=scenario.criteria[f.criterion][1].asks,
        )
        for f in ruling.findings if f.status != "met" and was[f.criterion] == "met"
    ]  # fmt: skip
    gained += [_yes(scenario, role) for role in ruling.team.yes if role not in before.team.yes]
    paid += [_yes(scenario, role) for role in before.team.yes if role not in ruling.team.yes]
    return gained, paid


def moved(scenario: Scenario, events: tuple[Event, ...], ruling: Ruled) -> list[str]:
    """Whose vote changed since the ruling before, and what they named for it. A failed turn is no vote."""
    votes: dict[Role, Answered] = {}
    told = []
    for event in events:
        if not isinstance(event, Answered) or event.round > ruling.round or event.move.vote == "no_answer":
            continue
        last = votes.get(event.role)
        votes[event.role] = event
        if event.round < ruling.round or last is None or last.move.vote == event.move.vote:
            continue
        text = tr(
            "{who} from {was} to {now}", who=scenario.card(event.role).called,
            was=vocabulary.VOTES[last.move.vote], now=vocabulary.VOTES[event.move.vote],
        )  # fmt: skip
        why = phrase.listed(fact_text.source(scenario, each) for each in event.move.moved_by[:2])
        told.append(tr("{moved}, by {why}", moved=text, why=why) if event.move.moved_by else text)
    return told


def fallen_silent(scenario: Scenario, events: tuple[Event, ...]) -> list[str]:
    """Seats of which nothing has been heard for two rounds, every turn a fault: said while it can still be mended."""
    return [
        tr("{who} has not been heard for two rounds: every turn failed. Without it there can be no decision; stop here and look at its seat.", who=scenario.card(role).called)
        if decisive(scenario, role) else
        tr("{who} has not been heard for two rounds: every turn failed.", who=scenario.card(role).called)
        for role in silent(scenario, events)
    ]  # fmt: skip


def _yes(scenario: Scenario, role: Role) -> str:
    return tr("the yes of {who}", who=scenario.card(role).called)


def open_questions(scenario: Scenario, events: tuple[Event, ...], number: int) -> list[str]:
    """Questions put in a round or the one before it that nobody has answered."""
    answered = {
        (reply.to, e.role, reply.about) for e in events if isinstance(e, Answered) for reply in e.move.replies
    }  # fmt: skip
    texts: dict[str, None] = {}
    for event in events:
        if isinstance(event, Answered | Proposed) and event.round in (number - 1, number) and event.move:
            question = event.move.question
            if question is not None and (event.role, question.to, question.about) not in answered:
                asker, to = scenario.card(event.role).called, scenario.card(question.to).called
                texts[tr("{who}'s question to {to}", who=asker, to=to)] = None
    return list(texts)
