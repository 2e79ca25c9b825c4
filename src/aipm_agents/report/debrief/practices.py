"""The best practices of the article this project grew from, answered from the record or marked as not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import mark, tr, tr_n
from aipm_agents.report.debrief.harm import harm
from aipm_agents.report.papers.blocks import Grid, Heading, Row
from aipm_agents.report.papers.typography import quoted, together
from aipm_agents.report.words import phrase, technology, vocabulary
from aipm_agents.report.words.because import because
from aipm_agents.report.words.raising import also, raised, touched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.debrief.practices import Practice, Practised
    from aipm_agents.analysis.debrief.whole import Debrief
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.model import Success

_PRACTICES: vocabulary.Vocabulary[Practice] = vocabulary.Vocabulary({
    "goal": mark("A goal, and a measure for it"), "user": mark("The user at the centre"),
    "iteration": mark("Quick tests and new tries"), "translation": mark("Both languages, technical and plain"),
    "technology": mark("A technical path chosen knowingly"), "boundaries": mark("What the system may do, and who can stop it"),
    "reliability": mark("Whether it can be relied on"), "value": mark("Engineering that turns into value"),
    "safety": mark("Safety and alignment from the start"),
})  # fmt: skip


_STATUSES: vocabulary.Vocabulary[str] = vocabulary.Vocabulary({
    "shown": mark("shown"), "came_up": mark("it came up; nobody took it up"), "not_shown": mark("NOT SHOWN"),
    "absent": mark("not for the program to tell"), "touched": mark("taken up by a choice, not by name"),
})  # fmt: skip


def practices(found: Debrief) -> Iterator[Block]:
    yield Heading(tr("Best practices"), tr("of the article this project grew from"))
    rows = []
    for name, item in found.practices.items():
        told = _answer(found, name, item)
        if item.status != "counted" and (
            item.touched or not (item.status == "not_shown" and _met(found, item))
        ):
            status = "touched" if item.touched else item.status
            told = tr("{status}: {what}", status=_STATUSES[status], what=told if name == "safety" else together((_ended(told), touched(found.scenario, item.touched))))  # fmt: skip
        said_already = name == "safety" or (item.raised is not None and item.raised.about in item.facts)
        spoken = raised(found.scenario, item.raised, 0) if item.raised and not said_already else ""
        more = also(found.scenario, item.also) if spoken else ""
        rows.append(Row((_PRACTICES[name], together((_ended(told), spoken, more)))))
    yield Grid((tr("practice"), tr("from the record")), tuple(rows), first=3)


def _ended(told: str) -> str:
    return told if told.rstrip('"」').endswith((".", "。", "?", "？", "…")) else tr("{text}.", text=told)


def _answer(found: Debrief, name: Practice, item: Practised) -> str:
    scenario, goal = found.scenario, found.scenario.success
    match name:
        case "goal":
            measure = _measure(goal) if goal else tr("the case names none")
            if item.shown and item.raised is None:
                return tr("named aloud at the signing, after the vote: {measure}", measure=measure)
            return tr("{measure}; a deal was signed under it", measure=measure) if found.sheet.deal else tr("{measure}; no deal was signed under it", measure=measure)  # fmt: skip
        case "iteration":
            packages = tr_n("{n} package was proposed", "{n} different packages were proposed", item.tally[0])
            return packages + (tr_n(", {n} study sent for", ", {n} studies sent for", item.tally[1]) if item.tally[1] else tr("; this case has no study to send for") if item.status == "counted" else tr("; no study was sent for"))  # fmt: skip
        case "translation":
            if not item.tally[1]:
                return tr("no fact was told that the case has plain words for")
            return tr(
                "{n} of {whole} facts in plain words in the PM's speeches; how others put them is not counted",
                n=item.tally[0], whole=item.tally[1],
            )  # fmt: skip
        case "technology":
            return technology.path(scenario, item.choices) or tr("nothing was decided about it")
        case "safety":
            return harm(found)
        case _:
            return _by_criteria(found, name, item)


def _by_criteria(found: Debrief, name: Practice, item: Practised) -> str:
    scenario = found.scenario
    asks = phrase.listed(quoted(scenario.criteria[each][1].asks) for each in item.criteria)
    if item.status == "absent":
        return tr("the case marks nothing for it")
    if item.criteria and item.status == "not_shown":
        if not _met(found, item):
            return tr("still open: {asks}", asks=asks)
        stood = together(
            tr("{asks} {status}.", asks=quoted(scenario.criteria[each][1].asks), status=because(found.record, each).rstrip("."))
            for each in item.criteria
        )  # fmt: skip
        return together((tr("nobody asked or doubted it by name."), stood))
    if item.facts:
        if item.raised is not None and item.raised.about in item.facts:
            return raised(scenario, item.raised, 0)
        fact = scenario.facts[item.facts[0]]
        return tr(
            "on the table about it: {fact}", fact=quoted(fact.says, 400)
        )  # whole: its end may say what it does not show
    if item.criteria and name == "boundaries":
        stood = together(
            tr("{asks} {status}.", asks=quoted(scenario.criteria[each][1].asks), status=because(found.record, each).rstrip("."))
            for each in item.criteria
        )  # fmt: skip
        return together((stood, tr("Who may stop it, the program does not look for.")))
    if item.criteria:
        return tr("met in the last ruling: {asks}", asks=asks)
    return tr("no fact carries it")


def _met(found: Debrief, item: Practised) -> bool:
    return bool(item.criteria) and all(found.sheet.findings.get(name) == "met" for name in item.criteria)


def _measure(goal: Success) -> str:
    told = tr("{metric}, to {to}", metric=goal.metric, to=goal.to)
    return tr("{told}, {by}", told=told, by=goal.by) if goal.by else told
