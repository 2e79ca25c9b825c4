"""How long a table waits, and for whom: its clock, the seats whose people have been silent, and what comes of silence."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from aipm_agents.language import mark
from aipm_agents.roles import PM
from aipm_agents.room import happenings as h
from aipm_agents.seats.human import KIND as HUMAN

if TYPE_CHECKING:
    from aipm_agents.roles import Role
    from aipm_agents.room.lesson import Lesson
    from aipm_agents.room.roster import Seat

GRACE = 8.0
"""Seconds that a table waits for a colleague whose person has been silent before: they may be back."""
SOON = 30.0
"""Seconds before a seat abstains in which the teacher is asked."""
_ASLEEP = 10.0
"""Seconds between two ticks from which on nobody can have been waited for."""
NOT_IN_TIME = mark("nobody answered in time")


class RoomPatience:
    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson
        self._looked = time.monotonic()
        self._asked: set[int] = set()
        """Tables whose time is nearly out, which the teacher has been told."""

    def tick(self, *tables: int) -> None:
        """Called about once a second, for these tables or for all: whoever is too late abstains."""
        self.beat()
        self.lesson.keep_late()
        for number in tables or tuple(self.lesson.tables):
            self._look(number)

    def beat(self) -> None:
        """Called about once a second, whether or not a table is laid: a laptop slept where nobody called for long and
        its clock went on."""
        now = time.monotonic()
        if now - self._looked > _ASLEEP:
            for clock in self.lesson.clocks.values():
                clock.slept(now - self._looked)
        self._looked = now

    def _look(self, table: int) -> None:
        sitting, clock = self.lesson.tables[table], self.lesson.clocks[table]
        if table in self.lesson.roster.ended and not sitting.over:  # it could not be written then
            self.lesson.stop(table)
        if sitting.over or clock.still:
            return
        if self.deserted(table):
            clock.stop()
            self.lesson.bell.ring(table)
            return
        if 0 < clock.left <= SOON and table not in self._asked:
            self._asked.add(table)
            self.lesson.bell.ring(table)  # the teacher is asked before anybody abstains
        if clock.left > SOON:
            self._asked.discard(table)
        out = clock.left <= 0
        early = {
            role for role in sitting.waiting
            if role != PM and (table, role) in self.lesson.roster.deputies
            and self.lesson.opened.patience - clock.left > GRACE
        }  # fmt: skip
        if out or early:
            self.abstain(table, sitting.waiting if out else tuple(early))

    def nearly_out(self, table: int) -> tuple[Role, ...]:
        """Whose time is nearly out: the teacher may give more, or let it go."""
        sitting, clock = self.lesson.tables[table], self.lesson.clocks[table]
        soon = not sitting.over and not clock.still and clock.left <= SOON < self.lesson.opened.patience
        return tuple(r for r in sitting.waiting if sitting.kinds[r] == HUMAN) if soon else ()

    def deserted(self, table: int) -> bool:
        """Whether everybody who sits at a table has been silent. It stands still then: it would be over before anybody
        is back. (A PM who is away is waited for each time in full, because without one nothing can be decided.)"""
        sitting = self.lesson.tables[table]
        people = [role for role, kind in sitting.kinds.items() if kind == HUMAN]
        away = [role for role in people if (table, role) in self.lesson.roster.deputies]
        return bool(people) and away == people and not sitting.over

    def abstain(self, table: int, roles: tuple[Role, ...], *, silent: bool = True) -> None:
        """The chairs that are waited for abstain; people among them who were `silent` are deputised until they are
        back."""
        sitting = self.lesson.tables[table]
        for role in roles:
            new = silent and sitting.kinds[role] == HUMAN and (table, role) not in self.lesson.roster.deputies
            if new:
                self.lesson.happens(h.Deputised(table=table, role=role, round=sitting.step.round), table)
            with self.lesson.noting():
                sitting.abstain(role, NOT_IN_TIME)
        self.lesson.go_on(table)

    def is_back(self, seat: Seat) -> None:
        """Whoever was silent is heard again: nobody abstains for them any more."""
        if seat in self.lesson.roster.deputies:
            self.lesson.happens(h.Returned(table=seat[0], role=seat[1]), seat[0])
            self.go_on(seat[0])

    def go_on(self, table: int) -> None:
        """The clock of a phase begins, or runs on, unless there is nobody to run for."""
        sitting, clock = self.lesson.tables.get(table), self.lesson.clocks[table]
        if sitting is None or table in self.lesson.roster.paused:
            return
        if sitting.over:
            clock.stop()
            return
        clock.begin(sitting.step[:2])
        if not self.deserted(table):
            clock.go_on()
