from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from aipm_agents import disk
from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.redaction import redacted

if TYPE_CHECKING:
    from aipm_agents.scenario.imports.game import Game
    from aipm_agents.scenario.model import Scenario


class Format(StrEnum):
    scorable = "scorable"
    textarena = "textarena"
    genius = "genius"
    negmas = "negmas"


def take_in(
    form: Annotated[
        Format,
        typer.Argument(
            metavar="FORMAT",
            help="scorable and textarena: a folder with config.txt; genius: a folder or its domain in XML; negmas: its domain in YAML or JSON.",
        ),
    ],
    path: Annotated[str, typer.Argument(help="The folder or file of the game.")],
    output: Annotated[
        str | None, typer.Option("-o", "--output", help="The scenario file; the default is ID.yaml here.")
    ] = None,
    profile: Annotated[
        list[str] | None,
        typer.Option(help="genius, negmas: the preferences of a party, in order; the first is the PM."),
    ] = None,
    levels: Annotated[
        int | None,
        typer.Option(
            min=2, max=1000, help="genius, negmas: evenly spaced values for an issue that is continuous."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    from aipm_agents.scenario.imports.game import made

    if form in (Format.scorable, Format.textarena) and (profile or levels):
        raise UsageError(tr("--profile and --levels: for genius and negmas; a scorable game has neither"))
    game = _read(form, Path(path), tuple(map(Path, profile or ())), levels)
    scenario = made(game, path)
    written = Path(output) if output else Path(f"{game.id}.yaml")
    _keep(game, path, written)
    _tell(game, scenario, written, as_json=as_json)


def _read(form: Format, path: Path, profiles: tuple[Path, ...], levels: int | None) -> Game:
    match form:
        case Format.scorable | Format.textarena:
            from aipm_agents.scenario.imports import scorable

            return scorable.read(path, "textarena" if form is Format.textarena else "scorable")
        case Format.genius:
            from aipm_agents.scenario.imports import genius

            return genius.read(path, profiles, levels)
        case Format.negmas:
            from aipm_agents.scenario.imports import negmas

            return negmas.read(path, profiles, levels)


def _keep(game: Game, origin: str, path: Path) -> None:
    from aipm_agents.scenario.imports.written import text

    try:
        disk.create(path, redacted(text(game, origin)))
    except FileExistsError:
        raise UsageError(
            tr("{path} is already there; name another file with -o", path=quote(str(path)))
        ) from None
    except OSError as error:
        raise UsageError(
            tr("{path}: cannot be written: {strerror}", path=path, strerror=error.strerror)
        ) from None


def _tell(game: Game, scenario: Scenario, path: Path, *, as_json: bool) -> None:
    from math import prod

    from aipm_agents.report.papers.plain_text import as_json as dumped
    from aipm_agents.report.papers.plain_text import clean
    from aipm_agents.scenario.imports.written import lines

    packages = prod(len(issue.options) for issue in scenario.issues)
    if as_json:
        data = {
            "path": str(path), "id": scenario.id, "parties": list(scenario.parties), "issues": len(scenario.issues),
            "packages": packages, "mapped": [each._asdict() for each in game.mapped],
            "lost": [each._asdict() for each in game.lost],
        }  # fmt: skip
        print(dumped(data))
        return
    for title, notes in ((tr("Mapped:"), game.mapped), (tr("Lost:"), game.lost)):
        if notes:
            print(title, *(f"  {clean(line)}" for line in lines(notes)), sep="\n")
    print(
        tr("Wrote {path}: {parties} parties, {issues} issues, {packages:,} packages.", path=clean(str(path)),
           parties=len(scenario.parties), issues=len(scenario.issues), packages=packages)
    )  # fmt: skip
    shown = quote(clean(str(path)))
    print(tr("It has no criteria and no facts: the checkpoints ask only whether the table agrees."))
    print(tr("Next: aipm analyze {path}, then aipm run {path}", path=shown))
