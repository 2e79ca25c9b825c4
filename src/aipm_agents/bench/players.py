"""Players that nobody would hire: the rows a score is read beside."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_agents.errors import SeatError
from aipm_agents.roles import PM
from aipm_agents.seats import AskedAlike
from aipm_agents.seats.embedded.reach import Reach
from aipm_agents.table.moves import Ask, Opening, Position, Proposal, Signing, Words

if TYPE_CHECKING:
    from aipm_agents.table.moves import Move, Verb
    from aipm_agents.table.view import View


SILENT = "silent"


class _Player(AskedAlike):
    kind = ""
    at_once = True

    def _turn(self, view: View, verb: Verb) -> Any:
        return getattr(self, f"_{verb}")(view)

    def _frame(self, view: View) -> Move:
        return Words()


class Random(_Player):
    """Any lawful move, by seed, role and round: a package, a vote, the facts it holds or not."""

    kind = "random"

    def _open(self, view: View) -> Move:
        dice = _dice(view)
        return Opening(tables=tuple(fact for fact in view.untabled if dice.random() < 0.5))

    def _propose(self, view: View) -> Move:
        code = _dice(view).choice(np.flatnonzero(view.space.existing))
        return Proposal(package=view.given or view.space.package(int(code)))

    def _answer(self, view: View) -> Move:
        dice, lawful = _dice(view), view.lawful()
        tables = tuple(fact for fact in view.untabled if dice.random() < 0.5)
        if lawful.red_lines:
            return Position(vote="no", red_line=lawful.red_lines[0], tables=tables)
        package = view.package
        assert package is not None
        other = [
            Ask(issue=issue, options=(option,)) for issue, options in view.space.options.items()
            for option in options if option != package[issue] and (issue, option) not in view.secret
        ]  # fmt: skip
        votes = ["yes", *(["yes_if"] if other else []), *([] if lawful.must_say_why else ["no"])]
        vote = dice.choice(votes)
        return Position.model_validate(
            {"vote": vote, "asks": [dice.choice(other)] if vote == "yes_if" else [], "tables": tables}
        )

    def _sign(self, view: View) -> Move:
        dice, held = _dice(view), view.lawful().holds
        if held and dice.random() < 0.5:
            return Signing(signs=False, criterion=dice.choice(list(held)), reason="by chance")
        return Signing(signs=True)


def _dice(view: View) -> random.Random:
    return random.Random(f"{view.seed} {view.role} {view.round} {len(view.events)}")


class Yes(_Player):
    """Says yes to whatever is there, tells nothing, signs everything; as the PM it tables what the others asked for, or the
    nearest package to that where not all of it is to be had together."""

    kind = "always-yes"

    def _open(self, view: View) -> Move:
        return Opening()

    def _propose(self, view: View) -> Move:
        wished = {
            ask.issue: ask.options[0] for asks in view.asks().values() for ask in reversed(asks)
            if ask.options[0] in view.space.options[ask.issue]
        }  # fmt: skip
        package = {issue: next(iter(options)) for issue, options in view.space.options.items()} | wished
        there = view.space.existing
        return Proposal(package=view.given or Reach(view.space, there, ~there, view.points).nearest(package))

    def _answer(self, view: View) -> Move:
        lawful = view.lawful()
        if lawful.red_lines:  # a yes across its own red line is none
            return Position(vote="no", red_line=lawful.red_lines[0])
        return Position(vote="yes")

    def _sign(self, view: View) -> Move:
        return Signing(signs=True)


class Silent(_Player):
    """Never gives a usable answer."""

    kind = SILENT

    def _turn(self, view: View, verb: Verb) -> Any:
        raise SeatError("no_reply", "it says nothing")


PLAYERS = {each.kind: each for each in (Random, Yes, Silent)}
SEATS = ("pm", "colleagues", "all")
"""Whose seats are tested; embedded seats play the rest."""


def under_test(which: str, roles: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(role for role in roles if which == "all" or (role == PM) == (which == "pm"))
