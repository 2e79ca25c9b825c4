"""What arrives during the meeting, a sheet each: news from outside, and what the PM had found out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.kit import timing
from aipm_agents.kit.document import Document, PrintSheet
from aipm_agents.kit.fact import printed_for_all
from aipm_agents.language import tr, tr_n
from aipm_agents.report.papers.blocks import Heading, Items, Lines
from aipm_agents.report.words import changed_figure
from aipm_agents.scenario.changes import owner
from aipm_agents.table.audience import FACILITATOR
from aipm_agents.table.news import after as after_news
from aipm_agents.table.news import changes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aipm_agents.kit.timing import LessonTimes
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.evidence import Evidence
    from aipm_agents.scenario.measures import FigureChange
    from aipm_agents.scenario.model import Inject, Scenario


def handouts(scenario: Scenario) -> Document | None:
    """None where nothing arrives in this scenario."""
    sheets = [
        PrintSheet(tuple(each), "news") for n in range(len(scenario.injects)) for each in _news(scenario, n)
    ]
    sheets += [
        PrintSheet(tuple(_result(scenario, f)), "news") for f in scenario.evidence if f.study is not None
    ]
    if not sheets:
        return None
    use = tr(
        "Kept with you until their minute has come, then one copy for each table. When: on the facilitator's sheet."
    )
    return Document("handouts", tr("What arrives during the meeting"), use, FACILITATOR, tuple(sheets))


def when(scenario: Scenario, inject: Inject, lessons: Sequence[LessonTimes]) -> tuple[str, ...]:
    """In each of the lessons."""
    told = []
    for lesson in lessons:
        number = timing.before(lesson, scenario, inject.before_round)
        told.append(tr("before round {n}, minute {minute}", n=number, minute=lesson.begins(number)))
    return tuple(told)


def after(scenario: Scenario, fact: Evidence, lessons: Sequence[LessonTimes]) -> tuple[str, ...]:
    """How long a study takes in each of the lessons."""
    rounds = [timing.takes(lesson, scenario, fact.takes or 1) for lesson in lessons]
    return tuple(
        tr_n("{n} round later, {minutes} minutes", "{n} rounds later, {minutes} minutes", n, minutes=n * lesson.round)
        for n, lesson in zip(rounds, lessons, strict=True)
    )  # fmt: skip


def _news(scenario: Scenario, number: int) -> Iterator[list[Block]]:
    """A sheet for everybody, unless only some hear of it; and one for each seat whose own figures it changes."""
    inject = scenario.injects[number]
    order = sorted(range(len(scenario.injects)), key=lambda n: scenario.injects[n].before_round)
    made = changes(after_news(scenario, tuple(order[: order.index(number)])), number)
    if not inject.to:
        yield [*_for_all(scenario, inject, [each for each in made if owner(each.key) is None])]
    for role in scenario.parties:
        own = [each for each in made if owner(each.key) == role]
        if own or role in inject.to:
            whom = tr("News, for {who} only", who=scenario.card(role).title)
            told = Items(tuple(changed_figure.sentences(scenario, own)))
            from_ = Lines((tr("From {who}", who=inject.from_),), "quiet")
            yield [Heading(inject.headline, whom, level=1), from_, *([told] if own else [])]


def _for_all(scenario: Scenario, inject: Inject, made: list[FigureChange]) -> Iterator[Block]:
    yield Heading(inject.headline, tr("News, for everybody at the table"), level=1)
    yield Lines((tr("From {who}", who=inject.from_),), "quiet")
    for fact in inject.evidence:
        yield printed_for_all(scenario, fact)
    if made:
        yield Items(tuple(changed_figure.sentences(scenario, made)))
    yield Lines((_counts(made),))


def _counts(made: list[FigureChange]) -> str:
    if made:
        return tr(
            "It holds from now on, in this round's ruling too, whatever the sheets in front of you have printed."
        )
    return tr("It is on the table from now on and counts in this round's ruling.")


def _result(scenario: Scenario, fact: Evidence) -> Iterator[Block]:
    assert fact.study is not None
    yield Heading(fact.study.asks, tr("What the PM had found out, for everybody at the table"), level=1)
    yield printed_for_all(scenario, fact)
    yield Lines((tr("It is on the table from now on and counts in this round's ruling."),))
