"""The teacher's page: every table at a glance, and every act. The secret address gives a cookie of its own."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

from sse_starlette import EventSourceResponse
from starlette.responses import Response
from starlette.routing import Route

from aipm_agents.analysis.space.prospects import prospects
from aipm_agents.language import mark, tr
from aipm_agents.report.papers.csv_rows import csv_text
from aipm_agents.report.papers.typography import shortened
from aipm_agents.report.words import phrase, vocabulary
from aipm_agents.room import afterwards, asking, paper, participation, phone, tokens
from aipm_agents.room.acts import Acts
from aipm_agents.room.entering import MOST, Entering
from aipm_agents.room.hour import Hour
from aipm_agents.room.lesson import Refused
from aipm_agents.room.sheets import glance
from aipm_agents.room.students import outcome
from aipm_agents.table.checkpoints import is_open

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from aipm_agents.room.lesson import Lesson
    from aipm_agents.room.sitting import Sitting


class TeacherPages:
    def __init__(self, lesson: Lesson, board: str, leave: Callable[[], None]) -> None:
        """`board`: the address of the board. `leave`: ends the program, once the class is forgotten."""
        self.lesson, self.board, self.leave = lesson, board, leave
        self.acts, self.guesses, self.entering = Acts(lesson), tokens.Guesses(), Entering(lesson)
        self.hour = Hour(lesson)
        self.deciding = prospects(lesson.scenario).deciding_evidence

    def routes(self) -> list[Route]:
        return [
            Route("/teacher/enter/{token}", self.enter), Route("/teacher", self.page),
            Route("/teacher/act", self.act, methods=["POST"]), Route("/teacher/export", self.export),
            Route("/teacher/forget", self.forget, methods=["POST"]), Route("/events/teacher", self.events),
        ]  # fmt: skip

    async def enter(self, request: Request) -> Response:
        token, who = request.path_params["token"], asking.address(request)
        if not self.guesses.may(who):
            return asking.told(tr("Wait a minute"), tr("Too many wrong codes; wait a minute."), 429)
        if not tokens.same(token, tokens.derived(self.lesson.opened.secret, "teacher")):
            self.guesses.wrong(who)
            return asking.nobody()
        response = asking.to("/teacher")
        tokens.give(response, tokens.TEACHER, token)
        return response

    async def page(self, request: Request) -> Response:
        return self._page() if asking.is_teacher(self.lesson, request) else asking.nobody()

    def _page(self, message: tuple[str, str] | None = None, status: int = 200) -> Response:
        lesson = self.lesson
        roster = lesson.roster
        return paper.page(
            "teacher.html.jinja", tr("Teacher: {title}", title=lesson.scenario.title), status, lesson=lesson, message=message,
            tables=[self._table(lesson.tables[n]) for n in sorted(lesson.tables)], scenario=lesson.scenario, board=self.board,
            people=[(p, *self._place(p.id)) for p in roster.people.values()], roles=[(r, lesson.scenario.card(r).title) for r in lesson.playable],
            unseated=sum(1 for p in roster.people if p not in roster.places), version=self.lesson.version, code=lesson.opened.code,
            injects=[(n, shortened(i.headline, 70)) for n, i in enumerate(lesson.scenario.injects)], over=self.entering.over,
            paused=bool(roster.tables) and roster.paused >= set(roster.tables), seats=len(lesson.playable) * len(roster.tables),
            on_paper=[(each.number, glance(each.meeting)) for each in self.entering.groups], next_group=self.entering.next, most_groups=MOST, hour=self.hour,
        )  # fmt: skip

    def _place(self, person: str) -> tuple[int, str]:
        return self.lesson.roster.places.get(person, (0, ""))

    def _table(self, sitting: Sitting) -> dict[str, Any]:
        lesson, scenario, number = self.lesson, sitting.scenario, sitting.number
        clock = lesson.clocks[number]
        chairs = []
        for role in scenario.parties:
            names = ", ".join(lesson.roster.named(number, role))
            state = "held" if role in sitting.held else "due" if role in sitting.waiting else ""
            away = (number, role) in lesson.roster.deputies
            chairs.append((scenario.card(role).short, names or setup(sitting.kinds[role]), state, away))
        untold = [
            (shortened(scenario.facts[f].plainly or scenario.facts[f].says, 90), phrase.names(scenario, scenario.facts[f].held_by))
            for f in self.deciding if f not in sitting.record.tabled and scenario.facts[f].held_by
        ]  # fmt: skip
        return {
            "number": number, "round": sitting.round, "phase": outcome(sitting) if sitting.over else phone.phase(sitting),
            "over": sitting.over, "left": None if clock.still or sitting.over else max(0, int(clock.left)), "chairs": chairs,
            "paused": number in lesson.roster.paused, "deserted": lesson.patience.deserted(number), "nearly": [scenario.card(r).called for r in lesson.patience.nearly_out(number)], "untold": untold, "shut": [] if sitting.over else shut_for_two(sitting), "unsent": sitting.unsent, "hints": lesson.roster.hints.get(number, ()),
        }  # fmt: skip

    async def act(self, request: Request) -> Response:
        form = await request.form()
        if not asking.is_teacher(self.lesson, request):
            return asking.nobody()
        try:
            if form.get("act") == "question":
                await self._show(asking.number(form.get("question")))
            else:
                self._do(str(form.get("act", "")), asking.number(form.get("table")), form)
        except asking.CAUGHT as error:
            return self._page(("bad", asking.why(error)))
        return asking.to("/teacher")

    async def _show(self, question: int) -> None:
        """A question on the board, or the last there is."""
        lesson = self.lesson
        if not (lesson.roster.cards_open and self.entering.over):
            raise Refused(mark("a table is still playing; end it first"))
        made = await afterwards.whole(lesson, self.deciding)
        self.acts.show(min(question, len(made.questions)))

    def _do(self, act: str, table: int, form: Any) -> None:
        lesson, acts = self.lesson, self.acts
        if table and table not in lesson.roster.tables:
            raise Refused(mark("there is no such table"))
        of_the_room: dict[str, Callable[[], None]] = {
            "deal": lesson.deal, "undeal": lesson.undeal, "begin": lesson.begin, "cards": acts.open_cards,
        }  # fmt: skip
        of_a_table: dict[str, Callable[[int], None]] = {
            "pause": acts.pause, "go-on": acts.resume, "extend": acts.extend, "push": acts.push, "end": acts.end,
        }  # fmt: skip
        match act:
            case _ if act in of_the_room:
                of_the_room[act]()
            case _ if act in of_a_table:
                of_a_table[act](table)
            case "hint":
                if text := str(form.get("text", "")).strip()[:400]:
                    acts.hint(table, text)
            case "bring":
                acts.bring(table, asking.number(form.get("inject"), -1))
            case "move":
                lesson.seat(str(form.get("person", "")), table or 1, str(form.get("role", "")))
            case _:
                raise Refused(mark("there is no such act"))

    async def export(self, request: Request) -> Response:
        """Everything that is kept, in one file; of tokens nothing."""
        if not asking.is_teacher(self.lesson, request):
            return asking.nobody()
        self.entering.keep(anew=True)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            for number in sorted(self.lesson.tables):
                path = self.lesson.tables[number].recorder.path
                packed.writestr(path.name, path.read_bytes())
            for _, run in self.entering.groups_ended:
                if run.path is not None:
                    packed.writestr(run.path.name, run.path.read_bytes())
            packed.writestr("participation.csv", csv_text(participation.rows(self.lesson), excel=True))
            room = self.lesson.register.path.read_bytes().split(b"\n")[:-1]
            packed.writestr("room.jsonl", "".join(f"{_without_secrets(line)}\n" for line in room))
        name = f"class-{self.lesson.scenario.id}-{self.lesson.opened.code}.zip"
        return Response(out.getvalue(), media_type="application/zip", headers={"content-disposition": f'attachment; filename="{name}"'})  # fmt: skip

    async def forget(self, request: Request) -> Response:
        """Twice asked: a tick, and the room's code."""
        form = await request.form()
        if not asking.is_teacher(self.lesson, request):
            return asking.nobody()
        if form.get("sure") != "yes" or tokens.tidied(str(form.get("code", ""))) != self.lesson.opened.code:
            return self._page(
                ("bad", tr("Nothing was deleted: tick the box and write the room's code.")), 409
            )
        self.lesson.forget()
        self.leave()
        return asking.told(tr("Forgotten"), tr("Everything that was kept of this class is deleted."))

    async def events(self, request: Request) -> Response:
        if not asking.is_teacher(self.lesson, request):
            return asking.nobody()
        return EventSourceResponse(self.lesson.bell.heard(self.lesson.topics, rest=0.4), ping=15)


def setup(kind: str) -> str:
    from aipm_agents.report.words.setup import kind as told

    match kind:
        case "human":
            return tr("nobody yet")
        case "embedded":
            return tr("the program")
        case _:
            return told(kind)


def shut_for_two(sitting: Sitting) -> list[str]:
    """The checkpoints that the last two rulings both kept shut."""
    last = sitting.record.rulings[-2:]
    if len(last) < 2:
        return []
    return [
        vocabulary.CHECKPOINT_TITLES[name] for name in last[1].verdicts
        if not any(is_open(ruling.verdicts[name]) for ruling in last)
    ]  # fmt: skip


def _without_secrets(line: bytes) -> str:
    data = {name: value for name, value in json.loads(line).items() if name not in ("secret", "key", "code")}
    return json.dumps(data, ensure_ascii=False)
