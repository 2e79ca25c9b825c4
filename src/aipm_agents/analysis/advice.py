"""What an author should hear about a valid scenario, from its outcome space."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aipm_agents.analysis.prospects import Prospects
    from aipm_agents.scenario.model import Scenario


def advice(scenario: Scenario, found: Prospects) -> list[str]:
    """Warnings that need no line: each says what is odd and what to do about it."""
    texts = []
    if found.passing_all == 0:
        texts.append(
            "no package passes all four checkpoints even with everything disclosed; the run must end in no-go"
        )
    elif found.acceptable == 0:
        texts.append(
            "no package that passes the checkpoints reaches the agreement it needs; lower a walk-away or the quorum"
        )
    if found.packages > 1 and found.passing_all == found.packages:
        texts.append("no checkpoint stops anything; add a criterion that some package fails")
    if found.acceptable_ungated and found.acceptable == found.acceptable_ungated and found.packages > 1:
        texts.append(
            "every package the table would accept also passes the checkpoints; nothing that everyone loves is stopped"
        )
    if not any(issue.technical_path for issue in scenario.issues):
        texts.append("no issue is marked technical_path: true; nobody chooses a technology here")
    for name, (_, criterion) in scenario.criteria.items():
        holders = {r for f in scenario.facts.values() if name in f.supports for r in (f.held_by or ("all",))}
        if criterion.evidence == "required" and not holders:
            texts.append(f"{name} requires evidence that no fact of the scenario gives")
        elif criterion.evidence == "required" and len(holders) == 1 and "all" not in holders:
            (holder,) = holders
            if holder != criterion.owner:
                texts.append(
                    f"{name} requires evidence that only {holder} holds, and its owner {criterion.owner} is the one asked"
                )
    return texts
