"""Who plays a role. One Protocol, five verbs; the graph cannot tell what sits behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from aipm_agents.table.moves import Opening, Position, Proposal, Signing, Words
    from aipm_agents.table.view import View


class Seat(Protocol):
    """A seat is handed its view and returns a move, or raises `SeatError`.

    The PM is asked to `frame`, `propose` and `sign`, a colleague to `open` and `answer`. A seat keeps
    no state of its own: the same view gets the same move, so a run resumes from its record alone.
    """

    kind: str
    """What plays here, as `--seat` spells it."""

    def frame(self, view: View) -> Words: ...
    def open(self, view: View) -> Opening: ...
    def propose(self, view: View) -> Proposal: ...
    def answer(self, view: View) -> Position: ...
    def sign(self, view: View) -> Signing: ...
