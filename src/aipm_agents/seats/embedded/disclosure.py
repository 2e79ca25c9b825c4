"""What an embedded colleague puts on the table, and why: by duty, when asked, by interest, by candour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.seats.embedded.interests import dice
from aipm_agents.table.events import last_ruling
from aipm_agents.table.rules import issues_of, matches

if TYPE_CHECKING:
    from aipm_agents.scenario.evidence import Evidence
    from aipm_agents.table.moves import Question
    from aipm_agents.table.view import View

ASKED_BONUS, INTEREST_BONUS, UNASKED_FACTOR = 0.35, 0.35, 0.4
"""Added to candour when asked about it; added when it helps; what candour is worth unprompted."""


def to_table(view: View, question: Question | None, *, content: bool) -> tuple[str, ...]:
    """At most one fact a turn, so that each is heard; `content`: the seat would say yes as it is."""
    ruling = last_ruling(view.events)
    asked = set(ruling.asked) if ruling else set()
    for name in view.untabled:
        if _tells(view, view.scenario.facts[name], question, asked, content=content):
            return (name,)
    return ()


def holds_about(view: View, about: str) -> bool:
    """Whether this seat holds something untabled that bears on a question."""
    return any(bears(view, view.scenario.facts[name], about) for name in view.untabled)


def _tells(view: View, fact: Evidence, question: Question | None, asked: set[str], *, content: bool) -> bool:
    criteria = view.scenario.criteria
    if any(name in asked and criteria[name][1].owner == view.role for name in fact.supports):
        return True  # asked by name for what it owns: a duty
    challenged = _answers(view, fact)
    if any(name in asked and criteria[name][1].owner == view.role for name in challenged):
        return True  # what it owns was shown, and is doubted
    chance = float(view.me.temperament.candour)
    if question is not None and bears(view, fact, question.about):
        chance += ASKED_BONUS
    elif any(name in asked for name in (*fact.supports, *challenged)) or _helps(view, fact, content=content):
        chance += INTEREST_BONUS
    else:
        chance *= UNASKED_FACTOR
        if content and fact.undermines:
            chance *= UNASKED_FACTOR  # why spoil what suits me?
    return dice(view, view.role, f"tell/{fact.id}").random() < chance


def _helps(view: View, fact: Evidence, *, content: bool) -> bool:
    """Whether it speaks against a package this seat does not want."""
    if content or not fact.undermines or view.package is None:
        return False
    return fact.unless is None or not matches(view.package, fact.unless)


def bears(view: View, fact: Evidence, about: str) -> bool:
    """Whether a fact has to do with a question: of the criterion, the issue or the challenge."""
    issues = {*issues_of(fact.unless), *issues_of(fact.when)}
    bears = about in fact.supports or about in fact.undermines or about in issues
    return bears or about in _answers(view, fact)


def _answers(view: View, fact: Evidence) -> tuple[str, ...]:
    """The criteria whose evidence stands challenged, and would not if this were on the table."""
    return tuple(
        name for contest in view.heard.contests
        for doubted in [view.scenario.facts[contest.evidence]]
        if (limit := doubted.limit(contest.ground)) is not None and fact.id in limit.answered_by
        for name in doubted.supports
    )  # fmt: skip
