"""Whether a table has fallen silent: nobody at it gives a usable answer any more. Then nothing was decided, and
whoever goes on with the run asks those rounds again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.table.events import Answered, Decided, Framed, Opened, Proposed, Seated, Signed, Stopped

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


def before_silence(events: Sequence[Event]) -> tuple[Event, ...]:
    """The record without its last rounds, if nothing but faults came in them: they are asked again. What they
    used is told where the run was stopped."""
    voices = [e.round for e in events if isinstance(e, Framed | _MOVES) and e.fault is None]
    last = max(voices, default=-1)
    void = [e for e in events if e.round > last and not isinstance(e, Seated | Stopped)]
    if not any(isinstance(event, Framed | _MOVES) for event in void):
        return tuple(events)
    kept = [
        event.model_copy(update={"round": min(event.round, max(last, 0))})
        for event in events
        if event not in void
    ]
    stops = [number for number, event in enumerate(kept) if isinstance(event, Stopped)]
    if stops:
        kept[stops[-1]] = _with(kept[stops[-1]], void)
    return tuple(kept)


_MOVES = Opened | Proposed | Answered | Signed


def _with(stop: Event, void: Sequence[Event]) -> Event:
    """A stop, with what was used in vain before it."""
    told = [event.volatile["usage"] for event in void if "usage" in event.volatile]
    before = stop.volatile.get("unfinished", {"calls": 0, "tokens": 0})
    lost = {
        "calls": before["calls"] + sum(one["calls"] for one in told),
        "tokens": before["tokens"] + sum(one["prompt"] + one["completion"] for one in told),
    }
    return stop.model_copy(update={"volatile": {**stop.volatile, "unfinished": lost}}) if told else stop
