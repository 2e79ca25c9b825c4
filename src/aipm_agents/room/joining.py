"""Coming in: the room's code and a nickname, or one's own code on another phone. No accounts, and few guesses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response  # noqa: TC002 - Starlette reads the hints of its routes
from starlette.routing import Route

from aipm_agents.language import LANGUAGES, mark, speaking, tr
from aipm_agents.room import asking, paper, tokens

if TYPE_CHECKING:
    from starlette.requests import Request

    from aipm_agents.roles import Language
    from aipm_agents.room.lesson import Lesson


_CASE_TOO = mark(
    "The language of the buttons and of the case, on this phone. What is said at the table stays as it is said."
)
_CASE_IN: dict[Language, str] = {
    "en": mark("The language of the buttons. The case itself, and what the program says in it, is in English."),
    "zh-Hant": mark("The language of the buttons. The case itself, and what the program says in it, is in Traditional Chinese."),
}  # fmt: skip


class Joining:
    def __init__(self, lesson: Lesson) -> None:
        self.lesson, self.guesses = lesson, tokens.Guesses()

    def routes(self) -> list[Route]:
        return [
            Route("/", self.door), Route("/join", self.join, methods=["POST"]),
            Route("/rejoin", self.rejoin, methods=["POST"]),
        ]  # fmt: skip

    async def door(self, request: Request) -> Response:
        return self._door(request, request.query_params.get("code", ""))

    def _door(
        self, request: Request, code: str, wrong: str = "", status: int = 200, name: str = ""
    ) -> Response:
        language = asking.wanted(request)
        with speaking(language):
            about, own = self.lesson.cases.told(language), self.lesson.scenario
            both = len({self.lesson.cases.told(each).language for each in LANGUAGES}) > 1
            return paper.page(
                "join.html.jinja", about.title, status, scenario=about, code=tokens.tidied(code)[:4], wrong=wrong and tr(wrong),
                tables=self.lesson.roster.tables, case_language=tr(_CASE_TOO if both else _CASE_IN[own.language]), known=asking.person(self.lesson, request), name=name,
            )  # fmt: skip

    async def join(self, request: Request) -> Response:
        form, who = await request.form(), asking.address(request)
        code, name = tokens.tidied(str(form.get("code", ""))), str(form.get("name", "")).strip()[:40]
        if not self.guesses.may(who):
            return self._door(request, "", mark("Too many wrong codes; wait a minute."), 429, name)
        if not tokens.same(code, self.lesson.opened.code):
            self.guesses.wrong(who)
            return self._door(
                request,
                code,
                mark("That is not the code of this room. The code stands on the board, four letters."),
                403,
                name,
            )
        if not name or not name.isprintable():
            return self._door(request, code, mark("Write a name or a number to be called by."), 422)
        try:
            language, wish = asking.language_of(form.get("language")), asking.number(form.get("table"))
            person, token = self.lesson.join(name, language, wish)
            if self.lesson.roster.begun:
                self.lesson.watch(person.id)
        except asking.CAUGHT as error:
            return self._door(request, code, asking.why(error), 409, name)
        return self._in(token)

    async def rejoin(self, request: Request) -> Response:
        form, who = await request.form(), asking.address(request)
        if not self.guesses.may(who):
            return self._door(request, "", mark("Too many wrong codes; wait a minute."), 429)
        found = self.lesson.rejoin(str(form.get("rejoin", ""))[:40])
        if found is None:
            self.guesses.wrong(who)
            return self._door(request, "", mark("Nobody here has that code."), 403)
        return self._in(found[1])

    def _in(self, token: str) -> Response:
        response = asking.to("/seat")
        tokens.give(response, tokens.SEAT, token)
        return response
