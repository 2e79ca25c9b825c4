"""What an attacker's eye found in the room: each a thing that went wrong once."""

from __future__ import annotations

import json

import pytest
from asking import Browser, tags, words
from making import scenario as small
from records import bundle
from roomful import Room, fields, play, turn
from starlette.datastructures import FormData

from aipm_agents.errors import StorageError, TranscriptError
from aipm_agents.language import speaking
from aipm_agents.report.papers.typography import together
from aipm_agents.room import happenings as h
from aipm_agents.room import participation, patience, turn_form
from aipm_agents.room.register import Register
from aipm_agents.room.server import Server
from aipm_agents.scenario.reader import revised
from aipm_agents.seats.embedded import purpose
from aipm_agents.table.events import Injected
from aipm_agents.transcript import held_file, read


@pytest.fixture
def hold(tmp_path):
    """Opens a class, and shuts it afterwards."""
    made = []

    def opened(*args, **more):
        made.append(Room(tmp_path / f"class-{len(made)}", *args, **more))
        return made[-1]

    yield opened
    for room in made:
        room.lesson.close()


@pytest.fixture
def room(hold):
    return hold()


def late(room, table=1):
    """The phase's time is out."""
    room.lesson.clocks[table].add(-1000)
    room.lesson.patience.tick()


@pytest.fixture
def unserved(monkeypatch):
    """Nothing is served by mistake: it would never end."""
    monkeypatch.setattr(Server, "run", lambda *args: pytest.fail("it was served"))


# --- the folder ---------------------------------------------------------------------------------


def test_a_folder_names_no_program_that_is_run(hold, aipm, tmp_path, monkeypatch, unserved):
    room = hold()
    room.lesson.close()
    (tmp_path / "evilmod.py").write_text("raise SystemExit('run')", "utf-8")
    monkeypatch.chdir(tmp_path)
    path = room.folder / "class.jsonl"
    first, *rest = path.read_text("utf-8").split("\n")
    for kind, told in (("python:evilmod:X", "code is run only where you name it"), ("openai:m@http://10.9.8.7/v1", "nobody here has")):  # fmt: skip
        path.write_text(
            "\n".join([json.dumps({**json.loads(first), "kinds": {"legal": kind}}), *rest]), "utf-8"
        )
        done = aipm("class", room.folder, "--port", 0)
        assert (done.code != 0, told in done.err) == (True, True), done.err
    done = aipm("class", room.folder, "--port", 0, "--seat", "pm=embedded")
    assert "goes on with who played" in done.err


def test_a_damaged_record_is_told_before_any_address_is(hold, aipm, unserved):
    room = hold()
    room.begin(2)
    path = room.table.recorder.path
    room.lesson.close()
    path.write_bytes(path.read_bytes() + b'{"kind":"nothing"}\n')
    done = aipm("class", room.folder, "--port", 0)
    assert done.code != 0
    assert "table-01.jsonl" in done.err
    assert "http://" not in done.out


@pytest.mark.parametrize("cut", ["\u2028", "\u2029", "\x85"])
def test_an_end_of_line_of_somebody_elses_is_text(room, cut):
    room.begin(2)
    room.act("hint", 1, text=f"one{cut}two")
    assert room.teacher.get("/teacher/export").status_code == 200
    room.again()
    assert room.lesson.roster.hints[1] == [f"one{cut}two"]


def test_what_is_no_text_at_all_is_a_damaged_file(room):
    room.lesson.close()
    with room.lesson.register.path.open("ab") as file:
        file.write(b'{"kind":"\xff"}\n')
    with pytest.raises(TranscriptError, match=r"class\.jsonl:2"):
        Register(room.folder)


def test_the_secret_is_never_readable_for_others(room):
    assert room.lesson.register.path.stat().st_mode & 0o077 == 0


