"""What a model is told of the table: bounded, whatever the number of rounds, and the sums done for it.

Everything comes from the seat's own view. The last round stands in full, the rounds before it in a line
each, and only the latest of those.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_agents.roles import PM
from aipm_agents.table.checkpoints import failing
from aipm_agents.table.contests import unshown
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
from aipm_agents.table.lawful import asker, owed, promised
from aipm_agents.table.rules import matches, worth
from aipm_agents.table.studies import commissioned, pending

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aipm_agents.scenario.evidence import Evidence
    from aipm_agents.scenario.model import CheckpointName, Package
    from aipm_agents.table.events import Finding
    from aipm_agents.table.moves import Ask, Position
    from aipm_agents.table.view import View

ROUNDS, QUOTE, CHANGES, CANDIDATES = 6, 600, 5, 6
"""How many earlier rounds, how many characters of a speech, how many changes and packages are told."""

Told = dict[str, Any]


def digest(view: View, quote: int = QUOTE) -> Told:
    """The table as data for the prompt; `quote`: characters of each speech."""
    package = view.package if _answering(view) else None
    told: Told = {
        "role": view.role, "round": view.round, "rounds": view.scenario.rounds, "label": view.scenario.label,
        "news": [e for e in view.events if isinstance(e, Injected)],
        "facts": facts(view), "history": _history(view), "last": _last(view, quote),
        "openings": _openings(view, quote) if last_ruling(view.events) is None else [],
        "heard": _heard(view), "unheard": _unheard(view), "package": package, "question": _question(view, quote), "candidates": [], "promised": False,
    }  # fmt: skip
    if package is not None:
        told |= _sums(view, package) | {"proposed": _proposed(view, quote), "promised": promised(view)}
    elif view.role == PM and view.round:
        told["candidates"] = _candidates(view)
    return told


def _heard(view: View) -> Told:
    """What has come out beside facts: options brought, challenges that stand or stood, what words mean."""
    options = [
        {"choice": f"{i}={o}", "label": view.scenario.label(i, o), "worth": view.me.points[i][o]}
        for i, o in sorted(view.heard.brought)
    ]
    contests = [
        {"evidence": each.evidence, "by": " and ".join(each.by), "ground": each.ground, "says": limit.says}
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
    brought: dict[str, str] = {}
    for event in view.events:
        if isinstance(event, Opened | Answered):
            brought |= dict.fromkeys(event.move.tables, event.role)
        elif isinstance(event, Injected):
            brought |= dict.fromkeys(event.evidence, event.sender)
        elif isinstance(event, Reported):
            brought |= dict.fromkeys(event.evidence, "study")
    return [(view.scenario.facts[name], who) for name, who in brought.items() if name in view.scenario.facts]


def _answering(view: View) -> bool:
    """Whether a package is on the table that this seat is asked about (to sign it, for the PM)."""
    return any(isinstance(event, Proposed) and event.round == view.round for event in view.events)


def _proposed(view: View, quote: int) -> str:
    moves = [e.move for e in view.events if isinstance(e, Proposed) and e.round == view.round]
    return _cut(moves[-1].says, quote) if view.role != PM and moves and moves[-1] else ""


def _sums(view: View, package: Package) -> Told:
    """What the package is worth, what it crosses, and what one change would make of it."""
    points, now = view.me.points, worth(view.me.points, package)
    changed = [
        (now - points[issue][package[issue]] + row[option], f"{issue}={option}")
        for issue, row in points.items() for option in row
    ]  # fmt: skip
    better = sorted((pair for pair in changed if pair[0] > now), reverse=True)[:CHANGES]
    lines = enumerate(view.me.red_lines, start=1)
    return {
        "worth": now,
        "walk_away": view.me.walk_away,
        "crossed": next((f"red_line_{number}" for number, line in lines if matches(package, line.when)), ""),
        "better": [{"choice": choice, "worth": value} for value, choice in better],
    }


def _history(view: View) -> list[Told]:
    """The rounds before the last ruled one, a line each."""
    rulings = [event for event in view.events if isinstance(event, Ruled)][:-1]
    return [
        {
            "round": ruling.round,
            "package": _words(_package_of(view, ruling.round)),
            "votes": ", ".join(f"{r} {e.move.vote}" for r, e in positions(view.events, ruling.round).items()),
            "shut": [
                name for name, verdict in ruling.verdicts.items() if verdict in ("blocked", "not_shown")
            ],
        }
        for ruling in rulings[-ROUNDS:]
    ]


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
    words = [e.move for e in view.events if isinstance(e, Proposed) and e.round == ruling.round]
    if words and words[-1] is not None:
        move = words[-1]
        first = {"role": PM, "vote": "proposed it", "asks": "", "trade": None, "challenge": None}
        turns.insert(0, first | {"question": move.question, "says": _cut(move.says, quote)})
    return {
        "round": ruling.round, "package": package, "turns": turns, "verdicts": _verdicts(view, ruling),
        "yes": team.yes, "needed": team.needed, "veto_missing": team.veto_missing, "crossed": team.crossed,
    }  # fmt: skip


def _turn(role: str, move: Position, package: Package, quote: int) -> Told:
    wanted = [ask for ask in move.asks if package[ask.issue] not in ask.options]
    trade = move.trade
    return {
        "role": role, "vote": move.vote, "asks": _asks(wanted), "question": move.question,
        "challenge": move.challenge,
        "trade": {"give": _words(trade.give), "get": _words(trade.get)} if trade else None,
        "says": _cut(move.says, quote),
    }  # fmt: skip


def _verdicts(view: View, ruling: Ruled) -> list[Told]:
    """The checkpoints; alignment's people half, since the team is told apart."""
    told = []
    name: CheckpointName
    for name, verdict in ruling.verdicts.items():
        findings = [
            _finding(view, finding, finding.criterion in ruling.asked)
            for finding in ruling.findings
            if finding.status != "met" and view.scenario.criteria[finding.criterion][0] == name
        ]
        shown = ruling.people if name == "alignment" else verdict
        told.append({"name": name, "verdict": shown, "open": findings})
    return told


