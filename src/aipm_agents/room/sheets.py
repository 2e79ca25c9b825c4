"""The teacher's pages for groups on paper: a round is four taps (package, votes, what was told, how it went on); and the
debrief of all groups that have ended, wherever they played."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from starlette.responses import Response  # noqa: TC002 - Starlette reads the hints of its routes
from starlette.routing import Route

from aipm_agents.analysis.debrief.groups import MOST
from aipm_agents.errors import UsageError
from aipm_agents.kit.glossary import ideas
from aipm_agents.language import spoken, tr
from aipm_agents.report.debrief.of_runs import debriefed
from aipm_agents.report.papers.typography import shortened
from aipm_agents.report.words import phrase, vocabulary
from aipm_agents.report.words.ended import ended
from aipm_agents.report.words.on_paper import ruled
from aipm_agents.room import asking, paper
from aipm_agents.room.afterwards import ended as ended_groups
from aipm_agents.room.afterwards import left_out
from aipm_agents.room.entering import MOST as MOST_ON_PAPER
from aipm_agents.room.entering import Doubtful, Entering
from aipm_agents.table.events import Answered, Injected, Proposed, Reported, package_on_table
from aipm_agents.table.paper_lines import VOTES
from aipm_agents.table.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request

    from aipm_agents.room.lesson import Lesson
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.on_paper import Meeting


class Sheets:
    def __init__(self, lesson: Lesson) -> None:
        self.lesson, self.entering = lesson, Entering(lesson)

    def routes(self) -> list[Route]:
        return [
            Route("/teacher/paper/{group:int}", self.page),
            Route("/teacher/paper/{group:int}", self.enter, methods=["POST"]),
            Route("/teacher/debrief", self.debrief),
        ]  # fmt: skip

    async def page(self, request: Request) -> Response:
        if not asking.is_teacher(self.lesson, request):
            return asking.nobody()
        number = request.path_params["group"]
        return self._page(number) if 1 <= number <= MOST_ON_PAPER else self._no_group()

    def _page(
        self, number: int, given: Any = None, message: str = "", *, insist: str = "", status: int = 200
    ) -> Response:
        scenario, meeting = self.lesson.scenario, self.entering.group(number).meeting
        chosen = dict(package_on_table(meeting.events) or {})
        chosen |= {
            i.id: given[f"package-{i.id}"] for i in scenario.issues if given and f"package-{i.id}" in given
        }
        return paper.page(
            "sheets.html.jinja", tr("On paper: group {n}", n=number), status, scenario=scenario, number=number, message=message,
            insist=insist, most=MOST_ON_PAPER, given=given or {}, told=set(given.getlist("told")) if given else set(), chosen=chosen,
            rounds=list(_rounds(meeting)), over=meeting.over, next=meeting.round + 1,
            end=ended(scenario, meeting.events) if meeting.over else "", facts=list(_facts(scenario, meeting)),
            studies=list(_studies(scenario, meeting)), news=list(_news(scenario, meeting)), votes_of=list(VOTES.items()),
            colleagues=[(role, scenario.card(role).short) for role in scenario.colleagues],
            grounds=list(vocabulary.GROUNDS.items()), on_table=_on_table(scenario, meeting) if "challenges" in scenario.extras else [],
            doubted=bool(given) and any(given.get(f"doubt-{role}") or given.get(f"ground-{role}") for role in scenario.colleagues),
        )  # fmt: skip

    async def enter(self, request: Request) -> Response:
        form, number = await request.form(), request.path_params["group"]
        if not asking.is_teacher(self.lesson, request):
            return asking.nobody()
        if not 1 <= number <= MOST_ON_PAPER:
            return self._no_group()
        try:
            if form.get("act") == "tear-up":
                self.entering.tear_up(number)
            else:
                self.entering.enter(number, *_lines(self.lesson.scenario, form))
        except Doubtful as error:
            then = str(form.get("then", "")) or "again"
            return self._page(number, form, asking.why(error), insist=then, status=409)
        except asking.CAUGHT as error:
            return self._page(number, form, asking.why(error), status=409)
        return asking.to(f"/teacher/paper/{number}")

    def _no_group(self) -> Response:
        words = tr("Groups on paper are counted from 1 to {n}.", n=MOST_ON_PAPER)
        return asking.told(tr("There is no such group"), words, 404, ("/teacher", tr("Teacher")))

    async def debrief(self, request: Request) -> Response:
        """Every group that has ended: at tables of this room, played by people or by the program, and on paper."""
        if not asking.is_teacher(self.lesson, request):
            return asking.nobody()
        runs = ended_groups(self.lesson)
        back = ("/teacher", tr("Teacher"))
        if not runs:
            return asking.told(tr("Nothing to show yet"), tr("No group has ended yet."), 409, back)
        made = await asyncio.to_thread(
            debriefed, list(runs.values())[:MOST], ideas(spoken()), list(runs)[:MOST]
        )
        blocks = [*left_out(runs), *made]
        return paper.page(
            "blocks-page.html.jinja", self.lesson.scenario.title, blocks=paper.shown(blocks), back=back
        )


def _lines(scenario: Scenario, form: Any) -> tuple[str, str, str, str]:
    """A form as the four lines of `aipm record`."""
    package = " ".join(str(form.get(f"package-{issue.id}", "?")) for issue in scenario.issues)
    votes = "".join(str(form.get(f"vote-{role}", "-")) for role in scenario.colleagues)
    told = " ".join([*map(str, form.getlist("told")), *_doubts(scenario, form)])
    then = str(form.get("then", "")).replace("again", "")
    return package[:2000], votes[:2000], told[:2000], then[:20]


def _doubts(scenario: Scenario, form: Any) -> Iterator[str]:
    for role in scenario.colleagues:
        fact, ground = (str(form.get(f"{what}-{role}", "")) for what in ("doubt", "ground"))
        if bool(fact) != bool(ground):
            raise UsageError(tr("A doubt names a fact and a ground: choose both, or leave it out."))
        if fact:
            yield f"{fact}!{ground}@{role}"


def _rounds(meeting: Meeting) -> list[tuple[int, str, str]]:
    """Each round that is entered: its package, its votes."""
    found = []
    for event in meeting.events:
        if isinstance(event, Proposed) and event.package is not None:
            answers = [e for e in meeting.events if isinstance(e, Answered) and e.round == event.round]
            votes = (
                f"{meeting.scenario.card(e.role).short} {vocabulary.VOTES[e.move.vote]}" for e in answers
            )
            found.append(
                (event.round, phrase.options(meeting.scenario, event.package), tr(" · ").join(votes))
            )
    return found


def _on_table(scenario: Scenario, meeting: Meeting) -> list[tuple[str, str]]:
    """What can be challenged: each fact that lies there, by its name."""
    tabled = Record(scenario, meeting.events).tabled
    return [(f.id, shortened(f.plainly or f.says, 80)) for f in scenario.facts.values() if f.id in tabled]


def _facts(scenario: Scenario, meeting: Meeting) -> list[tuple[str, str, str]]:
    """What may come out still: the word for it, what it says, who brings it."""
    out = {name for e in meeting.events if isinstance(e, Answered) for name in e.move.tables}
    brought = {(c.issue, c.option) for e in meeting.events if isinstance(e, Answered) for c in e.move.brings}
    found = [
        (f"{fact.id}@{role}", shortened(fact.plainly or fact.says, 120), scenario.card(role).short)
        for fact in scenario.evidence if fact.id not in out for role in fact.held_by if role in scenario.colleagues
    ]  # fmt: skip
    return found + [
        (f"{issue}={option}@{role}", scenario.label(issue, option), scenario.card(role).short)
        for (issue, option), holders in scenario.held_options.items() if (issue, option) not in brought
        for role in holders if role in scenario.colleagues
    ]  # fmt: skip


def _news(scenario: Scenario, meeting: Meeting) -> list[tuple[str, str]]:
    here = {e.number for e in meeting.events if isinstance(e, Injected)}
    return [(f"news{n + 1}", each.headline) for n, each in enumerate(scenario.injects) if n not in here]


def _studies(scenario: Scenario, meeting: Meeting) -> list[tuple[str, str]]:
    """Asked for with a question mark; without, come in."""
    asked = {
        name for e in meeting.events if isinstance(e, Proposed) and e.move for name in e.move.commissions
    }
    here = {name for e in meeting.events if isinstance(e, Reported) for name in e.evidence}
    return [
        (fact.id, tr("come in: {asks}", asks=fact.study.asks)) if fact.id in asked
        else (f"?{fact.id}", tr("asked for: {asks}", asks=fact.study.asks))
        for fact in scenario.evidence if fact.study is not None and fact.id not in here
    ]  # fmt: skip


def glance(meeting: Meeting) -> str:
    """Where a group stands, in a line."""
    if meeting.over:
        return ended(meeting.scenario, meeting.events)
    return tr("round {n} is entered. {what}", n=meeting.round, what=ruled(meeting))
