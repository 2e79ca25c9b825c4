"""A run as rows, one a turn: what each seat did when it was asked, ready for a table. `columns.py` tells each."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from aipm_agents.analysis.run.audit import leaks
from aipm_agents.analysis.run.gainsaid import gainsaid
from aipm_agents.analysis.run.invented import invented
from aipm_agents.table.events import Answered, Framed, Opened, Proposed, Signed
from aipm_agents.table.rules import worth

if TYPE_CHECKING:
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.moves import Ask
    from aipm_agents.table.stamp import Turn
    from aipm_agents.transcript.record import Transcript

_VERBS = {Framed: "frame", Opened: "open", Proposed: "propose", Answered: "answer", Signed: "sign"}


def turns(run: Transcript) -> list[dict[str, Any]]:
    """In the order of the record; every row has every column, None where there is nothing to say."""
    header, kinds, package = run.header, run.seats, None
    audit = _Audit(run)
    factors = header.variation.factors if header.variation else {}
    rows = []
    for number, event in enumerate(run.events):
        if not isinstance(event, Framed | Opened | Proposed | Answered | Signed):
            continue
        if isinstance(event, Proposed):
            package = event.package
        rows.append({
            "run_id": header.run_id, "scenario": run.scenario.id, "seed": header.seed,
            **{f"factor.{key}": value for key, value in factors.items()},
            "event": number, "round": event.round, "role": event.role, "kind": kinds.get(event.role),
            "verb": _VERBS[type(event)], **_asked_for(event, run.record.in_round(event.round), package), "fault": event.fault,
            **audit.of(number, event), **_used(event),
        })  # fmt: skip
    return rows


class _Audit:
    """What the audit of a run points at, turn by turn."""

    def __init__(self, run: Transcript) -> None:
        self.leaks: dict[int, list[str]] = {}
        for each in leaks(run.record):
            if each.kind != "withheld":
                self.leaks.setdefault(each.event, []).append(each.kind)
        self.invented = Counter(each.event for each in invented(run.record))
        self.gainsaid = Counter(each.event for each in gainsaid(run.record))

    def of(self, number: int, event: Turn) -> dict[str, Any]:
        return {
            "leaks": " ".join(self.leaks.get(number, ())) or None, "withheld": event.withheld,
            "invented_figures": self.invented[number], "against_move": self.gainsaid[number],
        }  # fmt: skip


def _used(event: Turn) -> dict[str, Any]:
    """What models used for it, and which requests it took."""
    told, asked = event.volatile.get("usage"), event.volatile.get("requests")
    names = ("calls", "prompt", "completion")
    calls, prompt, completion = (told[name] for name in names) if told else (None, None, None)
    return {
        "calls": calls, "prompt_tokens": prompt, "answer_tokens": completion,
        "requests": " ".join(map(str, asked)) if isinstance(asked, list | tuple) else None,
    }  # fmt: skip


def _asked_for(event: Turn, scenario: Scenario, package: Package | None) -> dict[str, Any]:
    """What a move holds, spelt as one text a column; `worth`: what the package on the table gives this seat."""

    def of(name: str) -> Any:
        return getattr(event.move, name, None)

    question, replies, trade, challenge = of("question"), of("replies"), of("trade"), of("challenge")
    told = package if isinstance(event, Proposed | Answered | Signed) else None
    return {
        "vote": of("vote"), "signs": of("signs"), "package": _spelt(told),
        "worth": None if told is None else float(worth(scenario.parties[event.role], told)),
        "asks": _asks(of("asks")), "tables": " ".join(of("tables") or ()) or None,
        "brings": " ".join(f"{each.issue}={each.option}" for each in of("brings") or ()) or None,
        "challenge": challenge and f"{challenge.evidence} {challenge.ground}",
        "question": question and f"{question.to} {question.about}",
        "answer": "; ".join(f"{each.to} {each.about}" for each in replies or ()) or None,
        "declined": all(each.declined for each in replies) if replies else None,
        "trade_give": trade and _spelt(trade.give), "trade_for": trade and _spelt(trade.get),
        "moved_by": " ".join(of("moved_by") or ()) or None, "concern": of("concern"), "red_line": of("red_line"),
        "commissions": " ".join(of("commissions") or ()) or None, "holds_for": of("criterion"),
        "says": of("says") or None,
    }  # fmt: skip


def _asks(asks: tuple[Ask, ...] | None) -> str | None:
    """`days-30` and `days-60` of `retention` as `retention=days-30|days-60`."""
    return " ".join(f"{ask.issue}={'|'.join(ask.options)}" for ask in asks or ()) or None


def _spelt(package: Package | None) -> str | None:
    return " ".join(f"{issue}={option}" for issue, option in package.items()) if package else None
