"""What a run came to, party by party, beside what could have been had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import tr, tr_n
from aipm_agents.report.papers.blocks import Grid, Lines, Row
from aipm_agents.report.words import numbers, phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.run.outcome import Outcome
    from aipm_agents.analysis.space.standing import Standing
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.model import Scenario


def standings(scenario: Scenario, reached: Outcome, label: str = "") -> Iterator[Block]:
    """Points by party; then, in words, what is to be said of a package beside its figures."""
    base, label = reached.baselines, label or tr("this run")
    columns: list[tuple[str, Standing | None]] = [
        ("Nash", base.nash_within_gates), (tr("no gates"), base.best_without_gates), (tr("first"), base.first_proposal),
    ]  # fmt: skip
    there = [(name, one) for name, one in columns if one is not None]
    unsigned = None if base.first_signable else base.first_proposal
    rows = []
    for role, party in scenario.parties.items():
        cells = [
            numbers.figure(one.points[role] - (one.surplus[role] if one is unsigned else 0))
            for _, one in there
        ]
        rows.append(Row((
            scenario.card(role).short, numbers.figure(reached.after_waiting[role]), *cells,
            f"{base.at_random.points[role]:.0f}", numbers.figure(party.walk_away),
        )))  # fmt: skip
    none = None if base.nash_within_gates is None else 0.0
    ratios = [_ratio(none if one is unsigned else one.nash_ratio) for _, one in there]
    ratio = Row(
        (tr("Nash ratio"), _ratio(reached.nash_ratio), *ratios, _ratio(base.at_random.nash_ratio), "")
    )
    gaps = ["-" if one is unsigned else _gap(one.egalitarian_gap) for _, one in there]
    gap = Row((tr("egalitarian gap"), _gap(reached.egalitarian_gap), *gaps, "", ""))
    outvoted = scenario.agreement.accept_at_least < len(scenario.parties)
    rows += [gap, ratio] if outvoted else [ratio, gap]
    head = (tr("points"), label, *(name for name, _ in there), tr("random"), tr("walk-away"))
    yield Grid(head, tuple(rows), figures=True)
    share = numbers.percent(base.at_random.within_the_gates)
    texts = [
        tr("{who}: {what}", who=label, what=status(scenario, reached.deal)),
        *(
            tr("{who}: {what}", who=name, what=_unsigned(scenario, one) if one is unsigned else status(scenario, one))
            for name, one in there
        ),
    ]  # fmt: skip
    if reached.after_waiting != reached.points:
        texts.append(
            tr(
                "{who}: signed in round {n}; waiting took its share of what is above the walk-away, and the figures are what is left",
                who=label, n=reached.round,
            )
        )  # fmt: skip
    if reached.news and base.first_proposal is not None:
        texts.append(
            tr(
                "News changed figures: all is weighed by those of round {n}, the first proposal by those of its own round.",
                n=reached.round,
            )
        )
    if any(cell == "-" for cell in ratio.cells):
        texts.append(
            tr(
                'Nash ratio: what everybody gains over the walk-away, as a geometric mean, beside the same of the package "Nash"; "-" where there is none: the package leaves somebody below the walk-away, or nothing within the gates gives everybody more.'
            )
        )
    texts.append(
        tr(
            "Nash: best for the whole table within the gates, by full information. No gates: the same were there no criteria. First: the first proposal, worth no deal where it could not be signed. Random: the mean of all packages, {share} of which pass and reach an agreement. A gap below 0: fairer to whoever gets least than anything within the gates.",
            share=share,
        )
    )
    yield Lines(tuple(texts), "quiet")


def status(scenario: Scenario, one: Standing | None) -> str:
    """What is to be said of a package beside its figures."""
    if one is None:
        return tr("no deal, so everybody is left with the walk-away")
    parts = []
    if one.fails:
        parts.append(tr_n("fails {n} criterion", "fails {n} criteria", len(one.fails)))
    if one.crosses:
        parts.append(tr("crosses a red line of {who}", who=phrase.names(scenario, one.crosses)))
    if one.below:
        parts.append(tr("below the walk-away of {who}", who=phrase.names(scenario, one.below)))
    if one.dominated_by is not None:
        parts.append(tr("another is better for some and worse for none"))
    return tr("; ").join(parts) or tr("Pareto-optimal within the gates")


def _unsigned(scenario: Scenario, one: Standing) -> str:
    return tr("could not be signed then, so it counts as no deal ({status})", status=status(scenario, one))


def _ratio(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _gap(value: object) -> str:
    return "-" if value is None else numbers.figure(value)
