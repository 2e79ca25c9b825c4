"""Where a model is: `openai:MODEL`, `openai:MODEL@URL`, `local`."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

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
