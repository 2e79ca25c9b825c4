"""From what a seat does to what the record holds: whose move it is, and when. A seat never says either."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

from aipm_agents.table.events import Answered, Framed, Opened, Proposed, Signed
from aipm_agents.table.moves import ABSTENTIONS, Opening, Position, Proposal, Signing, Words

if TYPE_CHECKING:
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package
    from aipm_agents.table.moves import Move, Verb

Turn = Framed | Opened | Proposed | Answered | Signed


def stamped(move: Move, role: Role, number: int, **kept: Any) -> Turn:
    """A move as an event: by whom, and when. `kept`: what the event keeps beside the move. Raises pydantic's
    `ValidationError` for a move that was made past the rules of its own form."""
    match move:
        case Words():
            return Framed(round=number, role=role, move=move, **kept)
        case Opening():
            return Opened(round=number, role=role, move=move, **kept)
        case Proposal():
            return Proposed(round=number, role=role, package=move.package, move=move, **kept)
        case Position():
            return Answered(round=number, role=role, move=move, **kept)
        case Signing():
            return Signed(round=number, role=role, move=move, **kept)
    assert_never(move)


def abstained(verb: Verb, role: Role, number: int, last: Package | None, **kept: Any) -> Turn:
    """What the record holds where no usable move came. `last`: the package tabled last; where the PM fails,
    it lies on the table again."""
    move = ABSTENTIONS[verb]
    if move is None:
        return Proposed(round=number, role=role, package=last, move=None, **kept)
    return stamped(move, role, number, **kept)
