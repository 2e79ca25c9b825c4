"""Pages of whoever sits at a table: joining, the card, the table, the turn. Each asks first whose phone it is, and is
made of what that seat may see."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sse_starlette import EventSourceResponse
from starlette.responses import Response
from starlette.routing import Route

from aipm_agents.errors import SeatError, StorageError
from aipm_agents.language import mark, speaking, suiting, tr
from aipm_agents.report.words import phrase
from aipm_agents.report.words.ended import how
from aipm_agents.roles import PM
from aipm_agents.room import asking, paper, phone, tokens, turn_form
from aipm_agents.room.bell import ROOM
from aipm_agents.room.lesson import Refused
from aipm_agents.room.sitting import Late
from aipm_agents.seats.embedded import purpose
from aipm_agents.table.moves import MOVES

if TYPE_CHECKING:
    from starlette.requests import Request

    from aipm_agents.roles import Role
    from aipm_agents.room.lesson import Lesson
    from aipm_agents.room.roster import Person
    from aipm_agents.room.sitting import Sitting
    from aipm_agents.room.turn_form import FilledForm
    from aipm_agents.scenario.model import Scenario

_TABS = {"card": mark("Card"), "case": mark("The case"), "table": mark("The table"), "turn": mark("My turn")}
_VOTES = (
    ("yes", mark("yes"), mark("I would carry this package")), ("yes_if", mark("yes, if"), mark("with a change I ask for")),
    ("no", mark("no"), mark("not this package")),
)  # fmt: skip
_NOT_SENT = mark("Not sent: {why}")


class Students:
    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson

    def at_a_table(self) -> list[Route]:
        return [
            Route("/seat", self.seat), Route("/seat/preview", self.preview),
            Route("/seat/answer", self.answer, methods=["POST"]), Route("/seat/take-back", self.take_back, methods=["POST"]),
            Route("/seat/sit", self.sit, methods=["POST"]), Route("/seat/take-over", self.take_over, methods=["POST"]),
            Route("/seat/here", self.here, methods=["POST"]),
            Route("/seat/{tab:str}", self.seat), Route("/events/seat", self.events),
        ]  # fmt: skip

    # --- the phone ------------------------------------------------------------------------------

    async def seat(self, request: Request) -> Response:
        person = asking.person(self.lesson, request)
        if person is None:
            return asking.nobody()
        tab = request.path_params.get("tab", "")
        if tab == "after":
            return await self._after(person)
        place = self.lesson.roster.places.get(person.id)
        if place is not None and request.headers.get("sec-fetch-mode", "navigate") == "navigate":
            with suppress(StorageError):  # a page can be read where nothing can be written
                self.lesson.patience.is_back(place)  # a page that a script fetches anew proves nobody there
        if tab not in _TABS:
            sitting = self.lesson.tables.get(place[0]) if place else None
            due = bool(sitting and place and sitting.verb(place[1]) and sitting.events[-1].round > 0)
            tab = "turn" if due else "card"
        return self._page(person, tab)

    def _page(self, person: Person, tab: str, message: tuple[str, str] | None = None, form: FilledForm | None = None, status: int = 200) -> Response:  # fmt: skip
        place, sitting = self._place(person)
        with speaking(person.language):
            if place is None or (sitting is None and not place[1]):
                return self._waiting(person)
            shown = self._common(person, place[0], place[1], sitting, tab)
            if tab == "card":
                shown |= self._card(person, place[0], place[1], sitting)
            elif tab == "case":
                shown |= phone.case(self.lesson.cases.told(person.language), sitting)
            elif sitting is None:
                return self._waiting(person)
            elif tab == "table":
                shown |= phone.table(sitting, place[1])
            else:
                shown |= self._turn(sitting, place, form)
            return paper.page(f"seat-{tab}.html.jinja", f"{shown['called']} · {tr(_TABS[tab])}", status, message=message, **shown)  # fmt: skip

    def _place(self, person: Person) -> tuple[tuple[int, Role] | None, Sitting | None]:
        """Where somebody sits, and that table in their language."""
        place = self.lesson.roster.places.get(person.id)
        sitting = self.lesson.tables.get(place[0]) if place else None
        return place, self.lesson.cases.at(sitting, person.language)

    def _waiting(self, person: Person) -> Response:
        scenario = self.lesson.cases.told(person.language)
        return paper.page(
            "waiting.html.jinja", scenario.title, person=person, scenario=scenario,
            rejoin=tokens.rejoin_code(self.lesson.opened.secret, person.id), version=self._version(person), count=len(self.lesson.roster.people),
        )  # fmt: skip

    def _common(self, person: Person, table: int, role: Role, sitting: Sitting | None, tab: str) -> dict[str, Any]:  # fmt: skip
        lesson, scenario = self.lesson, self.lesson.cases.told(person.language)
        step = sitting.step if sitting else None
        verb = sitting.verb(role) if sitting and role else None
        held = sitting.held.get(role) if sitting else None
        clock = lesson.clocks[table]
        own = sitting.seen(role) if sitting and role else None
        key = f"{lesson.opened.code}-{table}-{role}-{step.round if step else 0}-{step.phase if step else ''}"
        writer = lesson.roster.writer((table, role), step.round if step else 0) if role else None
        return {
            "scenario": scenario, "number": table, "role": role, "tab": tab, "tabs": [(n, tr(w)) for n, w in _TABS.items()],
            "called": scenario.card(role).title if role else tr("Watching"), "round": sitting.round if sitting else 0,
            "verb": verb, "asked": verb is not None, "writes": lesson.writes(person.id), "over": bool(sitting and sitting.over),
            "writer": lesson.roster.people[writer].name if writer else tr("nobody"),
            "sent": phone.told(own, held) if own and held else [],
            "phase": phone.phase(sitting) if sitting else tr("The table is being laid"),
            "left": max(0, int(clock.left)) if sitting and not (sitting.over or clock.still or lesson.alone) else None, "paused": table in lesson.roster.paused,
            "hints": lesson.roster.hints.get(table, ()), "notices": self._notices(scenario, table, role), "trouble": lesson.trouble,
            "end": outcome(sitting) if sitting and sitting.over else "", "cards_open": lesson.roster.cards_open,
            "silent": (table, role) in lesson.roster.deputies, "begun": sitting is not None,
            "version": self._version(person), "key": key, "state": f"{key}-{tab}-{held is not None}-{lesson.writes(person.id)}",
        }  # fmt: skip

    def _notices(self, scenario: Scenario, table: int, role: Role) -> list[str]:
        silent = [r for (t, r) in sorted(self.lesson.roster.deputies) if t == table]
        if not silent:
            return []
        who = phrase.listed(scenario.card(r).called for r in silent)
        return [
            tr(
                "{who} did not answer in time and abstains until they are back. Nobody says yes for them.",
                who=who,
            )
        ]

    def _card(self, person: Person, table: int, role: Role, sitting: Sitting | None) -> dict[str, Any]:
        lesson, case = self.lesson, self.lesson.cases.told(person.language)
        kinds = lesson.kinds(table, 0)
        seat = (table, role)
        number = sitting.step.round if sitting else 0
        coming = lesson.roster.next_writer(seat, number) == person.id
        free = [
            (r, case.card(r).title) for r in lesson.playable
            if sitting and not sitting.over and not role and not lesson.roster.beside.get((table, r))
        ]  # fmt: skip
        scenario = sitting.figures_for(role) if sitting and role else case
        with speaking(suiting(person.language)):
            card = phone.card_blocks(scenario, role, lesson.opened.seed, kinds) if role else ()
        return {
            "card": paper.shown(card), "walk_away": phone.walk_away(scenario, role) if role else "",
            "rejoin": "" if lesson.alone else tokens.rejoin_code(lesson.opened.secret, person.id), "beside": lesson.roster.named(table, role) if role and not lesson.alone else [],
            "taking": tr("You write for this seat from the next round on.") if coming else tr("Somebody writes for this seat; you read along."),
            "may_take": bool(sitting) and not coming, "free": free,
        }  # fmt: skip

    def _turn(self, sitting: Sitting, place: tuple[int, Role], form: FilledForm | None) -> dict[str, Any]:
        role = place[1]
        verb = sitting.verb(role) if role else None
        if verb is None or not role:
            return {"t": None}
        seen = sitting.seen(role)
        kept = self.lesson.taken_back.get(place)
        move = getattr(kept, "move", None) if kept and kept.round == sitting.step.round else None
        if form is None:
            if move is None and verb == "frame":
                move = purpose.framing(self.lesson.tables[place[0]].seen(role))  # in the words of the class
            form = turn_form.filled(move) if isinstance(move, MOVES[verb]) else turn_form.FilledForm()
        return {
            "t": phone.turn(seen, verb, form), "f": form, "vote_words": [(v, tr(w), tr(n)) for v, w, n in _VOTES],
            "on_table": phrase.options(seen.scenario, seen.package) if seen.package else "",
        }  # fmt: skip

    # --- what a phone sends -----------------------------------------------------------------------

    async def answer(self, request: Request) -> Response:
        form, person = await request.form(), asking.person(self.lesson, request)
        place, sitting = self._place(person) if person else (None, None)
        if person is None or place is None or sitting is None:
            return asking.nobody()
        filled = turn_form.FilledForm.of(form)
        with speaking(person.language):
            try:
                verb, number = sitting.verb(place[1]), str(form.get("round", ""))
                if verb is None or form.get("verb") != verb or number != str(sitting.step.round):
                    raise Late
                made = turn_form.move(form, sitting.seen(place[1]), verb)
                self.lesson.answer(person.id, verb, sitting.step.round, made)
            except Late:
                told = ("mind", tr("That turn is over; this is what is asked now."))
                return self._page(person, "turn", told, status=409)
            except SeatError as error:
                text = turn_form.complaint(error, sitting.seen(place[1]))
                return self._page(person, "turn", ("bad", tr(_NOT_SENT, why=text)), filled, 422)
            except Refused as error:
                return self._page(person, "turn", ("bad", tr(_NOT_SENT, why=asking.why(error))), filled, 409)
            except asking.CAUGHT as error:
                return self._page(person, "turn", ("bad", tr(_NOT_SENT, why=asking.why(error))), filled, 503)
        return asking.to("/seat/turn")

    async def preview(self, request: Request) -> Response:
        """What a package comes to, for the PM alone; asked with GET, because it changes nothing."""
        person = asking.person(self.lesson, request)
        place, sitting = self._place(person) if person else (None, None)
        if person is None or place is None or sitting is None or place[1] != PM:
            return asking.nobody()
        if sitting.verb(PM) != "propose":
            with speaking(person.language):
                return asking.told(
                    tr("Not now"), tr("That turn is over."), 409, ("/seat/turn", tr("Back to my turn"))
                )
        seen, asked = sitting.seen(place[1]), request.query_params
        package = {issue: asked.get(f"package-{issue}", "") for issue in seen.space.options}
        with speaking(person.language):
            return paper.page("preview.html.jinja", tr("What it would come to"), p=phone.preview(seen, package), scenario=seen.scenario)  # fmt: skip

    async def take_back(self, request: Request) -> Response:
        return await self._act(request, lambda person, _: self.lesson.take_back(person.id), "turn")

    async def take_over(self, request: Request) -> Response:
        return await self._act(request, lambda person, _: self.lesson.take_over(person.id), "card")

    async def sit(self, request: Request) -> Response:
        def sat(person: Person, form: Any) -> None:
            table = self.lesson.roster.places.get(person.id, (0, ""))[0]
            role = str(form.get("role", ""))
            if self.lesson.roster.places.get(person.id, (0, "x"))[1]:
                raise Refused(mark("your teacher moves people from one seat to another"))
            if self.lesson.roster.beside.get((table, role)):
                raise Refused(mark("somebody sits there; your teacher can sit you beside them"))
            self.lesson.seat(person.id, table, role)

        return await self._act(request, sat, "card")

    async def here(self, request: Request) -> Response:
        """Somebody touches the phone of a seat that was silent."""
        person = asking.person(self.lesson, request)
        if person is None or person.id not in self.lesson.roster.places:
            return asking.nobody()
        self.lesson.patience.is_back(self.lesson.roster.places[person.id])
        return Response(status_code=204)

    async def _act(self, request: Request, act: Any, tab: str) -> Response:
        form, person = await request.form(), asking.person(self.lesson, request)
        if person is None or person.id not in self.lesson.roster.places:
            return asking.nobody()
        try:
            self.lesson.patience.is_back(self.lesson.roster.places[person.id])
            act(person, form)
        except asking.CAUGHT as error:
            with speaking(person.language):
                return self._page(person, tab, ("bad", asking.why(error)), status=409)
        return asking.to(f"/seat/{tab}")

    async def _after(self, person: Person) -> Response:
        from aipm_agents.room.afterwards import own_page

        place, sitting = self._place(person)
        with speaking(person.language):
            if not self.lesson.roster.cards_open or sitting is None or not sitting.over or place is None:
                return asking.told(tr("Not yet"), tr("When your teacher opens the cards, you see here what it came to for you."), 403, ("/seat/table", tr("Look at the table")))  # fmt: skip
            return await own_page(self.lesson, sitting, place[1])

    # --- what a phone hears -----------------------------------------------------------------------

    def _topics(self, person: Person) -> tuple[int, ...]:
        place = self.lesson.roster.places.get(person.id)
        return (ROOM, place[0]) if place else (ROOM,)

    def _version(self, person: Person) -> str:
        return self.lesson.bell.count(self._topics(person))

    async def events(self, request: Request) -> Response:
        person = asking.person(self.lesson, request)
        if person is None:
            return asking.nobody()
        return EventSourceResponse(self.lesson.bell.heard(self._topics(person)), ping=15)


def outcome(sitting: Sitting) -> str:
    """How a table ended, in a word."""
    return how(sitting.events)
