"""Where this machine can be reached from the room, and whether it can."""

from __future__ import annotations

import socket
from contextlib import suppress

ANY = "0.0.0.0"
_ELSEWHERE = ("192.0.2.1", 9)
"""An address that is nobody's (RFC 5737): to be asked for a way there; nothing is sent."""


def addresses() -> list[str]:
    """The IPv4 addresses of this machine in its networks, the one that leads outside first."""
    found: list[str] = []
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        way.connect(_ELSEWHERE)
        found.append(str(way.getsockname()[0]))
    with suppress(OSError):
        for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET):
            found.append(str(info[4][0]))
    return [each for each in dict.fromkeys(found) if not each.startswith("127.")]


def names() -> list[str]:
    """What this machine may be called in a network."""
    name = socket.gethostname().partition(".")[0]
    return [name, f"{name}.local", socket.gethostname()]


def reachable(host: str, port: int, seconds: float = 2.0) -> bool:
    """Whether a connection to an address of this machine is taken: tried, not guessed."""
    try:
        with socket.create_connection((host, port), timeout=seconds):
            return True
    except OSError:
        return False
