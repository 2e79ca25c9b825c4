from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from aipm_agents.cli import models, runs, seating
from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.roles import PM
from aipm_agents.seats.kinds import of_others, seated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    from aipm_agents.bench.play import Table
    from aipm_agents.bench.score import Score, Scored
    from aipm_agents.bench.suite import Game
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.seats import Seat
    from aipm_agents.seats.model.controls import Controls
    from aipm_agents.seats.model.switchboard import Switchboard

REFERENCE = "embedded"
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
    from aipm_agents.bench.suite import digest
    from aipm_agents.report.papers.plain_text import as_json as dumped

    games, range_ = _games(part, game), _range(seeds)
    kinds = [each if each in _players() else seating.kind_of(each) for each in dict.fromkeys(model)]
    if which not in ("pm", "colleagues", "all"):
        raise UsageError(tr("--seats {which}: pm, colleagues or all", which=which))
    folder = Path(output) if output else runs.folder() / f"bench-{_plain('-'.join(kinds))}-{which}"
    set_to = _controls(control or ())
    means = models.Means(
        base_url, None, max_tokens, None, timeout, models.CONCURRENCY, answer_tokens, str(folder / CASSETTE), offline,
        controls=set_to,
    )  # fmt: skip
    for kind in kinds:
        _can_sit(kind, which)
    tested = {
        kind: _play(games, range_, _Player(kind, which, means), folder, as_json)
        for kind in (*kinds, *([] if REFERENCE in kinds else [REFERENCE]))
    }
    scores = _scores(games, tested)
    command = " ".join(["aipm bench", *map(quote, sys.argv[2:])])
    made = [each for kind in kinds for each in tested[kind]]
    told = card.facts(kinds, which, games, digest(games), range_, command, made, dict(set_to.asked))
    _written(folder / "card.md", card.card(told, scores))
    _written(folder / "bench.json", dumped({**told, "scores": scores}) + "\n")
    if as_json:
        print(dumped({**told, "folder": str(folder), "scores": scores}))
        return
    from rich.console import Console

    from aipm_agents.report.papers.blocks import Grid, Row
    from aipm_agents.report.papers.terminal import paper

    console = Console(highlight=False)
    lines = [card.row(each) for each in scores if not each.part]
    for columns in (range(6), (0, *range(6, len(card.HEAD)))):
        rows = tuple(Row(tuple(line[k] for k in columns)) for line in lines)
        console.print(paper([Grid(tuple(card.HEAD[k] for k in columns), rows, figures=True)], console.width))
    print(folder / "card.md")


class _Player:
    """Who is tested, and in which seats."""

    def __init__(self, kind: str, which: str, means: models.Means) -> None:
        self.kind, self.which, self.means = kind, which, means
        self.boards: list[Switchboard] = []
        """Of the runs so far: one budget is for all."""

    @property
    def models(self) -> bool:
        return self.kind not in (REFERENCE, *_players()) and not of_others(self.kind)

    def seated(self, scenario: Scenario) -> AbstractContextManager[Table]:
        from aipm_agents.bench.players import under_test
        from aipm_agents.seats.embedded import Embedded

        roles = under_test(self.which, tuple(scenario.parties))
        if self.models:
            kinds = dict.fromkeys(scenario.parties, REFERENCE) | dict.fromkeys(roles, self.kind)
            most, spent = self.means.max_tokens, sum(each.budget.spent.tokens for each in self.boards)
            made = seating.seated(
                kinds, self.means._replace(max_tokens=None if most is None else max(1, most - spent))
            )
            self.boards += [made.board] if made.board else []
            return made
        seats: dict[Role, Any] = {role: Embedded() for role in scenario.parties}
        if self.kind in _players():
            seats |= {role: _players()[self.kind]() for role in roles}
        elif of_others(self.kind):
            seats |= {role: seated(self.kind, role) for role in roles}
        return nullcontext(_Seats(seats))

    def prompts(self, scenario: Scenario) -> str | None:
        if not self.models:
            return None
        from aipm_agents.seats.model.prompts import fingerprint

        return fingerprint(scenario.language, self.means.controls.variant if self.means.controls else "")


def _can_sit(kind: str, which: str) -> None:
    """Who cannot be tested is known before anything is played."""
    if kind == "human":
        raise UsageError(tr("-m human: a person is not asked the same thing a hundred times; see aipm play"))
    if of_others(kind):
        for role in ([] if which == "colleagues" else [PM]) + ([] if which == "pm" else ["colleague"]):
            seated(kind, role)


class _Seats(NamedTuple):
    players: Mapping[Role, Seat]
    board: None = None
    url: None = None


def _players() -> dict[str, Any]:
    from aipm_agents.bench.players import PLAYERS

    return dict(PLAYERS)


def _games(parts: list[str] | None, more: list[str] | None) -> tuple[Game, ...]:
    from aipm_agents.bench.suite import PARTS, suite
    from aipm_agents.scenario.library import locate

    if unknown := [each for each in parts or () if each not in PARTS]:
        raise UsageError(tr("--part {part}: there is {names}", part=unknown[0], names=", ".join(PARTS)))
    found = tuple(
        each for each in suite([locate(name) for name in more or ()]) if not parts or each.part in parts
    )
    if not found:
        raise UsageError(tr("--part imported: name a file with --game"))
    return found


def _range(text: str) -> range:
    from pydantic import ValidationError

    from aipm_agents.sweeps.plan import Sweep

    try:
        return Sweep(scenarios=("x",), seeds=text).range
    except ValidationError:
        raise UsageError(
            tr("--seeds {seeds}: write it 0:200 for the seeds 0 to 199, or 7 for one", seeds=text)
        ) from None


def _controls(options: Sequence[str]) -> Controls:
    from aipm_agents.seats.model.controls import controls, known, spelt

    asked: dict[str, str] = {}
    for option in options:
        key, _, text = option.partition("=")
        if known(key) is None:
            raise UsageError(
                tr("--control {option}: there is no such control; docs/models.md has them", option=option)
            )
        asked[key] = spelt(key, text, f"--control {key}")
    return controls(asked)


def _play(games: Sequence[Game], seeds: range, player: _Player, folder: Path, quiet: bool) -> list[Scored]:
    from aipm_agents.bench.play import played

    asked = dict(player.means.controls.asked) if player.models and player.means.controls else {}
    done = []
    for each in played(
        games, seeds, player.seated, folder / "runs" / f"{_plain(player.kind)}-{player.which}", controls=asked,
        prompts=player.prompts,
    ):  # fmt: skip
        done.append(each)
        if not quiet:
            told = tr(
                "{n} of {of}: {game}, seed {seed}: {decision}",
                n=len(done), of=len(games) * len(seeds), game=each.game.name, seed=each.case.seed, decision=each.case.decision,
            )  # fmt: skip
            print(told, file=sys.stderr)
    return done


def _scores(games: Sequence[Game], tested: Mapping[str, Sequence[Scored]]) -> list[Score]:
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


def _plain(kind: str) -> str:
    """A kind as part of a file's name."""
    return "".join(char if char.isalnum() else "-" for char in kind)


def _written(path: Path, text: str) -> None:
    from aipm_agents.cli import files

    path.parent.mkdir(parents=True, exist_ok=True)
    files.put(str(path), text)
