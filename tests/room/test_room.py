"""A class in the browser: everybody sees what their seat may see, nothing is lost, and nobody is waited for for ever."""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import pytest
from asking import Browser, tags, words
from making import scenario as small
from records import bundle
from roomful import ADDRESS, Room, fields, play, turn
from test_pages import CORPUS

from aipm_agents.errors import StorageError
from aipm_agents.room import bell, tokens
from aipm_agents.room.happenings import Deputised, Returned
from aipm_agents.scenario.library import bundled, locate
from aipm_agents.scenario.reader import read as read_case
from aipm_agents.table.events import Answered, Decided, Injected, Opened, Seated, Stopped
from aipm_agents.table.moves import Words
from aipm_agents.transcript import held_file, read


@pytest.fixture
def hold(tmp_path):
    """Opens a class, and shuts it afterwards."""
    made = []

    def opened(*args, **more):
        made.append(Room(tmp_path / "class", *args, **more))
        return made[-1]

    yield opened
    for room in made:
        room.lesson.close()


@pytest.fixture
def room(hold):
    return hold()


# --- a class from the door to the debrief -------------------------------------------------------


def test_two_tables_play_with_plain_forms_and_the_folder_is_a_class(hold, tmp_path, aipm):
    room = hold(tables=2)
    phones = room.begin(7)
    assert {words(phone.get("/seat/card")).count("Hold to see your card") for phone in phones} == {1}
    assert [t.kinds["marketing"] for t in room.lesson.tables.values()] == ["embedded", "embedded"]
    play(room, says="I hear you.")
    assert room.act("cards").status_code == 200
    first = words(room.teacher.get(room.board))
    assert "before anyone sees another's result" in first
    assert "The class, side by side" not in first
    room.act("question", question="1")
    board = words(room.teacher.get(room.board))
    assert "The class, side by side" in board
    assert "before anyone sees" not in board
    for phone in phones:
        assert 'href="/seat/after"' in phone.get("/seat/card").text
        assert "What you got" in words(phone.get("/seat/after"))
    room.lesson.close()
    for number in (1, 2):
        run = read(tmp_path / "class" / f"table-{number:02}.jsonl")
        assert isinstance(run.events[-1], Decided)
        assert "human" in run.seats.values()
    assert aipm("debrief", tmp_path / "class").code == 0
    assert aipm("compare", *sorted((tmp_path / "class").glob("table-*.jsonl"))).code == 0


def test_everybody_answers_at_once_and_nobody_sees_anybodys_answer_before_all_are_in(room):
    pm, engineer, data, legal, marketing = room.begin(5)
    turn(pm)
    secret = "The words that only I have said so far."
    turn(engineer, says=secret)
    for phone in (pm, data, legal, marketing, room.teacher):
        pages = [
            phone.get(path).text
            for path in ("/seat/card", "/seat/table", "/seat/turn", "/teacher", room.board)
        ]
        assert not any(secret in page for page in pages)
    assert "1" not in {e.role for e in room.table.events if isinstance(e, Opened)}
    for phone in (data, legal, marketing):
        turn(phone)
    assert secret in words(pm.get("/seat/table"))


def test_an_answer_can_be_taken_back_until_the_phase_ends_and_comes_once(room):
    pm, engineer, *others = room.begin(5)
    turn(pm)
    turn(engineer, says="First thought.")
    assert held_file(room.table.recorder.path).read_text("utf-8").count("First thought.") == 1
    back = engineer.post("/seat/take-back")
    assert "First thought." in back.text  # to go on from
    assert not held_file(room.table.recorder.path).exists()
    for phone in others:
        turn(phone)
    assert room.table.step.phase == "open"
    turn(engineer, says="Second thought.")
    (opened,) = [e for e in room.table.events if isinstance(e, Opened) and e.role == "engineer"]
    assert opened.move.says == "Second thought."


