from __future__ import annotations

import os
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from aipm_agents.cli import files, runs, setting
from aipm_agents.cli.audience import SpoilOption, opened
from aipm_agents.errors import UsageError
from aipm_agents.language import asked, follow, tr

if TYPE_CHECKING:
    from aipm_agents.api.runs import Run
    from aipm_agents.scenario.model import Scenario


def flip(
    about: Annotated[
        str, typer.Argument(metavar="SCENARIO|RUN", help="A scenario file or id; or a transcript, a run id, or latest.")
    ],
    sets: setting.SetOption = None,
    seeds: Annotated[
        int | None,
        typer.Option(
            min=0, max=1000,
            help="How many seeds are played where talk decides; 0: none. Left out: 10, and 120 meetings at most.",
        ),
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Every change, and not only those that flip it.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as one JSON object.")] = False,
    output: Annotated[
        str | None, typer.Option("-o", "--output", help="Write it to a file: .html, .md or .json; or its picture: .svg.")
    ] = None,
    spoil: SpoilOption = False,
) -> None:  # fmt: skip
    from aipm_agents.api.flips import flip_of
    from aipm_agents.cli.progress import counting
    from aipm_agents.scenario.reader import read

    files.check(output, (".html", ".md", ".json", ".svg"))
    path = _scenario(about)
    subject: Scenario | Run
    if path is not None:
        subject = made = setting.changed(read(path), sets, file=path)[0]
    else:
        subject = _run(about, sets, spoil)
        made = subject.scenario
        follow(made.language)
    whole, played = full or output is not None, None if seeds is None else range(seeds)
    with counting(tr("meetings")) as on_played:
        found = flip_of(subject, seeds=played, full=whole, typed=_typed(about, sets), on_played=on_played)
    files.give(made.title, found.blocks, found.data, as_json=as_json, output=output)


def _typed(name: str, sets: list[str] | None) -> str:
    """The scenario, as it is named to another command."""
    return " ".join([quote(name), *(f"--set {quote(each)}" for each in sets or ())])


def _scenario(name: str) -> Path | None:
    """The scenario that goes by this name; None where it may be a run."""
    from aipm_agents.scenario.library import locate

    if os.path.isfile(name) and Path(name).suffix not in (".yaml", ".yml"):
        return None
    try:
        return locate(name, asked())
    except UsageError:
        return None


def _run(name: str, sets: list[str] | None, spoil: bool) -> Run:
    from aipm_agents.api.runs import Run
    from aipm_agents.scenario.library import bundled
    from aipm_agents.scenario.problems import did_you_mean
    from aipm_agents.transcript import read

    try:
        path = runs.locate(name)
    except UsageError as error:
        hint = did_you_mean(name, bundled())
        raise UsageError(f"{error}{hint}") from None
    if sets:
        raise UsageError(
            tr(
                "--set is for a scenario; `aipm resume RUN --from N --set ...` plays a run on with other values"
            )
        )
    run = read(path)
    opened(run, spoil, "flip")
    return Run(run)
