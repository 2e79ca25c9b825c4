"""Who plays a role. One Protocol, five verbs; the graph cannot tell what sits behind it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from aipm_agents.table.events import Dropped
    from aipm_agents.table.moves import Opening, Position, Proposal, Signing, Verb, Words
    from aipm_agents.table.view import View

M = TypeVar("M")


class Noted(NamedTuple, Generic[M]):
    """A move, with what is worth keeping about how it was made."""

    move: M
    withheld: int = 0
    """How many runs of words of its own briefing were taken out of what it says."""
    volatile: dict[str, Any] = {}
    dropped: tuple[Dropped, ...] = ()
    """What could not be used of the answer, beside a core that can."""


class Seat(Protocol):
    """A seat is handed its view and returns a move, or raises `SeatError`.

    The PM is asked to `frame`, `propose` and `sign`, a colleague to `open` and `answer`. A seat keeps
    no state of its own that a move depends on: a run resumes from its record alone.
    """

    kind: str
    """What plays here, as `--seat` spells it."""

    def frame(self, view: View) -> Words | Noted[Words]: ...
    def open(self, view: View) -> Opening | Noted[Opening]: ...
    def propose(self, view: View) -> Proposal | Noted[Proposal]: ...
    def answer(self, view: View) -> Position | Noted[Position]: ...
    def sign(self, view: View) -> Signing | Noted[Signing]: ...


def answers_at_once(seat: Seat) -> bool:
    """Whether a seat answers from its view alone, with no model and nobody to wait for; one that does says so by
    `at_once`."""
    return getattr(seat, "at_once", False) is True


class AskedAlike(ABC):
    """A seat that is asked for every verb in the same way."""

    def frame(self, view: View) -> Any:
        return self._turn(view, "frame")

    def open(self, view: View) -> Any:
        return self._turn(view, "open")

    def propose(self, view: View) -> Any:
        return self._turn(view, "propose")

    def answer(self, view: View) -> Any:
        return self._turn(view, "answer")

    def sign(self, view: View) -> Any:
        return self._turn(view, "sign")

    @abstractmethod
    def _turn(self, view: View, verb: Verb) -> Any: ...