def test_what_cannot_be_sent_is_told_and_nothing_of_it_counts(room):
    pm, *colleagues = room.begin(5)
    for phone in (pm, *colleagues):
        turn(phone)
    assert "The package is not whole yet" in words(pm.post("/seat/answer", {**fields(pm.get("/seat/turn"))}))
    turn(pm)
    told = words(turn(colleagues[0], vote="yes_if"))
    assert "yes, if what?" in told
    assert "you have not voted yet" in words(turn(colleagues[0], vote=""))
    for wrong in (
        {"vote": "yes", "tables": "no-such-fact"},
        {"vote": "maybe"},
        {"vote": "yes_if", "asks": "x=y"},
    ):
        assert "Not sent" in words(turn(colleagues[0], **wrong))
    assert not room.table.held.keys() & {"engineer"}
    old = {"verb": "open", "round": "0", "says": "too late"}
    assert "That turn is over" in words(colleagues[0].post("/seat/answer", old))
    assert "round" in fields(colleagues[0].get("/seat/turn"))


def test_a_whole_turn_arrives_as_it_was_filled_in(room):
    pm, engineer, *others = room.begin(5)
    for phone in (pm, engineer, *others):
        turn(phone)
    turn(pm, **{"question-to": "engineer", "question-about": "reach"})
    package = room.table.seen("engineer").package
    issue = next(iter(package))
    other = next(o for o in room.table.seen("engineer").space.options[issue] if o != package[issue])
    more = next(i for i in package if i != issue)
    fact = room.table.seen("engineer").untabled[0]
    turn(
        engineer, vote="yes_if", asks=f"{issue}={other}", tables=fact, says="If so.",
        give=f"{more}={package[more]}", get=f"{issue}={other}",
        **{"reply-pm-reach": "declined", "question-to": "legal", "question-about": issue, "question-text": "Really?"},
    )  # fmt: skip
    move = room.table.held["engineer"].move
    assert (move.vote, move.asks[0].options, move.tables, move.says) == (
        "yes_if",
        (other,),
        (fact,),
        "If so.",
    )
    assert move.answer.declined
    assert (move.question.to, move.question.text) == ("legal", "Really?")
    assert (move.trade.give, move.trade.get) == ({more: package[more]}, {issue: other})
    sent = words(engineer.get("/seat/turn"))
    assert "yes, if" in sent
    assert "If so." in sent


# --- people come, go, and come back -------------------------------------------------------------


def test_more_people_than_seats_share_them_and_one_writes(room):
    phones = room.begin(7)
    first, second = phones[0], phones[5]
    assert "writes for this seat" in words(second.get("/seat/turn"))
    assert "somebody else writes" in words(second.post("/seat/answer", {**fields(first.get("/seat/turn"))}))
    turn(first)
    second.post("/seat/take-over")
    for phone in phones[1:5]:
        turn(phone)  # the opening
    assert fields(first.get("/seat/turn")) is None
    assert fields(second.get("/seat/turn"))["verb"] == "propose"


def test_a_latecomer_watches_and_sits_down_from_the_next_round_on(room):
    phones = room.begin(3)
    late = room.phone("Late")
    page = late.get("/seat/card")
    assert "You watch this table" in words(page)
    assert fields(late.get("/seat/turn")) is None
    late.post("/seat/sit", {"role": "legal"})
    assert fields(late.get("/seat/turn")) is None
    for _ in range(3):
        for phone in phones:
            turn(phone)
        if room.table.kinds["legal"] == "human":
            break
    assert room.table.kinds["legal"] == "human"
    assert [e.seats["legal"] for e in room.table.events if isinstance(e, Seated)] == ["embedded", "human"]
    for phone in phones:
        turn(phone)
    assert fields(late.get("/seat/turn"))["verb"] == "answer"
    play(room)
    assert {
        e.round
        for e in read(room.table.recorder.path).events
        if isinstance(e, Answered) and e.role == "legal"
    }


def test_a_table_that_nobody_sits_at_waits_until_somebody_does(hold):
    room = hold(tables=2)
    room.join(1)
    room.act("deal")
    room.act("begin")
    assert set(room.lesson.tables) == {1}
    assert not room.lesson.over
    late = room.phone("Late", table="2")
    assert room.lesson.roster.places["p2"] == (1, "")
    room.act("move", 2, person="p2", role="pm")
    assert fields(late.get("/seat/turn"))["verb"] == "frame"
    assert room.table.waiting == ("pm",)