def test_a_side_file_that_cannot_be_removed_costs_no_phase(room, monkeypatch):
    from pathlib import Path

    pm, *others = room.begin(3)
    real = Path.unlink
    monkeypatch.setattr(Path, "unlink", lambda path, **more: (_ for _ in ()).throw(PermissionError(13, "in use")) if path.suffix == ".held" else real(path, **more))  # fmt: skip
    turn(pm)
    for phone in others:
        turn(phone)
    monkeypatch.undo()
    play(room)
    read(room.table.recorder.path)
    assert not held_file(room.table.recorder.path).exists()


def test_another_answer_that_cannot_be_written_leaves_the_first(room, monkeypatch):
    from aipm_agents import disk

    pm, engineer, *_ = room.begin(5)
    turn(pm)
    turn(engineer, says="The first.")
    seat = {"verb": "open", "round": "0"}

    def full(*args, **more):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(disk, "write", full)
        assert "Not sent" in words(engineer.post("/seat/answer", {**seat, "says": "The second."}))
    assert room.table.held["engineer"].move.says == "The first."
    room.again()
    assert room.table.held["engineer"].move.says == "The first."
    engineer.post("/seat/answer", {**seat, "says": "The third."})
    room.again()
    assert room.table.held["engineer"].move.says == "The third."


def test_a_folder_that_may_not_be_written_is_told_to_teacher_and_phones(room, monkeypatch):
    from aipm_agents.room import register
    from aipm_agents.transcript import recorder

    pm, engineer, *_ = room.begin(3)

    def shut(*args, **more):
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as broken:
        broken.setattr(register, "write", shut)
        broken.setattr(recorder, "write", shut)
        assert "Not sent" in words(turn(pm, says="Is this kept?"))
        assert "The laptop cannot write" in words(engineer.get("/seat/table"))
        assert "Read-only file system" in words(room.act("pause"))
        assert not room.lesson.roster.paused
        assert "cannot write" in words(
            Browser(room.app).post("/join", {"code": room.opened.code, "name": "D"})
        )
        with pytest.raises(StorageError):  # the clock of the class catches it, and goes on
            late(room)
        assert room.table.step.phase == "frame"
    late(room)
    assert room.table.step.phase == "open"
    assert "cannot write" not in words(engineer.get("/seat/table"))


def test_a_models_answer_that_could_not_be_kept_is_kept_later_and_of_a_class_forgotten_nothing(
    room, monkeypatch
):
    from aipm_agents.table.moves import Opening
    from aipm_agents.table.stamp import stamped

    pm, *_ = room.begin(5)
    turn(pm)
    came = stamped(Opening(says="It cost money."), "marketing", 0)
    recorder = room.table.recorder
    real = recorder.hold
    monkeypatch.setattr(recorder, "hold", lambda event: (_ for _ in ()).throw(StorageError("full")))
    room.lesson._came(room.table, came)
    assert "marketing" not in room.table.held
    monkeypatch.setattr(recorder, "hold", real)
    room.lesson.patience.tick()
    assert room.table.held["marketing"].move.says == "It cost money."
    late_one, sitting = stamped(Opening(says="Too late."), "legal", 0), room.table
    room.teacher.post("/teacher/forget", {"sure": "yes", "code": room.opened.code})
    room.lesson._came(sitting, late_one)
    assert not room.folder.exists()


# --- who is silent ------------------------------------------------------------------------------


def test_whoever_takes_back_is_back_and_so_is_whoever_types(room):
    pm, engineer, data = room.begin(3)
    turn(pm)
    turn(data)
    late(room)
    assert room.lesson.roster.deputies == {(1, "engineer")}
    engineer.get("/seat/turn", **{"sec-fetch-mode": "cors"})
    assert (1, "engineer") in room.lesson.roster.deputies
    assert 'data-here="/seat/here"' in engineer.get("/seat/turn", **{"sec-fetch-mode": "cors"}).text
    engineer.post("/seat/here")
    assert not room.lesson.roster.deputies
    turn(pm)
    room.lesson.happens(h.Deputised(table=1, role="engineer", round=1), 1)
    room.lesson.clocks[1].add(-(patience.GRACE + 1))
    room.lesson.patience.tick()
    assert "engineer" in room.table.held
    engineer.post("/seat/take-back")
    room.lesson.patience.tick()
    assert "engineer" not in room.table.held
    assert fields(engineer.get("/seat/turn", **{"sec-fetch-mode": "cors"}))["verb"] == "answer"


