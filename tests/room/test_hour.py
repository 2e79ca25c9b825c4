"""The time of a class: what is left to play, what is kept for the debrief, and what everybody is told of it."""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from asking import words
from pydantic import ValidationError
from roomful import Room, turn

from aipm_agents.room import happenings as h
from aipm_agents.room.hour import Hour


def ago(minutes):
    return (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat()


@pytest.fixture
def begun(tmp_path):
    """A class of 50 minutes that began so long ago; None has not begun."""
    with ExitStack() as held:

        def made(minutes):
            room = Room(tmp_path / "class")
            held.callback(lambda: room.lesson.close())
            room.join(2)
            room.act("deal")
            if minutes is not None:
                room.lesson.happens(h.Begun(at=ago(minutes)))
            return room

        yield made


@pytest.mark.parametrize(
    ("gone", "part", "left"),
    [
        (None, "before", 35 * 60), (-10, "play", 35 * 60), (34.5, "play", 30), (35.5, "debrief", 14.5 * 60),
        (49.5, "debrief", 30), (50.5, "over", 0), (9000, "over", 0),
    ],
)  # fmt: skip
def test_three_tenths_of_a_class_are_kept_for_the_debrief(begun, gone, part, left):
    hour = Hour(begun(gone).lesson)
    assert (hour.part, hour.play, hour.debrief) == (part, 35, 15)
    assert left - 5 <= hour.left <= left


def test_teacher_and_board_are_told_and_nothing_ends_of_itself(begun):
    room = begun(None)
    assert "50 minutes from Begin: 35 to play, 15 kept for the debrief" in words(room.teacher.get("/teacher"))
    room.lesson.happens(h.Begun(at=ago(36)))
    room.act("begin")
    assert "Time for the debrief" in words(room.teacher.get(room.board))
    assert "a table is still playing" in words(room.teacher.get("/teacher"))
    assert not room.lesson.over
    hour, before = Hour(room.lesson), room.lesson.version
    hour.tick()
    told = room.lesson.version
    hour.tick()
    assert before != told == room.lesson.version  # once for each part


def test_a_table_that_is_too_slow_for_the_class_is_named(begun):
    room = begun(30)
    room.act("begin")
    assert Hour(room.lesson).pace is None  # no round is done
    for _ in range(40):
        if room.table.round > 1 or room.lesson.over:
            break
        for phone in room.phones:
            turn(phone, vote="no")
    pace = Hour(room.lesson).pace
    assert pace is not None
    assert pace.table == 1
    assert 15 * room.scenario.rounds <= pace.minutes <= 15 * room.scenario.rounds + 2
    assert "At the pace so far table 1 would need" in words(room.teacher.get("/teacher"))


@pytest.mark.parametrize("each", [4, 8, 9])
def test_a_steady_table_that_makes_it_is_never_called_too_slow(begun, monkeypatch, each):
    """Of as many rounds as fit into the play at so many minutes each, at any moment of it."""
    room = begun(None)
    hour, rounds = Hour(room.lesson), 35 // each
    steady = SimpleNamespace(over=False, round=1)
    with monkeypatch.context() as patched:
        patched.setattr(room.lesson, "tables", {1: steady})
        patched.setattr(room.lesson, "scenario", room.scenario.model_copy(update={"rounds": rounds}))
        for tenth in range(10 * each * rounds):
            steady.round = tenth // (10 * each) + 1
            patched.setattr(Hour, "gone", 6 * tenth)
            assert hour.pace is None, tenth / 10


@pytest.mark.parametrize("at", ["soon", "2026-11-28T10:00:00"])
def test_a_moment_that_is_none_is_no_line_of_a_class(at):
    with pytest.raises(ValidationError):
        h.Begun(at=at)
