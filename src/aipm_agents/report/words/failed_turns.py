"""Turns that failed, each told as that: whose, how, and which turn it was. Nobody chose them."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from aipm_agents.language import tr
from aipm_agents.report.words.vocabulary import FAULTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.faults import FailedTurn


def told(scenario: Scenario, turns: Sequence[FailedTurn]) -> str:
    """In one sentence, by seat and kind: a debrief or a comparison says it before it says what anybody did. Empty
    where none failed."""
    if not turns:
        return ""
    seats: dict[Role, dict[str, list[str]]] = {}
    for each in turns:
        seats.setdefault(each.role, {}).setdefault(each.fault, []).append(_turn(each))
    who = [
        tr("{who}: {what}", who=scenario.card(role).called, what=tr(", ").join(
            tr("{fault} ({turns})", fault=FAULTS[kind], turns=tr(", ").join(failed)) for kind, failed in kinds.items()
        ))
        for role, kinds in seats.items()
    ]  # fmt: skip
    return tr("Turns that failed, and are neither a yes nor a no: {who}.", who=tr("; ").join(who))


def _turn(each: FailedTurn) -> str:
    match each.verb:
        case "frame":
            return tr("framing")
        case "open":
            return tr("opening")
        case "propose":
            return tr("proposal of round {n}", n=each.round)
        case "answer":
            return tr("round {n}", n=each.round)
        case "sign":
            return tr("signing of round {n}", n=each.round)
        case _:
            assert_never(each.verb)
