"""What if: a new run that shares another's record up to a round, byte for byte, and goes its own way from there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.table.events import Decided

if TYPE_CHECKING:
    from aipm_agents.table.events import Event
    from aipm_agents.transcript.record import Transcript


class Prefix(NamedTuple):
    events: tuple[Event, ...]
    lines: bytes
    """The same as they stand in the file."""


def prefix(run: Transcript, number: int) -> Prefix:
    """What a run has before a round (0: before anyone has spoken); raise `UsageError` for a round it has not."""
    assert run.path is not None
    last = max((event.round for event in run.events if not isinstance(event, Decided)), default=0)
    if not 0 <= number <= last:
        raise UsageError(
            tr("--from {number}: this run has the rounds 0 (the opening) to {last}", number=number, last=last)
        )
    kept = next((k for k, event in enumerate(run.events) if event.round >= number), len(run.events))
    lines = run.path.read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)
    return Prefix(run.events[:kept], b"".join(lines[1 : 1 + kept]))
