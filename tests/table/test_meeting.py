"""How a table moves: the plain loop and the graph make one record, and a table waits for whoever is not there."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import Erratic, scenario

from aipm_agents.errors import EndpointError, SeatError
from aipm_agents.meeting import advance
from aipm_agents.negotiation import negotiate
from aipm_agents.scenario.library import bundled
from aipm_agents.scenario.reader import read
from aipm_agents.seats.embedded import Embedded
from aipm_agents.seats.scripted import Scripted
from aipm_agents.table.agenda import phase_of, slot
from aipm_agents.table.events import Decided, Seated
from aipm_agents.transcript import dumped, line


def lines(events):
    """As a transcript has them, without what varies."""
    return [dumped({k: v for k, v in line(event).items() if k != "volatile"}) for event in events]


def embedded(made, style=None):
    return {role: Embedded(style if role == "pm" else None) for role in made.parties}


def begun(made, seats):
    return (Seated(round=0, seats={role: seats[role].kind for role in made.parties}),)


@pytest.mark.parametrize("name", bundled())
def test_the_plain_loop_and_the_graph_make_the_same_bytes(name):
    made = read(bundled()[name])
    for seed, style in ((1, "trust" if len(name) % 2 else None),):
        told, arrived = ([], []), ([], [])
        for k, graph in enumerate((False, True)):
            events = negotiate(
                made, embedded(made, style), seed=seed, graph=graph, concurrency=1,
                on_event=told[k].append, on_arrival=arrived[k].append,
            )  # fmt: skip
            assert lines(events) == lines(told[k])
        assert lines(told[0]) == lines(told[1])
        assert sorted(lines(arrived[0])) == sorted(lines(arrived[1]))


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_so_they_do_where_seats_err(seed, agreeable):
    made = scenario()

    def table(quick):
        seats = {role: Erratic(Random(f"{seed}/{role}"), agreeable) for role in made.parties}
        for seat in seats.values():
            seat.at_once = quick
        return seats

    plain, graph = (negotiate(made, table(quick), seed=seed) for quick in (True, False))
    assert lines(plain) == lines(graph)


@settings(max_examples=6, deadline=None)
@given(
    st.sampled_from(["refund-copilot", "refund-copilot-later"]),
    st.integers(0, 50),
    st.sets(st.integers(0, 4), min_size=1),
    st.randoms(),
)
def test_a_table_waits_for_whoever_is_not_there_and_answers_come_in_any_order(name, seed, away, rng):
    """A server's life: people answer one by one, whenever they like, and nothing but record and held is kept."""
    made = read(bundled()[name])
    seats = embedded(made)
    whole = negotiate(made, seats, seed=seed)
    people = [role for k, role in enumerate(made.parties) if k in away]
    here = {role: seat for role, seat in seats.items() if role not in people}
    answers = {slot(made, event): event for event in whole}
    stand = advance(made, here, begun(made, seats), seed=seed)
    while stand.waiting:
        assert set(stand.waiting) <= set(people)
        assert lines(stand.events) == lines(whole[: len(stand.events)])
        assert not {event.role for event in stand.held} & set(stand.waiting)
        again = advance(made, here, stand.events, stand.held, seed=seed)
        assert (lines(again.events), lines(again.held), again[2:]) == (
            lines(stand.events), lines(stand.held), stand[2:],
        )  # fmt: skip
        role = rng.choice(stand.waiting)
        (answer,) = (
            event for at, event in answers.items() if at[:2] == phase_of(stand.step) and event.role == role
        )
        held = [*stand.held, answer]
        rng.shuffle(held)
        stand = advance(made, here, stand.events, tuple(held), seed=seed)
    assert lines(stand.events) == lines(whole)
    assert stand.step.phase == "over"
    assert stand.held == ()


def test_what_is_held_for_another_phase_is_left_aside():
    made = read(bundled()["refund-copilot"])
    seats = embedded(made)
    whole = negotiate(made, seats, seed=4)
    later = tuple(event for event in whole if event.round == 2)
    assert lines(advance(made, seats, begun(made, seats), later, seed=4).events) == lines(whole)


def test_who_answers_at_once_needs_no_graph():
    """Embedded seats are played without LangGraph; one seat that says nothing of itself brings it in."""
    import subprocess
    import sys

    code = """
import sys
from aipm_agents.negotiation import negotiate
from aipm_agents.scenario.library import bundled
from aipm_agents.scenario.reader import read
from aipm_agents.seats.embedded import Embedded
made = read(bundled()["refund-copilot"])
negotiate(made, {role: Embedded() for role in made.parties})
assert "langgraph" not in sys.modules
class Slow(Embedded):
    at_once = False
negotiate(made, {role: Slow() for role in made.parties})
assert "langgraph" in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


class Mute(Scripted):
    def open(self, view):
        raise SeatError("timeout", "nothing came")

    frame = propose = answer = open


@pytest.mark.parametrize("graph", [False, True])
def test_a_table_where_nobody_can_speak_stops_where_that_is_asked_for(graph):
    made = scenario()
    seats = {role: Mute() for role in made.parties}
    assert isinstance(negotiate(made, seats, graph=graph)[-1], Decided)
    with pytest.raises(EndpointError, match=r"nobody at the table.*nothing came"):
        negotiate(made, seats, graph=graph, no_silence=True)


@pytest.mark.parametrize("name", bundled())
def test_a_mute_table_makes_the_same_moves(name):
    made = read(bundled()[name])

    def bare(events):
        return [event.model_copy(update={"volatile": {}, **_wordless(event)}) for event in events]

    def _wordless(event):
        move = getattr(event, "move", None)
        return {"move": move.model_copy(update={"says": ""})} if move is not None else {}

    aloud = negotiate(made, embedded(made), seed=5)
    mute = negotiate(made, {role: Embedded(mute=True) for role in made.parties}, seed=5)
    assert bare(aloud) == bare(mute)
    said = [event.move.says for event in mute if getattr(event, "move", None) is not None]
    assert not any(said) or "terms" in made.extras
