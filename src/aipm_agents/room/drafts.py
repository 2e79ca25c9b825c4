"""A scenario of one's own, drafted in the browser: the conversation of `aipm draft`, a question a page.

The page carries its answers; the server keeps none and writes nothing. What it ends with is a file to keep.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, NamedTuple

from starlette.responses import Response
from starlette.routing import Route

from aipm_agents.drafting.questions import BACK
from aipm_agents.drafting.remarks import counted, remarks
from aipm_agents.drafting.talk import Talk
from aipm_agents.drafting.written import draft
from aipm_agents.errors import AipmError
from aipm_agents.language import spoken, tr
from aipm_agents.redaction import redacted
from aipm_agents.room import paper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.datastructures import FormData
    from starlette.requests import Request

    from aipm_agents.drafting.brief import Brief
    from aipm_agents.drafting.sketch import Sketch
    from aipm_agents.drafting.written import Draft
    from aipm_agents.roles import Language

MOST_ANSWERS = 400
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


class GivenAnswer(NamedTuple):
    told: tuple[str, ...]
    question: str
    answer: str


class SoFar(NamedTuple):
    past: tuple[GivenAnswer, ...]
    told: tuple[str, ...]
    question: str
    """The next one; empty where all are answered."""
    answers: tuple[str, ...]
    """Those that were taken."""
    done: tuple[Sketch, Brief] | None


class _Waiting(Exception):
    """The next question is somebody's to answer."""


def so_far(language: Language, answers: Sequence[str]) -> SoFar:
    left = [*answers]
    told: list[str] = []
    past: list[GivenAnswer] = []

    def ask(question: str) -> str:
        if not left:
            raise _Waiting(question)
        past.append(GivenAnswer(tuple(told), question, left.pop(0)))
        told.clear()
        return past[-1].answer

    talk = Talk(language, ask, told.append)
    try:
        done = talk.sketch()
    except _Waiting as waiting:
        return SoFar(tuple(past), tuple(told), str(waiting), tuple(talk.answers), None)
    return SoFar(tuple(past), tuple(told), "", tuple(talk.answers), done)


def routes() -> list[Route]:
    return [Route("/draft", _page, methods=["GET", "POST"]), Route("/draft/file", _file, methods=["POST"])]


async def _page(request: Request) -> Response:
    form = await request.form()
    answers = _said(form)
    answer = str(form.get("answer", "")).strip()
    if "back" in form or answer == BACK:
        answers = answers[:-1]
    elif "answer" in form:
        answers.append(answer)
    return await _shown(so_far(spoken(), answers))


async def _shown(at: SoFar, wrong: str = "") -> Response:
    made = await asyncio.to_thread(_made, at, "draft") if at.done else None
    return paper.page(
        "draft.html.jinja", tr("A scenario of your own"), 422 if wrong else 200, at=at, wrong=wrong,
        counted=counted(made, asked=True) if made else "", remarks=[*remarks(made)] if made else [],
    )  # fmt: skip


async def _file(request: Request) -> Response:
    form = await request.form()
    at = so_far(spoken(), _said(form))
    name = str(form.get("name", "")).strip().lower()
    if at.done is None:
        return await _shown(at)
    if not _ID.fullmatch(name):
        return await _shown(at, tr("A file's name has small letters, digits and hyphens, as in fridge-door."))
    if "answers" in form:
        return _kept(f"{name}.answers.txt", "\n".join(at.answers) + "\n")
    return _kept(f"{name}.yaml", (await asyncio.to_thread(_made, at, name)).text)


def _said(form: FormData) -> list[str]:
    return [str(each) for each in form.getlist("said")][:MOST_ANSWERS]


def _made(at: SoFar, id_: str) -> Draft:
    assert at.done is not None
    made = draft(*at.done, id_, tr("you"))
    if made.reading.scenario is None:
        raise AipmError("; ".join(f"{each.where}: {each.message}" for each in made.reading.errors[:5]))
    return made


def _kept(name: str, text: str) -> Response:
    """A file for whoever asked, to keep."""
    return Response(
        redacted(text),
        media_type="text/plain",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )
