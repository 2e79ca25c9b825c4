"""A class in a real Chromium, over real HTTP: phones in two languages, one without scripts, a board, a teacher; a phone
that loses its network, one that is played by keyboard alone; no rule of accessibility broken, no line on the console."""

from __future__ import annotations

import threading
import time

import httpx
import pytest
from records import bundle
from roomful import chairs

from aipm_agents.room import tokens
from aipm_agents.room.board import board_path
from aipm_agents.room.classroom import site
from aipm_agents.room.lesson import Lesson
from aipm_agents.room.register import Register, new_class
from aipm_agents.room.server import Server, claimed, port_of


@pytest.fixture(scope="module")
def hall(tmp_path_factory):
    """A class that is served; its address, its lesson."""
    folder = tmp_path_factory.mktemp("hall") / "class"
    case = bundle("refund-copilot")
    opened = new_class(case, seed=1, tables=2, minutes=50, patience=600, kinds={})
    lesson = Lesson(Register(folder, opened), chairs(case))
    listening = claimed("127.0.0.1", 0)
    base = f"http://127.0.0.1:{port_of(listening)}"
    server = Server(listening)
    thread = threading.Thread(target=server.run, args=(site(lesson, f"{base}/"),), daemon=True)
    thread.start()
    yield base, lesson
    server.leave()
    thread.join(10)
    listening.close()
    lesson.close()


class Guest:
    """A window of somebody, with all that its console said."""

    def __init__(self, browser, base, width=360, height=740, scheme="light", locale="en-US", script=True):
        self.base, self.said = base, []
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, locale=locale,
            java_script_enabled=script, service_workers="block",
        )  # fmt: skip
        self.page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def go(self, path):
        from playwright.sync_api import Error

        try:
            self.page.goto(self.base + path)
        except Error as error:  # the page was just going on by itself, to the round that had come
            if "interrupted by another navigation" not in str(error):
                raise
            self.page.wait_for_load_state()
            self.page.goto(self.base + path)
        return self.page

    def join(self, code, name):
        page = self.go(f"/?code={code}")
        page.fill("#name", name)
        page.click("form.join button.main")
        page.wait_for_selector(".rejoin")

    def send(self, **more):
        page = self.go("/seat/turn")
        page.fill("#says", more.get("says", "As I see it."))
        page.click("#send")
        page.wait_for_function("!document.querySelector('#send')" if more.get("script", True) else "true")

    def looked_over(self, where):
        """No rule of axe broken, nothing wider than the window, every target large enough for a thumb."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page)
        assert found.violations_count == 0, (where, found.generate_report())
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where
        small = self.page.evaluate("""[...document.querySelectorAll('button, .button, .tabs a, select, .chip, .row, summary, textarea')]
            .filter(e => e.offsetParent && !e.classList.contains('plain-only') && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 90))""")
        assert [each for each in small if "<summary" not in each] == [], where


def eventually(true, seconds=20):
    """The other side is a thread of its own."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_class_in_real_windows(hall, browser):
    base, lesson = hall
    code = lesson.opened.code
    teacher, board = Guest(browser, base, 1280, 800), Guest(browser, base, 1280, 720, "dark")
    teacher.go(f"/teacher/enter/{tokens.derived(lesson.opened.secret, 'teacher')}")
    board.go(board_path(lesson))
    board.looked_over("board, joining")
    pm, plain, chinese = (
        Guest(browser, base),
        Guest(browser, base, script=False),
        Guest(browser, base, 360, 740, "dark", "zh-TW"),
    )
    for guest, name in ((pm, "Ada"), (plain, "Ben"), (chinese, "小明")):
        guest.join(code, name)
    board.page.wait_for_selector("text=3 people are here")  # it hears of it by itself
    pm.looked_over("waiting")
    teacher.page.wait_for_selector("text=3 without a seat")
    teacher.page.click("text=Deal the seats")
    teacher.page.wait_for_selector("text=Undo the deal")
    teacher.page.click("text=Undo the deal")
    eventually(lambda: not lesson.roster.places)
    for person, role in (("p1", "pm"), ("p2", "engineer"), ("p3", "legal")):
        lesson.roster.people[person]
        teacher.page.goto(f"{base}/teacher")
        teacher.page.click(f"#move-{person} summary")
        teacher.page.select_option(f"#move-{person} [name=role]", role)
        teacher.page.click(f"#move-{person} button")
        eventually(lambda person=person, role=role: lesson.roster.places.get(person) == (1, role))
    teacher.page.goto(f"{base}/teacher")
    teacher.page.click("button:text-is('Begin')")
    teacher.page.wait_for_selector("text=Pause all")
    teacher.looked_over("teacher")
    board.page.wait_for_selector(".track")
    board.looked_over("board, tables")
    pm.page.wait_for_selector("details.veil")  # the phone of itself
    _card(pm, code)
    pm.go("/seat/turn").fill("#says", "Who gets it first?")
    pm.looked_over("framing")
    pm.page.reload()
    assert pm.page.input_value("#says") == "Who gets it first?"  # a draft survives
    pm.page.click("#send")
    pm.page.wait_for_selector("text=Everybody says what they need")
    _offline(chinese, lesson)
    plain.send(says="I need a week.", script=False)
    eventually(lambda: lesson.tables[1].step.phase == "propose")
    pm.page.wait_for_selector("text=Your package")  # nobody touched the phone
    for number in range(3):
        pm.page.locator("fieldset.chips").nth(number).locator("label.chip").nth(1).click()
    pm.page.wait_for_selector("#preview .badge")
    came = pm.page.inner_text("#preview")
    pm.go("/seat/table")
    pm.go("/seat/turn").wait_for_selector("#preview .badge")
    assert pm.page.inner_text("#preview") == came  # a draft brings its figures along
    pm.looked_over("package")
    pm.page.click("#send")
    chinese.page.wait_for_selector("text=你的回應")
    chinese.looked_over("answer, in Chinese")
    _by_keyboard(chinese, lesson)
    plain.go("/seat/turn").check("#vote-yes", force=True)
    plain.page.click("#send")
    eventually(
        lambda: (
            lesson.tables[1].step.round > 1 or lesson.tables[1].step.phase == "sign" or lesson.tables[1].over
        )
    )
    pm.go("/seat/table")
    pm.looked_over("table")
    teacher.page.goto(f"{base}/teacher")
    if not lesson.over:
        teacher.page.click("text=Time is out for all")
    teacher.page.click("text=Open the cards")
    teacher.page.wait_for_selector("text=The cards are open")
    board.page.wait_for_selector("text=before anyone sees")
    teacher.page.click("text=Show the groups side by side")
    board.page.wait_for_selector("text=The class, side by side")
    board.looked_over("board, the class")
    pm.go("/seat/after")
    pm.looked_over("afterwards")
    assert pm.page.locator("text=One thing you could have asked").count() == 1
    for guest in (pm, board, teacher, plain):
        assert guest.said == []
    assert all("ERR_INTERNET_DISCONNECTED" in line for line in chinese.said)  # which the browser itself says
    pm.go("/seat/table")
    _asks(pm, "/rejoin", rejoin=tokens.rejoin_code(lesson.opened.secret, "p1"))
    pm.page.wait_for_selector("text=This browser has no seat here")  # another phone has it now, card and all
    for guest in (pm, board, teacher, plain, chinese):
        guest.context.close()


