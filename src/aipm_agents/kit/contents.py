"""A whole kit: every document, in the order in which a teacher meets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.analysis.space.landscape import landscape
from aipm_agents.analysis.space.prospects import prospects
from aipm_agents.kit import slips, timing
from aipm_agents.kit.beside import for_the_class, for_the_teacher
from aipm_agents.kit.card import card
from aipm_agents.kit.document import Document
from aipm_agents.kit.facilitator import facilitator
from aipm_agents.kit.forms import forms
from aipm_agents.kit.general import general
from aipm_agents.kit.glossary import glossary
from aipm_agents.kit.handouts import handouts
from aipm_agents.kit.note import note
from aipm_agents.kit.outcomes import of_lessons
from aipm_agents.kit.score import score
from aipm_agents.kit.slides import decks
from aipm_agents.kit.surveys import surveys
from aipm_agents.language import speaking, tr
from aipm_agents.table.audience import FACILITATOR
from aipm_agents.table.view import view

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario


def contents(
    scenario: Scenario,
    seeds: Sequence[int],
    programs: Collection[Role] = (),
    on_played: Callable[[int, int], None] = lambda done, of: None,
) -> tuple[Document, ...]:
    """In the language of the scenario. `seeds`: of the meetings that are played to say what usually comes of it.
    `programs`: the roles that no person plays. `on_played`: told after each of those meetings, how many of how many."""
    with speaking(scenario.language):
        views = [view(scenario, (), role, seed=0, number=0) for role in scenario.parties]
        cards = _alike(card(each, programs) for each in views)
        scores = _alike(score(each) for each in views)
        arriving, cut, rules = handouts(scenario), slips.document(scenario), general(scenario, programs)
        lessons, found = timing.lessons(scenario, rules, cards), prospects(scenario)
        return (
            note(scenario, of_lessons(scenario, lessons, seeds, on_played), found.deciding_evidence),
            facilitator(scenario, found, landscape(scenario), programs, lessons),
            *for_the_teacher(scenario, timing.first(scenario, rules, cards), found.deciding_evidence),
            *([arriving] if arriving else []),
            *([cut] if cut else []),
            _stack(
                "cards",
                tr("All cards"),
                tr("To print: a page for each seat, and for nobody else's eyes."),
                cards,
            ),
            _stack(
                "scores",
                tr("All score sheets"),
                tr("To print beside the cards, a page for each seat."),
                scores,
            ),
            rules,
            glossary(scenario),
            *forms(scenario),
            *surveys(scenario),
            *for_the_class(scenario),
            *decks(scenario, found.deciding_evidence),
            *cards,
            *scores,
        )


def _alike(of: Iterable[Document]) -> list[Document]:
    """All set as the longest has to be: whoever lays two cards beside each other sees no smaller print."""
    made = list(of)
    step = max(sheet.size for each in made for sheet in each.sheets)
    return [each._replace(sheets=tuple(s._replace(size=step) for s in each.sheets)) for each in made]


def _stack(name: str, title: str, use: str, of: Iterable[Document]) -> Document:
    return Document(name, title, use, FACILITATOR, tuple(sheet for each in of for sheet in each.sheets))
