"""A negotiation game as the testbeds of the field describe one: issues, who scores them how, and who must agree.

It becomes a scenario without criteria and without facts: the checkpoints have nothing to ask but whether the table
agrees, and nothing is made up that the game does not say.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from math import prod
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.roles import PM
from aipm_agents.scenario.checks import MAX_PACKAGES
from aipm_agents.scenario.problems import dotted
from aipm_agents.scenario.reader import revised

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.scenario.party import Concession

Source = Literal["scorable", "textarena", "genius", "negmas"]

TEXT = 4000
"""Letters that a text of a scenario may have."""
ROUNDS = 8
"""Where a game says nothing of how many there are, or counts time from 0 to 1."""
_PLACES = Decimal("0.000001")


class GameIssue(NamedTuple):
    id: str
    name: str
    options: dict[str, str]
    """Option id -> what it is called."""


class Player(NamedTuple):
    role: Role
    title: str
    points: dict[str, dict[str, Decimal]]
    """Issue -> option -> points, of a hundred."""
    walk_away: Decimal
    private: str = ""
    concession: Concession | None = None
    discount: Decimal = Decimal(1)
    """What is left each round of what a deal gives above the walk-away."""
    bonuses: tuple[tuple[dict[str, list[str]], Decimal], ...] = ()
    """(issue -> options, points that a deal with them has beside those of its options)."""


class Note(NamedTuple):
    """Something of the game, and what became of it here."""

    what: str
    became: str
    """Where it went; or, of what is lost, why, and what to do about it."""


class Game(NamedTuple):
    id: str
    title: str
    background: str
    issues: tuple[GameIssue, ...]
    players: tuple[Player, ...]
    accept_at_least: int
    veto: tuple[Role, ...]
    mapped: tuple[Note, ...]
    lost: tuple[Note, ...]
    opening: dict[str, str] | None = None
    """The package the game begins with."""


def scenario_data(game: Game) -> dict[str, Any]:
    """The game as plain data of the scenario format."""
    data: dict[str, Any] = {
        "format": 1, "id": game.id, "title": game.title,
        "question": "Which deal do we sign?",
    }  # fmt: skip
    if game.background:
        data["background"] = game.background
    data["issues"] = [
        {
            "id": issue.id, "question": _question(issue.name),
            "options": [{"id": option, "label": label} for option, label in issue.options.items()],
        }
        for issue in game.issues
    ]  # fmt: skip
    data["parties"] = {player.role: _party(player) for player in game.players}
    data["agreement"] = {"accept_at_least": game.accept_at_least} | (
        {"veto": list(game.veto)} if game.veto else {}
    )
    if game.opening:
        data["opening_package"] = game.opening
    data["rounds"] = ROUNDS
    return data


def made(game: Game, path: object) -> Scenario:
    """The scenario of a game. Raises `UsageError` where it does not fit the format."""
    countable(prod(len(issue.options) for issue in game.issues), path)
    scenario, problems = revised(_exact(scenario_data(game)))
    if scenario is None:
        told = "; ".join(f"{dotted(each.path)}: {each.message}" for each in problems[:3])
        raise UsageError(tr("{path}: what it says makes no valid scenario: {told}", path=path, told=told))
    return scenario


def countable(count: int, path: object) -> None:
    """Raises `UsageError` for more packages than can be held."""
    if count > MAX_PACKAGES:
        raise UsageError(
            tr("{path}: these issues make {count:,} packages, and at most {most:,} can be held; leave some issues or values out",
               path=path, count=count, most=MAX_PACKAGES)
        )  # fmt: skip


def _party(player: Player) -> dict[str, Any]:
    """Nothing is said of what it wants: in these games that is private, and a study of disclosure would be spoilt."""
    party: dict[str, Any] = {
        "title": player.title, "duty": f"What a deal means for {player.title}.", "wants": "A deal I can sign.",
    }  # fmt: skip
    if player.private:
        party["private"] = player.private
    party |= {
        "points": {issue: {o: _plain(n) for o, n in row.items()} for issue, row in player.points.items()},
        "walk_away": _plain(player.walk_away),
    }
    if player.bonuses:
        party["bonuses"] = [{"when": when, "points": _plain(n)} for when, n in player.bonuses]
    if player.discount != 1:
        party["discount"] = _plain(player.discount)
    if player.concession:
        party["temperament"] = {"concession": player.concession}
    return party


def hundred(rows: dict[str, dict[str, Decimal]]) -> dict[str, dict[str, Decimal]]:
    """Utilities of at most 1 as points of at most 100, to six places. Where the best package is worth 1 but for what
    was rounded, the rest goes to the best options of the issue that weighs most, so that it is worth 100."""
    points = {
        issue: {option: (100 * value).quantize(_PLACES) for option, value in row.items()}
        for issue, row in rows.items()
    }
    rest = 100 - sum((max(row.values()) for row in points.values()), Decimal(0))
    if points and rest and abs(rest) <= Decimal("0.0001"):
        heaviest = max(points.values(), key=lambda row: max(row.values()))
        best = max(heaviest.values())
        for option in [option for option, value in heaviest.items() if value == best]:
            heaviest[option] += rest
    return points


def slug(text: str, taken: Collection[str] = (), instead: str = "x") -> str:
    """An id made of a name: small letters, digits and hyphens, and no other's."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-") or instead
    number, name = 1, made
    while name in taken:
        number += 1
        name = f"{made}-{number}"
    return name


def inside(folder: Path, *names: str) -> Path:
    """A file that the files of a game name. Raises `UsageError` for one that lies outside of its folder: whoever made the
    game has no say in what of this machine goes into a scenario."""
    path = folder.joinpath(*names)
    if not path.resolve().is_relative_to(folder.resolve()):
        raise UsageError(
            tr("{path}: a file of the game names it, and it lies outside of its folder", path=path)
        )
    return path


def role_id(name: str, taken: Collection[Role]) -> Role:
    return slug(name, {*taken, PM, "public", "facilitator"}, "party")


def _question(name: str) -> str:
    return name if name.endswith("?") else f"{name}?"


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def _exact(value: Any) -> Any:
    """Numbers as a file that is read has them."""
    match value:
        case dict():
            return {key: _exact(each) for key, each in value.items()}
        case list():
            return [_exact(each) for each in value]
        case float():
            return Decimal(repr(value))
    return value
