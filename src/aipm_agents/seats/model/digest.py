"""What a model is told of the table: bounded, whatever the number of rounds, and the sums done for it.

Everything comes from the seat's own view. The last round stands in full, the rounds before it in a line
each, and only the latest of those; what is owed and still open is told apart, so that nothing lapses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aipm_agents.roles import PM
from aipm_agents.seats.model import ledger
from aipm_agents.seats.model.bearing import effects
from aipm_agents.seats.model.reckoning import candidates, follow_ups, sums, words, worth_alone
from aipm_agents.table.events import (
    Answered,
    Framed,
    Injected,
    Opened,
    Proposed,
    Reported,
    Ruled,
    Signed,
    last_ruling,
    positions,
)
from aipm_agents.table.lawful import promised, put
from aipm_agents.table.studies import commissioned, pending

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aipm_agents.scenario.evidence import Evidence
    from aipm_agents.scenario.model import CheckpointName, Package
    from aipm_agents.seats.model.controls import Aids
    from aipm_agents.table.events import Finding, Verdict
    from aipm_agents.table.moves import Ask, Position, Question, Verb
    from aipm_agents.table.view import View

ROUNDS, QUOTE, ASKED = 4, 600, 160
"""How many earlier rounds, how many characters of a speech and of a question are told."""

Told = dict[str, Any]


def digest(view: View, verb: Verb, quote: int = QUOTE, aids: Aids = "full") -> Told:
    """The table as data for the prompt; `quote`: characters of each speech; `aids`: how much is reckoned."""
    package, ruling = view.package, last_ruling(view.events)
    told: Told = {
        "role": view.role, "round": view.round, "rounds": view.scenario.rounds,
        "left": view.scenario.rounds - view.round,
        "given": ", ".join(f"{issue}={option}" for issue, option in (view.given or {}).items()),
        "news": [e for e in view.events if isinstance(e, Injected) and e.round == view.round],
        "facts": _facts(view), "shared": _shared(view), "history": _history(view), "last": _last(view, quote), "own": _own(view),
        "wishes": [(role, number, _asks(asks)) for role, number, asks in ledger.wishes(view)],
        "open": [
            {"round": number, "asker": who, "to": q.to, "about": q.about, "text": _cut(q.text, ASKED)}
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
    """What this seat has said and asked before the last round, and the offer it is held to."""
    offer = ledger.offer(view)
    turns = [
        {
            "round": event.round, "vote": getattr(event.move, "vote", ""), "asks": _asks(getattr(event.move, "asks", ())),
            "package": words(event.package or {}) if isinstance(event, Proposed) else "",
            "says": _cut(event.move.says, ledger.SNIPPET),
        }
        for event in ledger.own(view) if event.move is not None
    ]  # fmt: skip
    trade = offer.move.trade if offer else None
    made = (
        {"round": offer.round, "give": words(trade.give), "get": words(trade.get)}
        if offer and trade
        else None
    )
    return {"turns": turns, "offer": made}


def _heard(view: View) -> Told:
    """What has come out beside facts: options brought, challenges that stand or stood, what words mean."""
    options = [
        {
            "choice": f"{issue.id}={option.id}", "label": option.label, "worth": view.me.points[issue.id][option.id],
            "effects": effects({metric.id: metric for metric in view.scenario.metrics}, option),
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
    return _cut(moves[-1].says, quote) if view.role != PM and moves and moves[-1] else ""


def _history(view: View) -> list[Told]:
    """The rounds before the last ruled one, a line each; rounds that were alike share one: `2-5`."""
    lines: list[Told] = []
    for ruling in [event for event in view.events if isinstance(event, Ruled)][:-1]:
        line = {
            "package": words(_package_of(view, ruling.round)), "votes": _votes(view, ruling.round),
            "shut": [name for name, verdict in _verdict_of(ruling).items() if verdict in ("blocked", "not_shown")],
            "yes": len(ruling.team.yes), "needed": ruling.team.needed, "together": ruling.team.verdict == "pass",
            "missing": ruling.team.veto_missing,
        }  # fmt: skip
        first = ruling.round
        if lines and lines[-1] == lines[-1] | line:
            first = lines.pop()["first"]
        rounds = f"{first}-{ruling.round}" if first < ruling.round else str(first)
        lines.append(line | {"first": first, "rounds": rounds})
    return lines[-ROUNDS:]


def _votes(view: View, number: int) -> str:
    """`no: legal, marketing; yes: engineer`."""
    cast: dict[str, list[str]] = {}
    for role, event in positions(view.events, number).items():
        cast.setdefault(event.move.vote, []).append(role)
    return "; ".join(f"{vote}: {', '.join(roles)}" for vote, roles in cast.items())


def _verdict_of(ruling: Ruled) -> dict[CheckpointName, Verdict]:
    """The checkpoints with alignment's people half alone, since the team is told apart."""
    return {**ruling.verdicts, "alignment": ruling.people}


