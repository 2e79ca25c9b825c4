"""What a seat tells the table beside its vote: facts, doubts, an option of its own, what moved it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import tr
from aipm_agents.report.live import subjects
from aipm_agents.report.live.subjects import Subject
from aipm_agents.report.words import vocabulary
from aipm_agents.scenario.lenses import LENS_OF
from aipm_agents.table.moves import Challenge, Opening, Position
from aipm_agents.table.moves import Choice as Made

if TYPE_CHECKING:
    from aipm_agents.cli.desk.sitting import DeskSitting


def evidence(sitting: DeskSitting, rest: str) -> None:
    """`evidence FACT ...`: put what this seat knows on the table."""
    from aipm_agents.report.words.fact_effects import bearing

    view, known = sitting.view, sitting.view.scenario
    facts = [
        Subject(name, f"{known.facts[name].says} {bearing(known, known.facts[name])}")
        for name in view.untabled
    ]
    names = sitting.choose(
        tr("What do you put on the table? Everybody will know it, and it stays there."),
        facts,
        rest,
        several=True,
    )
    if names:
        move = sitting.draft
        assert isinstance(move, Opening | Position)
        sitting.change(tables=tuple(dict.fromkeys((*move.tables, *names))))


def challenge(sitting: DeskSitting, rest: str) -> None:
    """`challenge FACT GROUND`: doubt a fact on the table; where there is something to it, it stops supporting."""
    view = sitting.view
    first, _, second = rest.partition(" ")
    facts = [
        Subject(name, view.scenario.facts[name].says) for name in view.scenario.facts if name in view.tabled
    ]
    fact = sitting.one(tr("Which fact do you doubt?"), facts, first)
    grounds = [Subject(ground, vocabulary.GROUNDS[ground]) for ground in LENS_OF]
    ground = sitting.one(tr("On what ground?"), grounds, second) if fact else None
    if fact and ground:
        sitting.change(challenge=Challenge.model_validate({"evidence": fact, "ground": ground}))


def bring(sitting: DeskSitting, rest: str) -> None:
    """`bring OPTION`: an option this seat knows of and nobody else; from now on it is everybody's to choose."""
    view, move = sitting.view, sitting.draft
    assert isinstance(move, Opening | Position)
    known = [
        Subject(f"{issue}={option}", view.scenario.label(issue, option), (option,))
        for issue, option in view.secret
    ]
    for name in sitting.choose(
        tr("Which option do you bring? Everybody may choose it from now on."), known, rest, several=True
    ):
        issue, option = name.split("=")
        sitting.change(brings=(*sitting.draft.brings, Made(issue=issue, option=option)))  # type: ignore[union-attr]


def moved(sitting: DeskSitting, rest: str) -> None:
    """`moved SOURCE ...`: the facts or turns that softened this seat."""
    names = sitting.choose(tr("What moved you?"), subjects.sources(sitting.view), rest, several=True)
    if names:
        sitting.change(moved_by=tuple(names))
        sitting.say(tr("The record has it as your own word for it: nobody checks what moved you."))


def concern(sitting: DeskSitting, rest: str) -> None:
    """`concern CRITERION`: beside a yes, what this seat doubts; disagree and commit."""
    gates = [Subject(name, each.asks) for name, (_, each) in sitting.view.scenario.criteria.items()]
    if name := sitting.one(
        tr("What do you doubt? You carry the yes, and the doubt goes into the record."), gates, rest
    ):
        sitting.change(concern=name)
