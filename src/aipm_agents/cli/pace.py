"""Showing something at the pace of a reader: pause, step and speed by key; all at once where nobody watches."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aipm_agents.language import mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEYS = mark("space: pause   Enter or →: next   +/-: faster, slower   q: leave")


class Pace:
    """`wait(seconds)` between two screens. `keys`: reads one key within some seconds, or gives None."""

    def __init__(
        self, speed: float, keys: Callable[[float], str | None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.speed, self.keys, self.clock = speed, keys, clock
        self.paused = False

    def wait(self, seconds: float) -> bool:
        """Whether to go on; False when somebody left. A step shows the next screen and keeps a pause."""
        left = seconds
        before = self.clock()
        while self.paused or left > 0:
            key = self.keys(0.1)
            now = self.clock()
            if not self.paused:
                left -= (now - before) * self.speed
            before = now
            match key:
                case "q":
                    return False
                case " ":
                    self.paused = not self.paused
                case "step":
                    return True
                case "+":
                    self.speed = min(16.0, self.speed * 1.5)
                case "-":
                    self.speed = max(0.1, self.speed / 1.5)
        return True


def watched() -> bool:
    """Whether somebody sits at a terminal whose keys can be read one by one."""
    if sys.stdin is None or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    try:
        import termios  # noqa: F401
    except ImportError:
        return False
    return True


@contextmanager
def reading_keys() -> Iterator[Callable[[float], str | None]]:
    """The terminal gives each key as it is pressed, and is as it was afterwards."""
    import os
    import select
    import termios
    import tty

    device = sys.stdin.fileno()
    before = termios.tcgetattr(device)

    def key(seconds: float) -> str | None:
        if not select.select([device], [], [], seconds)[0]:
            return None
        pressed = os.read(device, 8).decode("utf-8", "replace")
        if not pressed or pressed == "\x04":
            return "q"
        return "step" if pressed in ("\n", "\r", "\x1b[C", "\x1b[B", "n") else pressed[0]

    try:
        tty.setcbreak(device)
        yield key
    finally:
        termios.tcsetattr(device, termios.TCSADRAIN, before)
