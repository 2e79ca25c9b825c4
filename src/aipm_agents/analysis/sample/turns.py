"""A run as rows, one a turn: what each seat did when it was asked, ready for a table. `docs/api.md` tells the columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aipm_agents.table.events import Answered, Framed, Opened, Proposed, Signed
from aipm_agents.table.rules import worth

if TYPE_CHECKING:
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.moves import Ask
    from aipm_agents.transcript.record import Transcript

_VERBS = {Framed: "frame", Opened: "open", Proposed: "propose", Answered: "answer", Signed: "sign"}


def turns(run: Transcript) -> list[dict[str, Any]]:
    """In the order of the record; every row has every column, None where there is nothing to say."""
    header, kinds, package = run.header, run.seats, None
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
            "verb": _VERBS[type(event)], **_asked_for(event, run.scenario, package), "fault": event.fault,
        })  # fmt: skip
    return rows


def _asked_for(
    event: Framed | Opened | Proposed | Answered | Signed, scenario: Scenario, package: Package | None
) -> dict[str, Any]:
    """What a move holds, spelt as one text a column; `worth`: what the package on the table gives this seat."""

    def of(name: str) -> Any:
        return getattr(event.move, name, None)

    question, answer, trade, challenge = of("question"), of("answer"), of("trade"), of("challenge")
    told = package if isinstance(event, Proposed | Answered | Signed) else None
    return {
        "vote": of("vote"), "signs": of("signs"), "package": _spelt(told),
        "worth": None if told is None else float(worth(scenario.parties[event.role], told)),
        "asks": _asks(of("asks")), "tables": " ".join(of("tables") or ()) or None,
        "brings": " ".join(f"{each.issue}={each.option}" for each in of("brings") or ()) or None,
        "challenge": challenge and f"{challenge.evidence} {challenge.ground}",
        "question": question and f"{question.to} {question.about}",
        "answer": answer and f"{answer.to} {answer.about}", "declined": answer and answer.declined,
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
