"""How long a phase still waits. It stands still while the room is paused, and it does not run while a laptop sleeps."""

from __future__ import annotations

import time


class Clock:
    def __init__(self, patience: float) -> None:
        self.patience = patience
        self._phase: object = None
        self._left: float = patience
        self._since: float | None = None

    def begin(self, phase: object) -> None:
        """A phase begins; one that is under way goes on."""
        if phase != self._phase:
            self._phase, self._left, self._since = phase, self.patience, time.monotonic()

    @property
    def still(self) -> bool:
        return self._since is None

    @property
    def left(self) -> float:
        """Seconds; below 0 once it has run out."""
        return self._left if self._since is None else self._left - (time.monotonic() - self._since)

    def stop(self) -> None:
        self._left, self._since = self.left, None

    def go_on(self) -> None:
        if self._since is None:
            self._since = time.monotonic()

    def slept(self, seconds: float) -> None:
        """Time that nobody had: of this clock no more than it ran for."""
        if self._since is not None:
            self._since += min(seconds, time.monotonic() - self._since)

    def add(self, seconds: float) -> None:
        """More time; from now on where it had run out."""
        self._left += seconds - min(0.0, self.left)
