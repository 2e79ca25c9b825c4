"""Who plays: the options that say so, and someone in every seat."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, NamedTuple, Self

import typer

from aipm_agents.cli import models
from aipm_agents.errors import EndpointError, UsageError
from aipm_agents.language import tr
from aipm_agents.roles import PM
from aipm_agents.scenario.problems import did_you_mean
from aipm_agents.seats import kinds as kinds_of_others

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.seats import Seat
    from aipm_agents.seats.model.budget import Budget
    from aipm_agents.seats.model.endpoint import Endpoint
    from aipm_agents.seats.model.local import Local
    from aipm_agents.seats.model.switchboard import Switchboard
    from aipm_agents.styles import StyleName

SeatOption = Annotated[
    list[str] | None,
    typer.Option(
        "--seat",
        help="Who plays a role, ROLE=KIND: embedded, human, openai:MODEL, openai:MODEL@URL, local, python:MODULE:CLASS; `aipm list seats` has more.",
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "-m", "--model", help="The model in every seat not given by --seat.", rich_help_panel=models.PANEL
    ),
]


class Seating(NamedTuple):
    players: dict[Role, Seat]
    board: Switchboard | None = None
    """Where calls go through; None where no model plays."""
    url: str | None = None
    """The run's own endpoint."""
    local: Local | None = None
    """The server of this run, which ends with it."""
    again: str = ""
    """The options to give once more when the run goes on."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.board is not None:
            self.board.close()

    @property
    def people(self) -> tuple[Role, ...]:
        """The roles that people play."""
        return tuple(role for role, player in self.players.items() if player.kind == "human")

    @property
    def costly(self) -> bool:
        """Whether an answer costs money or a person's time."""
        return any(player.kind != "embedded" for player in self.players.values())


def chosen(scenario: Scenario, options: list[str] | None, model: str | None) -> dict[Role, str]:
    """Role -> kind for every role, from `--seat` and `--model`."""
    everywhere = "embedded" if model is None else kind_of(model)
    return dict.fromkeys(scenario.parties, everywhere) | changed(scenario, options)


def kind_of(model: str) -> str:
    """What kind of seat `--model` means."""
    if not model.strip():
        raise UsageError(tr("--model names no model; for example -m gpt-5-mini, or -m local"))
    known = model in ("local", "embedded", "human") or model.startswith(("openai:", kinds_of_others.PYTHON))
    return model if known else f"openai:{model}"


def changed(scenario: Scenario, options: list[str] | None) -> dict[Role, str]:
    """Role -> kind for the roles that `--seat` names."""
    kinds: dict[Role, str] = {}
    for option in options or ():
        role, equals, kind = option.partition("=")
        if not equals or not role or not kind:
            raise UsageError(
                tr("--seat {option}: write it ROLE=KIND, as in --seat legal=openai:gpt-5-mini", option=option)
            )
        if role not in scenario.parties:
            hint = did_you_mean(role, scenario.parties)
            raise UsageError(tr("--seat {option}: no such role here{hint}", option=option, hint=hint))
        kinds[role] = kind
    return kinds


def seated(
    kinds: Mapping[Role, str],
    means: models.Means,
    *,
    style: StyleName | None = None,
    start: bool = True,
    mute: bool = False,
    budget: Budget | None = None,
) -> Seating:
    """Someone for every seat; the PM leads in this style. Models are looked for, so that a dead endpoint is
    known before anything is spent; with `start` false, nobody is started or asked. `mute`: embedded seats say nothing.
    `budget`: what several tables may spend together, in the place of one of its own."""
    modelled = {role: kind for role, kind in kinds.items() if takes_for_model(kind)}
    players = {
        role: _player(kind, role, style if role == PM else None, mute)
        for role, kind in kinds.items()
        if role not in modelled
    }
    if not modelled:
        _no_use_for(means)
        return Seating(players, again=_named_again(kinds))
    return _with_models(kinds, modelled, players, means, style, start, budget)


def takes_for_model(kind: str) -> bool:
    """Whether a kind is a model's, or at any rate nobody else's."""
    if kind in ("embedded", "human"):
        return False
    return kind == "local" or kind.startswith("openai:") or not kinds_of_others.of_others(kind)


def _player(kind: str, role: Role, style: StyleName | None, mute: bool) -> Seat:
    """Somebody who needs no model of ours."""
    if kind == "human":
        from aipm_agents.graph import person

        return person()
    if kind != "embedded":
        return kinds_of_others.seated(kind, role)
    from aipm_agents.seats.embedded import Embedded

    return Embedded(style, mute=mute)


