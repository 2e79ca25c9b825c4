"""Whether phones will reach a class on this machine: its address, its port, what stands between them. Tried, not guessed:
the last of it with a phone, because only a phone knows whether the network lets phones talk to laptops."""

from __future__ import annotations

import ipaddress
import threading
import time
from typing import TYPE_CHECKING, NamedTuple

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.room import address
from aipm_agents.room.door import Door
from aipm_agents.room.server import Server, claimed, port_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request

SECONDS = 60
"""How long a phone is waited for."""


class Tried(NamedTuple):
    what: str
    works: bool | None
    """None where it could not be tried."""
    found: str
    remedy: str = ""


def hotspot() -> str:
    return tr(
        "use this laptop's own hotspot: 1. Windows: Settings, Network, Mobile hotspot; macOS: Settings, General, Sharing, Internet Sharing; Linux: Settings, Wi-Fi, Turn On Hotspot. 2. Let the phones join it; no internet is needed. 3. Start the class again: it prints the new address"
    )


def tried(port: int, *, wait: bool) -> Iterator[Tried]:
    """`wait`: whether somebody sits here who can open the page on a phone."""
    found = address.addresses()
    if not found:
        yield Tried("address", False, tr("this machine is in no network"), hotspot())
        return
    yield Tried("address", True, tr(", ").join(found))
    try:
        listening = claimed(address.ANY, port)
    except UsageError as error:
        what, _, remedy = str(error).partition("; ")
        yield Tried("port", False, what, remedy or tr("name another with --port"))
        return
    number, phones = port_of(listening), _Phones()
    with listening:
        server = Server(listening)
        served = threading.Thread(target=server.run, args=(phones.site(),), daemon=True)
        served.start()
        yield from _served(found, number, phones, wait)
        server.leave()
        served.join(5)


def _served(found: list[str], port: int, phones: _Phones, wait: bool) -> Iterator[Tried]:
    for _ in range(40):
        if address.reachable("127.0.0.1", port, 0.5):
            break
        time.sleep(0.1)
    yield Tried("port", True, tr("{port} is free, and a page is served there", port=port))
    if not address.reachable(found[0], port):
        yield Tried("firewall", False, tr("a connection to {address} is not taken, on this very machine", address=f"{found[0]}:{port}"), tr("let Python through this machine's firewall for private networks (Windows asks once; macOS: Settings, Network, Firewall; Linux: sudo ufw allow {port}/tcp)", port=port))  # fmt: skip
        return
    yield Tried("firewall", True, tr("this machine takes connections at {address}; phones are tried next", address=f"{found[0]}:{port}"))  # fmt: skip
    where = f"http://{found[0]}:{port}/"
    if not wait:
        yield Tried("phones", None, tr("not tried"), tr("run this at a terminal, and open {address} on a phone in the same network", address=where))  # fmt: skip
        return
    import segno

    segno.make(where, error="l").terminal(compact=True, border=2)
    print(tr("Open {address} on a phone in the same network, within {n} seconds.", address=where, n=SECONDS), flush=True)  # fmt: skip
    if phones.came.wait(SECONDS):
        yield Tried("phones", True, tr("a phone at {address} came through", address=phones.who))
    else:
        yield Tried("phones", False, tr("no phone came through: another network, a firewall, or a network that keeps its devices apart (client isolation, as guest networks do)"), hotspot())  # fmt: skip


class _Phones:
    """A page that notes who, of elsewhere, has opened it."""

    def __init__(self) -> None:
        self.came, self.who = threading.Event(), ""

    def site(self) -> Door:
        return Door(Starlette(routes=[Route("/", self.page)]), names=address.names())

    async def page(self, request: Request) -> Response:
        host = request.client.host if request.client else ""
        if host not in ("", *address.addresses()) and not ipaddress.ip_address(host).is_loopback:
            self.who = host
            self.came.set()
        return PlainTextResponse(tr("This phone reaches the class. Close this page."))
