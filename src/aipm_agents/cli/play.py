"""What `run` and `resume` share: the live screen, a run to its end or to whatever stops it."""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, Self

import typer

from aipm_agents.cli import runs
from aipm_agents.errors import AipmError, BudgetError, EndpointError
from aipm_agents.table.events import Decided, Ruled, Stopped, last_ruling
from aipm_agents.table.silence import nobody_spoke

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from aipm_agents.analysis.usage import Price, Used
    from aipm_agents.cli.seating import Seating
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Event
    from aipm_agents.transcript import Header, Recorder, Transcript


class Display(StrEnum):
    conversation = "conversation"
    plain = "plain"
    none = "none"


def to_the_end(
    recorder: Recorder, record: Transcript, seating: Seating,
    *, display: Display, as_json: bool, concurrency: int = 8, prices: Mapping[str, Price] | None = None,
) -> None:  # fmt: skip
    """Play from what is recorded to the decision, on screen and on file."""
    from aipm_agents.analysis.usage import usage
    from aipm_agents.negotiation import negotiate
    from aipm_agents.report.wording import as_json as dumped

    header, scenario, events = record.header, record.scenario, list(record.events)
    handle = runs.handle(recorder.path, header)
    stage = _Stage(scenario, header.seed, Display.none if as_json else display, handle)
    stage.begin(record.events)

    used: dict[tuple[int, str, str], Used] = {}

    def note(event: Event) -> None:
        for one in usage([event]).values():
            used[(event.round, event.kind, event.role)] = one

    def on_event(event: Event) -> None:
        recorder.append(event)
        events.append(event)
        note(event)
        stage.show(tuple(events))
        if seating.board is not None and nobody_spoke(scenario, events):
            raise EndpointError(_silence(event))

    def on_arrival(event: Event) -> None:
        recorder.hold(event)
        note(event)
        stage.arrived(event.role)

    code = 0
    with _interruptible(seating), stage:
        try:
            negotiate(
                scenario, seating.players, seed=header.seed, earlier=record.events, held=record.held,
                concurrency=concurrency, on_event=on_event, on_floor=stage.floor,
                **({"on_arrival": on_arrival} if seating.costly else {}),
            )  # fmt: skip
        except (KeyboardInterrupt, BudgetError, EndpointError) as stop:
            stage.quiet()
            lost = _lost(seating, used.values())
            code = _stopped(recorder, events, stop, handle + seating.again, lost)
        except OSError as error:
            raise AipmError(
                f"{recorder.path}: cannot be written: {error.strerror}; all before it is kept"
            ) from None
    if as_json:
        print(dumped(summary(header, tuple(events), recorder.path)))
    elif display is Display.none:
        print(recorder.path)
    else:
        stage.usage(tuple(events), prices or {})
        print(f"\nTranscript: {recorder.path}")
    if code:
        raise typer.Exit(code)


def _silence(event: Event) -> str:
    before = "the opening" if event.round == 1 else f"round {event.round - 1}"
    cause = str(event.volatile.get("fault", "none was given")).rstrip(".")
    return (
        f"nobody at the table gave a usable answer in {before} and round {event.round}; the last fault: {cause}. "
        "See what the endpoint can do with `aipm doctor -m MODEL`, then go on"
    )


def _lost(seating: Seating, told: Iterable[Used]) -> dict[str, int] | None:
    """What was spent on turns that were broken off before they ended; None for nothing."""
    if seating.board is None:
        return None
    spent, recorded = seating.board.budget.spent, list(told)
    calls = spent.calls - sum(one.calls for one in recorded)
    tokens = spent.tokens - sum(one.prompt + one.completion for one in recorded)
    return {"calls": calls, "tokens": max(0, tokens)} if calls > 0 else None


def _stopped(
    recorder: Recorder, events: list[Event], stop: BaseException, handle: str, lost: dict[str, int] | None
) -> int:
    """Record a run broken off from outside, say how to go on, and give the exit code."""
    from aipm_agents.report.wording import clean

    number = max((event.round for event in events), default=0)
    reason: Literal["interrupted", "budget", "endpoint"] = "interrupted"
    if isinstance(stop, BudgetError):
        reason = "budget"
    elif isinstance(stop, EndpointError):
        reason = "endpoint"
    if not any(isinstance(event, Decided) for event in events):
        stopped = Stopped(round=number, reason=reason, volatile={"unfinished": lost} if lost else {})
        recorder.append(stopped)
        events.append(stopped)
    if isinstance(stop, AipmError):
        print(clean(f"\naipm: {stop}"), file=sys.stderr)
    print(
        f"\nBroken off; every finished turn is kept. Go on with: aipm resume {clean(handle)}", file=sys.stderr
    )
    return stop.exit_code if isinstance(stop, AipmError) else 130


