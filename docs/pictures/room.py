"""The pictures of the room in the README: phones, the board, the teacher's page, a run in the browser.

    python docs/pictures/room.py

Needs Chromium and the [dev] extra, as `make.py` beside it. A class of two tables is served and played here.
"""

from __future__ import annotations

import base64
import os
import shutil
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from make import played
from playwright.sync_api import sync_playwright

from aipm_agents.room import looking, tokens
from aipm_agents.room.board import board_path
from aipm_agents.room.chairs import Chairs
from aipm_agents.room.classroom import site
from aipm_agents.room.lesson import Lesson
from aipm_agents.room.register import Register, new_class
from aipm_agents.room.server import Server, claimed, port_of
from aipm_agents.scenario.library import bundled
from aipm_agents.scenario.reader import read as scenario_of
from aipm_agents.seats.embedded import Embedded
from aipm_agents.table.moves import Opening, Position, Proposal, Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page
    from starlette.types import ASGIApp

HERE = Path(__file__).parent
PACKAGE = {"reach": "region", "review": "nobody", "path": "rules"}


@contextmanager
def served(make: object) -> Iterator[str]:
    """A program at an address of this machine; `make` gets the address."""
    listening = claimed("127.0.0.1", 0)
    base = f"http://127.0.0.1:{port_of(listening)}"
    app: ASGIApp = make(base)  # type: ignore[operator]
    server = Server(listening)
    thread = threading.Thread(target=server.run, args=(app,), daemon=True)
    thread.start()
    try:
        yield base
    finally:
        server.leave()
        thread.join(10)
        listening.close()


def phone(browser: Browser, base: str, token: str, path: str, scheme: str = "light") -> Page:
    context = browser.new_context(viewport={"width": 360, "height": 700}, color_scheme=scheme)
    context.add_cookies([{"name": tokens.SEAT, "value": token, "url": base}])
    page = context.new_page()
    page.goto(base + path)
    return page


def side_by_side(browser: Browser, pictures: list[bytes], to: Path) -> None:
    shown = "".join(
        f'<img src="data:image/png;base64,{base64.b64encode(each).decode()}">' for each in pictures
    )
    page = browser.new_page(viewport={"width": 1000, "height": 660})
    page.set_content(
        f"<style>body{{margin:0;padding:16px;background:#e9e6df;display:flex;gap:20px;justify-content:center}}img{{width:304px;border-radius:20px;border:3px solid #2b2f35}}</style>{shown}"
    )
    page.screenshot(path=to)


def main() -> None:
    case = scenario_of(bundled()["refund-copilot"])
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        chromium = os.environ.get("AIPM_CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        opened = new_class(case, seed=7, tables=3, minutes=50, patience=240, kinds={})
        opened = opened.model_copy(update={"code": "KITE"})
        lesson = Lesson(
            Register(Path(name) / "class", opened),
            Chairs({"embedded": {r: Embedded() for r in case.parties}}),
        )
        with served(lambda base: site(lesson, "http://192.168.1.20:8300/")) as base:
            board = browser.new_page(viewport={"width": 1100, "height": 560})
            board.goto(base + board_path(lesson))
            people = {}
            for number, who in enumerate(("Ada", "Ben", "Chen", "Dora", "Eva", "Finn"), start=1):
                person, token = lesson.join(who, "en")
                people[number] = (person, token)
            board.reload()
            board.screenshot(path=HERE / "room-board.png")
            for number, role in enumerate(("pm", "engineer", "legal", "pm", "engineer", "legal"), start=1):
                lesson.seat(people[number][0].id, 1 + (number > 3), role)
            lesson.begin()
            lesson.answer(
                "p1", "frame", 0, Words(says="Nine days is too long. What can we promise this quarter?")
            )
            lesson.answer(
                "p2", "open", 0, Opening(says="I need a week of tests before anybody outside sees it.")
            )
            lesson.answer("p3", "open", 0, Opening(says="Whatever it writes, we have promised."))
            lesson.answer(
                "p1", "propose", 1, Proposal(package=PACKAGE, says="One region, and rules decide the amount.")
            )
            lesson.answer("p3", "answer", 1, Position(vote="no", says="Who reads it before it goes out?"))
            lesson.answer("p4", "frame", 0, Words(says="Let us hear what everybody needs."))
            shots = []
            page = phone(browser, base, people[3][1], "/seat/card", "dark")
            page.evaluate("document.querySelector('details.veil').open = true")
            shots.append(page.screenshot())
            page = phone(browser, base, people[2][1], "/seat/turn")
            page.check("#vote-yes_if", force=True)
            page.evaluate("scrollTo(0, 60)")
            shots.append(page.screenshot())
            lesson.answer("p2", "answer", 1, Position(vote="yes", says="That I can build."))
            page = phone(browser, base, people[1][1], "/seat/turn")
            page.locator("input[value=above_50]").check(force=True)
            page.wait_for_timeout(800)
            page.evaluate("scrollTo(0, document.querySelector('#preview').offsetTop - 330)")
            shots.append(page.screenshot())
            side_by_side(browser, shots, HERE / "room-phones.png")
            teacher = browser.new_page(viewport={"width": 1100, "height": 640})
            teacher.goto(f"{base}/teacher/enter/{tokens.derived(opened.secret, 'teacher')}")
            teacher.wait_for_timeout(500)
            teacher.screenshot(path=HERE / "room-teacher.png")
        lesson.close()
        runs = Path(name) / "runs"
        runs.mkdir()
        run = played(runs, "fading-forecast", 3)
        with served(lambda base: looking.site(runs)) as base:
            page = browser.new_page(viewport={"width": 1000, "height": 720})
            assert run.path is not None
            page.goto(f"{base}/run/{run.path.name}?round=2")
            page.screenshot(path=HERE / "view.png")
        browser.close()


if __name__ == "__main__":
    main()
