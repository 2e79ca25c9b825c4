"""A seat that plays a fixed script, for tests and demonstrations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.errors import SeatError
from aipm_agents.table.moves import Opening, Position, Proposal, Signing, Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aipm_agents.scenario.model import Package
    from aipm_agents.table.view import View


class Scripted:
    """Plays the move listed for each round; the last one again when the list is at its end.

    Without a script for a verb, it frames and opens in silence and signs what it is given; asked to
    propose or to answer with nothing to play, it raises `SeatError`, which is an abstention.
    """

    kind = "scripted"
    at_once = True

    def __init__(
        self, *,
        packages: Sequence[Package | Proposal] = (), positions: Sequence[Position | str] = (),
        opening: Opening | None = None, signings: Mapping[int, Signing] | None = None,
    ) -> None:  # fmt: skip
        self.packages = tuple(packages)
        self.positions = tuple(positions)
        self.opening = opening or Opening()
        self.signings = dict(signings or {})

    def frame(self, view: View) -> Words:
        return Words()

    def open(self, view: View) -> Opening:
        return self.opening

    def propose(self, view: View) -> Proposal:
        if not self.packages:
            raise SeatError("no_reply", "the script holds no package")
        move = self.packages[min(view.round, len(self.packages)) - 1]
        return move if isinstance(move, Proposal) else Proposal(package=move)

    def answer(self, view: View) -> Position:
        if not self.positions:
            raise SeatError("no_reply", "the script holds no position")
        move = self.positions[min(view.round, len(self.positions)) - 1]
        return move if isinstance(move, Position) else Position.model_validate({"vote": move})

    def sign(self, view: View) -> Signing:
        return self.signings.get(view.round, Signing(signs=True))
