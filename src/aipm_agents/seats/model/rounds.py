"""What a model is told of the rounds that are over: the last ruled one in full, those before it in a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aipm_agents.roles import PM
from aipm_agents.seats.model.reckoning import words
from aipm_agents.table.events import Proposed, Ruled, last_ruling, positions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aipm_agents.scenario.criteria import CheckpointName
    from aipm_agents.scenario.model import Package
    from aipm_agents.table.events import Finding, Verdict
    from aipm_agents.table.moves import Ask, Position, Question
    from aipm_agents.table.view import View

ROUNDS, ASKED, RECALLED = 4, 160, 120
"""How many earlier rounds, and how many characters are told of a question, and of a speech of its own or one that another
has taken the place of."""

Told = dict[str, Any]


def history(view: View) -> list[Told]:
    """The rounds before the last ruled one, a line each; rounds that were alike share one: `2-5`."""
    lines = [
        {
            "first": ruling.round, "last": ruling.round, "package": words(_package_of(view, ruling.round)), "votes": _votes(view, ruling.round),
            "shut": [name for name, verdict in _verdict_of(ruling).items() if verdict in ("blocked", "not_shown")],
            "yes": len(ruling.team.yes), "needed": ruling.team.needed, "together": ruling.team.verdict == "pass",
            "missing": ruling.team.veto_missing,
        }
        for ruling in [event for event in view.events if isinstance(event, Ruled)][:-1]
    ]  # fmt: skip
    return joined(lines)[-ROUNDS:]


def joined(lines: Iterable[Told]) -> list[Told]:
    """Neighbours that are alike but for their round, and what was said, share a line with the latest words: `2-5`."""
    out: list[Told] = []
    for line in lines:
        alike = out and all(out[-1][key] == line[key] for key in line if key not in ("first", "last", "says"))
        first = out.pop()["first"] if alike else line["first"]
        out.append(line | {"first": first})
    return [
        each | {"rounds": "-".join(map(str, dict.fromkeys((each["first"], each["last"]))))} for each in out
    ]


def _votes(view: View, number: int) -> str:
    """`no: legal, marketing; yes: engineer`; of one mind, `no: all`."""
    cast: dict[str, list[str]] = {}
    for role, event in positions(view.events, number).items():
        cast.setdefault(event.move.vote, []).append(role)
    if len(cast) == 1:
        return f"{next(iter(cast))}: all"
    return "; ".join(f"{vote}: {', '.join(roles)}" for vote, roles in cast.items())


def _verdict_of(ruling: Ruled) -> dict[CheckpointName, Verdict]:
    """The checkpoints with alignment's people half alone, since the team is told apart."""
    return {**ruling.verdicts, "alignment": ruling.people}


def _package_of(view: View, number: int) -> Package:
    proposed = (e.package for e in view.events if isinstance(e, Proposed) and e.round == number)
    return next(package for package in proposed if package is not None)


def last(view: View, quote: int, again: bool = False) -> Told | None:
    """The last round that was ruled, in full but for what this seat said itself and, where the PM has spoken `again`, what
    the PM said."""
    ruling = last_ruling(view.events)
    if ruling is None:
        return None
    package, team = _package_of(view, ruling.round), ruling.team
    turns = [
        _turn(role, event.move, package, min(quote, RECALLED) if role == view.role else quote)
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
        of = min(quote, RECALLED) if again or view.role == PM else quote
        turns.insert(0, first | {"question": question_put(move.question), "says": shortened(move.says, of)})
    return {
        "round": ruling.round, "package": words(package), "turns": turns, **_verdicts(view, ruling),
        "yes": team.yes, "needed": team.needed, "veto_missing": team.veto_missing, "crossed": team.crossed,
    }  # fmt: skip


def _turn(role: str, move: Position, package: Package, quote: int) -> Told:
    wanted = [ask for ask in move.asks if package[ask.issue] not in ask.options]
    trade = move.trade
    return {
        "role": role, "vote": move.vote, "asks": asked(wanted),
        "has": asked(ask for ask in move.asks if ask not in wanted), "question": question_put(move.question), "concern": move.concern,
        "challenge": move.challenge,
        "trade": {"give": words(trade.give), "get": words(trade.get)} if trade else None,
        "says": shortened(move.says, quote),
    }  # fmt: skip


def question_put(question: Question | None) -> Told | None:
    """A question as it was put: to whom, about what, in which words."""
    if question is None:
        return None
    return {"to": question.to, "about": question.about, "text": shortened(question.text, ASKED)}


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


def asked(asks: Iterable[Ask]) -> str:
    return "; ".join(f"{ask.issue}={'|'.join(ask.options)}" for ask in asks)


def shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most].rstrip() + " …"
