"""What a seat did beside its vote, in words: for whoever did it in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import mark, tr
from aipm_agents.report.words.vocabulary import Words

if TYPE_CHECKING:
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.moves import Position, Proposal, Question, Reply

FAULTS: Words[str] = Words({
    "timeout": mark("timeout"), "refusal": mark("refusal"), "malformed": mark("malformed"),
    "no_reply": mark("no reply"), "failure": mark("failure"),
})  # fmt: skip


def reply(scenario: Scenario, answer: Reply) -> str:
    """An answer to a question, where no words say it."""
    who = scenario.card(answer.to).short
    if answer.declined:
        return tr("would rather not answer {who}", who=who)
    if not answer.prefers:
        return tr("answers {who}", who=who)
    liked = tr(", then ").join(scenario.label(answer.about, option) for option in answer.prefers)
    return tr("answers {who}: {options}", who=who, options=liked)


def unspoken(scenario: Scenario, move: Position) -> list[str]:
    """What a position does beside its vote that only words would tell: its question, answer and doubt."""
    told = [reply(scenario, move.answer)] if move.answer is not None else []
    if move.question is not None:
        told.append(question(scenario, move.question))
    if move.concern is not None:
        told.append(tr('doubts: "{asks}"', asks=scenario.criteria[move.concern][1].asks))
    return told


def question(scenario: Scenario, asked: Question | None) -> str:
    """A question where no words put it; empty for none."""
    if asked is None:
        return ""
    who, text = scenario.card(asked.to).short, asked.text or about(scenario, asked.about)
    return tr('asks {who}: "{text}"', who=who, text=text)


def heard(scenario: Scenario, move: Position | Proposal) -> str:
    """A question whose own text is not in what was said beside it: it is heard too. Empty for none."""
    asked = move.question
    if asked is None or not asked.text or not move.says or asked.text in move.says:
        return ""
    return question(scenario, asked)


def about(scenario: Scenario, name: str) -> str:
    """What a question is about, in the scenario's own words."""
    if name in scenario.issue:
        return scenario.issue[name].question
    if name in scenario.criteria:
        return scenario.criteria[name][1].asks
    return scenario.facts[name].says if name in scenario.facts else tr('the word "{word}"', word=name)
