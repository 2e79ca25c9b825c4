"""One run of a sweep, from a task to a transcript: what a worker does. Nothing is written here."""

from __future__ import annotations

import json
import tempfile
import threading
import traceback
from contextlib import contextmanager
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, Self

from aipm_agents.analysis.run.usage import Used, usage
from aipm_agents.analysis.sample.case import case
from aipm_agents.analysis.sample.row import row
from aipm_agents.errors import AipmError, BudgetError, EndpointError, StorageError
from aipm_agents.language import tr
from aipm_agents.negotiation import negotiate
from aipm_agents.redaction import redacted
from aipm_agents.scenario.reader import revised
from aipm_agents.seats.agent import SeatBug
from aipm_agents.seats.model.controls import Controls
from aipm_agents.table.events import Stopped
from aipm_agents.transcript import (
    Transcript,
    Variation,
    dumped,
    first_line,
    held_file,
    line,
    new_header,
    read,
)
from aipm_agents.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.seats import Seat
    from aipm_agents.seats.model.switchboard import Switchboard
    from aipm_agents.styles import StyleName
    from aipm_agents.sweeps.plan import Task
    from aipm_agents.table.events import Event

Ended = Literal["decided", "stopped", "failed"]
Reason = Literal["budget", "interrupted", "endpoint", "storage", "fault", "worker"]
Stop = BudgetError | EndpointError | StorageError
"""What ends a run and is no fault of it."""


class Played(NamedTuple):
    """What comes back from a run, as plain data."""

    name: str
    ended: Ended
    text: str = ""
    """The transcript, whole where a decision was reached; of a run that stopped, as far as it came."""
    held: str = ""
    """Answers of the phase it stopped in."""
    row: dict[str, Any] | None = None
    faults: int = 0
    used: dict[str, Used] = {}
    """Kind of seat -> what its calls used, in this attempt."""
    spent: int = 0
    """Tokens of this attempt, turns that were broken off included."""
    reason: Reason | None = None
    why: str = ""
    """Of a run that stopped or failed: what happened, and where."""


class FullTable(Protocol):
    """Somebody in every seat, for the length of a run."""

    @property
    def players(self) -> Mapping[Role, Seat]: ...
    @property
    def board(self) -> Switchboard | None: ...
    @property
    def url(self) -> str | None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...


class Seater(Protocol):
    def __call__(
        self, kinds: Mapping[Role, str], means: Mapping[str, Any], style: StyleName | None
    ) -> FullTable: ...


def play(task: Task, seated: Seater) -> Played:
    """Carry out a task. What goes wrong with the run comes back as a run that stopped or failed.

    `seated` puts somebody in every seat; it is named by its module, so that a worker elsewhere finds it.
    """
    if task.aipm != __version__:
        raise AipmError(
            tr(
                "this worker has aipm-agents {here} and the sweep was started with {there}; install the same version everywhere",
                here=__version__,
                there=task.aipm,
            )
        )
    run = None
    try:
        with seated(task.seats, task.means, task.style) as table, _within_reach(table.board):
            run = _Run(task, table)
            run.to_the_end()
    except (BudgetError, EndpointError, StorageError) as stop:
        return run.stopped(stop) if run else _never_begun(task.name, stop)
    except SeatBug:
        raise  # whoever wrote the seat is to see it
    except Exception as error:
        return failed(task.name, error)
    return run.decided()


def failed(name: str, error: BaseException | str, reason: Reason = "fault") -> Played:
    return Played(name, "failed", reason=reason, why=error if isinstance(error, str) else _told(error))


def _never_begun(name: str, stop: Stop) -> Played:
    played = failed(name, stop, _reason(stop))
    return played if played.reason == "endpoint" else played._replace(ended="stopped")


