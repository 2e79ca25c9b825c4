"""A run to its end, or to whatever stops it: what `run`, `play` and `resume` share."""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Literal, NamedTuple

import typer

from aipm_agents.cli import runs
from aipm_agents.cli.desk import Desk, Left, lines
from aipm_agents.cli.stage import Stage
from aipm_agents.cli.watching import SPEED, Display
from aipm_agents.errors import (
    UNDECIDED,
    AipmError,
    BudgetError,
    EndpointError,
    OutputError,
    StorageError,
    UsageError,
)
from aipm_agents.language import tr
from aipm_agents.roles import PM
from aipm_agents.table.events import Decided, Stopped, ending

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from aipm_agents.analysis.run.usage import Price, Used
    from aipm_agents.cli.desk import InputLines
    from aipm_agents.cli.seating import Seating
    from aipm_agents.table.events import Event
    from aipm_agents.table.moves import Move, Verb
    from aipm_agents.table.view import View
    from aipm_agents.transcript import Recorder, Transcript


class Screen(NamedTuple):
    """How a run is watched, and where the lines of its people come from."""

    display: Display = Display.conversation
    as_json: bool = False
    speed: float = SPEED
    answers: str | None = None
    parent: str = ""
    """How the run it branches from is typed, where that has just been named."""

    @property
    def shown(self) -> Display:
        return Display.none if self.as_json else self.display

    def lines(self, seating: Seating) -> InputLines | None:
        """Where people sit, their lines; raise `UsageError` where nobody could see what is asked."""
        if not seating.people:
            if self.answers is not None:
                raise UsageError(tr("--answers: for people, and nobody sits here; add --seat ROLE=human"))
            return None
        found = lines(self.answers, echo=self.shown is not Display.none)
        if found.typed and self.shown is Display.none:
            option = "--json" if self.as_json else "--display none"
            raise UsageError(
                tr("{option}: a person plays here, and would see nothing; leave it out", option=option)
            )
        found.expect(seating.people)
        return found


def to_the_end(
    recorder: Recorder, record: Transcript, seating: Seating, screen: Screen, source: InputLines | None,
    *, concurrency: int = 8, prices: Mapping[str, Price] | None = None,
) -> None:  # fmt: skip
    """Play from what is recorded to the decision, on screen and on file."""
    session = _Session(recorder, record, seating, screen, source)
    code = session.play(concurrency)
    session.conclude(prices or {})
    if not code and ending(session.decision) == "undecided":
        code = UNDECIDED
    if code:
        raise typer.Exit(code)


