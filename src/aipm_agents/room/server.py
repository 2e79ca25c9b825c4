"""A program of ours served over HTTP by uvicorn: claimed port first, so that what is printed is where it is."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import TYPE_CHECKING

import uvicorn

from aipm_agents.errors import UsageError
from aipm_agents.language import tr

if TYPE_CHECKING:
    from starlette.types import ASGIApp

_MOST, _OWN = 2000, 200
"""Connections, and files beside them."""


def claimed(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 takes any that is free. Raises `UsageError` where it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except (OSError, OverflowError) as error:
        made.close()
        why = error.strerror if isinstance(error, OSError) else tr("there is no such port")
        raise UsageError(
            tr("{host}:{port}: cannot be served there: {why}; name another with --port", host=host, port=port, why=why)
        ) from None  # fmt: skip
    return made


def port_of(listening: socket.socket) -> int:
    return int(listening.getsockname()[1])


class Server:
    """Until Ctrl-C, or until it is left. Nothing is logged of who asks for what."""

    def __init__(self, listening: socket.socket) -> None:
        self.listening = listening
        self._server: uvicorn.Server | None = None

    def run(self, app: ASGIApp) -> None:
        config = uvicorn.Config(
            app, log_level="critical", access_log=False, server_header=False, lifespan="on", proxy_headers=False,
            timeout_graceful_shutdown=1, timeout_keep_alive=75, h11_max_incomplete_event_size=32_768,
            limit_concurrency=_connections(),
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        with suppress(KeyboardInterrupt):
            self._server.run(sockets=[self.listening])

    def leave(self) -> None:
        """Ends it; called from within."""
        if self._server is not None:
            self._server.should_exit = True


def _connections() -> int:
    """How many may be open: as many files as this process may have, less what it needs to write its records. A phone
    holds two or three, and some systems grant 256 files unless they are asked for more."""
    try:
        import resource
    except ImportError:  # Windows grants enough
        return _MOST
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST + _OWN if most == resource.RLIM_INFINITY else min(most, _MOST + _OWN)
    if now != resource.RLIM_INFINITY and now < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
        now = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return _MOST if now == resource.RLIM_INFINITY else max(64, min(_MOST, now - _OWN))
