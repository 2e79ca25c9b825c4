"""What a seat raised, quoted: who asked, doubted, challenged, traded, told it, gave it as a reason or held a deal for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import mark, tr
from aipm_agents.report.papers.typography import quoted, sentences, together
from aipm_agents.report.words import phrase

if TYPE_CHECKING:
    from collections.abc import Collection

    from aipm_agents.analysis.run.conduct import Tabled
    from aipm_agents.analysis.run.raising import How, Raised
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario

_DEEDS: dict[How, str] = {
    "question": mark("{who} asked ({when})"), "put": mark("{who} put {what} to {owner} ({when})"), "named": mark("{who} named {what} ({when})"),
    "told": mark("{who} told {what} ({when})"), "challenge": mark("{who} challenged {what} ({when})"),
    "wish": mark("{who} asked for {what} ({when})"), "offer": mark("{who} offered {what} in a trade ({when})"),
    "condition": mark("{who} made {what} a condition ({when})"), "trade": mark("{who} offered a trade for {what} ({when})"),
    "reason": mark("{who} gave {what} as a reason ({when})"), "doubt": mark("{who} had a doubt about {what} ({when})"),
    "hold": mark("{who} held the deal for {what} ({when})"),
}  # fmt: skip


def raised(scenario: Scenario, each: Raised, width: int = 110) -> str:
    """A sentence, with what was said where anything was and it is to the point; no words of it for no `width`."""
    what = subject(scenario, each)
    owner = scenario.card(scenario.criteria[each.about][1].owner).called if each.how == "put" else ""
    says = _to_the_point(scenario, each) if width else ""
    wordless = each.how == "question" and not says
    deed = tr(
        mark("{who} asked about {what} ({when})") if wordless else _DEEDS[each.how],
        who=scenario.card(each.by).called,
        when=phrase.when(each.round),
        what=what,
        owner=owner,
    )
    return tr("{deed}: {says}", deed=deed, says=quoted(says, width)) if says else tr("{deed}.", deed=deed)


def also(scenario: Scenario, turns: Collection[tuple[Role, int]]) -> str:
    """Who else took it up, the first three, each with the rounds; empty where nobody did."""
    rounds: dict[Role, list[int]] = {}
    for role, number in turns:
        rounds.setdefault(role, []).append(number)
    who = phrase.listed(
        tr("{who} ({when})", who=scenario.card(role).called, when=phrase.rounds(found))
        for role, found in tuple(rounds.items())[:3]
    )
    return tr("Taken up as well by {who}.", who=who) if turns else ""


def touched(scenario: Scenario, turns: Collection[Raised]) -> str:
    """What was asked or wanted of a choice that something hangs on, each seat once; empty where nothing was."""
    first = {each.by: each for each in reversed(tuple(turns))}
    told = [raised(scenario, each, 0) for each in sorted(first.values(), key=lambda each: each.round)]
    return tr("By the case's rule it hangs on a choice. {told}", told=together(told)) if told else ""


def _to_the_point(scenario: Scenario, each: Raised) -> str:
    """Of what was said, what is about it: a turn may say much else. A question has words of its own; of an option the
    turn where it names it, and of that what names it and what the case has its seat argue for it, where that is said. A
    fact, and a question of a checkpoint, are quoted in the deed. Else nothing is quoted."""
    issue, traded, option = each.about.partition("=")
    if each.how in ("question", "challenge", "hold"):
        return each.says
    labels = [scenario.label(issue, name) for name in each.options or (option,)] if traded else []
    if not any(label in each.says for label in labels):
        return ""
    argued = [text for text in scenario.parties[each.by].argues.get(issue, ()) if text in each.says]
    if not argued:
        return each.says
    return together(s for s in sentences(each.says) if any(label in s for label in labels) or any(s in text for text in argued))  # fmt: skip


def subject(scenario: Scenario, each: Raised) -> str:
    """The option, the criterion's question, the fact or the word that it is about."""
    issue, traded, option = each.about.partition("=")
    if traded:
        return phrase.either(quoted(scenario.label(issue, each_)) for each_ in each.options or (option,))
    if each.about in scenario.criteria:
        return quoted(scenario.criteria[each.about][1].asks)
    if each.about in scenario.facts:
        return quoted(scenario.facts[each.about].says, 90)
    return quoted(scenario.issue[each.about].question if each.about in scenario.issue else each.about)


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
            else tr("No question, challenge, doubt or reason on record names it."),
        )
    )
