"""Who carries runs out. One seam: a crew is a `concurrent.futures.Executor` and what to do when it breaks.

Processes for embedded runs, which keep a processor busy; threads for runs with models, which wait; a
cluster (`cluster.py`) for more than one machine. Whoever it is, a run comes out the same.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.process import BaseProcess


class Crew(NamedTuple):
    hire: Callable[[], Executor]
    """A fresh executor; called again when one is broken by a worker that died."""
    size: Callable[[], int]
    """How many runs are carried out at the same time; more as workers join."""
    lost: tuple[type[BaseException], ...]
    """What a run ends in whose worker died."""
    dismiss: Callable[[Executor], None]
    """Let go at once, without waiting for runs under way."""


def processes(count: int) -> Crew:
    """Fresh interpreters, not forks: they hold no lock and no connection of ours."""
    context = _Fresh()

    def hire() -> Executor:
        return ProcessPoolExecutor(count, mp_context=context, initializer=_begin_work)

    def dismiss(executor: Executor) -> None:
        assert isinstance(executor, ProcessPoolExecutor)
        known = list((getattr(executor, "_processes", None) or {}).values())
        executor.shutdown(wait=False, cancel_futures=True)
        for process in known:
            process.terminate()

    return Crew(hire, lambda: count, (BrokenExecutor,), dismiss)


def threads(count: int) -> Crew:
    def dismiss(executor: Executor) -> None:
        executor.shutdown(wait=False, cancel_futures=True)

    return Crew(lambda: ThreadPoolExecutor(count, "run"), lambda: count, (), dismiss)


class _Worker(SpawnProcess):
    """A worker that does not run the caller's script again, as spawned processes do: nothing it needs stands there,
    and a script need not guard against its own workers."""

    @staticmethod
    def _Popen(process: BaseProcess) -> Any:
        main, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
        try:
            return SpawnProcess._Popen(process)
        finally:
            sys.modules["__main__"] = main


class _Fresh(SpawnContext):
    Process = _Worker


def _begin_work() -> None:
    """In a worker: Ctrl-C is for whoever writes, and without a writer there is no work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
