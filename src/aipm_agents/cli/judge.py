from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aipm_agents.cli import files, models, runs, seating
from aipm_agents.errors import AipmError, EndpointError, UsageError
from aipm_agents.language import follow_all, speaking, tr
from aipm_agents.roles import PM

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aipm_agents.bench.judge import RaterAgreement, Rating
    from aipm_agents.report.papers.blocks import Block


OPINIONS = "opinions"
"""The folder, beside the runs, where replies are kept that nobody named a cassette for: what was rated once is not paid
for again."""


def judge(
    transcripts: Annotated[list[str], typer.Argument(help="Paths, run ids, latest, or folders of runs.")],
    model: Annotated[
        str,
        typer.Option(
            "-m",
            "--model",
            help="The model that rates; local, or a name. Its replies, with every card in them, are kept in aipm-runs/opinions or by --cassette.",
        ),
    ],
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
    from aipm_agents.cli.tested import folder_name, main_address
    from aipm_agents.report.compare.tables import Listing
    from aipm_agents.seats.kinds import is_model
    from aipm_agents.seats.model import Model

    files.check(output, (".json", *files.TABLES))
    kind = seating.kind_of(model)
    if not is_model(kind):
        raise UsageError(tr("-m {model}: only a model rates", model=model))
    found = list(runs.each(_paths(transcripts)))  # read before anything is paid for
    follow_all({run.scenario.language for run in found})
    wanted = repeats * sum(len(run.scenario.parties) for run in found)
    kept = runs.folder() / OPINIONS / folder_name(kind, main_address(base_url))
    if offline and cassette is None and not kept.is_dir():
        raise EndpointError(tr("--offline: no replies are kept in {folder}; rate them once without, or name a folder with --cassette", folder=kept))  # fmt: skip
    means = models.Means(
        base_url, None, max_tokens, max_calls, timeout, models.CONCURRENCY, None, cassette or str(kept), offline
    )  # fmt: skip
    ratings: list[Rating] = []
    stop: AipmError | KeyboardInterrupt | None = None
    with seating.seated({PM: kind}, means) as seats:
        rater = seats.players[PM]
        assert isinstance(rater, Model)
        try:
            for number, run in enumerate(found, start=1):
                for rating in judged(run, rater.line, repeats):
                    ratings.append(rating)  # what came before a stop is kept
                print(f"{number}/{len(found)}", file=sys.stderr)
        except (AipmError, KeyboardInterrupt) as error:
            if not ratings:
                raise
            stop = error
    agreed = {name: agreement(ratings, name) for name in DIMENSIONS}
    usable = {name: sum(getattr(each, name) is not None for each in ratings) for name in DIMENSIONS}
    with speaking("en"):
        data = {
            "label": "a model's opinion", "model": kind, "repeats": repeats, "wanted": wanted, "usable": usable,
            "ratings": [each._asdict() for each in ratings], "agreement": agreed,
        }  # fmt: skip
    fields = [
        (name, "whole" if name == "repeat" or name in DIMENSIONS else "text") for name in Rating._fields
    ]
    table = Listing(tuple(fields), [each._asdict() for each in ratings])  # type: ignore[arg-type]  # kinds
    names = {role: run.scenario.card(role).short for run in found for role in run.scenario.parties}
    blocks = _blocks(kind, ratings, wanted, agreed, names)
    files.give(
        tr("A model's opinion"), blocks, data, as_json=as_json, output=output, table=table, excel=excel
    )  # fmt: skip
    if stop is not None:
        told = tr("{n} of {of} ratings are there; the others were not asked for", n=len(ratings), of=wanted)
        print(f"aipm: {told}", file=sys.stderr)
        raise stop
    if not any(usable.values()):
        raise EndpointError(tr("{model} gave no usable rating; `why` of each says what came", model=kind))


def _paths(names: Sequence[str]) -> list[Path]:
    """Each run once."""
    found: dict[Path, Path] = {}
    for name in names:
        for path in runs.inside(Path(name)) if Path(name).is_dir() else [runs.locate(name)]:
            found.setdefault(path.resolve(), path)
    if not found:
        raise UsageError(
            tr("{name}: there is no transcript in this folder (*.jsonl)", name=tr(", ").join(names))
        )
    return list(found.values())


def _blocks(
    kind: str, ratings: Sequence[Rating], wanted: int, agreed: Mapping[str, RaterAgreement], names: Mapping[str, str]
) -> list[Block]:  # fmt: skip
    from aipm_agents.bench.judge import NAMES
    from aipm_agents.report.papers.blocks import Grid, Lines, Row

    def marks(name: str, role: str = "") -> list[int]:
        return [
            mark for each in ratings
            if role in ("", each.role) and (mark := getattr(each, name)) is not None
        ]  # fmt: skip

    def mean(values: list[int]) -> str:
        return f"{sum(values) / len(values):.1f}" if values else "-"

    rows = [
        Row((names[role], *(mean(marks(name, role)) for name in NAMES)))
        for role in dict.fromkeys(each.role for each in ratings)
    ]
    alphas = ("-" if a.alpha is None else f"{a.alpha:.2f}" for a in agreed.values())
    near = ("-" if a.within_one is None else f"{a.within_one:.0%}" for a in agreed.values())
    usable = (tr("{n} of {of}", n=len(marks(name)), of=wanted) for name in NAMES)
    rows += [
        Row((tr("agrees with itself (alpha)"), *alphas)), Row((tr("within a point"), *near)),
        Row((tr("usable ratings"), *usable)),
    ]  # fmt: skip
    told = tr(
        "This is the opinion of {model}, and no measurement: three of Sotopia's dimensions, as it reads the record. Where it does not agree with itself, it tells nothing.",
        model=kind,
    )  # fmt: skip
    return [
        Lines((told,), "warning"),
        Grid(("", *(tr(name) for name in NAMES.values())), tuple(rows), figures=True),
    ]
