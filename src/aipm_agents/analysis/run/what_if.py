"""What each ruling of a run went by, and how it would have come out on something else.

The ground of every what-if: a ruling is made again by the same code, with a fact more or a fact less, and no
seat is asked anything. What people would then have said or voted, nobody recomputes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.analysis.run.summary import GATES, verdicts
from aipm_agents.analysis.space.masks import crosses, either, passes
from aipm_agents.table.checkpoints import is_open, ruling
from aipm_agents.table.events import Ruled, package_on_table, tabled_evidence
from aipm_agents.table.heard import heard
from aipm_agents.table.memory import remembered
from aipm_agents.table.options import Hidden, unknown_to
from aipm_agents.table.packages import outcome_space

if TYPE_CHECKING:
    from collections.abc import Collection

    from aipm_agents.analysis.run.summary import Gate
    from aipm_agents.scenario.lenses import Ground
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.contests import Contest
    from aipm_agents.table.events import Verdict
    from aipm_agents.table.packages import Mask
    from aipm_agents.table.record import Record


class Basis(NamedTuple):
    """What a ruling went by: the package, what was on the table, what of it stood challenged, what nobody had
    brought."""

    round: int
    package: Package
    tabled: frozenset[str]
    contests: tuple[Contest, ...]
    unknown: Hidden
    ruling: Ruled
    scenario: Scenario
    """With the figures that held then."""

    def put(self, facts: Collection[str] = (), contests: Collection[Contest] = ()) -> Basis:
        """With these facts on the table too, and these challenges made."""
        return self._replace(tabled=self.tabled | {*facts}, contests=(*self.contests, *contests))

    def taken(self, fact: str) -> Basis:
        """With a fact not on the table."""
        return self._replace(tabled=self.tabled - {fact})

    def unchallenged(self, fact: str, ground: Ground) -> Basis:
        """With a challenge not made."""
        kept = tuple(each for each in self.contests if (each.evidence, each.ground) != (fact, ground))
        return self._replace(contests=kept)


class Shift(NamedTuple):
    """A gate that would have been ruled otherwise."""

    round: int
    gate: Gate
    was: Verdict
    now: Verdict

    @property
    def opens(self) -> bool:
        """Whether it stands open in one of the two and shut in the other; else it is a matter of follow-ups, or of why."""
        return is_open(self.was) != is_open(self.now)


@remembered
def bases(record: Record) -> tuple[Basis, ...]:
    """One a ruling, in the order of the record."""
    events = record.events
    found = []
    for number, event in enumerate(events):
        if isinstance(event, Ruled):
            before = events[:number]
            scenario = record.in_round(event.round)
            package, out = package_on_table(before), heard(scenario, before)
            assert package is not None
            tabled, unknown = tabled_evidence(scenario, before), unknown_to(scenario, "", out)
            found.append(Basis(event.round, package, tabled, out.contests, unknown, event, scenario))
    return tuple(found)


def ruled(basis: Basis) -> Ruled:
    """The ruling on a basis, the votes as they were."""
    return ruling(
        basis.scenario, basis.round, basis.package, basis.ruling.team.yes, basis.tabled, (), basis.contests
    )


def shifts(was: Basis, now: Basis) -> tuple[Shift, ...]:
    """The gates that one basis opens or shuts otherwise than another."""
    pairs = zip(GATES, verdicts(ruled(was)), verdicts(ruled(now)), strict=True)
    return tuple(Shift(now.round, gate, one, other) for gate, one, other in pairs if one != other)


def could_pass(basis: Basis) -> Mask:
    """The packages that the table knew of, that every blocking criterion lets through on this basis, and that
    cross nobody's red line."""
    scenario = basis.scenario
    return passes(scenario, basis.tabled, basis.contests) & ~crosses(scenario) & ~unheard(basis)


def unheard(basis: Basis) -> Mask:
    """Packages with an option that nobody has brought."""
    space = outcome_space(basis.scenario)
    return either(basis.scenario, (space.making({issue: (option,)}) for issue, option in basis.unknown))
