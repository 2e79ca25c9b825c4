"""`aipm view`: a folder of runs in the browser, for whoever sits at this machine. Nothing is written."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import TYPE_CHECKING

from sse_starlette import EventSourceResponse
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import Response  # noqa: TC002 - Starlette reads the hints of its routes
from starlette.routing import Route

from aipm_agents.errors import AipmError
from aipm_agents.language import mark, speaking, spoken, suiting, tr
from aipm_agents.report.words import vocabulary
from aipm_agents.room import drafts, paper
from aipm_agents.room.door import Door
from aipm_agents.room.reading import audiences, leaf, public_page
from aipm_agents.room.shelf import Shelf, sifted
from aipm_agents.transcript import read

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from starlette.requests import Request
    from starlette.types import ASGIApp

    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.roles import Language
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.transcript import Transcript

MOST_LISTED, MOST_COMPARED = 200, 6
_ORDERS = {"started": mark("when it was played"), "title": mark("scenario"), "ending": mark("how it ended"), "round": mark("how long it took")}  # fmt: skip


def site(folder: Path) -> ASGIApp:
    looking = _Looking(folder)
    routes = [
        Route("/", looking.shelf_page),
        Route("/asset/{name}", looking.asset),
        Route("/run/{name:path}", looking.run_page),
        Route("/events/run/{name:path}", looking.run_events),
        Route("/compare", looking.compare_page),
        Route("/debrief", looking.debrief_page),
        Route("/sweep/{name:path}", looking.sweep_page),
        Route("/scenario/{name}", looking.scenario_page),
        *drafts.routes(),
    ]
    return Door(Starlette(routes=routes, exception_handlers={AipmError: _told, HTTPException: _told}))


class _Looking:
    """Pages are made in threads, so that a long sum holds up nobody."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.shelf = folder, Shelf(folder)

    def asset(self, request: Request) -> Response:
        return paper.asset(request.path_params["name"]) or _missing()

    def shelf_page(self, request: Request) -> Response:
        from aipm_agents.report.author.case_index import particulars
        from aipm_agents.scenario import headline

        asked = request.query_params
        q, ended, by = asked.get("q", "")[:200], asked.get("ended", ""), asked.get("by", "started")
        found = sifted(self.shelf.runs(), q, ended, by)
        scenarios = sorted(
            _scenarios(spoken()).values(), key=lambda each: (each.language != spoken(), each.id)
        )
        listed = [
            {"id": s.id, "title": s.title, "question": s.question, "language": s.language,
             "told": tr(" · ").join(particulars(headline.of(s))[:2])}
            for s in scenarios
        ]  # fmt: skip
        return paper.page(
            "shelf.html.jinja", tr("The shelf"), folder=self.folder.absolute(), q=q, ended=ended, by=by,
            entries=found[:MOST_LISTED], more=max(0, len(found) - MOST_LISTED), sweeps=self.shelf.sweeps(),
            endings=_endings(),
            orders=[(name, tr(word)) for name, word in _ORDERS.items()], scenarios=listed,
        )  # fmt: skip

    def run_page(self, request: Request) -> Response:
        name = request.path_params["name"]
        run = self._run(name)
        asked, number = request.query_params.get("as", "public"), request.query_params.get("round", "")
        with speaking(suiting(run.scenario.language)):
            audience = asked if asked in dict(audiences(run)) else "public"
            return paper.page(
                "leaf.html.jinja", run.scenario.title, name=name,
                **leaf(run, audience, int(number) if number.isascii() and number.isdigit() and len(number) < 4 else None),
            )  # fmt: skip

    async def run_events(self, request: Request) -> Response:
        path = await asyncio.to_thread(self.shelf.path, request.path_params["name"])
        return EventSourceResponse(_sizes(path), ping=15) if path else _missing()

    def compare_page(self, request: Request) -> Response:
        from aipm_agents.analysis.compare.comparison import compare
        from aipm_agents.report.compare.comparison import first_screen
        from aipm_agents.report.compare.details import details

        runs = self._runs(request)
        if not 2 <= len(runs) <= MOST_COMPARED:
            return _say(tr("Pick two runs, or up to {n}.", n=MOST_COMPARED))
        with speaking(suiting(runs[0].scenario.language)):
            made = compare(runs)
            return _blocks(tr("Comparison"), [*first_screen(made), *details(made)])

    def debrief_page(self, request: Request) -> Response:
        from aipm_agents.kit.glossary import ideas
        from aipm_agents.report.debrief.of_runs import debriefed

        runs = self._runs(request)
        if not runs:
            return _say(tr("Pick a run, or several of one class."))
        if any(len(audiences(run)) == 1 for run in runs):
            return _say(tr("People are still playing one of these runs, and a debrief opens every card."))
        with speaking(suiting(runs[0].scenario.language)):
            return _blocks(runs[0].scenario.title, debriefed(runs, ideas(spoken())))

    def sweep_page(self, request: Request) -> Response:
        from aipm_agents.analysis.sample.whole import sample
        from aipm_agents.report.sample.whole import sample_screen
        from aipm_agents.sweeps.folder import decided_runs

        path = self.shelf.sweep(request.path_params["name"])
        runs = (decided_runs(path) if path else None) or []
        if not runs:
            return _missing()
        by = tuple(request.query_params.getlist("by"))[:3]
        first = read(runs[0])
        with speaking(suiting(first.scenario.language)):
            made = sample(((None, str(each), read(each)) for each in runs), by, [])
            return _blocks(first.scenario.title, sample_screen(made, full=True))

    def scenario_page(self, request: Request) -> Response:
        from aipm_agents.analysis.space.advice import advice
        from aipm_agents.analysis.space.landscape import landscape
        from aipm_agents.analysis.space.prospects import prospects
        from aipm_agents.report.author.case_index import particulars
        from aipm_agents.report.author.prospects import report
        from aipm_agents.scenario import headline

        about = _scenarios(spoken()).get(request.path_params["name"])
        if about is None:
            return _missing()
        with speaking(suiting(about.language)):
            found = prospects(about)
            blocks = report(about, found, landscape(about), advice(about, found))[
                1:
            ]  # the title stands above
            return paper.page(
                "scenario.html.jinja", about.title, prospects=blocks,
                told=tr(" · ").join(particulars(headline.of(about))), **public_page(about),
            )  # fmt: skip

    def _run(self, name: str) -> Transcript:
        path = self.shelf.path(name)
        if path is None:
            raise HTTPException(404)
        return read(path)

    def _runs(self, request: Request) -> list[Transcript]:
        names = list(dict.fromkeys(request.query_params.getlist("run")))[:24]
        return [self._run(name) for name in names]


