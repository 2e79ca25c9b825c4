"""Where two runs parted, for a reader: the same question, and two answers quoted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.report import wording
from aipm_agents.report.blocks import Heading, Lines, Quote
from aipm_agents.report.turns import about, did, said
from aipm_agents.report.wording import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.comparison import Comparison
    from aipm_agents.analysis.divergence import Branch, Parting
    from aipm_agents.analysis.sheet import Gate
    from aipm_agents.report.blocks import Block
    from aipm_agents.scenario.model import Scenario

GATE_TITLES: dict[Gate, str] = {
    "desire": "Desire", "feasible": "Feasible", "viable": "Viable",
    "people": "Alignment: people", "team": "Alignment: team",
}  # fmt: skip


def parted(found: Comparison, label: str) -> Iterator[Block]:
    base, against = found.baseline, found.against[label]
    one, other = base.label, label
    run = next(run for run in found.sheets if run.label == label)
    if not against.comparable:
        return
    if against.broken_off:
        short = min((base, run), key=lambda each: (each.decision != "stopped", each.round))
        yield Heading("Where they parted", f"{one} and {other}")
        yield Lines(
            (f"Nowhere: {short.label} is the beginning of the other, broken off in round {short.round}.",)
        )
        return
    if against.parting is None:
        if found.baseline.decision != run.decision:
            yield Heading("Where they parted", f"{one} and {other}")
            yield Lines(
                ("Every move is the same and the decision is not: one of the files was changed by hand.",),
                "warning",
            )
            return
        same = "word for word" if against.wording is None else "move by move; only words differ"
        yield Heading("Where they parted", f"{one} and {other}")
        yield Lines((f"Nowhere: the two are the same, {same}.",))
        return
    parting = against.parting
    pair = f"{one} and {other}: " if len(found.sheets) > 2 else ""
    yield Heading("Where they parted", pair + where(base.scenario, parting))
    for name, branch in zip((one, other), parting.branches, strict=True):
        yield Quote(name, said(branch.move), did(base.scenario, branch.move, parting.weighty[:2]))
    if any(branch.then for branch in parting.branches):
        thaws = [_thaw(base.scenario, branch) for branch in parting.branches]
        yield Quote("then", "", f"{one}: {thaws[0]}   {other}: {thaws[1]}")


def where(scenario: Scenario, parting: Parting) -> str:
    """Round, role, and the question both were answering."""
    place = f"round {parting.round}" if parting.round else "the opening"
    who = scenario.card(parting.role).short
    match parting.kind:
        case "position" if parting.asked is not None and "answer" in parting.differs:
            by, question = parting.asked
            text = question.text or about(scenario, question.about)
            return (
                f'{place}, {who}, the same question from {scenario.card(by).short}: "{shortened(text, 70)}"'
            )
        case "position":
            return f"{place}, {who}, on the same package"
        case "proposal":
            return f"{place}, {who}, what to put on the table"
        case "opening":
            return f"{place}, {who}, before anything was proposed"
        case "signing":
            return f"{place}, {who}, the deal to sign"
        case "inject":
            return f"{place}, what came from outside"
        case "report":
            return f"{place}, what had been sent for"
        case _:
            return f"{place}, {who}"


def _thaw(scenario: Scenario, branch: Branch) -> str:
    moved = [
        f"{scenario.card(t.role).short} {wording.VOTES[t.was]} -> {wording.VOTES[t.now]}" for t in branch.then
    ]
    return " · ".join(moved) or "nobody's vote changed"
