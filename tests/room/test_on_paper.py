"""Groups that play on paper, entered on the teacher's page: a round is four taps, and the debrief takes them with the rest."""

from __future__ import annotations

import io
import zipfile

import pytest
from asking import Browser, words
from checker import refused
from making import scenario as small
from records import bundle
from roomful import Room

from aipm_agents.room import entering
from aipm_agents.room import happenings as h
from aipm_agents.room.entering import Entering
from aipm_agents.table.events import Decided, Stopped
from aipm_agents.table.on_paper import Meeting
from aipm_agents.table.paper_lines import round_of
from aipm_agents.transcript import read, recorder


@pytest.fixture
def room(tmp_path):
    made = Room(tmp_path / "class")
    yield made
    made.lesson.close()


def tap(room, group, package, votes, told=(), then="again"):
    """A sheet as a teacher fills it in: options and votes by their place, what was told by its box."""
    scenario = room.scenario
    form = {f"package-{i.id}": i.options[n - 1].id for i, n in zip(scenario.issues, package, strict=True)}
    form |= {f"vote-{role}": letter for role, letter in zip(scenario.colleagues, votes, strict=True)}
    return room.teacher.post(f"/teacher/paper/{group}", {**form, "told": list(told), "then": then})


REST = ("replay@engineer", "slice@data_scientist", "consumer-law@legal")


def a_deal(room, group=1):
    told = [f"{name.partition('@')[0]}@{room.scenario.facts[name.partition('@')[0]].held_by[0]}" for name in ("calls@", *REST)]  # fmt: skip
    tap(room, group, (2, 2, 2), "yyyy", told)
    return tap(room, group, (2, 2, 2), "yyyy", then="deal")


def test_a_round_is_four_taps_and_the_record_is_that_of_the_lines(room):
    page = words(a_deal(room))
    assert "GO, round 2" in page
    path = room.folder / "paper-01.jsonl"
    made = read(path)
    assert isinstance(made.events[-1], Decided)
    assert set(made.seats.values()) == {"paper"}
    assert refused(path.read_text("utf-8").splitlines()) is None
    meeting = Meeting(room.scenario)
    meeting.enter(round_of(meeting, "2 2 2", "yyyy", "calls replay slice consumer-law"))
    meeting.enter(round_of(meeting, "", "yyyy", ""))
    meeting.close("deal")
    assert made.events == meeting.events


def test_what_the_ruling_does_not_bear_out_is_asked_about_once(room):
    asked = tap(room, 1, (1, 1, 1), "ynny", then="deal")
    assert asked.status_code == 409
    assert "this is no deal. Desire NOT SHOWN" in words(asked)
    assert 'value="deal!"' in asked.text
    assert not (room.folder / "paper-01.jsonl").exists()
    tap(room, 1, (1, 1, 1), "ynny", then="deal!")
    assert read(room.folder / "paper-01.jsonl").events[-1] == Stopped(round=1, reason="signed")
    assert "has ended" in words(tap(room, 1, (1, 1, 1), "ynny"))


def test_a_sheet_can_be_torn_up_and_nothing_is_lost_when_the_laptop_starts_again(room):
    tap(room, 2, (1, 1, 1), "y-ny")
    room.again()
    assert "round 1" in words(room.teacher.get("/teacher/paper/2"))
    tap(room, 2, (2, 2, 2), "ynny", then="time")
    assert (room.folder / "paper-02.jsonl").exists()
    room.teacher.post("/teacher/paper/2", {"act": "tear-up"})
    assert not (room.folder / "paper-02.jsonl").exists()
    assert room.lesson.roster.entered[2][-1].votes == "y-ny"
    wrong = room.teacher.post("/teacher/paper/2", {"then": "again"})
    assert wrong.status_code == 409
    assert "has no option" in words(wrong)
    assert len(room.lesson.roster.entered[2]) == 1


def test_the_debrief_takes_recorded_and_played_groups_together(tmp_path):
    room = Room(tmp_path / "class", rehearsal=True, kinds=dict.fromkeys(bundle("refund-copilot").parties, "embedded"))  # fmt: skip
    assert room.teacher.get("/teacher/debrief").status_code == 409
    room.lesson.begin()
    a_deal(room)
    tap(room, 2, (1, 1, 1), "ynny", then="parted")
    page = words(room.teacher.get("/teacher"))
    assert "Group 1" in page
    room.lesson.close()
    told = words(room.teacher.get("/teacher/debrief"))
    assert "Recorded from paper: On paper 1 and On paper 2." in told
    assert "Table 1" in told
    assert "G2" not in told
    assert "The ideas behind it" in told
    packed = zipfile.ZipFile(io.BytesIO(room.teacher.get("/teacher/export").content))
    assert {"paper-01.jsonl", "paper-02.jsonl"} <= set(packed.namelist())


def test_nobody_else_enters_or_looks_and_forgetting_takes_the_sheets_along(room):
    a_deal(room)
    stranger = Browser(room.app, address="10.0.9.2")
    assert stranger.get("/teacher/paper/1").status_code == 403
    assert stranger.get("/teacher/debrief").status_code == 403
    assert stranger.post("/teacher/paper/1", {"act": "tear-up"}).status_code == 403
    assert (room.folder / "paper-01.jsonl").exists()
    room.teacher.post("/teacher/forget", {"sure": "yes", "code": room.opened.code})
    assert not room.folder.exists()


