"""A class for tests: its program in this process, and phones that fill in its forms as people do."""

from __future__ import annotations

from asking import Browser, tags
from records import bundle

from aipm_agents.room import tokens
from aipm_agents.room.board import board_path
from aipm_agents.room.chairs import Chairs
from aipm_agents.room.classroom import site
from aipm_agents.room.lesson import Lesson
from aipm_agents.room.register import Register, new_class
from aipm_agents.seats.embedded import Embedded

ADDRESS = "http://127.0.0.1:8300/"


def chairs(scenario, **others):
    return Chairs({"embedded": {role: Embedded() for role in scenario.parties}, **others})


class Room:
    """One class and everybody in it. `again` is what a restart of the laptop is."""

    def __init__(self, folder, scenario=None, *, tables=1, kinds=None, players=None, **more):
        self.scenario = scenario or bundle("refund-copilot")
        self.folder, self.players = folder, players or {}
        opened = new_class(
            self.scenario, seed=more.get("seed", 1), tables=tables, minutes=50, patience=more.get("patience", 240),
            kinds=kinds or {}, rehearsal=more.get("rehearsal", False),
        )  # fmt: skip
        self._open(Register(folder, opened))
        self.phones = []
        self.teacher = Browser(self.app, address="10.0.0.1")
        self.teacher.get(f"/teacher/enter/{tokens.derived(opened.secret, 'teacher')}")

    def _open(self, register):
        self.lesson = Lesson(register, chairs(self.scenario, **self.players))
        self.app = site(self.lesson, ADDRESS)
        self.opened, self.board = register.opened, board_path(self.lesson)

    def again(self):
        """The same folder, a new program; phones and teacher keep their cookies."""
        self.lesson.close()
        self._open(Register(self.folder))
        self.lesson.wake()
        for browser in (self.teacher, *self.phones):
            fresh = Browser(self.app, address=browser.address)
            fresh.client.cookies = browser.client.cookies
            browser.client = fresh.client

    def phone(self, name, language="en", **more):
        browser = Browser(self.app, address=f"10.0.1.{len(self.phones) + 1}")
        browser.name = name
        browser.get("/")
        browser.post("/join", {"code": self.opened.code, "name": name, "language": language, **more})
        self.phones.append(browser)
        return browser

    def join(self, count):
        return [self.phone(f"N{len(self.phones) + 1}") for _ in range(count)]

    def act(self, act, table=0, **more):
        return self.teacher.post("/teacher/act", {"act": act, "table": str(table), **more})

    def begin(self, count):
        """So many people, seats dealt, tables laid."""
        phones = self.join(count)
        self.act("deal")
        self.act("begin")
        return phones

    @property
    def table(self):
        return self.lesson.tables[1]


def fields(page):
    """What a turn's form sends as it stands; None where there is none."""
    inputs = tags(page, "input")
    hidden = {each["name"]: each["value"] for each in inputs if each.get("type") == "hidden"}
    return hidden if "verb" in hidden else None


def turn(phone, **more):
    """Fill in the form of a turn and send it; what came back, or None where nothing is asked."""
    page = phone.get("/seat/turn")
    data = fields(page)
    if data is None:
        return None
    inputs = tags(page, "input")
    match data["verb"]:
        case "propose":
            for each in inputs:
                if each.get("type") == "radio":
                    data.setdefault(each["name"], each["value"])
        case "answer":
            data["vote"] = "yes"
        case "sign":
            data["signs"] = "yes"
    return phone.post("/seat/answer", {**data, **more})


def play(room, **more):
    """Everybody answers what they are asked, until the tables have decided."""
    for _ in range(200):
        if room.lesson.over:
            return
        for phone in room.phones:
            turn(phone, **more)
    raise AssertionError("the class never ended")
