"""What has shifted for a seat since it last spoke: the wish that died, and the one or two things that moved its vote."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.seats.embedded.interests import interests, vote_on
from aipm_agents.seats.embedded.reach import reach
from aipm_agents.table.events import Answered, Injected, Opened, Proposed, Reported
from aipm_agents.table.lawful import promised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package
    from aipm_agents.seats.embedded.interests import Interests
    from aipm_agents.table.moves import Ask, Vote
    from aipm_agents.table.view import View

_SOFTNESS: dict[Vote, int] = {"no": 0, "no_answer": 0, "yes_if": 1, "yes": 2}
_TOLD = 2
"""Facts named as what moved a vote, at most."""


class Lost(NamedTuple):
    """A wish that cannot be had any more."""

    choice: tuple[str, str]
    teller: Role | None
    """Whose fact it was; None where it came from outside, or no single fact did it."""


def lost_favourite(view: View, mine: Interests, tables: tuple[str, ...]) -> Lost | None:
    """What this seat asked for first when it last spoke, aloud, where no package with it can pass any more."""
    last = _last_asks(view)
    if not last:
        return None
    choice = last[0].issue, last[0].options[0]
    if choice[1] in mine.reach.options[choice[0]]:
        return None
    told = [(view.role, each) for each in tables] + [*_facts_since(view)]
    for teller, fact in told:
        if choice[1] in reach(view, tables, without=(fact,)).options[choice[0]]:
            return Lost(choice, teller)
    return Lost(choice, None)


def moved_by(
    view: View, mine: Interests, package: Package, vote: Vote, before: Vote | None, tables: tuple[str, ...]
) -> tuple[str, ...]:
    """The fact or two without which the vote would still be as hard, or the PM's package if the last one would not
    have had this vote. A vote that got harder was moved by nothing, but owes its reason where it breaks a trade."""
    if vote == "no" and promised(view):
        return _without_which(view, package, vote, tables) or (f"pm@{view.round}",)
    if before is None or _SOFTNESS[vote] <= _SOFTNESS[before]:
        return ()
    earlier = [
        e.package for e in view.events if isinstance(e, Proposed) and e.round < view.round and e.package
    ]
    if earlier and _SOFTNESS[vote_on(mine, earlier[-1])] < _SOFTNESS[vote]:
        return (f"pm@{view.round}",)
    return _without_which(view, package, vote, tables)


def _without_which(view: View, package: Package, vote: Vote, tables: tuple[str, ...]) -> tuple[str, ...]:
    """The facts told since without any one of which the vote would be less soft, or for a no, softer."""
    moved = []
    for _, fact in _facts_since(view):
        other = _SOFTNESS[vote_on(interests(view, tables, without=(fact,)), package)]
        if other != _SOFTNESS[vote] and (other > _SOFTNESS[vote]) == (vote == "no"):
            moved.append(fact)
    return tuple(moved[:_TOLD])


def _last_asks(view: View) -> tuple[Ask, ...]:
    """What it asked for when it last spoke; what stands beside a yes nobody has heard."""
    own = [
        e.move
        for e in view.events
        if isinstance(e, Opened | Answered) and e.role == view.role and e.fault is None
    ]
    return own[-1].asks if own and getattr(own[-1], "vote", "no") != "yes" else ()


def _facts_since(view: View) -> Iterator[tuple[Role | None, str]]:
    """The facts that came to the table since this seat last spoke, with who told them."""
    for event in view.events:
        if isinstance(event, Opened | Answered) and event.role != view.role:
            if event.round == view.round - 1:
                yield from ((event.role, fact) for fact in event.move.tables)
        elif isinstance(event, Injected | Reported) and event.round == view.round:
            yield from ((None, fact) for fact in event.evidence)
