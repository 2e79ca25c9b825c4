"""Where everything that can decide a ruling is found. No ambush: whatever decides stands on somebody's card or in the
general instructions, arrives during the meeting, or comes out when somebody asks as the rules say."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.kit import rules
from aipm_agents.language import tr
from aipm_agents.report.words import phrase, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.roles import Role
    from aipm_agents.scenario.evidence import Evidence
    from aipm_agents.scenario.model import Scenario

GENERAL, HANDOUTS, SLIPS = "general", "handouts", "slips"


class Place(NamedTuple):
    kind: str
    text: str
    """What is found, as it is printed there."""
    documents: tuple[str, ...]
    """The documents it stands in: where it is before it comes out, and what is read out or handed over then."""
    where: str
    """The same for a teacher."""


def places(scenario: Scenario) -> Iterator[Place]:
    yield from _options(scenario)
    yield from _criteria(scenario)
    for fact in scenario.evidence:
        yield from _fact(scenario, fact)
    for inject in scenario.injects:
        for fact in inject.evidence:
            yield Place(tr("fact"), fact.says, (HANDOUTS,), tr("arrives during the meeting, for all"))
            yield from _weak_spots(scenario, fact)
    yield from _of_parties(scenario)


def _options(scenario: Scenario) -> Iterator[Place]:
    for issue in scenario.issues:
        for option in issue.options:
            if option.held_by:
                yield _on_cards(scenario, tr("option"), option.label, option.held_by, SLIPS)
            else:
                yield Place(tr("option"), option.label, (GENERAL,), tr("general instructions"))


def _criteria(scenario: Scenario) -> Iterator[Place]:
    for _, each in scenario.criteria.values():
        yield Place(tr("criterion"), each.asks, (GENERAL,), tr("general instructions"))


def _fact(scenario: Scenario, fact: Evidence) -> Iterator[Place]:
    if fact.study is not None:
        yield Place(tr("study"), fact.study.asks, (GENERAL,), tr("general instructions, as a question"))
        yield Place(tr("result"), fact.says, (HANDOUTS,), tr("arrives once the PM has asked for it"))
    elif fact.held_by:
        yield _on_cards(scenario, tr("fact"), fact.says, fact.held_by)
    else:
        yield Place(tr("fact"), fact.says, (GENERAL,), tr("general instructions"))
    yield from _weak_spots(scenario, fact)


def _weak_spots(scenario: Scenario, fact: Evidence) -> Iterator[Place]:
    for limit in fact.limits:
        if fact.held_by:
            yield _on_cards(scenario, tr("weak spot"), limit.says.rstrip(".。"), fact.held_by, SLIPS)
        else:
            where = tr(
                "with you; tell it when somebody challenges {ground}", ground=vocabulary.GROUNDS[limit.ground]
            )
            yield Place(tr("weak spot"), limit.says.rstrip(".。"), (SLIPS,), where)


def _of_parties(scenario: Scenario) -> Iterator[Place]:
    for role, party in scenario.parties.items():
        for line in party.red_lines:
            yield _on_cards(scenario, tr("red line"), rules.red_line(scenario, line), (role,))
        for word, means in party.terms.items():
            yield _on_cards(scenario, tr("word"), means.rstrip(".。"), (role,), SLIPS, word=word)


def _on_cards(
    scenario: Scenario, kind: str, text: str, holders: tuple[Role, ...], *slips: str, word: str = ""
) -> Place:
    """`slips`: what it stands on again, for when it comes out."""
    who = tr("card of {who}", who=phrase.names(scenario, holders))
    where = tr('{where}; comes out when somebody asks about "{word}"', where=who, word=word) if word else who
    return Place(kind, text, (*(f"card-{role}" for role in holders), *slips), where)
