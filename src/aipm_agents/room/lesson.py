"""A class under way: its register, its tables, its clocks, and everything that anybody may do in it.

Each act is written to the register, or to a table's record, before it counts; then the tables move on as far as they
can, and the bell rings. All of it happens in one thread, between two awaits, so that no act sees half of another.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from aipm_agents.errors import StorageError
from aipm_agents.language import mark, tr
from aipm_agents.room import happenings as h
from aipm_agents.room import tokens
from aipm_agents.room.bell import ROOM, Bell
from aipm_agents.room.clock import Clock
from aipm_agents.room.dealing import dealt
from aipm_agents.room.languages import Cases
from aipm_agents.room.patience import RoomPatience
from aipm_agents.room.register import Alone
from aipm_agents.room.roster import Roster
from aipm_agents.room.sitting import Sitting
from aipm_agents.seats.human import KIND as HUMAN
from aipm_agents.table.agenda import KIND_OF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.roles import Language, Role
    from aipm_agents.room.chairs import Chairs
    from aipm_agents.room.happenings import Happening
    from aipm_agents.room.register import Register
    from aipm_agents.room.roster import Person, Seat
    from aipm_agents.table.events import Event
    from aipm_agents.table.moves import Move, Verb
    from aipm_agents.table.on_paper import Meeting
    from aipm_agents.table.stamp import Turn

MOST_PEOPLE = 250


class Refused(Exception):
    """What cannot be done now; the text says why, in the words of the key."""


class Lesson:
    def __init__(self, register: Register, chairs: Chairs) -> None:
        self.register, self.chairs, self.bell = register, chairs, Bell()
        self.opened, self.alone = register.opened, isinstance(register, Alone)
        self.scenario, self.cases = self.opened.scenario, Cases(self.opened.scenario)
        self.roster = Roster(register.happened)
        self.tables: dict[int, Sitting] = {}
        self.clocks = {number: Clock(self.opened.patience) for number in self.roster.tables}
        self.patience, self.closed = RoomPatience(self), False
        self.trouble = ""
        """What could not be written, for as long as it cannot."""
        self.broken: set[int] = set()
        """Tables that a fault of ours holds up."""
        self._late: list[tuple[Sitting, Turn]] = []
        """What models answered and could not be kept yet."""
        self.taken_back: dict[Seat, Event] = {}
        """The answer somebody has taken back, so that they go on from it."""
        self.on_paper: dict[int, Meeting] = {}
        """Groups on paper, as far as they are entered; made by `Entering`."""
        self.afterwards: dict[object, Any] = {}
        """What is worked out once the cards are open; kept because everybody asks at the same time."""

    def lay(self) -> None:
        """The tables as they were left. Raises `TranscriptError` for a damaged record, and what a disk refuses."""
        for number in self.roster.tables if self.roster.begun else ():
            self._lay(number)

    def wake(self) -> None:
        """Once there is a loop: the tables go on."""
        self.lay()
        for number in self.tables:
            with suppress(StorageError):  # it is told, and tried again when somebody acts
                self.go_on(number)

    # --- who comes ------------------------------------------------------------------------------

    def join(self, name: str, language: Language, wish: int = 0) -> tuple[Person, str]:
        """Somebody new, with the token of their phone."""
        if len(self.roster.people) >= MOST_PEOPLE:
            raise Refused(mark("the room is full"))
        token, person = tokens.token(), f"p{len(self.roster.people) + 1}"
        wish = wish if wish in self.roster.tables else 0
        joined = h.Joined(person=person, name=name, language=language, key=tokens.digest(token), wish=wish)
        self.happens(joined)
        return self.roster.people[person], token

    def rejoin(self, code: str) -> tuple[Person, str] | None:
        """The person of a rejoin code, on another phone; the phone they had is out. None for a wrong code."""
        for person in self.roster.people.values():
            if tokens.same(tokens.rejoin_code(self.opened.secret, person.id), tokens.tidied(code)):
                return person, self.rekey(person.id)
        return None

    def rekey(self, person: str) -> str:
        token = tokens.token()
        self.happens(h.Rekeyed(person=person, key=tokens.digest(token)))
        return token

    def who(self, token: str | None) -> Person | None:
        return self.roster.of_key(tokens.digest(token)) if token else None

    # --- who sits where -------------------------------------------------------------------------

    @property
    def playable(self) -> tuple[Role, ...]:
        """The seats that people may take, in the order of the case."""
        return tuple(role for role in self.scenario.parties if role not in self.opened.kinds)

    def deal(self) -> None:
        places = dealt(self.roster, self.playable, {n: self._so_far(n) for n in self._open_tables})
        if places:
            self.happens(h.Dealt(places=places), *self.roster.tables)
            if self.roster.begun:
                self._lay_tables()

    def undeal(self) -> None:
        if self.roster.begun:
            raise Refused(mark("the tables have begun; move people one by one"))
        self.happens(h.Undealt())

    def seat(self, person: str, table: int, role: Role) -> None:
        """Sit somebody down: beside who writes there, from the next round on instead of a program, or to watch."""
        if table not in self.roster.tables or (role and role not in self.playable):
            raise Refused(mark("there is no such seat"))
        if person not in self.roster.people:
            raise Refused(mark("there is no such person"))
        if self.roster.cards_open and table not in self.tables:
            raise Refused(mark("the cards are open; no table begins any more"))
        if (before := self.roster.places.get(person, (0, ""))) != (table, role):
            place = h.Placing(person=person, table=table, role=role, since=self._so_far(table))
            self.happens(h.Moved(place=place, left=self._so_far(before[0])), table)
            if role and table in self.tables and self.roster.beside[table, role] == [person]:
                self.take_over(person)  # nobody sat there
            if self.roster.begun:
                self._lay_tables()
            self.go_on(table)

    def watch(self, person: str) -> None:
        """Somebody without a seat watches the table they wished for, or the one with the fewest people."""
        sizes = {n: sum(1 for table, _ in self.roster.places.values() if table == n) for n in self.tables}
        if sizes:
            wish = self.roster.people[person].wish
            self.seat(person, wish if wish in sizes else min(sizes, key=lambda n: sizes[n]), "")

    def _so_far(self, table: int) -> int:
        return len(self.tables[table].events) if table in self.tables else 0

    @property
    def _open_tables(self) -> tuple[int, ...]:
        """Those at which somebody may still play: not over, and to be begun only before the cards are open."""
        new = [] if self.roster.cards_open else [n for n in self.roster.tables if n not in self.tables]
        return tuple(sorted([*new, *(n for n in self.tables if not self.tables[n].over)]))

    def take_over(self, person: str) -> None:
        """Write for the seat from the next round on; at once where whoever writes is silent."""
        table, role = self.roster.places[person]
        sitting = self.tables.get(table)
        if sitting is None or not role:
            raise Refused(mark("there is nothing to take over yet"))
        number = sitting.step.round
        human = sitting.kinds[role] == HUMAN
        since = number if human and (table, role) in self.roster.deputies else number + 1
        place = h.Placing(person=person, table=table, role=role)
        self.happens(h.TookOver(place=place, round=since), table)

    def writes(self, person: str) -> bool:
        """Whether this person writes for their seat now."""
        seat = self.roster.places.get(person)
        if seat is None or not seat[1]:
            return False
        sitting = self.tables.get(seat[0])
        number = sitting.step.round if sitting else 0
        human = sitting is None or sitting.kinds[seat[1]] == HUMAN
        return human and self.roster.writer(seat, number) == person

    def kinds(self, table: int, number: int) -> dict[Role, str]:
        """Who plays at a table in a round: people where somebody sits, a program everywhere else."""
        return {
            role: self.opened.kinds.get(role)
            or (HUMAN if self.roster.writer((table, role), number) else "embedded")
            for role in self.scenario.parties
        }

    # --- the tables -----------------------------------------------------------------------------

    def begin(self) -> None:
        if self.roster.cards_open:
            raise Refused(mark("the cards are open; no table begins any more"))
        if not self.roster.begun:
            self.happens(h.Begun())
        self._lay_tables()
        for person in [each for each in self.roster.people if each not in self.roster.places]:
            self.watch(person)

    def _lay_tables(self) -> None:
        """Every table that somebody sits at, moved on as far as it goes."""
        for number in self.roster.tables:
            if number not in self.tables:
                with self.noting():
                    self._lay(number)
                if number in self.tables:
                    self.go_on(number)

    def _lay(self, number: int) -> None:
        """A table on file, new or as it was left. One that nobody sits at is laid once somebody does: else it would be
        over before they came."""
        path = self.register.table(number)
        if number in self.tables or not (path.exists() or self._is_wanted(number)):
            return
        if path.exists():
            self.tables[number] = Sitting.gone_on_with(number, path)
        else:
            header = self.register.header(number)
            try:
                self.tables[number] = Sitting.begun(number, path, header, self.kinds(number, 0))
            except OSError as error:
                raise StorageError(
                    tr("{path}: cannot be written: {strerror}; all before it is kept", path=path, strerror=error.strerror)
                ) from None  # fmt: skip
        if number in self.roster.ended:
            self.tables[number].stop()

    def _is_wanted(self, table: int) -> bool:
        return not self.playable or HUMAN in self.kinds(table, 0).values()

    def answer(self, person: str, verb: Verb, number: int, move: Move) -> None:
        """What somebody answers for their seat. Raises `Refused` for who does not write, and what the table raises."""
        table, role = self.roster.places.get(person, (0, ""))
        if not self.writes(person) or table not in self.tables:
            raise Refused(mark("somebody else writes for this seat"))
        if table in self.roster.paused:
            raise Refused(mark("the room is paused; your answer stays here until it goes on"))
        with self.noting():
            self.tables[table].answer(role, verb, number, move)
        self.taken_back.pop((table, role), None)
        self.patience.is_back((table, role))
        self.go_on(table)

    def take_back(self, person: str) -> None:
        table, role = self.roster.places.get(person, (0, ""))
        if self.writes(person) and table in self.tables:
            with self.noting():
                event = self.tables[table].take_back(role)
            if event is not None and getattr(event, "fault", None) is None:
                self.taken_back[table, role] = event
            self.bell.ring_soon(table)

    def _came(self, sitting: Sitting, event: Turn) -> None:
        """What a model answered; too late is too late, and of a class that is closed nothing is kept."""
        verb, step = sitting.verb(event.role), sitting.step
        if self.closed or verb is None or event.role in sitting.held or event.round != step.round:
            return
        if not isinstance(event, KIND_OF[verb]):
            return
        try:
            with self.noting():
                sitting.keep(event)
            self.go_on(sitting.number)
        except StorageError:
            self._late.append((sitting, event))  # it was asked for once, and may have cost money

    def keep_late(self) -> None:
        """What could not be kept when it came is tried again."""
        late, self._late = self._late, []
        for sitting, event in late:
            self._came(sitting, event)

    def go_on(self, table: int) -> None:
        """As far as a table goes of itself; whoever looks at it hears of it."""
        sitting, revealed = self.tables.get(table), True
        if sitting is not None and table not in self.roster.paused:
            early = [n for n in self.roster.brought.get(table, ()) if n in sitting.unsent]
            with self.noting():
                revealed = sitting.move_on(self.chairs.at, self.kinds(table, sitting.step.round + 1), early)
            self.patience.go_on(table)
            if not sitting.over:
                self.chairs.ask(sitting, sitting.kinds, self._came)
        if revealed or sitting is None or sitting.over:
            self.bell.ring(table)
        else:
            self.bell.ring_soon(table)

    def stop(self, table: int) -> None:
        """Out of time."""
        with self.noting():
            self.tables[table].stop()
        self.go_on(table)

    @property
    def over(self) -> bool:
        return bool(self.tables) and all(sitting.over for sitting in self.tables.values())

    @property
    def topics(self) -> tuple[int, ...]:
        """All that a page about the whole room listens for."""
        return (ROOM, *self.roster.tables)

    @property
    def version(self) -> str:
        """Another one whenever such a page has something new."""
        return self.bell.count(self.topics)

    # --- what is written -------------------------------------------------------------------------

    def happens(self, happening: Happening, *tables: int) -> None:
        with self.noting():
            self.register.append(happening)
        self.roster.take(happening)
        self.bell.ring(ROOM, *tables)

    @contextmanager
    def noting(self) -> Iterator[None]:
        """What cannot be written is told to teacher and phones, until something can be written again."""
        told = ""
        try:
            yield
        except StorageError as error:
            told = str(error)
            raise
        finally:
            if told != self.trouble:
                self.trouble = told
                self.bell.ring(*self.topics)

    def forget(self) -> None:
        self.close()
        self.register.forget()

    def close(self) -> None:
        self.closed = True
        self.chairs.close()
        for sitting in self.tables.values():
            sitting.close()
        self.register.close()
