"""A role's confidential card, told once: for its seat at the desk, and after the run for whoever may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import tr
from aipm_agents.report.papers.blocks import Grid, Heading, Lines, Quote, Quotes, Row
from aipm_agents.report.papers.typography import together
from aipm_agents.report.words import bonuses, numbers, sources
from aipm_agents.report.words.fact_effects import bearing, crossing
from aipm_agents.table.audience import FACILITATOR, PUBLIC

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.heard import Choice
    from aipm_agents.table.view import View


def cards(scenario: Scenario, audience: str, tabled: Collection[str]) -> list[Block]:
    """The cards an audience may see when all is over: none, its own, or everybody's."""
    roles = [] if audience == PUBLIC else list(scenario.parties) if audience == FACILITATOR else [audience]
    return [block for role in roles for block in _shown(scenario, role, tabled)]


def briefing(view: View) -> list[Block]:
    """A seat's own card, its sentences; its figures follow as `cli/desk` lets them be chosen."""
    marks = {
        fact.id: tr("already on the table") if fact.id in view.tabled else fact.id
        for fact in view.scenario.facts.values()
    }
    return [
        Heading(tr("Your card: {title}", title=view.scenario.who(view.role))),
        Lines((tr("For your eyes only. Say of it what you choose; never show it."),), "quiet"),
        Quotes(tuple(_sentences(view.scenario, view.role, marks, view.secret))),
    ]


def _shown(scenario: Scenario, role: Role, tabled: Collection[str]) -> Iterator[Block]:
    party = scenario.parties[role]
    marks = {
        fact.id: tr("told") if fact.id in tabled else tr("NEVER TOLD") for fact in scenario.facts.values()
    }
    brings = [choice for choice, holders in scenario.held_options.items() if role in holders]
    walk_away = tr("walk-away {points} of 100", points=numbers.figure(party.walk_away))
    yield Heading(scenario.card(role).title, walk_away, 4)
    yield Quotes(tuple(_sentences(scenario, role, marks, brings)))
    worth = (
        Row((issue.question, " · ".join(f"{scenario.label(issue.id, o)} {numbers.figure(n)}" for o, n in party.points[issue.id].items())))
        for issue in scenario.issues
    )  # fmt: skip
    yield Grid(("", tr("points")), tuple(worth))


def _sentences(
    scenario: Scenario, role: Role, marks: dict[str, str], brings: Iterable[Choice]
) -> Iterator[Quote]:
    """What everybody knows of this role, what only it knows, what it never accepts, holds, and answers for.
    `marks`: fact -> what is said before it."""
    party = scenario.parties[role]
    yield Quote(tr("You look after"), scenario.card(role).duty)
    yield Quote(tr("You have said"), party.wants)
    yield Quote(tr("Only you know"), party.private or tr("nothing more than the others"))
    if party.otherwise:
        yield Quote(tr("Without a deal"), party.otherwise)
    for line in party.red_lines:
        when = crossing(scenario, line)
        yield Quote(tr("Never"), tr("{choices}: {because}", choices=when, because=line.because))
    for text in bonuses.beside(scenario, party):
        yield Quote(tr("It counts for you"), text)
    held = [fact for fact in scenario.facts.values() if role in fact.held_by]
    for fact in held:
        source = tr(" ({source})", source=fact.source) if fact.source else ""
        text = together([fact.says, fact.plainly or ""]) + source
        yield Quote(tr("You hold"), f"[{marks[fact.id]}] {text}", bearing(scenario, fact))
    for issue, option in brings:
        label, question = scenario.label(issue, option), scenario.issue[issue].question
        yield Quote(tr("Yours to bring"), tr("{option} ({question})", option=label, question=question))
    for word, means in party.terms.items():
        yield Quote(tr("You mean"), tr('by "{word}": {means}', word=word, means=means))
    questions, law = sources.answers_for(scenario, role)
    for text in questions:
        yield Quote(tr("You answer for"), text)
    if law:
        yield Quote("", law)
    if not held:
        yield Quote(tr("You hold"), tr("no facts that the others do not have"))
