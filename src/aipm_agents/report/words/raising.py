"""What a seat raised, quoted: who asked, doubted, challenged, traded, gave it as a reason or held a deal for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import mark, tr
from aipm_agents.report.papers.typography import quoted, together
from aipm_agents.report.words import phrase

if TYPE_CHECKING:
    from aipm_agents.analysis.run.conduct import Tabled
    from aipm_agents.analysis.run.raising import How, Raised
    from aipm_agents.scenario.model import Scenario

_DEEDS: dict[How, str] = {
    "question": mark("{who} asked ({when})"), "challenge": mark("{who} challenged it ({when})"),
    "condition": mark("{who} made {what} a condition ({when})"), "trade": mark("{who} offered a trade for {what} ({when})"), "reason": mark("{who} gave it as a reason ({when})"),
    "doubt": mark("{who} doubted it ({when})"), "hold": mark("{who} held the deal for it ({when})"),
}  # fmt: skip


def raised(scenario: Scenario, each: Raised, width: int = 110) -> str:
    """A sentence, with what was said where anything was."""
    issue, traded, option = each.about.partition("=")
    what = quoted(scenario.label(issue, option)) if traded else ""
    deed = tr(_DEEDS[each.how], who=scenario.card(each.by).called, when=phrase.when(each.round), what=what)
    return (
        tr("{deed}: {says}", deed=deed, says=quoted(each.says, width))
        if each.says
        else tr("{deed}.", deed=deed)
    )


def came_up(scenario: Scenario, fact: str, tabled: Tabled, asked: bool, width: int = 90) -> str:
    """Of a fact on the table that nobody took up: credit to nobody. `asked`: a checkpoint had asked for it by name."""
    says = quoted(scenario.facts[fact].says, width)
    match tabled.source:
        case "start":
            told = tr("It lay there from the start: {fact}", fact=says)
        case "news":
            told = tr("It came up in the news ({when}): {fact}", when=phrase.when(tabled.round), fact=says)
        case "seat":
            assert tabled.by is not None
            who = scenario.card(tabled.by).called
            told = tr(
                "It came up ({when}, {who}): {fact}", when=phrase.when(tabled.round), who=who, fact=says
            )
    return together(
        (told, tr("The checkpoint asked; nobody did of their own accord.") if asked else tr("Nobody asked."))
    )
