"""What counts for a seat beside the points of single options: what choices make together, and what waiting takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import tr
from aipm_agents.report.words import numbers
from aipm_agents.report.words.fact_effects import choices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.scenario.model import Scenario
    from aipm_agents.scenario.party import Party


def together(scenario: Scenario, party: Party) -> Iterator[tuple[str, str]]:
    """Of each bonus: the choices, and the points they add together."""
    for bonus in party.bonuses:
        yield choices(scenario, bonus.when, quoted=True), numbers.signed(bonus.points)


def beside(scenario: Scenario, party: Party) -> Iterator[str]:
    """The same as sentences to whoever sits there, and what a round of talk costs."""
    for what, points in together(scenario, party):
        yield tr("{choices}: {points} points beside those of each", choices=what, points=points)
    if party.discount != 1:
        percent = numbers.figure(100 * (1 - party.discount))
        yield tr(
            "Waiting costs you: every round of talk after the first takes {percent} % of what a deal gives you above your walk-away.",
            percent=percent,
        )