def test_another_phone_takes_the_seat_and_the_first_one_is_out(room):
    first, *_ = room.begin(3)
    code = re.search(r'class="code">([A-Z]{8})<', first.get("/seat/card").text)[1]
    other = Browser(room.app, address="10.0.9.9")
    assert "Nobody here has that code" in words(other.post("/rejoin", {"rejoin": "ABCDEFGH"}))
    assert "You open the meeting" in words(
        (other.post("/rejoin", {"rejoin": code.lower()}), other.get("/seat/turn"))[1]
    )
    assert first.get("/seat/turn").status_code == 403


def test_who_is_silent_is_deputised_announced_and_back_at_once(room):
    pm, engineer, *others = room.begin(3)
    turn(pm)
    for phone in others:
        turn(phone)
    room.lesson.clocks[1].add(-1000)
    room.lesson.patience.tick()
    assert isinstance(room.lesson.register.happened[-1], Deputised)
    assert room.table.events[-1].round == 0
    opened = next(e for e in room.table.events if isinstance(e, Opened) and e.role == "engineer")
    assert (opened.fault, opened.move.says) == ("timeout", "")
    assert "Engineer did not answer in time" in words(pm.get("/seat/table"))
    engineer.get("/seat/turn", **{"sec-fetch-mode": "cors"})  # its script looked; nobody did
    assert room.lesson.roster.deputies != ("1", "engineer")
    assert (1, "engineer") in room.lesson.roster.deputies
    engineer.get("/seat/turn")
    assert isinstance(room.lesson.register.happened[-1], Returned)
    assert "did not answer in time" not in words(pm.get("/seat/table"))


def test_a_clock_that_has_run_out_makes_the_missing_abstain_and_never_says_yes(hold):
    room = hold(small(), patience=5)
    phones = room.begin(3)
    for _ in range(60):
        if room.lesson.over:
            break
        turn(phones[0])  # the PM alone is there
        room.lesson.clocks[1].add(-1000)
        room.lesson.patience.tick()
    assert room.lesson.over
    votes = {e.move.vote for e in room.table.events if isinstance(e, Answered)}
    assert votes == {"no_answer"}
    read(room.table.recorder.path)


class Slow:
    """A model that never comes back."""

    kind, at_once = "slow", False

    def __getattr__(self, verb):
        if verb not in ("frame", "open", "propose", "answer", "sign"):
            raise AttributeError(verb)
        return lambda view: time.sleep(0.05) or (_ for _ in ()).throw(RuntimeError("gone"))


def test_a_model_that_is_gone_holds_nobody_up(hold):
    room = hold(kinds={"legal": "slow"}, players={"slow": {"legal": Slow()}})
    lesson = room.lesson

    async def scene():
        (person, _), table = lesson.join("N", "en"), 1
        lesson.seat(person.id, table, "pm")
        lesson.begin()
        lesson.answer(person.id, "frame", 0, Words(says="We begin."))
        while lesson.tables[1].step.phase == "open":
            await asyncio.sleep(0.01)

    asyncio.run(scene())
    faults = {e.role: e.fault for e in room.table.events if isinstance(e, Opened)}
    assert faults == {"engineer": None, "data_scientist": None, "legal": "failure", "marketing": None}


class Dead(Slow):
    """A model that says nothing at all, until the test has ended."""

    def __getattr__(self, verb):
        if verb not in ("frame", "open", "propose", "answer", "sign"):
            raise AttributeError(verb)
        return lambda view: OVER.wait(30)


OVER = threading.Event()


def test_a_model_that_says_nothing_abstains_after_the_clock(hold):
    room = hold(kinds={"legal": "dead"}, players={"dead": {"legal": Dead()}})
    lesson = room.lesson

    async def scene():
        person, _ = lesson.join("N", "en")
        lesson.seat(person.id, 1, "pm")
        lesson.begin()
        lesson.answer(person.id, "frame", 0, Words(says="We begin."))
        assert room.table.waiting == ("legal",)
        lesson.clocks[1].add(-1000)
        lesson.patience.tick()
        assert room.table.step.phase == "propose"
        OVER.set()

    asyncio.run(scene())
    (opened,) = [e for e in room.table.events if isinstance(e, Opened) and e.role == "legal"]
    assert opened.fault == "timeout"
    assert not lesson.roster.deputies


