"""What a run cost its table, beside what was open to it: better packages, and what it took to reach them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import tr, tr_n
from aipm_agents.report.papers.blocks import Heading, Lines
from aipm_agents.report.papers.plain_text import shortened
from aipm_agents.report.words import fact_text, phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.compare.comparison import Chance, Comparison
    from aipm_agents.analysis.run.summary import Sheet
    from aipm_agents.report.papers.blocks import Block


def cost(found: Comparison) -> Iterator[Block]:
    if len(found.sheets) != 2 or not found.same_table:
        return
    if not found.chances:
        one, other = found.sheets
        if one.deal and other.deal and one.package == other.package:
            yield Heading(tr("What it cost"), tr("recomputed, exact"))
            yield Lines((_same_package(one, other),))
        return
    yield Heading(tr("What it cost"), tr("recomputed, exact"))
    packages = {tuple(chance.missed.package.items()) for chance in found.chances}
    if len(found.chances) == 2 and len(packages) == 1:
        best = phrase.options(found.baseline.scenario, found.chances[0].missed.package)
        yield Lines(
            (
                tr(
                    "Open to both, and best for the whole table (Nash, by full information): {best}.",
                    best=best,
                ),
            )
        )
    for chance in found.chances:
        run = next(run for run in found.sheets if run.label == chance.label)
        yield Lines((_chance_text(run, chance, named=len(found.chances) == 1 or len(packages) > 1),))
    run = found.sheets[1] if not found.sheets[1].deal else found.sheets[0]
    if not run.deal and run.scenario.affected:
        outside = tr("; ").join(
            tr("{who}: {what}", who=each.who, what=each.stake) for each in run.scenario.affected
        )
        yield Lines((tr("Outside the room, unchanged. {outside}", outside=outside),), "quiet")


def _same_package(one: Sheet, other: Sheet) -> str:
    if one.outcome.points == other.outcome.points:
        return tr("Nothing: both ended in the same package.")
    return tr("Both ended in the same package; by the figures of then it is not worth the same to everybody.")


def _chance_text(run: Sheet, chance: Chance, *, named: bool) -> str:
    """What was open to a run, from when, and with what said. `named`: whether the package is told."""
    scenario, missed = run.scenario, chance.missed
    what = tr("It")
    if chance.whose != "solver":
        what = tr("{whose}'s package", whose=chance.whose)
    elif named:
        what = tr(
            "The best package for the whole table (Nash, by full information: {package})",
            package=phrase.options(scenario, missed.package),
        )
    condition = ""
    if missed.facts:
        told = [
            tr(
                '"{fact}" ({held})',
                fact=shortened(scenario.facts[f].says, 90),
                held=fact_text.held(scenario, f),
            )
            for f in missed.facts
        ]
        condition = tr_n(
            ", with what was never told: {facts}", ", with what were never told: {facts}", len(told),
            facts=phrase.listed(told),
        )  # fmt: skip
    return tr(
        "{what} was open to {label} from round {n} on{condition}: {gain}.",
        what=what,
        label=run.label,
        n=missed.round,
        condition=condition,
        gain=_gain_text(run, chance),
    )


def _gain_text(run: Sheet, chance: Chance) -> str:
    gains, scenario = chance.missed.gains, run.scenario
    than = tr("what they signed") if run.deal else tr("no deal")
    better = [role for role, gain in gains.items() if gain > 0]
    worse = [role for role, gain in gains.items() if gain < 0]
    if len(better) == len(gains):
        return tr("better than {than} for all {n}", than=than, n=len(gains))
    text = (
        tr("better than {than} for {who}", than=than, who=phrase.names(scenario, better))
        if better
        else tr("no better than {than}", than=than)
    )
    return text + (
        tr(", worse for {who}", who=phrase.names(scenario, worse)) if worse else tr(", worse for nobody")
    )
