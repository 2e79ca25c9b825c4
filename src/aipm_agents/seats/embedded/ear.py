"""How the PM listens: what a colleague opens with, asks, votes, trades and answers, as inequalities between points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aipm_agents.seats.embedded.belief import BEST, Belief, Coordinates
from aipm_agents.seats.embedded.interests import insisted_share
from aipm_agents.table.events import Answered, Opened, Proposed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package
    from aipm_agents.seats.embedded.belief import Term
    from aipm_agents.table.events import Event
    from aipm_agents.table.moves import Ask, Position
    from aipm_agents.table.view import View


VOTE_NOISE, ORDER_NOISE, LIVEABLE_NOISE = 2.0, 0.5, 2.5
"""In points: how far what a colleague says may stray from what it is worth to it."""


@dataclass(frozen=True)
class Listening:
    """What has been learnt from the events up to some point."""

    heard: int
    beliefs: dict[Role, Belief]
    package: Package | None = None


class Ear:
    """Turns what was said into inequalities between points."""

    def __init__(self, view: View) -> None:
        self.view, self.space = view, view.space
        self.at = Coordinates(view.space)

    def hear(self, heard: Listening, event: Event) -> Listening:
        beliefs, package = heard.beliefs, heard.package
        if isinstance(event, Proposed):
            package = event.package
        elif isinstance(event, Opened):
            belief = self._asks(beliefs[event.role], event.move.asks, None, 1)
            beliefs = {**beliefs, event.role: belief}
        elif isinstance(event, Answered) and package is not None and event.fault is None:
            belief = self._position(beliefs[event.role], event.move, package, event.round)
            beliefs = {**beliefs, event.role: belief}
        return Listening(heard.heard + 1, beliefs, package)

    def _position(self, belief: Belief, move: Position, package: Package, number: int) -> Belief:
        belief = self._vote(belief, move, package, number)
        belief = self._asks(belief, move.asks, package, number)
        for reply in move.replies:
            if reply.prefers:
                belief = self._order(belief, reply.about, reply.prefers)
        if move.trade is not None:
            kept = {**package, **move.trade.give, **move.trade.get}
            belief = belief.learns(self._difference(kept, package), 0.0, VOTE_NOISE)
        return belief

    def _vote(self, belief: Belief, move: Position, package: Package, number: int) -> Belief:
        share = insisted_share("linear", number, self.view.scenario.rounds)
        worth = self.at.package(package)
        above = [*worth, (self.at.walk_away, -1.0)]
        accepted = [*worth, (self.at.walk_away, share - 1.0)]
        match move.vote:
            case "no" if move.red_line is None:
                return belief.learns(_negative(above), 0.0, VOTE_NOISE)
            case "yes_if":
                belief = belief.learns(above, 0.0, VOTE_NOISE)
                return belief.learns(_negative(accepted), -BEST * share, 4 * VOTE_NOISE)
            case "yes":
                return belief.learns(accepted, BEST * share, 4 * VOTE_NOISE)
            case _:
                return belief

    def _asks(self, belief: Belief, asks: tuple[Ask, ...], package: Package | None, number: int) -> Belief:
        share = insisted_share("linear", number, self.view.scenario.rounds)
        for ask in asks:
            belief = self._order(belief, ask.issue, ask.options)
            best = self.at.at[ask.issue, ask.options[0]]
            for option in self.space.options[ask.issue]:
                here = self.at.at[ask.issue, option]
                if here == best:
                    continue
                terms = [(here, 1.0), (best, -share)]
                signed = terms if option in ask.options else _negative(terms)
                belief = belief.learns(signed, 0.0, LIVEABLE_NOISE)
        for one, other in zip(asks, asks[1:], strict=False):
            belief = belief.learns(
                [*self._loss(one, package), *_negative(self._loss(other, package))], 0.0, ORDER_NOISE
            )
        return belief

    def _loss(self, ask: Ask, package: Package | None) -> list[Term]:
        """What granting an ask in full would be worth to whoever asks."""
        best = (self.at.at[ask.issue, ask.options[0]], 1.0)
        return [best] if package is None else [best, (self.at.at[ask.issue, package[ask.issue]], -1.0)]

    def _order(self, belief: Belief, issue: str, options: Iterable[str]) -> Belief:
        ranked = [self.at.at[issue, option] for option in options]
        for better, worse in zip(ranked, ranked[1:], strict=False):
            belief = belief.learns([(better, 1.0), (worse, -1.0)], 0.0, ORDER_NOISE)
        return belief

    def _difference(self, one: Package, other: Package) -> list[Term]:
        changed = [issue for issue in one if one[issue] != other[issue]]
        return [
            *((self.at.at[issue, one[issue]], 1.0) for issue in changed),
            *((self.at.at[issue, other[issue]], -1.0) for issue in changed),
        ]


def _negative(terms: Iterable[Term]) -> list[Term]:
    return [(coordinate, -factor) for coordinate, factor in terms]
