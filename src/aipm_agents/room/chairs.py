"""Who plays where no person sits: embedded seats at once, models in threads of their own, so that nobody waits for one."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from aipm_agents.errors import AipmError
from aipm_agents.meeting import turn
from aipm_agents.seats import answers_at_once
from aipm_agents.table.options import package_left
from aipm_agents.table.stamp import abstained

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aipm_agents.roles import Role
    from aipm_agents.room.sitting import Sitting
    from aipm_agents.scenario.model import Package
    from aipm_agents.seats import Seat
    from aipm_agents.table.moves import Verb
    from aipm_agents.table.stamp import Turn
    from aipm_agents.table.view import View

MOST_THREADS = 64


class Chairs:
    def __init__(self, seats: Mapping[str, Mapping[Role, Seat]]) -> None:
        """`seats`: kind -> role -> who plays it so."""
        self._seats = seats
        self._asked: set[tuple[int, Role, Verb, int]] = set()
        self._pool: ThreadPoolExecutor | None = None

    def at(self, kinds: Mapping[Role, str]) -> dict[Role, Seat]:
        """Who plays at a table; people are nobody here."""
        return {role: self._seats[kind][role] for role, kind in kinds.items() if kind in self._seats}

    def ask(self, sitting: Sitting, kinds: Mapping[Role, str], done: Callable[[Sitting, Turn], None]) -> None:
        """Ask those that take their time and have not been asked yet. `done` gets each answer in the loop; whether it
        is still due is for it to say."""
        seats = self.at(kinds)
        for role in sitting.waiting:
            verb = sitting.verb(role)
            if role not in seats or answers_at_once(seats[role]) or verb is None:
                continue
            key = (sitting.number, role, verb, sitting.step.round)
            if key not in self._asked:
                self._asked.add(key)
                self._start(sitting, seats[role], role, verb, done)

    def _start(
        self, sitting: Sitting, seat: Seat, role: Role, verb: Verb, done: Callable[[Sitting, Turn], None]
    ) -> None:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="chair")
        seen, last = sitting.seen(role), package_left(sitting.scenario, sitting.events)
        loop = asyncio.get_running_loop()

        def answered() -> None:
            event = _played(seat, verb, seen, last)
            loop.call_soon_threadsafe(done, sitting, event)

        self._pool.submit(answered)

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)


def _played(seat: Seat, verb: Verb, seen: View, last: Package | None) -> Turn:
    """A budget that is spent and an endpoint that is gone stop a run of models; people at the table go on, and the
    chair abstains."""
    try:
        return turn(seat, verb, seen, last)
    except AipmError as error:
        return abstained(
            verb, seen.role, seen.round, last, fault="failure", volatile={"fault": str(error)[:500]}
        )
