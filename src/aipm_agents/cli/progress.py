"""How a long command is getting on: a bar on a terminal, a line now and then where it is piped. To stderr."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from aipm_agents.sweep.tally import Tally

EVERY = 10.0
"""Seconds between two lines where there is no terminal."""


class Progress:
    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self._told = time.monotonic()
        self._bar = _Bar(tally) if sys.stderr.isatty() else None

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()
        else:
            print(told(self.tally), file=sys.stderr)

    def update(self) -> None:
        if self._bar is not None:
            self._bar.update()
        elif time.monotonic() - self._told >= EVERY:
            self._told = time.monotonic()
            print(told(self.tally), file=sys.stderr, flush=True)


class _Bar:
    def __init__(self, tally: Tally) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as RichProgress

        self.tally = tally
        columns = (BarColumn(18), TextColumn("{task.description}"))
        self._rich = RichProgress(*columns, console=Console(stderr=True, highlight=False))
        self._row = self._rich.add_task(told(tally), total=max(1, tally.planned), completed=tally.ended)

    def start(self) -> None:
        self._rich.start()

    def stop(self) -> None:
        self.update()
        self._rich.stop()

    def update(self) -> None:
        self._rich.update(self._row, completed=self.tally.ended, description=told(self.tally))


def told(tally: Tally) -> str:
    """The state of a sweep in one line; what is nought and need not be said is left out."""
    parts = [f"{tally.ended:,} of {tally.planned:,}"]
    if tally.rate:
        parts.append(f"{tally.rate:.1f}/s" if tally.rate >= 0.95 else f"{60 * tally.rate:.1f}/min")
    if tally.seconds_left:
        parts.append(f"{_spell(tally.seconds_left)} left")
    parts += [
        f"{count:,} {what}" for what, count in (("failed", tally.failed), ("faults", tally.faults)) if count
    ]
    if tally.tokens:
        parts.append(f"{tally.tokens:,} tokens")
    if tally.cost is not None:
        parts.append(f"cost {tally.cost:.4f}")
    return " · ".join(parts)


def _spell(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return (
        f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
    )