def _with_models(
    kinds: Mapping[Role, str],
    modelled: Mapping[Role, str],
    others: Mapping[Role, Seat],
    means: models.Means,
    style: StyleName | None,
    start: bool,
    budget: Budget | None,
) -> Seating:
    from pathlib import Path

    from aipm_agents import keyring
    from aipm_agents.seats.model import ANSWER_TOKENS, Model, local
    from aipm_agents.seats.model.address import Address, address
    from aipm_agents.seats.model.budget import Budget
    from aipm_agents.seats.model.cassette import Cassette
    from aipm_agents.seats.model.checkup import reach
    from aipm_agents.seats.model.controls import Controls
    from aipm_agents.seats.model.switchboard import Switchboard

    if means.offline and means.cassette is None:
        raise UsageError(tr("--offline plays back a cassette; name its folder with --cassette"))
    given = keyring.mine().home(means.base_url)
    if given and means.file:
        given = given._replace(file=means.file)
    main = given.url if given else means.recorded_url or keyring.OPENAI
    where: dict[Role, Address] = {}
    for role, kind in modelled.items():
        found = (
            Address(local.KIND, local.KIND) if kind == local.KIND else address(kind, main, f"--seat {role}")
        )
        if found is None:
            known = [
                "embedded", "human", "openai:MODEL", "openai:MODEL@URL", "local", kinds_of_others.WRITTEN,
                *kinds_of_others.names(),
            ]  # fmt: skip
            hint = (
                tr("; did you mean openai:{name}?", name=kind.rpartition(":")[2]) if "/" not in kind else ""
            )
            raise UsageError(
                tr(
                    "--seat {role}={kind}: no such kind of seat; there are {names}{hint}",
                    role=role,
                    kind=kind,
                    names=tr(", ").join(known),
                    hint=hint,
                )
            )
        where[role] = found
    server = None
    if start and not means.offline and any(kind == local.KIND for kind in modelled.values()):
        server = local.Local()
        where = {role: server.address if kinds[role] == local.KIND else at for role, at in where.items()}
    cassette = Cassette(Path(means.cassette), offline=means.offline) if means.cassette and start else None
    board = Switchboard(
        given or keyring.Home(),
        budget or Budget(means.max_calls, means.max_tokens),
        timeout=means.timeout,
        cassette=cassette,
    )
    players: dict[Role, Seat] = {}
    for role, kind in kinds.items():
        if role not in modelled:
            players[role] = others[role]
            continue
        default = local.ANSWER_TOKENS if kind == local.KIND else ANSWER_TOKENS
        players[role] = Model(
            kind, board.line(where[role], named="@http" in kind), answer_tokens=means.answer_tokens or default,
            style=style if role == PM else None, keep_weighing=means.keep_weighing,
            how=means.controls or Controls(), keep_requests=means.keep_requests,
        )  # fmt: skip
    seating = Seating(
        players,
        board,
        main,
        server,
        _again(
            kinds,
            means,
            (at.url for role, at in where.items() if kinds[role] != local.KIND and at.url != main),
        ),
    )
    if start and not means.offline:
        if not means.file:  # which a task of a sweep brings along, and then it is said already
            _say_origin(board.endpoints.values())
        try:
            for endpoint in board.endpoints.values():
                reach(endpoint)
        except EndpointError:
            board.close()
            raise
    return seating


def _say_origin(endpoints: Iterable[Endpoint]) -> None:
    """Where a file of the working folder names an address: which, and what it gets."""
    from aipm_agents.keyring import origin
    from aipm_agents.report.papers.plain_text import clean

    for told in dict.fromkeys(origin(each.address.url, each.home, each.key) for each in endpoints):
        if told:
            print(clean(f"aipm: {told}"), file=sys.stderr)


def _named_again(kinds: Mapping[Role, str]) -> str:
    """Code is run because somebody names it, and not because a record does."""
    from shlex import quote

    named = {role: kind for role, kind in kinds.items() if kind.startswith(kinds_of_others.PYTHON)}
    return "".join(f" --seat {quote(f'{role}={kind}')}" for role, kind in named.items())


def _again(kinds: Mapping[Role, str], means: models.Means, elsewhere: Iterable[str]) -> str:
    """`elsewhere`: addresses that the transcript will name."""
    from shlex import quote

    options = _named_again(kinds)
    options += f" --base-url {quote(means.base_url)}" if means.base_url else ""
    for url in dict.fromkeys((*means.allowed, *elsewhere)):
        options += f" --allow-address {quote(url)}"
    options += f" --cassette {quote(means.cassette)}" if means.cassette else ""
    options += " --keep-weighing" if means.keep_weighing else ""
    options += " --keep-requests" if means.keep_requests else ""
    return options + (" --offline" if means.offline else "")


def _option_of(key: str) -> str:
    return f"--{key.partition('.')[0].replace('_', '-')}"


def _no_use_for(means: models.Means) -> None:
    given = {
        "--cassette": means.cassette, "--offline": means.offline, "--base-url": means.base_url,
        "--max-calls": means.max_calls, "--max-tokens": means.max_tokens, "--answer-tokens": means.answer_tokens,
        "--keep-weighing": means.keep_weighing, "--keep-requests": means.keep_requests,
        **{_option_of(key): True for key, _ in (means.controls.asked if means.controls else ())},
    }  # fmt: skip
    if idle := [name for name, value in given.items() if value]:
        raise UsageError(
            tr(
                "{names}: for language models, and none plays here; add -m MODEL or --seat ROLE=openai:MODEL",
                names=tr(", ").join(idle),
            )
        )