def test_a_bell_gathers_what_can_wait_and_what_cannot_takes_it_along(monkeypatch):
    monkeypatch.setattr(bell, "SOON", 0.02)
    made = bell.Bell()

    async def scene():
        made.ring_soon(1)
        made.ring_soon(1)
        assert made.count((1,)) == "0"
        made.ring(1)
        await asyncio.sleep(0.06)
        assert made.count((1,)) == "1"
        made.ring_soon(1)
        await asyncio.sleep(0.06)
        assert made.count((1,)) == "2"

    asyncio.run(scene())


# --- what a teacher does ------------------------------------------------------------------------


def test_a_deal_can_be_undone_until_the_tables_begin_and_people_moved(room):
    one, two = room.join(2)
    room.act("deal")
    assert {role for _, role in room.lesson.roster.places.values()} == {"pm", "engineer"}
    room.act("undeal")
    assert not room.lesson.roster.places
    room.act("deal")
    room.act("move", 1, person="p1", role="legal")
    room.act("begin")
    assert "the tables have begun" in words(room.act("undeal"))
    assert "Legal" in words(one.get("/seat/card"))
    assert room.table.kinds["pm"] == "embedded"
    assert two.get("/seat/turn").status_code == 200


def test_the_room_is_paused_extended_whispered_to_and_ended(room):
    pm, *others = room.begin(3)
    room.act("pause")
    assert "the room is paused" in words(turn(pm))
    left = room.lesson.clocks[1].left
    time.sleep(0.02)
    assert room.lesson.clocks[1].left == left
    room.act("extend")
    assert room.lesson.clocks[1].left == left + 120
    room.act("go-on")
    room.act("hint", 1, text="Who pays for a wrong promise?")
    assert "Who pays for a wrong promise?" in words(pm.get("/seat/table"))
    turn(pm)
    assert "a table is still playing" in words(room.act("cards"))
    room.act("end")
    last = room.table.events[-1]
    assert (isinstance(last, Stopped), last.reason) == (True, "time")
    assert "time ran out" in words(room.teacher.get(room.board))
    assert turn(others[0]) is None
    assert room.act("cards").status_code == 200
    assert "What you kept" in words(pm.get("/seat/after"))
    kinds = [happening.kind for happening in room.lesson.register.happened]
    assert [k for k in kinds if k in ("paused", "extended", "went_on", "hinted", "ended", "cards_opened")] == [
        "paused", "extended", "went_on", "hinted", "ended", "cards_opened",
    ]  # fmt: skip


def test_news_can_be_sent_early_once_and_the_record_is_in_order(hold):
    scenario = bundle("fading-forecast")
    room = hold(scenario)
    phones = room.begin(2)
    assert scenario.injects[0].before_round > 1
    room.act("bring", 1, inject="0")
    for _ in range(2):
        for phone in phones:
            turn(phone)
    (early,) = [e for e in room.table.events if isinstance(e, Injected)]
    assert early.round == 1
    assert scenario.injects[0].headline in words(phones[0].get("/seat/table"))
    play(room)
    numbers = [e.number for e in read(room.table.recorder.path).events if isinstance(e, Injected)]
    assert sorted(set(numbers)) == sorted(numbers)


def test_everything_is_exported_without_a_secret_and_forgotten_only_when_asked_twice(room):
    turn(room.begin(2)[0], says="We begin.")
    packed = zipfile.ZipFile(io.BytesIO(room.teacher.get("/teacher/export").content))
    assert set(packed.namelist()) == {"table-01.jsonl", "room.jsonl", "participation.csv"}
    head, first, second = packed.read("participation.csv").decode("utf-8-sig").splitlines()
    assert head.startswith(
        "name,table or group,seat,people at the seat,turns,abstained,packages proposed,votes,signed or held"
    )
    assert first.split(",")[1:6] == ["1", "PM", "1", "1", "0"]
    assert second.split(",")[1:6] == ["1", "Engineer", "1", "0", "0"]
    told = packed.read("room.jsonl").decode()
    assert room.opened.secret not in told
    assert all("key" not in json.loads(line) for line in told.splitlines())
    assert "Nothing was deleted" in words(
        room.teacher.post("/teacher/forget", {"sure": "yes", "code": "XXXX"})
    )
    assert "Nothing was deleted" in words(room.teacher.post("/teacher/forget", {"code": room.opened.code}))
    assert room.folder.exists()
    room.teacher.post("/teacher/forget", {"sure": "yes", "code": room.opened.code})
    assert not room.folder.exists()


