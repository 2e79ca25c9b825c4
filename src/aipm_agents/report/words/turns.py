"""A turn in words: what was said, and what it did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import tr
from aipm_agents.report.papers.plain_text import shortened
from aipm_agents.report.words import fact_text, inquiry, phrase, vocabulary
from aipm_agents.report.words.move_text import FAULTS, unspoken
from aipm_agents.table.events import Answered, Framed, Injected, Opened, Proposed, Signed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.events import Event


def about(scenario: Scenario, name: str) -> str:
    """What a question is about, in words."""
    if name in scenario.issue:
        return scenario.issue[name].question
    if name in scenario.criteria:
        return scenario.criteria[name][1].asks
    return scenario.facts[name].says if name in scenario.facts else name


def said(event: Event | None) -> str:
    if event is None:
        return ""
    if isinstance(event, Injected):
        return event.headline
    text = (
        event.move.says
        if isinstance(event, Framed | Opened | Proposed | Answered | Signed) and event.move
        else ""
    )
    return tr('"{text}"', text=shortened(text, 220)) if text else ""


def deeds(scenario: Scenario, event: Opened | Proposed | Answered, package: Package | None) -> list[str]:
    """What a turn did beside its vote: what it put on the table, asked and offered. `package`: what was asked for
    and is in it already needs no line."""
    move = event.move
    if move is None:
        return []
    done = [name for name in _DEEDS if getattr(move, name, None)]
    told = [did(scenario, event, (name,)) for name in done]
    wants = [
        ask for ask in getattr(move, "asks", ()) if package is None or package[ask.issue] not in ask.options
    ]
    if wants and getattr(move, "vote", "no") != "yes":
        told.append(
            tr(
                "asked for {options}",
                options=tr("; ").join(phrase.asked(scenario, ask) for ask in wants),
            )
        )
    if not move.says and isinstance(event, Answered):
        told += unspoken(scenario, event.move)
    elif isinstance(event, Answered | Proposed) and event.move and event.move.question:
        told.append(_asked(scenario, event))
    return told


def did(scenario: Scenario, event: Event | None, differs: Iterable[str]) -> str:
    """The move without its words, as far as it is what differs."""
    if event is None:
        return tr("no such turn")
    parts: list[str] = []
    fault = getattr(event, "fault", None)
    if fault is not None:
        parts.append(tr("no answer ({fault})", fault=FAULTS[fault]))
    for name in differs:
        if text := _field(scenario, event, name):
            parts.append(text)
    return tr("; ").join(dict.fromkeys(parts))


def _field(scenario: Scenario, event: Event, name: str) -> str:
    if isinstance(event, Proposed):
        tell: Callable[[Scenario, Proposed], str] | None = _OF_PROPOSAL.get(name)
        return tell(scenario, event) if tell else ""
    if isinstance(event, Signed) and name == "signs":
        return tr("signed") if event.move.signs else tr("held it: {reason}", reason=event.move.reason)
    if isinstance(event, Opened | Answered) and name in _OF_BOTH:
        return _OF_BOTH[name](scenario, event)
    if isinstance(event, Answered) and name in _OF_ANSWER:
        return _OF_ANSWER[name](scenario, event)
    return ""


def _tabled(scenario: Scenario, event: Opened | Answered) -> str:
    facts = [tr('"{text}"', text=shortened(scenario.facts[f].says, 70)) for f in event.move.tables]
    return tr("told {facts}", facts=phrase.listed(facts)) if facts else tr("told nothing")


def _asked_for(scenario: Scenario, event: Opened | Answered) -> str:
    wants = [phrase.asked(scenario, ask) for ask in event.move.asks]
    return tr("asked for {options}", options=tr("; ").join(wants)) if wants else tr("asked for nothing")


def _answered(scenario: Scenario, event: Answered) -> str:
    if event.move.answer is None:
        return tr("gave no answer")
    return tr("declined to answer") if event.move.answer.declined else tr("answered")


def _offered(scenario: Scenario, event: Answered) -> str:
    if event.move.trade is None:
        return tr("offered no trade")
    give, get = (phrase.options(scenario, side) for side in (event.move.trade.give, event.move.trade.get))
    return tr('offered "{give}" for "{get}"', give=give, get=get)


def _asked(scenario: Scenario, event: Answered | Proposed) -> str:
    question = event.move.question if event.move else None
    if question is None:
        return tr("asked nothing")
    return tr(
        'asked {who} about "{about}"',
        who=scenario.card(question.to).short,
        about=shortened(about(scenario, question.about), 60),
    )


def _doubted(scenario: Scenario, event: Answered) -> str:
    return (
        tr('doubted "{about}"', about=about(scenario, event.move.concern))
        if event.move.concern
        else tr("voiced no doubt")
    )


def _moved(scenario: Scenario, event: Answered) -> str:
    sources = [fact_text.source(scenario, each) for each in event.move.moved_by]
    return tr("moved by {sources}", sources=phrase.listed(sources)) if sources else tr("gave no reason")


def _package(scenario: Scenario, event: Proposed) -> str:
    return (
        tr("proposed {package}", package=phrase.options(scenario, event.package))
        if event.package
        else tr("proposed nothing")
    )


def _sent_for(scenario: Scenario, event: Proposed) -> str:
    return tr("sent for {what}", what=phrase.listed(inquiry.commissioned(scenario, event) or [tr("nothing")]))


def _brought(scenario: Scenario, event: Opened | Answered) -> str:
    options = [tr('"{text}"', text=each) for each in inquiry.brought(scenario, event)]
    return tr("brought {options}", options=phrase.listed(options)) if options else tr("brought no new option")


def _challenged(scenario: Scenario, event: Answered) -> str:
    made = event.move.challenge
    return (
        tr("challenged {challenge}", challenge=inquiry.challenge(scenario, made))
        if made
        else tr("challenged nothing")
    )


_DEEDS = ("tables", "brings", "challenge", "commissions", "trade")
_OF_PROPOSAL: dict[str, Callable[[Scenario, Proposed], str]] = {
    "package": _package, "commissions": _sent_for, "question": _asked,
}  # fmt: skip
_OF_BOTH: dict[str, Callable[[Scenario, Opened | Answered], str]] = {
    "tables": _tabled, "brings": _brought, "asks": _asked_for,
}  # fmt: skip
_OF_ANSWER: dict[str, Callable[[Scenario, Answered], str]] = {
    "vote": lambda _, event: tr("voted {vote}", vote=vocabulary.VOTES[event.move.vote]),
    "red_line": lambda _, event: tr("invoked no red line") if event.move.red_line is None else tr("invoked a red line"),
    "challenge": _challenged, "answer": _answered, "trade": _offered, "question": _asked, "concern": _doubted, "moved_by": _moved,
}  # fmt: skip
