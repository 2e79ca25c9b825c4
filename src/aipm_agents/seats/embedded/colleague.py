"""An embedded colleague: concedes over time, says what it could live with, and never below walk-away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.seats.embedded.interests import Interests, insisted_share
from aipm_agents.table.moves import Ask

if TYPE_CHECKING:
    from aipm_agents.scenario.model import Package
    from aipm_agents.table.moves import Vote
    from aipm_agents.table.view import View


def interests(view: View) -> Interests:
    share = insisted_share(view.me.temperament.concession, max(1, view.round), view.scenario.rounds)
    return Interests(view.me, share)


def vote(mine: Interests, package: Package) -> Vote:
    """Yes at the threshold of the round, yes-if above the walk-away, else no. Never across a red line."""
    worth = mine.worth(package)
    if mine.crossed(package) is not None or worth < mine.party.walk_away:
        return "no"
    return "yes" if worth >= mine.threshold else "yes_if"


def opening_asks(view: View, mine: Interests) -> tuple[Ask, ...]:
    issues = sorted(view.space.options, key=lambda issue: -mine.stake(issue))
    return tuple(Ask(issue=issue, options=mine.liveable(issue)) for issue in issues[:3] if mine.stake(issue))


def asks(view: View, mine: Interests, package: Package) -> tuple[Ask, ...]:
    """Where the package costs this seat most, and what it could live with there now."""
    issues = sorted(view.space.options, key=lambda issue: -mine.loss(issue, package))
    return tuple(
        Ask(issue=issue, options=mine.liveable(issue))
        for issue in issues[:3] if mine.loss(issue, package) > 0
    )  # fmt: skip