def test_a_deputy_belongs_to_the_person_and_not_to_the_seat(room):
    pm, _, data = room.begin(3)
    turn(pm)
    turn(data)
    late(room)
    room.phone("New")
    room.act("move", 1, person="p2", role="")
    assert not room.lesson.roster.deputies
    room.lesson.happens(h.Deputised(table=1, role="legal", round=1), 1)
    room.act("move", 1, person="p4", role="legal")
    assert not room.lesson.roster.deputies


def test_a_table_whose_people_are_all_away_stands_still_until_one_is_back(room):
    pm, engineer = room.begin(2)
    for _ in range(4):
        late(room)
    stood = room.table.step
    for _ in range(4):
        late(room)
    assert room.table.step == stood
    assert not room.lesson.over
    assert "Nobody is at this table" in words(room.teacher.get("/teacher"))
    engineer.get("/seat/turn")
    assert not room.lesson.clocks[1].still
    late(room)
    assert room.table.step != stood
    assert pm.get("/seat/turn").status_code == 200


def test_a_hurried_phase_makes_nobody_silent(room):
    pm, *_ = room.begin(3)
    turn(pm)
    room.act("push")
    assert room.table.step.phase == "propose"
    assert not room.lesson.roster.deputies


def test_the_teacher_is_asked_before_anybody_abstains(room):
    pm, *_ = room.begin(3)
    turn(pm)
    room.lesson.clocks[1].add(-(room.opened.patience - 20))
    before = room.lesson.version
    room.lesson.patience.tick()
    room.lesson.patience.tick()
    assert room.lesson.version != before
    told = words(room.teacher.get("/teacher"))
    assert "still waited for: " in told, told
    room.act("extend", 1)
    room.lesson.patience.tick()
    assert "still waited for" not in words(room.teacher.get("/teacher"))
    assert not room.lesson.roster.deputies


