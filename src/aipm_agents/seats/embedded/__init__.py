"""The embedded negotiator: plays any role with no key and no network, the same way for the same seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.seats.embedded import chair, colleague
from aipm_agents.seats.embedded.leaning import leaning
from aipm_agents.seats.embedded.mediator import Mediator

if TYPE_CHECKING:
    from aipm_agents.styles import StyleName
    from aipm_agents.table.moves import Opening, Position, Proposal, Signing, Words
    from aipm_agents.table.view import View


class Embedded:
    kind = "embedded"
    at_once = True

    def __init__(self, style: StyleName | None = None) -> None:
        """`style`: how it leads, where it is the PM."""
        self._mediator = Mediator(leaning(style))

    def frame(self, view: View) -> Words:
        return chair.framing(view, self._mediator.style)

    def open(self, view: View) -> Opening:
        return colleague.opening(view)

    def propose(self, view: View) -> Proposal:
        return chair.proposal(view, self._mediator)

    def answer(self, view: View) -> Position:
        return colleague.position(view)

    def sign(self, view: View) -> Signing:
        return chair.signing(view, self._mediator.style)
