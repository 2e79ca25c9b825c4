"""Two versions of a scenario: what is written otherwise, what room each leaves, and what the same seeds come to.

The meetings are among embedded seats: what programs do, not what people do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from aipm_agents.analysis.compare.divergence import changed_values
from aipm_agents.analysis.sample.whole import sample
from aipm_agents.analysis.space.prospects import prospects
from aipm_agents.analysis.space.standing import solved
from aipm_agents.negotiation import negotiate
from aipm_agents.seats.embedded import Embedded
from aipm_agents.table.packages import outcome_space
from aipm_agents.transcript import Transcript, Variation, new_header

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aipm_agents.analysis.compare.divergence import GivenChange
    from aipm_agents.analysis.sample.whole import Sample
    from aipm_agents.analysis.space.prospects import Prospects
    from aipm_agents.scenario.model import Package, Scenario

VERSION = "version"
"""What the factor is called that says which version was played."""
Came = Literal["same", "won", "lost", "otherwise", "no_deal"]
"""Of one seed: both signed the same; only the new version made a deal; only the old one did; both did, and signed
something else; neither did."""


class Version(NamedTuple):
    name: str
    scenario: Scenario
    prospects: Prospects
    nash: Package | None
    """The Nash package within the gates."""


class Versions(NamedTuple):
    old: Version
    new: Version
    changes: tuple[GivenChange, ...]
    came: dict[int, Came]
    """Seed -> what became of it."""
    sample: Sample
    """Both versions as a sweep of one factor; the old one is the baseline."""

    def seeds(self, which: Came) -> tuple[int, ...]:
        return tuple(seed for seed, came in self.came.items() if came == which)


def versions(
    old: tuple[str, Scenario], new: tuple[str, Scenario], seeds: Sequence[int],
    on_played: Callable[[int, int], None] = lambda done, of: None,
) -> Versions:  # fmt: skip
    """Each version is its name and the scenario. `on_played` is told how many meetings of how many are over."""
    done = 0

    def runs() -> Iterator[tuple[None, str, Transcript]]:
        nonlocal done
        for name, scenario in (old, new):
            seats = {role: Embedded(mute=True) for role in scenario.parties}
            variation = Variation(origin=old[1].digest, factors={VERSION: name})
            for seed in seeds:
                header = new_header(scenario, seed, run_id=f"{name} {seed}", variation=variation)
                yield None, f"{name} {seed}", Transcript(header, negotiate(scenario, seats, seed=seed))
                done += 1
                on_played(done, 2 * len(seeds))

    made = sample(runs(), (VERSION,), (old[1], new[1]))
    signed = {(dict(each.factors)[VERSION], each.seed): each.package for each in made.cases}
    return Versions(
        _version(*old), _version(*new), tuple(changed_values(old[1], new[1])),
        {seed: _came(signed[old[0], seed], signed[new[0], seed]) for seed in seeds}, made,
    )  # fmt: skip


def _version(name: str, scenario: Scenario) -> Version:
    code = solved(scenario)["gates"]["nash"]
    nash = None if code is None else outcome_space(scenario).package(code)
    return Version(name, scenario, prospects(scenario), nash)


def _came(old: object, new: object) -> Came:
    if old == new:
        return "no_deal" if old is None else "same"
    return "won" if old is None else "lost" if new is None else "otherwise"
