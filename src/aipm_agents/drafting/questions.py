"""Questions to a person, and how an answer is read: a line, a yes or no, numbers of a list. What does not fit is asked
again; `<` takes the last answer back, as the answers so far lead to the same question once more."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from aipm_agents.drafting.sketch import Sourced
from aipm_agents.language import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

LONGEST = 1_000
"""Letters of an answer: it is quoted as a whole."""
BACK = "<"
_BETWEEN = re.compile("[\\s,，、;；]+")
_SPACE = re.compile("[\\s、;；]+")
_NUMBER = re.compile(r"-?(\d{1,9}|\d{1,3}([,，]\d{3}){1,2})(\.\d{1,6})?")
"""A comma stands between thousands or nowhere: 1,5 is asked about, never taken for 15."""
_YES, _NO = ("y", "yes", "j", "是", "對"), ("n", "no", "不", "不是", "否")


class TakenBack(Exception):
    """Somebody wants to answer the last question otherwise."""


class Questions:
    """`ask` puts a question and gives the answer; `tell` says something."""

    def __init__(self, ask: Callable[[str], str], tell: Callable[[str], None]) -> None:
        self._ask, self._tell = ask, tell
        self.answers: list[str] = []
        """Those that were taken."""
        self._again: list[str] = []
        """Answers that are given once more, unseen, on the way to the one that was taken back."""

    def again(self) -> None:
        """From the beginning, with all answers but the last."""
        self._again = self.answers[:-1]
        self.answers.clear()

    def say(self, text: str) -> None:
        if not self._again:
            self._tell(text)

    def refuse(self, text: str) -> None:
        self.answers.pop()
        self.say(text)

    def line(self, question: str, *, needed: bool = True, most: int = LONGEST) -> str:
        """`most`: letters that the form has room for."""
        while True:
            answer = self._again.pop(0) if self._again else _plain(self._ask(question))
            if answer == BACK:
                raise TakenBack
            if len(answer) > most:
                self.say(tr("That is {size:,} letters; {most:,} at most.", size=len(answer), most=most))
            elif answer or not needed:
                self.answers.append(answer)
                return answer
            else:
                self.say(tr("A few words are enough; it can be changed in the file."))

    def said(self, question: str) -> Sourced:
        return as_said(self.line(question))

    def perhaps(self, question: str) -> Sourced | None:
        answer = self.line(question, needed=False)
        return as_said(answer) if answer else None

    def several(self, question: str, least: int, most: int) -> list[str]:
        while True:
            found = [part.strip() for part in re.split("[/／]", self.line(question)) if part.strip()]
            if len({each.casefold() for each in found}) < len(found):
                self.refuse(tr("One of them stands there twice."))
            elif least <= len(found) <= most:
                return found
            else:
                self.refuse(tr("From {least} to {most} of them, with / between.", least=least, most=most))

    def yes(self, question: str) -> bool:
        """A no is said, never guessed: anything that is neither is asked again."""
        while True:
            given = self.line(question, needed=False).casefold()
            if given in _YES or given in _NO:
                return given in _YES
            self.refuse(tr("y or n, please."))

    def numbers(
        self, question: str, among: int, *, least: int, most: int | None = None, whole: bool = False
    ) -> list[int]:
        """Different numbers from 1, `most` of them at most; all of them, where the `whole` order is asked for."""
        while True:
            parts = [part for part in _BETWEEN.split(self.line(question, needed=least > 0)) if part]
            found = [int(part) for part in parts if _digits(part)]
            fits = len({*found}) == len(parts) and all(1 <= n <= among for n in found)
            if fits and least <= len(found) <= (most or among) and (not whole or len(found) == among):
                return found
            self.refuse(
                tr("Numbers from 1 to {n}, each once.", n=among) if most is None
                else tr("Numbers from 1 to {n}, each once, {most} at most.", n=among, most=most)
            )  # fmt: skip

    def number(self, question: str, among: Collection[int]) -> int:
        while True:
            answer = self.line(question)
            if _digits(answer) and int(answer) in among:
                return int(answer)
            self.refuse(tr("One of the numbers above."))

    def figures(self, question: str, many: int) -> list[Decimal]:
        """So many figures, in order; a comma between thousands is none between figures."""
        while True:
            parts = [part for part in _SPACE.split(self.line(question)) if part]
            if len(parts) == many and all(_NUMBER.fullmatch(part) for part in parts):
                return [Decimal(re.sub("[,，]", "", part)) for part in parts]
            self.refuse(
                tr("A number, in figures.") if many == 1
                else tr("{n} numbers, in figures, with a space between.", n=many)
            )  # fmt: skip

    def places(self, question: str, known: Sequence[str], most: int) -> tuple[str, ...]:
        while True:
            found = [part for part in _BETWEEN.split(self.line(question, needed=False)) if part]
            if all(place in known for place in found) and len(found) <= most:
                return tuple(found)
            self.refuse(tr("Write them as they stand above, such as 2.1."))


def _plain(given: str) -> str:
    """On one line, without what an arrow key or a pasted page leaves in it."""
    return " ".join("".join(each if each.isprintable() else " " for each in given).split())


def as_said(text: str) -> Sourced:
    return Sourced(text=text, quote=text)


def _digits(text: str) -> bool:
    """Whether it is a number of a few digits, and no other sign that Python takes for one."""
    return text.isascii() and text.isdigit() and len(text) < 4
