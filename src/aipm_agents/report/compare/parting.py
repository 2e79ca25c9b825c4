"""Where two runs parted, for a reader: the same question, and two answers quoted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import mark, tr
from aipm_agents.report.papers.blocks import Heading, Lines, Quote
from aipm_agents.report.papers.plain_text import shortened
from aipm_agents.report.words import phrase, vocabulary
from aipm_agents.report.words.deeds import NONE, deeds
from aipm_agents.report.words.inquiry import about
from aipm_agents.table.events import Answered, Framed, Injected, Opened, Proposed, Signed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aipm_agents.analysis.compare.comparison import Comparison
    from aipm_agents.analysis.compare.divergence import Branch, Parting
    from aipm_agents.analysis.run.summary import Gate
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Event

GATE_TITLES: vocabulary.Vocabulary[Gate] = vocabulary.Vocabulary({
    "desire": mark("Desire"), "feasible": mark("Feasible"), "viable": mark("Viable"),
    "people": mark("Alignment: people"), "team": mark("Alignment: team"),
})  # fmt: skip


def parted(found: Comparison, label: str) -> Iterator[Block]:
    base, against = found.baseline, found.against[label]
    one, other = base.label, label
    run = next(run for run in found.sheets if run.label == label)
    if not against.comparable:
        return
    if against.broken_off:
        short = min((base, run), key=lambda each: (each.decision != "stopped", each.round))
        yield Heading(tr("Where they parted"), tr("{one} and {other}", one=one, other=other))
        yield Lines(
            (
                tr(
                    "Nowhere: {label} is the beginning of the other, broken off in round {n}.",
                    label=short.label,
                    n=short.round,
                ),
            )
        )
        return
    if against.parting is None:
        if found.baseline.decision != run.decision:
            yield Heading(tr("Where they parted"), tr("{one} and {other}", one=one, other=other))
            yield Lines(
                (
                    tr(
                        "Every move is the same and the decision is not: one of the files was changed by hand."
                    ),
                ),
                "warning",
            )
            return
        same = tr("word for word") if against.wording is None else tr("move by move; only words differ")
        yield Heading(tr("Where they parted"), tr("{one} and {other}", one=one, other=other))
        yield Lines((tr("Nowhere: the two are the same, {same}.", same=same),))
        return
    parting = against.parting
    pair = tr("{one} and {other}: ", one=one, other=other) if len(found.sheets) > 2 else ""
    yield Heading(tr("Where they parted"), pair + where(base.scenario, parting))
    for name, branch in zip((one, other), parting.branches, strict=True):
        yield Quote(name, said(branch.move), did(base.scenario, branch.move, parting.weighty[:2]))
    if any(branch.then for branch in parting.branches):
        thaws = [_thaw(base.scenario, branch) for branch in parting.branches]
        yield Quote(
            tr("then"),
            "",
            tr("{who}: {what}", who=one, what=thaws[0])
            + "   "
            + tr("{who}: {what}", who=other, what=thaws[1]),
        )


def where(scenario: Scenario, parting: Parting) -> str:
    """Round, role, and the question both were answering."""
    place = tr("round {n}", n=parting.round) if parting.round else tr("the opening")
    who = scenario.card(parting.role).called
    match parting.kind:
        case "position" if parting.asked is not None and "answer" in parting.differs:
            by, question = parting.asked
            text = question.text or about(scenario, question.about)
            return tr(
                '{place}, {who}, the same question from {asker}: "{text}"',
                place=place,
                who=who,
                asker=scenario.card(by).called,
                text=shortened(text, 70),
            )
        case "position":
            return tr("{place}, {who}, on the same package", place=place, who=who)
        case "proposal":
            return tr("{place}, {who}, what to put on the table", place=place, who=who)
        case "opening":
            return tr("{place}, {who}, before anything was proposed", place=place, who=who)
        case "signing":
            return tr("{place}, {who}, the deal to sign", place=place, who=who)
        case "inject":
            return tr("{place}, what came from outside", place=place)
        case "report":
            return tr("{place}, what had been sent for", place=place)
        case _:
            return tr("{place}, {who}", place=place, who=who)


def _thaw(scenario: Scenario, branch: Branch) -> str:
    moved = [
        f"{scenario.card(t.role).called} {vocabulary.VOTES[t.was]} -> {vocabulary.VOTES[t.now]}"
        for t in branch.then
    ]
    return " · ".join(moved) or tr("nobody's vote changed")


def said(event: Event | None) -> str:
    match event:
        case Injected():
            return event.headline
        case Framed() | Opened() | Proposed() | Answered() | Signed() if event.move and event.move.says:
            return tr('"{text}"', text=shortened(event.move.says, 220))
        case _:
            return ""


def did(scenario: Scenario, event: Event | None, differs: Iterable[str]) -> str:
    """The move without its words, as far as it is what differs."""
    if not isinstance(event, Framed | Opened | Proposed | Answered | Signed):
        return tr("no such turn") if event is None else ""
    if event.fault is not None:  # what such a turn has not, nobody left out
        return tr("no answer ({fault})", fault=vocabulary.FAULTS[event.fault])
    told: dict[str, None] = {}
    made = deeds(scenario, event.role, event.round, event.move)
    for part in differs:
        match part, event:
            case "vote", Answered():
                lines = [tr("votes {vote}", vote=vocabulary.VOTES[event.move.vote])]
            case "signs", Signed():
                lines = [tr("signs") if event.move.signs else tr("holds the deal")]
            case "package", Proposed() if event.package is not None:
                lines = [tr("proposes {package}", package=phrase.options(scenario, event.package))]
            case _:
                lines = [deed.line for deed in made if deed.kind == part] or (
                    [NONE[part]] if part in NONE else []
                )
        told |= dict.fromkeys(lines)
    return tr("; ").join(told)
