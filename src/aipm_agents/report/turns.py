"""A turn in words: what was said, and what it did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.report import inquiry, wording
from aipm_agents.report.wording import shortened
from aipm_agents.table.events import Answered, Framed, Injected, Opened, Proposed, Signed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aipm_agents.scenario.model import Scenario
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
    return f'"{shortened(text, 220)}"' if text else ""


def did(scenario: Scenario, event: Event | None, differs: Iterable[str]) -> str:
    """The move without its words, as far as it is what differs."""
    if event is None:
        return "no such turn"
    parts: list[str] = []
    fault = getattr(event, "fault", None)
    if fault is not None:
        parts.append(f"no answer ({fault})")
    for name in differs:
        if text := _field(scenario, event, name):
            parts.append(text)
    return "; ".join(dict.fromkeys(parts))


def _field(scenario: Scenario, event: Event, name: str) -> str:
    if isinstance(event, Proposed):
        tell: Callable[[Scenario, Proposed], str] | None = _OF_PROPOSAL.get(name)
        return tell(scenario, event) if tell else ""
    if isinstance(event, Signed) and name == "signs":
        return "signed" if event.move.signs else f"held it: {event.move.reason}"
    if isinstance(event, Opened | Answered) and name in _OF_BOTH:
        return _OF_BOTH[name](scenario, event)
    if isinstance(event, Answered) and name in _OF_ANSWER:
        return _OF_ANSWER[name](scenario, event)
    return ""


def _tabled(scenario: Scenario, event: Opened | Answered) -> str:
    facts = [f'"{shortened(scenario.facts[f].says, 70)}"' for f in event.move.tables]
    return f"tabled {wording.listed(facts)}" if facts else "tabled nothing"


def _asked_for(scenario: Scenario, event: Opened | Answered) -> str:
    wants = [" or ".join(scenario.label(a.issue, o) for o in a.options) for a in event.move.asks]
    return f"asked for {'; '.join(wants)}" if wants else "asked for nothing"


def _answered(scenario: Scenario, event: Answered) -> str:
    if event.move.answer is None:
        return "gave no answer"
    return "declined to answer" if event.move.answer.declined else "answered"


def _offered(scenario: Scenario, event: Answered) -> str:
    if event.move.trade is None:
        return "offered no trade"
    give, get = (wording.options(scenario, side) for side in (event.move.trade.give, event.move.trade.get))
    return f'offered "{give}" for "{get}"'


def _asked(scenario: Scenario, event: Answered | Proposed) -> str:
    question = event.move.question if event.move else None
    if question is None:
        return "asked nothing"
    return (
        f'asked {scenario.card(question.to).short} about "{shortened(about(scenario, question.about), 60)}"'
    )


def _doubted(scenario: Scenario, event: Answered) -> str:
    return f'doubted "{about(scenario, event.move.concern)}"' if event.move.concern else "voiced no doubt"


def _moved(scenario: Scenario, event: Answered) -> str:
    sources = [wording.source(scenario, each) for each in event.move.moved_by]
    return f"moved by {wording.listed(sources)}" if sources else "gave no reason"


def _package(scenario: Scenario, event: Proposed) -> str:
    return f"tabled {wording.options(scenario, event.package)}" if event.package else "tabled nothing"


def _sent_for(scenario: Scenario, event: Proposed) -> str:
    return f"sent for {wording.listed(inquiry.commissioned(scenario, event) or ['nothing'])}"


def _brought(scenario: Scenario, event: Opened | Answered) -> str:
    options = [f'"{each}"' for each in inquiry.brought(scenario, event)]
    return f"brought {wording.listed(options)}" if options else "brought no new option"


def _challenged(scenario: Scenario, event: Answered) -> str:
    made = event.move.challenge
    return f"challenged {inquiry.challenge(scenario, made)}" if made else "challenged nothing"


_OF_PROPOSAL: dict[str, Callable[[Scenario, Proposed], str]] = {
    "package": _package, "commissions": _sent_for, "question": _asked,
}  # fmt: skip
_OF_BOTH: dict[str, Callable[[Scenario, Opened | Answered], str]] = {
    "tables": _tabled, "brings": _brought, "asks": _asked_for,
}  # fmt: skip
_OF_ANSWER: dict[str, Callable[[Scenario, Answered], str]] = {
    "vote": lambda _, event: f"voted {wording.VOTES[event.move.vote]}",
    "red_line": lambda _, event: "invoked no red line" if event.move.red_line is None else "invoked a red line",
    "challenge": _challenged, "answer": _answered, "trade": _offered, "question": _asked, "concern": _doubted, "moved_by": _moved,
}  # fmt: skip
