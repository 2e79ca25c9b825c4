"""The program of a class: its pages behind the door, and its clock."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from aipm_agents.errors import AipmError, StorageError
from aipm_agents.language import speaking, tr
from aipm_agents.room import asking, paper, tokens
from aipm_agents.room.acts import Acts
from aipm_agents.room.board import Board, board_path
from aipm_agents.room.door import Door, note
from aipm_agents.room.entering import Entering
from aipm_agents.room.hour import Hour
from aipm_agents.room.joining import Joining
from aipm_agents.room.sheets import Sheets
from aipm_agents.room.students import Students
from aipm_agents.room.teaching import TeacherPages

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection

    from starlette.requests import Request

    from aipm_agents.room.lesson import Lesson

TICK = 1.0
"""Seconds between two looks at the clocks."""


def site(
    lesson: Lesson, address: str, *, names: Collection[str] = (), leave: Callable[[], None] = lambda: None
) -> Door:
    """`address`: what phones open. `names`: what this machine is called beside its addresses. `leave`: ends the
    program."""

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        lesson.wake()
        with suppress(StorageError):  # it is told, and tried again with the next sheet
            Entering(lesson).keep(anew=True)
        ticking = asyncio.create_task(_tick(lesson))
        try:
            yield
        finally:
            ticking.cancel()
            with suppress(asyncio.CancelledError):
                await ticking

    routes = [
        Route("/asset/{name}", _asset),
        *Joining(lesson).routes(),
        *Students(lesson).at_a_table(),
        *TeacherPages(lesson, board_path(lesson), leave).routes(),
        *Sheets(lesson).routes(),
        *Board(lesson, address).routes(),
    ]
    return Door(Starlette(routes=routes, lifespan=life, exception_handlers=_HANDLERS), names=names)


def at_home(lesson: Lesson, tokens_of: dict[str, str]) -> Door:
    """The program of people at one table on this machine: nobody leads, nobody is hurried, and the cards are open once
    it is over. `tokens_of`: token -> person."""

    async def enter(request: Request) -> Response:
        token = request.path_params["token"]
        if token not in tokens_of:
            return asking.nobody()
        mine = asking.person(lesson, request)
        if mine is not None and mine.id != tokens_of[token] and "instead" not in request.query_params:
            words = tr("This browser sits as {name} already, and a browser has one seat. Open this address in another browser, or in a private window.", name=mine.name)  # fmt: skip
            return asking.told(tr("One browser, one seat"), words, 409, (f"/enter/{token}?instead=1", tr("Take this seat here instead")))  # fmt: skip
        response = asking.to("/seat")
        tokens.give(response, tokens.SEAT, token)
        return response

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        lesson.wake()
        ticking = asyncio.create_task(_open_at_the_end(lesson))
        try:
            yield
        finally:
            ticking.cancel()

    routes = [Route("/asset/{name}", _asset), Route("/enter/{token}", enter), *Students(lesson).at_a_table()]
    return Door(Starlette(routes=routes, lifespan=life, exception_handlers=_HANDLERS))


async def _open_at_the_end(lesson: Lesson) -> None:
    while not lesson.roster.cards_open:
        await asyncio.sleep(TICK / 4)
        if lesson.over:
            Acts(lesson).open_cards()


async def _tick(lesson: Lesson) -> None:
    """A disk that is full stops no clock, and a fault at one table none of another's: it is told, and tried again."""
    hour = Hour(lesson)
    while True:
        await asyncio.sleep(TICK)
        lesson.patience.beat()
        hour.tick()
        for number in tuple(lesson.tables):
            try:
                lesson.patience.tick(number)
            except AipmError:
                pass  # teacher and phones are told
            except Exception as error:
                note(error)
                if number not in lesson.broken:
                    lesson.broken.add(number)
                    lesson.bell.ring(number)
            else:
                lesson.broken.discard(number)


async def _asset(request: Request) -> Response:
    return paper.asset(request.path_params["name"]) or Response(status_code=404)


async def _missing(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    with speaking(asking.wanted(request)):
        return asking.told(tr("Nothing of that name"), tr("There is nothing here of that name."), status)


async def _failed(request: Request, error: Exception) -> Response:
    with speaking(asking.wanted(request)):
        return asking.told(tr("Not now"), asking.why(error), 503)


async def _fault(request: Request, error: Exception) -> Response:
    """Told without the words of it: they may quote what somebody said."""
    with speaking(asking.wanted(request)):
        words = tr(
            "Something went wrong on the laptop. What you were told is sent is kept; go back and try again."
        )
        back = "/teacher" if request.url.path.startswith("/teacher") else "/seat"
        return asking.told(tr("A fault of ours"), words, 500, (back, tr("Back")))


_HANDLERS: dict[Any, Any] = {HTTPException: _missing, AipmError: _failed, Exception: _fault}
