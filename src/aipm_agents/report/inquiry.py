"""In words: what was challenged, what somebody brought, what was sent for, and what a word means to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.report import wording
from aipm_agents.report.wording import shortened
from aipm_agents.table.events import Answered, Opened, Proposed
from aipm_agents.table.heard import challenges, heard

if TYPE_CHECKING:
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Event, Ruled
    from aipm_agents.table.moves import Challenge


def challenge(scenario: Scenario, made: Challenge) -> str:
    """A challenge as the end of a sentence."""
    fact = scenario.facts[made.evidence]
    return f'"{shortened(fact.plainly or fact.says, 72)}" on {wording.GROUNDS[made.ground]}'


def brought(scenario: Scenario, event: Opened | Answered) -> list[str]:
    return [scenario.label(each.issue, each.option) for each in event.move.brings]


def commissioned(scenario: Scenario, event: Proposed) -> list[str]:
    """What the PM has found out, and when it will be known."""
    facts = [scenario.facts[name] for name in (event.move.commissions if event.move else ())]
    return [
        f"{fact.study.asks} (round {event.round + (fact.takes or 0)})"
        for fact in facts
        if fact.study is not None
    ]


def possible(scenario: Scenario) -> list[str]:
    """What could be found out, as everybody knows from the start."""
    return [
        f"{fact.study.asks} ({fact.takes} {'round' if fact.takes == 1 else 'rounds'})"
        for fact in scenario.evidence if fact.study is not None
    ]  # fmt: skip


def what_came_of_it(scenario: Scenario, events: tuple[Event, ...], ruling: Ruled) -> list[str]:
    """Of every challenge made in a round: that it stands, that it is answered, or that there was nothing to it."""
    standing = {(c.evidence, c.ground) for finding in ruling.findings for c in finding.contests}
    found = {(c.evidence, c.ground) for c in heard(scenario, events).contests}
    told: dict[str, None] = {}
    for event in challenges(events):
        made = event.move.challenge
        if event.round != ruling.round or made is None:
            continue
        key = made.evidence, made.ground
        came = (
            "stands until it is answered" if key in standing
            else "answered, as things are" if key in found else "heard; nothing changes"
        )  # fmt: skip
        told[f"{scenario.card(event.role).short} on {challenge(scenario, made)}: {came}"] = None
    return list(told)


def meanings(scenario: Scenario, events: tuple[Event, ...]) -> dict[str, list[tuple[str, str]]]:
    """Word -> what it means, as (who, meaning), for words of which more than one meaning is out."""
    told: dict[str, list[tuple[str, str]]] = {}
    for role, word in heard(scenario, events).meanings:
        means = scenario.parties[role].terms[word]
        told.setdefault(word, []).append((scenario.card(role).short, means))
    return {word: each for word, each in told.items() if len(each) > 1}


def two_things(scenario: Scenario, events: tuple[Event, ...], number: int) -> list[str]:
    """Words found in a round to mean more than one thing here."""
    before = meanings(scenario, tuple(event for event in events if event.round < number))
    now = meanings(scenario, tuple(event for event in events if event.round <= number))
    return [said(word, each) for word, each in now.items() if before.get(word) != each]


def said(word: str, each: list[tuple[str, str]]) -> str:
    count = {2: "two", 3: "three", 4: "four"}.get(len(each), str(len(each)))
    told = "; ".join(f"{who}: {means.rstrip('.')}" for who, means in each)
    return f'"{word}" means {count} things here: {told}.'


def meaning(scenario: Scenario, event: Answered) -> str | None:
    """What a seat has just said it means by a word."""
    reply = event.move.answer
    if reply is None or reply.declined:
        return None
    means = scenario.parties[event.role].terms.get(reply.about)
    return f'by "{reply.about}": {means}' if means else None