@contextmanager
def _interruptible(seating: Seating) -> Iterator[None]:
    """On Ctrl-C nobody waits for a model any longer."""
    board = seating.board
    if board is None:
        yield
        return

    def hang_up(number: int, frame: object) -> None:
        board.hang_up()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, hang_up)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def summary(header: Header, events: tuple[Event, ...], path: Path | None) -> dict[str, Any]:
    """What `--json` prints of a run."""
    from aipm_agents.analysis.usage import unfinished, usage

    decision = next((event for event in events if isinstance(event, Decided)), None)
    ruling = last_ruling(events)
    return {
        "run_id": header.run_id,
        "scenario": header.scenario.id,
        "seed": header.seed,
        "outcome": decision.outcome if decision else "stopped",
        "package": decision.package if decision else None,
        "checkpoints": dict(ruling.verdicts) if ruling else {},
        "rounds": max((event.round for event in events), default=0),
        "usage": {role: used._asdict() for role, used in usage(events).items()},
        "unfinished": unfinished(events),
        "transcript": str(path) if path else None,
    }


class _Stage:
    """The live screen: paced on a terminal, straight through when piped."""

    def __init__(self, scenario: Scenario, seed: int, display: Display, handle: str) -> None:
        from rich.console import Console

        self.scenario, self.seed, self.display, self.handle = scenario, seed, display, handle
        plain = display is Display.plain
        self.console = Console(highlight=False, no_color=plain or None, soft_wrap=False)
        self.paced = display is Display.conversation and sys.stdin.isatty() and sys.stdout.isatty()
        self._status = self.console.status("", spinner="line") if self._writing_shows() else None
        self._writing: tuple[Role, ...] = ()
        self._lock = threading.Lock()

    def _writing_shows(self) -> bool:
        return self.display is Display.conversation and self.console.is_terminal

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.quiet()

    def begin(self, earlier: tuple[Event, ...]) -> None:
        from aipm_agents.report.terminal import heading
        from aipm_agents.report.wording import known_at_first

        if self.display is not Display.none:
            self.console.print(heading(self.scenario, self.seed, known_at_first(self.scenario)))
            for number, event in enumerate(earlier, start=1):
                if not isinstance(event, Stopped):
                    self._print(earlier[:number])

    def floor(self, roles: tuple[Role, ...]) -> None:
        """Who is asked now; what they say is shown when it stands, not while it is written."""
        with self._lock:
            self._writing = roles
            self._show_writing()

    def arrived(self, role: Role) -> None:
        with self._lock:
            self._writing = tuple(each for each in self._writing if each != role)
            self._show_writing()

    def _show_writing(self) -> None:
        from aipm_agents.report.wording import clean, names

        if self._status is None:
            return
        if self._writing:
            verb = "is" if len(self._writing) == 1 else "are"
            self._status.update(f"[dim]{clean(names(self.scenario, self._writing))} {verb} writing[/dim]")
            self._status.start()
        else:
            self._status.stop()

    def quiet(self) -> None:
        self.floor(())

    def show(self, events: tuple[Event, ...]) -> None:
        if self.display is not Display.none:
            self._print(events)
            if self.paced and isinstance(events[-1], Ruled):
                self.quiet()
                self._pause(events[-1])

    def usage(self, events: tuple[Event, ...], prices: Mapping[str, Price]) -> None:
        from aipm_agents.report import faults, usage

        for panel in (usage.panel(self.scenario, events, prices), faults.panel(self.scenario, events)):
            if panel is not None:
                self.console.print(panel)

    def _print(self, events: tuple[Event, ...]) -> None:
        from aipm_agents.report.terminal import screen

        seen = screen(self.scenario, events, handle=self.handle)
        if seen is not None:
            self.console.print(seen)

    def _pause(self, ruling: Ruled) -> None:
        """Enter for the next step, e for the end; the end of the input counts as e."""
        try:
            key = input(f"Round {ruling.round} of {self.scenario.rounds}     Enter: go on   e: to the end  ")
        except EOFError:
            key = "e"
        if key.strip().lower().startswith("e"):
            self.paced = False
