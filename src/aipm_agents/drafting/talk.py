"""Questions, as a facilitator would ask them, to a sketch: for whoever has no model, or rather thinks aloud."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aipm_agents.drafting.brief import Brief
from aipm_agents.drafting.sketch import PACK, Fact, IssueSketch, Outside, Place, SeatSketch, Sketch, Sourced
from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.roles import BUILT_IN
from aipm_agents.scenario.packs import packs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aipm_agents.roles import Language

MOST_ISSUES, MOST_FACTS, MOST_OUTSIDE = 4, 8, 3
LONGEST = 1_000
"""Letters of an answer: it is quoted as a whole."""
_BETWEEN = re.compile("[\\s,，、;；]+")
_ROLES = ("engineer", "data_scientist", "legal", "marketing")
_YES, _NO = ("y", "yes", "j", "是", "對"), ("n", "no", "不", "不是", "否")


class Talk:
    """`ask` puts a question and gives the answer; `tell` says something."""

    def __init__(self, language: Language, ask: Callable[[str], str], tell: Callable[[str], None]) -> None:
        self.language, self._ask, self._tell = language, ask, tell
        self.answers: list[str] = []

    def sketch(self) -> tuple[Sketch, Brief]:
        """What was answered, and the answers as the brief it rests on: each on a line of its own."""
        self._tell(
            tr("With two issues and three seats it is some forty short questions, with four issues and five seats some seventy. Every answer can be changed in the file.")
        )  # fmt: skip
        title = self._said(tr("What shall we call this decision?"))
        question = self._said(tr("What is to be decided? Write it as a question."))
        purpose = self._said(tr('For whom, and why? Read on after "We are here for ..."'))
        background = self._said(tr("What does everybody at the table know already?"))
        issues = self._issues()
        roles = self._roles()
        seats = []
        for number, role in enumerate(roles, start=1):
            self._tell(tr("Seat {n} of {many}: {role}", n=number, many=len(roles), role=self._called(role)))
            seats.append(self._seat(role, issues))
        facts = self._facts(roles, issues)
        made = Sketch(title=title, question=question, purpose=purpose, background=background, issues=tuple(issues), seats=tuple(seats), facts=tuple(facts), affected=tuple(self._outside()))  # fmt: skip
        return made, Brief(tr("the conversation"), tuple(self.answers))

    def _line(self, question: str, *, needed: bool = True) -> str:
        while True:
            answer = " ".join(self._ask(question).split())
            if len(answer) > LONGEST:
                self._tell(tr("That is {size:,} letters; {most:,} at most.", size=len(answer), most=LONGEST))
            elif answer or not needed:
                self.answers.append(answer)
                return answer
            else:
                self._tell(tr("A few words are enough; it can be changed in the file."))

    def _said(self, question: str) -> Sourced:
        answer = self._line(question)
        return Sourced(text=answer, quote=answer)

    def _issues(self) -> list[IssueSketch]:
        issues: list[IssueSketch] = []
        while len(issues) < MOST_ISSUES:
            first = not issues
            what = (
                tr("What has to be settled first? Write it as a question.") if first
                else tr("What else has to be settled? Enter alone: nothing more.")
            )  # fmt: skip
            question = self._line(what, needed=first)
            if not question:
                break
            options = self._several(tr("Which answers are possible? Two to five, with / between them."), 2, 5)
            said = self.answers[-1]  # the answer that was taken
            technical = not any(i.technical for i in issues) and self._yes(
                tr("Is that the choice of technology? y or n; after a y it is not asked again.")
            )
            issues.append(
                IssueSketch(
                    question=_as_said(question),
                    technical=technical,
                    options=tuple(Sourced(text=each, quote=said) for each in options),
                )
            )
        if len(issues) == MOST_ISSUES:
            self._tell(
                tr("{n} issues are the most that is asked for; more can be added in the file.", n=MOST_ISSUES)
            )
        return issues

    def _several(self, question: str, least: int, most: int) -> list[str]:
        while True:
            found = [part.strip() for part in re.split("[/／]", self._line(question)) if part.strip()]
            if least <= len(found) <= most:
                return found
            self._tell(tr("From {least} to {most} of them, with / between.", least=least, most=most))

    def _yes(self, question: str) -> bool:
        """A no is said, never guessed: anything that is neither is asked again."""
        while True:
            given = self._line(question, needed=False).casefold()
            if given in _YES or given in _NO:
                return given in _YES
            self._tell(tr("y or n, please."))

    def _roles(self) -> list[str]:
        among = ", ".join(f"{n} {self._called(role)}" for n, role in enumerate(_ROLES, 1))
        self._tell(
            tr(
                "Beside you, the PM, there may sit: {roles}. They keep these numbers. Give one of them another name in the file where somebody else sits there.",
                roles=among,
            )
        )
        chosen = self._numbers(tr("Who has to agree? Their numbers, such as 1 3."), len(_ROLES), least=1)
        return ["pm", *(_ROLES[n - 1] for n in chosen)]

    def _called(self, role: str) -> str:
        return BUILT_IN[self.language][role].title

    def _numbers(
        self, question: str, among: int, *, least: int, most: int | None = None, whole: bool = False
    ) -> list[int]:
        """Different numbers from 1, `most` of them at most; all of them, where the `whole` order is asked for."""
        while True:
            parts = [part for part in _BETWEEN.split(self._line(question, needed=least > 0)) if part]
            found = [int(part) for part in parts if _digits(part)]
            fits = len({*found}) == len(parts) and all(1 <= n <= among for n in found)
            if fits and least <= len(found) <= (most or among) and (not whole or len(found) == among):
                return found
            self._tell(
                tr("Numbers from 1 to {n}, each once.", n=among) if most is None
                else tr("Numbers from 1 to {n}, each once, {most} at most.", n=among, most=most)
            )  # fmt: skip

    def _seat(self, role: str, issues: Sequence[IssueSketch]) -> SeatSketch:
        wants = self._said(
            tr("{role}: what does it want, as it would say it in the meeting?", role=self._called(role))
        )
        private = self._said(
            tr("{role}: what does it know or fear and would not say first?", role=self._called(role))
        )
        order = [1]
        if len(issues) > 1:
            self._tell(" · ".join(f"{n} {issue.question.text}" for n, issue in enumerate(issues, 1)))
            order = self._numbers(tr("{role}: what matters most to it? All the numbers, the most important first.", role=self._called(role)), len(issues), least=1, whole=True)  # fmt: skip
        ranks = []
        for issue in issues:
            self._tell(
                f"{issue.question.text} "
                + " · ".join(f"{n} {each.text}" for n, each in enumerate(issue.options, 1))
            )
            ranks.append(tuple(self._numbers(tr("{role}: which does it like best? All the numbers, the best first.", role=self._called(role)), len(issue.options), least=1, whole=True)))  # fmt: skip
        return SeatSketch(role=role, wants=wants, private=private, order=tuple(order), ranks=tuple(ranks), because=tr("as ranked in the conversation"))  # type: ignore[arg-type]  # fmt: skip

    def _facts(self, roles: Sequence[str], issues: Sequence[IssueSketch]) -> list[Fact]:
        items = list(packs()[PACK].items.items())
        facts: list[Fact] = []
        while len(facts) < MOST_FACTS:
            says = self._line(
                tr("What is known that matters? One finding, with its figure. Enter alone: nothing more."),
                needed=not facts,
            )
            if not says:
                break
            holder = self._holder(roles)
            self._tell(
                "\n".join(f"{n:2} {item.said(self.language).asks}" for n, (_, item) in enumerate(items, 1))
            )
            shows = self._numbers(
                tr("Which of these does it show? Up to three numbers, or Enter."), len(items), least=0, most=3
            )
            against = self._numbers(
                tr("Which does it speak against? Up to two numbers, or Enter."), len(items), least=0, most=2
            )
            answers = self._places(issues) if against else ()
            facts.append(Fact(says=_as_said(says), holder=holder, shows=tuple(items[n - 1][0] for n in shows), against=tuple(items[n - 1][0] for n in against), answered_by=answers))  # fmt: skip
        if len(facts) == MOST_FACTS:
            self._tell(
                tr(
                    "{n} findings are the most that is asked for; more can be added in the file.",
                    n=MOST_FACTS,
                )
            )
        return facts

    def _outside(self) -> Iterator[Outside]:
        for _ in range(MOST_OUTSIDE):
            who = self._line(
                tr("Who will feel this and does not sit at the table? Enter alone: nobody more."),
                needed=False,
            )
            if not who:
                return
            yield Outside(who=_as_said(who), stake=self._said(tr("What is at stake for them?")))

    def _holder(self, roles: Sequence[str]) -> int:
        """Whose fact it is, by the number of the seat in the sketch; 0: everybody's. The PM is not among them, whose moves
        tell no fact: what the PM alone knew would never come out."""
        among = {number: role for number, role in enumerate(_ROLES, 1) if role in roles}
        listed = " · ".join(f"{number} {self._called(role)}" for number, role in among.items())
        self._tell(tr("0 everybody · {roles}", roles=listed))
        while True:
            answer = self._line(
                tr("Who knows it? One number. What you, the PM, know is known to everybody: 0.")
            )
            number = int(answer) if _digits(answer) else -1
            if number == 0:
                self._tell(tr("Everybody knows it."))
                return 0
            if number in among:
                self._tell(tr("Only this seat knows it: {role}.", role=self._called(among[number])))
                return roles.index(among[number]) + 1
            self._tell(tr("One of the numbers above."))

    def _places(self, issues: Sequence[IssueSketch]) -> tuple[Place, ...]:
        known = {
            f"{i}.{o}": each.text
            for i, issue in enumerate(issues, 1)
            for o, each in enumerate(issue.options, 1)
        }
        self._tell(" · ".join(f"{place} {text}" for place, text in known.items()))
        while True:
            said = self._line(tr("Which choices take care of it? Such as 2.1, or Enter."), needed=False)
            found = [part for part in _BETWEEN.split(said) if part]
            if all(place in known for place in found) and len(found) <= 4:
                return tuple(found)
            self._tell(tr("Write them as they stand above, such as 2.1."))


def _digits(text: str) -> bool:
    """Whether it is a number of a few digits, and no other sign that Python takes for one."""
    return text.isascii() and text.isdigit() and len(text) < 4


def _as_said(text: str) -> Sourced:
    return Sourced(text=text, quote=text)


def nothing_to_ask() -> UsageError:
    return UsageError(tr("the answers ended before the last question; nothing was written"))
