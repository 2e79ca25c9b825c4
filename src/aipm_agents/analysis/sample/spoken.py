"""How the seats of a scenario will sound: lines of one meeting among embedded seats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.analysis.run.aloud import spoken
from aipm_agents.negotiation import negotiate
from aipm_agents.seats.embedded import Embedded

if TYPE_CHECKING:
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario


def spoken_lines(scenario: Scenario, *, seed: int = 0, most: int = 3) -> dict[Role, tuple[str, ...]]:
    """Role -> the first lines it says, each turn once."""
    lines: dict[Role, list[str]] = {role: [] for role in scenario.parties}
    for event in negotiate(scenario, {role: Embedded() for role in scenario.parties}, seed=seed):
        said = spoken(event) if event.role in lines else ""
        if said and len(lines[event.role]) < most:
            lines[event.role].append(said)
    return {role: tuple(each) for role, each in lines.items() if each}
