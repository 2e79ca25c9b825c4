from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aipm_agents.cli import files, runs
from aipm_agents.cli.audience import SpoilOption, opened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.transcript import Transcript


def debrief(
    transcripts: Annotated[
        list[str] | None,
        typer.Argument(help="A run; several, or a folder of them: a class of groups G1 to Gn."),
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Everything, not the first two screens alone.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as one JSON object.")] = False,
    output: Annotated[
        str | None, typer.Option("-o", "--output", help="Write it to a file: .html, .md or .json.")
    ] = None,
    spoil: SpoilOption = False,
) -> None:
    from aipm_agents import language

    files.check(output, (".html", ".md", ".json"))
    found = list(runs.each(_paths(transcripts or ["latest"])))
    for run in found:
        opened(run, spoil, "debrief")
    language.follow(found[0].scenario.language)
    whole = full or output is not None
    title, blocks, data = _one(found[0], whole) if len(found) == 1 else _class(found, whole)
    files.give(title, blocks, data, as_json=as_json, output=output, contents=True)


def _paths(names: Sequence[str]) -> list[Path]:
    """Each run once, in the order named; a folder's in the order of their names."""
    found: dict[Path, Path] = {}
    for name in names:
        inside = _inside(Path(name)) if Path(name).is_dir() else [runs.locate(name)]
        for path in inside:
            found.setdefault(path.resolve(), path)
    return list(found.values())


def _inside(folder: Path) -> list[Path]:
    from aipm_agents.errors import UsageError
    from aipm_agents.language import tr
    from aipm_agents.sweeps.folder import decided_runs

    if decided_runs(folder) is not None:
        raise UsageError(
            tr(
                "{folder}: a sweep is a sample, not a class; count it with `aipm compare {path}`",
                folder=folder,
                path=quote(str(folder)),
            )
        )
    inside = runs.inside(folder)
    if not inside:
        raise UsageError(tr("{folder}: there is no transcript in this folder (*.jsonl)", folder=folder))
    return inside


def _one(run: Transcript, full: bool) -> tuple[str, list[Block], dict[str, Any]]:
    from aipm_agents.analysis.debrief.whole import debrief as made
    from aipm_agents.kit.glossary import ideas
    from aipm_agents.language import spoken
    from aipm_agents.report.compare.plain_data import debrief_data
    from aipm_agents.report.debrief.whole import screen
    from aipm_agents.report.words.setup import caution

    found = made(run)
    return (
        run.scenario.title,
        screen(found, full=full, caution=caution(run), terms=ideas(spoken())),
        debrief_data(found),
    )


def _class(found: list[Transcript], full: bool) -> tuple[str, list[Block], dict[str, Any]]:
    from aipm_agents.analysis.debrief.groups import groups
    from aipm_agents.kit.glossary import ideas
    from aipm_agents.language import spoken
    from aipm_agents.report.compare.plain_data import groups_data
    from aipm_agents.report.debrief.groups import screen
    from aipm_agents.report.words.setup import caution_of_class

    made = groups(found)
    return (
        made.scenario.title,
        screen(made, full=full, caution=caution_of_class(found), terms=ideas(spoken())),
        groups_data(made),
    )
