"""A debrief as it is projected: the story first, measures after it, questions always, a grade never."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.analysis.run.aloud import opened_as_offered
from aipm_agents.analysis.run.raising import raised
from aipm_agents.analysis.run.summary import GATES
from aipm_agents.language import mark, tr
from aipm_agents.report.debrief.asking import ask
from aipm_agents.report.debrief.checkpoint_work import checkpoint
from aipm_agents.report.debrief.closing_words import motto
from aipm_agents.report.debrief.concepts import cards
from aipm_agents.report.debrief.coverage import cautions, lenses
from aipm_agents.report.debrief.gains import group, heard_too_late, left, own
from aipm_agents.report.debrief.paid import paid
from aipm_agents.report.debrief.practices import practices
from aipm_agents.report.debrief.process import process
from aipm_agents.report.debrief.turning_points import GATES as TITLES
from aipm_agents.report.debrief.turning_points import moments
from aipm_agents.report.debrief.unsaid import unsaid
from aipm_agents.report.live.closing import stopper
from aipm_agents.report.papers.blocks import Grid, Heading, Items, Lines, Row
from aipm_agents.report.papers.typography import quoted, shortened, together
from aipm_agents.report.run.checklist_of_four import of_four
from aipm_agents.report.run.frontier import frontier
from aipm_agents.report.words import fact_text, failed_turns, phrase, reasons, setup, vocabulary
from aipm_agents.report.words.ended import ended
from aipm_agents.table.checkpoints import is_open
from aipm_agents.table.events import on_paper
from aipm_agents.table.rules import made, makes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aipm_agents.analysis.debrief.whole import Debrief
    from aipm_agents.analysis.run.summary import Gate
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.model import Package
    from aipm_agents.table.events import Finding


_SHORT = 60
"""So much of a fact is told on the two screens."""


def screen(
    found: Debrief, *, full: bool, caution: str = "", terms: Mapping[str, tuple[str, str]] | None = None
) -> list[Block]:
    """`caution`: what is to be said of the run first. `terms`: by tag the ideas it may be about, each with its name and
    what it is. Of a table on paper nothing is told that nobody wrote down."""
    unheard = on_paper(found.record.events)
    blocks = [*_title(found, caution, full=full), *story(found, full=full), *own(found, full=full)]
    if full:
        chart = frontier(found.record)
        silent = _silent(found)
        blocks += [*paid(found), *group(found), *([chart] if chart else [])]
        if silent and not unheard:
            offered = tr("The PM opened with the words that the program offers, as they stood: they count for nobody.") if opened_as_offered(found.record) else ""  # fmt: skip
            blocks.append(Lines((tr("On record are the plans and the votes: no word, and no fact told. What was said aloud beside it the program cannot know. The ideas, the lenses, the cautions, the practices and the checklist go by what was said, so they are left out: that is no verdict on them."), *filter(None, [offered])), "strong"))  # fmt: skip
        elif not unheard:
            blocks += process(found)
        if not silent:
            blocks += cards(found, terms or {})
        if not unheard and not silent:
            blocks += [*lenses(found), *cautions(found), *practices(found)]
            blocks += of_four(found.record, width=0)
    blocks += [*(() if unheard else motto(found, full=full)), *ask(found)]
    if full:
        blocks += _author(found)
    else:
        text = tr(
            "--full adds who paid, group result, process, lenses, cautions and checklists; -o FILE.html makes a page."
        )
        blocks.append(Lines((text,), "quiet"))
    return blocks


def _silent(found: Debrief) -> bool:
    """Whether votes are all there is on record: no word, no fact told, nothing asked, doubted or given as a reason."""
    work = found.sheet.conduct
    return not any(work.talk.values()) and not work.facts("seat") and not raised(found.record)


def story(found: Debrief, *, full: bool) -> Iterator[Block]:
    """What was decided, on what, where it turned, what was not said, what was left, what held it."""
    yield from _decided(found, full=full)
    if failed := failed_turns.told(found.scenario, found.sheet.failed_turns):
        yield Lines((failed,), "warning")
    yield from moments(found.scenario, found.turning, full=full, unheard=on_paper(found.record.events))
    yield from unsaid(found, full=full)
    yield from left(found)
    yield from checkpoint(found, full=full)


def _title(found: Debrief, caution: str, *, full: bool) -> Iterator[Block]:
    sheet = found.sheet
    yield Heading(found.scenario.title, tr("debrief; {seats}", seats=seats(found)), level=1)
    named = [(role, party.name) for role, party in found.scenario.parties.items() if party.name]
    key = " · ".join(
        tr("{name}: {seat}", name=name, seat=found.scenario.card(role).called) for role, name in named
    )
    yield Lines((found.scenario.question,))
    paper = on_paper(found.record.events)
    source = mark("run {run}, recorded from paper") if paper else mark("run {run}, seed {seed}")
    which = tr(source, run=sheet.run_id, seed=sheet.seed) if full else ""
    if told := " · ".join(filter(None, (key, which))):
        yield Lines((told,), "quiet")
    if caution:
        yield Lines((caution,), "warning")


def seats(found: Debrief) -> str:
    """Who played; people by their role alone."""
    kinds = found.sheet.seats
    people = [role for role, kind in kinds.items() if kind == "human"]
    others = list(dict.fromkeys(kind for kind in kinds.values() if kind != "human"))
    if people:
        return tr("people as {who}", who=phrase.names(found.scenario, people))
    return (
        tr("played by the program's own seats")
        if others in ([], ["embedded"])
        else phrase.listed(map(setup.kind, others))
    )


def outcome(found: Debrief) -> str:
    return ended(found.scenario, found.record.events)


def _decided(found: Debrief, *, full: bool) -> Iterator[Block]:
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
        if decided.outcome == "no_go" and decided.round < scenario.rounds:
            yield Lines((tr("It ended before the last round, by rule: no package could pass any more. Each fails on what had been told, or needs an answer that rulings had asked for by name and nobody gave."),))  # fmt: skip
    if late := heard_too_late(found):
        yield Lines((late,), "strong")
    if not sheet.deal and scenario.otherwise:
        yield Lines((tr("Without a deal: {what}", what=scenario.otherwise),))
    rows = []
    for gate in GATES if sheet.verdicts else ():
        grounds = _ground(found, gate, 3 if full else 1)
        first, *more = grounds if full else [together(grounds)]
        verdict = vocabulary.VERDICTS[sheet.verdicts[gate]]
        rows.append(Row((TITLES[gate], tr("{verdict}: {ground}", verdict=verdict, ground=first))))
        rows += [Row(("", each)) for each in more]  # each question by itself: two in a row read as one
    if rows:
        yield Grid(("", tr("verdict, and on what, in the case's plain words")), tuple(rows))


def _ground(found: Debrief, gate: Gate, most: int) -> list[str]:
    """On what, criterion by criterion; never empty. `most`: criteria told."""
    sheet, scenario = found.sheet, found.scenario
    assert sheet.ruling is not None
    assert sheet.package is not None
    if gate == "team":
        team = sheet.ruling.team
        count = tr("{n} yes, {needed} needed", n=len(team.yes), needed=team.needed)
        without = [role for role in scenario.parties if role not in team.yes]
        return [tr("{count}; without the yes of {who}", count=count, who=phrase.names(scenario, without)) if without else count]  # fmt: skip
    name = "alignment" if gate == "people" else gate
    mine = [f for f in sheet.ruling.findings if scenario.criteria[f.criterion][0] == name]
    if not mine:
        return [tr("nothing is asked here")]
    if not is_open(sheet.verdicts[gate]):
        shut = [f for f in mine if f.status != "met" and scenario.criteria[f.criterion][1].blocking]
        shut.sort(key=lambda each: each.status != "failed")  # what blocks, before what is merely not shown
        return [_sentence(reasons.reason(scenario, each, sheet.package).why) for each in shut[:most]]
    left = [_open(found, f, full=most > 1) for f in mine if f.status != "met"]
    still = tr("Left open: {asks}", asks=phrase.listed(left)) if left else ""
    shown = [
        _known(found, f, 160 if most > 1 else _SHORT)
        for f in mine
        if f.status == "met" and f.ground == "supported"
    ]
    answered = [_answered(found, f) for f in mine if f.ground == "unchallenged"]
    told = [*shown, *(text for text in answered if text)][:most]
    measured = _figures(found, mine, 3 if most > 1 else 1)
    if told:
        tight = measured and (most > 1 or any(_tight(found, f) for f in mine))
        return [*filter(None, (*told, _sentence(phrase.begun(measured)) if tight else "", still))]
    by_rule = (
        reasons.answer(scenario, f, sheet.package, found.record.tabled) for f in mine if f.status == "met"
    )
    silent = tr("nothing speaks against it")
    first = next((text for text in by_rule if text != silent), "")
    grounds = measured or (tr("as the case asks: {text}", text=first) if first else tr("on no fact; nothing on the table spoke against it"))  # fmt: skip
    return [*filter(None, (_sentence(grounds), still))]


def _open(found: Debrief, finding: Finding, *, full: bool) -> str:
    """A question that is left open; where it is shown for other packages, that too."""
    assert found.sheet.package is not None
    asks = quoted(found.scenario.criteria[finding.criterion][1].asks)
    if not full or not finding.evidence or finding.ground != "no_evidence":
        return asks
    why = reasons.reason(found.scenario, finding, found.sheet.package).why
    return tr("{asks} ({why})", asks=asks, why=why.rstrip(".。"))


def _figures(found: Debrief, findings: list[Finding], most: int) -> str:
    """The figures of criteria that are met, the one with least room first."""
    assert found.sheet.package is not None
    told = [
        each for f in findings if f.status == "met"
        for each in reasons.figures(found.scenario, f.criterion, found.sheet.package)
    ]  # fmt: skip
    narrow = [
        each.text if each.room else tr("{text}, with nothing to spare", text=each.text)
        for each in sorted(told, key=lambda each: each.room)[:most]
    ]
    return tr("as the case asks: {text}", text=" · ".join(narrow)) if narrow else ""


def _tight(found: Debrief, finding: Finding) -> bool:
    """Whether it is met on the bar itself."""
    assert found.sheet.package is not None
    return finding.status == "met" and not reasons.room(found.scenario, finding, found.sheet.package)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "。", "?", "？", "!", "！")) else tr("{text}.", text=text)


def _known(found: Debrief, finding: Finding, width: int) -> str:
    """The fact that first showed it, and who told that; and what the same fact speaks against, so that a pass does not
    read as good news."""
    told, criteria = found.sheet.conduct.tabled, found.scenario.criteria
    name = min(finding.evidence, key=lambda each: told[each].round)
    fact = found.scenario.facts[name]
    asks, says = quoted(criteria[finding.criterion][1].asks), shortened((fact.plainly or fact.says).rstrip(".。"), width)  # fmt: skip
    against = [quoted(criteria[each][1].asks) for each in fact.undermines if each != finding.criterion]
    if (by := told[name].by) is None:
        text = tr("{asks} {text}.", asks=asks, text=says)
    else:
        who, when = found.scenario.card(by).called, phrase.when(told[name].round)
        text = tr("{asks} {fact} (told by {who}, {when}).", asks=asks, fact=says, who=who, when=when)
    assert found.sheet.package is not None
    if finding.criterion in fact.undermines:  # it shows it beside some choices, and fails it beside others
        package = found.sheet.package
        cures = phrase.listed(quoted(found.scenario.label(i, package[i])) for i in made(package, fact.unless))
        text = _sentence(tr("{fact} By the case's rule this is taken care of by {choices}.", fact=text, choices=cures))  # fmt: skip
    if chosen := fact_text.shown_for(found.scenario, name, found.sheet.package):
        text = tr("{text} By the case's rule this shows it for {choices}.", text=text, choices=chosen)
    if not against:
        return text
    bad = tr("{text} So that is known, and it speaks against {against}", text=text, against=phrase.listed(against))  # fmt: skip
    if width > _SHORT:
        return bad
    asks = against[0]
    cures = phrase.listed(dict.fromkeys(phrase.named(found.scenario.label(i, found.sheet.package[i])) for i in made(found.sheet.package, fact.unless)))  # fmt: skip
    if made(found.sheet.package, fact.unless):
        return tr("{text} It speaks against {asks} By the case's rule, not beside {choices}.", text=text, asks=asks, choices=cures)  # fmt: skip
    return tr("{text} It speaks against {asks}", text=text, asks=asks)


def _answered(found: Debrief, finding: Finding) -> str:
    """What speaks against it, and the choices for which that does not count; empty where nothing does. Of choices that
    were in every plan before it was told, that is said: nobody made them for it."""
    package = found.sheet.package
    assert package is not None
    told = reasons.countered(found.scenario, finding, package, found.record.tabled)
    if not told:
        return ""
    asks = quoted(found.scenario.criteria[finding.criterion][1].asks)
    before = (
        tr("That choice stood in the plans before this was told.")
        if _there_before(found, finding, package)
        else ""
    )
    return together((tr("{asks} {text}", asks=asks, text=_sentence(told)), before))


def _there_before(found: Debrief, finding: Finding, package: Package) -> bool:
    """Whether the very choices that are named, for which what speaks against a criterion does not count, were in each plan
    from before it came out; others that would have done are others. The plan of a round is proposed before its colleagues
    speak, and after its news."""
    scenario, tabled = found.scenario, found.sheet.conduct.tabled
    against = [name for name, fact in scenario.facts.items() if name in tabled and finding.criterion in fact.undermines]  # fmt: skip
    for name in against:
        told = tabled[name]
        cure: dict[str, tuple[str, ...]] = {
            issue: (package[issue],) for issue in made(package, scenario.facts[name].unless)
        }
        since = [e.package for e in found.record.proposals if e.package and e.round >= told.round - (not told.by)]  # fmt: skip
        early = [e.round for e in found.record.proposals if e.round <= told.round - (not told.by)]
        if not early or not all(makes(each, cure) for each in since):
            return False
    return bool(against)


def _author(found: Debrief) -> Iterator[Block]:
    teaching = found.scenario.teaching
    if teaching is None:
        return
    if teaching.debrief:
        yield Heading(tr("Questions by the author of the case"), tr("written for the case, not for this run"))
        yield Items(teaching.debrief)
    if teaching.good_questions:
        yield Heading(tr("Questions that could have found the traps"), tr("from the public page alone"))
        yield Items(teaching.good_questions)