def test_a_laptop_that_slept_has_waited_for_nobody(room, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(patience.time, "monotonic", lambda: now[0])
    room.lesson.patience.beat()
    now[0] += 600  # in which people joined: no table has waited
    room.begin(2)
    room.lesson.patience.tick(1)
    assert room.lesson.clocks[1].left == room.opened.patience
    now[0] += 5
    room.lesson.patience.tick()
    left = room.lesson.clocks[1].left
    assert left == room.opened.patience - 5
    now[0] += 3600
    room.lesson.patience.tick()
    assert room.lesson.clocks[1].left == pytest.approx(left)
    assert room.table.step.phase == "frame"


def test_a_fault_at_one_table_stops_no_other(hold, monkeypatch):
    import asyncio

    from aipm_agents.room import classroom

    room = hold(tables=2)
    room.begin(4)
    monkeypatch.setattr(classroom, "TICK", 0.0)
    monkeypatch.setattr(room.lesson.tables[1], "abstain", lambda *args: 1 // 0)
    for number in (1, 2):
        room.lesson.clocks[number].add(-1000)

    async def scene():
        ticking = asyncio.create_task(classroom._tick(room.lesson))
        while room.lesson.tables[2].step.phase == "frame" or not room.lesson.broken:
            await asyncio.sleep(0)
        ticking.cancel()

    asyncio.run(scene())
    assert room.lesson.broken == {1}
    assert "Table 1 does not go on" in words(room.teacher.get("/teacher"))


# --- who may sit where --------------------------------------------------------------------------


def test_a_latecomer_sits_down_where_nobody_sits_and_looks_into_nobodys_card(room):
    room.begin(3)
    guest = room.phone("Bob 2")
    page = guest.get("/seat/card")
    assert {each["value"] for each in tags(page, "button") if each.get("name") == "role"} == {"legal", "marketing"}  # fmt: skip
    assert "somebody sits there" in words(guest.post("/seat/sit", {"role": "pm"}))
    assert room.lesson.roster.places["p4"] == (1, "")
    guest.post("/seat/sit", {"role": "legal"})
    assert room.lesson.roster.places["p4"] == (1, "legal")


def test_an_act_for_a_table_that_is_not_laid_is_for_none(hold):
    room = hold(tables=3)
    room.begin(2)
    room.act("end", 3)
    assert not room.lesson.over
    assert 3 in room.lesson.roster.ended


def test_nobody_is_dealt_a_seat_where_there_is_none(hold):
    room = hold(rehearsal=True, kinds=dict.fromkeys(bundle("refund-copilot").parties, "embedded"))
    room.join(1)
    assert "Deal the seats" not in words(room.teacher.get("/teacher"))
    assert room.act("deal").status_code == 200
    assert not room.lesson.roster.places


def test_whoever_is_dealt_a_seat_is_told_to_wait_and_the_pm_has_words_to_begin_with(room):
    pm, *_ = room.join(2)
    room.act("deal")
    assert "it begins when your teacher says so" in words(pm.get("/seat/card"))
    room.act("begin")
    page = words(pm.get("/seat/turn"))
    assert "it begins when" not in page
    assert "yours to send" in page
    told = words(room.phones[1].get("/seat/case"))
    bounds = [f"{(rule.at_most or rule.at_least).normalize():f}" for _, criterion in room.scenario.criteria.values() for rule in criterion.rule if rule.metric]  # fmt: skip
    assert bounds
    assert all(bound in told.replace(",", "") for bound in bounds)
    assert all(option.label in told for issue in room.scenario.issues for option in issue.options)
    assert "There is a deal when" in told
    assert purpose.framing(room.table.seen("pm")).says[:60] in page


def test_whoever_has_no_seat_when_it_begins_watches(room):
    room.begin(2)
    room.phone("C")
    assert room.lesson.roster.places["p3"] == (1, "")


def test_two_news_come_both_before_the_pm_speaks(hold):
    news = [
        {"before_round": 2, "headline": "One.", "from": "a paper"},
        {"before_round": 3, "headline": "Two.", "from": "a paper"},
    ]
    scenario = small(injects=news)
    room = hold(scenario)
    phones = room.begin(2)
    turn(phones[0])
    room.act("bring", 1, inject="1")
    room.act("bring", 1, inject="0")
    turn(phones[1])
    assert room.table.step.phase == "propose"
    assert [e.number for e in room.table.events if isinstance(e, Injected)] == [1, 0]


def test_the_board_names_the_tables_that_played_and_gives_no_points(hold):
    room = hold(tables=3)
    for number in (1, 3):
        room.phone(f"N{number}", table=str(number))
    room.act("deal")
    room.act("begin")
    room.act("end")
    room.act("cards")
    room.act("question", question="1")
    shown = words(room.teacher.get(room.board))
    assert "Table 3" in shown
    assert "Table 2" not in shown
    assert "G1" not in shown
    assert "gain of all together" not in shown
    for _ in range(12):
        page = room.act("question", question="99")
    assert room.lesson.roster.question < 12
    assert page.status_code == 200
    room.act("move", 2, person="p1", role="pm")
    assert set(room.lesson.tables) == {1, 3}


# --- the form of a turn -------------------------------------------------------------------------


def test_whoever_is_asked_two_things_answers_both(room):
    pm, *colleagues = room.begin(5)
    for phone in (pm, *colleagues, pm):
        turn(phone)
    for role, phone in zip([r for r in room.table.scenario.parties if r != "pm"], colleagues, strict=True):
        asks = (
            {"question-to": "engineer", "question-about": "review", "question-text": "Who?"}
            if role == "legal"
            else {}
        )
        turn(phone, vote="no", **asks)
    turn(pm, **{"question-to": "engineer", "question-about": "reach", "question-text": "How far?"})
    answers = {"reply-legal-review": "declined", "reply-pm-reach": "answered"}
    assert {
        each["name"] for each in tags(colleagues[0].get("/seat/turn"), "input") if each["name"][:5] == "reply"
    } == {*answers}
    assert "Not sent" not in words(turn(colleagues[0], **answers))
    assert [(r.to, r.about, r.declined) for r in room.table.held["engineer"].move.replies] == [
        ("legal", "review", True), ("pm", "reach", False),
    ]  # fmt: skip


def test_a_form_gives_back_the_move_it_was_filled_from(room):
    pm, *colleagues = room.begin(5)
    for phone in (pm, *colleagues):
        turn(phone)
    turn(pm, **{"question-to": "engineer", "question-about": "reach", "question-text": "How far?"})
    seen = room.table.seen("engineer")
    (issue, now), (more, keeps), *_ = seen.package.items()
    other = next(o for o in seen.space.options[issue] if o != now)
    best = next(iter(seen.space.options["reach"]))
    for data in (
        {"vote": "yes_if", "asks": f"{issue}={other}", "tables": seen.untabled[0], "reply-pm-reach": "answered", "prefers-pm-reach": f"reach={best}",
         "give": f"{more}={keeps}", "get": f"{issue}={other}", "question-to": "legal", "question-about": issue, "question-text": "Why?"},
        {"vote": "yes", "concern": next(iter(seen.scenario.criteria)), "moved_by": "pm@1", "says": "So be it."},
        {"vote": "no", "reply-pm-reach": "declined"},
    ):  # fmt: skip
        assert "Not sent" not in words(turn(colleagues[0], **data))
        move = room.table.held["engineer"].move
        again = turn_form.move(
            FormData([(n, v) for n, vs in turn_form.filled(move).items() for v in vs]), seen, "answer"
        )
        assert again == move
        page = colleagues[0].post("/seat/take-back")
        chosen = {
            a.get("value")
            for a in (*tags(page, "option"), *tags(page, "input"))
            if "selected" in a or "checked" in a
        }
        assert {v for n, v in data.items() if n not in ("question-text", "says")} <= chosen


HALVES = (
    ({"question-text": "how?"}, "A question needs somebody and a subject"), ({"give": "reach=all"}, "A trade has two sides"),
    ({"challenge-ground": "source"}, "A doubt names a fact and a ground"), ({"says": "x" * 2001}, "That is too long"),
    ({"vote": "no", "concern": "worth-it"}, "stands beside a yes"), ({"moved_by": "nothing"}, "does not fit the table"),
)  # fmt: skip


def test_what_is_filled_in_by_half_is_refused_and_stays(room):
    pm, *colleagues = room.begin(5)
    for phone in (pm, *colleagues, pm):
        turn(phone)
    for half, told in HALVES:
        page = turn(colleagues[0], **{"says": "My words.", **half})
        assert (page.status_code, told in words(page)) == (422, True), told
        assert "engineer" not in room.table.held
        assert half.get("question-text", "") in page.text
        assert half.get("says", "My words.") in page.text


def test_nobody_signs_by_pressing_enter(hold):
    room = hold(small())
    pm, engineer, legal = room.begin(3)
    turn(pm)
    turn(engineer, tables="survey")
    turn(legal)
    turn(pm, **{"package-reach": "few", "package-review": "some"})
    turn(engineer)
    turn(legal)
    assert room.table.step.phase == "sign"
    page = pm.get("/seat/turn")
    assert not [a for a in tags(page, "input") if "required" in a]  # the page says what is missing
    assert not [a for a in tags(page, "input") if a.get("name") == "signs" and "checked" in a]
    assert "disabled" in tags(page, "button")[0]
    hidden = fields(page)
    for more in ({"signs": "yes", "reason": "Too early."}, {"reason": "Too early."}, {}):
        refused = pm.post("/seat/answer", {**hidden, **more})
        assert refused.status_code == 422
        assert more.get("reason", "") in refused.text
    assert not room.table.over
    pm.post("/seat/answer", {**hidden, "signs": "yes"})
    assert room.table.over


def test_a_preview_of_a_turn_that_is_over_says_so(room):
    pm, *_ = room.begin(2)
    reply = pm.get("/seat/preview")
    assert (reply.status_code, "That turn is over" in words(reply)) == (409, True)


def test_a_table_number_of_five_thousand_digits_is_no_fault(room):
    assert room.phone("N", table="9" * 5000).get("/seat").status_code == 200


# --- the door -----------------------------------------------------------------------------------


def test_a_body_says_how_long_it_is_and_is_a_form(room):
    pm, *_ = room.begin(2)
    sent = pm.client.post(
        "/join",
        content=b"x",
        headers={"origin": f"http://{pm.host}", "content-length": "1", "transfer-encoding": "chunked"},
    )
    assert sent.status_code == 411
    assert pm.post("/join", {}, **{"content-type": "multipart/form-data; boundary=x"}).status_code == 415
    told = pm.client.post(
        "/join", files={"f": b"x"}, headers={"origin": f"http://{pm.host}", "accept-language": "zh-TW"}
    )
    assert (told.status_code, told.text) == (415, "這裡只收表單，不收檔案")


def test_a_fault_of_ours_is_told_on_a_page(room, monkeypatch, capsys):
    pm, *_ = room.begin(2)
    monkeypatch.setattr(room.lesson, "take_back", lambda person: 1 // 0)
    reply = pm.post("/seat/take-back")
    assert reply.status_code == 500
    assert "What you were told is sent is kept" in words(reply)
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_one_phone_keeps_a_few_streams_and_the_oldest_ends(room):
    import asyncio

    from aipm_agents.room.door import MOST_STREAMS

    door = room.app

    async def scene():
        async def stream():
            door._listens("one")
            await asyncio.sleep(30)

        tasks = []
        for _ in range(MOST_STREAMS + 2):
            tasks.append(asyncio.create_task(stream()))
            await asyncio.sleep(0)
        await asyncio.sleep(0.01)
        assert [task.done() for task in tasks].count(True) == 2
        assert all(task.done() for task in tasks[:2])
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert not door.streams

    asyncio.run(scene())


def test_two_english_sentences_on_a_chinese_page_keep_their_gap():
    with speaking("zh-Hant"):
        assert together(("In 2.8 %.", "At five thousand.")) == "In 2.8 %. At five thousand."
        assert together(("先說。", "", "In 2.8 %.", "再說。")) == "先說。In 2.8 %.再說。"


# --- what is counted of people ------------------------------------------------------------------


def test_participation_counts_what_somebody_did_and_not_what_their_chair_did(hold):
    """Not the program's turns before they came, nor those of whoever had the seat before."""
    room = hold()
    pm, engineer = room.begin(2)
    for phone in (pm, engineer, pm, engineer):
        turn(phone)
    late_one = room.phone("Late")
    late_one.post("/seat/sit", {"role": "legal"})
    room.act("move", 1, person="p3", role="engineer")  # beside them, and then alone
    room.act("move", 1, person="p2", role="legal")
    head, *rows = participation.rows(room.lesson)
    assert head[4:6] == ("turns", "abstained")
    told = {(row[0], row[2]): (row[3], row[4], row[-2:]) for row in rows}
    proposed = head.index("packages proposed")
    assert {row[0]: row[proposed : proposed + 2] for row in rows if row[2] == "PM"} == {"N1": ("1", "0")}
    assert told == {
        ("N1", "PM"): ("1", "2", ("0", "1")),
        ("N2", "Engineer"): ("2", "2", ("0", "1")), ("N2", "Legal"): ("1", "0", ("", "")),
        ("Late", "Engineer"): ("2", "0", ("", "")),
    }  # fmt: skip
    before = list(participation.rows(room.lesson))
    room.again()
    assert list(participation.rows(room.lesson)) == before


def test_a_card_has_the_figures_that_the_news_its_seat_has_heard_left(hold):
    news = {"before_round": 1, "headline": "It is harder", "from": "Sales"}
    changes = {"parties.legal.walk_away": 33, "parties.engineer.walk_away": 44}
    case, _ = revised(small(injects=[{**news, "changes": changes}]).plain())
    room = hold(case, kinds={"pm": "embedded", "engineer": "embedded"})
    (legal,) = room.begin(1)
    assert "Your walk-away is 20" in words(legal.get("/seat/card"))
    turn(legal)
    told = words(legal.get("/seat/card"))
    assert "Your walk-away is 33" in told
    assert "44" not in told
