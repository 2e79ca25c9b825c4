"""Where a model is: `openai:MODEL`, `openai:MODEL@URL`, `local`."""

from __future__ import annotations

import os
import re
from ipaddress import ip_address
from typing import Literal, NamedTuple
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from aipm_agents.errors import UsageError
from aipm_agents.keyring import checked, keyless
from aipm_agents.language import tr

_KIND = re.compile(r"openai:(?P<model>.+?)(?:@(?P<url>https?://.*))?")
_MAIMED = re.compile(r".+@(?:|[^@]*(?:[:/]|localhost)[^@]*)")
"""A model's name that ends like an address without its http://."""


class Address(NamedTuple):
    model: str
    url: str

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc.lower()


def address(kind: str, main: str, where: str) -> Address | None:
    """The address a kind of seat names, `main` where it names no URL; None where it names no model."""
    found = _KIND.fullmatch(kind)
    if found is None:
        return None
    url = found["url"]
    if url is None and _MAIMED.fullmatch(found["model"]):
        raise UsageError(
            tr(
                "{where}={kind}: what stands after @ is no address; write it like openai:MODEL@http://localhost:8080/v1",
                where=where,
                kind=kind,
            )
        )
    keyless(found["model"], where)
    return Address(found["model"], checked(url, where) if url else main)


def proxy_of(address: Address) -> str | None:
    """The proxy that the environment names for this address. To this machine itself none is ever used."""
    parts = urlsplit(address.url)
    host = parts.hostname or ""
    if is_here(address) or proxy_bypass(host):
        return None
    proxies = getproxies()
    return proxies.get(parts.scheme) or proxies.get("all") or os.environ.get("ALL_PROXY")


def is_here(address: Address) -> bool:
    """Whether an address is this machine's own."""
    host = urlsplit(address.url).hostname or ""
    return host == "localhost" or host.endswith(".localhost") or _ip(host, "is_loopback")


def is_near(address: Address) -> bool:
    """Whether it is a server of one's own, here or in the next room."""
    host = urlsplit(address.url).hostname or ""
    return is_here(address) or host.endswith(".local") or "." not in host or _ip(host, "is_private")


def _ip(host: str, what: Literal["is_loopback", "is_private"]) -> bool:
    try:
        return bool(getattr(ip_address(host), what))
    except ValueError:
        return False
