"""What a model is told of the table: bounded, whatever the number of rounds, and the sums done for it.

Everything comes from the seat's own view. The last round stands in full, the rounds before it in a line
each, and only the latest of those; what is owed and still open is told apart, so that nothing lapses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.roles import PM
from aipm_agents.seats.model import ledger
from aipm_agents.seats.model.figures import effects
from aipm_agents.seats.model.reckoning import candidates, follow_ups, sums, words, worth_alone
from aipm_agents.seats.model.rounds import ASKED, Told, asked, history, joined, last, shortened
from aipm_agents.table.events import (
    Answered,
    Framed,
    Injected,
    Opened,
    Proposed,
    Reported,
    Signed,
    last_ruling,
)
from aipm_agents.table.lawful import promised, put
from aipm_agents.table.studies import commissioned, pending

if TYPE_CHECKING:
    from aipm_agents.scenario.evidence import Evidence
    from aipm_agents.seats.model.controls import Aids
    from aipm_agents.table.moves import Verb
    from aipm_agents.table.view import View

QUOTE = 600
"""How many characters of a speech are told."""


def digest(view: View, verb: Verb, quote: int = QUOTE, aids: Aids = "full") -> Told:
    """The table as data for the prompt; `quote`: characters of each speech; `aids`: how much is reckoned."""
    package, ruling = view.package, last_ruling(view.events)
    told: Told = {
        "role": view.role, "round": view.round, "rounds": view.scenario.rounds,
        "left": view.scenario.rounds - view.round,
        "given": ", ".join(f"{issue}={option}" for issue, option in (view.given or {}).items()),
        "news": [e for e in view.events if isinstance(e, Injected) and e.round == view.round],
        "facts": _facts(view), "shared": _shared(view), "history": history(view), "last": last(view, quote, view.package is not None), "own": _own(view),
        "wishes": [(role, number, asked(asks)) for role, number, asks in ledger.wishes(view)],
        "open": [
            {"round": number, "asker": who, "to": q.to, "about": q.about, "text": shortened(q.text, ASKED)}
            for number, who, q in ledger.open_questions(view)
        ],
        "openings": _openings(view, quote) if ruling is None else [], "show": ledger.asked_to_show(view),
        "heard": _heard(view), "unheard": _unheard(view), "package": None, "questions": _questions(view, quote),
        "candidates": None, "promised": False, "sums": None, "follow_ups": [], "by": "", "answering": False,
    }  # fmt: skip
    if verb == "answer" and package is not None:
        reckoned = {"none": None, "worth": worth_alone, "full": sums}[aids]
        told |= {
            "package": words(package),
            "sums": reckoned and reckoned(view, package),
            "proposed": _proposed(view, quote),
        }
        told["answering"] = True
        told["promised"] = promised(view)
    elif verb == "propose" and aids == "full":
        told["candidates"] = candidates(view)
    elif verb == "sign" and package is not None:
        success = view.scenario.success
        told |= {"package": words(package), "proposed": "", "follow_ups": follow_ups(view, package)}
        told["by"] = success.by if success and success.by else ""
    return told


def _own(view: View) -> Told:
    """What this seat has said and asked before the last round, turns of one mind in one line, and the offer it is held to."""
    offer = ledger.offer(view)
    trade = offer.move.trade if offer else None
    made = (
        {"round": offer.round, "give": words(trade.give), "get": words(trade.get)}
        if offer and trade
        else None
    )
    return {"turns": joined(_stance(event) for event in ledger.own(view))[-ledger.OWN :], "offer": made}


def _stance(event: Answered | Opened | Proposed) -> Told:
    assert event.move is not None
    return {
        "first": event.round, "last": event.round, "vote": getattr(event.move, "vote", ""), "asks": asked(getattr(event.move, "asks", ())),
        "package": words(event.package or {}) if isinstance(event, Proposed) else "",
        "says": shortened(event.move.says, ledger.SNIPPET),
    }  # fmt: skip


def _heard(view: View) -> Told:
    """What has come out beside facts: options brought, challenges that stand or stood, what words mean."""
    options = [
        {
            "choice": f"{issue.id}={option.id}", "label": option.label, "worth": view.me.points[issue.id][option.id],
            "effects": effects(view.scenario, option),
            "answers": [
                fact.id for fact in view.scenario.facts.values()
                if any(option.id in case.get(issue.id, ()) for case in fact.unless or ())
            ],
        }
        for issue in view.scenario.issues for option in issue.options
        if (issue.id, option.id) in view.heard.brought
    ]  # fmt: skip
    contests = [
        {
            "evidence": each.evidence,
            "by": each.by,
            "ground": each.ground,
            "says": limit.says,
            "limit": limit,
        }
        for each in view.heard.contests
        if (limit := view.scenario.facts[each.evidence].limit(each.ground)) is not None
    ]
    terms = [(role, word, view.scenario.parties[role].terms[word]) for role, word in view.heard.meanings]
    return {"options": options, "contests": contests, "terms": terms, "due": _due(view)}


def _unheard(view: View) -> Told | None:
    """What of this seat's last turn could not be used: parts of it, or all."""
    own = [
        event for event in view.events
        if isinstance(event, Framed | Opened | Proposed | Answered | Signed) and event.role == view.role
    ]  # fmt: skip
    if not own or not (own[-1].dropped or own[-1].fault):
        return None
    return {"round": own[-1].round, "fault": own[-1].fault, "parts": own[-1].dropped}


