"""What nobody said, who had asked for it, and what it would have changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from aipm_agents.language import mark, tr, tr_n
from aipm_agents.report.debrief.turning_points import without
from aipm_agents.report.papers.blocks import Heading, Lines, Quote, Quotes
from aipm_agents.report.papers.typography import quoted, together
from aipm_agents.report.words import phrase, reasons, vocabulary
from aipm_agents.table.events import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.debrief.unsaid import UnsaidEffect, Why, Withheld
    from aipm_agents.analysis.debrief.whole import Debrief
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.model import Scenario

FEW = 3
_WHY: vocabulary.Vocabulary[Why] = vocabulary.Vocabulary({
    "declined": mark("Asked, and declined to answer."), "asked": mark("Asked, and not told."),
    "ruling": mark("Rulings named what it answers and who is to show it; nobody at the table asked, and it was not told."), "not_asked": mark("Nobody asked."),
    "elsewhere": mark("What it bears on was asked, of somebody else; nobody asked who held it."),
    "faulted": mark("The turns in which it was to be told failed: a fault, and nobody's silence."),
    "unrecorded": mark("Whether anybody asked was not recorded."),
})  # fmt: skip


def unsaid(found: Debrief, *, full: bool) -> Iterator[Block]:
    """First what would have changed most; what would have changed nothing is named in full alone."""
    scenario = found.scenario
    yield Heading(tr("What nobody said"), tr("and what it would have changed, recomputed"))
    yield from _known(found)
    if not found.withheld:
        yield Lines((_all_told(found),))
        return
    ordered = sorted(found.withheld, key=lambda each: weight(each.effect), reverse=True)
    telling = [each for each in ordered if each.effect.any or each.kind == "word"]
    told = ordered if full else telling[:FEW] if len(telling) > 1 else ordered[:2]
    yield Quotes(tuple(Quote(who(scenario, each), what(scenario, each), note(found, each)) for each in told))
    rest = len(ordered) - len(told)
    if rest:
        text = tr_n(
            "{n} more thing stayed unsaid; --full tells it.",
            "{n} more things stayed unsaid; --full tells them.",
            rest,
        )
        yield Lines((text,), "quiet")


def _all_told(found: Debrief) -> str:
    """How many facts the seats held, and how many of them a question drew."""
    drew = sum(each.how in ("asked", "put") for each in found.drawn)
    told = len(found.drawn)
    if not told:
        return tr("No card held a fact that was not on the table.")
    text = tr_n("The one fact on the cards was told.", "All {n} facts on the cards were told.", told)
    ruled = sum(each.how == "ruling" for each in found.drawn)
    asked = tr_n("{n} of them came after a question about it.", "{n} of them came after a question about them.", drew) if drew else tr("No question of a seat drew any of them out.")  # fmt: skip
    ruling = tr_n("{n} came after a ruling had asked for it.", "{n} came after a ruling had asked for them.", ruled) if ruled else ""  # fmt: skip
    return together((text, asked, ruling))


def weight(effect: UnsaidEffect) -> tuple[int, int, int]:
    return len(effect.breaks), len(effect.shifts), effect.opened + effect.closed


def _known(found: Debrief) -> Iterator[Block]:
    if found.said_only:
        ruling = found.record.last_ruling
        if ruling is not None and not found.fails_on_known:
            text = tr("A no-go on what was told, not on what was known: with every fact that this table held, the last plan itself would have met every checkpoint. {n} of {many} said yes to it.", n=len(ruling.team.yes), many=len(found.scenario.parties))  # fmt: skip
        else:
            text = tr("A no-go on what was told, not on what was known: with every fact that this table held, some package would have met every checkpoint. How the table would have voted on it, nobody can tell.")  # fmt: skip
        yield Lines((text,), "strong")
    if found.said_only and found.fails_on_known and (ruling := found.record.last_ruling) is not None:
        asks = phrase.listed(quoted(found.scenario.criteria[name][1].asks) for name in found.fails_on_known)
        text = tr_n("The last package had {n} yes; with everything this table knew it fails {asks}", "The last package had {n} yeses; with everything this table knew it fails {asks}", len(ruling.team.yes), asks=asks)  # fmt: skip
        yield Lines((text,), "strong")
    elif found.fails_on_known and found.sheet.deal:
        asks = phrase.listed(quoted(found.scenario.criteria[name][1].asks) for name in found.fails_on_known)
        text = tr("Signed on what was said, not on what was known: with everything this table knew, the deal fails {asks}", asks=asks)  # fmt: skip
        yield Lines((text,), "strong")


def who(scenario: Scenario, each: Withheld) -> str:
    if each.holders:
        return phrase.names(scenario, each.holders)
    return tr("nobody yet") if each.kind == "study" else tr("anybody")


def what(scenario: Scenario, each: Withheld) -> str:
    match each.kind:
        case "fact":
            return quoted(scenario.facts[each.name].says, 160)
        case "option":
            return tr("An option: {option}", option=quoted(scenario.label(each.name, each.part)))
        case "study":
            study = scenario.facts[each.name].study
            assert study is not None
            return tr("Could have been found out: {asks}", asks=study.asks)
        case "challenge":
            name, ground = each.name, each.part
            fact = scenario.facts[name]
            limit = next(limit for limit in fact.limits if limit.ground == ground)
            return tr(
                "What is wrong with {fact}: {what}.",
                fact=quoted((fact.plainly or fact.says).rstrip(".。"), 70), what=limit.says.rstrip(".。"),
            )  # fmt: skip
        case "word":
            told = tr("; ").join(
                tr("{who}: {what}", who=scenario.card(role).called, what=party.terms[each.name].rstrip(".。"))
                for role, party in scenario.parties.items() if each.name in party.terms
            )  # fmt: skip
            return tr("The word {word} meant different things. {told}.", word=quoted(each.name), told=told)
    assert_never(each.kind)


def note(found: Debrief, each: Withheld) -> str:
    texts = [reason(found, each)]
    if each.kind != "word":
        texts.append(effect(found, each.effect))
    return together(texts)


def reason(found: Debrief, each: Withheld) -> str:
    """Who had asked; why it was kept is on no record."""
    if each.why in ("unrecorded", "faulted"):
        return _WHY[each.why]
    match each.kind:
        case "study":
            return tr("The PM never sent for it.")
        case "challenge":
            return tr("Nobody asked whether it holds.")
        case "word":
            if each.asked:
                return tr("Nobody compared.")
            if asked := _asked_in(found, each):
                return tr("Asked in round {n}; it ended before the answer.", n=asked)
            return tr("Nobody asked.")
        case _:
            pass
    return _WHY[each.why]


def _asked_in(found: Debrief, each: Withheld) -> int | None:
    """The round in which somebody who means something by a word was last asked about it."""
    rounds = [
        asked.round for asked in found.record.questions
        if asked.question.about == each.name and asked.question.to in each.holders
    ]  # fmt: skip
    return max(rounds, default=None)


def effect(found: Debrief, made: UnsaidEffect) -> str:
    if not made.any:
        return tr("Alone it would have changed no verdict.")
    texts = []
    if made.shows:
        asks = phrase.listed(quoted(found.scenario.criteria[name][1].asks) for name in made.shows)
        texts.append(tr("It would have shown {asks}", asks=asks))
    texts += _stopped(found, made)
    if made.breaks:
        asks = phrase.listed(quoted(found.scenario.criteria[name][1].asks) for name in made.breaks)
        texts.append(tr("With it the deal would not have passed: {asks}", asks=asks))
    if made.shifts:
        gates = without(made.shifts, now=True)
        texts.append(tr("{gates}.", gates=gates) if made.breaks else tr("Told alone, with nothing else new: {gates}.", gates=gates))  # fmt: skip
    elif made.shows:
        texts.append(tr("Alone it would have changed no verdict."))
    if made.opened:
        texts.append(tr_n("{n} more package could have passed in the end.", "{n} more packages could have passed in the end.", made.opened))  # fmt: skip
    if made.closed and found.sheet.deal and not made.breaks:
        texts.append(tr_n("Told, it would have ruled out {n} package that could pass; the deal is another.", "Told, it would have ruled out {n} packages that could pass; the deal is none of them.", made.closed))  # fmt: skip
    elif made.closed:
        texts.append(tr_n("{n} package fewer could have passed in the end.", "{n} packages fewer could have passed in the end.", made.closed))  # fmt: skip
    return together(texts)


def _stopped(found: Debrief, made: UnsaidEffect) -> Iterator[str]:
    """What it would have stopped the last package on, and what opens that: no reason to have kept it."""
    package = found.record.packages[-1] if made.stops else {}
    for each in made.stops:
        asks = quoted(found.scenario.criteria[each.criterion][1].asks)
        failed = Finding(
            criterion=each.criterion, status="failed", ground="undermined", evidence=each.by, opens=each.opens
        )
        opens = reasons.reason(found.scenario, failed, package).opens_with
        yield tr("It would have stopped the last plan on {asks}, which {opens}.", asks=asks.rstrip(), opens=opens)  # fmt: skip
