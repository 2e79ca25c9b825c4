from __future__ import annotations

import sys
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from aipm_agents.cli import models, runs
from aipm_agents.errors import EndpointError, UsageError
from aipm_agents.language import tr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aipm_agents.bench.score import Score, Scored
    from aipm_agents.bench.suite import BenchGame
    from aipm_agents.cli.tested import Tested

CASSETTE = "replies"


def bench(
    model: Annotated[
        list[str],
        typer.Option(
            "-m",
            "--model",
            help="Who is tested: a model, local, python:MODULE:CLASS; embedded, random, always-yes, silent. Again for another.",
        ),
    ],
    which: Annotated[
        str, typer.Option("--seats", help="Which seats it plays: pm, colleagues or all.")
    ] = "all",
    seeds: Annotated[str, typer.Option(help="0:5 for the seeds 0 to 4, 7 for one.")] = "0:5",
    part: Annotated[
        list[str] | None,
        typer.Option("--part", help="Only this part: cases, hidden, injection, fault or imported."),
    ] = None,
    game: Annotated[
        list[str] | None,
        typer.Option("--game", help="A scenario file beside the suite, such as `aipm import` makes."),
    ] = None,
    control: Annotated[
        list[str] | None,
        typer.Option(
            "--control", metavar="KEY=VALUE", help="As `sweep --vary` takes them: temperature=0, aids=none."
        ),
    ] = None,
    output: Annotated[
        str | None, typer.Option("-o", "--output", help="The folder for runs and card.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object at the end.")] = False,
    base_url: models.BaseUrl = None,
    max_tokens: models.MaxTokens = None,
    timeout: models.Timeout = None,
    answer_tokens: models.AnswerTokens = None,
    offline: Annotated[
        bool,
        typer.Option(
            "--offline", help="Only play back the replies in the folder.", rich_help_panel=models.PANEL
        ),
    ] = False,
) -> None:
    from aipm_agents.bench import card
    from aipm_agents.bench.players import SEATS
    from aipm_agents.bench.suite import digest
    from aipm_agents.cli import tested
    from aipm_agents.report.papers.plain_text import as_json as dumped
    from aipm_agents.seats.model.budget import Budget
    from aipm_agents.sweeps import mark
    from aipm_agents.sweeps.plan import seeds_of

    games, range_ = _games(part, game), seeds_of(seeds)
    kinds = [tested.player_kind(each) for each in dict.fromkeys(model)]
    if which not in SEATS:
        raise UsageError(tr("--seats {which}: pm, colleagues or all", which=which))
    options = {
        "--control": control, "--base-url": base_url, "--max-tokens": max_tokens, "--timeout": timeout,
        "--answer-tokens": answer_tokens, "--offline": offline,
    }  # fmt: skip
    set_to = tested.controls(control or (), kinds, which, games)
    tested.need_a_model(kinds, options)
    folder = (
        Path(output) if output else runs.folder() / tested.folder_name(f"bench-{'-'.join(kinds)}-{which}")
    )
    means = models.Means(
        base_url, None, max_tokens, None, timeout, models.CONCURRENCY, answer_tokens, None, offline, controls=set_to
    )  # fmt: skip
    for kind in kinds:
        tested.can_sit(kind, which)
    if offline and not (folder / CASSETTE).is_dir():
        raise EndpointError(tr("--offline: no replies are kept in {folder}; play it once without, or name the folder with -o", folder=folder / CASSETTE))  # fmt: skip
    mark.put(folder, mark.BENCH).close()
    budget = Budget(max_tokens=max_tokens)
    scored: dict[str, list[Scored]] = {}
    for kind in (*kinds, *([] if tested.REFERENCE in kinds else [tested.REFERENCE])):
        with tested.Tested(kind, which, means, folder / CASSETTE, budget) as player:
            scored[kind] = _play(games, range_, player, folder, as_json)
    scores = _scores(games, scored)
    command = _command(
        {
            "-m": model, "--seats": which if which != "all" else None, "--seeds": seeds, "--part": part, "--game": game,
            **options, "--offline": None, "-o": output,
        }
    )  # fmt: skip
    made = [each for kind in kinds for each in scored[kind]]
    told = card.facts(kinds, which, games, digest(games), range_, command, made, dict(set_to.asked))
    _written(folder / "card.md", card.card(told, scores))
    _written(folder / "bench.json", dumped({**told, "scores": scores}) + "\n")
    if as_json:
        print(dumped({**told, "folder": str(folder), "scores": scores}))
        return
    _show(scores)
    print(folder / "card.md")