def _due(view: View) -> list[Told]:
    asked = commissioned(view.events)
    facts = [view.scenario.facts[name] for name in pending(view.events)]
    return [
        {"asks": fact.study.asks, "round": asked[fact.id] + (fact.takes or 0)} for fact in facts if fact.study
    ]


def facts(view: View) -> list[tuple[Evidence, str]]:
    """Evidence put on the table since the start, with who brought it."""
    return [(fact, who) for fact, who, _ in _brought(view)]


def _facts(view: View) -> list[tuple[Evidence, str, bool]]:
    """The same but for what its briefing tells it already, with whether it is new: since the last ruling, or in the
    round before."""
    ruling = last_ruling(view.events)
    return [
        (fact, who, ruling is None or number >= ruling.round) for fact, who, number in _brought(view)
        if view.role not in fact.held_by
    ]  # fmt: skip


def _shared(view: View) -> list[str]:
    """The facts of its own briefing that are on the table."""
    return [fact.id for fact, _ in facts(view) if view.role in fact.held_by]


def _brought(view: View) -> list[tuple[Evidence, str, int]]:
    brought: dict[str, tuple[str, int]] = {}
    for event in view.events:
        if isinstance(event, Opened | Answered):
            brought |= dict.fromkeys(event.move.tables, (event.role, event.round))
        elif isinstance(event, Injected):
            brought |= dict.fromkeys(event.evidence, (event.sender, event.round))
        elif isinstance(event, Reported):
            brought |= dict.fromkeys(event.evidence, ("study", event.round))
    known = view.scenario.facts
    return [(known[name], *where) for name, where in brought.items() if name in known]


def _proposed(view: View, quote: int) -> str:
    moves = [e.move for e in view.events if isinstance(e, Proposed) and e.round == view.round]
    return shortened(moves[-1].says, quote) if view.role != PM and moves and moves[-1] else ""


def _openings(view: View, quote: int) -> list[Told]:
    return [
        {"role": event.role, "asks": asked(event.move.asks), "says": shortened(event.move.says, quote)}
        for event in view.events if isinstance(event, Opened)
    ]  # fmt: skip


def _questions(view: View, quote: int) -> list[Told]:
    """Those that this seat is to answer now."""
    return [
        {"asker": role, "about": q.about, "text": shortened(q.text or _meaning(view, q.about), quote), "word": q.about in view.words}
        for role, q in (put(view) if view.role != PM else [])
    ]  # fmt: skip


def _meaning(view: View, name: str) -> str:
    """What a question without words of its own is about, in the scenario's words; a word stands for itself."""
    if name in view.scenario.issue:
        return view.scenario.issue[name].question
    if name in view.scenario.criteria:
        return view.scenario.criteria[name][1].asks
    return view.scenario.facts[name].says if name in view.scenario.facts else name
