"""How a table questioned what it had, in a few lines; nothing where its scenario has nothing of the kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import mark, tr
from aipm_agents.report.papers.blocks import Grid, Heading, Row
from aipm_agents.report.papers.plain_text import shortened
from aipm_agents.report.words import phrase, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.run.inquiry import Challenged, Inquiry, Kept
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.model import Scenario

KEPT: vocabulary.Vocabulary[Kept] = vocabulary.Vocabulary(
    {
        "not_asked": mark("never brought: nobody asked"),
        "asked": mark("never brought, though asked"),
        "faulted": mark("never brought: every turn to bring it failed"),
    }
)


def questioned(scenario: Scenario, found: Inquiry) -> Iterator[Block]:
    """From the whole scenario: for the facilitator, and for comparisons, which hold every secret too."""
    rows = [*_challenges(scenario, found), *_options(scenario, found), *_studies(scenario, found)]
    rows += _words(scenario, found)
    if rows:
        yield Heading(tr("What was questioned"), level=3)
        yield Grid(("", "", tr("what came of it")), tuple(rows), first=12)


def counted(found: Inquiry) -> list[tuple[str, str]]:
    """Counts beside each other, as (what, how many)."""
    challenges = len(found.challenges)
    return [
        (tr("challenges made, with effect"), f"{challenges}, {found.with_effect}"),
        (tr("options brought, kept"), f"{len(found.brought)}, {len(found.kept)}"),
        (tr("studies sent for, in time"), f"{len(found.studies)}, {_in_time(found)}"),
        (tr("words found to mean two things"), str(sum(len(roles) > 1 for roles in found.meanings.values()))),
    ]


def _in_time(found: Inquiry) -> int:
    return sum(sent.arrived is not None for sent in found.studies.values())


def _challenges(scenario: Scenario, found: Inquiry) -> Iterator[Row]:
    for each in found.challenges:
        fact = scenario.facts[each.evidence]
        says = tr(
            '"{fact}", on {ground}',
            fact=shortened(fact.plainly or fact.says, 90),
            ground=vocabulary.GROUNDS[each.ground],
        )
        who = tr("challenged by {who}, round {n}", who=scenario.card(each.by).short, n=each.round)
        yield Row((says, who, _came(each)))


def _came(each: Challenged) -> str:
    if not each.effect:
        return tr("nothing to it")
    return tr("answered, round {n}", n=each.answered) if each.answered else tr("stood to the end")


def _options(scenario: Scenario, found: Inquiry) -> Iterator[Row]:
    for (issue, option), holders in scenario.held_options.items():
        label = scenario.label(issue, option)
        held = tr("held by {who}", who=phrase.names(scenario, holders))
        if tabled := found.brought.get((issue, option)):
            who = scenario.card(tabled.by).short if tabled.by else tr("somebody")
            when = tr("round {n}", n=tabled.round) if tabled.round else tr("the opening")
            yield Row((label, held, tr("brought by {who}, {when}", who=who, when=when)))
        else:
            yield Row((label, held, KEPT[found.kept[issue, option]]), tr("NEVER BROUGHT"))


def _studies(scenario: Scenario, found: Inquiry) -> Iterator[Row]:
    for fact in scenario.evidence:
        if fact.study is not None:
            sent = found.studies.get(fact.id)
            asked = tr("sent for in round {n}", n=sent.round) if sent else tr("never sent for")
            came = tr("in, round {n}", n=sent.arrived) if sent and sent.arrived else tr("never known")
            yield Row((fact.study.asks, asked, came))


def _words(scenario: Scenario, found: Inquiry) -> Iterator[Row]:
    for word in {**found.meanings, **found.unsaid}:
        said, kept = found.meanings.get(word, ()), found.unsaid.get(word, ())
        told = (
            tr("told by {who}", who=phrase.names(scenario, said)) if said else tr("nobody said what it means")
        )
        rest = (
            tr("never told by {who}", who=phrase.names(scenario, kept))
            if kept
            else tr("all meanings are out")
        )
        yield Row((tr('"{text}"', text=word), told, rest))
