"""The embedded negotiator: plays any role with no key and no network, the same way for the same seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.seats.embedded import chair, colleague, purpose
from aipm_agents.seats.embedded.leaning import leaning
from aipm_agents.seats.embedded.mediator import Mediator
from aipm_agents.seats.embedded.voice import wordless

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from aipm_agents.styles import StyleName
    from aipm_agents.table.moves import Opening, Position, Proposal, Signing, Words
    from aipm_agents.table.view import View


class Embedded:
    kind = "embedded"
    at_once = True

    def __init__(self, style: StyleName | None = None, *, mute: bool = False) -> None:
        """`style`: how it leads, where it is the PM. `mute`: it makes its moves, and says nothing; where a
        word means two things it speaks all the same, for what is asked depends on what was said."""
        self._mediator, self._mute = Mediator(leaning(style)), mute

    def _wordless(self, view: View) -> AbstractContextManager[None]:
        return wordless(self._mute and "terms" not in view.extras)

    def frame(self, view: View) -> Words:
        with self._wordless(view):
            return purpose.framing(view, self._mediator.style)

    def open(self, view: View) -> Opening:
        with self._wordless(view):
            return colleague.opening(view)

    def propose(self, view: View) -> Proposal:
        with self._wordless(view):
            return chair.proposal(view, self._mediator)

    def answer(self, view: View) -> Position:
        with self._wordless(view):
            return colleague.position(view)

    def sign(self, view: View) -> Signing:
        with self._wordless(view):
            return purpose.signing(view, self._mediator.style)