def _asks(guest, path, **data):
    """Somebody elsewhere sends a form."""
    httpx.post(guest.base + path, data=data, headers={"origin": guest.base}, timeout=30)


def _card(guest, code):
    """Seen while it is held, and hidden when it is let go or the page is left."""
    page = guest.go("/seat/card")
    sheet = page.locator(".veil .sheet")
    assert not sheet.is_visible()
    box = page.locator(".veil > summary").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 20)
    page.mouse.down()
    assert sheet.is_visible()
    page.mouse.up()
    assert not sheet.is_visible()
    page.focus(".veil > summary")
    page.keyboard.down("Space")
    assert sheet.is_visible()
    page.evaluate("document.querySelector('#card').dataset.seen = 1")
    _asks(guest, "/join", code=code, name="Dee", language="en")  # which every phone hears of
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').filter(e => e.initiatorType === 'fetch').length > 0"
    )
    assert sheet.is_visible()
    guest.looked_over("card")
    page.keyboard.up("Space")
    assert not sheet.is_visible()
    assert page.evaluate("document.querySelector('#card').dataset.seen") == "1"  # nobody's coming replaces it


def _offline(guest, lesson):
    """What is sent without a network stays on the phone, says so, and goes of itself once there is one."""
    page = guest.go("/seat/turn")
    guest.context.set_offline(True)
    page.fill("#says", "離線時寫的。")
    page.click("#send")
    page.wait_for_selector("#away:not([hidden])")
    assert "legal" not in lesson.tables[1].held
    guest.context.set_offline(False)
    page.wait_for_selector("text=已送出")
    assert lesson.tables[1].held["legal"].move.says == "離線時寫的。"


def _by_keyboard(guest, lesson):
    """A vote and its words without a finger on the glass."""
    page = guest.page
    page.keyboard.press("Tab")
    for _ in range(60):
        if page.evaluate("document.activeElement.name") == "vote":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    while page.evaluate("document.activeElement.value") != "yes":
        page.keyboard.press("ArrowRight")
    for _ in range(60):
        if page.evaluate("document.activeElement.id") == "send":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=已送出")
    assert lesson.tables[1].held["legal"].move.vote == "yes"
