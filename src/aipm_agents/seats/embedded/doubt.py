"""Which fact an embedded colleague challenges, and on what ground: what it knows of it, or what its trade always asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.scenario.lenses import ASKS, LENS_OF
from aipm_agents.seats.embedded.interests import dice
from aipm_agents.seats.embedded.voice import (
    Act,
    asked,
    joined,
    listed,
    name,
    prose,
    said_before,
    voice_of,
)
from aipm_agents.table.checkpoints import find
from aipm_agents.table.events import Answered, Opened
from aipm_agents.table.heard import challenges
from aipm_agents.table.memory import remembered
from aipm_agents.table.moves import Challenge

if TYPE_CHECKING:
    from aipm_agents.roles import Role
    from aipm_agents.scenario.evidence import Analysis, Evidence
    from aipm_agents.scenario.lenses import Ground
    from aipm_agents.table.events import Status
    from aipm_agents.table.moves import Vote
    from aipm_agents.table.view import View

TRADE: dict[str, tuple[Ground, ...]] = {
    "engineer": ("baseline", "stale"), "data_scientist": ("sample", "slice", "baseline"),
    "legal": ("interest", "proxy"), "marketing": ("proxy", "sample"),
    "finance": ("baseline", "interest"), "operations": ("slice", "stale"), "front_line": ("slice", "stale"),
    "support": ("sample", "slice"), "outside": ("interest", "proxy"),
}  # fmt: skip
"""What a voice asks of any figure, whether or not there is something to it. A law, a letter or what somebody
said is no figure: there only who holds it too knows what to ask."""
ANYBODY: tuple[Ground, ...] = ("slice", "stale")
MAKES_SENSE: dict[Analysis, tuple[Ground, ...]] = {
    "descriptive": ("sample", "baseline", "slice", "stale", "proxy", "interest"),
    "diagnostic": ("sample", "proxy"), "predictive": ("sample", "baseline", "slice", "stale"),
}  # fmt: skip
"""What a kind of figure can be asked at all: a cause has no baseline, and a forecast stands for itself."""
KNOWING, GUESSING = 0.7, 0.25
"""How often it speaks up where it knows what is wrong, and where it only asks what it always asks."""
MOST = 3
"""Challenges a seat makes in a run: who doubts everything is not heard any more."""
ENOUGH = 2
"""Challenges to one fact after which only who knows something says more."""
_QUOTED = 90
"""Characters of a fact that can be read out in a question."""


def to_challenge(view: View, vote: Vote) -> Challenge | None:
    if "challenges" not in view.extras:
        return None
    made = [(event.role, event.move.challenge) for event in challenges(view.events)]
    if sum(role == view.role for role, _ in made) >= MOST:
        return None
    for fact in view.scenario.facts.values():
        if not _in_the_way(view, fact, vote):
            continue
        weak = _known(view, fact)
        worn = sum(each is not None and each.evidence == fact.id for _, each in made) >= ENOUGH
        for ground in (*weak, *(() if worn else _usual(view, fact))):
            challenge = Challenge(evidence=fact.id, ground=ground)
            chance = KNOWING if ground in weak else GUESSING
            if any(each == challenge for _, each in made):
                continue
            if dice(view, view.role, f"doubt/{fact.id}/{ground}").random() < chance:
                return challenge
            break  # one thought a turn about each fact
    return None


def _usual(view: View, fact: Evidence) -> tuple[Ground, ...]:
    """What this seat's trade asks of such a figure; of what is no figure, nothing."""
    sense = MAKES_SENSE[fact.analysis] if fact.analysis else ()
    return tuple(ground for ground in TRADE.get(voice_of(view, view.role), ANYBODY) if ground in sense)