def _finding(view: View, finding: Finding, asked: bool) -> Told:
    criterion = view.scenario.criteria[finding.criterion][1]
    because = " ".join(f"Against it stands {name}." for name in finding.evidence)
    if finding.contests:
        because = " ".join(f"{each.evidence} stands challenged ({each.ground})." for each in finding.contests)
    return {
        "id": criterion.id, "status": finding.status, "asks": criterion.asks, "owner": criterion.owner,
        "asked": asked, "because": because, "opens": " or ".join(_words(c) for c in finding.opens[:3]),
    }  # fmt: skip


def _openings(view: View, quote: int) -> list[Told]:
    return [
        {"role": event.role, "asks": _asks(event.move.asks), "says": _cut(event.move.says, quote)}
        for event in view.events if isinstance(event, Opened)
    ]  # fmt: skip


def _question(view: View, quote: int) -> Told | None:
    question = owed(view) if view.role != PM else None
    if question is None:
        return None
    told = {"asker": asker(view, question), "about": question.about, "text": _cut(question.text, quote)}
    return told | {"word": question.about in view.words}


def _candidates(view: View) -> list[Told]:
    """Packages that fail nothing as far as the table knows and cross no line of the PM's own, those that
    most people asked for first. What is told is the PM's own sum and what the others said aloud."""
    space, me = view.space, view.me
    ok = np.ones(space.size, dtype=bool)
    for _, criterion in view.scenario.criteria.values():
        ok &= ~failing(space, view.scenario, criterion, view.tabled)
    shown = ok.copy()
    for _, criterion in view.scenario.criteria.values():
        if criterion.blocking and view.heard.contests:  # then it may be a choice that answers
            shown &= ~unshown(space, view.scenario, criterion, view.tabled, view.heard.contests)
    ok = shown if shown.any() else ok
    for line in me.red_lines:
        ok &= ~space.matching(line.when)
    asks = _latest_asks(view)
    wanted = np.zeros(space.size, dtype=np.int64)
    for ask in asks:
        wanted += space.matching({ask.issue: ask.options})
    own = space.total(me.points)
    codes = np.flatnonzero(ok & (own >= space.scaled(me.walk_away)))
    best = codes[np.lexsort((-own[codes], -wanted[codes]))][:CANDIDATES]
    return [
        {
            "package": _words(space.package(int(code))), "worth": worth(me.points, space.package(int(code))),
            "wanted": int(wanted[code]), "asks": len(asks),
        }
        for code in best
    ]  # fmt: skip


def _latest_asks(view: View) -> list[Ask]:
    said: dict[str, tuple[Ask, ...]] = {}
    for event in view.events:
        if isinstance(event, Opened | Answered):
            said[event.role] = event.move.asks or said.get(event.role, ())
    return [ask for asks in said.values() for ask in asks]


def _asks(asks: Iterable[Ask]) -> str:
    return ", ".join(" or ".join(f"{ask.issue}={option}" for option in ask.options) for ask in asks)


def _words(package: Package) -> str:
    return ", ".join(f"{issue}={option}" for issue, option in package.items())


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most].rstrip() + " …"
