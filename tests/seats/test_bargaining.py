"""Prompts that make people bargain: whoever takes them at their word is not done in round 1."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from endpoint import Asked
from literal import literal

from aipm_agents.negotiation import negotiate
from aipm_agents.scenario.library import bundled
from aipm_agents.scenario.reader import read
from aipm_agents.seats.model import Model
from aipm_agents.seats.model.budget import Usage
from aipm_agents.seats.model.exchange import ModelReply
from aipm_agents.table.events import Answered, Decided, Proposed


class Literal:
    """A line with the literal player at its other end: what a request would be as a body, without the wire."""

    model = "m"

    def ask(self, request):
        form = {"type": "json_schema", "json_schema": {"schema": request.schema}}
        messages = [{"role": who, "content": text} for who, text in request.messages]
        body = {"model": "m", "messages": messages, "response_format": form}
        return ModelReply(json.dumps(literal(Asked(body, {}, 0))), Usage())


@pytest.fixture(scope="module")
def ends():
    """Every bundled case played by literal seats: its name, the rounds it took, the decision."""
    found = {}
    for name, path in bundled().items():
        decided = read(path)
        events = negotiate(decided, {role: Model("openai:m", Literal()) for role in decided.parties})
        found[name] = events
    return found


def test_whoever_takes_its_prompt_at_its_word_does_not_agree_in_round_one(ends):
    rounds = {name: max(event.round for event in events) for name, events in ends.items()}
    outcomes = Counter(events[-1].outcome for events in ends.values() if isinstance(events[-1], Decided))
    first = [name for name, number in rounds.items() if number == 1]
    assert len(first) <= len(rounds) // 12, first
    assert outcomes["go"] + outcomes["go_with_follow_ups"] >= len(rounds) // 2, "it bargains to an end"


def test_its_votes_move_over_the_rounds(ends):
    for name, events in ends.items():
        votes = [event for event in events if isinstance(event, Answered)]
        assert {event.move.vote for event in votes} - {"yes"}, f"{name}: somebody held out"
        assert not any(event.fault for event in events if isinstance(event, Answered | Proposed)), name
