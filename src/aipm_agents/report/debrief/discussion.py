"""Six to eight questions for the room, from what happened in this run: reactions, facts, why, concept, Monday."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from aipm_agents.analysis.debrief.turning_points import WARMTH, turned, weightiest
from aipm_agents.analysis.run.conduct import counts
from aipm_agents.language import mark, tr, tr_n
from aipm_agents.report.debrief.asking_unsaid import about_unsaid
from aipm_agents.report.debrief.coverage import LENSES
from aipm_agents.report.debrief.turning_points import GATES
from aipm_agents.report.debrief.unsaid import weight
from aipm_agents.report.papers.typography import quoted
from aipm_agents.report.words import fact_text, numbers, phrase, vocabulary
from aipm_agents.report.words.ended import STOPS, how
from aipm_agents.roles import PM
from aipm_agents.scenario.lenses import ASKS, LENS_OF
from aipm_agents.table.checkpoints import is_open

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.debrief.coverage import Looked
    from aipm_agents.analysis.debrief.turning_points import Turning
    from aipm_agents.analysis.debrief.unsaid import Withheld
    from aipm_agents.analysis.debrief.whole import Debrief
    from aipm_agents.scenario.lenses import Lens

Stage = Literal["reactions", "happened", "why", "concept", "apply"]
STAGES: vocabulary.Vocabulary[Stage] = vocabulary.Vocabulary({
    "reactions": mark("Reactions"), "happened": mark("What happened"), "why": mark("Why"),
    "concept": mark("Concept"), "apply": mark("Apply"),
})  # fmt: skip


class DiscussionQuestion(NamedTuple):
    stage: Stage
    text: str
    about: str = ""
    """The fact it is about; two questions about one fact are one."""


def discussion(found: Debrief) -> list[DiscussionQuestion]:
    """In the order they are asked."""
    most: dict[Stage, tuple[int, Iterator[DiscussionQuestion]]] = {
        "reactions": (2, _reactions(found)), "happened": (2, _happened(found)), "why": (2, _why(found)),
        "concept": (1, _concept(found)), "apply": (1, _apply(found)),
    }  # fmt: skip
    asked: dict[Stage, list[DiscussionQuestion]] = {stage: [] for stage in most}
    spare: tuple[Stage, ...] = ("apply", "concept")

    def put(stage: Stage, count: int) -> None:
        for each in most[stage][1] if count else ():
            if not each.about or each.about not in {one.about for some in asked.values() for one in some}:
                asked[stage].append(each)
                count -= 1
            if not count:
                return

    for stage, (count, _) in most.items():
        put(stage, count)
    for stage in spare:
        put(stage, max(0, 6 - sum(map(len, asked.values()))))
    return [each for some in asked.values() for each in some]


def _reactions(found: Debrief) -> Iterator[DiscussionQuestion]:
    sheet = found.sheet
    if sheet.decision == "stopped" and not sheet.round:
        text = tr("You were broken off in the opening. One word each: what did you still want to say?")
    elif sheet.decision == "stopped" and sheet.stopped not in STOPS:
        text = tr_n(
            "You were broken off after {n} round. One word each: what was still missing?",
            "You were broken off after {n} rounds. One word each: what was still missing?", sheet.round,
        )  # fmt: skip
    else:
        outcome = phrase.begun(how(found.record.events))
        text = tr("{outcome}, in round {n}. One word each, before any of this is shown.", outcome=outcome, n=sheet.round)  # fmt: skip
    yield DiscussionQuestion("reactions", text)
    ruling = sheet.ruling
    if sheet.deal and ruling is not None and (without := [role for role in found.scenario.parties if role not in {*ruling.team.yes, *sheet.failed}]):  # fmt: skip
        who = phrase.names(found.scenario, without)
        yield DiscussionQuestion("reactions", tr("{who}: it was signed without your yes. What had you asked for, and who noticed?", who=who))  # fmt: skip
    each = _mover(found)
    if each is not None:
        yield DiscussionQuestion("reactions", _about_move(found, each), _fact_in(found, each.reasons))
    rulings = found.record.rulings
    if rulings and not sheet.deal and all(each.team.verdict == "pass" for each in rulings):
        yield DiscussionQuestion("reactions", tr("Every ruling had all the yeses it needed, and there was no deal. When did you notice that yes was not enough?"))  # fmt: skip
    yield DiscussionQuestion("reactions", tr("Whose yes, or whose no, were you waiting for?"))


def _about_move(found: Debrief, each: Turning) -> str:
    """True to the move: what it cost is asked only of who gave something up."""
    assert each.role is not None
    assert each.was is not None
    assert each.now is not None
    told = tr(
        "{who}, in round {n} you went from {was} to {now}", who=found.scenario.card(each.role).called, n=each.round,
        was=quoted(vocabulary.VOTES[each.was]), now=quoted(vocabulary.VOTES[each.now]),
    )  # fmt: skip
    if WARMTH[each.now] < WARMTH[each.was]:
        return tr("{told}. What had you seen by then, and who asked you?", told=told)
    if each.gave > 0 and counts(found.scenario, each.role, each.gave):
        points = numbers.figure(each.gave)
        return tr("{told}, and gave up {points} points of what you had asked for. What was that worth to you, and who noticed?", told=told, points=points)  # fmt: skip
    if each.reasons:
        why = phrase.listed(fact_text.source(found.scenario, source) for source in each.reasons)
        return tr("{told}, and named {why}. Would anything else have done it?", told=told, why=why)
    return tr("{told}, and named no reason. What was it?", told=told)


def _fact_in(found: Debrief, sources: tuple[str, ...]) -> str:
    return next((source for source in sources if source in found.scenario.facts), "")


def _mover(found: Debrief) -> Turning | None:
    """The turn at which a vote changed most."""
    votes = tuple(each for each in found.turning if each.was and each.now and each.was != each.now)
    return next(iter(weightiest(votes, 1)), None)


def _happened(found: Debrief) -> Iterator[DiscussionQuestion]:
    scenario = found.scenario
    facts = tuple(each for each in found.turning if each.kind == "fact")
    for each in weightiest(facts, 1):
        who = scenario.card(each.role).called if each.role else tr("from outside")
        fact = scenario.facts[each.name]
        text = (
            mark(
                "{who}, {when}, on the table: {fact} What did it spare the table that this was told before anybody asked?"
            )
            if not each.round
            else mark(
                "{who}, {when}, on the table: {fact} Who had been waiting for that, and had they asked?"
            )
            if any(is_open(shift.now) for shift in each.shifts)
            else mark("{who}, {when}, on the table: {fact} What did that stop that no vote could have saved?")
        )
        told = tr(text, who=who, when=phrase.when(each.round), fact=quoted(fact.says, 110))
        yield DiscussionQuestion("happened", told, each.name)
    if (about := _about_gate(found)) is not None:
        yield DiscussionQuestion("happened", about)
    if turned(found.turning):
        text = tr("Which turn was the turning point? Write it down before you say it, and compare.")
    else:
        text = tr("Nothing turned. What would somebody have had to say for one of you to say no?")
    yield DiscussionQuestion("happened", text)


def _about_gate(found: Debrief) -> str | None:
    """Of the checkpoint that stopped most; None where none did."""
    scenario, hardest, mover = found.scenario, found.work.hardest, _mover(found)
    if hardest is None:
        return None
    if hardest.last_yes and not (mover is not None and hardest.last_yes == (mover.role,)):
        who = phrase.listed(scenario.card(role).called for role in hardest.last_yes)
        return tr(
            "{who}: your yes was new in round {n}, the last. What had changed by then, and what had you asked for that you did not get?",
            who=who, n=hardest.opened,
        )  # fmt: skip
    if hardest.opened is not None:
        return tr(
            "{gate} was shut in {rounds}. What opened it: a fact, another package, or tiredness?",
            gate=GATES[hardest.gate], rounds=phrase.rounds(hardest.shut),
        )  # fmt: skip
    return tr("{gate} never opened. What was missing, piece by piece, and who at this table held each?", gate=GATES[hardest.gate])  # fmt: skip


def _why(found: Debrief) -> Iterator[DiscussionQuestion]:
    """What would have changed most; the trade nobody made; the next thing unsaid; the talk; the rest."""
    ordered = sorted(found.withheld, key=lambda each: weight(each.effect), reverse=True)
    telling = [each for each in ordered if each.effect.any or each.kind == "word"]
    rest = [each for each in ordered if each not in telling]
    asked = [
        DiscussionQuestion("why", about_unsaid(found, each), _subject_of(each)) for each in (*telling, *rest)
    ]
    told = asked[: len(telling)]
    yield from told[:1]
    yield from (DiscussionQuestion("why", text) for text in _about_trade(found))
    yield from told[1:]
    yield DiscussionQuestion("why", _about_talk(found))
    yield from asked[len(telling) :]


def _subject_of(each: Withheld) -> str:
    match each.kind:
        case "fact" | "study" | "challenge":
            return each.name
        case _:
            return ""


def _about_talk(found: Debrief) -> str:
    parts = found.hearing.parts
    if not any(part.share for part in parts.values()):
        return tr("After the opening no word is on record. What was said, and what did you take the others' silence for?")  # fmt: skip
    colleagues = {role: part for role, part in parts.items() if role != PM}  # whose task asks for less talk
    if unasked := [role for role, part in colleagues.items() if not part.was_asked]:
        who = phrase.names(found.scenario, unasked)
        return tr("No question on record was put to {who}. Which one would you have put?", who=who)
    share = f"{100 * max(part.share for part in colleagues.values()):.0f}"
    return tr("Beside the PM, one of you did {share} % of the talking. Who was it? Guess before you look.", share=share)  # fmt: skip


def _about_trade(found: Debrief) -> Iterator[str]:
    """The step that costs somebody most, where that is enough to be called a price."""
    trade = found.gains.better
    paid = [
        (by, role, step)
        for step in (trade.steps if trade else ())
        for role, by in step.change.items()
        if by < 0
    ]
    if trade is None or not paid:
        return
    by, payer, step = min(paid, key=lambda each: each[0])
    if counts(found.scenario, payer, by):
        yield tr(
            "{who}, {now} instead of {was} would have cost you {points} points; the package it is part of is worth {gain} to you against {than}. What would you have asked for it?",
            who=found.scenario.card(payer).called, now=quoted(found.scenario.label(step.issue, step.now)),
            was=quoted(found.scenario.label(step.issue, step.was)), points=numbers.figure(-by),
            gain=numbers.signed(trade.gains[payer]), than=tr("this deal") if found.sheet.deal else tr("no deal"),
        )  # fmt: skip


def _concept(found: Debrief) -> Iterator[DiscussionQuestion]:
    """A lens nobody looked through comes first, and is put to a fact that lay on this table."""
    scenario, asks = found.scenario, ASKS[found.scenario.language]
    unshown = [name for name, status in found.sheet.findings.items() if status == "not_shown"]
    if unshown and not found.sheet.deal:
        text = tr(
            "Nobody showed {asks} That is not the same as somebody showing the contrary. What would you have done next in each of the two cases?",
            asks=quoted(scenario.criteria[unshown[0]][1].asks),
        )  # fmt: skip
        yield DiscussionQuestion("concept", text)
    for demo, each in found.hearing.dazzling.items():
        if each.moved or not each.doubted:
            text = tr("{fact} {question} (The lens: {lens}.)", lens=LENSES["gestalt"], fact=quoted(scenario.facts[demo].says, 90), question=asks["gestalt"])  # fmt: skip
            yield DiscussionQuestion("concept", text, demo)
    order = ("missed", "came_up", "ruled", "raised", "absent")
    looked = sorted(
        found.coverage.lenses.items(),
        key=lambda pair: (order.index(pair[1].reach), -_open_rounds(found, pair[1])),
    )
    for lens, each_ in looked:
        for fact in _subjects(found, lens) or [""]:
            told = quoted(scenario.facts[fact].says if fact else scenario.question, 100)
            if each_.reach == "raised":
                text = tr("{lens}. Ask it of this, too: {fact} {question}", lens=LENSES[lens], fact=told, question=asks[lens])  # fmt: skip
            else:
                text = tr("{lens}. Nobody asked it of this: {fact} {question}", lens=LENSES[lens], fact=told, question=asks[lens])  # fmt: skip
            yield DiscussionQuestion("concept", text, fact)
    lens = looked[0][0]
    text = tr("{lens}. Nobody asked it of this: {fact} {question}", lens=LENSES[lens], fact=quoted(scenario.question), question=asks[lens])  # fmt: skip
    yield DiscussionQuestion("concept", text)


def _open_rounds(found: Debrief, looked: Looked) -> int:
    """In how many rulings a criterion of this kind was not met: what the run hung on."""
    return sum(
        f.status != "met" and f.criterion in looked.criteria
        for ruling in found.record.rulings
        for f in ruling.findings
    )


def _subjects(found: Debrief, lens: Lens) -> list[str]:
    """Facts on the table for a lens to be put to: those marked for it, those with something wrong on such a ground,
    those about a criterion that carries it; else the facts that decided most, and all there were."""
    facts = {name: fact for name, fact in found.scenario.facts.items() if name in found.record.tabled}
    criteria = found.coverage.lenses[lens].criteria.keys()
    deciding = [each.name for each in weightiest(found.turning, len(found.turning)) if each.kind == "fact"]
    names = [
        *(name for name, fact in facts.items() if fact.lens == lens),
        *(name for name, fact in facts.items() if any(LENS_OF[limit.ground] == lens for limit in fact.limits)),
        *(name for name, fact in facts.items() if criteria & {*fact.supports, *fact.undermines}),
        *deciding, *facts,
    ]  # fmt: skip
    return list(dict.fromkeys(names))


def _apply(found: Debrief) -> Iterator[DiscussionQuestion]:
    scenario = found.scenario
    for each in found.sheet.follow_ups:
        yield DiscussionQuestion("apply", tr(
            "{asks} That is left with {who}, without a date. Who does what about it, by which day, and how will you know that it is done?",
            asks=quoted(scenario.criteria[each.criterion][1].asks), who=scenario.card(each.owner).called,
        ))  # fmt: skip
    if scenario.success is not None and scenario.success.guardrail:
        text = mark("The guardrail says {text}. Who in your plan would see first that it breaks, by what, and who may stop then?")  # fmt: skip
        if not found.sheet.deal:
            text = mark("The guardrail of the case is {text}. Had your last plan gone ahead, who would have seen first that it breaks, by what, and who could have stopped then?")  # fmt: skip
        yield DiscussionQuestion("apply", tr(text, text=quoted(scenario.success.guardrail)))
    for outside in scenario.affected:
        yield DiscussionQuestion("apply", tr("Not in the room: {who}: {stake}. What do they hear from you this week, and from whom?", who=outside.who, stake=outside.stake.rstrip(".。")))  # fmt: skip
    yield DiscussionQuestion("apply", tr("Which question from today will you ask at your next real meeting?"))
