"""The live screen: what everybody at the table may see, as it happens, at the pace of whoever watches."""

from __future__ import annotations

import re
import sys
import threading
from typing import IO, TYPE_CHECKING, Any, Self, cast

from aipm_agents.cli.watching import Display
from aipm_agents.language import tr, tr_n
from aipm_agents.table.agenda import next_step, phase_of, slot
from aipm_agents.table.audience import PUBLIC, seen_by
from aipm_agents.table.events import Proposed, Ruled, Stopped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_agents.analysis.run.usage import Price
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.styles import StyleName
    from aipm_agents.table.events import Event


class Stage:
    """Paced on a terminal: after each round where one watches, at reading pace where one plays."""

    def __init__(
        self, scenario: Scenario, seed: int, display: Display, handle: str, *, speed: float | None = None,
        style: StyleName | None = None, caution: str = "",
    ) -> None:  # fmt: skip
        """`speed`: of reading, where people play (1 is reading aloud, 0 waits for nobody); None where
        nobody plays, and each round ends with a stop. `caution`: what is to be said of the run first."""
        from rich.console import Console

        self.scenario, self.seed, self.display, self.handle = scenario, seed, display, handle
        plain = display is Display.plain
        file = cast("IO[str]", _Unboxed()) if plain else None
        self.console = Console(
            highlight=False, no_color=plain or None, soft_wrap=False, file=file,
            force_terminal=False if plain else None, quiet=display is Display.none,
        )  # fmt: skip
        self.speed, self.style, self.caution = speed, style, caution
        self.paced = display is Display.conversation and sys.stdin.isatty() and sys.stdout.isatty()
        self._shown = 0
        self._events: tuple[Event, ...] = ()
        self._status = self.console.status("", spinner="line") if self._writing_shows() else None
        self._writing: tuple[Role, ...] = ()
        self._asked = False
        self._lock = threading.RLock()

    def _writing_shows(self) -> bool:
        return self.display is Display.conversation and self.console.is_terminal

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.quiet()

    def begin(self, earlier: tuple[Event, ...]) -> None:
        """What was before; of a phase that was broken off nothing, until it has ended."""
        from aipm_agents.report.live.meeting import heading
        from aipm_agents.report.words.fact_text import known_at_first

        whole = list(earlier)
        unfinished = phase_of(next_step(self.scenario, earlier))
        while whole and slot(self.scenario, whole[-1])[:2] == unfinished:
            whole.pop()
        if self.display is not Display.none:
            self.console.print(
                heading(
                    self._seen(()), self.seed, known_at_first(self.scenario), self.caution, style=self.style
                )
            )
            for number, event in enumerate(whole, start=1):
                if not isinstance(event, Stopped):
                    self._print(earlier[:number])
        self._shown, self._events = len(whole), earlier

    def again(self) -> None:
        """The public table once more: the last ruling and what came after it, or all there is."""
        rulings = [k for k, event in enumerate(self._events) if isinstance(event, Ruled)]
        for number in range((rulings[-1] if rulings else 0) + 1, self._shown + 1):
            if not isinstance(self._events[number - 1], Stopped):
                self._print(self._events[:number])

    def floor(self, roles: tuple[Role, ...]) -> None:
        """Who is asked now; what they say is shown when it stands, not while it is written."""
        with self._lock:
            self._writing = roles
            self._show_writing()

    def arrived(self, role: Role) -> None:
        with self._lock:
            self._writing = tuple(each for each in self._writing if each != role)
            self._show_writing()

    def asks(self, asked: bool) -> None:
        """While a person is asked, nothing else moves on the screen."""
        with self._lock:
            self._asked = asked
            self._show_writing()

    def _show_writing(self) -> None:
        from aipm_agents.report.papers.plain_text import clean
        from aipm_agents.report.words.phrase import names

        if self._status is None:
            return
        if self._writing and not self._asked:
            who = names(self.scenario, self._writing)
            text = tr_n("{who} is writing", "{who} are writing", len(self._writing), who=who)
            self._status.update(f"[dim]{clean(text)}[/dim]")
            self._status.start()
        else:
            self._status.stop()

    def quiet(self) -> None:
        self.floor(())

    def show(self, events: tuple[Event, ...]) -> None:
        """Everything of the record that was not shown yet."""
        self._events = events
        if self.display is Display.none:
            return
        while self._shown < len(events):
            self._shown += 1
            self._print(events[: self._shown])
            if self.paced:
                self._wait(events[self._shown - 1])

    def usage(self, events: tuple[Event, ...], prices: Mapping[str, Price]) -> None:
        from aipm_agents.report.live import faults, usage

        for panel in (usage.panel(self.scenario, events, prices), faults.panel(self.scenario, events)):
            if panel is not None:
                self.console.print(panel)

    def _seen(self, events: tuple[Event, ...]) -> Scenario:
        return seen_by(self.scenario, events, PUBLIC)

    def _print(self, events: tuple[Event, ...]) -> None:
        from aipm_agents.report.live.meeting import screen

        seen = screen(self._seen(events), events, handle=self.handle)
        if seen is not None:
            self.console.print(seen)

    def _wait(self, event: Event) -> None:
        if self.speed is None:
            if isinstance(event, Ruled):
                self.quiet()
                self._pause(event)
        elif self.speed > 0:
            self._read(event, self.speed)

    def _read(self, event: Event, speed: float) -> None:
        """The time it takes to read an event; Enter goes on at once, space stops and goes on, q leaves."""
        from aipm_agents.cli.desk import Left
        from aipm_agents.cli.pace import Pace, reading_keys, watched
        from aipm_agents.report.live.pace import seconds

        if not watched() or isinstance(event, Proposed | Stopped):
            return  # a package is read while one thinks about it
        self.quiet()
        with reading_keys() as keys:
            if not Pace(speed, keys).wait(seconds(event)):
                raise Left

    def _pause(self, ruling: Ruled) -> None:
        """Enter for the next step, e for the end; the end of the input counts as e."""
        where = tr("Round {n} of {rounds}", n=ruling.round, rounds=self.scenario.rounds)
        try:
            keys = tr("Enter: go on   e: to the end")
            key = input(f"{where}     {keys}  ")
        except EOFError:
            key = "e"
        if key.strip().lower().startswith("e"):
            self.paced = False


class _Unboxed:
    """Standard output without lines and boxes, which a screen reader would read aloud stroke by stroke."""

    encoding = "utf-8"

    def write(self, text: str) -> int:
        bare = re.sub("[\u2500-\u257f]+", " ", text)
        kept = [line.rstrip() for line in bare.split("\n")]
        sys.stdout.write("\n".join(kept))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(sys.stdout, name)
