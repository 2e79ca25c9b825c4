"""What would change a decision: of a scenario before anyone speaks, or of a run that is over."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING, Any

from aipm_agents.api.reports import Report
from aipm_agents.api.runs import Run, load

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aipm_agents.analysis.run.flipped import Flipped
    from aipm_agents.analysis.space.flip import Flips
    from aipm_agents.scenario.model import Scenario

SEEDS = 10
"""So many seeds are played where talk decides, unless somebody says how many."""


def flip(about: Scenario | Run | str, *, seeds: Sequence[int] | None = None) -> Report[Flips | Flipped]:
    """What would change the decision. Exact where the outcome space decides: each bound, walk-away, fact, option and red
    line set otherwise by as little as does anything, and pairs. Sampled where talk decides: each fact in other hands, played by
    embedded seats with each of `seeds` (none: not at all; left out: ten, and not more than 120 meetings).

    Of a run: what would have changed its decision, on what lay on the table.
    """
    return flip_of(about, seeds=seeds)


def flip_of(
    about: Scenario | Run | str, *, seeds: Sequence[int] | None = None, full: bool = True, typed: str = "",
    on_played: Callable[[int, int], None] = lambda done, of: None,
) -> Report[Flips | Flipped]:  # fmt: skip
    """The same; whether every change is told or only those that flip it, how the scenario is `typed` in a shell, and who
    hears how far it has come."""
    from aipm_agents.analysis.run.flipped import flipped_by
    from aipm_agents.analysis.sample.sway import MOST, swayed
    from aipm_agents.analysis.space.flip import flips
    from aipm_agents.report.author.flip import data, report

    run = about if isinstance(about, Run) else None
    typed = typed or (quote(about) if isinstance(about, str) else "")
    scenario = about.scenario if isinstance(about, Run) else load(about) if isinstance(about, str) else about
    over = flipped_by(run.record) if run else None
    found = over.flips if over else flips(scenario)
    played = range(SEEDS) if seeds is None else seeds
    most = MOST if seeds is None else 10**9
    sway = swayed(scenario, played, most=most, on_played=on_played) if played else None
    decision = run.decision if run else None

    def plain() -> dict[str, Any]:
        return {"scenario": scenario.id, "run": run.id if run else None, **data(found, over, decision, sway)}

    return Report(
        scenario, scenario.title, over or found, plain,
        lambda: report(scenario, found, over=over, decision=decision, sway=sway, full=full, typed=typed),
    )  # fmt: skip
