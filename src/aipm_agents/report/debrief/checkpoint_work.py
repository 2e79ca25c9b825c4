"""Which checkpoint did the work, and how the table worked: stops, questions, trades, talk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import mark, tr, tr_n
from aipm_agents.report.debrief.turning_points import GATES, rounds
from aipm_agents.report.papers.blocks import Grid, Heading, Lines, Row
from aipm_agents.report.papers.typography import quoted, together
from aipm_agents.report.words import numbers, phrase, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.debrief.checkpoint_work import Key, Stops
    from aipm_agents.analysis.debrief.whole import Debrief
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.evidence import Analysis

KEYS: vocabulary.Words[Key] = vocabulary.Words({
    "fact": mark("something said"), "choice": mark("another package"), "both": mark("a fact and another package"),
    "votes": mark("yeses"),
})  # fmt: skip
_KINDS: vocabulary.Words[Analysis] = vocabulary.Words({
    "descriptive": mark("how many (descriptive)"), "diagnostic": mark("why (diagnostic)"),
    "predictive": mark("what next (predictive)"),
})  # fmt: skip


def checkpoint(found: Debrief, *, full: bool) -> Iterator[Block]:
    yield Heading(tr("Which checkpoint did the work"))
    if not found.work.gates:
        yield Lines((tr("None: nothing was ruled."),))
        return
    hardest = found.work.hardest
    if hardest is None:
        yield Lines((tr("None had to: the first package passed them all."),))
        return
    yield Lines((_hardest(found, hardest),))
    if not full:
        return
    rows = [
        Row((
            GATES[each.gate], rounds(each.shut),
            rounds(each.alone) if each.alone else tr("never"), _opened(each),
        ))
        for each in found.work.gates if each.shut
    ]  # fmt: skip
    yield Grid(("", tr("shut in"), tr("alone in"), tr("opened with")), tuple(rows), first=5)
    never = [GATES[each.gate] for each in found.work.gates if not each.shut]
    if never:
        yield Lines(
            (tr("Open from the first ruling to the last: {gates}.", gates=phrase.listed(never)),), "quiet"
        )


def _hardest(found: Debrief, stops: Stops) -> str:
    gate = GATES[stops.gate]
    if stops.gate == "team" and stops.alone:
        text = tr(
            "{gate}. In {rounds} everything else stood open, and what was missing was people.",
            gate=gate, rounds=rounds(stops.alone),
        )  # fmt: skip
        who = phrase.names(found.scenario, stops.last_yes)
        return together(
            (text, tr("The last yes: {who}.", who=who.rstrip("."))) if stops.last_yes else (text,)
        )
    if stops.alone and stops.alone == stops.against:
        return tr("{gate}. In {rounds} the table had its yeses, and this alone said no.", gate=gate, rounds=rounds(stops.alone))  # fmt: skip
    if stops.alone:
        return tr("{gate}. In {rounds} it was all that stood between the package and a deal.", gate=gate, rounds=rounds(stops.alone))  # fmt: skip
    return tr("{gate} was shut longest, in {rounds}, and never alone.", gate=gate, rounds=rounds(stops.shut))


def _opened(stops: Stops) -> str:
    if stops.opened is None:
        return tr("stayed shut")
    assert stops.key is not None
    return tr("{key}, {when}", key=KEYS[stops.key], when=phrase.when(stops.opened))


def harm(found: Debrief) -> str:
    """Who first took it up; else, where a fact about it lay on the table, that nobody did."""
    work, scenario = found.sheet.conduct, found.scenario
    first, there = work.harm_first_raised, work.harm_came_up
    if first is not None:
        assert first.by is not None
        return tr(
            "Harm first raised: {when}, by {who}.",
            when=phrase.when(first.round),
            who=scenario.card(first.by).title,
        )
    if there is None:
        return tr("Harm first raised: never.")
    return tr(
        "Harm first raised: never. It came up ({when}), and nobody took it up.", when=phrase.when(there.round)
    )


def process(found: Debrief) -> Iterator[Block]:
    yield Heading(tr("Process"), tr("what each controlled, and so what can be learned"))
    work, inquiry = found.sheet.conduct, found.sheet.inquiry
    decided = found.record.decision
    rows = [
        (tr("questions asked, answered, declined"), f"{work.asked}, {work.answered}, {work.declined}"),
        (tr("trades offered, taken"), f"{work.trades_offered}, {work.trades_taken}"),
        (tr("moves that softened, with a reason"), f"{work.softened}, {work.with_reason}"),
        (
            tr("facts seats told, news, from the start; of all there were"),
            f"{work.facts('seat')}, {work.facts('news')}, {work.facts('start')}; {len(found.scenario.facts)}",
        ),
    ]
    if "challenges" in found.scenario.extras:
        rows.append((tr("challenges, with something to them"), f"{len(inquiry.challenges)}, {inquiry.with_effect}"))  # fmt: skip
    if decided is not None and decided.dissent:
        rows.append((tr("dissent on record"), phrase.names(found.scenario, decided.dissent)))
    yield Grid(("", ""), tuple(Row(each) for each in rows), first=5)
    yield Lines((harm(found), *heard(found)))
    parts = [
        Row((found.scenario.card(role).short, numbers.percent(part.share), str(part.asked), str(part.was_asked)))
        for role, part in found.hearing.parts.items()
    ]  # fmt: skip
    yield Grid(("", tr("share of talk"), tr("asked"), tr("was asked")), tuple(parts), figures=True)


def heard(found: Debrief) -> list[str]:
    """What the table made of its facts: jargon, the dazzling demo, the kind of figure nobody asked for."""
    scenario, heard = found.scenario, found.hearing
    texts = []
    whole = len(heard.plain) + len(heard.jargon)
    if heard.jargon:
        first = scenario.facts[heard.jargon[0]]
        texts.append(tr(
            "Facts the PM put in plain words: {n} of {whole}. Left in jargon, for one: {says} In plain words: {plainly}",
            n=len(heard.plain), whole=whole, says=quoted(first.says, 120), plainly=quoted(first.plainly or "", 120),
        ))  # fmt: skip
    elif whole:
        texts.append(tr("The PM put every fact on the table in plain words."))
    texts += _dazzled(found)
    for kind, figures in heard.kinds.items():
        if not figures.asked and figures.tabled < figures.held:
            texts.append(tr_n(
                "Nobody asked {kind}: {n} such fact was there to be asked for.",
                "Nobody asked {kind}: {n} such facts were there to be asked for.", figures.held, kind=_KINDS[kind],
            ))  # fmt: skip
    return texts


def _dazzled(found: Debrief) -> list[str]:
    scenario, texts = found.scenario, []
    for name, demo in found.hearing.dazzling.items():
        says, proof = quoted(scenario.facts[name].says, 90), bool(scenario.facts[name].supports)
        doubted = phrase.names(scenario, dict.fromkeys(role for role, _ in demo.doubted))
        if demo.moved:
            moved = phrase.listed(
                tr("{who} ({when})", who=scenario.card(role).called, when=phrase.when(number)) for role, number in demo.moved
            )  # fmt: skip
            told = tr("Moved by the demo that dazzles, {says}: {who}.", says=says, who=moved) if proof else tr(
                "Moved by the demo that proves nothing, {says}: {who}.", says=says, who=moved)  # fmt: skip
        else:
            told = tr("The demo that dazzles, {says}, moved nobody who said so.", says=says) if proof else tr(
                "The demo that proves nothing, {says}, moved nobody who said so.", says=says)  # fmt: skip
        texts.append(told)
        texts.append(tr("Doubted by {who}.", who=doubted) if demo.doubted else tr("Nobody doubted it."))
    return texts
