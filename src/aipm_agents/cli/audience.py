"""Who is looking: the option `--as` of commands that read a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aipm_agents.errors import UsageError
from aipm_agents.scenario.problems import did_you_mean

if TYPE_CHECKING:
    from aipm_agents.scenario.model import Scenario

AsOption = Annotated[str, typer.Option("--as", help="public, a role, or facilitator.")]


def named(audience: str, scenario: Scenario) -> str:
    """The audience, if there is such a one; raise `UsageError` otherwise."""
    from aipm_agents.table.view import FACILITATOR, PUBLIC

    audiences = [PUBLIC, FACILITATOR, *scenario.parties]
    if audience not in audiences:
        raise UsageError(f"--as {audience}: no such audience{did_you_mean(audience, audiences)}")
    return audience
