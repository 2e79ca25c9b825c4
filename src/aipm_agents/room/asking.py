"""What a request says of who asks, and what is said back: shared by the pages of phones, board and teacher."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from aipm_agents.errors import AipmError, SeatError, StorageError
from aipm_agents.language import LANGUAGES, spoken, tr
from aipm_agents.room import paper, tokens
from aipm_agents.room.lesson import Refused

if TYPE_CHECKING:
    from starlette.requests import Request

    from aipm_agents.roles import Language
    from aipm_agents.room.lesson import Lesson
    from aipm_agents.room.roster import Person


def person(lesson: Lesson, request: Request) -> Person | None:
    return lesson.who(request.cookies.get(tokens.SEAT))


def is_teacher(lesson: Lesson, request: Request) -> bool:
    token = request.cookies.get(tokens.TEACHER, "")
    return tokens.same(token, tokens.derived(lesson.opened.secret, "teacher"))


def address(request: Request) -> str:
    return request.client.host if request.client else ""


def wanted(request: Request) -> Language:
    """The language a browser asks for first among ours."""
    asked = request.query_params.get("lang") or request.headers.get("accept-language", "")
    for part in asked.split(","):
        name = part.partition(";")[0].strip().lower()
        if name.startswith("zh"):
            return "zh-Hant"
        if name.startswith("en"):
            return "en"
    return spoken()


def number(value: object, otherwise: int = 0) -> int:
    """What a form says for a small number."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else otherwise


def language_of(text: object) -> Language:
    return next((each for each in LANGUAGES if each == text), "en")


def to(path: str) -> Response:
    """Go there, with GET."""
    return RedirectResponse(path, 303)


def told(title: str, text: str, status: int = 200, back: tuple[str, str] | None = None) -> Response:
    return paper.page("told.html.jinja", title, status, told=text, back=back)


def nobody() -> Response:
    return told(tr("Who are you?"), tr("This browser has no seat here."), 403, ("/", tr("Join the room")))


def why(error: Exception) -> str:
    """An error in the words of whoever meets it."""
    if isinstance(error, Refused):
        return tr(str(error.args[0]))
    if isinstance(error, StorageError):
        return tr("The laptop cannot write. What you were told is sent is safe; try again in a moment.")
    return str(error)


CAUGHT = (Refused, SeatError, StorageError, AipmError)
