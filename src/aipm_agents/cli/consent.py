"""Whether a run that goes on may call on addresses that came with its file: somebody else may have written them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from aipm_agents import keyring
from aipm_agents.cli import models
from aipm_agents.errors import EndpointError, UsageError
from aipm_agents.language import tr
from aipm_agents.report.papers.plain_text import clean
from aipm_agents.version import __version__

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from aipm_agents.roles import Role
    from aipm_agents.transcript import Header

AllowAddress = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-address", help="Call on this address, which the transcript alone names.",
        rich_help_panel=models.PANEL,
    ),
]  # fmt: skip


def given(
    path: Path, kinds: Mapping[Role, str], named: Collection[Role], means: models.Means, allowed: Collection[str]
) -> tuple[str, ...]:  # fmt: skip
    """Ask about each address that nobody here has named: at a terminal a question, else `EndpointError`. Returns
    those that are allowed.

    `named`: roles whose kind was typed now. An address counts as named where `--base-url`, the environment, `.env`
    or a typed seat sends us to the same host, and where everybody goes who names none.
    """
    if means.offline:
        return ()
    home = keyring.mine().home(means.base_url)
    allowed = [keyring.checked(url, "--allow-address") for url in allowed]
    known = [keyring.OPENAI, *([home.url] if home else ()), *allowed]
    known += _addresses({role: kinds[role] for role in named}, keyring.OPENAI)
    asked = []
    for url in _addresses(kinds, home.url if home else means.recorded_url or keyring.OPENAI):
        if not any(keyring.beside(url, each) for each in known):
            _ask(path, url, home or keyring.Home())
            asked.append(url)
    return (*allowed, *asked)


def _addresses(kinds: Mapping[Role, str], main: str) -> list[str]:
    """Where the models of these seats are."""
    from aipm_agents.seats.model.address import address

    found = [address(kind, main, f"--seat {role}") for role, kind in kinds.items()]
    return list(dict.fromkeys(each.url for each in found if each is not None))


def _ask(path: Path, url: str, home: keyring.Home) -> None:
    key = keyring.own_name(url) if keyring.mine().key(url, home) else ""
    gets = tr("It would get the key {name}.", name=key) if key else tr("It would get no key.")
    told = tr("{path} names the address {url}, and nobody here has.", path=path, url=url)
    if not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
        raise EndpointError(
            tr(
                "{told} Nothing was sent there. To call on it: --allow-address {url}; to go elsewhere: --base-url, or --seat ROLE=openai:MODEL@URL",
                told=told, url=url,
            )
        )  # fmt: skip
    print(clean(f"{told} {gets} " + tr("Call on it? [y/N]")), end=" ", file=sys.stderr, flush=True)
    try:
        answer = sys.stdin.readline()
    except (KeyboardInterrupt, OSError, UnicodeDecodeError):
        answer = ""
    if answer.strip().lower() not in ("y", "yes"):
        raise EndpointError(tr("nothing was sent to {url}; to go elsewhere: --base-url, or --seat", url=url))


def named_here(path: Path, kinds: Mapping[Role, str], named: Mapping[Role, str]) -> None:
    """Raise `UsageError` where a record names code to be run that nobody here has named: a record is no program."""
    from aipm_agents.seats.kinds import PYTHON

    for role, kind in kinds.items():
        if kind.startswith(PYTHON) and role not in named:
            raise UsageError(
                tr(
                    "{path} says that {kind} plays {role}; code is run only where you name it: --seat {role}={kind}",
                    path=path, kind=kind, role=role,
                )
            )  # fmt: skip


def note_version(path: Path, header: Header) -> None:
    """Say so where another version began the run: rules and prompts may have changed since."""
    then = header.volatile.get("aipm")
    if then is not None and then != __version__:
        told = tr(
            "{path} was begun by aipm {then}, and this is aipm {now}: rules and prompts may have changed in between",
            path=path, then=str(then)[:40], now=__version__,
        )  # fmt: skip
        print(clean(f"aipm: {told}"), file=sys.stderr)
