"""Which key goes where.

A key goes only where it belongs. `OPENAI_API_KEY` goes to the run's own endpoint: `--base-url`, `OPENAI_BASE_URL`, or
OpenAI. Any other host that a seat (or somebody's transcript) names gets `OPENAI_API_KEY_<HOST>` or nothing. Where a
file `.env` in the working folder names the endpoint, the folder may be somebody else's: that endpoint gets what the
same file holds, or nothing.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.redaction import know, redacted

if TYPE_CHECKING:
    from collections.abc import Mapping

OPENAI = "https://api.openai.com/v1"
KEY, URL = "OPENAI_API_KEY", "OPENAI_BASE_URL"


class Home(NamedTuple):
    """The run's own endpoint."""

    url: str = OPENAI
    file: str = ""
    """The `.env` that names it; empty where the environment does, or whoever typed the command, or nobody."""


class Keyring(NamedTuple):
    """What is known of keys and of where to go."""

    environ: Mapping[str, str]
    file: Mapping[str, str] = {}
    path: str = ""
    """Where the file is."""

    def home(self, base_url: str | None) -> Home | None:
        """The run's own endpoint, where somebody names one; raise `UsageError` where it is none."""
        if base_url is not None:
            return Home(checked(base_url, "--base-url"))
        if given := self.environ.get(URL):
            return Home(checked(given, URL))
        if given := self.file.get(URL):
            url = checked(given, f"{self.path}: {URL}")
            return Home(url, "" if beside(url, OPENAI) else self.path)  # there everybody goes without a file
        return None

    def key(self, url: str, home: Home) -> str | None:
        """The key for an address, of the run's own endpoint or another; raise `UsageError` where it is none."""
        at_home = beside(url, home.url)
        names = (own_name(url), KEY) if at_home else (own_name(url),)
        sources = (self.file,) if at_home and home.file else (self.environ, self.file)
        for name in names:
            for source in sources:
                if given := source.get(name, "").strip():
                    return _sound(given, name)
        return None

    def all_known(self) -> list[str]:
        """Every key, wherever it may go."""
        return [
            value
            for each in (self.environ, self.file)
            for name, value in each.items()
            if name.startswith(KEY)
        ]


_file: tuple[Mapping[str, str], str] = {}, ""


def take_in(file: Mapping[str, str], path: str) -> None:
    """What the file `.env` says of keys and addresses."""
    global _file
    _file = file, path
    know(mine().all_known())


def mine() -> Keyring:
    """Of this process, as things stand."""
    return Keyring(os.environ, *_file)


def own_name(url: str) -> str:
    """The variable for the key of one host: `OPENAI_API_KEY_LOCALHOST_8080`."""
    return f"{KEY}_" + re.sub(r"[^A-Z0-9]+", "_", host(url).upper()).strip("_")


def advice(url: str, home: Home) -> str:
    """Which variable holds the key for an address."""
    if not beside(url, home.url):
        return tr(
            "set {name}; OPENAI_API_KEY goes there only with --base-url {url}",
            name=own_name(url),
            url=url,
        )
    if home.file:
        return tr(
            "set OPENAI_API_KEY in {file}, which names this address; any other key goes there only with --base-url {url}",
            file=home.file, url=url,
        )  # fmt: skip
    return tr("set OPENAI_API_KEY, or {name} for this host alone", name=own_name(url))


def origin(url: str, home: Home, key: str | None) -> str:
    """That a file names the address, and what it gets; empty where no file does."""
    if not (home.file and beside(url, home.url)):
        return ""
    if key:
        return tr(
            "{file} names the address {url}; it gets the key of that file, and no other",
            file=home.file,
            url=home.url,
        )
    return tr(
        "{file} names the address {url}; it gets no key, because that file holds none (another goes there only with --base-url {url})",
        file=home.file, url=home.url,
    )  # fmt: skip


def _sound(key: str, name: str) -> str:
    """A key can be sent; raise `UsageError` naming where it cannot, and never what it is."""
    for place, char in enumerate(key, start=1):
        if not "!" <= char <= "~":
            raise UsageError(
                tr(
                    "{name}: character {place} is none that a key may have (a space, a line break, a letter that is not ASCII?); copy the key again",
                    name=name, place=place,
                )
            )  # fmt: skip
    return key


def host(url: str) -> str:
    return urlsplit(url).netloc.lower()


def beside(url: str, other: str) -> bool:
    """Whether two addresses are of one host, and spoken to in the same way."""
    return (urlsplit(url).scheme, host(url)) == (urlsplit(other).scheme, host(other))


def checked(url: str, where: str) -> str:
    """An address without a slash at its end; raise `UsageError` where it is none."""
    shown = re.sub(r"//.*@", "//...@", url)  # a name and a password, perhaps
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise UsageError(
            tr("{where}: {url!r} is no address; write it like https://host/v1", where=where, url=shown)
        ) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise UsageError(
            tr("{where}: {url!r} is no address; write it like https://host/v1", where=where, url=shown)
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise UsageError(
            tr(
                "{where}: the address may hold no name, password, ? or #; a key goes into OPENAI_API_KEY, where no transcript keeps it",
                where=where,
            )
        )
    keyless(url, where)
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


def keyless(text: str, where: str) -> None:
    """A name or an address is recorded, and shown."""
    if redacted(text) != text:
        raise UsageError(
            tr(
                "{where}: what stands there is the key, and a transcript would keep it; take it out",
                where=where,
            )
        )
