"""How a long command is getting on: a bar on a terminal, a line now and then where it is piped. To stderr."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from aipm_agents.language import mark, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aipm_agents.sweeps.tally import Tally

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


@contextmanager
def counting(what: str) -> Iterator[Callable[[int, int], None]]:
    """For work that counts up to a number that is known: a bar on a terminal, and nothing where there is none."""
    if not sys.stderr.isatty():
        yield lambda done, of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as RichProgress

    columns = (BarColumn(18), MofNCompleteColumn(), TextColumn("{task.description}"))
    with RichProgress(*columns, console=Console(stderr=True, highlight=False), transient=True) as bar:
        row = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(row, completed=done, total=of)


def told(tally: Tally) -> str:
    """The state of a sweep in one line; what is nought and need not be said is left out."""
    parts = [tr("{ended:,} of {planned:,}", ended=tally.ended, planned=tally.planned)]
    if tally.rate:
        parts.append(f"{tally.rate:.1f}/s" if tally.rate >= 0.95 else tr("{n:.1f}/min", n=60 * tally.rate))
    if tally.seconds_left:
        parts.append(tr("{time} left", time=_spell(tally.seconds_left)))
    parts += [
        tr(what, n=count)
        for what, count in ((mark("{n:,} failed"), tally.failed), (mark("{n:,} faults"), tally.faults))
        if count
    ]
    if tally.tokens:
        parts.append(tr("{tokens:,} tokens", tokens=tally.tokens))
    if tally.cost is not None:
        parts.append(tr("cost {cost:.4f}", cost=tally.cost))
    return " · ".join(parts)


def _spell(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return (
        tr("{hours} h {minutes:02} min", hours=hours, minutes=minutes)
        if hours
        else tr("{minutes} min {rest:02} s", minutes=minutes, rest=rest)
        if minutes
        else tr("{rest} s", rest=rest)
    )
