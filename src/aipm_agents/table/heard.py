"""What has come out at the table beside facts: challenges, options somebody brought, what a word means to whom.

Read off the events, so that nobody has to keep count. Where a scenario has nothing of the kind, nothing
has come out.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.table.contests import Contest
from aipm_agents.table.events import Answered, Framed, Opened, Proposed, Signed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Event

Choice = tuple[str, str]
"""(issue, option)."""


class Heard(NamedTuple):
    contests: tuple[Contest, ...] = ()
    """Challenges there is something to. One without a matching limit is heard, and has no effect."""
    brought: frozenset[Choice] = frozenset()
    """Held options that the table knows by now."""
    meanings: tuple[tuple[Role, str], ...] = ()
    """Who has said what it means by which word, in the order they said it."""


NOTHING = Heard()


def heard(scenario: Scenario, events: tuple[Event, ...]) -> Heard:
    if not scenario.extras:
        return NOTHING
    held = scenario.held_options
    named = {choice for event in events for choice in _named(event)} if held else set()
    return Heard(_contests(scenario, events), frozenset(named & held.keys()), _meanings(scenario, events))


def challenges(events: Iterable[Event]) -> Iterator[Answered]:
    """The turns in which a fact was challenged, with effect or without."""
    return (event for event in events if isinstance(event, Answered) and event.move.challenge is not None)


def speakers(events: Iterable[Event], word: str) -> tuple[Role, ...]:
    """Who has said a word, in the order they first said it."""
    said = (
        (event.role, event.move.says)
        for event in events
        if isinstance(event, Framed | Opened | Proposed | Answered | Signed) and event.move is not None
    )
    return tuple(dict.fromkeys(role for role, text in said if has(text, word)))


def has(text: str, word: str) -> bool:
    """Whether a text has a word, also in the plural; Chinese is written without spaces."""
    return _pattern(word).search(text) is not None


@lru_cache(maxsize=512)
def _pattern(word: str) -> re.Pattern[str]:
    edge = r"(?<!\w)" if word.isascii() else ""
    return re.compile(edge + re.escape(word), re.IGNORECASE)


def _named(event: Event) -> Iterator[Choice]:
    """Every option a move speaks of, as a proposal, a wish, a trade, an answer: what is named is known."""
    if isinstance(event, Opened | Answered):
        yield from ((each.issue, each.option) for each in event.move.brings)
        yield from ((ask.issue, option) for ask in event.move.asks for option in ask.options)
    if isinstance(event, Answered):
        if event.move.trade is not None:
            yield from (*event.move.trade.give.items(), *event.move.trade.get.items())
        yield from ((reply.about, option) for reply in event.move.replies for option in reply.prefers)
    if isinstance(event, Proposed) and event.package is not None:
        yield from event.package.items()


def _contests(scenario: Scenario, events: tuple[Event, ...]) -> tuple[Contest, ...]:
    by: dict[tuple[str, str], list[Role]] = {}
    found: dict[tuple[str, str], Contest] = {}
    for event in challenges(events):
        challenge = event.move.challenge
        assert challenge is not None
        if scenario.facts[challenge.evidence].limit(challenge.ground) is None:
            continue
        key = challenge.evidence, challenge.ground
        by.setdefault(key, []).append(event.role)
        found[key] = Contest(evidence=challenge.evidence, ground=challenge.ground, by=tuple(by[key]))
    return tuple(found.values())


def _meanings(scenario: Scenario, events: tuple[Event, ...]) -> tuple[tuple[Role, str], ...]:
    told = (
        (event.role, reply.about) for event in events if isinstance(event, Answered)
        for reply in event.move.replies if not reply.declined
    )  # fmt: skip
    return tuple(dict.fromkeys((role, word) for role, word in told if word in scenario.parties[role].terms))
