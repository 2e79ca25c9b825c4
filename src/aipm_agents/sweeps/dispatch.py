"""Tasks go out in a bounded window, results come back one by one; what breaks is tried again, and fails alone.

A worker that dies takes with it whatever ran beside the run that killed it, and nobody knows which that was.
So all of them are tried again one at a time: the guilty one dies alone, and the others come back.
"""

from __future__ import annotations

from collections import Counter, deque
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.errors import AipmError, BudgetError, EndpointError, StorageError
from aipm_agents.language import tr
from aipm_agents.seats.agent import SeatBug
from aipm_agents.sweeps.play import Played, failed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aipm_agents.sweeps.crew import Crew
    from aipm_agents.sweeps.plan import Task

TRIES = 2
"""How often a run may fail of itself, or kill a worker that it has to itself."""
PATIENCE = 10
"""Runs that may fail one after the other before the sweep stops: then it is not the runs that are at fault."""
AHEAD = 2
"""Tasks handed out for each worker, so that none waits for the writer."""


class _Out(NamedTuple):
    task: Task
    alone: bool = True
    """Whether no other run was ever out beside it."""
    all_left: bool = False
    """Whether it may spend all that is left of the budget."""


class Dispatch:
    """One way through a list of tasks."""

    def __init__(
        self, crew: Crew, work: Callable[[Task], Played], *, max_tokens: int | None = None, ahead: int = AHEAD
    ) -> None:
        """`work`: carries a task out; it travels to the workers. `max_tokens`: for all runs together."""
        self.crew, self.work, self.max_tokens = crew, work, max_tokens
        self.executor = crew.hire()
        self._ahead = 1 if max_tokens else ahead
        self._most: int | None = None
        self.spent = self.promised = 0
        self._out: dict[Future[Played], _Out] = {}
        self._again: deque[Task] = deque()
        self._suspects: deque[Task] = deque()
        self._tried: Counter[str] = Counter()
        self._failures = 0
        self._broke = self._exhausted = False

    @property
    def window(self) -> int:
        """How many tasks may be out; as many as the crew has use for, or as few as the budget is for."""
        return self._most or max(1, self.crew.size() * self._ahead)

    def run(self, tasks: Iterator[Task]) -> Iterator[tuple[Task, Played]]:
        """Every task with what came of it, in the order they end. Raises `BudgetError` when the tokens do not
        cover another run, and `AipmError` when nothing works any more; all that was out has come back by then."""
        stop: AipmError | None = None
        while True:
            if stop is None:
                self._hand_out(tasks)
            if not self._out:
                break
            for task, played in self._come_back():
                yield task, played
                stop = stop or self._reason_to_stop(played)
        if stop is not None:
            raise stop

    def remaining(self, seconds: float) -> Iterator[tuple[Task, Played]]:
        """What still comes back of the runs under way, after everybody has hung up; no other begins."""
        for future in self._out:
            future.cancel()
        done, _ = wait(self._out, timeout=seconds)
        for future in done:
            if not future.cancelled() and future.exception() is None:
                yield self._out[future].task, future.result()

    def dismiss(self) -> None:
        self.crew.dismiss(self.executor)

    def _hand_out(self, tasks: Iterator[Task]) -> None:
        if self._suspects:
            if not self._out:
                self._submit(self._suspects.popleft())
            return
        while len(self._out) < self.window:
            task = self._again.popleft() if self._again else next(tasks, None)
            if task is None:
                return
            self._submit(task)

    def _submit(self, task: Task) -> None:
        all_left = False
        if self.max_tokens is not None and task.models:
            left, free = self.max_tokens - self.spent - self.promised, max(1, self.window - len(self._out))
            all_left = free == 1 and not self.promised
            task = task._replace(means={**task.means, "max_tokens": max(1, left // free)})
            self.promised += task.means["max_tokens"]
        try:
            future = self.executor.submit(self.work, task)
        except self.crew.lost:  # it broke since the last result
            self._renew()
            future = self.executor.submit(self.work, task)
        beside = {each: out._replace(alone=False) for each, out in self._out.items()}
        self._out = {**beside, future: _Out(task, not beside, all_left)}

    def _come_back(self) -> Iterator[tuple[Task, Played]]:
        done, _ = wait(self._out, return_when=FIRST_COMPLETED)
        if any(isinstance(future.exception(), self.crew.lost) for future in done):
            done, _ = wait(self._out)  # the rest of a broken pool comes back in a moment
            self._broke = True
        for future in done:
            out = self._out.pop(future)
            self.promised -= int(out.task.means.get("max_tokens") or 0)
            played = self._result(future, out)
            if played is not None:
                yield out.task, played
        if self._broke:
            self._renew()

    def _renew(self) -> None:
        self._broke = False
        self.executor.shutdown(wait=False)
        self.executor = self.crew.hire()

    def _result(self, future: Future[Played], out: _Out) -> Played | None:
        """None for a run that is tried again."""
        try:
            played = future.result()
        except self.crew.lost as error:
            return self._killed(out, error)
        except SeatBug:
            raise  # no second try mends it
        except Exception as error:  # it could not be sent, or could not come back
            played = failed(out.task.name, error)
        self.spent += played.spent
        if played.reason == "budget":
            if out.all_left:
                self._exhausted = True
                return played
            self._most = max(1, self.window // 2)  # fewer at a time, with more for each
        elif played.reason == "storage":
            return played
        elif played.ended == "failed":
            self._tried[played.name] += 1
            if self._tried[played.name] >= TRIES:
                return played
            played = played._replace(ended="stopped")
        else:
            return played
        self._again.append(_from_here(out.task, played))
        return played

    def _killed(self, out: _Out, error: BaseException) -> Played | None:
        if out.alone:
            self._tried[out.task.name] += 1
            if self._tried[out.task.name] >= TRIES:
                why = f"its worker died {TRIES} times while it ran alone ({type(error).__name__}); out of memory, perhaps"
                return failed(out.task.name, why, "worker")
        self._suspects.append(out.task)
        return None

    def _reason_to_stop(self, played: Played) -> AipmError | None:
        if self._exhausted:
            return BudgetError(
                tr(
                    "the budget of {max_tokens:,} tokens is reached: {spent:,} are spent; allow more with --max-tokens, and the same command goes on",
                    max_tokens=self.max_tokens,
                    spent=self.spent,
                )
            )
        if played.reason == "storage":
            return StorageError(played.why)
        if played.ended == "stopped":
            return None
        self._failures = self._failures + 1 if played.ended == "failed" else 0
        if self._failures < PATIENCE:
            return None
        kind = EndpointError if played.reason == "endpoint" else AipmError
        return kind(
            tr(
                "{n} runs failed one after the other, so the sweep stops; the last: {why}. Mend it, then the same command with --retry goes on",
                n=PATIENCE,
                why=played.why,
            )
        )


def _from_here(task: Task, played: Played) -> Task:
    """The task again, from where the run stopped."""
    return task._replace(earlier=played.text, held=played.held) if played.text else task
