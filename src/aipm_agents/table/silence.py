"""Whether a table has fallen silent: nobody at it gives a usable answer any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.table.events import Answered, Decided, Framed, Opened, Proposed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Event


def nobody_spoke(scenario: Scenario, events: Sequence[Event]) -> bool:
    """Whether the last two rounds, the opening counted as one, have ended with nothing but faults."""
    number = events[-1].round
    return (
        number > 0
        and not any(isinstance(event, Decided) for event in events)
        and all(_silent(scenario, events, each) for each in (number - 1, number))
    )


def _silent(scenario: Scenario, events: Sequence[Event], number: int) -> bool:
    moves = [e for e in events if e.round == number and isinstance(e, Framed | Opened | Proposed | Answered)]
    void = any(isinstance(event, Proposed) and event.package is None for event in moves)
    ended = void or len(moves) == len(scenario.parties)
    return ended and all(event.fault is not None for event in moves)
