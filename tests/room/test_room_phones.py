"""Ten phones at two tables in one real Chromium: two languages, one without scripts, one on a network of 400 ms that loses
one request in twenty, one without any network for a while, one lost for good. Dear: `AIPM_PHONES=10` asks for it."""

from __future__ import annotations

import itertools
import os
import time

import pytest
from test_room_browser import Guest, eventually, hall

from aipm_agents.room import tokens
from aipm_agents.room.board import board_path
from aipm_agents.table.events import Stopped

__all__ = ["hall"]
PHONES = int(os.environ.get("AIPM_PHONES", "0"))
AWAY = float(os.environ.get("AIPM_AWAY", "5"))
"""Seconds without a network; a minute by hand."""
FIRST = {"pm": {}, "engineer": {"script": False}, "data_scientist": {"locale": "zh-TW", "scheme": "dark"}, "legal": {}, "marketing": {"locale": "zh-TW"}}  # fmt: skip


@pytest.mark.skipif(PHONES < 10, reason="ten phones are asked for by AIPM_PHONES=10")
def test_ten_phones_at_two_tables(hall, browser):
    base, lesson = hall
    teacher, board = Guest(browser, base, 1280, 800), Guest(browser, base, 1280, 720, "dark")
    teacher.go(f"/teacher/enter/{tokens.derived(lesson.opened.secret, 'teacher')}")
    board.go(board_path(lesson))
    tables = {n: {role: Guest(browser, base, **more) for role, more in FIRST.items()} for n in (1, 2)}
    slow(tables[1]["legal"])
    for number, people in tables.items():
        for role, guest in people.items():
            page = guest.go(f"/?code={lesson.opened.code}")
            page.fill("#name", f"{role} {number}")
            page.select_option("#table", str(number))
            page.click("form.join button.main")
            page.wait_for_selector(".rejoin")
    teacher.page.wait_for_selector("text=10 without a seat")
    teacher.page.click("text=Deal the seats")
    eventually(lambda: lesson.roster.places.get("p10") == (2, "marketing"))
    teacher.page.click("button:text-is('Begin')")
    board.page.wait_for_selector(".track >> nth=1")
    signed(lesson, tables[1])
    out_of_time(lesson, tables[2], teacher, Guest(browser, base), Guest(browser, base, locale="zh-TW"))
    teacher.page.wait_for_selector("text=Open the cards")
    teacher.page.click("text=Open the cards")
    board.page.wait_for_selector("text=before anyone sees")
    teacher.page.click("text=Show the groups side by side")
    board.page.wait_for_selector("text=The class, side by side")
    board.looked_over("board, the class")
    for people in tables.values():
        for role, guest in people.items():
            page = guest.go("/seat/after")
            assert page.locator("main section, main blockquote, main h2").count() >= 3, role
            assert guest.said == [] or role in ("legal", "marketing"), (
                guest.said
            )  # what the browser says of a bad network
            guest.context.close()


def slow(guest):
    """400 ms, and one request in twenty is lost."""
    wire, count = guest.context.new_cdp_session(guest.page), itertools.count(1)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 20_000})  # fmt: skip

    def lossy(route):
        lost = next(count) % 20 == 0 and route.request.resource_type in ("fetch", "xhr")
        route.abort() if lost else route.continue_()

    guest.context.route("**/seat/**", lossy)


def send(guest, **fields):
    """Fill in a turn and send it, by touch."""
    page = guest.go("/seat/turn")
    for name, value in fields.items():
        if name == "vote":
            page.check(f"#vote-{value}", force=True)
        elif name == "facts":
            for box in page.locator("[name=tables]").all():
                box.check()
        else:
            page.fill(f"#{name}", value)
    page.click("#send")
    page.wait_for_selector("#send", state="detached")


def propose(guest):
    page = guest.go("/seat/turn")
    for number in range(3):
        page.locator("fieldset.chips").nth(number).locator("label.chip").nth(1).click()
    page.wait_for_selector("#preview .badge")
    page.click("#send")
    page.wait_for_selector("#send", state="detached")


def signed(lesson, people):
    """To a deal: everybody tells what they know, and carries the package."""
    pm, *colleagues = people.values()
    send(pm, says="Who gets it first?")
    for guest in colleagues:
        send(guest, facts=True)
    eventually(lambda: lesson.tables[1].step.phase == "propose")
    propose(pm)
    away = people["marketing"]
    page = away.go("/seat/turn")
    away.context.set_offline(True)
    page.check("#vote-yes", force=True)
    page.click("#send")
    page.wait_for_selector("#away:not([hidden])")
    for role in ("engineer", "data_scientist", "legal"):
        send(people[role], vote="yes")
    time.sleep(AWAY)
    assert "marketing" not in lesson.tables[1].held
    away.context.set_offline(False)
    page.wait_for_selector("#send", state="detached", timeout=40_000)
    eventually(lambda: lesson.tables[1].step.phase == "sign")
    page = pm.go("/seat/turn")
    page.fill("#says", "So be it.")
    page.press("#says", "Tab")
    page.check("#signs-yes", force=True)
    page.click("#send")
    eventually(lambda: lesson.tables[1].over)
    assert lesson.tables[1].record.decision.outcome == "go"


def out_of_time(lesson, people, teacher, new, late):
    """A silent seat and its deputy, a trade and a question, a lost phone, somebody late; and then time is out."""
    pm, engineer, data, legal, marketing = people.values()
    send(pm, says="Who gets it first?")
    for guest in (engineer, legal, marketing):
        send(guest, says="Not everybody.")
    lesson.clocks[2].add(-(lesson.opened.patience + 1))
    eventually(lambda: (2, "data_scientist") in lesson.roster.deputies)
    pm.page.wait_for_selector(".notice.silent")  # it is announced, on a phone that nobody touches
    data.page.wait_for_selector("[data-here]")
    data.page.mouse.click(20, 300)
    eventually(lambda: not lesson.roster.deputies)
    engineer.context.close()
    page = new.go("/")
    page.click("#more-again summary")
    page.fill("#rejoin", tokens.rejoin_code(lesson.opened.secret, "p7"))
    page.click("#more-again button")
    page.wait_for_selector(".tabs")
    people["engineer"] = new
    eventually(lambda: lesson.tables[2].step.phase == "propose")
    propose(pm)
    page = marketing.go("/seat/turn")
    page.click("#more-trade summary")
    page.select_option("#give", index=2)
    page.select_option("#get", index=4)
    page.click("#more-question summary")
    page.select_option("#question-to", "legal")
    page.select_option("#question-about", index=1)
    page.check("#vote-no", force=True)
    page.click("#send")
    page.wait_for_selector("#send", state="detached")
    move = lesson.tables[2].held["marketing"].move
    assert (move.question.to, bool(move.trade)) == ("legal", True)
    page.click("form[action='/seat/take-back'] button")
    page.wait_for_selector("#give")
    assert page.input_value("#give") != ""
    page.click("#send")
    page.wait_for_selector("#send", state="detached")
    assert lesson.tables[2].held["marketing"].move == move
    for guest in (new, data, legal):
        send(guest, vote="no")
    eventually(lambda: lesson.tables[2].step.round == 2)
    late.join(lesson.opened.code, "Late")
    eventually(lambda: lesson.roster.places.get("p11", (0, "x"))[1] == "")
    teacher.page.reload()
    teacher.page.locator("#table-2 button.grave").click()
    eventually(lambda: lesson.tables[2].over)
    assert isinstance(lesson.tables[2].events[-1], Stopped)
