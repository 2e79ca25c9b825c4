"""A debrief as it is projected: the story first, measures after it, questions always, a grade never."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.analysis.run.summary import GATES
from aipm_agents.language import tr
from aipm_agents.report.debrief.asking import ask
from aipm_agents.report.debrief.checkpoint_work import checkpoint, process
from aipm_agents.report.debrief.closing_words import motto
from aipm_agents.report.debrief.concepts import cards
from aipm_agents.report.debrief.coverage import cautions, lenses
from aipm_agents.report.debrief.gains import group, left, own
from aipm_agents.report.debrief.practices import practices
from aipm_agents.report.debrief.turning_points import GATES as TITLES
from aipm_agents.report.debrief.turning_points import moments
from aipm_agents.report.debrief.unsaid import unsaid
from aipm_agents.report.live.closing import stopper
from aipm_agents.report.papers.blocks import Grid, Heading, Items, Lines, Row
from aipm_agents.report.papers.typography import shortened
from aipm_agents.report.run.checklist_of_four import of_four
from aipm_agents.report.run.frontier import frontier
from aipm_agents.report.words import phrase, reasons, setup, vocabulary
from aipm_agents.report.words.ended import ended
from aipm_agents.table.checkpoints import is_open
from aipm_agents.table.events import on_paper

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aipm_agents.analysis.debrief.whole import Debrief
    from aipm_agents.analysis.run.summary import Gate
    from aipm_agents.report.papers.blocks import Block


def screen(
    found: Debrief, *, full: bool, caution: str = "", terms: Mapping[str, tuple[str, str]] | None = None
) -> list[Block]:
    """`caution`: what is to be said of the run first. `terms`: by tag the ideas it may be about, each with its name and
    what it is. Of a table on paper nothing is told that nobody wrote down."""
    unheard = on_paper(found.record.events)
    blocks = [*_title(found, caution), *story(found, full=full), *own(found)]
    if full:
        chart = frontier(
            found.scenario, found.record.events, found.sheet.package if found.sheet.deal else None
        )
        blocks += [*group(found), *([chart] if chart else []), *(() if unheard else process(found))]
        blocks += cards(found, terms or {})
        if not unheard:
            blocks += [*lenses(found), *cautions(found), *practices(found)]
            blocks += of_four(found.record, width=0)
    blocks += [*(() if unheard else motto(found)), *ask(found)]
    if full:
        blocks += _author(found)
    else:
        text = tr(
            "--full adds group result, process, lenses, cautions and checklists; -o FILE.html makes a page."
        )
        blocks.append(Lines((text,), "quiet"))
    return blocks


def story(found: Debrief, *, full: bool) -> Iterator[Block]:
    """What was decided, on what, where it turned, what was not said, what was left, what held it."""
    yield from _decided(found)
    yield from moments(found.scenario, found.turning, full=full, unheard=on_paper(found.record.events))
    yield from unsaid(found, full=full)
    yield from left(found)
    yield from checkpoint(found, full=full)


def _title(found: Debrief, caution: str) -> Iterator[Block]:
    sheet = found.sheet
    told = tr(
        "debrief; run {run}, seed {seed}, {seats}", run=sheet.run_id, seed=sheet.seed, seats=seats(found)
    )
    yield Heading(found.scenario.title, told, level=1)
    named = [(role, party.name) for role, party in found.scenario.parties.items() if party.name]
    key = " · ".join(
        tr("{name}: {seat}", name=name, seat=found.scenario.card(role).short) for role, name in named
    )
    yield Lines((found.scenario.question,))
    if key:
        yield Lines((key,), "quiet")
    if caution:
        yield Lines((caution,), "warning")


def seats(found: Debrief) -> str:
    """Who played; people by their role alone."""
    kinds = found.sheet.seats
    people = [role for role, kind in kinds.items() if kind == "human"]
    others = list(dict.fromkeys(kind for kind in kinds.values() if kind != "human"))
    if people:
        return tr("people as {who}", who=phrase.names(found.scenario, people))
    return tr("embedded seats") if others in ([], ["embedded"]) else phrase.listed(map(setup.kind, others))


def outcome(found: Debrief) -> str:
    return ended(found.scenario, found.record.events)


def _decided(found: Debrief) -> Iterator[Block]:
    """The package, and for each checkpoint the facts that let it through, or what kept it shut."""
    sheet, scenario = found.sheet, found.scenario
    yield Heading(tr("What was decided"), outcome(found))
    if sheet.package is not None:
        package = phrase.options(scenario, sheet.package)
        yield Lines(
            (package if sheet.deal else tr("Last on the table: {package}.", package=package),), "strong"
        )
    decided = found.record.decision
    if decided is not None and decided.package is None:
        what = stopper(scenario, found.record.events, decided)
        yield Lines((tr("Stopped by: {what}.", what=what.rstrip(".。?？")),))
    if not sheet.deal and scenario.otherwise:
        yield Lines((tr("Without a deal: {what}", what=scenario.otherwise),))
    rows = [
        Row(
            (
                TITLES[gate],
                tr(
                    "{verdict}: {ground}",
                    verdict=vocabulary.VERDICTS[sheet.verdicts[gate]],
                    ground=_ground(found, gate),
                ),
            )
        )
        for gate in GATES
        if sheet.verdicts
    ]
    if rows:
        yield Grid(("", tr("verdict, and on what, in the case's plain words")), tuple(rows))


def _ground(found: Debrief, gate: Gate) -> str:
    sheet, scenario = found.sheet, found.scenario
    assert sheet.ruling is not None
    assert sheet.package is not None
    if gate == "team":
        return tr("{n} yes, {needed} needed", n=len(sheet.ruling.team.yes), needed=sheet.ruling.team.needed)
    name = "alignment" if gate == "people" else gate
    mine = [f for f in sheet.ruling.findings if scenario.criteria[f.criterion][0] == name]
    if not mine:
        return tr("nothing is asked here")
    if not is_open(sheet.verdicts[gate]):
        shut = next(f for f in mine if f.status != "met" and scenario.criteria[f.criterion][1].blocking)
        return shortened(reasons.reason(scenario, shut, sheet.package).why, 150)
    facts = list(dict.fromkeys(name for f in mine if f.ground == "supported" for name in f.evidence))
    if not facts:
        answers = (
            reasons.answer(scenario, f, sheet.package, found.record.tabled) for f in mine if f.status == "met"
        )
        silent = tr("nothing speaks against it")
        told = next((text for text in answers if text != silent), "")
        return (
            tr("by the case's rule: {text}", text=told)
            if told
            else tr("on no fact; nothing on the table spoke against it")
        )
    return tr("; ").join(_cited(found, name) for name in facts[:2])


def _cited(found: Debrief, name: str) -> str:
    fact, tabled = found.scenario.facts[name], found.sheet.conduct.tabled[name]
    says = shortened((fact.plainly or fact.says).rstrip(".。"), 80)
    if tabled.by is None:
        return says
    who = found.scenario.card(tabled.by).short
    return tr("{fact} (told by {who}, {when})", fact=says, who=who, when=phrase.when(tabled.round))


def _author(found: Debrief) -> Iterator[Block]:
    teaching = found.scenario.teaching
    if teaching is None:
        return
    if teaching.debrief:
        yield Heading(tr("Questions by the author of the case"), tr("written for the case, not for this run"))
        yield Items(teaching.debrief)
    if teaching.good_questions:
        yield Heading(tr("Questions that would have found the traps"), tr("from the public page alone"))
        yield Items(teaching.good_questions)
