from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aipm_agents.cli import runs
from aipm_agents.errors import UsageError
from aipm_agents.language import tr

PORT = 8200


def view(
    folder: Annotated[
        str | None, typer.Argument(help="A folder of runs; without one, where runs are kept.")
    ] = None,
    port: Annotated[int, typer.Option("--port", help="Where to serve it; 0 takes any that is free.")] = PORT,
) -> None:
    from aipm_agents.room.looking import site
    from aipm_agents.room.server import Server, claimed, port_of

    where = Path(folder) if folder else runs.folder()
    if folder and not where.is_dir():
        raise UsageError(tr("{folder}: there is no such folder", folder=folder))
    with claimed("127.0.0.1", port) as listening:
        address = f"http://127.0.0.1:{port_of(listening)}/"
        print(tr("Look at {folder}: {address}", folder=where, address=address))
        print(tr("For this machine alone. Ctrl-C ends it."), flush=True)
        Server(listening).run(site(where))
