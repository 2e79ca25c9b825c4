"""What came out since the PM last spoke, for the PM to tell: somebody's own words, a fact in plain ones, a word that is two things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.seats.embedded.voice import Act, name, prose
from aipm_agents.table.events import Answered, Injected, Opened, Proposed, Reported

if TYPE_CHECKING:
    from aipm_agents.roles import Role
    from aipm_agents.table.view import View


def read_aloud(view: View) -> list[Act]:
    """Words of somebody concerned, read aloud once, when the PM speaks after they came to the table."""
    since = [name_ for name_, fact in view.scenario.facts.items() if fact.known_at_start]
    for event in view.events:
        if isinstance(event, Proposed):
            since = []
        elif isinstance(event, Opened | Answered):
            since += event.move.tables
        elif isinstance(event, Injected | Reported):
            since += event.evidence
    facts = [view.scenario.facts[each] for each in since]
    quotes = [prose(view).quoted(fact.says) for fact in facts if fact.voice == "user"]
    return [Act("reads_aloud", {"quote": quote}) for quote in quotes[:1]]


def translated(view: View) -> list[Act]:
    """A fact tabled since the PM last spoke, in words for someone outside the field."""
    since: list[tuple[Role, str]] = []
    came: list[Act] = []
    for event in view.events:
        if isinstance(event, Proposed):
            since = []
        elif isinstance(event, Answered):
            since += [(event.role, each) for each in event.move.tables]
        elif isinstance(event, Injected) and event.round == view.round:
            news = [view.scenario.facts[each].plainly for each in event.evidence]
            told = [Act("news", {"plainly": prose(view).ended(text)}) for text in news[:1] if text]
            came += told or [Act("news_bare")]
        elif isinstance(event, Reported) and event.round == view.round:
            fact = view.scenario.facts[event.evidence[0]]
            came.append(Act("study_in", {"plainly": prose(view).ended(fact.plainly or fact.says)}))
    if came:
        return came
    for role, each in reversed(since):
        fact = view.scenario.facts[each]
        if fact.plainly and fact.voice is None:
            slots = {"who": name(view, role), "plainly": prose(view).ended(fact.plainly)}
            return [Act("plainly", slots, holds=frozenset({"fact_told"}))]
    return []


def two_things(view: View) -> list[Act]:
    """A word that turned out, in the round before, to mean two things here; a third meaning is no news of that."""
    means: dict[str, list[Role]] = {}
    for role, word in view.heard.meanings:
        means.setdefault(word, []).append(role)
    last = {
        (event.role, reply.about) for event in view.events
        if isinstance(event, Answered) and event.round == view.round - 1 for reply in event.move.replies
    }  # fmt: skip
    for word, roles in means.items():
        if len(roles) > 1 and sum((role, word) not in last for role in roles) < 2:
            one, other = roles[:2]
            terms = {role: view.scenario.parties[role].terms[word] for role in (one, other)}
            slots = {"word": word, "one": name(view, one), "other": name(view, other)}
            return [
                Act(
                    "two_things",
                    {**slots, "mine": prose(view).bare(terms[one]), "yours": prose(view).bare(terms[other])},
                )
            ]
    return []
