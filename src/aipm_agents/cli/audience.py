"""Who is looking: the options `--as` and `--spoil` of commands that read a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.scenario.problems import did_you_mean

if TYPE_CHECKING:
    from aipm_agents.transcript import Transcript

AsOption = Annotated[str, typer.Option("--as", help="public, a role, or facilitator.")]
SpoilOption = Annotated[
    bool, typer.Option("--spoil", help="Open cards although people are still playing this run.")
]


def named(audience: str, run: Transcript, spoil: bool) -> str:
    """The audience, if there is such a one and it may look now; raise `UsageError` otherwise."""
    from aipm_agents.table.audience import FACILITATOR, PUBLIC

    audiences = [PUBLIC, FACILITATOR, *run.scenario.parties]
    if audience not in audiences:
        raise UsageError(
            tr(
                "--as {audience}: no such audience{hint}",
                audience=audience,
                hint=did_you_mean(audience, audiences),
            )
        )
    if audience != PUBLIC:
        opened(run, spoil, f"--as {audience}")
    return audience


def opened(run: Transcript, spoil: bool, what: str) -> None:
    """Raise `UsageError` where people still play, and `what` would open their cards."""
    if run.decision is None and "human" in run.seats.values() and not spoil:
        from aipm_agents.cli.runs import handle

        raise UsageError(
            tr(
                "{what}: {run} is played by people and not decided yet, and this opens confidential cards. Name another run, such as latest~1; play this one to its end (aipm resume {run}); or add --spoil if you may see them",
                what=what,
                run=handle(run.path, run.header) if run.path else run.header.run_id,
            )
        )
