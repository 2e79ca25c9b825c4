"""What a seat holds: its confidential card, and which of its facts never reached the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.panel import Panel
from rich.text import Text

from aipm_agents.language import tr
from aipm_agents.report.papers import plain_text
from aipm_agents.report.papers.typography import text as lettered
from aipm_agents.report.words import phrase, sources
from aipm_agents.table.view import FACILITATOR, PUBLIC

if TYPE_CHECKING:
    from collections.abc import Collection

    from rich.console import RenderableType

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario


def cards(scenario: Scenario, audience: str, tabled: Collection[str]) -> list[RenderableType]:
    """The cards an audience may see: none, its own, or everybody's."""
    if audience == PUBLIC:
        return []
    roles = list(scenario.parties) if audience == FACILITATOR else [audience]
    return [_card(scenario, role, tabled) for role in roles]


def _card(scenario: Scenario, role: Role, tabled: Collection[str]) -> RenderableType:
    party, card = scenario.parties[role], scenario.card(role)
    lines: list[RenderableType] = []
    if party.private:
        lines.append(lettered(party.private))
    for line in party.red_lines:
        lines.append(lettered(tr("red line: {because}", because=line.because), "red"))
    for fact in scenario.facts.values():
        if role in fact.held_by:
            said = fact.id in tabled
            text = tr("told: {fact}", fact=fact.says) if said else tr("NEVER TOLD: {fact}", fact=fact.says)
            lines.append(lettered(text, "" if said else "yellow"))
    for issue, option in scenario.held_options:
        if role in scenario.held_options[issue, option]:
            label = scenario.label(issue, option)
            lines.append(lettered(tr("an option of its own to bring: {option}", option=label)))
    for word, means in party.terms.items():
        lines.append(lettered(tr('"{word}" means: {means}', word=word, means=means)))
    questions, law = sources.answers_for(scenario, role)
    told = [*(tr("answers for: {question}", question=text) for text in questions), law]
    lines += [lettered(text, "dim") for text in told if text]
    best = {issue: max(row, key=lambda option: row[option]) for issue, row in party.points.items()}
    worth = tr(
        "walk-away {points} of 100; best: {package}",
        points=party.walk_away, package=phrase.options(scenario, best),
    )  # fmt: skip
    lines.append(Text(plain_text.clean(worth), style="dim"))  # a list of options breaks between them
    return Panel(Group(*lines), title=Text(plain_text.clean(card.title), style="bold"), title_align="left")