def challenge_acts(view: View, challenge: Challenge | None) -> list[Act]:
    """The question its lens owns, where the fact is a figure and nobody has put it yet; else in the words of the trade."""
    if challenge is None:
        return []
    lens = ASKS[view.scenario.language][LENS_OF[challenge.ground]]
    fact, who = view.scenario.facts[challenge.evidence], tabled_by(view, challenge.evidence)
    slots = {"lens": lens}
    if who is not None:
        slots["who"] = name(view, who)
    slots["fact"] = _quoted(view, fact)
    short = len(fact.plainly or fact.says) <= _QUOTED
    kind = "lens_fact" if who is None else "lens_who_fact" if short else "lens_who"
    lines: tuple[str, ...] = (prose(view).mended(joined(view, kind).format(**slots)),)
    first = dice(view, "", "lens").choice(view.scenario.colleagues) == view.role  # of those who speak at once
    holds = frozenset({"figure"} if fact.analysis else ())
    if said_before(view, lens) or not fact.analysis or not first:
        lines = ()
    act = Act(f"challenge_{challenge.ground}", slots, lines, holds=holds, else_="challenge_fact")
    if lines or who is None or len(_told_by(view, who)) < 2:
        return [act]
    return [Act("challenge_about", {"fact": slots["fact"]}), act]  # which of what that seat has told


def answer_acts(view: View, tables: tuple[str, ...]) -> list[Act]:
    """Where what it tables answers a challenge: to whom."""
    for contest in view.heard.contests:
        limit = view.scenario.facts[contest.evidence].limit(contest.ground)
        if limit is not None and set(tables) & set(limit.answered_by) and contest.by[0] != view.role:
            return [Act("challenge_answer", {"who": name(view, contest.by[0])})]
    return []


def stands_acts(view: View) -> list[Act]:
    """What this seat says to a challenge of the last round to a fact of its own that there is nothing to: whose it was, and
    that it knows of nothing."""
    own = _told_by(view, view.role)
    doubted = [
        (event.role, event.move.challenge) for event in challenges(view.events)
        if event.round == view.round - 1 and event.move.challenge is not None
        and event.move.challenge.evidence in own
    ]  # fmt: skip
    idle = [
        (role, each.evidence) for role, each in doubted
        if view.scenario.facts[each.evidence].limit(each.ground) is None
    ]  # fmt: skip
    if not idle:
        return []
    fact = view.scenario.facts[idle[0][1]]
    who = listed(view, (name(view, role) for role, evidence in idle if evidence == fact.id))
    return [Act("challenge_stands", {"who": who, "fact": _quoted(view, fact)})]


def _told_by(view: View, role: Role) -> list[str]:
    """The facts a seat has put on the table."""
    return [
        each for event in view.events if isinstance(event, Opened | Answered) and event.role == role
        for each in event.move.tables
    ]  # fmt: skip


def _quoted(view: View, fact: Evidence) -> str:
    """A fact as it can be read out in a question: in plain words, by its source where these are long."""
    quote = fact.plainly or fact.says
    short = len(quote) <= _QUOTED
    return asked(view, quote if short else fact.source or prose(view).beginning(quote, _QUOTED))


def tabled_by(view: View, fact: str) -> Role | None:
    """Who put a fact on the table; None where it lay there, or came from outside."""
    return _tellers(view).get(fact)


@remembered
def _tellers(view: View) -> dict[str, Role]:
    """Fact -> who put it on the table."""
    return {
        each: event.role for event in reversed(view.events) if isinstance(event, Opened | Answered)
        for each in event.move.tables
    }  # fmt: skip


def _in_the_way(view: View, fact: Evidence, vote: Vote) -> bool:
    """Whether a fact on the table carries a package this seat does not want, or speaks against one it wants.
    What somebody says of their own life is heard and not asked for its sample."""
    if fact.voice or fact.id not in view.tabled or tabled_by(view, fact.id) == view.role:
        return False
    wanted = fact.supports if vote != "yes" else fact.undermines
    return any(_carries(view, each, "met" if vote != "yes" else "failed") for each in wanted)


def _carries(view: View, name_: str, status: Status) -> bool:
    """Whether a criterion that asks to be shown, or that a fact speaks against, stands like that for the package: what
    no longer decides anything is not worth a challenge."""
    criterion = view.scenario.criteria[name_][1]
    if view.package is None or (status == "met" and criterion.evidence is None):
        return False
    found = find(view.scenario, criterion, view.package, view.tabled, view.heard.contests)
    return found.status == status


def _known(view: View, fact: Evidence) -> tuple[Ground, ...]:
    """What this seat knows to be wrong with a fact, because it holds it too, and nothing on the table answers."""
    if view.role not in fact.held_by:
        return ()
    return tuple(
        limit.ground for limit in fact.limits if not any(name in view.tabled for name in limit.answered_by)
    )
