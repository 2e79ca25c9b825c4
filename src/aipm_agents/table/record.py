"""A run as an object: its scenario and its events, and what is asked of them everywhere, found once.

The list of events stays the whole state; nothing here can disagree with it, because all of it is read off it.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from aipm_agents.table.events import (
    Answered,
    Decided,
    Injected,
    Opened,
    Proposed,
    Ruled,
    ending,
    tabled_evidence,
)
from aipm_agents.table.heard import heard
from aipm_agents.table.news import as_it_was, scenario_at

if TYPE_CHECKING:
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.events import Ending, Event
    from aipm_agents.table.heard import Heard
    from aipm_agents.table.moves import Question, Reply


class Asked(NamedTuple):
    """A question put at the table."""

    round: int
    by: Role
    question: Question


class Replied(NamedTuple):
    """An answer to one; declining is an answer."""

    round: int
    by: Role
    answer: Reply


class Record:
    """What a run came to and how it got there, as everything that looks at it needs it. Its scenario has the figures
    as they stood at the end: news may have changed them."""

    def __init__(self, scenario: Scenario, events: tuple[Event, ...], *, seed: int | None = None) -> None:
        """`seed`: of the run, where it is known; some of what was offered to a person hangs on it."""
        self.scenario, self.events = scenario_at(scenario, events), events
        self.seed = seed
        self.memory: dict[Any, Any] = {}
        """What has been worked out of it; see `memory.remembered`."""
        self._by_round: dict[int, Scenario] = {}

    def in_round(self, number: int) -> Scenario:
        """The scenario with the figures of a round, by which what was on the table in it is weighed; of 0, as the run
        began with it."""
        if number not in self._by_round:
            self._by_round[number] = as_it_was(self.scenario, (e for e in self.events if e.round > number))
        return self._by_round[number]

    @cached_property
    def news(self) -> tuple[int, ...]:
        """The rounds whose news changed figures."""
        return tuple(sorted({e.round for e in self.events if isinstance(e, Injected) and e.changes}))

    @cached_property
    def decision(self) -> Decided | None:
        """None for a run that was broken off."""
        return next((event for event in self.events if isinstance(event, Decided)), None)

    @property
    def ending(self) -> Ending:
        return ending(self.decision)

    @property
    def deal(self) -> Package | None:
        return self.decision.package if self.decision else None

    @cached_property
    def round(self) -> int:
        """The last one that was begun; 0 before the first."""
        return max((event.round for event in self.events), default=0)

    @cached_property
    def rulings(self) -> tuple[Ruled, ...]:
        return tuple(event for event in self.events if isinstance(event, Ruled))

    @property
    def last_ruling(self) -> Ruled | None:
        return self.rulings[-1] if self.rulings else None

    @cached_property
    def proposals(self) -> tuple[Proposed, ...]:
        """Those that put a package on the table; a void round has none."""
        return tuple(e for e in self.events if isinstance(e, Proposed) and e.package is not None)

    @cached_property
    def packages(self) -> tuple[Package, ...]:
        """What was tabled, round by round."""
        return tuple(event.package for event in self.proposals if event.package is not None)

    @cached_property
    def positions(self) -> tuple[Answered, ...]:
        return tuple(event for event in self.events if isinstance(event, Answered))

    @cached_property
    def questions(self) -> tuple[Asked, ...]:
        return tuple(
            Asked(event.round, event.role, event.move.question)
            for event in self.events
            if isinstance(event, Answered | Proposed) and event.move is not None and event.move.question
        )

    @cached_property
    def answers(self) -> tuple[Replied, ...]:
        return tuple(Replied(e.round, e.role, reply) for e in self.positions for reply in e.move.replies)

    @cached_property
    def tabled(self) -> frozenset[str]:
        """All evidence on the table at the end."""
        return tabled_evidence(self.scenario, self.events)

    @cached_property
    def heard(self) -> Heard:
        return heard(self.scenario, self.events)

    def asked(self) -> set[tuple[Role, str]]:
        """Who was asked about what, by question."""
        return {(each.question.to, each.question.about) for each in self.questions}

    def turn(self, role: Role | None, number: int) -> Opened | Proposed | Answered | None:
        """The opening, proposal or answer of a seat in a round."""
        for event in self.events:
            if isinstance(event, Opened | Proposed | Answered) and (event.role, event.round) == (
                role,
                number,
            ):
                return event
        return None

    def moved_by(self, source: str) -> tuple[tuple[Role, int], ...]:
        """Who named a fact, or a turn written `role@round`, as a reason, and in which round."""
        return tuple((e.role, e.round) for e in self.positions if source in e.move.moved_by)
