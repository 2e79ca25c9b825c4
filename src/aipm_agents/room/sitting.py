"""A table as it is played in a room: its record, the answers that are in, and whom it waits for.

It moves by `meeting.advance` and by nothing else. What is answered is on the disk before anybody is told so, and what
is revealed is on the disk before anybody sees it. Nothing here waits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aipm_agents.errors import SeatError
from aipm_agents.meeting import Stand, advance
from aipm_agents.roles import PM
from aipm_agents.seats import answers_at_once
from aipm_agents.table.agenda import KIND_OF, next_step
from aipm_agents.table.audience import public_to
from aipm_agents.table.derived import arriving
from aipm_agents.table.events import Injected, Seated, Stopped
from aipm_agents.table.lawful import check
from aipm_agents.table.news import may_come, scenario_at
from aipm_agents.table.options import package_left
from aipm_agents.table.record import Record
from aipm_agents.table.stamp import abstained, stamped
from aipm_agents.table.view import view
from aipm_agents.transcript import Recorder, Transcript, as_bytes, line, read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from aipm_agents.roles import Language, Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.seats import Seat
    from aipm_agents.table.agenda import Step
    from aipm_agents.table.events import Event
    from aipm_agents.table.moves import Move, Verb
    from aipm_agents.table.stamp import Turn
    from aipm_agents.table.view import View
    from aipm_agents.transcript import Header

    Seats = Callable[[Mapping[Role, str]], Mapping[Role, Seat]]


class Late(SeatError):
    """An answer to something that is not asked any more."""

    def __init__(self) -> None:
        super().__init__("malformed", "that turn is over")


class Sitting:
    def __init__(self, number: int, recorder: Recorder, run: Transcript) -> None:
        self.number, self.recorder, self.header = number, recorder, run.header
        self.scenario, self.seed = run.scenario, run.header.seed
        self.events: tuple[Event, ...] = run.events
        self.held: dict[Role, Event] = {event.role: event for event in run.held}
        """Answers of the phase under way, by whom; nobody else may see them."""
        last = run.events[-1] if run.events else None
        self.stopped = isinstance(last, Stopped) and last.reason == "time"
        self._record: Record | None = None
        self._views: dict[tuple[Role, Language], View] = {}
        self.told: dict[tuple[str, str], dict[str, Any]] = {}
        """What was made of the record for a seat, or of the case for everybody, in a language; until something is revealed."""

    @classmethod
    def begun(cls, number: int, path: Path, header: Header, kinds: Mapping[Role, str]) -> Sitting:
        """A new table, on file with who sits there."""
        first = Seated(round=0, seats={role: kinds[role] for role in header.scenario.parties})
        recorder = Recorder(path, header, prefix=as_bytes(line(first)), durable=True)
        return cls(number, recorder, Transcript(header, (first,), path))

    @classmethod
    def gone_on_with(cls, number: int, path: Path) -> Sitting:
        """A table as it was left, whatever ended the program. Raises `TranscriptError` for a damaged record."""
        recorder = Recorder(path, durable=True)
        try:
            run = read(path)
        except BaseException:
            recorder.__exit__(None, None, None)
            raise
        recorder.expect(run.held)
        return cls(number, recorder, run)

    # --- where it stands ------------------------------------------------------------------------

    @property
    def step(self) -> Step:
        return next_step(self.scenario, self.events)

    @property
    def over(self) -> bool:
        """Decided, or out of time."""
        return self.stopped or self.step.phase == "over"

    @property
    def round(self) -> int:
        """The round under way, or the last one there was."""
        return self.events[-1].round if self.over else self.step.round

    @property
    def waiting(self) -> tuple[Role, ...]:
        """Who has not answered what is asked now."""
        step = self.step
        if self.over or step.phase not in KIND_OF:
            return ()
        return tuple(role for role in step.roles if role not in self.held)

    @property
    def record(self) -> Record:
        known = self._record
        if known is None or known.events is not self.events or known.scenario is not self.scenario:
            known = self._record = Record(self.scenario, self.events, seed=self.seed)
        return known

    @property
    def transcript(self) -> Transcript:
        return Transcript(self.header, self.events, self.recorder.path)

    @property
    def kinds(self) -> dict[Role, str]:
        return self.transcript.seats

    def seen(self, role: Role) -> View:
        """What a seat may see now."""
        key = role, self.scenario.language
        if key not in self._views:
            self._views[key] = view(self.scenario, self.events, role, seed=self.seed, number=self.step.round)
        return self._views[key]

    def figures_for(self, role: Role) -> Scenario:
        """The scenario with the figures as the news that a seat has heard has left them."""
        return scenario_at(self.scenario, public_to(self.events, role))

    def verb(self, role: Role) -> Verb | None:
        """What a seat is asked to do now, whether or not it has answered; None for nothing."""
        step = self.step
        asked = not self.over and step.phase in KIND_OF and role in step.roles
        return step.phase if asked else None  # type: ignore[return-value]  # KIND_OF has it, so it is a verb

    # --- what people do -------------------------------------------------------------------------

    def answer(self, role: Role, verb: Verb, number: int, move: Move) -> None:
        """Keep an answer: on the disk when this returns. The same once more changes nothing; another one takes its
        place. Raises `Late` or `Unlawful`, and `StorageError`, and then nothing is changed."""
        if self.verb(role) != verb or self.step.round != number:
            raise Late
        check(move, self.seen(role), verb)
        event = stamped(move, role, number)
        before = self.held.get(role)
        if before is None:
            self.keep(event)
        elif before != event:
            self.recorder.change(event)
            self.held[role] = event

    def take_back(self, role: Role) -> Event | None:
        """An answer that nobody has seen yet is taken back; None where there is none."""
        event = self.held.get(role)
        if event is not None:
            self.recorder.take_back(event)
            del self.held[role]
        return event

    def abstain(self, role: Role, why: str) -> None:
        """A seat that does not answer abstains, as any seat does that fails."""
        verb = self.verb(role)
        if verb is not None and role not in self.held:
            self.keep(
                abstained(verb, role, self.step.round, package_left(self.scenario, self.events), fault="timeout", volatile={"fault": why})
            )  # fmt: skip

    def keep(self, event: Turn) -> None:
        """An answer of any seat, checked already."""
        self.recorder.hold(event)
        self.held[event.role] = event

    # --- how it moves ---------------------------------------------------------------------------

    def move_on(self, seats: Seats, kinds: Mapping[Role, str], early: Sequence[int] = ()) -> bool:
        """On until somebody is waited for, or to the end; whether anything was revealed.

        `seats`: who plays what no person does, by the kinds of a record. `kinds`: who sits there from the next round
        on. `early`: news that is sent before it is due, in order. Both come in between two rounds, so the PM is asked apart.
        """
        if self.over:
            return False
        before = len(self.events)
        while True:
            quick = {role: seat for role, seat in seats(self.kinds).items() if answers_at_once(seat)}
            stand = self._advanced({role: seat for role, seat in quick.items() if role != PM})
            if stand.waiting != (PM,) or PM in self.held:
                break
            if stand.step.phase == "propose":
                self._between(kinds, early)
                early = ()
                quick = dict(seats(self.kinds))
            if PM not in quick or not answers_at_once(quick[PM]):
                break
            self._advanced({PM: quick[PM]})
            if PM in self.held:
                break
        return len(self.events) > before

    def _advanced(self, seats: Mapping[Role, Seat]) -> Stand:
        new: list[Event] = []
        stand = advance(
            self.scenario, seats, self.events, tuple(self.held.values()), seed=self.seed, on_event=new.append
        )
        if new:
            self.recorder.append(*new)
        self.events, self.held = stand.events, {event.role: event for event in stand.held}
        if new:
            self._views, self.told = {}, {}
        return stand

    def _between(self, kinds: Mapping[Role, str], early: Sequence[int]) -> None:
        """What changes between two rounds: who sits there, and news that the teacher sends before its time."""
        number = self.events[-1].round
        if {role: kinds[role] for role in self.scenario.parties} != self.kinds:
            self._put(Seated(round=number, seats={role: kinds[role] for role in self.scenario.parties}))
        for each in early:
            if each in self.unsent:
                self._put(arriving(self.scenario, self.events, each, self.step.round))

    @property
    def unsent(self) -> tuple[int, ...]:
        """News that has not reached the table and could be sent now."""
        here = {event.number for event in self.events if isinstance(event, Injected)}
        others = (n for n in range(len(self.scenario.injects)) if n not in here)
        return tuple(n for n in others if may_come(self.scenario, self.events, n))

    def stop(self) -> None:
        """Out of time: decided by nobody, and every finished phase is kept."""
        if not self.over:
            self._put(Stopped(round=self.events[-1].round, reason="time"))
            self.stopped = True

    def _put(self, event: Event) -> None:
        self.recorder.append(event)
        self.events, self._views, self.told = (*self.events, event), {}, {}

    def close(self) -> None:
        self.recorder.__exit__(None, None, None)
