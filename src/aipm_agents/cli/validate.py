from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aipm_agents.errors import UsageError
from aipm_agents.language import speaking, spoken, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.scenario.problems import Problem
    from aipm_agents.scenario.reader import Reading


def validate(
    files: Annotated[
        list[str],
        typer.Argument(help="Scenario files, or ids of bundled ones; with --explain also codes of warnings."),
    ],
    explain: Annotated[
        bool,
        typer.Option(
            "--explain", help="What each rule of the file means for the game, and each warning, in sentences."
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list.")] = False,
) -> None:
    from aipm_agents.report.papers.plain_text import as_json as dumped
    from aipm_agents.scenario.reader import Reading, examine

    reports: list[dict[str, Any]] = []
    codes: list[dict[str, str]] = []
    with speaking("en" if as_json else spoken()):  # where a program reads it, in English
        if explain:
            codes, files = _codes_explained(files)
        for each in codes if not as_json else ():
            print(f"{each['code']}: {each['explains']}")
        for path in _all(files, explain=explain):
            reading = examine(path) if isinstance(path, Path) else Reading(None, (path,))
            name = str(path) if isinstance(path, Path) else path.file
            reports.append(_report(name, reading) | (_in_sentences(reading) if explain and as_json else {}))
            if not as_json:
                _tell(reading, reports[-1])
                if explain and reading.texts_of is None:
                    _explained(reading)
    if as_json:
        print(dumped([*codes, *reports]))
    raise typer.Exit(0 if all(report["valid"] for report in reports) else 3)


def _all(names: list[str], *, explain: bool) -> Iterator[Path | Problem]:
    """The files that are meant, each scenario's followed by those with its texts in other languages; and of a name
    that means none, what is wrong."""
    from aipm_agents.scenario.library import in_other_words, locate
    from aipm_agents.scenario.problems import Problem

    for name in names:
        try:
            path = locate(name)
        except UsageError as error:
            hint = tr("; codes to explain are {names}", names=tr(", ").join(_codes())) if explain else ""
            yield Problem(name, 1, 1, "error", "", "", f"{error}{hint}")
            continue
        yield path
        yield from in_other_words(path).values()


def _tell(reading: Reading, report: dict[str, Any]) -> None:
    import sys

    from aipm_agents.report.papers.plain_text import clean

    path = report["file"]
    for problem in reading.problems:
        print(clean(str(problem)), file=sys.stderr)
    for warning in report["advice"]:
        print(clean(tr("{path}: warning: {warning}", path=path, warning=warning)), file=sys.stderr)
    print(clean(_verdict(path, report)))
    for text in report.get("from", ()):
        print(clean(f"  {text}"))


def _codes_explained(names: list[str]) -> tuple[list[dict[str, str]], list[str]]:
    """What the codes among these mean, and the names that are none."""
    known = _codes()
    codes = [{"code": name, "explains": tr(known[name])} for name in names if name in known]
    return codes, [name for name in names if name not in known]


def _codes() -> dict[str, str]:
    """Of the warnings about a line of a file, and of those about the whole of it."""
    from aipm_agents.analysis.space.advice import CODES
    from aipm_agents.scenario.lints import LINTS

    return {**LINTS, **CODES}


def _explained(reading: Reading) -> None:
    from rich.console import Console

    from aipm_agents.analysis.sample.spoken import spoken_lines
    from aipm_agents.analysis.space.prospects import prospects
    from aipm_agents.report.author.explained import explained, warned
    from aipm_agents.report.papers.terminal import paper

    made, console = reading.scenario, Console(highlight=False)
    blocks = (
        list(warned(reading.problems)) if made is None
        else explained(made, prospects(made), spoken_lines(made), reading.problems)
    )  # fmt: skip
    console.print(paper(blocks, console.width))


def _in_sentences(reading: Reading) -> dict[str, Any]:
    """The same as data: part -> its sentences, and role -> its first lines."""
    if reading.scenario is None or reading.texts_of is not None:
        return {}
    from aipm_agents.analysis.sample.spoken import spoken_lines
    from aipm_agents.analysis.space.prospects import prospects
    from aipm_agents.report.author.explained import sentences

    made = reading.scenario
    return {"explained": {**sentences(made, prospects(made)), "sounds": spoken_lines(made)}}


def _report(path: str, reading: Reading) -> dict[str, Any]:
    from aipm_agents.analysis.space.advice import advice
    from aipm_agents.analysis.space.prospects import prospects
    from aipm_agents.report.words.sources import notice, origins
    from aipm_agents.scenario.lints import LINTS

    report: dict[str, Any] = {
        "file": path,
        "valid": reading.scenario is not None,
        "problems": [problem._asdict() for problem in reading.problems],
        "explains": {each.code: tr(LINTS[each.code]) for each in reading.problems if each.code},
        "advice": [],
    }
    if reading.texts_of is not None:
        report |= {"texts_of": reading.texts_of}
    elif reading.scenario is not None:
        found = prospects(reading.scenario)
        law = notice(each for _, each in reading.scenario.criteria.values())
        report |= {
            "uses": list(reading.scenario.uses),
            "from": [*origins(reading.scenario), *([law] if law else [])],
            "advice": advice(reading.scenario, found),
            "packages": found.packages,
            "passing": found.together.disclosed,
            "acceptable": found.acceptable,
            "binds": _binding({name: stop.alone for name, stop in found.criteria.items()}),
        }
    return report


def _binding(only: dict[str, int]) -> list[str]:
    """The criteria that stop packages nothing else would stop, the strictest first."""
    return sorted((name for name in only if only[name]), key=lambda name: -only[name])


def _verdict(path: str, report: dict[str, Any]) -> str:
    if not report["valid"]:
        return tr("{path}: not valid", path=path)
    if "texts_of" in report:
        return tr("{path}: valid; the texts of {id}", path=path, id=report["texts_of"])
    text = tr(
        "{path}: valid; {n} of {many} packages can pass all four checkpoints",
        path=path,
        n=report["passing"],
        many=report["packages"],
    )
    text += tr(", {n} of them with the agreement it needs", n=report["acceptable"])
    if report["binds"]:
        text += tr("; what binds most: {names}", names=tr(", ").join(report["binds"][:3]))
    return text
