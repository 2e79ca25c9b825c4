"""A quiz for after the class: how a ruling is made, what answers a fact, what a fact shows. It names what the cards hold."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from aipm_agents.kit.beside import words
from aipm_agents.report.papers.quiz import QuizQuestion, package

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.scenario.evidence import Evidence
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.scenario.values import Id

_EACH = 4
"""Questions of each kind about the case, at most."""
_CHOICES = 4


def quiz(scenario: Scenario) -> bytes:
    """As a package for a learning platform."""
    title = f"{words(scenario.language)['quiz']['title']}: {scenario.title}"
    return package(scenario.id, title, list(questions(scenario)), scenario.language)


def questions(scenario: Scenario) -> Iterator[QuizQuestion]:
    said = words(scenario.language)["quiz"]
    made = [QuizQuestion(asks, tuple(choices), 0) for asks, *choices in said["rules"]]
    made += islice(_answered(scenario, said["answers"]), _EACH)
    made += islice(_shown(scenario, said["shows"]), _EACH)
    for number, each in enumerate(made):
        yield _turned(each, number)


def _answered(scenario: Scenario, asks: str) -> Iterator[QuizQuestion]:
    """What answers a fact that speaks against something, where choices of one question do. What another fact against
    the same has an answer to is no right answer here; beside it stand choices of that question, then of others."""
    for fact in scenario.facts.values():
        named = {issue for case in fact.unless or () for issue in case}
        if not fact.undermines or len(named) != 1:
            continue
        (issue,) = named
        answers = [option for case in fact.unless or () for option in case[issue]]
        right = [option for option in answers if not _fails(scenario, fact, issue, option)]
        others = [o.label for i in scenario.issues if i.id != issue for o in i.options[:1]]
        wrong = [o.label for o in scenario.issue[issue].options if o.id not in answers] + others
        if right:
            yield QuizQuestion(
                asks.format(fact=fact.says), (scenario.label(issue, right[0]), *wrong[: _CHOICES - 1]), 0
            )


def _fails(scenario: Scenario, fact: Evidence, issue: Id, option: Id) -> bool:
    """Whether another fact against the same criteria is answered by other choices of this question, and not by this one."""
    return any(
        other.id != fact.id and {*other.undermines} & {*fact.undermines}
        and not any(option in case.get(issue, (option,)) for case in other.unless or ())
        for other in scenario.facts.values()
    )  # fmt: skip


def _shown(scenario: Scenario, asks: str) -> Iterator[QuizQuestion]:
    """Which question of a checkpoint a fact is proof for."""
    for fact in scenario.facts.values():
        others = [
            each.asks
            for name, (_, each) in scenario.criteria.items()
            if name not in (*fact.supports, *fact.undermines)
        ]
        if fact.supports and others:
            right = scenario.criteria[fact.supports[0]][1].asks
            yield QuizQuestion(asks.format(fact=fact.says), (right, *others[: _CHOICES - 1]), 0)


def _turned(question: QuizQuestion, by: int) -> QuizQuestion:
    """The same with the right answer elsewhere, for platforms that do not shuffle."""
    n = len(question.choices)
    choices = tuple(question.choices[(k - by) % n] for k in range(n))
    return question._replace(choices=choices, right=(question.right + by) % n)
