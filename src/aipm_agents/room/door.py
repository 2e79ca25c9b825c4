"""Who may come in. Every request passes here before anything else looks at it.

A name in the Host header that is not ours is a page elsewhere that has been pointed at this machine (DNS
rebinding); a POST without our own Origin is a form elsewhere that uses somebody's cookie (CSRF). Bodies and rates are
bounded, and what is answered carries no script but ours and leads nowhere else.
"""

from __future__ import annotations

import asyncio
import ipaddress
import sys
import time
import traceback
from collections import OrderedDict
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import PlainTextResponse

from aipm_agents.language import mark, speaking, tr
from aipm_agents.room import asking
from aipm_agents.room.tokens import COOKIES, SEAT, cookies

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_STREAMS = 8
"""That one phone, or one machine that shows the board, may keep open."""
_FORM = "application/x-www-form-urlencoded"
MOST_BYTES = 64 * 1024
"""Of a body: the longest turn, in Chinese and percent-encoded, is under half of it."""
_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}  # fmt: skip


class Rates:
    """How often somebody may come: tokens in a bucket that fills again. The oldest buckets are forgotten."""

    def __init__(
        self, a_second: float, burst: float, most: int = 4096, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.a_second, self.burst, self.most, self.clock = a_second, burst, most, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def left(self, who: str) -> float:
        """What is in the bucket now."""
        level, then = self._buckets.get(who, (self.burst, self.clock()))
        return min(self.burst, level + (self.clock() - then) * self.a_second)

    def take(self, who: str) -> bool:
        """Whether there was one more; then it is gone."""
        level = self.left(who)
        self._buckets[who] = (level - 1 if level >= 1 else level, self.clock())
        self._buckets.move_to_end(who)
        while len(self._buckets) > self.most:
            self._buckets.popitem(last=False)
        return level >= 1


class Door:
    def __init__(self, app: ASGIApp, *, names: Collection[str] = ()) -> None:
        """`names`: what this machine may be called beside its addresses and `localhost`."""
        self.app = app
        self.names = {"localhost", *(name.casefold() for name in names)}
        self.by_token, self.by_address = Rates(10, 80), Rates(400, 2000)
        self.streams: dict[str, list[asyncio.Task[object]]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                named = {name.lower() for name, _ in message["headers"]}
                more = {**_HEADERS, **({} if b"cache-control" in named else {"cache-control": "no-store"})}
                message["headers"] = [
                    *message["headers"], *((n.encode(), v.encode()) for n, v in more.items()),
                ]  # fmt: skip
            await send(message)

        refused = self._refused(scope, headers)
        if refused is not None:
            with speaking(asking.wanted(Request(scope))):
                await PlainTextResponse(tr(refused[1]), refused[0])(scope, receive, sent)
            return
        if scope["path"].startswith("/events/"):
            self._listens(
                cookies(headers.get("cookie", "")).get(SEAT) or f"{_address(scope)} {scope['path']}"
            )
        try:
            await self.app(scope, receive, sent)
        except Exception as error:  # the page has said so already, without the words of it
            note(error)

    def _listens(self, who: str) -> None:
        """A stream stays open; whoever opens too many loses the oldest, which a phone without a network left behind."""
        mine = asyncio.current_task()
        assert mine is not None
        streams = self.streams.setdefault(who, [])
        streams.append(mine)
        mine.add_done_callback(lambda task: self._left(who, task))
        if len(streams) > MOST_STREAMS:
            streams.pop(0).cancel()

    def _left(self, who: str, task: asyncio.Task[object]) -> None:
        left = [each for each in self.streams.get(who, ()) if each is not task]
        self.streams[who] = left
        if not left:
            del self.streams[who]

    def _refused(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str] | None:
        """The status and the reason with which a request is sent away."""
        host = headers.get("host", "")
        if not self._ours(host):
            return 421, mark("this machine does not go by that name")
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return 405, mark("GET and POST are taken")
        if not self.by_address.take(_address(scope)):
            return 429, mark("too many requests from this address; wait a moment")
        for token in (cookies(headers.get("cookie", "")).get(name) for name in COOKIES):
            if token and not self.by_token.take(token):
                return 429, mark("too many requests; wait a moment")
        if scope["method"] != "POST":
            return None
        if headers.get("origin", "").casefold() != f"http://{host.casefold()}":
            return 403, mark("sent from another page")
        length = headers.get("content-length", "")
        if not (length.isascii() and length.isdigit()) or "transfer-encoding" in headers:
            return 411, mark("a body says how long it is")
        if len(length) > 9 or int(length) > MOST_BYTES:
            return 413, mark("that is too long")
        if headers.get("content-type", _FORM).partition(";")[0].strip().lower() != _FORM:
            return 415, mark("forms are taken, and no files")
        return None

    def _ours(self, host: str) -> bool:
        """A bare address, `localhost`, or a name this machine was given: nobody can point an address elsewhere."""
        name = host.casefold()
        if name.startswith("["):
            name = name.partition("]")[0][1:]
        elif name.count(":") == 1:
            name = name.partition(":")[0]
        if name in self.names:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True


def _address(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else ""


def note(error: Exception) -> None:
    """One line for whoever runs the server: what failed and where, and nothing that anybody wrote."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    print(
        f"aipm: a fault of ours: {type(error).__name__} at {last.filename.rpartition('/')[2]}:{last.lineno}",
        file=sys.stderr,
    )
