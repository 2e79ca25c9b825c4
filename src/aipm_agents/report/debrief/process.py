"""How the table worked: questions, trades, facts, talk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.analysis.run.aloud import opened_as_offered
from aipm_agents.analysis.run.raising import raised
from aipm_agents.language import mark, tr, tr_n
from aipm_agents.report.live.closing import dissent
from aipm_agents.report.papers.blocks import Grid, Heading, Lines, Row
from aipm_agents.report.papers.typography import quoted, shortened
from aipm_agents.report.words import numbers, phrase, vocabulary
from aipm_agents.table.faults import faulted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.debrief.whole import Debrief
    from aipm_agents.analysis.run.trades import TradeOffered
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.evidence import Analysis
    from aipm_agents.scenario.model import Scenario

_KINDS: vocabulary.Vocabulary[Analysis] = vocabulary.Vocabulary({
    "descriptive": mark("how many (descriptive)"), "diagnostic": mark("why (diagnostic)"),
    "predictive": mark("what next (predictive)"),
})  # fmt: skip


def process(found: Debrief) -> Iterator[Block]:
    yield Heading(tr("Process"), tr("what each controlled, and so what can be learned"))
    work, inquiry = found.sheet.conduct, found.sheet.inquiry
    decided = found.record.decision
    put = sum(each.how == "put" for each in raised(found.record))
    drew = sum(each.how == "put" for each in found.drawn)
    texts = [
        tr_n(
            "{n} question was put: {answered} answered, {declined} declined.",
            "{n} questions were put: {answered} answered, {declined} declined.",
            work.asked + put, answered=work.answered + drew, declined=work.declined,
        )
        if work.asked + put else tr("No question was put."),
        *_without_a_choice(found),
        *_trades(found),
        tr("Votes that softened: {softened}; that hardened: {hardened}.", softened=work.softened, hardened=work.hardened),
        tr(
            "Of {whole} facts in all, seats told {seat}, news brought {news}, and {start} lay there from the start.",
            whole=len(found.scenario.facts), seat=work.facts("seat"), news=work.facts("news"), start=work.facts("start"),
        ),
    ]  # fmt: skip
    if "challenges" in found.scenario.extras:
        texts.append(tr_n(
            "{n} challenge was made; there was something to {effect} of them.",
            "{n} challenges were made; there was something to {effect} of them.",
            len(inquiry.challenges), effect=inquiry.with_effect,
        ))  # fmt: skip
    if decided is not None and decided.dissent:
        failed = faulted(found.record.events, decided.round)
        who = dissent(found.scenario, decided.dissent, found.sheet.ruling, failed)
        texts.append(tr("Dissent on record: {who}.", who=who))
    if opened_as_offered(found.record):
        texts.append(
            tr("The PM opened with the words that the program offers, as they stood: they count for nobody.")
        )
    yield Lines((*texts, *came_out(found), *heard(found)))
    parts = [
        Row((found.scenario.card(role).called, numbers.percent(part.share), str(part.asked), str(part.was_asked)))
        for role, part in found.hearing.parts.items()
    ]  # fmt: skip
    yield Grid(("", tr("share of talk"), tr("asked"), tr("was asked")), tuple(parts), figures=True)


def _without_a_choice(found: Debrief) -> Iterator[str]:
    """Answers to a question about an issue that name none of its options."""
    open_ = [e for e in found.record.answers if e.answer.about in found.scenario.issue and not e.answer.declined and not e.answer.prefers]  # fmt: skip
    if open_:
        who = phrase.listed(tr("{who} ({when})", who=found.scenario.card(e.by).called, when=phrase.when(e.round)) for e in open_)  # fmt: skip
        yield tr_n("{n} answer about a choice names none: {who}.", "{n} answers about a choice name none: {who}.", len(open_), who=who)  # fmt: skip


def _trades(found: Debrief) -> Iterator[str]:
    """Each with who offered it, and what came of it."""
    offered, scenario = found.sheet.conduct.trades, found.scenario
    if not offered:
        yield tr("No trade was offered.")
    for each in offered:
        give, get = (
            phrase.listed(quoted(scenario.label(*pair)) for pair in side.items())
            for side in (each.give, each.get)
        )
        yield tr(
            "{who} offered {give} for {get} ({when}). {came}", who=scenario.card(each.by).called,
            give=give, get=get, when=phrase.when(each.round), came=_came_of(each, signed=found.record.deal is not None),
        )  # fmt: skip


def _came_of(each: TradeOffered, *, signed: bool) -> str:
    if each.taken is not None:
        text = mark("Both stood in the plan of {when}.")
        if signed:
            text = mark("Both stood in the plan of {when}, and stand in the deal.") if each.kept else mark("Both stood in the plan of {when}, and not in the deal.")  # fmt: skip
        return tr(text, when=phrase.when(each.taken))
    if each.paid is not None:
        return tr("The deal has what was asked for, and what its offer of {when} gave for that.", when=phrase.when(each.paid))  # fmt: skip
    if each.unpaid:
        return tr("The deal has what was asked for, and not what was offered for it.")
    if each.got:
        text = mark("What was asked for stood in a plan without what was offered ({rounds}), and not in the deal.") if signed else mark("What was asked for stood in a plan without what was offered ({rounds}).")  # fmt: skip
        return tr(text, rounds=phrase.rounds(each.got))
    return tr("No later plan had what was asked for.")


def came_out(found: Debrief) -> Iterator[str]:
    """The questions that drew a fact, and what came unasked."""
    scenario = found.scenario
    for each in found.drawn:
        if each.how == "unasked":
            continue
        asks = _question(scenario, each.about)
        who, when = scenario.card(each.by).called, phrase.when(each.round)
        asker = (
            tr("the ruling of round {n}", n=each.at)
            if each.asker is None
            else scenario.card(each.asker).called
        )
        yield tr("{asks}, asked by {asker}. Then told by {who} ({when}): {fact}", asks=quoted(asks), asker=asker, who=who, when=when, fact=quoted(scenario.facts[each.fact].says, 70))  # fmt: skip
    if unasked := [each for each in found.drawn if each.how == "unasked"]:
        told = phrase.listed(dict.fromkeys(tr("{who} ({when})", who=scenario.card(each.by).called, when=phrase.when(each.round)) for each in unasked))  # fmt: skip
        yield tr_n(
            "{n} fact was told unasked: {who}.", "{n} facts were told unasked: {who}.", len(unasked), who=told
        )


def _question(scenario: Scenario, about: str) -> str:
    if about in scenario.criteria:
        return scenario.criteria[about][1].asks
    return scenario.issue[about].question if about in scenario.issue else scenario.facts[about].says


def heard(found: Debrief) -> list[str]:
    """What the table made of its facts: jargon, the dazzling demo, the kind of figure nobody asked for."""
    scenario, heard = found.scenario, found.hearing
    texts = []
    if heard.jargon:
        first = scenario.facts[_telling(found)]
        texts.append(tr(
            "Not put in plain words by the PM, for one: {says} In the case's plain words: {plainly}",
            says=quoted(first.says, 160), plainly=shortened(first.plainly or "", 160),
        ))  # fmt: skip
    elif heard.plain:
        texts.append(tr("The PM put every fact on the table in plain words."))
    texts += _dazzled(found)
    for kind, figures in heard.kinds.items():
        if not figures.asked and figures.tabled < figures.held:
            texts.append(tr_n(
                "Nobody asked {kind}: {n} such fact was never told.",
                "Nobody asked {kind}: {n} such facts were never told.", figures.held - figures.tabled, kind=_KINDS[kind],
            ))  # fmt: skip
    return texts


def _telling(found: Debrief) -> str:
    """Of the facts that were not put in plain words, the one most hung on: of what is still open at the end, then one that
    decided a ruling, then one that a seat told, the last of them; a figure that dazzles is told of below."""
    deciding = {each.name for each in found.turning if each.kind == "fact"}
    still = {name for name, status in found.sheet.findings.items() if status != "met"}
    told, facts = found.sheet.conduct.tabled, found.scenario.facts

    def rank(name: str) -> tuple[bool, bool, bool, bool, int]:
        about = not still.isdisjoint((*facts[name].supports, *facts[name].undermines))
        seat = told[name].source == "seat"
        return (name not in found.hearing.dazzling, about, name in deciding, seat, told[name].round)

    return max(found.hearing.jargon, key=rank)


def _dazzled(found: Debrief) -> list[str]:
    scenario, texts = found.scenario, []
    for name, demo in found.hearing.dazzling.items():
        says, proof = quoted(scenario.facts[name].says, 90), bool(scenario.facts[name].supports)
        doubted = phrase.names(scenario, dict.fromkeys(role for role, _ in demo.doubted))
        if demo.moved:
            moved = phrase.listed(
                tr("{who} ({when})", who=scenario.card(role).called, when=phrase.when(number)) for role, number in demo.moved
            )  # fmt: skip
            told = tr("Moved by the figure that dazzles, {says}: {who}.", says=says, who=moved) if proof else tr(
                "Moved by the figure that answers no checkpoint's question, {says}: {who}.", says=says, who=moved)  # fmt: skip
        else:
            told = tr("The figure that dazzles, {says}: nobody named it as a reason.", says=says) if proof else tr(
                "The figure that answers no checkpoint's question, {says}: nobody named it as a reason.", says=says)  # fmt: skip
        texts.append(told)
        texts.append(
            tr("Doubted by {who}.", who=doubted)
            if demo.doubted
            else tr("No question and no challenge on record names it.")
        )
    return texts
