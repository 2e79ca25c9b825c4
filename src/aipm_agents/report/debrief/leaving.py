"""What one person at a table takes home: what they got, what they kept, what they were asked, and one thing they could
have asked. For their eyes alone; nobody is graded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.analysis.debrief.unsaid import withheld
from aipm_agents.language import tr
from aipm_agents.report.debrief.after_play import taken
from aipm_agents.report.debrief.unsaid import weight
from aipm_agents.report.papers.blocks import Heading, Lines, Quote, Quotes
from aipm_agents.report.papers.typography import quoted
from aipm_agents.report.words import phrase, vocabulary
from aipm_agents.report.words.inquiry import about
from aipm_agents.roles import PM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.debrief.unsaid import Withheld
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.record import Record


def leaving(record: Record, role: Role) -> Iterator[Block]:
    yield Heading(tr("What you got"))
    yield from taken(record, role)
    unsaid = sorted(withheld(record), key=lambda each: weight(each.effect), reverse=True)
    yield Heading(tr("What you kept"))
    mine = [_kept(record.scenario, each) for each in unsaid if role in each.holders]
    nothing = tr("No fact, option or word: those you held came out. What your card told you of yourself is on no record.") if _holds(record.scenario, role) else tr("No fact, option or word: your card held none. What it told you of yourself is on no record.")  # fmt: skip
    yield Lines(tuple(mine) or (nothing,))
    yield Heading(tr("What you were asked"))
    yield from _asked(record, role)
    yield Heading(tr("One thing you could have asked"))
    yield Lines((_could_have(record, role, unsaid),), "strong")


def _holds(scenario: Scenario, role: Role) -> bool:
    """Whether a seat begins with something that not everybody has: a fact, an option, a word of its own."""
    held = [*(fact.held_by for fact in scenario.facts.values()), *scenario.held_options.values()]
    return bool(scenario.parties[role].terms) or any(role in holders for holders in held)


def _kept(scenario: Scenario, each: Withheld) -> str:
    match each.kind:
        case "fact":
            return scenario.facts[each.name].says
        case "option":
            return scenario.label(each.name, each.part)
        case "challenge":
            fact, ground = quoted(scenario.facts[each.name].says, 90), vocabulary.GROUNDS[each.part]  # type: ignore[index]
            return tr("what is weak about {fact}: {ground}", fact=fact, ground=ground)
        case _:
            return tr("what you mean by {word}", word=quoted(each.name))


def _asked(record: Record, role: Role) -> Iterator[Block]:
    scenario = record.scenario
    answers = {(each.answer.to, each.answer.about, each.by): each.answer for each in record.answers}
    told = []
    for asked in record.questions:
        if asked.question.to != role:
            continue
        answer = answers.get((asked.by, asked.question.about, role))
        came = tr("not answered") if answer is None else tr("declined") if answer.declined else tr("answered")
        text = asked.question.text or about(scenario, asked.question.about)
        told.append(Quote(tr("{who}, {when}", who=scenario.card(asked.by).called, when=phrase.when(asked.round)), text, came))  # fmt: skip
    yield Quotes(tuple(told)) if told else Lines((tr("Nobody asked you anything."),))


def _could_have(record: Record, role: Role, unsaid: list[Withheld]) -> str:
    """The question that would have brought out what would have changed most, of what somebody else held."""
    scenario = record.scenario
    for each in unsaid:
        if role in each.holders or (each.kind == "study" and role != PM):
            continue
        who = phrase.names(scenario, each.holders) if each.holders else ""
        match each.kind:
            case "fact":
                fact = scenario.facts[each.name]
                bears = [*fact.supports, *fact.undermines]
                if bears:
                    return tr("{who}: {question} Nobody else knew this: {fact}", who=who, question=quoted(scenario.criteria[bears[0]][1].asks), fact=quoted(fact.says, 160))  # fmt: skip
            case "option":
                return tr(
                    "{who}: {question} There was also {option}.", who=who, question=quoted(scenario.issue[each.name].question),
                    option=quoted(scenario.label(each.name, each.part)),
                )  # fmt: skip
            case "challenge":
                told, ground = quoted(scenario.facts[each.name].says, 120), vocabulary.GROUNDS[each.part]  # type: ignore[index]
                return tr("Of the fact {fact}: what about {ground}?", fact=told, ground=ground)
            case "study":
                study = scenario.facts[each.name].study
                assert study is not None
                return tr("To have it found out: {asks}", asks=study.asks)
            case "word":
                return tr("{who}: what do you mean by {word}?", who=who, word=quoted(each.name))
    return tr(
        "Nothing: whatever anybody else held came out. Ask the next table in which round they heard it, and from whom."
    )
