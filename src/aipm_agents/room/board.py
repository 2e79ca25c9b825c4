"""The board, for a projector: how to join, then one track a table, then the class with its cards open. It shows no
package before that, and never a score or a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import segno
from markupsafe import Markup
from sse_starlette import EventSourceResponse
from starlette.responses import Response  # noqa: TC002 - Starlette reads the hints of its routes
from starlette.routing import Route

from aipm_agents.analysis.space.prospects import prospects
from aipm_agents.report.words import vocabulary
from aipm_agents.room import afterwards, asking, paper, phone, tokens
from aipm_agents.room.entering import Entering
from aipm_agents.room.hour import Hour
from aipm_agents.room.students import outcome
from aipm_agents.table.events import last_ruling

if TYPE_CHECKING:
    from starlette.requests import Request

    from aipm_agents.room.lesson import Lesson
    from aipm_agents.room.sitting import Sitting


def board_path(lesson: Lesson) -> str:
    """Its address: the code it shows is for those who are in the room."""
    return f"/board/{tokens.derived(lesson.opened.secret, 'board')}"


class Board:
    def __init__(self, lesson: Lesson, address: str) -> None:
        """`address`: what phones open, without the code."""
        self.lesson, self.address = lesson, address
        self.hour = Hour(lesson)
        self.deciding = prospects(lesson.scenario).deciding_evidence

    def routes(self) -> list[Route]:
        return [Route("/board/{key}", self.page), Route("/events/board/{key}", self.events)]

    async def page(self, request: Request) -> Response:
        if not self._known(request):
            return asking.nobody()
        lesson, roster = self.lesson, self.lesson.roster
        shown: dict[str, Any] = {}
        if roster.cards_open and Entering(lesson).over:
            made = await afterwards.whole(lesson, self.deciding)
            number = min(roster.question, len(made.questions))
            asked = "" if number == 1 else made.questions[max(0, number - 1)]
            shown = {"beside": made.beside, "more": made.more, "alone": not number, "question": asked, "number": max(1, number), "of": len(made.questions)}  # fmt: skip
        return paper.page(
            "board.html.jinja", lesson.scenario.title, scenario=lesson.scenario, begun=roster.begun, rehearsal=lesson.opened.rehearsal, open=bool(shown), key=request.path_params["key"],
            code=lesson.opened.code, address=self.address, qr=qr(f"{self.address}?code={lesson.opened.code}"), count=len(roster.people),
            tracks=[self._track(lesson.tables[n]) for n in sorted(lesson.tables)], version=self.lesson.version, hour=self.hour, over=lesson.over, **shown,
        )  # fmt: skip

    def _track(self, sitting: Sitting) -> dict[str, Any]:
        ruling, clock = last_ruling(sitting.events), self.lesson.clocks[sitting.number]
        gates = [(vocabulary.CHECKPOINT_TITLES[n], v) for n, v in ruling.verdicts.items()] if ruling else []
        return {
            "number": sitting.number, "round": sitting.round, "gates": gates, "over": sitting.over,
            "phase": outcome(sitting) if sitting.over else phone.phase(sitting),
            "left": None if sitting.over or clock.still else max(0, int(clock.left)), "paused": sitting.number in self.lesson.roster.paused,
        }  # fmt: skip

    def _known(self, request: Request) -> bool:
        return tokens.same(f"/board/{request.path_params['key']}", board_path(self.lesson))

    async def events(self, request: Request) -> Response:
        if not self._known(request):
            return asking.nobody()
        return EventSourceResponse(self.lesson.bell.heard(self.lesson.topics, rest=0.4), ping=15)


def qr(text: str) -> Markup:
    """A QR code as SVG: black on white whatever the page is, so that every camera reads it."""
    made = segno.make(text, error="m").svg_inline(border=4, omitsize=True, svgclass="qr", lineclass=None, dark="#000", light="#fff")  # fmt: skip
    return Markup(made)
