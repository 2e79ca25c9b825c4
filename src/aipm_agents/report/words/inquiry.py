"""In words: what was challenged, what somebody brought, what was sent for, and what a word means to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import mark, tr, tr_n
from aipm_agents.report.papers.plain_text import shortened
from aipm_agents.report.words import vocabulary
from aipm_agents.table.heard import challenges, heard

if TYPE_CHECKING:
    from aipm_agents.scenario.evidence import Evidence
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Event, Ruled
    from aipm_agents.table.moves import Challenge


_COUNTS: vocabulary.Vocabulary[int] = vocabulary.Vocabulary(
    {2: mark("two"), 3: mark("three"), 4: mark("four")}
)


def challenge(scenario: Scenario, made: Challenge) -> str:
    """A challenge as the end of a sentence."""
    fact = scenario.facts[made.evidence]
    return tr(
        '"{fact}" on {ground}',
        fact=shortened(fact.plainly or fact.says, 72), ground=vocabulary.GROUNDS[made.ground],
    )  # fmt: skip


def about(scenario: Scenario, name: str) -> str:
    """What a question is about, in the scenario's own words."""
    if name in scenario.issue:
        return scenario.issue[name].question
    if name in scenario.criteria:
        return scenario.criteria[name][1].asks
    return scenario.facts[name].says if name in scenario.facts else tr('the word "{word}"', word=name)


def possible(scenario: Scenario) -> list[str]:
    """What could be found out, as everybody knows from the start."""
    return [takes(fact) for fact in scenario.evidence if fact.study is not None]


def takes(fact: Evidence) -> str:
    """What a study would find out, and how long it takes."""
    assert fact.study is not None
    return tr_n("{asks} ({n} round)", "{asks} ({n} rounds)", fact.takes or 0, asks=fact.study.asks)


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
            tr("stands until it is answered") if key in standing
            else tr("answered, as things are") if key in found else tr("heard; nothing changes")
        )  # fmt: skip
        who = scenario.card(event.role).short
        told[tr("{who}, {what}: {came}", who=who, what=challenge(scenario, made), came=came)] = None
    return list(told)


def meanings(scenario: Scenario, events: tuple[Event, ...]) -> dict[str, list[tuple[str, str]]]:
    """Word -> what it means, as (who, meaning), for words of which more than one meaning is out."""
    told: dict[str, list[tuple[str, str]]] = {}
    for role, word in heard(scenario, events).meanings:
        means = scenario.parties[role].terms[word]
        told.setdefault(word, []).append((scenario.card(role).short, means))
    return {word: each for word, each in told.items() if len(each) > 1}


def two_things(scenario: Scenario, events: tuple[Event, ...], number: int) -> list[str]:
    """Words found in a round to mean more than one thing here; once that is known, only what is new."""
    before = meanings(scenario, tuple(event for event in events if event.round < number))
    now = meanings(scenario, tuple(event for event in events if event.round <= number))
    return [
        said_too(word, [pair for pair in each if pair not in before[word]]) if word in before else said(word, each)
        for word, each in now.items() if before.get(word) != each
    ]  # fmt: skip


def said(word: str, each: list[tuple[str, str]]) -> str:
    return tr(
        '"{word}" means {count} things here: {told}.',
        word=word,
        count=_COUNTS[len(each)] if len(each) in _COUNTS else len(each),
        told=_told(each),
    )


def said_too(word: str, each: list[tuple[str, str]]) -> str:
    """A further meaning of a word that was known to have several."""
    return tr('"{word}" means one more thing here: {told}.', word=word, told=_told(each))


def _told(each: list[tuple[str, str]]) -> str:
    return tr("; ").join(tr("{who}: {what}", who=who, what=means.rstrip(".。")) for who, means in each)
