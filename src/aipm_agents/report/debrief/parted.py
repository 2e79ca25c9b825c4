"""Where the groups of a class went apart, against the first: what made the difference, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.analysis.run.aloud import spoken
from aipm_agents.language import tr
from aipm_agents.report.debrief.turning_points import GATES
from aipm_agents.report.papers.blocks import Heading, Quote, Quotes
from aipm_agents.report.papers.typography import quoted, together
from aipm_agents.report.words import phrase, vocabulary
from aipm_agents.table.events import Answered, Opened, Proposed, Signed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.compare.divergence import Branch, Parting
    from aipm_agents.analysis.debrief.deciding import Decisive
    from aipm_agents.analysis.debrief.groups import Groups
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.model import Scenario


def parted(found: Groups) -> Iterator[Block]:
    yield Heading(
        tr("Where groups parted"),
        tr("each against {first}, at the first difference from which something followed", first=first(found)),
    )
    quotes = []
    for fork in found.forks:
        if fork.decisive is None:
            text = tr(
                "Nowhere: the same packages, the same rulings and the same end, whatever else was said."
            )
            quotes.append(Quote(fork.label, text))
            continue
        parting = fork.decisive.parting
        one, other = (deed(found.scenario, fork.decisive, branch) for branch in parting.branches)
        told = tr("{first}: {one}. {label}: {other}.", first=first(found), one=one, label=fork.label, other=other)  # fmt: skip
        parted_by = tr("{place}. {told}", place=place(found.scenario, parting), told=told)
        quotes.append(
            Quote(
                fork.label,
                _words(parting),
                together((parted_by, _followed(fork.decisive, first(found), fork.label))),
            )
        )
    yield Quotes(tuple(quotes))


def first(found: Groups) -> str:
    """What the group is called that the others are held against."""
    return found.groups[0].sheet.label


def _followed(made: Decisive, first: str, label: str) -> str:
    """What came of it in the ruling of that round."""
    opened = [
        (GATES[gate], first if mine else label, label if mine else first)
        for gate, (mine, _) in made.rulings.items()
    ]
    told = [
        tr("{gate} then stood open in {one} and shut in {other}.", gate=g, one=a, other=b)
        for g, a, b in opened
    ]
    if made.lasting:
        told.append(tr("They still differed in it at the end."))
    if made.ended:
        told.append(tr("One of the two runs ended there."))
    return together(told)


def place(scenario: Scenario, parting: Parting) -> str:
    name = scenario.card(parting.role).called if parting.role in scenario.parties else tr("from outside")
    return tr("{when}, {who}", when=phrase.when(parting.round), who=name)


def _words(parting: Parting) -> str:
    """What the group that went another way said there."""
    says = spoken(parting.branches[1].move) if parting.branches[1].move else ""
    return quoted(says, 150) if says else ""


def deed(scenario: Scenario, made: Decisive, branch: Branch) -> str:
    """What made the difference in a turn, in a few words."""
    event = branch.move
    match made.what, event:
        case _, None:
            return (
                tr("came to no signature")
                if made.parting.kind == "signing"
                else tr("had ended, or has no such turn on record")
            )
        case _, event if getattr(event, "fault", None):
            return tr("the turn failed")
        case "fault" | "turn", Proposed():
            return tr("a package was put forward")
        case "package", Proposed(package=dict(package)):
            others = [getattr(each.move, "package", None) or package for each in made.parting.branches]
            apart = [i for i in package if others[0][i] != others[1][i]]
            return phrase.listed(quoted(scenario.label(i, package[i])) for i in apart[:2])
        case "tables", Opened() | Answered():
            facts = [quoted(scenario.facts[name].says, 90) for name in event.move.tables]
            return tr("told {facts}", facts=phrase.listed(facts)) if facts else tr("told nothing")
        case "vote" | "fault", Answered():
            return tr("voted {vote}", vote=quoted(vocabulary.VOTES[event.move.vote]))
        case "challenge", Answered():
            return tr("a challenge") if event.move.challenge else tr("no challenge")
        case _, Signed():
            return tr("signed") if event.move.signs else tr("held")
        case _:
            return tr("another turn")