# --- nothing is lost ----------------------------------------------------------------------------


def test_a_laptop_that_is_started_again_finds_every_seat_and_every_answer(room):
    pm, engineer, data, *_ = room.begin(4)
    turn(pm, says="We begin.")
    turn(engineer, says="Kept although nobody has seen it.")
    room.act("hint", 1, text="Listen.")
    before = room.lesson.register.happened[:]
    room.again()
    assert room.lesson.register.happened == before
    assert "Kept although nobody has seen it." in words(engineer.get("/seat/turn"))
    assert "Kept although" not in words(pm.get("/seat/table"))
    assert "Listen." in words(data.get("/seat/table"))
    assert room.teacher.get("/teacher").status_code == 200
    play(room)
    run = read(room.table.recorder.path)
    assert sum(isinstance(e, Opened) and e.role == "engineer" for e in run.events) == 1


def test_a_full_disk_is_told_to_teacher_and_phone_and_the_answer_is_not_called_sent(room, monkeypatch):
    pm, *_ = room.begin(2)
    hold = room.table.recorder.hold

    def full(event):
        raise StorageError("table-01.jsonl: cannot be written: No space left on device")

    monkeypatch.setattr(room.table.recorder, "hold", full)
    reply = turn(pm, says="Is this kept?")
    assert (reply.status_code, "Not sent" in words(reply)) == (503, True)
    assert "Is this kept?" in reply.text
    assert "No space left" in words(room.teacher.get("/teacher"))
    monkeypatch.setattr(room.table.recorder, "hold", hold)
    assert turn(pm, says="Is this kept?").status_code == 200
    assert "No space left" not in words(room.teacher.get("/teacher"))


KILLS = int(os.environ.get("AIPM_KILLS", "2"))
"""How often a server is killed; 200 by hand."""