class _Session:
    """One sitting of the table: from where the record ends to where it ends next."""

    def __init__(
        self,
        recorder: Recorder,
        record: Transcript,
        seating: Seating,
        screen: Screen,
        source: InputLines | None,
    ) -> None:
        from aipm_agents.report.words.setup import altered
        from aipm_agents.transcript import draft_file

        self.recorder, self.record, self.seating, self.screen = recorder, record, seating, screen
        self.scenario, self.seed, self.events = record.scenario, record.header.seed, list(record.events)
        self.handle = runs.handle(recorder.path, record.header)
        speed = screen.speed if seating.people else None
        self.stage = Stage(
            self.scenario, self.seed, screen.shown, self.handle, speed=speed, style=record.header.pm_style,
            caution=altered(record.header),
        )  # fmt: skip
        self.used: dict[tuple[int, str, str], Used] = {}
        self.desk = None
        if source is not None:
            self.desk = Desk(
                seating.people, source, self.stage.console, recorder.path, draft_file(recorder.path),
                again=self.stage.again, waits=screen.shown is not Display.plain,
            )  # fmt: skip

    def play(self, concurrency: int) -> int:
        """To the decision, or to what stops it; the exit code."""
        with _interruptible(self.seating), self.stage:
            try:
                self.stage.begin(self.record.events)
                from aipm_agents.negotiation import negotiate  # LangGraph comes while the title is read

                negotiate(
                    self.scenario, self.seating.players, seed=self.seed,
                    earlier=self.record.events, held=self.record.held, concurrency=concurrency,
                    graph=True, no_silence=self.seating.board is not None,
                    on_event=self._happened, on_floor=self.stage.floor, on_turn=self._asked,
                    **({"on_arrival": self._arrived} if self.seating.costly else {}),
                )  # fmt: skip
            except (
                KeyboardInterrupt,
                BudgetError,
                EndpointError,
                OutputError,
                StorageError,
                UsageError,
                Left,
            ) as stop:
                self.stage.quiet()
                lost = _lost(self.seating, self.used.values())
                return _stopped(self.recorder, self.events, stop, self.handle + self.seating.again, lost)
            except Exception:  # a fault of ours: whoever played goes on from where it was
                self.stage.quiet()
                _say_how_to_go_on(self.handle + self.seating.again)
                raise
        return 0

    @property
    def decision(self) -> Decided | None:
        return next((event for event in self.events if isinstance(event, Decided)), None)

    def conclude(self, prices: Mapping[str, Price]) -> None:
        """What the screen, or the pipe, is left with."""
        from aipm_agents.report.papers.plain_text import as_json as dumped

        events, path = tuple(self.events), self.recorder.path
        _say_what_was_not_taken(events)
        if self.screen.as_json:
            print(dumped(runs.summary(self.record.header, events, path)))
        elif self.screen.display is Display.none:
            print(path)
        else:
            self.stage.usage(events, prices)
            if self.seating.people and any(isinstance(event, Decided) for event in events):
                self._part()
            parent = self.screen.parent or runs.parent(self.record.header)
            if parent and any(isinstance(event, Decided) for event in events):
                beside = tr(
                    "Beside the run it branches from: aipm compare {parent} {run}",
                    parent=parent,
                    run=self.handle,
                )
                print(f"\n{beside}")
            where = tr("Transcript: {path}", path=path)
            print(f"\n{where}")

    def _happened(self, event: Event) -> None:
        self.recorder.append(event)
        self.events.append(event)
        self._note(event)
        self.stage.show(tuple(self.events))

    def _arrived(self, event: Event) -> None:
        self.recorder.hold(event)
        self._note(event)
        if self.seating.board is not None:
            self.seating.board.all_kept()
        self.stage.arrived(event.role)

    def _note(self, event: Event) -> None:
        from aipm_agents.analysis.run.usage import usage

        for one in usage([event]).values():
            self.used[(event.round, event.kind, event.role)] = one

    def _asked(self, seen: View, verb: Verb) -> Move:
        assert self.desk is not None
        self.stage.asks(True)
        try:
            return self.desk.turn(seen, verb)
        finally:
            self.stage.asks(False)

    def _part(self) -> None:
        """What the people got and left there; and the same seed without them, made on the spot."""
        from aipm_agents.negotiation import negotiate
        from aipm_agents.report.debrief.after_play import farewell
        from aipm_agents.report.papers.terminal import paper
        from aipm_agents.seats.embedded import Embedded
        from aipm_agents.table.record import Record
        from aipm_agents.transcript import Recorder, new_header, new_path

        style = self.record.header.pm_style
        alone = new_header(self.scenario, self.seed, pm_style=style)
        seats = {role: Embedded(style if role == PM else None) for role in self.scenario.parties}
        try:
            with Recorder(new_path(runs.folder() / runs.BESIDE, alone), alone) as recorder:
                negotiate(self.scenario, seats, seed=self.seed, on_event=recorder.append)
            other = alone.run_id
        except (OSError, StorageError) as error:
            print(
                "aipm: " + tr("the run to compare with cannot be kept: {error}", error=error), file=sys.stderr
            )
            other = ""
        told = farewell(
            Record(self.scenario, tuple(self.events), seed=self.seed),
            self.seating.people,
            self.handle,
            other,
        )
        self.stage.console.print(paper(told, self.stage.console.width), crop=False)


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
    from aipm_agents.report.papers.plain_text import clean

    number = max((event.round for event in events), default=0)
    reason: Literal["interrupted", "budget", "endpoint", "storage"] = "interrupted"
    if isinstance(stop, BudgetError):
        reason = "budget"
    elif isinstance(stop, EndpointError):
        reason = "endpoint"
    elif isinstance(stop, StorageError):
        reason = "storage"
    if not any(isinstance(event, Decided) for event in events):
        stopped = Stopped(round=number, reason=reason, volatile={"unfinished": lost} if lost else {})
        with suppress(*([StorageError] if reason == "storage" else [])):  # where the record itself is full
            recorder.append(stopped)
            events.append(stopped)
    if isinstance(stop, AipmError):
        print(clean(f"\naipm: {stop}"), file=sys.stderr)
    _say_how_to_go_on(handle)
    if isinstance(stop, Left):
        return 0
    return stop.exit_code if isinstance(stop, AipmError) else 130


def _say_what_was_not_taken(events: Iterable[Event]) -> None:
    """Controls that an endpoint refused; the run went on without them."""
    names = sorted({str(name) for event in events for name in event.volatile.get("not_taken", ())})
    if names:
        text = tr("an endpoint does not take {names}; it was asked without", names=tr(", ").join(names))
        print(f"aipm: {text}", file=sys.stderr)


def _say_how_to_go_on(handle: str) -> None:
    from aipm_agents.report.papers.plain_text import clean

    text = tr("Broken off; every finished turn is kept. Go on with: aipm resume {run}", run=clean(handle))
    print(f"\n{text}", file=sys.stderr)


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
