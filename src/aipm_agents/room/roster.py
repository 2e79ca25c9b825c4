"""Who is who in a class, and who sits where: read off what happened, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.room import happenings as h

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aipm_agents.roles import Language, Role
    from aipm_agents.room.happenings import Happening, Placing


class Person(NamedTuple):
    id: str
    name: str
    language: Language
    key: str
    """The digest of the token of the phone that counts."""
    wish: int


Seat = tuple[int, "Role"]
"""Table and role."""


class Stay(NamedTuple):
    """Somebody at a seat, by the events of its table's record: from one, to before another; None for to this day."""

    person: str
    seat: Seat
    since: int
    until: int | None = None

    def holds(self, event: int) -> bool:
        return self.since <= event and (self.until is None or event < self.until)

    def beside(self, other: Stay) -> bool:
        """Whether both sat there at some time."""
        return self.seat == other.seat and (self.holds(other.since) or other.holds(self.since))


class Roster:
    def __init__(self, happened: Iterable[Happening]) -> None:
        self.people: dict[str, Person] = {}
        self.places: dict[str, Seat] = {}
        """Person -> where they sit; the role is empty for who watches."""
        self.beside: dict[Seat, list[str]] = {}
        """Seat -> who sits there, the first to come first."""
        self._writes: dict[Seat, list[tuple[int, str]]] = {}
        self.stays: dict[str, list[Stay]] = {}
        """Person -> where they sat and when; of a seat that they left before anything happened nothing."""
        self.begun = self.cards_open = False
        self.paused: set[int] = set()
        self.ended: set[int] = set()
        self.deputies: set[Seat] = set()
        self.hints: dict[int, list[str]] = {}
        self.brought: dict[int, list[int]] = {}
        """Table -> news to be sent early, in the order asked for."""
        self.question = 0
        self.entered: dict[int, list[h.RoundEntered]] = {}
        """Group on paper -> its rounds."""
        for happening in happened:
            self.take(happening)

    def take(self, happening: Happening) -> None:
        """What changes by a happening."""
        match happening:
            case h.ClassOpened():
                self.tables = tuple(range(1, happening.tables + 1))
            case h.Joined():
                self.people[happening.person] = Person(
                    happening.person, happening.name, happening.language, happening.key, happening.wish
                )
            case h.Rekeyed():
                person = self.people[happening.person]
                self.people[happening.person] = person._replace(key=happening.key)
            case h.Dealt():
                for place in happening.places:
                    self._sit(place)
            case h.Undealt():
                self.places, self.beside, self._writes, self.deputies = {}, {}, {}, set()
                self.stays.clear()
            case h.Moved():
                self._sit(happening.place, happening.left)
            case h.TookOver():
                seat = (happening.place.table, happening.place.role)
                self._writes.setdefault(seat, []).append((happening.round, happening.place.person))
                self.deputies.discard(seat)
            case h.Begun():
                self.begun = True
            case h.CardsOpened():
                self.cards_open = True
            case h.Shown():
                self.question = happening.question
            case _:
                self._at_tables(happening)

    def _at_tables(self, happening: Happening) -> None:
        match happening:
            case h.Paused():
                self.paused |= self._meant(happening.table)
            case h.WentOn():
                self.paused -= self._meant(happening.table)
            case h.Ended():
                self.ended |= self._meant(happening.table)
            case h.Hinted():
                for table in self._meant(happening.table):
                    self.hints.setdefault(table, []).append(happening.text)
            case h.Brought():
                for table in self._meant(happening.table):
                    self.brought.setdefault(table, []).append(happening.inject)
            case h.Deputised():
                self.deputies.add((happening.table, happening.role))
            case h.Returned():
                self.deputies.discard((happening.table, happening.role))
            case h.RoundEntered():
                self.entered.setdefault(happening.group, []).append(happening)
            case h.TornUp():
                self.entered[happening.group].pop()
            case _:
                pass  # of an instant: a clock that was set, a phase that was ended

    def _meant(self, table: int) -> set[int]:
        return {table} if table else set(self.tables)

    def _sit(self, place: Placing, left: int = 0) -> None:
        """A person has one place: who sits down somewhere gets up elsewhere. Whoever was silent in a seat that
        somebody else has now was somebody else."""
        before = self.places.get(place.person)
        if before is not None and place.person in self.beside.get(before, ()):
            self.beside[before].remove(place.person)
            self._writes[before] = [each for each in self._writes.get(before, ()) if each[1] != place.person]
            self.deputies.discard(before)
        stays = self.stays.setdefault(place.person, [])
        if stays and stays[-1].until is None:
            last = stays.pop()
            stays += [last._replace(until=left)] if last.since < left else []
        self.places[place.person] = (place.table, place.role)
        if place.role:
            seat = (place.table, place.role)
            stays.append(Stay(place.person, seat, place.since))
            self.beside.setdefault(seat, []).append(place.person)
            if self.beside[seat] == [place.person]:
                self.deputies.discard(seat)

    def writer(self, seat: Seat, number: int) -> str | None:
        """Who writes for a seat in a round; None where nobody sits there."""
        taken = [who for since, who in self._writes.get(seat, ()) if since <= number]
        sitting = self.beside.get(seat, ())
        return taken[-1] if taken else next(iter(sitting), None)

    def next_writer(self, seat: Seat, number: int) -> str | None:
        """Who will write from a later round on, where that is agreed."""
        taken = [who for since, who in self._writes.get(seat, ()) if since > number]
        return taken[-1] if taken else None

    def of_key(self, key: str) -> Person | None:
        return next((person for person in self.people.values() if person.key == key), None)

    def named(self, table: int, role: Role) -> list[str]:
        """The nicknames at a seat, who writes first."""
        return [self.people[each].name for each in self.beside.get((table, role), ())]
