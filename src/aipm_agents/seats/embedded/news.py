"""What came out since the PM last spoke, for the PM to tell: somebody's own words, a fact in plain ones, a word that is two
things. And what news in the middle of a meeting is to a colleague whose question or wish it touches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.seats.embedded.stance import asked_before
from aipm_agents.seats.embedded.voice import Act, asked, chosen, name, prose
from aipm_agents.table.events import Answered, Injected, Opened, Proposed, Reported, last_ruling
from aipm_agents.table.rules import makes

if TYPE_CHECKING:
    from aipm_agents.roles import Role
    from aipm_agents.scenario.evidence import Evidence
    from aipm_agents.scenario.model import Package
    from aipm_agents.table.moves import Ask
    from aipm_agents.table.view import View

_TOLD = frozenset({"asked_before"})


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


def put_plainly(view: View, package: Package) -> list[Act]:
    """What has come in, or a fact tabled since the PM last spoke that something new in the package answers, in words for
    someone outside the field: the ruling has told the others, and what is said here leads to what is changed."""
    since: list[tuple[Role, str]] = []
    came: list[Act] = []
    for event in view.events:
        if isinstance(event, Proposed):
            since = []
        elif isinstance(event, Answered):
            since += [(event.role, each) for each in event.move.tables]
        elif isinstance(event, Injected) and event.round == view.round:
            facts = [view.scenario.facts[each] for each in event.evidence]
            if any(fact.voice == "user" for fact in facts[:1]):
                continue  # it is read aloud, in its own words
            told = [Act("news", {"plainly": prose(view).ended(f.plainly)}) for f in facts[:1] if f.plainly]
            came += told or [Act("news_bare")]
        elif isinstance(event, Reported) and event.round == view.round:
            fact = view.scenario.facts[event.evidence[0]]
            came.append(Act("study_in", {"plainly": prose(view).ended(fact.plainly or fact.says)}))
    if came:
        return came
    ruling = last_ruling(view.events)
    stopped = {found.criterion for found in ruling.findings if found.status == "failed"} if ruling else set()
    since.sort(key=lambda told: stopped.isdisjoint(view.scenario.facts[told[1]].undermines), reverse=True)
    for role, each in reversed(since):
        fact = view.scenario.facts[each]
        answer = answered_by(fact, package)
        leads = any(view.package is None or view.package[i] != o for i, o in answer.items())
        if fact.plainly and fact.voice is None and leads:
            slots = {"who": name(view, role), "plainly": prose(view).ended(fact.plainly)}
            return [Act("plainly", slots, holds=frozenset({"fact_told"}))]
    return []


def just_in(view: View) -> list[Evidence]:
    """The facts that came with the news before this round, or with a study."""
    return [
        view.scenario.facts[each] for event in view.events
        if isinstance(event, Injected | Reported) and event.round == view.round for each in event.evidence
    ]  # fmt: skip


def answered_by(fact: Evidence, package: Package) -> Package:
    """The choices of a package that answer a fact; none where it does not."""
    cases = [choices for choices in fact.unless or () if makes(package, choices)]
    return {issue: package[issue] for issue in cases[0]} if cases else {}


def heard_acts(view: View, asks: tuple[Ask, ...]) -> list[Act]:
    """What news that speaks against something is to this seat, if anything: a question of its own, and what in the package
    answers it; else a wish it has told, which answers the news or which the news tells against. `asks`: of this turn."""
    assert view.package is not None
    for fact in just_in(view):
        for each in fact.undermines:
            criterion = view.scenario.criteria[each][1]
            if criterion.owner != view.role:
                continue
            slots = {"asks": asked(view, criterion.asks)}
            if answer := answered_by(fact, view.package):
                return [Act("heard_answered", {**slots, "option": chosen(view, answer)})]
            return [Act("heard_open", slots)]
        for issue, option in _wishes(view) if fact.undermines else ():
            slots = {"option": chosen(view, {issue: option})}
            on_it = [choices for choices in fact.unless or () if issue in choices]
            if any(makes({issue: option}, {issue: choices[issue]}) for choices in on_it):
                return [Act("heard_for", slots, holds=_TOLD)]
            if on_it and all((ask.issue, ask.options[0]) != (issue, option) for ask in asks):
                return [Act("heard_against", slots, holds=_TOLD)]
    return []


def _wishes(view: View) -> list[tuple[str, str]]:
    """What this seat has asked for aloud, the last first."""
    said = [
        e.move
        for e in view.events
        if isinstance(e, Opened | Answered) and e.role == view.role and e.fault is None
    ]
    heard = [ask for move in reversed(said) if getattr(move, "vote", "no") != "yes" for ask in move.asks]
    return list(dict.fromkeys((ask.issue, ask.options[0]) for ask in heard if asked_before(view, ask)))


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
