"""The commands as one Typer application."""

from __future__ import annotations

from typing import Annotated

import typer

from aipm_agents.cli.front import OPTIONS, TITLE
from aipm_agents.cli.manual import Commands
from aipm_agents.version import __version__

app = typer.Typer(
    name="aipm", cls=Commands, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=True, help=TITLE,
)  # fmt: skip


def _version(asked: bool) -> None:
    if asked:
        print(__version__)
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=OPTIONS["--version"])
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help=OPTIONS["--debug"])] = False,
    lang: Annotated[str | None, typer.Option("--lang", help=OPTIONS["--lang"])] = None,
) -> None:
    """A flight simulator for product decisions: run a scenario, read the record, teach with it."""
