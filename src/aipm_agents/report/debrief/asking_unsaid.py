"""The question to put to a room about one thing that stayed unsaid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import tr, tr_n
from aipm_agents.report.papers.typography import quoted
from aipm_agents.report.words import phrase, vocabulary
from aipm_agents.table.heard import challenges, speakers

if TYPE_CHECKING:
    from aipm_agents.analysis.debrief.unsaid import Withheld
    from aipm_agents.analysis.debrief.whole import Debrief


def about_unsaid(found: Debrief, each: Withheld) -> str:
    scenario = found.scenario
    who = phrase.listed(scenario.card(role).called for role in each.holders)
    match each.kind:
        case "fact":
            return _about_fact(found, each, who)
        case "option" if each.why == "faulted":
            option = quoted(scenario.label(each.name, each.part))
            return tr("The turns in which {who} was to bring {option} failed. What would it have changed?", who=who, option=option)  # fmt: skip
        case "option":
            option = quoted(scenario.label(each.name, each.part))
            return tr("{who}, {option} stayed in your pocket. Which question would have brought it out?", who=who, option=option)  # fmt: skip
        case "study":
            fact_ = scenario.facts[each.name]
            assert fact_.study is not None
            return tr_n("{asks} It takes {n} round to find out, and nobody sent. What would waiting have cost?", "{asks} It takes {n} rounds to find out, and nobody sent. What would waiting have cost?", fact_.takes or 0, asks=fact_.study.asks)  # fmt: skip
        case "challenge":
            name, ground = each.name, each.part
            fact = quoted(scenario.facts[name].says, 100)
            doubted = dict.fromkeys(
                vocabulary.GROUNDS[made.ground] for event in challenges(found.record.events)
                if (made := event.move.challenge) is not None and made.evidence == name
            )  # fmt: skip
            if doubted:
                return tr(
                    "{fact} Somebody doubted {grounds}, and nobody {ground}. What should somebody have asked?",
                    fact=fact, grounds=phrase.listed(doubted), ground=vocabulary.GROUNDS[ground],  # type: ignore[index]
                )  # fmt: skip
            return tr("{fact} Everybody let that stand. What should somebody have asked about it?", fact=fact)
        case "word":
            return _about_word(found, each.name, who)


def _about_fact(found: Debrief, each: Withheld, who: str) -> str:
    fact = quoted(found.scenario.facts[each.name].says, 90)
    match each.why:
        case "declined":
            return tr("{who}, you were asked, and declined: {fact} How should they have asked?", who=who, fact=fact)  # fmt: skip
        case "faulted":
            return tr("The turns in which {who} was to tell this failed: {fact} What would it have changed?", who=who, fact=fact)  # fmt: skip
        case "asked":
            return tr("{who}, you were asked, and did not tell this: {fact} What would have made it easy to say?", who=who, fact=fact)  # fmt: skip
        case "ruling":
            return tr("The rulings asked for this by name, and {who} knew it: {fact} What would it have cost to tell it, and who else read that line?", who=who, fact=fact)  # fmt: skip
        case "elsewhere":
            return tr("{who}, you knew this; what it bears on was asked, of somebody else: {fact} How could anybody have known to ask you?", who=who, fact=fact)  # fmt: skip
        case "not_asked" if not each.effect.any:
            return tr("{who}, nobody asked, and alone it would have changed no verdict: {fact} What else would the others have known by it?", who=who, fact=fact)  # fmt: skip
        case "not_asked":
            return tr("{who}, you knew this, and nobody asked: {fact} Which question would have brought it out?", who=who, fact=fact)  # fmt: skip
        case "unrecorded":
            return tr("{who}, you kept this, or nobody asked: {fact} Which was it?", who=who, fact=fact)


def _about_word(found: Debrief, word: str, who: str) -> str:
    said = bool(speakers(found.record.events, word))
    return tr("What did you mean when you said {word}? {who}: write it down, then read it out.", word=quoted(word), who=who) if said else tr("What is {word} to you? {who}: write it down, then read it out.", word=quoted(word), who=who)  # fmt: skip
