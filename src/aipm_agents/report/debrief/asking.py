"""What a class is asked after a run: from what happened in it; of a table on paper from what was entered of it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from aipm_agents.analysis.debrief.turning_points import weightiest
from aipm_agents.language import tr
from aipm_agents.report.debrief.discussion import STAGES, DiscussionQuestion, discussion
from aipm_agents.report.debrief.turning_points import GATES
from aipm_agents.report.debrief.unsaid import weight, who
from aipm_agents.report.papers.blocks import Heading, Items
from aipm_agents.report.papers.typography import quoted
from aipm_agents.report.words import phrase
from aipm_agents.report.words.ended import ended
from aipm_agents.table.events import on_paper

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.debrief.whole import Debrief
    from aipm_agents.report.papers.blocks import Block


def questions(found: Debrief) -> list[DiscussionQuestion]:
    return list(_of_paper(found)) if on_paper(found.record.events) else discussion(found)


def ask(found: Debrief) -> Iterator[Block]:
    yield Heading(tr("Ask the class"))
    told = (tr("{stage}. {text}", stage=STAGES[each.stage], text=each.text) for each in questions(found))
    yield Items(tuple(told))


def _of_paper(found: Debrief) -> Iterator[DiscussionQuestion]:
    """Nobody wrote down who asked whom, or why a vote changed: so that is what is asked."""
    scenario = found.scenario
    end = ended(scenario, found.record.events)
    yield DiscussionQuestion(
        "reactions", tr("{outcome}. One word each, before anyone sees a figure.", outcome=phrase.begun(end))
    )
    for each in weightiest(found.turning, 2):
        if each.kind == "fact" and each.role is not None:
            fact, seat = quoted(scenario.facts[each.name].says, 110), scenario.card(each.role).called
            yield DiscussionQuestion("happened", tr("{who}, in round {n} you read out {fact} What made you, and who had asked?", who=seat, n=each.round, fact=fact), each.name)  # fmt: skip
        elif each.kind == "vote" and each.role is not None:
            seat = scenario.card(each.role).called
            yield DiscussionQuestion("happened", tr("{who}, your vote changed in round {n}. After whose sentence?", who=seat, n=each.round))  # fmt: skip
    kept = sorted(found.withheld, key=lambda one: weight(one.effect), reverse=True)
    for one in islice((one for one in kept if one.kind == "fact"), 2):
        fact = quoted(scenario.facts[one.name].says, 110)
        yield DiscussionQuestion("why", tr("{who}, you kept this, or nobody asked: {fact} Which was it?", who=who(scenario, one), fact=fact), one.name)  # fmt: skip
    gate = found.work.hardest
    if gate is not None:
        shut = phrase.rounds(gate.shut)
        yield DiscussionQuestion("concept", tr("{gate} was shut in {rounds}. What was it protecting, and whom?", gate=GATES[gate.gate], rounds=shut))  # fmt: skip
    if scenario.success is not None and scenario.success.guardrail:
        yield DiscussionQuestion("apply", tr("The guardrail says {text}. Who in your plan would see first that it breaks, by what, and who may stop then?", text=quoted(scenario.success.guardrail)))  # fmt: skip
    yield DiscussionQuestion("apply", tr("Where do you sit at such a table at work, and which question do you not ask there?"))  # fmt: skip