def test_what_could_not_be_written_is_written_later_and_nothing_else_stands_there(room, monkeypatch):
    """The register says which groups have ended: a program that broke off in between is put right."""
    tap(room, 1, (1, 1, 1), "nnnn")
    path = room.folder / "paper-01.jsonl"
    with monkeypatch.context() as broken:
        broken.setattr(
            recorder, "write", lambda *args, **more: (_ for _ in ()).throw(OSError(28, "No space left"))
        )
        assert "cannot write" in words(tap(room, 1, (1, 1, 1), "nnnn", then="parted"))
    assert not path.exists()
    room.again()
    packed = zipfile.ZipFile(io.BytesIO(room.teacher.get("/teacher/export").content))
    assert "paper-01.jsonl" in packed.namelist()
    ended = read(path)
    room.lesson.happens(h.TornUp(group=1))  # and then it was killed
    room.again()
    room.teacher.get("/teacher/export")
    assert not path.exists()
    tap(room, 1, (1, 1, 1), "yyyn", then="parted")
    path.write_text(path.read_text("utf-8").replace('"vote":"yes"', '"vote":"no"'), "utf-8")
    room.teacher.get("/teacher/export")
    assert read(path).events == Entering(room.lesson).group(1).meeting.events != ended.events


def test_a_group_is_replayed_once_however_often_its_page_is_looked_at(room, monkeypatch):
    for number in (1, 2):
        tap(room, number, (1, 1, 1), "y-ny")
    monkeypatch.setattr(entering, "_replayed", lambda *args: pytest.fail("it was replayed"))
    assert "round 1 is entered" in words(room.teacher.get("/teacher"))
    monkeypatch.undo()
    tap(room, 1, (1, 1, 1), "ynny", then="deal")  # asked about, and so not entered
    assert "round 1 is entered" in words(room.teacher.get("/teacher"))
    tap(room, 1, (1, 1, 1), "ynny")
    assert "round 2 is entered" in words(room.teacher.get("/teacher"))


def test_a_class_that_is_on_paper_alone_opens_its_cards_without_a_beginning(room):
    assert "Open the cards" not in words(room.teacher.get("/teacher"))
    assert "still playing" in words(room.act("cards"))
    a_deal(room)
    a_deal(room, 3)
    guest = room.phone("A")
    room.act("deal")
    assert "still playing" in words(room.act("cards"))  # somebody sits and waits
    room.act("undeal")
    assert "Open the cards" in words(room.teacher.get("/teacher"))
    room.act("cards")
    room.act("question", question="1")
    board = words(room.teacher.get(room.board))
    assert "On paper 1" in board
    assert "On paper 3" in board
    assert "no table begins any more" in words(room.act("begin"))
    assert guest.get("/seat").status_code == 200


def test_a_doubt_is_two_choices_and_what_came_too_late_for_its_round_says_where_it_belongs(tmp_path):
    made = small(
        issues=[
            {"id": "reach", "question": "Who?", "options": [{"id": "all", "label": "all of them"}, {"id": "few", "label": "a few", "held_by": ["legal"]}]},
            {"id": "review", "question": "Who reads?", "options": [{"id": "none", "label": "nobody"}, {"id": "some", "label": "somebody"}]},
        ],
        metrics=[], checkpoints={"desire": [{"id": "wanted", "asks": "Is it wanted?", "owner": "engineer", "evidence": "required"}]},
        evidence=[{"id": "survey", "says": "They want it.", "held_by": ["engineer"], "supports": ["wanted"], "limits": [{"ground": "sample", "says": "Nine answered."}]}],
    )  # fmt: skip
    room = Room(tmp_path / "class", made)
    form = {
        "package-reach": "few",
        "package-review": "some",
        "vote-engineer": "y",
        "vote-legal": "n",
        "then": "again",
    }
    sheet = "/teacher/paper/1"
    refused_ = words(room.teacher.post(sheet, {**form, "told": ["reach=few@legal"]}))
    assert 'round 1: "a few" is in the package, and nobody had told of it before' in refused_
    assert "FACT!" not in refused_
    doubt = {"doubt-legal": "survey", "ground-legal": "sample"}
    first = {**form, "package-reach": "all", "told": ["reach=few@legal", "survey@engineer"]}
    assert '"They want it." was read out in this round' in words(room.teacher.post(sheet, {**first, **doubt}))
    assert "round 1" in words(room.teacher.post(sheet, first))
    twice = words(room.teacher.post(sheet, {**form, "told": ["survey@engineer"], **doubt}))
    assert "was read out in this round" not in twice, "it was, in the round before"
    half = room.teacher.post(sheet, {**form, "doubt-legal": "survey"})
    assert "choose both" in words(half)
    assert 'id="doubts" open' in half.text
    assert "round 2" in words(room.teacher.post(sheet, {**form, **doubt}))
    (event,) = (e for e in Entering(room.lesson).group(1).meeting.events if getattr(e, "role", "") == "legal" and e.round == 2)  # fmt: skip
    assert event.move.challenge.ground == "sample"
    room.lesson.close()
