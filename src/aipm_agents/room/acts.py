"""What a teacher does in a class under way. Every act is in the register; table 0 is all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import mark
from aipm_agents.room import happenings as h
from aipm_agents.room.entering import Entering
from aipm_agents.room.lesson import Refused

if TYPE_CHECKING:
    from aipm_agents.room.lesson import Lesson


class Acts:
    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson

    def meant(self, table: int) -> list[int]:
        """The tables an act is for: one that is not laid is none of them."""
        return [number for number in self.lesson.tables if table in (0, number)]

    def pause(self, table: int = 0) -> None:
        self.lesson.happens(h.Paused(table=table), *self.meant(table))
        for number in self.meant(table):
            self.lesson.clocks[number].stop()

    def resume(self, table: int = 0) -> None:
        self.lesson.happens(h.WentOn(table=table), *self.meant(table))
        for number in self.meant(table):
            self.lesson.go_on(number)

    def extend(self, table: int = 0, seconds: int = 120) -> None:
        self.lesson.happens(h.Extended(table=table, seconds=seconds), *self.meant(table))
        for number in self.meant(table):
            self.lesson.clocks[number].add(seconds)

    def push(self, table: int = 0) -> None:
        """Next phase now: the missing abstain, this once; they were not silent, they were hurried."""
        self.lesson.happens(h.Pushed(table=table))
        for number in self.meant(table):
            if number not in self.lesson.roster.paused:
                self.lesson.patience.abstain(number, self.lesson.tables[number].waiting, silent=False)

    def hint(self, table: int, text: str) -> None:
        self.lesson.happens(h.Hinted(table=table, text=text), *self.meant(table))

    def bring(self, table: int, inject: int) -> None:
        """News before its time; it is there before the PM speaks next."""
        if not 0 <= inject < len(self.lesson.scenario.injects):
            raise Refused(mark("there is no such news"))
        sitting = [self.lesson.tables[number] for number in self.meant(table) if number in self.lesson.tables]
        if sitting and not any(inject in each.unsent for each in sitting):
            raise Refused(mark("this news is there already, or it would leave an issue without an option"))
        self.lesson.happens(h.Brought(table=table, inject=inject))
        for number in self.meant(table):
            self.lesson.go_on(number)

    def end(self, table: int = 0) -> None:
        """Time is out."""
        self.lesson.happens(h.Ended(table=table))
        for number in self.meant(table):
            self.lesson.stop(number)

    def open_cards(self) -> None:
        if not Entering(self.lesson).over:
            raise Refused(mark("a table is still playing; end it first"))
        self.lesson.happens(h.CardsOpened(), *self.lesson.roster.tables)

    def show(self, question: int) -> None:
        self.lesson.happens(h.Shown(question=max(0, question)))