def _package_of(view: View, number: int) -> Package:
    proposed = (e.package for e in view.events if isinstance(e, Proposed) and e.round == number)
    return next(package for package in proposed if package is not None)


def _last(view: View, quote: int) -> Told | None:
    """The last round that was ruled, in full."""
    ruling = last_ruling(view.events)
    if ruling is None:
        return None
    package, team = _package_of(view, ruling.round), ruling.team
    turns = [
        _turn(role, event.move, package, quote)
        for role, event in positions(view.events, ruling.round).items()
    ]
    spoken = [e.move for e in view.events if isinstance(e, Proposed) and e.round == ruling.round]
    if spoken and spoken[-1] is not None:
        move = spoken[-1]
        first = {
            "role": PM,
            "vote": "",
            "asks": "",
            **dict.fromkeys(("has", "trade", "challenge", "concern")),
        }
        turns.insert(0, first | {"question": _put(move.question), "says": _cut(move.says, quote)})
    return {
        "round": ruling.round, "package": words(package), "turns": turns, **_verdicts(view, ruling),
        "yes": team.yes, "needed": team.needed, "veto_missing": team.veto_missing, "crossed": team.crossed,
    }  # fmt: skip


def _turn(role: str, move: Position, package: Package, quote: int) -> Told:
    wanted = [ask for ask in move.asks if package[ask.issue] not in ask.options]
    trade = move.trade
    return {
        "role": role, "vote": move.vote, "asks": _asks(wanted),
        "has": _asks(ask for ask in move.asks if ask not in wanted), "question": _put(move.question), "concern": move.concern,
        "challenge": move.challenge,
        "trade": {"give": words(trade.give), "get": words(trade.get)} if trade else None,
        "says": _cut(move.says, quote),
    }  # fmt: skip


def _put(question: Question | None) -> Told | None:
    """A question as it was put: to whom, about what, in which words."""
    if question is None:
        return None
    return {"to": question.to, "about": question.about, "text": _cut(question.text, ASKED)}


def _verdicts(view: View, ruling: Ruled) -> Told:
    """The checkpoints that are clean, and those with something open."""
    passed, left = [], []
    for name, verdict in _verdict_of(ruling).items():
        findings = [
            _finding(view, finding, finding.criterion in ruling.asked)
            for finding in ruling.findings
            if finding.status != "met" and view.scenario.criteria[finding.criterion][0] == name
        ]
        if verdict == "pass":
            passed.append(name.capitalize())
        else:
            left.append({"name": name.capitalize(), "verdict": verdict, "open": findings})
    return {"passed": passed, "left": left}


def _finding(view: View, finding: Finding, asked: bool) -> Told:
    criterion = view.scenario.criteria[finding.criterion][1]
    return {
        "id": criterion.id, "status": finding.status, "owner": criterion.owner,
        "asked": asked,
        "against": () if finding.contests else finding.evidence, "contests": finding.contests, "opens": " or ".join(words(c, " + ") for c in finding.opens[:3]),
    }  # fmt: skip


def _openings(view: View, quote: int) -> list[Told]:
    return [
        {"role": event.role, "asks": _asks(event.move.asks), "says": _cut(event.move.says, quote)}
        for event in view.events if isinstance(event, Opened)
    ]  # fmt: skip


def _questions(view: View, quote: int) -> list[Told]:
    """Those that this seat is to answer now."""
    return [
        {"asker": role, "about": q.about, "text": _cut(q.text or _meaning(view, q.about), quote), "word": q.about in view.words}
        for role, q in (put(view) if view.role != PM else [])
    ]  # fmt: skip


def _asks(asks: Iterable[Ask]) -> str:
    return "; ".join(" or ".join(f"{ask.issue}={option}" for option in ask.options) for ask in asks)


def _meaning(view: View, name: str) -> str:
    """What a question without words of its own is about, in the scenario's words; a word stands for itself."""
    if name in view.scenario.issue:
        return view.scenario.issue[name].question
    if name in view.scenario.criteria:
        return view.scenario.criteria[name][1].asks
    return view.scenario.facts[name].says if name in view.scenario.facts else name


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most].rstrip() + " …"
