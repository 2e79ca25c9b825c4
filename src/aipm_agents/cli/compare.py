from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aipm_agents.cli import files, runs, setting, versions
from aipm_agents.errors import UsageError
from aipm_agents.language import follow_all, speaking, tr, tr_n

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.transcript import Transcript

FEW = 6
"""Up to this many runs stand side by side; more are counted."""


def compare(
    transcripts: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN|SCENARIO...",
            help="Paths, run ids, latest, or folders of runs; or two versions of a scenario file, the old one first.",
        ),
    ],
    full: Annotated[bool, typer.Option("--full", help="Everything, not the first screen alone.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as one JSON object.")] = False,
    output: Annotated[
        str | None,
        typer.Option(
            "-o", "--output", help="Write it to a file: .md, .html, .json; as rows .csv or .parquet."
        ),
    ] = None,
    turns: Annotated[
        str | None,
        typer.Option("--turns", help="Also a row a turn of every run, in a file: .csv or .parquet."),
    ] = None,
    excel: files.Excel = False,
    by: Annotated[
        list[str] | None,
        typer.Option(
            help="Group the runs of a sweep by what was varied, as in --by seat.pm; also seats, scenario."
        ),
    ] = None,
    seeds: Annotated[
        str | None,
        typer.Option(
            help="Of scenarios: 0:100 for the seeds 0 to 99, each played in both versions; that many, where left out."
        ),
    ] = None,
    sets: setting.SetOption = None,
    fail_on_diff: Annotated[
        str | None,
        typer.Option(help="Exit with 100 if runs differ: decision, checkpoint, criterion or move."),
    ] = None,
) -> None:
    from aipm_agents.analysis.compare.comparison import LEVELS
    from aipm_agents.scenario.problems import did_you_mean

    if fail_on_diff is not None and fail_on_diff not in LEVELS:
        raise UsageError(
            tr(
                "--fail-on-diff {fail_on_diff}: no such level{hint}",
                fail_on_diff=fail_on_diff,
                hint=did_you_mean(fail_on_diff, LEVELS),
            )
        )
    files.check(output, (".md", ".html", ".json", *files.TABLES))
    files.check(turns, files.TABLES, "--turns")
    if versions.meant(transcripts, sets, seeds):
        if by or turns or fail_on_diff not in (None, "decision"):
            raise UsageError(
                tr(
                    "of two versions of a scenario decisions are compared: leave out --by and --turns, and --fail-on-diff but for decision"
                )
            )
        differ = versions.compare_versions(
            transcripts, sets, seeds, full=full, as_json=as_json, output=output, excel=excel
        )
        if differ and fail_on_diff:
            raise typer.Exit(100)
        return
    found = list(_found(transcripts))
    few = len(found) <= FEW and all(group is None for group, _ in found) and not by
    found = found if few else _once_each(found)
    if len(found) < 2:
        raise UsageError(
            tr_n(
                "compare takes two runs or more, and here is {n}",
                "compare takes two runs or more, and here are {n}",
                len(found),
            )
        )
    if not few and fail_on_diff == "move":
        raise UsageError(
            tr("--fail-on-diff move: moves are held against each other between few runs, not in folders")
        )
    if few:
        differs = _side_by_side(found, full, as_json, output, excel)
    else:
        differs = _counted(found, tuple(by or ()), _as_written(transcripts), full, as_json, output, excel)
    if turns is not None:
        from aipm_agents.report.compare.tables import turns_table

        files.put_table(turns, turns_table(runs.each(path for _, path in found)), excel=excel)
        print(turns, file=sys.stderr if as_json else sys.stdout)
    if fail_on_diff is not None and any(LEVELS.index(each) <= LEVELS.index(fail_on_diff) for each in differs):
        raise typer.Exit(100)


def _found(names: list[str]) -> Iterator[tuple[str | None, Path]]:
    """(group, path): what lies in a folder that is named belongs together."""
    for name in names:
        if Path(name).is_dir():
            inside = runs.inside(Path(name))
            if not inside:
                raise UsageError(tr("{name}: there is no transcript in this folder (*.jsonl)", name=name))
            yield from ((name.rstrip("/"), path) for path in inside)
        else:
            yield None, runs.locate(name)


def _as_written(names: list[str]) -> list[Scenario]:
    """The scenarios that lie beside the results of a sweep, as they were before it changed them."""
    from aipm_agents.scenario.reader import examine
    from aipm_agents.sweeps.folder import SCENARIOS

    paths = (path for name in names for path in sorted((Path(name) / SCENARIOS).glob("*.yaml")))
    return [made for path in paths if (made := examine(path).scenario) is not None]


def _once_each(found: list[tuple[str | None, Path]]) -> list[tuple[str | None, Path]]:
    """No run is counted twice: copies would only make the intervals look narrow."""
    kept: dict[Path, tuple[str | None, Path]] = {}
    for group, path in found:
        kept.setdefault(path.resolve(), (group, path))
    if len(kept) < len(found):
        text = tr("{n} named more than once are counted once", n=len(found) - len(kept))
        print(f"aipm: {text}", file=sys.stderr)
    return list(kept.values())


def _side_by_side(
    found: list[tuple[str | None, Path]], full: bool, as_json: bool, output: str | None, excel: bool
) -> list[str]:
    from aipm_agents.analysis.compare.comparison import compare as compared
    from aipm_agents.analysis.compare.comparison import differing
    from aipm_agents.report.compare.comparison import first_screen
    from aipm_agents.report.compare.details import details
    from aipm_agents.report.compare.plain_data import comparison_data
    from aipm_agents.report.compare.tables import comparison_table

    read_in = list(runs.each(path for _, path in found))
    follow_all({run.scenario.language for run in read_in})
    made = compared(read_in)
    differs = differing(made)
    blocks: list[Block] = [*first_screen(made), *(details(made) if full or output else [])]
    with speaking("en"):  # a program reads it
        data = comparison_data(made, read_in)
    table = comparison_table(made, read_in)
    files.give(tr("Comparison"), blocks, data, as_json=as_json, output=output, table=table, excel=excel)
    return list(differs)


def _counted(
    found: list[tuple[str | None, Path]], by: tuple[str, ...], as_written: list[Scenario],
    full: bool, as_json: bool, output: str | None, excel: bool,
) -> list[str]:  # fmt: skip
    from aipm_agents.analysis.sample.whole import differing, sample
    from aipm_agents.report.compare.plain_data import sample_data
    from aipm_agents.report.compare.tables import sample_table
    from aipm_agents.report.sample.whole import sample_screen
    from aipm_agents.scenario.problems import did_you_mean

    made = sample(_one_by_one(found), by, as_written)
    for key in by:
        known = {name for each in made.cases for name, _ in each.factors} | {"seats", "scenario"}
        if key not in known:
            raise UsageError(
                tr("--by {key}: no run here has it{hint}", key=key, hint=did_you_mean(key, sorted(known)))
            )
    blocks = sample_screen(made, full=full or output is not None)
    files.give(
        tr("Comparison"), blocks, sample_data(made), as_json=as_json, output=output, table=sample_table(made), excel=excel
    )  # fmt: skip
    return list(differing(made))


def _one_by_one(found: list[tuple[str | None, Path]]) -> Iterator[tuple[str | None, str, Transcript]]:
    grouped = len({group for group, _ in found}) > 1
    groups = {path: group for group, path in found}
    languages = set()
    for run in runs.each(groups):
        languages.add(run.scenario.language)
        assert run.path is not None
        yield (groups[run.path] if grouped else None), str(run.path), run
    follow_all(languages)
