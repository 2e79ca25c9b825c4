"""What a seat raised, quoted: who asked, doubted, challenged, traded, told it, gave it as a reason or held a deal for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aipm_agents.language import mark, tr
from aipm_agents.report.papers.typography import quoted, together
from aipm_agents.report.words import phrase

if TYPE_CHECKING:
    from aipm_agents.analysis.run.conduct import Tabled
    from aipm_agents.analysis.run.raising import How, Raised
    from aipm_agents.scenario.model import Scenario

_DEEDS: dict[How, str] = {
    "question": mark("{who} asked ({when})"), "put": mark("{who} put it to {owner} ({when})"), "told": mark("{who} told a fact about it ({when})"), "challenge": mark("{who} challenged it ({when})"),
    "condition": mark("{who} made {what} a condition ({when})"), "trade": mark("{who} offered a trade for {what} ({when})"), "reason": mark("{who} gave it as a reason ({when})"),
    "doubt": mark("{who} doubted it ({when})"), "hold": mark("{who} held the deal for it ({when})"),
}  # fmt: skip


def raised(scenario: Scenario, each: Raised, width: int = 110) -> str:
    """A sentence, with what was said where anything was and it is to the point; no words of it for no `width`."""
    issue, traded, option = each.about.partition("=")
    what = quoted(scenario.label(issue, option)) if traded else ""
    owner = scenario.card(scenario.criteria[each.about][1].owner).called if each.how == "put" else ""
    deed = tr(
        _DEEDS[each.how],
        who=scenario.card(each.by).called,
        when=phrase.when(each.round),
        what=what,
        owner=owner,
    )
    says = _to_the_point(scenario, each) if width else ""
    return tr("{deed}: {says}", deed=deed, says=quoted(says, width)) if says else tr("{deed}.", deed=deed)


def _to_the_point(scenario: Scenario, each: Raised) -> str:
    """Of what was said, what is about it: a turn may say much else. A question has words of its own; of an option the
    turn where it names it; of a fact the fact as the case has it said aloud; of a question of a checkpoint the turn
    where it says that. Else nothing is quoted."""
    issue, traded, option = each.about.partition("=")
    if each.how in ("question", "put", "challenge", "hold"):
        return each.says
    if traded:
        return each.says if scenario.label(issue, option) in each.says else ""
    if each.about in scenario.facts:
        fact = scenario.facts[each.about]
        texts = [text.rstrip(".。") for text in (fact.aloud, fact.says, fact.plainly) if text]
        return next((_sentence(each.says, text) for text in texts if text in each.says), fact.says)
    asks = scenario.criteria[each.about][1].asks if each.about in scenario.criteria else ""
    return asks if asks.rstrip("?？ ") in each.says else ""


def _sentence(says: str, text: str) -> str:
    """A text within what was said, to the end of its sentence."""
    after = says.index(text) + len(text)
    end = re.search(r"[.!?。！？]", says[after:])
    return text + says[after : after + end.end() if end else len(says)]


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
        (
            told,
            tr("The checkpoint asked; nobody did of their own accord.")
            if asked
            else tr("No question, doubt or reason came of it."),
        )
    )
