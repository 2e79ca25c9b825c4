"""The article's three words, which close a debrief: clear, quick, true to what we value. Told, and not scored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import tr, tr_n
from aipm_agents.report.debrief.harm import harm
from aipm_agents.report.papers.blocks import Heading, Quote, Quotes
from aipm_agents.report.papers.typography import quoted, together
from aipm_agents.report.words import phrase, vocabulary
from aipm_agents.report.words.ended import ended

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.debrief.whole import Debrief
    from aipm_agents.report.papers.blocks import Block


def motto(found: Debrief, *, full: bool) -> Iterator[Block]:
    yield Heading(tr("Clear? Quick? True to what we value?"))
    yield Quotes((
        Quote(tr("Clear"), together(_clear(found))), Quote(tr("Quick"), _quick(found)),
        Quote(tr("True"), together(_true(found, full=full))),
    ))  # fmt: skip


def _clear(found: Debrief) -> Iterator[str]:
    heard, work = found.hearing, found.sheet.conduct
    whole = len(heard.plain) + len(heard.jargon)
    spoke = any(work.talk.values())
    if whole and spoke:
        yield tr(
            "{n} of {whole} facts were put in plain words in the PM's speeches.",
            n=len(heard.plain),
            whole=whole,
        )
    if work.softened:
        yield tr(
            "Of the votes that softened, {n} in all: {named} named what moved them, {met} had a condition of theirs met; one vote may be both.",
            n=work.softened, named=work.with_reason, met=work.obliged,
        )  # fmt: skip
    apart = [each.name for each in found.withheld if each.kind == "word"]
    if apart:
        words = phrase.listed(map(quoted, apart))
        yield tr("Nobody found out that {words} did not mean the same to all.", words=words)
    if not (whole and spoke) and not work.softened and not apart:
        yield tr("There is nothing on record to judge by.")


def _quick(found: Debrief) -> str:
    sheet, whole = found.sheet, found.scenario.rounds
    if sheet.decision == "stopped":
        return tr("{told}.", told=phrase.begun(ended(found.scenario, found.record.events)))
    if sheet.decision == "undecided":
        return tr("Undecided: faults kept somebody from speaking whose word was needed.")
    if found.open_from is not None and found.open_from < sheet.round:
        return tr(
            "Signed in round {n} of {whole}. On what was known then, the checkpoints would have let this very package through from round {first} on; it was first proposed in round {put}, and how the votes would have gone before is not known.",
            n=sheet.round, whole=whole, first=found.open_from, put=_first_put(found),
        )  # fmt: skip
    if sheet.deal:
        text = tr("Signed in round {n} of {whole}, the first in which it could have passed.", n=sheet.round, whole=whole)  # fmt: skip
        asked = sheet.conduct.asked or sheet.inquiry.challenges
        return text if asked else together((text, tr("No question had been put.")))
    better = found.gains.better
    if better is not None and better.chance is not None and not better.chance.facts:
        return tr(
            "{n} of {whole} rounds and no deal; one that was better for all lay open from round {first} on.",
            n=sheet.round, whole=whole, first=better.chance.round,
        )  # fmt: skip
    return tr_n("{n} round and no deal.", "{n} rounds and no deal.", sheet.round)


def _first_put(found: Debrief) -> int:
    return next(e.round for e in found.record.proposals if e.package == found.sheet.package)


def _true(found: Debrief, *, full: bool) -> Iterator[str]:
    if not full:  # else it stands among the practices
        yield harm(found)
    verdict = found.sheet.verdicts.get("people")
    if verdict is not None:
        yield tr("Alignment, people, at the end: {verdict}.", verdict=vocabulary.VERDICTS[verdict])
    if found.scenario.affected:
        told = tr("; ").join(
            tr("{who}: {what}", who=each.who, what=each.stake.rstrip(".。"))
            for each in found.scenario.affected[: None if full else 1]
        )
        yield tr("Not in the room: {who}.", who=told)
