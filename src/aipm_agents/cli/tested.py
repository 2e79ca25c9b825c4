"""Who is tested by the benchmark: a player in its seats through all its runs, embedded seats in the others."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aipm_agents.cli import seating
from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.roles import PM
from aipm_agents.scenario.problems import did_you_mean
from aipm_agents.seats.kinds import is_model, of_others, seated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from aipm_agents.bench.suite import BenchGame
    from aipm_agents.cli.models import Means
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.seats import Seat
    from aipm_agents.seats.model.budget import Budget
    from aipm_agents.seats.model.controls import Controls
    from aipm_agents.seats.model.switchboard import Switchboard

REFERENCE = "embedded"


class Tested:
    """One server, one board and replies of its own, from the first run that has to be played to the last; what may be
    spent is everybody's together."""

    def __init__(self, kind: str, which: str, means: Means, replies: Path, budget: Budget) -> None:
        self.kind, self.which, self.means, self.budget = kind, which, means, budget
        self.url = main_address(means.base_url) if is_model(kind) else None
        self.name = folder_name(f"{kind}-{which}", self.url, means.answer_tokens)
        """Of its folders: no other player's, nor its own at another address."""
        self._means = means._replace(cassette=str(replies / self.name))
        self._table: seating.Seating | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.board is not None:
            self.board.close()
        self._table = None

    @property
    def board(self) -> Switchboard | None:
        return self._table.board if self._table else None

    def roles(self, scenario: Scenario) -> tuple[Role, ...]:
        from aipm_agents.bench.players import under_test

        return under_test(self.which, tuple(scenario.parties))

    def kinds(self, scenario: Scenario) -> dict[Role, str]:
        return dict.fromkeys(scenario.parties, REFERENCE) | dict.fromkeys(self.roles(scenario), self.kind)

    def players(self, scenario: Scenario) -> dict[Role, Seat]:
        from aipm_agents.bench.players import PLAYERS
        from aipm_agents.seats.embedded import Embedded

        seats: dict[Role, Any] = {role: Embedded() for role in scenario.parties}
        if self.kind in PLAYERS:
            return seats | {role: PLAYERS[self.kind]() for role in self.roles(scenario)}
        if of_others(self.kind):
            return seats | {role: seated(self.kind, role) for role in self.roles(scenario)}
        if self.kind == REFERENCE:
            return seats
        if self._table is None:  # a seat of a model keeps nothing: one plays every role of every run
            self._table = seating.seated({PM: self.kind}, self._means, budget=self.budget)
        return seats | dict.fromkeys(self.roles(scenario), self._table.players[PM])

    def prompts(self, scenario: Scenario) -> str | None:
        if self.url is None:
            return None
        from aipm_agents.seats.model.prompts import fingerprint

        return fingerprint(scenario.language, self.means.controls.variant if self.means.controls else "")

    def controls(self, scenario: Scenario) -> dict[str, str]:
        """Those of roles that are not tested here left out."""
        if self.url is None or self.means.controls is None:
            return {}
        none, asked = {f"incentive.{role}" for role in self.roles(scenario)}, self.means.controls.asked
        return {key: text for key, text in asked if not key.startswith("incentive.") or key in none}


def player_kind(name: str) -> str:
    from aipm_agents.bench.players import PLAYERS

    return name if name in PLAYERS or of_others(name) else seating.kind_of(name)


def can_sit(kind: str, which: str) -> None:
    """Who cannot be tested is known before anything is played. Raises `UsageError`."""
    if kind == "human":
        raise UsageError(tr("-m human: a person is not asked the same thing a hundred times; see aipm play"))
    if of_others(kind):
        for role in ([] if which == "colleagues" else [PM]) + ([] if which == "pm" else ["colleague"]):
            seated(kind, role)


def main_address(base_url: str | None) -> str:
    """Where models are whose kind names no address."""
    from aipm_agents import keyring

    given = keyring.mine().home(base_url)
    return given.url if given else keyring.OPENAI


def folder_name(name: str, *told: object) -> str:
    """As part of a file's name; a few letters of a digest keep two apart that differ in other signs, or in `told`."""
    plain = "".join(char if char.isalnum() else "-" for char in name)[:80]
    if plain == name and not any(told):
        return plain
    return f"{plain}-{hashlib.sha256(repr((name, *told)).encode()).hexdigest()[:8]}"


def controls(
    options: Sequence[str], kinds: Sequence[str], which: str, games: Sequence[BenchGame]
) -> Controls:
    """What models are set to, spelt. Raises `UsageError` for what would do nothing."""
    from aipm_agents.bench.players import under_test
    from aipm_agents.seats.model.controls import controls, known, spelt

    models = [kind for kind in kinds if is_model(kind)]
    roles = {role for game in games for role in under_test(which, tuple(game.scenario.parties)) if models}
    asked: dict[str, str] = {}
    for option in options:
        key, _, text = option.partition("=")
        if known(key) is None:
            raise UsageError(
                tr("--control {option}: there is no such control; docs/models.md has them", option=option)
            )
        stem, _, role = key.partition(".")
        if role and role != "*" and role not in roles:
            hint = did_you_mean(role, roles)
            raise UsageError(
                tr("--control {option}: no model plays {role}{hint}", option=option, role=role, hint=hint)
            )
        keys = [f"{stem}.{each}" for each in sorted(roles)] if role == "*" else [key]
        asked |= dict.fromkeys(keys, spelt(key, text, f"--control {key}"))
    return controls(asked)


def need_a_model(kinds: Sequence[str], options: Mapping[str, object]) -> None:
    """Raises `UsageError` for options of models where none plays."""
    given = [name for name, value in options.items() if value]
    if given and not any(map(is_model, kinds)):
        names = tr(", ").join(given)
        raise UsageError(tr("{names}: for language models, and none plays here; add -m MODEL", names=names))
