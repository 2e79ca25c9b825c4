"""What may be named in a turn: options, issues, people, what a question is about, what moved somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.language import tr
from aipm_agents.report.words import fact_text, numbers
from aipm_agents.roles import PM
from aipm_agents.table.events import Answered, last_ruling

if TYPE_CHECKING:
    from aipm_agents.table.view import View


class Subject(NamedTuple):
    name: str
    """What it is called in the record, and may be called here."""
    label: str
    """How it is shown."""
    also: tuple[str, ...] = ()
    """Other names for it."""
    worth: str = ""
    """What it is worth to whoever chooses."""


def options(view: View, issue: str) -> list[Subject]:
    return [Subject(option, view.scenario.label(issue, option)) for option in view.space.options[issue]]


def valued(view: View, issue: str) -> list[Subject]:
    """The options of an issue, each with what it is worth to this seat."""
    row = view.me.points[issue]
    return [choice._replace(worth=numbers.figure(row[choice.name])) for choice in options(view, issue)]


def issues(view: View) -> list[Subject]:
    now = view.package or {}
    return [
        Subject(i.id, tr("{question} now: {option}", question=i.question, option=view.scenario.label(i.id, now[i.id])) if now else i.question)
        for i in view.scenario.issues
    ]  # fmt: skip


def person(view: View, role: str) -> Subject:
    card = view.scenario.card(role)
    return Subject(role, card.title, (card.short, card.called))


def subjects(view: View) -> list[Subject]:
    scenario = view.scenario
    return [
        *(Subject(issue.id, issue.question) for issue in scenario.issues),
        *(
            Subject(
                name,
                tr(
                    "{asks} ({who})",
                    asks=scenario.criteria[name][1].asks,
                    who=scenario.card(scenario.criteria[name][1].owner).short,
                ),
                (scenario.criteria[name][1].asks,),
            )
            for name in sorted(scenario.criteria, key=lambda name: name not in _open(view))
        ),
        *(Subject(name, scenario.facts[name].says) for name in scenario.facts if name in view.tabled),
        *(Subject(word, tr('the word "{word}"', word=word)) for word in view.words),
    ]


def _open(view: View) -> set[str]:
    """Criteria that the last ruling left unmet; they are asked about first."""
    ruling = last_ruling(view.events)
    return {finding.criterion for finding in ruling.findings if finding.status != "met"} if ruling else set()


def sources(view: View) -> list[Subject]:
    """Facts on the table and the turns of the round before, by the names the record has for them."""
    facts = [
        Subject(name, view.scenario.facts[name].says) for name in view.scenario.facts if name in view.tabled
    ]
    turns = [(e.role, e.round) for e in view.events if isinstance(e, Answered) and e.round == view.round - 1]
    names = [f"{PM}@{view.round}", *(f"{role}@{number}" for role, number in turns if role != view.role)]
    return [
        *facts,
        *(Subject(name, fact_text.source(view.scenario, name), (name.partition("@")[0],)) for name in names),
    ]
