"""Whether a record is in order. Reading is replaying: nothing that stands in a file is believed.

Each event must be the one the agenda asks for at its place: of a seat, what it may do, seeing what it saw
then, or the abstention where it failed; of the meeting itself, what follows from the events before it. Who
is seated anew and what broke the run off may stand between any two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.errors import SeatError
from aipm_agents.language import tr
from aipm_agents.roles import PM
from aipm_agents.table import studies
from aipm_agents.table.agenda import KIND_OF, next_step
from aipm_agents.table.audience import public_to
from aipm_agents.table.derived import arriving, derived
from aipm_agents.table.events import PAPER, Injected, Reported, Seated, Stopped, on_paper
from aipm_agents.table.lawful import check
from aipm_agents.table.news import may_come, private_news
from aipm_agents.table.options import package_left
from aipm_agents.table.silence import before_silence
from aipm_agents.table.stamp import Turn, abstained
from aipm_agents.table.view import said, view_after

if TYPE_CHECKING:
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.agenda import Step
    from aipm_agents.table.events import Event
    from aipm_agents.table.moves import Verb
    from aipm_agents.table.view import HeardSoFar


class Order:
    """The events of a run so far, each of them in its place."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.scenario, self.seed = scenario, seed
        self.events: tuple[Event, ...] = ()
        self._floor: tuple[tuple[int, str, Role], HeardSoFar] | None = None
        """The phase that moves are made in, and what all who are asked in it have heard; where news told seats different
        things, what this one has."""

    def take(self, event: Event) -> str | None:
        """Take the next event in; or say why it cannot stand here, and leave it out."""
        fault = self._fault(event)
        if fault is not None and self._asked_again(event):
            fault = None
        if fault is None:
            self.events = (*self.events, event)
        return fault

    def _asked_again(self, event: Event) -> bool:
        """Whether an event is in its place where a run went on after a stop, and the rounds before it in which
        nobody could speak were asked again; they are void then."""
        if not self.events or not isinstance(self.events[-1], Seated | Stopped):
            return False
        before, floor = self.events, self._floor
        self.events, self._floor = before_silence(before), None
        if self.events != before and self._fault(event) is None:
            return True
        self.events, self._floor = before, floor
        return False

    def owed(self, event: Event) -> bool:
        """Whether a move is one that is asked for now, by whichever role still owes one."""
        step = next_step(self.scenario, self.events)
        return _is_asked(event, step, step.roles)

    def unlawful(self, event: Event) -> str | None:
        """Why a move that is owed could not be made: one that arrived and is not recorded yet."""
        return self._unlawful(event, next_step(self.scenario, self.events))

    def _fault(self, event: Event) -> str | None:
        step = next_step(self.scenario, self.events)
        if step.phase == "over":
            return tr("the run was decided before it")
        if isinstance(event, Seated):
            return self._misseated(event)
        if not self.events:
            return tr("a record begins with who is seated")
        if isinstance(event, Stopped):
            return self._misplaced(event)
        if step.phase not in KIND_OF:
            return self._astray(event, step)
        if isinstance(event, Injected) and step.phase == "propose":
            return self._early(event, step)
        if isinstance(event, Reported) and step.phase == "propose" and on_paper(self.events):
            return self._sooner(event, step)
        if not _is_asked(event, step, step.roles[:1]):
            return _instead(event, step, step.roles[0])
        return self._unlawful(event, step)

    def _misseated(self, event: Seated) -> str | None:
        """Everybody is seated at the start; later, who is seated then, where that changes."""
        sitting: dict[Role, str] = {}
        for each in self.events:
            if isinstance(each, Seated):
                sitting |= each.seats
        if event.seats.keys() != self.scenario.parties.keys():
            return tr("seats: names the roles of another table")
        if sitting == event.seats:
            return tr("seats: everybody sits there already")
        kinds = {*event.seats.values()}
        if (PAPER in kinds and (self.events or len(kinds) > 1)) or on_paper(self.events):
            return tr("seats: a meeting on paper is on paper from beginning to end, in every seat")
        return self._misplaced(event)

    def _misplaced(self, event: Event) -> str | None:
        """What is no part of the meeting stands in the round it fell in."""
        number = self.events[-1].round if self.events else 0
        if isinstance(event, Stopped) and event.reason in ("parted", "signed") and not on_paper(self.events):
            return tr("reason: only a meeting on paper ends so")
        if (event.round, event.role) != (number, PM):
            return tr("round: it fell in round {number}", number=number)
        return None

    def _astray(self, event: Event, step: Step) -> str | None:
        """Whether something else follows from the events before."""
        follows = derived(self.scenario, self.events, step)
        if follows is None or type(event) is not type(follows):
            return _instead(event, step, PM)
        for field in type(follows).model_fields:
            if field != "volatile" and getattr(event, field) != getattr(follows, field):
                return tr(
                    "{field}: does not follow from the moves before it; the file was changed by hand",
                    field=field,
                )
        return None

    def _early(self, event: Injected, step: Step) -> str | None:
        """News that whoever leads a class sends before its time: between two rounds, and as the scenario has it."""
        here = {each.number for each in self.events if isinstance(each, Injected)}
        if event.number in here or not 0 <= event.number < len(self.scenario.injects):
            return _instead(event, step, PM)
        if not may_come(self.scenario, self.events, event.number):
            headline = self.scenario.injects[event.number].headline
            return tr('"{headline}" cannot come before its time: an issue would have no option left', headline=headline)  # fmt: skip
        due = arriving(self.scenario, self.events, event.number, step.round)
        if event.model_copy(update={"volatile": {}}) != due:
            return tr("inject: is not as the scenario has it; the file was changed by hand")
        return None

    def _sooner(self, event: Reported, step: Step) -> str | None:
        """Studies that came in sooner than the case says: on paper a round takes longer, so there are fewer."""
        waited = studies.pending(self.events)
        if event.round != step.round or event.role != PM or not event.evidence:
            return _instead(event, step, PM)
        if len({*event.evidence}) != len(event.evidence) or not {*event.evidence} <= {*waited}:
            return tr("report: nobody has asked for that, or it is in already")
        return None

    def _unlawful(self, event: Event, step: Step) -> str | None:
        """Whether a seat could not do this, seeing what it saw then; a fault holds an abstention and no more."""
        assert isinstance(event, Turn)
        verb: Verb = step.phase  # type: ignore[assignment]  # KIND_OF has it, so it is a verb
        if event.fault is not None:
            last = package_left(self.scenario, self.events)
            nothing = abstained(
                verb, event.role, step.round, last, fault=event.fault, volatile=event.volatile
            )
            return None if event == nothing else tr("a fault holds an abstention, and nothing else")
        if event.move is None or getattr(event, "package", None) != getattr(event.move, "package", None):
            return tr("package: is not that of the move")
        whose = step.round, step.phase, event.role if private_news(self.events) else ""
        if self._floor is None or self._floor[0] != whose:
            self._floor = whose, said(self.scenario, tuple(public_to(self.events, event.role)))
        seen = view_after(self.scenario, self._floor[1], event.role, seed=self.seed, number=step.round)
        try:
            check(event.move, seen, verb, [each.part for each in event.dropped])
        except SeatError as error:
            return f"{event.role}: {error}"
        return None


def _is_asked(event: Event, step: Step, roles: tuple[Role, ...]) -> bool:
    kind = KIND_OF.get(step.phase)
    return kind is not None and isinstance(event, kind) and event.round == step.round and event.role in roles


def _instead(event: Event, step: Step, role: Role) -> str:
    kind = KIND_OF[step.phase].model_fields["kind"].default if step.phase in KIND_OF else _MADE[step.phase]
    return tr(
        "this {what} is not due; next is the {kind} of {role}, round {number}",
        what=event.kind,
        kind=kind,
        role=role,
        number=step.round,
    )


_MADE = {"inject": "inject", "report": "report", "rule": "ruling", "decide": "decision"}
