"""Runs on more than one machine: the one door to Dask (`pip install 'aipm-agents[cluster]'`).

A scheduler and its workers are somebody else's to start: by hand, or with dask-jobqueue or dask-kubernetes.
"""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.sweeps.agents import ZIPPED, unzipped
from aipm_agents.sweeps.crew import Crew

if TYPE_CHECKING:
    from concurrent.futures import Executor

PATIENCE = 30
"""Seconds to wait for a scheduler, and then for its first worker."""


EVERY = 5.0
"""Seconds after which a cluster is counted again."""


def cluster(address: str, patience: float = PATIENCE, code: bytes = b"") -> Crew:
    """The workers of a Dask scheduler. `code`: a zip of modules that they are to have, those that join later too.
    Raises `UsageError` where none answers, where a module does not work there, or where Dask is not installed."""
    try:
        import distributed
    except ImportError:
        raise UsageError(tr("--dask needs Dask: pip install 'aipm-agents[cluster]'")) from None
    connect: Any = distributed.Client
    try:
        client = connect(address, timeout=patience, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(
            tr(
                "--dask {address}: no Dask scheduler answers there ({error}); start one with `dask scheduler`",
                address=address,
                error=error,
            )
        ) from None
    try:
        client.wait_for_workers(1, timeout=patience)
    except TimeoutError:
        client.close()
        raise UsageError(
            tr(
                "--dask {address}: the scheduler has no worker; start one with `dask worker {address}`",
                address=address,
            )
        ) from None
    if code:
        _brought(client, address, code)
    known = [0, 0.0]

    def size() -> int:
        """Workers may join and leave while the sweep goes on, so it is asked again now and then."""
        now = time.monotonic()
        if now - known[1] > EVERY:
            known[:] = [sum(client.nthreads().values()), now]
        return int(known[0])

    def hire() -> Executor:
        executor: Executor = client.get_executor(pure=False)
        return executor

    def dismiss(executor: Executor) -> None:
        executor.shutdown(wait=False)  # Dask's cancels what is still out
        client.close()

    return Crew(hire, size, (distributed.KilledWorker,), dismiss)


def _brought(client: Any, address: str, code: bytes) -> None:
    """To every worker, and to those that join later; in the place of what an earlier sweep brought there."""
    from distributed.diagnostics.plugin import WorkerPlugin

    name = f"{ZIPPED}{hashlib.sha256(code).hexdigest()[:12]}.zip"

    class SeatsOnWorker(WorkerPlugin):  # type: ignore[misc]
        def setup(self, worker: Any) -> None:
            path = Path(worker.local_directory) / name
            path.write_bytes(code)
            unzipped(path)

    try:
        client.register_plugin(SeatsOnWorker(), name="aipm-seats")
    except Exception as error:  # importing what somebody else wrote may do anything
        client.close()
        raise UsageError(
            tr("--dask {address}: what plays a seat does not work on a worker ({error}); install there what it imports",
               address=address, error=f"{type(error).__name__}: {error}")
        ) from None  # fmt: skip
