"""How long a call may take, its tries and the pauses between them included."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from aipm_agents.errors import EndpointError
from aipm_agents.language import mark, tr

if TYPE_CHECKING:
    import threading

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0
_BROKEN_OFF = mark("the run was broken off")


class Patience:
    """The time of one call; it ends at once when the run is broken off."""

    def __init__(self, seconds: float, hung_up: threading.Event) -> None:
        self.seconds, self._hung_up = seconds, hung_up
        self._end, self._pauses = time.monotonic() + seconds, 0

    @property
    def left(self) -> float:
        return self._end - time.monotonic()

    def go_on(self) -> None:
        """Raises `EndpointError` where the run was broken off: nobody waits any longer."""
        if self._hung_up.is_set():
            raise EndpointError(tr(_BROKEN_OFF))

    def pause(self, asked_for: float | None = None) -> bool:
        """Wait for as long as asked, or a little longer each time; false where there is no time for that."""
        wait = asked_for
        if wait is None:
            wait = min(LONGEST_PAUSE, FIRST_PAUSE * 2**self._pauses) * random.uniform(0.75, 1.0)
            self._pauses += 1
        if wait >= self.left:
            return False
        self._hung_up.wait(wait)
        self.go_on()
        return True