def _command(options: Mapping[str, object]) -> str:
    """What to type to do it again, from where it was typed: whatever stood around it, these options decide."""
    words = ["aipm bench"]
    for name, value in options.items():
        for each in value if isinstance(value, list) else [] if value is None else [value]:
            words += [name, quote(str(each))]
    return " ".join(words)


def _show(scores: Sequence[Score]) -> None:
    from rich.console import Console

    from aipm_agents.bench import card
    from aipm_agents.report.papers.blocks import Grid, Row
    from aipm_agents.report.papers.terminal import paper

    console = Console(highlight=False)
    lines = [card.row(each) for each in scores if not each.part]
    for columns in (range(6), (0, *range(6, len(card.HEAD)))):
        rows = tuple(Row(tuple(line[k] for k in columns)) for line in lines)
        console.print(
            paper([Grid(tuple(tr(card.HEAD[k]) for k in columns), rows, figures=True)], console.width)
        )


def _games(parts: list[str] | None, more: list[str] | None) -> tuple[BenchGame, ...]:
    from aipm_agents.bench.suite import PARTS, suite
    from aipm_agents.scenario.library import locate

    if unknown := [each for each in parts or () if each not in PARTS]:
        raise UsageError(tr("--part {part}: there is {names}", part=unknown[0], names=", ".join(PARTS)))
    found = tuple(
        each for each in suite([locate(name) for name in more or ()]) if not parts or each.part in parts
    )
    names = [each.name for each in found]
    if twice := [name for name in names if names.count(name) > 1]:
        raise UsageError(
            tr("--game: two games are called {name}, and their runs could not be told apart; give one another id, or leave one out with --part", name=twice[0])
        )  # fmt: skip
    if not found:
        raise UsageError(tr("--part imported: name a file with --game"))
    return found


def _play(
    games: Sequence[BenchGame], seeds: range, player: Tested, folder: Path, quiet: bool
) -> list[Scored]:
    from aipm_agents.bench.play import played
    from aipm_agents.report.words.vocabulary import OUTCOMES

    done = []
    for each in played(games, seeds, player, folder / "runs" / player.name):
        done.append(each)
        if not quiet:
            told = tr(
                "{n} of {of}: {game}, seed {seed}: {decision}",
                n=len(done), of=len(games) * len(seeds), game=each.game.name, seed=each.case.seed,
                decision=OUTCOMES[each.case.decision],
            )  # fmt: skip
            print(told, file=sys.stderr)
    return done


def _scores(games: Sequence[BenchGame], tested: Mapping[str, Sequence[Scored]]) -> list[Score]:
    """Of the whole suite, then part by part: who is tested, the embedded seats, the solver."""
    from aipm_agents.bench.score import score, solver

    scores = []
    for part in ("", *dict.fromkeys(game.part for game in games)):
        here = [game for game in games if not part or game.part == part]
        names = {game.name for game in here}
        scores += [
            score(player, [each for each in made if each.game.name in names], part)
            for player, made in tested.items()
        ]
        if (best := solver(here, part)) is not None:
            scores.append(best)
    return scores


def _written(path: Path, text: str) -> None:
    from aipm_agents.cli import files

    path.parent.mkdir(parents=True, exist_ok=True)
    files.put(str(path), text)