def test_a_server_that_is_killed_loses_no_answer_that_a_phone_was_told_is_sent(tmp_path):
    told, out = [], tmp_path / "undisturbed.jsonl"
    script = Path(__file__).with_name("killed_class.py")

    def run(folder, stop):
        done = subprocess.run(
            [sys.executable, script, folder, str(stop)], capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout.splitlines()

    code, lines = run(tmp_path / "whole", -1)
    assert code == 0, lines
    out.write_text(plain(tmp_path / "whole" / "table-01.jsonl"), "utf-8")
    steps = len(lines)
    for kill in range(KILLS):
        folder, at = tmp_path / f"killed-{kill}", 1 + (kill * 7919) % (4 * steps)
        code, told = run(folder, at)
        assert code in (-9, 0)
        code, rest = run(folder, -1)
        assert code == 0, rest
        assert plain(folder / "table-01.jsonl") == out.read_text("utf-8"), f"killed at the {at}th write"
        kept = (folder / "table-01.jsonl").read_text("utf-8")
        for line in told:
            assert kept.count(line) == 1, line


def plain(path):
    """A record without what varies."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return "\n".join(json.dumps({k: v for k, v in line.items() if k != "volatile"}) for line in lines)


# --- nobody looks into another's card -----------------------------------------------------------


def canaries(scenario):
    """The case with a word of its own in every private text: role -> its words."""
    data, found = scenario.plain(), {}
    for role, party in data["parties"].items():
        word = f"canary-{role.replace('_', '-')}-private"
        party["private"] = f"{party.get('private', '')} {word}"
        found.setdefault(role, set()).add(word)
        for n, line in enumerate(party.get("red_lines", [])):
            word = f"canary-{role.replace('_', '-')}-line-{n}"
            line["because"] = f"{word} {line['because']}"
            found[role].add(word)
    for fact in [
        *data.get("evidence", []),
        *(f for i in data.get("injects", []) for f in i.get("evidence", [])),
    ]:
        for role in fact.get("held_by", []):
            word = f"canary-fact-{fact['id']}"
            fact["says"] = f"{word} {fact['says']}" if word not in fact["says"] else fact["says"]
            found[role].add(word)
    text = json.dumps(data)
    from decimal import Decimal

    from aipm_agents.scenario.model import Scenario

    return Scenario.model_validate(json.loads(text, parse_float=Decimal)), found


CASES = sorted(bundled()) if os.environ.get("AIPM_CASES") == "all" else ["second-look"]
"""Which cases are searched for what is private; all of them by hand."""


@pytest.mark.parametrize("name", CASES)
def test_no_page_of_a_seat_holds_a_word_of_anothers_card(hold, name):
    scenario, secret = canaries(bundle(name))
    room = hold(scenario)
    phones = dict(zip(scenario.parties, room.begin(len(scenario.parties)), strict=True))
    outsider = Browser(room.app, address="10.0.9.1")
    late = room.phone("Late")
    for _ in range(2):
        for phone in (*phones.values(), late):
            for path in ("/", "/seat", "/seat/card", "/seat/case", "/seat/table", "/seat/turn", "/seat/after", "/seat/preview", "/teacher", "/teacher/export", "/board/x"):  # fmt: skip
                phone.get(path)
            turn(phone)
    for path in (
        "/",
        "/seat/card",
        "/teacher",
        "/teacher/export",
        "/events/teacher",
        "/board/x",
        "/seat/after",
    ):
        outsider.get(path)
    assert room.table.step.round >= 1
    tabled = {f"canary-fact-{name}" for name in room.table.record.tabled}  # and what rulings have told
    tabled |= {line.because.split()[0] for e in room.table.record.rulings for line in e.team.crossed}
    for role, phone in phones.items():
        others = (
            set().union(*(words_ for who, words_ in secret.items() if who != role)) - secret[role] - tabled
        )
        assert not [word for word in others if word in phone.seen], role
        assert [word for word in secret[role] if word in phone.seen]
    everything = set().union(*secret.values()) - tabled
    assert not [word for word in everything if word in outsider.seen + late.seen]
    room.act("hint", 1, text="x")
    assert not [w for w in everything if w.endswith("private") and w in room.teacher.seen]


ROUTES = (
    "/seat", "/seat/card", "/seat/case", "/seat/table", "/seat/turn", "/seat/after", "/seat/preview", "/events/seat", "/teacher",
    "/teacher/export", "/events/teacher", "/board/wrong", "/events/board/wrong",
)  # fmt: skip


def test_every_route_asks_who_is_there(room):
    pm, *_ = room.begin(2)
    turn(pm)
    stranger = Browser(room.app, address="10.0.9.2")
    stranger.client.cookies.set(tokens.SEAT, "x" * 22)
    stranger.client.cookies.set(tokens.TEACHER, "x" * 22)
    for path in ROUTES:
        assert stranger.get(path).status_code == 403, path
    for path in (
        "/seat/answer",
        "/seat/take-back",
        "/seat/sit",
        "/seat/take-over",
        "/teacher/act",
        "/teacher/forget",
    ):
        assert (
            stranger.post(path, {"act": "end", "sure": "yes", "code": room.opened.code}).status_code == 403
        ), path
        assert pm.post(path, {"act": "end"}, origin="http://evil.example").status_code == 403
        assert pm.post(path, {"act": "end"}, host="evil.example").status_code == 421
    assert pm.post("/teacher/act", {"act": "end"}).status_code == 403
    assert pm.get("/teacher").status_code == 403
    assert not room.lesson.over


def test_cookies_are_long_and_shut_away(room):
    phone = room.phone("A")
    (cookie,) = [each for each in phone.client.cookies.jar if each.name == tokens.SEAT]
    assert len(cookie.value) >= 22
    header = Browser(room.app).client.post(
        "/join", data={"code": room.opened.code, "name": "B"}, headers={"origin": ADDRESS.rstrip("/")}, follow_redirects=False
    ).headers["set-cookie"]  # fmt: skip
    assert "HttpOnly" in header
    assert "SameSite=strict" in header
    assert cookie.value not in room.lesson.register.path.read_text("utf-8")


def test_ten_thousand_guesses_of_the_code_and_of_the_teachers_address_find_nothing(room):
    guesser = Browser(room.app, address="10.0.9.3")
    door = room.app.app
    seen = set()
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    room.app.by_address.burst = room.app.by_address.a_second = 1e9
    for n in range(300):
        code = "".join(letters[n * k % 24] for k in (1, 5, 7, 11))
        if code != room.opened.code:
            seen.add(guesser.post("/join", {"code": code, "name": "x"}).status_code)
    assert door is not None
    assert seen == {403, 429}
    assert guesser.post("/join", {"code": room.opened.code, "name": "x"}).status_code == 429
    assert not room.lesson.roster.people
    guesses = tokens.Guesses(clock=lambda: 0.0)
    heard = [
        address for address in range(10_000) if guesses.may(str(address)) and not guesses.wrong(str(address))
    ]
    assert len(heard) == guesses.every
    assert {guesser.get(f"/teacher/enter/{'x' * 22}").status_code for _ in range(20)} == {403, 429}


@pytest.mark.parametrize("payload", [*CORPUS[:4], "\u202egnp.exe", "名字"])
def test_hostile_names_hints_and_words_stay_text(room, payload):
    pm, *_ = room.begin(2)
    room.phone(payload[:40])
    room.act("hint", 1, text=payload)
    turn(pm, says=payload)
    for browser in (pm, room.teacher, *room.phones[-1:]):
        for path in ("/seat/card", "/seat/table", "/seat/turn", "/teacher", room.board):
            page = browser.get(path)
            assert page.status_code in (200, 403)
            assert len(tags(page, "script")) == 1
            assert not tags(page, "img")
            for tag in ("a", "div", "p", "b", "span", "li", "input", "body", "form"):
                for each in tags(page, tag):
                    assert not any(name.startswith("on") for name in each), each
                    assert not each.get("href", "/").startswith("javascript:")


def test_chinese_is_spoken_to_whoever_chose_it(room):
    one, two = room.phone("甲", "zh-Hant"), room.phone("B", "en")
    room.act("deal")
    room.act("begin")
    assert 'lang="zh-Hant"' in one.get("/seat/turn").text
    assert 'lang="en"' in two.get("/seat/turn").text


def test_each_phone_has_the_case_in_its_own_words_and_the_table_is_one(room):
    """A Chinese card at an English table: its questions, facts and figures are the overlay's, what is sent are ids."""
    one, two = room.phone("甲", "zh-Hant"), room.phone("B", "en")
    room.act("deal")
    room.act("begin")
    role = room.lesson.roster.places["p1"][1]
    other = locate(room.scenario.id, "zh-Hant")
    said, own = read_case(other), room.scenario
    assert said.parties[role].private in words(one.get("/seat/card"))
    assert own.parties[role].private not in one.get("/seat/card").text
    assert said.question in words(one.get("/seat/case"))
    assert own.question in words(two.get("/seat/case"))
    assert not any(option.label in one.get("/seat/case").text for issue in own.issues for option in issue.options if len(option.label) > 12)  # fmt: skip
    for _ in range(30):
        for phone in (one, two):
            turn(phone, vote="yes")
        if room.lesson.over or room.table.round > 2:
            break
    labels = {option.label for issue in said.issues for option in issue.options}
    assert any(label in words(one.get("/seat/table")) for label in labels)
    assert not any(label in words(two.get("/seat/table")) for label in labels)
    assert room.table.transcript.scenario.language == "en"
    assert read(room.table.recorder.path).scenario == own, "the record is in one language, and whole"


def test_a_case_with_other_figures_than_its_texts_know_stays_in_its_own_language(tmp_path):
    changed = bundle("refund-copilot").model_copy(update={"rounds": 3})
    room = Room(tmp_path, changed)
    page = words(room.phone("甲", "zh-Hant").get("/"))
    assert changed.title in page
    assert room.lesson.cases.told("zh-Hant") is room.lesson.scenario
    room.lesson.close()
