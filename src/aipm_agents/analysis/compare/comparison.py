"""Runs held beside each other: what came out, where they parted, what it cost, what nobody saw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from aipm_agents.analysis.compare.divergence import (
    GivenChange,
    Parting,
    Wording,
    changed_inputs,
    first_difference,
    first_wording,
    parting,
    same_table,
)
from aipm_agents.analysis.run.missed import Missed, missed
from aipm_agents.analysis.run.summary import Sheet, sheet
from aipm_agents.scenario.wording import one_case

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_agents.scenario.model import Scenario
    from aipm_agents.transcript.record import Transcript

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
Level = Literal["decision", "checkpoint", "criterion", "move"]
"""What may not differ, the coarsest first; each includes those before it."""
LEVELS: tuple[Level, ...] = ("decision", "checkpoint", "criterion", "move")


class Against(NamedTuple):
    """One run against the baseline, which is the first."""

    changes: tuple[GivenChange, ...]
    """What it was given that differs."""
    comparable: bool
    """Whether it is the same table: issues, options and roles. Else only what both have is compared."""
    parting: Parting | None
    sooner: Parting | None
    """A slighter difference before the parting."""
    wording: Wording | None
    broken_off: bool
    """All of one run is the beginning of the other."""


class Chance(NamedTuple):
    """A package that was open to a run."""

    label: str
    """Whose chance it was."""
    whose: str
    """The run that took it, or `solver` for the full-information Nash package."""
    missed: Missed


class Blind(NamedTuple):
    """Something that no run did."""

    code: Literal["fact", "unasked", "option", "harm", "trade", "best"]
    name: str = ""
    """The fact that no run heard of, or the issue of the option."""
    option: str = ""


class Comparison(NamedTuple):
    sheets: tuple[Sheet, ...]
    against: dict[str, Against]
    """Label -> how it differs from the baseline."""
    chances: tuple[Chance, ...]
    blindness: tuple[Blind, ...]
    """What no run did, the weightiest first."""

    @property
    def baseline(self) -> Sheet:
        return self.sheets[0]

    @property
    def criteria(self) -> list[str]:
        """Criteria that every scenario asks in the same words."""
        first, *others = [run.scenario for run in self.sheets]
        return [
            name for name, (_, each) in first.criteria.items()
            if all(name in o.criteria and o.criteria[name][1].asks == each.asks for o in others)
        ]  # fmt: skip

    @property
    def same_scenario(self) -> bool:
        """In one language word for word; across languages the same case."""
        return one_case([run.written for run in self.sheets])

    @property
    def same_table(self) -> bool:
        return all(same_table(self.baseline.scenario, run.scenario) for run in self.sheets[1:])


def compare(runs: Sequence[Transcript]) -> Comparison:
    sheets = tuple(sheet(LETTERS[k] if k < 26 else f"R{k + 1}", run) for k, run in enumerate(runs))
    against = {
        each.label: _against(runs[0], run) for each, run in zip(sheets[1:], runs[1:], strict=True)
    }  # fmt: skip
    return Comparison(
        sheets, against, tuple(_chances(sheets, runs)) if len(runs) == 2 else (), tuple(_blindness(sheets))
    )


def differing(found: Comparison) -> list[Level]:
    """The levels at which some run differs from the baseline, the coarsest first."""
    base, others = found.baseline, found.sheets[1:]
    differs: dict[Level, bool] = {
        "decision": any((o.decision, o.package if o.deal else None) != (base.decision, base.package if base.deal else None) for o in others),
        "checkpoint": any(o.verdicts != base.verdicts for o in others),
        "criterion": any(o.findings != base.findings for o in others),
        "move": any(a.parting is not None or a.broken_off or not a.comparable for a in found.against.values()),
    }  # fmt: skip
    return [level for level in LEVELS if differs[level]]


def _against(base: Transcript, run: Transcript) -> Against:
    comparable = same_table(base.scenario, run.scenario)
    found = parting(base, run) if comparable else None
    first = first_difference(base, run) if comparable else None
    sooner = first if found and first and (first.round, first.kind) != (found.round, found.kind) else None
    # where one run has no such turn and none after it, it was broken off there
    unfinished = (base.decision is None) != (run.decision is None)
    cut = unfinished and (found is None or any(b.move is None and not b.after for b in found.branches))
    return Against(
        tuple(changed_inputs(base, run)), comparable, None if cut else found, None if cut else sooner,
        first_wording(base, run) if comparable else None, cut,
    )  # fmt: skip


def _chances(sheets: tuple[Sheet, ...], runs: Sequence[Transcript]) -> list[Chance]:
    """Of a pair: the other's deal where it was open and somebody gains by it; else the solver's."""
    if not same_table(sheets[0].scenario, sheets[1].scenario):
        return []
    found = []
    for mine, other, run in ((sheets[1], sheets[0], runs[1]), (sheets[0], sheets[1], runs[0])):
        if other.deal and other.package != (mine.package if mine.deal else None) and not mine.deal:
            assert other.package is not None
            chance = missed(run.record, other.package, mine.outcome.points)
            if chance is not None:
                found.append(Chance(mine.label, other.label, chance))
    if found:
        return found
    for mine, run in zip(sheets, runs, strict=True):
        best = mine.outcome.baselines.nash_within_gates
        if best is None or (mine.deal and mine.package == best.package):
            continue
        chance = missed(run.record, best.package, mine.outcome.points)
        if chance is not None and _worth_telling(mine, chance):
            found.append(Chance(mine.label, "solver", chance))
    return found


def _worth_telling(run: Sheet, chance: Missed) -> bool:
    """No deal, or one that leaves the best package's parties better off together."""
    return not run.deal or sum(chance.gains.values()) > 0


def _blindness(sheets: tuple[Sheet, ...]) -> list[Blind]:
    """What none of the runs did, what weighs most first."""
    if not one_case([run.written for run in sheets]):
        return []
    scenario, conducts = sheets[0].scenario, [run.conduct for run in sheets]
    found = []
    kept = set(conducts[0].withheld).intersection(*(c.withheld for c in conducts[1:]))
    for name in sorted(kept, key=lambda name: _weight(scenario, name), reverse=True):
        if any(c.withheld[name] == "faulted" for c in conducts):
            continue  # kept from the table by a fault, and so nobody's silence
        asked = any(c.withheld[name] in ("asked", "declined") for c in conducts)
        found.append(Blind("fact" if asked else "unasked", name))
    for choice in sheets[0].inquiry.kept:
        why = [
            run.inquiry.kept.get(choice, "faulted") for run in sheets
        ]  # brought, or kept from it by a fault
        if "faulted" not in why:
            found.append(Blind("option", *choice))
    if scenario.checkpoints.alignment:
        late = [c.harm_taken_up.round if c.harm_taken_up else None for c in conducts]
        if all(number is None or number >= 3 for number in late):
            found.append(Blind("harm"))
    if all(c.trades_offered == 0 for c in conducts) and len(scenario.issues) > 1:
        found.append(Blind("trade"))
    bests = [run.outcome.baselines.nash_within_gates for run in sheets]
    best = bests[0] and bests[0].package
    same = all(
        each is not None and each.package == best for each in bests
    )  # where news has changed it, there is no one
    if same and all(run.package != best for run in sheets):
        found.append(Blind("best"))
    return found


def _weight(scenario: Scenario, fact: str) -> tuple[bool, int]:
    """Facts about harm first, then those that bear on most."""
    harm = {criterion.id for criterion in scenario.checkpoints.alignment}
    touched = {*scenario.facts[fact].supports, *scenario.facts[fact].undermines}
    return bool(touched & harm), len(touched)