class _Run:
    """A run under way, and what it has come to so far."""

    def __init__(self, task: Task, table: FullTable) -> None:
        self.task, self.table = task, table
        self.begun = _begun(task, table)
        self.events: list[Event] = list(self.begun.events)
        self.arrived: list[Event] = []

    def to_the_end(self) -> None:
        negotiate(
            self.begun.scenario, self.table.players, seed=self.task.seed, earlier=self.begun.events,
            held=self.begun.held, no_silence=self.table.board is not None, on_event=self.events.append, on_arrival=self._on_arrival,
        )  # fmt: skip

    def _on_arrival(self, event: Event) -> None:
        self.arrived.append(event)
        if self.table.board is not None:
            self.table.board.all_kept()

    def decided(self) -> Played:
        made = case("", Transcript(self.begun.header, tuple(self.events)))
        return self._played("decided", self.events)._replace(row=row(made), faults=made.faults)

    def stopped(self, stop: Stop) -> Played:
        """An endpoint that cannot be used fails the run; a spent budget, a full disk and Ctrl-C only leave it
        unfinished."""
        reason = _reason(stop)
        number = max((event.round for event in self.events), default=0)
        volatile = {"unfinished": {"calls": 0, "tokens": self._lost()}} if self._lost() else {}
        end = Stopped(round=number, reason=reason, volatile=volatile)
        recorded = {(event.round, event.kind, event.role) for event in self.events}
        held = [each for each in self.arrived if (each.round, each.kind, each.role) not in recorded]
        played = self._played("failed" if reason == "endpoint" else "stopped", [*self.events, end])
        return played._replace(held=_lines(held), reason=reason, why=redacted(str(stop)))

    def _played(self, ended: Ended, events: list[Event]) -> Played:
        used = self._used()
        spent = sum(one.prompt + one.completion for one in used.values()) + self._lost()
        text = dumped(first_line(self.begun.header)) + "\n" + _lines(events)
        return Played(self.task.name, ended, text, used=used, spent=spent)

    def _used(self) -> dict[str, Used]:
        """By kind of seat, in this attempt."""
        out: dict[str, Used] = {}
        for role, used in usage(self.events[len(self.begun.events) :]).items():
            kind = self.task.seats[role]
            out[kind] = out.get(kind, Used()).plus(used)
        return out

    def _lost(self) -> int:
        """Tokens of this attempt spent on turns that never became an event."""
        board = self.table.board
        if board is None:
            return 0
        recorded = sum(one.prompt + one.completion for one in self._used().values())
        return max(0, board.budget.spent.tokens - recorded)


def _reason(stop: Stop) -> Literal["budget", "interrupted", "endpoint", "storage"]:
    """After hanging up, an endpoint fails because nobody waits for it."""
    if isinstance(stop, BudgetError):
        return "budget"
    if isinstance(stop, StorageError):
        return "storage"
    return "interrupted" if _hung_up.is_set() else "endpoint"


def _begun(task: Task, table: FullTable) -> Transcript:
    """The record so far: a header alone, or as far as it came before."""
    if task.earlier:
        try:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / f"{task.name}.jsonl"
                path.write_text(task.earlier, "utf-8", "backslashreplace")
                if task.held:
                    held_file(path).write_text(task.held, "utf-8", "backslashreplace")
                return read(path).to_go_on_from()
        except OSError as error:
            raise StorageError(
                tr("{path}: cannot be written: {error}", path=tempfile.gettempdir(), error=error.strerror)
            ) from None
    scenario, prompts = scenario_in(task.scenario), None
    how = task.means.get("controls", Controls())
    if table.board is not None or any(kind.startswith("openai:") for kind in task.seats.values()):
        from aipm_agents.seats.model.prompts import fingerprint

        prompts = fingerprint(scenario.language, how.variant)
    header = new_header(
        scenario, task.seed, base_url=table.url, prompts=prompts, run_id=task.name,
        variation=Variation.model_validate(task.variation), pm_style=task.style, controls=dict(how.asked),
    )  # fmt: skip
    return Transcript(header, ())


@lru_cache(maxsize=32)
def scenario_in(text: str) -> Scenario:
    """Tasks of one variant share it, and all that is worked out from it."""
    scenario, problems = revised(json.loads(text, parse_float=Decimal))
    if scenario is None:
        raise AipmError(tr("the scenario of this task is not valid: {problem}", problem=problems[0].message))
    return scenario


def _lines(events: Iterable[Event]) -> str:
    return "".join(dumped(line(event)) + "\n" for event in events)


def _told(error: BaseException) -> str:
    """What went wrong, and where."""
    if isinstance(error, AipmError):
        return redacted(str(error))
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    return redacted(f"{type(error).__name__}: {error}{where}")[:1000]


# --- Ctrl-C, where runs with models are carried out by threads of this process ------------------

_hung_up = threading.Event()
_boards: dict[int, Switchboard] = {}


def begin() -> None:
    _hung_up.clear()


def hang_up() -> None:
    """Nobody waits for a model any longer: runs under way stop where they are, and say how far they came."""
    _hung_up.set()
    for board in list(_boards.values()):
        board.hang_up()


@contextmanager
def _within_reach(board: Switchboard | None) -> Iterator[None]:
    if board is None:
        yield
        return
    _boards[id(board)] = board
    try:
        if _hung_up.is_set():
            board.hang_up()
        yield
    finally:
        del _boards[id(board)]
