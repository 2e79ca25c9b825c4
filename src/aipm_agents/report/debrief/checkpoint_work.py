"""Which checkpoint did the work: what it stopped, and what opened it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import mark, tr, tr_n
from aipm_agents.report.debrief.gains import heard_too_late
from aipm_agents.report.debrief.turning_points import GATES
from aipm_agents.report.papers.blocks import Grid, Heading, Lines, Row
from aipm_agents.report.papers.typography import together
from aipm_agents.report.words import numbers, phrase, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.debrief.checkpoint_work import Key, OpeningStep, Stops
    from aipm_agents.analysis.debrief.whole import Debrief
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.model import Scenario

KEYS: vocabulary.Vocabulary[Key] = vocabulary.Vocabulary({
    "fact": mark("something said"), "choice": mark("another package"), "both": mark("a fact and another package"),
    "votes": mark("yeses"), "news": mark("news"), "with_news": mark("news, with something said or another package"),
})  # fmt: skip


def checkpoint(found: Debrief, *, full: bool) -> Iterator[Block]:
    yield Heading(tr("Which checkpoint did the work"))
    if not found.work.gates:
        yield Lines((tr("None: nothing was ruled."),))
        return
    hardest = found.work.hardest
    if hardest is None:
        yield Lines((tr("None had to: none of them stopped the first package."),))
        return
    most = found.work.most if hardest.alone else (hardest,)
    open_now = tr("At the last ruling none was shut.") if heard_too_late(found) else ""
    yield Lines((*(_hardest(found, each) for each in most), *filter(None, [open_now])))
    if not full:
        return
    rows = [
        Row((
            GATES[each.gate], phrase.rounds(each.shut),
            _alone(each), _opened(found.scenario, each),
        ))
        for each in found.work.gates if each.shut
    ]  # fmt: skip
    yield Grid(
        ("", tr("shut in"), tr("alone shut in"), tr("what opened it in the end")), tuple(rows), first=5
    )
    never = [GATES[each.gate] for each in found.work.gates if not each.shut]
    if never:
        yield Lines((tr("Open at every ruling: {gates}.", gates=phrase.listed(never)),), "quiet")


def _alone(stops: Stops) -> str:
    told = [phrase.rounds(stops.alone)] if stops.alone else []
    if stops.unheard:
        told.append(
            tr("{rounds}, beside what everybody had to hear first", rounds=phrase.rounds(stops.unheard))
        )
    return tr("; ").join(told) or tr("never")


def _hardest(found: Debrief, stops: Stops) -> str:
    gate = GATES[stops.gate]
    if stops.gate == "team" and stops.alone:
        return together((*_missing(found, stops), *_last_yes(found, stops)))
    if stops.alone and stops.alone == stops.against:
        return tr("{gate}. In {rounds} the table had its yeses, and this alone said no.", gate=gate, rounds=phrase.rounds(stops.alone))  # fmt: skip
    if stops.alone:
        return tr("{gate}. In {rounds} it was all that stood between the package and a deal.", gate=gate, rounds=phrase.rounds(stops.alone))  # fmt: skip
    if stops.unheard:
        return tr("{gate}. In {rounds} nothing else was shut; but what can fail a criterion came out in the same round, and nothing is signed before everybody has heard it.", gate=gate, rounds=phrase.rounds(stops.unheard))  # fmt: skip
    equal = [GATES[each.gate] for each in found.work.most]
    if len(equal) > 1:
        return tr_n("{gates} were shut longest, {n} round each; no checkpoint was ever the only one shut.", "{gates} were shut longest, {n} rounds each; no checkpoint was ever the only one shut.", len(stops.shut), gates=phrase.listed(equal))  # fmt: skip
    return tr(
        "{gate} was shut longest, in {rounds}, and never alone.", gate=gate, rounds=phrase.rounds(stops.shut)
    )


def _missing(found: Debrief, stops: Stops) -> Iterator[str]:
    """How many yeses there were in the rounds in which nothing else was missing, and whose veto was out."""
    gate, rounds = GATES[stops.gate], phrase.rounds(stops.alone)
    teams = [ruling.team for ruling in found.record.rulings if ruling.round in stops.alone]
    always = [role for role in teams[0].veto_missing if all(role in team.veto_missing for team in teams)]
    if always and all(len(team.yes) >= team.needed for team in teams):
        yield tr("{gate}. In {rounds} everything else stood open, and enough said yes; but there is no deal without {who}.", gate=gate, rounds=rounds, who=phrase.names(found.scenario, always))  # fmt: skip
        return
    lines = [line.role for line in teams[0].crossed if all(line in team.crossed for team in teams)]
    if lines and all(len(team.yes) >= team.needed for team in teams):
        yield tr("{gate}. In {rounds} everything else stood open, and enough said yes; but the package crossed a red line of {who}.", gate=gate, rounds=rounds, who=phrase.names(found.scenario, dict.fromkeys(lines)))  # fmt: skip
        return
    yield tr(
        "{gate}. In {rounds} everything else stood open, and what was missing was yeses.",
        gate=gate,
        rounds=rounds,
    )
    counts = sorted({len(team.yes) for team in teams})
    yield tr("There were {n} yeses, and {needed} are needed.", n=numbers.either(counts), needed=teams[0].needed)  # fmt: skip
    if always:
        yield tr("The yes of {who} was missing each time, and it is a veto.", who=phrase.names(found.scenario, always))  # fmt: skip


def _last_yes(found: Debrief, stops: Stops) -> Iterator[str]:
    """Whose yes came with the deal, and who of them it needed."""
    if stops.last_yes:
        yield tr("New with the last ruling: the yes of {who}.", who=phrase.names(found.scenario, stops.last_yes).rstrip("."))  # fmt: skip
    if stops.again:
        yield tr("Back again: that of {who}.", who=phrase.names(found.scenario, stops.again))  # fmt: skip
    if stops.gone:
        yield tr("Gone: that of {who}.", who=phrase.names(found.scenario, stops.gone).rstrip("."))


def _opened(scenario: Scenario, stops: Stops) -> str:
    """Step by step: a fact that answered one of its questions counts beside the package that answered the last."""
    if stops.opened is None:
        return tr("stayed shut")
    return tr("; ").join(tr("{key}, {when}", key=_step(scenario, each), when=phrase.when(each.round)) for each in stops.steps)  # fmt: skip


def _step(scenario: Scenario, step: OpeningStep) -> str:
    if not step.by or step.key == "with_news":
        return KEYS[step.key]
    who = phrase.listed(scenario.card(by).called if by else tr("from outside") for by in step.by)
    text = mark("a fact ({who})") if step.key == "fact" else mark("a fact ({who}) and another package")
    return tr(text, who=who)
