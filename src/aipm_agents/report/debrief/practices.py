"""The two checklists of the article this project grew from, answered from the record or marked as not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import mark, tr, tr_n
from aipm_agents.report.debrief.checkpoint_work import harm
from aipm_agents.report.papers.blocks import Grid, Heading, Row
from aipm_agents.report.papers.typography import quoted
from aipm_agents.report.words import phrase, technology, vocabulary
from aipm_agents.table.events import last_ruling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.debrief.practices import Item, Practice
    from aipm_agents.analysis.debrief.whole import Debrief
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.events import Event

_PRACTICES: vocabulary.Words[Practice] = vocabulary.Words({
    "goal": mark("A goal, and a measure for it"), "user": mark("The user at the centre"),
    "iteration": mark("Quick tests and new tries"), "translation": mark("Both languages, technical and plain"),
    "technology": mark("A technical path chosen knowingly"), "boundaries": mark("What the system may do, and who can stop it"),
    "reliability": mark("Reliability that somebody tested"), "value": mark("Engineering that turns into value"),
    "safety": mark("Safety and alignment from the start"),
})  # fmt: skip


def practices(found: Debrief) -> Iterator[Block]:
    yield Heading(tr("Best practices"), tr("of the article this project grew from"))
    rows = []
    for name, item in found.practices.items():
        status = tr("shown") if item.shown else vocabulary.STATUSES["not_shown"]
        told = tr("{status}: {what}", status=status, what=_answer(found, name, item))
        rows.append(Row((_PRACTICES[name], told)))
    yield Grid((tr("practice"), tr("from the record")), tuple(rows), first=3)


def _answer(found: Debrief, name: Practice, item: Item) -> str:
    scenario, goal = found.scenario, found.scenario.success
    match name:
        case "goal":
            measure = (
                tr("{metric}, to {to}", metric=goal.metric, to=goal.to) if goal else tr("the case names none")
            )
            return tr("{measure}: read back and signed", measure=measure) if item.shown else tr("{measure}: never read back over a deal", measure=measure)  # fmt: skip
        case "iteration":
            packages = tr_n("{n} package was tabled", "{n} different packages were tabled", item.tally[0])
            return packages + (tr_n(", {n} study sent for", ", {n} studies sent for", item.tally[1]) if item.tally[1] else "")  # fmt: skip
        case "translation":
            return tr("{n} of {whole} facts in the PM's plain words", n=item.tally[0], whole=item.tally[1])
        case "technology":
            return technology.path(scenario, item.choices) or tr("nothing was decided about it")
        case "safety":
            return harm(found)
        case _:
            return _by_criteria(scenario, item)


def _by_criteria(scenario: Scenario, item: Item) -> str:
    asks = phrase.listed(quoted(scenario.criteria[name][1].asks) for name in item.criteria)
    if item.criteria and not item.shown:
        return tr("still open: {asks}", asks=asks)
    if item.facts:
        fact = scenario.facts[item.facts[0]]
        return tr("rests on {fact}", fact=quoted(fact.plainly or fact.says, 90))
    if item.criteria:
        return asks
    return tr("no fact carries it")


def of_four(scenario: Scenario, events: tuple[Event, ...], package: Package | None) -> Iterator[Block]:
    """The article's four, each answered from the record or marked as not shown."""
    ruling = last_ruling(events)

    def verdict(gate: str) -> str:
        if ruling is None:
            return tr("NOT SHOWN: nothing was ruled")
        return vocabulary.VERDICTS[ruling.people if gate == "people" else ruling.verdicts[gate]]  # type: ignore[index]

    goal, absent = scenario.success, tr("NOT SHOWN")
    vision = (
        tr("{purpose}; {metric} to {to}", purpose=scenario.purpose, metric=goal.metric, to=goal.to)
        if scenario.purpose and goal else scenario.purpose
    )  # fmt: skip
    watching = [each.asks for _, each in scenario.criteria.values() if each.caution == "decay"]
    monitor = tr("; ").join(filter(None, [goal.guardrail if goal else None, *watching]))
    harms = phrase.sentences(each.asks for each in scenario.checkpoints.alignment)
    desire, feasible, viable, people = map(verdict, ("desire", "feasible", "viable", "people"))
    rows = (
        Row((tr("Are vision and strategy clear?"), vision or absent, tr("Desire: {verdict}", verdict=desire))),
        Row((tr("Do technology and architecture fit the need?"), technology.path(scenario, package or {}) or absent, tr("Feasible: {verdict}", verdict=feasible))),
        Row((tr("Is there monitoring of data, and feedback?"), monitor or absent, tr("Viable: {verdict}", verdict=viable))),
        Row((tr("Are AI safety and ethics designed in?"), harms or absent, tr("Alignment, people: {verdict}", verdict=people))),
    )  # fmt: skip
    yield Heading(tr("Checklist of four"), tr("of the article this project grew from"))
    yield Grid(("", tr("from the record"), tr("checkpoint")), rows, first=4)
