"""A conversation, as a facilitator would have it, to a sketch: for whoever has no model, or rather thinks aloud.

What it asks next follows from the answers so far and nothing else, so a terminal and a page ask the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, get_args

from aipm_agents.drafting.brief import Brief
from aipm_agents.drafting.questions import Questions, TakenBack, as_said
from aipm_agents.drafting.sketch import (
    MOST_DUTY,
    MOST_TITLE,
    MOST_UNIT,
    PACK,
    Adds,
    AskedFigure,
    Fact,
    Figure,
    IssueSketch,
    Outside,
    SeatSketch,
    Sketch,
    Sourced,
)
from aipm_agents.language import mark, tr
from aipm_agents.report.papers.typography import quoted
from aipm_agents.report.words.vocabulary import CHECKPOINT_TITLES
from aipm_agents.roles import BUILT_IN, PM, Voice
from aipm_agents.scenario.criteria import CHECKPOINTS
from aipm_agents.scenario.packs import packs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from aipm_agents.roles import Language

MOST_ISSUES, MOST_FACTS, MOST_OUTSIDE, MOST_OTHERS, MOST_FIGURES = 4, 8, 3, 2, 3
_ROLES = ("engineer", "data_scientist", "legal", "marketing")
_VOICES = get_args(Voice)
_MANNERS = {
    "engineer": mark("an engineer"), "data_scientist": mark("a data scientist"), "legal": mark("a lawyer"),
    "marketing": mark("marketing"), "finance": mark("finance"), "operations": mark("operations"),
    "front_line": mark("the front line"), "support": mark("support"), "outside": mark("somebody from another house"),
}  # fmt: skip


class Chair(NamedTuple):
    """Who sits at the table, under the number that stays theirs all through."""

    number: int
    """0: the PM; from 5 on, roles that are named in the conversation."""
    role: str
    called: str
    duty: str = ""
    sounds_like: str = ""


class Talk(Questions):
    def __init__(self, language: Language, ask: Callable[[str], str], tell: Callable[[str], None]) -> None:
        super().__init__(ask, tell)
        self.language = language

    def sketch(self) -> tuple[Sketch, Brief]:
        """What was answered, and the answers as the brief it rests on: each on a line of its own."""
        while True:
            try:
                return self._held()
            except TakenBack:
                self.again()

    def _held(self) -> tuple[Sketch, Brief]:
        self.say(
            tr("With two issues and three seats it is some fifty short questions, with four issues and five seats some ninety. A < alone takes the last answer back; every answer can be changed in the file.")
        )  # fmt: skip
        title = self.said(tr("What shall we call this decision?"))
        question = self.said(tr("What is to be decided? Write it as a question."))
        purpose = self.said(tr('For whom, and why? Read on after "We are here for ..."'))
        background = self.said(tr("What does everybody at the table know already?"))
        otherwise = self.perhaps(tr("What happens if nobody agrees? Enter alone: all stays as it is."))
        issues = self._issues()
        chairs = self._chairs()
        seats = []
        for n, chair in enumerate(chairs, start=1):
            self.say(tr("Seat {n} of {many}: {role}", n=n, many=len(chairs), role=chair.called))
            seats.append(self._seat(chair, issues))
        facts = tuple(self._facts(chairs, issues))
        limits = tuple(self._figures(chairs, issues))
        made = Sketch(title=title, question=question, purpose=purpose, background=background, otherwise=otherwise, issues=tuple(issues), seats=tuple(seats), facts=facts, figures=limits, affected=tuple(self._outside()))  # fmt: skip
        return made, Brief(tr("the conversation"), tuple(self.answers))

    def _issues(self) -> list[IssueSketch]:
        issues: list[IssueSketch] = []
        while len(issues) < MOST_ISSUES:
            first = not issues
            what = (
                tr("What has to be settled first? Write it as a question.") if first
                else tr("What else has to be settled? Enter alone: nothing more.")
            )  # fmt: skip
            question = self.line(what, needed=first)
            if not question:
                return issues
            if question.casefold() in {each.question.text.casefold() for each in issues}:
                self.refuse(tr("That was asked already."))
                continue
            options = self.several(tr("Which answers are possible? Two to five, with / between them."), 2, 5)
            said = self.answers[-1]  # the answer that was taken
            technical = not any(i.technical for i in issues) and self.yes(
                tr(
                    "Is that the choice of technology, which a debrief asks about? y or n; after a y it is not asked again."
                )
            )
            issues.append(
                IssueSketch(
                    question=as_said(question),
                    technical=technical,
                    options=tuple(Sourced(text=each, quote=said) for each in options),
                )
            )
        self.say(
            tr("{n} issues are the most that is asked for; more can be added in the file.", n=MOST_ISSUES)
        )
        return issues

    def _chairs(self) -> list[Chair]:
        among = [Chair(n, role, BUILT_IN[self.language][role].title) for n, role in enumerate(_ROLES, 1)]
        self.say(
            tr(
                "Beside you, the PM, there may sit: {roles}. They keep these numbers; other roles come next.",
                roles=_listed(among),
            )
        )
        pm = Chair(0, PM, BUILT_IN[self.language][PM].title)
        while True:
            chosen = self.numbers(
                tr("Who of them has to agree? Their numbers, such as 1 3, or Enter: none of them."),
                len(among), least=0,
            )  # fmt: skip
            chairs = [pm, *(among[n - 1] for n in chosen), *self._others()]
            if len(chairs) > 1:
                return chairs
            self.say(tr("Somebody beside you has to agree, or there is nothing to negotiate."))

    def _others(self) -> Iterator[Chair]:
        for number in range(len(_ROLES) + 1, len(_ROLES) + 1 + MOST_OTHERS):
            title = self.line(
                tr("Who else has to agree? What they are called, such as: Head nurse. Two at most; Enter alone: nobody else."),
                needed=False, most=MOST_TITLE,
            )  # fmt: skip
            if not title:
                return
            title = title[0].upper() + title[1:]  # it begins lines and sentences, as "Engineer" does
            duty = self.line(
                tr("{role}: what does it look after? As in: What a shift can carry.", role=title),
                most=MOST_DUTY,
            )
            manners = [tr(_MANNERS[voice]) for voice in _VOICES]
            self.say(tr(" · ").join(f"{n} {manner}" for n, manner in enumerate(manners, 1)))
            like = self.numbers(
                tr("{role}: in whose manner does it speak? One number, or Enter: nobody's.", role=title),
                len(_VOICES), least=0, most=1,
            )  # fmt: skip
            yield Chair(number, "other", title, duty, _VOICES[like[0] - 1] if like else "")

    def _seat(self, chair: Chair, issues: Sequence[IssueSketch]) -> SeatSketch:
        who = chair.called
        wants = self.said(tr("{role}: what does it want, as it would say it in the meeting?", role=who))
        private = self.said(tr("{role}: what does it know or fear and would not say first?", role=who))
        order = [1]
        if len(issues) > 1:
            self.say(tr(" · ").join(f"{n} {issue.question.text}" for n, issue in enumerate(issues, 1)))
            order = self.numbers(tr("{role}: what matters most to it? All the numbers, the most important first.", role=who), len(issues), least=1, whole=True)  # fmt: skip
        ranks = []
        for issue in issues:
            self.say(
                f"{issue.question.text} "
                + tr(" · ").join(f"{n} {each.text}" for n, each in enumerate(issue.options, 1))
            )
            ranks.append(tuple(self.numbers(tr("{role}: which does it like best? All the numbers, the best first.", role=who), len(issue.options), least=1, whole=True)))  # fmt: skip
        first = issues[order[0] - 1]
        why = self.perhaps(
            tr(
                "{role}: what would it say for {option}? A sentence, as in the meeting, or Enter.", role=who,
                option=quoted(first.options[ranks[order[0] - 1][0] - 1].text),
            )
        )  # fmt: skip
        other = (
            {"title": who, "duty": chair.duty, "sounds_like": chair.sounds_like}
            if chair.role == "other"
            else {}
        )
        return SeatSketch(role=chair.role, wants=wants, private=private, order=tuple(order), ranks=tuple(ranks), because=tr("as ranked in the conversation"), argues=why, **other)  # type: ignore[arg-type]  # fmt: skip

    def _facts(self, chairs: Sequence[Chair], issues: Sequence[IssueSketch]) -> Iterator[Fact]:
        items = list(packs()[PACK].items.items())
        for number in range(MOST_FACTS):
            says = self.line(
                tr("What is known that matters? One finding, with its figure. Enter alone: nothing more."),
                needed=not number,
            )
            if not says:
                return
            source = self.line(
                tr("Where is it from? A report, a log, a person, with its day. Enter alone: not written anywhere."),
                needed=False,
            )  # fmt: skip
            holder = self._holder(chairs)
            self.say("\n".join(f"{n:2} {item.said(self.language).asks}" for n, (_, item) in enumerate(items, 1)))  # fmt: skip
            shows = self.numbers(
                tr("Which of these does it show? Up to three numbers, or Enter."), len(items), least=0, most=3
            )
            against = self.numbers(
                tr("Which does it speak against? Up to two numbers, or Enter."), len(items), least=0, most=2
            )
            answers = self._answering(issues) if against else ()
            yield Fact(says=as_said(says), source=source, holder=holder, shows=tuple(items[n - 1][0] for n in shows), against=tuple(items[n - 1][0] for n in against), answered_by=answers)  # fmt: skip
        self.say(
            tr("{n} findings are the most that is asked for; more can be added in the file.", n=MOST_FACTS)
        )

    def _holder(self, chairs: Sequence[Chair]) -> int:
        """Whose fact it is, by the number of the seat in the sketch; 0: everybody's. The PM is not among them, whose moves
        tell no fact: what the PM alone knew would never come out."""
        among = {chair.number: chair for chair in chairs if chair.number}
        self.say(tr("0 everybody · {roles}", roles=_listed(among.values())))
        number = self.number(
            tr("Who knows it? One number. What you, the PM, know is known to everybody: 0."), {0, *among}
        )
        if not number:
            self.say(tr("Everybody knows it."))
            return 0
        self.say(tr("Only this seat knows it: {role}.", role=among[number].called))
        return chairs.index(among[number]) + 1

    def _answering(self, issues: Sequence[IssueSketch]) -> tuple[str, ...]:
        known = {
            f"{i}.{o}": each.text
            for i, issue in enumerate(issues, 1)
            for o, each in enumerate(issue.options, 1)
        }
        self.say(tr(" · ").join(f"{place} {text}" for place, text in known.items()))
        return self.places(tr("Which choices take care of it? Such as 2.1, or Enter."), list(known), 4)

    def _figures(self, chairs: Sequence[Chair], issues: Sequence[IssueSketch]) -> Iterator[Figure]:
        for number in range(MOST_FIGURES):
            label = self.perhaps(
                tr("Is there a limit with a figure? What is counted, such as: hours of the team a year. Enter alone: none.")
                if not number
                else tr("Another limit with a figure? Enter alone: no more.")
            )  # fmt: skip
            if label is None:
                return
            unit = self.line(
                tr("In what is it counted? Such as hours, or Enter: just a number."),
                needed=False,
                most=MOST_UNIT,
            )
            least = self.number(
                tr("1 at most · 2 at least. Which of the two holds for it? One number."), (1, 2)
            )
            limit, limit_at = self.figures(tr("And the limit itself?"), 1)[0], len(self.answers)
            adds: dict[str, int] = {}
            moves = []
            for i, issue in enumerate(issues, 1):
                self.say(f"{issue.question.text} " + tr(" · ").join(each.text for each in issue.options))
                added = self.figures(
                    tr("What does each of them add to it? In this order, 0 for nothing."), len(issue.options)
                )
                for o, each in enumerate(added, 1):
                    if each:
                        moves.append(Adds(option=f"{i}.{o}", add=each))
                        adds[f"{i}.{o}"] = len(self.answers)
            if not moves:
                self.say(tr("No choice moves it, so no limit can stop anything: it is left out."))
                continue
            gates = tr(" · ").join(f"{n} {CHECKPOINT_TITLES[gate]}" for n, gate in enumerate(CHECKPOINTS, 1))
            self.say(gates)
            gate = self.number(tr("At which checkpoint does it count? One number."), range(1, len(CHECKPOINTS) + 1))  # fmt: skip
            asks = self.line(tr("What is asked there? As a question, such as: Can we pay for it?"))
            self.say(_listed(chairs))
            owner = self.number(tr("Who looks after it? One number."), {chair.number for chair in chairs})
            yield AskedFigure(
                label=label, unit=unit, checkpoint=CHECKPOINTS[gate - 1], asks=asks,
                owner=next(n for n, chair in enumerate(chairs, 1) if chair.number == owner),
                bound="at_most" if least == 1 else "at_least", limit=limit, adds=tuple(moves),
                limit_at=limit_at, adds_at=adds,
            )  # fmt: skip

    def _outside(self) -> Iterator[Outside]:
        for _ in range(MOST_OUTSIDE):
            who = self.perhaps(tr("Who will feel this and does not sit at the table? Enter alone: nobody more."))  # fmt: skip
            if who is None:
                return
            yield Outside(who=who, stake=self.said(tr("What is at stake for them?")))


def _listed(chairs: Iterable[Chair]) -> str:
    return tr(" · ").join(f"{chair.number} {chair.called}" for chair in chairs)
