from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aipm_agents.cli import files, models, runs, seating
from aipm_agents.errors import UsageError
from aipm_agents.language import speaking, tr
from aipm_agents.roles import PM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_agents.bench.judge import Rating
    from aipm_agents.report.papers.blocks import Block


def judge(
    transcripts: Annotated[list[str], typer.Argument(help="Paths, run ids, latest, or folders of runs.")],
    model: Annotated[str, typer.Option("-m", "--model", help="The model that rates; local, or a name.")],
    repeats: Annotated[
        int, typer.Option("--repeats", min=1, max=20, help="How often it rates each seat.")
    ] = 3,
    output: Annotated[
        str | None, typer.Option("-o", "--output", help="Every rating in a file: .json, .csv or .parquet.")
    ] = None,
    excel: files.Excel = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as one JSON object.")] = False,
    base_url: models.BaseUrl = None,
    max_tokens: models.MaxTokens = None,
    max_calls: models.MaxCalls = None,
    timeout: models.Timeout = None,
    cassette: models.CassetteOption = None,
    offline: models.Offline = False,
) -> None:
    from aipm_agents.bench.judge import DIMENSIONS, Rating, agreement, judged
    from aipm_agents.report.compare.tables import Table
    from aipm_agents.seats.model import Model

    files.check(output, (".json", *files.TABLES))
    kind = seating.kind_of(model)
    if kind in ("embedded", "human"):
        raise UsageError(tr("-m {model}: only a model rates", model=model))
    paths = [
        path
        for name in transcripts
        for path in (runs.inside(Path(name)) if Path(name).is_dir() else [runs.locate(name)])
    ]
    means = models.Means(
        base_url, None, max_tokens, max_calls, timeout, models.CONCURRENCY, None, cassette, offline
    )  # fmt: skip
    ratings: list[Rating] = []
    with seating.seated({PM: kind}, means) as seats:
        rater = seats.players[PM]
        assert isinstance(rater, Model)
        for number, run in enumerate(runs.each(paths), start=1):
            ratings += judged(run, rater.line, repeats)
            print(f"{number}/{len(paths)}", file=sys.stderr)
    found = {name: agreement(ratings, name) for name in DIMENSIONS}
    with speaking("en"):
        data = {
            "label": "a model's opinion", "model": kind, "repeats": repeats, "ratings": [each._asdict() for each in ratings],
            "agreement": found,
        }  # fmt: skip
    kinds = [(name, "whole" if name == "repeat" or name in DIMENSIONS else "text") for name in Rating._fields]
    table = Table(tuple(kinds), [each._asdict() for each in ratings])  # type: ignore[arg-type]  # kinds
    files.give(
        tr("A model's opinion"),
        _blocks(kind, ratings),
        data,
        as_json=as_json,
        output=output,
        table=table,
        excel=excel,
    )


def _blocks(kind: str, ratings: Sequence[Rating]) -> list[Block]:
    from aipm_agents.bench.judge import DIMENSIONS, agreement
    from aipm_agents.report.papers.blocks import Grid, Lines, Row

    def mean(values: list[int]) -> str:
        return f"{sum(values) / len(values):.1f}" if values else "-"

    rows = [
        Row((role, *(
            mean([mark for each in ratings if each.role == role and (mark := getattr(each, name)) is not None])
            for name in DIMENSIONS
        )))
        for role in dict.fromkeys(each.role for each in ratings)
    ]  # fmt: skip
    agreed = [agreement(ratings, name) for name in DIMENSIONS]
    rows.append(
        Row(
            (
                tr("agrees with itself (alpha)"),
                *("-" if a.alpha is None else f"{a.alpha:.2f}" for a in agreed),
            )
        )
    )
    rows.append(
        Row((tr("within a point"), *("-" if a.within_one is None else f"{a.within_one:.0%}" for a in agreed)))
    )
    told = tr(
        "This is the opinion of {model}, and no measurement: three of Sotopia's dimensions, as it reads the record. Where it does not agree with itself, it tells nothing.",
        model=kind,
    )  # fmt: skip
    return [Lines((told,), "warning"), Grid(("", *DIMENSIONS), tuple(rows), figures=True)]
