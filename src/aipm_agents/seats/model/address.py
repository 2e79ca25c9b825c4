"""Where a model is: `openai:MODEL`, `openai:MODEL@URL`, `local`. And which key goes there.

A key goes only where it belongs. `OPENAI_API_KEY` goes to the run's own endpoint: `--base-url`,
`OPENAI_BASE_URL`, or OpenAI. Any other host that a seat (or somebody's transcript) names gets
`OPENAI_API_KEY_<HOST>` or nothing.
"""

from __future__ import annotations

import os
import re
from ipaddress import ip_address
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from aipm_agents.errors import UsageError
from aipm_agents.language import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

OPENAI = "https://api.openai.com/v1"
_KIND = re.compile(r"openai:(?P<model>.+?)(?:@(?P<url>https?://.*))?")
_MAIMED = re.compile(r".+@(?:|[^@]*(?:[:/]|localhost)[^@]*)")
"""A model's name that ends like an address without its http://."""


class Address(NamedTuple):
    model: str
    url: str

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc.lower()


def given_url(base_url: str | None, environ: Mapping[str, str]) -> str | None:
    """The run's own endpoint, where somebody names one; raise `UsageError` where it is none."""
    if base_url is not None:
        return _checked(base_url, "--base-url")
    given = environ.get("OPENAI_BASE_URL")
    return _checked(given, "OPENAI_BASE_URL") if given else None


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
    return Address(found["model"], _checked(url, where) if url else main)


def key_for(where: Address, main: str, environ: Mapping[str, str]) -> str | None:
    """The key for an address; `main` is the endpoint that `OPENAI_API_KEY` is for."""
    own = environ.get(key_name(where))
    if own:
        return own.strip()
    given = environ.get("OPENAI_API_KEY", "").strip()
    return given or None if urlsplit(main).netloc.lower() == where.host else None


def key_name(where: Address) -> str:
    """The variable for the key of one host: `OPENAI_API_KEY_LOCALHOST_8080`."""
    return "OPENAI_API_KEY_" + re.sub(r"[^A-Z0-9]+", "_", where.host.upper()).strip("_")


def key_advice(where: Address, main: str) -> str:
    """Which variable holds the key for an address."""
    if urlsplit(main).netloc.lower() == where.host:
        return tr("set OPENAI_API_KEY, or {name} for this host alone", name=key_name(where))
    return tr(
        "set {name}; OPENAI_API_KEY goes there only with --base-url {url}",
        name=key_name(where),
        url=where.url,
    )


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


def _checked(url: str, where: str) -> str:
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise UsageError(
            tr("{where}: {url!r} is no address: {error}", where=where, url=url, error=error)
        ) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise UsageError(
            tr("{where}: {url!r} is no address; write it like https://host/v1", where=where, url=url)
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise UsageError(
            tr(
                "{where}: the address may hold no name, password, ? or #; a key goes into OPENAI_API_KEY, where no transcript keeps it",
                where=where,
            )
        )
    bare = url.strip().rstrip("/")
    if bare.endswith("/chat/completions"):
        raise UsageError(
            tr(
                "{where}: leave out /chat/completions, as in {example}",
                where=where,
                example=bare.removesuffix("/chat/completions"),
            )
        )
    return bare
