"""Who hears that something has changed: a count for every table and for the room, and whoever waits for the next."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

SOON = 1.0
"""Seconds."""
ROOM = 0
"""What concerns everybody; tables are counted from 1."""


class Bell:
    def __init__(self) -> None:
        self._rung: dict[int, int] = {}
        self._waiting: set[asyncio.Event] = set()
        self._soon: set[int] = set()

    def ring_soon(self, topic: int) -> None:
        """For what may be a second late, such as who has answered: many such rings become one, and what cannot wait
        takes them along."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # nobody can be listening
            self.ring(topic)
            return
        if topic not in self._soon:
            self._soon.add(topic)
            loop.call_later(SOON, self._rung_late, topic)

    def _rung_late(self, topic: int) -> None:
        if topic in self._soon:
            self.ring(topic)

    def ring(self, *topics: int) -> None:
        self._soon.difference_update(topics)
        for topic in topics:
            self._rung[topic] = self._rung.get(topic, 0) + 1
        for event in self._waiting:
            event.set()

    def count(self, topics: Iterable[int]) -> str:
        """What changes whenever one of these has changed. A page carries it, so that nothing falls between the page
        and the stream."""
        return "-".join(str(self._rung.get(topic, 0)) for topic in topics)

    async def heard(self, topics: tuple[int, ...], *, rest: float = 0.0) -> AsyncIterator[str]:
        """The count, at once and after each change; at most one in `rest` seconds."""
        event, before = asyncio.Event(), ""
        self._waiting.add(event)
        try:
            while True:
                event.clear()
                if (count := self.count(topics)) != before:
                    before = count
                    yield count
                    await asyncio.sleep(rest)
                else:
                    await event.wait()
        finally:
            self._waiting.discard(event)