@lru_cache(maxsize=2)
def _scenarios(language: Language) -> dict[str, Scenario]:
    """In this language, where they have their texts in it."""
    from aipm_agents.scenario.library import bundled, locate
    from aipm_agents.scenario.reader import read as scenario_of

    return {name: scenario_of(locate(name, language)) for name in bundled()}


async def _sizes(path: Path) -> AsyncIterator[str]:
    """How large a record is, each time that it has grown."""
    before = -1
    while path.exists():
        size = path.stat().st_size
        if size != before:
            before = size
            yield str(size)
        await asyncio.sleep(0.5)


def _endings() -> list[tuple[str, str]]:
    return [
        *((name, vocabulary.OUTCOMES[name]) for name in vocabulary.OUTCOMES),
        ("open", tr("being played")),
    ]


def _blocks(title: str, blocks: Sequence[Block]) -> Response:
    return paper.page("blocks-page.html.jinja", title, blocks=paper.shown(blocks), back=("/", tr("Shelf")))


def _say(text: str, status: int = 200) -> Response:
    return paper.page(
        "told.html.jinja", tr("Nothing to show yet"), status, told=text, back=("/", tr("Shelf"))
    )


def _missing() -> Response:
    return paper.page(
        "told.html.jinja", tr("Nothing of that name"), 404, told=tr("There is nothing here of that name."),
        back=("/", tr("Shelf")),
    )  # fmt: skip


def _told(request: Request, error: Exception) -> Response:
    """What went wrong, in the words it has: a damaged file says where."""
    return _say(str(error), 409) if isinstance(error, AipmError) else _missing()
