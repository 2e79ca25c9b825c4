"""Who plays, as Python says it: a kind by its name, an object, or a class of which one is made for each run."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.roles import PM
from aipm_agents.scenario.problems import did_you_mean
from aipm_agents.seats.agent import Agent, OnFault, taken
from aipm_agents.styles import NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.seats import Seat
    from aipm_agents.styles import StyleName

Player: TypeAlias = "str | Agent | type[Agent] | Seat"
"""`"embedded"`, `"openai:MODEL"` or `"openai:MODEL@URL"`, the name of an installed kind, an agent, a class of agents, or whatever has the verbs."""


def players(
    scenario: Scenario, seats: Mapping[Role, Player], *, style: StyleName | None, on_fault: OnFault
) -> dict[Role, Seat]:
    """Somebody in every seat; who is not named is embedded, and the embedded PM leads in this style. Raises
    `UsageError` for a role or a kind there is not, `TypeError` for an object that cannot sit there."""
    for role in seats:
        if role not in scenario.parties:
            hint = did_you_mean(role, scenario.parties)
            raise UsageError(
                tr("seats: {id} has no role {role!r}{hint}", id=scenario.id, role=role, hint=hint)
            )
    if style is not None and style not in NAMES:
        hint = did_you_mean(style, NAMES)
        raise UsageError(tr("pm_style {style!r}: there is no such style{hint}", style=style, hint=hint))
    if style is not None and not isinstance(seats.get(PM, "embedded"), str):
        raise UsageError(tr("pm_style: an object of yours plays the PM, and leads as it likes; leave it out"))
    return {
        role: _player(seats.get(role, "embedded"), role, style if role == PM else None, on_fault)
        for role in scenario.parties
    }


def _player(player: Player, role: Role, style: StyleName | None, on_fault: OnFault) -> Seat:
    if not isinstance(player, str):
        return taken(player, role, on_fault=on_fault)
    if player == "embedded":
        from aipm_agents.seats.embedded import Embedded

        return Embedded(style)
    if player.startswith("openai:"):
        from aipm_agents.api import models

        return models.seated(player, style=style)
    from aipm_agents.seats.kinds import seated

    return seated(player, role, on_fault=on_fault)


def kind_of(player: Player) -> str:
    """What the record calls it."""
    return player if isinstance(player, str) else player.kind
