"""What proves who somebody is: secrets of 128 bits in cookies, codes short enough to type, and how often one may guess."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response

SEAT, TEACHER = "aipm-seat", "aipm-teacher"
COOKIES = (SEAT, TEACHER)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without I and O, which are read as digits."""
_DAYS = 30


def token() -> str:
    return secrets.token_urlsafe(16)


def room_code() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(4))


def digest(text: str) -> str:
    """What is kept of a token: whoever reads the folder cannot sit down as somebody."""
    return hashlib.sha256(text.encode()).hexdigest()


def derived(secret: str, purpose: str) -> str:
    """A token of 128 bits that is the same after the server was started again."""
    made = hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()[:16]
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def rejoin_code(secret: str, person: str) -> str:
    """Eight letters, forty bits: to be copied from one phone to another."""
    made = hmac.new(secret.encode(), f"rejoin {person}".encode(), hashlib.sha256).digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in made[:8])


def tidied(code: str) -> str:
    """A code as it was typed, without what people put between letters."""
    return "".join(char for char in code.upper() if char.isascii() and char.isalnum())


def same(one: str, other: str) -> bool:
    """Takes as long whether or not they begin alike."""
    return hmac.compare_digest(one.encode(), other.encode())


def cookies(header: str) -> dict[str, str]:
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(header)
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


def give(response: Response, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=_DAYS * 86_400, path="/", httponly=True, samesite="strict")


class Guesses:
    """Wrong codes: so many a minute from one address and from all of them together, and then nobody is heard,
    right or wrong, until a minute has passed."""

    def __init__(self, each: int = 10, every: int = 60, clock: Callable[[], float] = time.monotonic) -> None:
        self.each, self.every, self.clock = each, every, clock
        self._wrong: list[tuple[float, str]] = []

    def may(self, address: str) -> bool:
        since = self.clock() - 60
        self._wrong = [one for one in self._wrong if one[0] > since]
        mine = sum(1 for _, who in self._wrong if who == address)
        return mine < self.each and len(self._wrong) < self.every

    def wrong(self, address: str) -> None:
        self._wrong.append((self.clock(), address))
