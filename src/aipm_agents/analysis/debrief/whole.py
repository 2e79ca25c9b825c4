"""A run as it is talked about afterwards: everything a debrief tells, in one place. No grade, and never one number."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.analysis.debrief.checkpoint_work import stops
from aipm_agents.analysis.debrief.coverage import coverage
from aipm_agents.analysis.debrief.drawn import drawn
from aipm_agents.analysis.debrief.gains import gains
from aipm_agents.analysis.debrief.listening import hearing
from aipm_agents.analysis.debrief.practices import practices
from aipm_agents.analysis.debrief.turning_points import turning
from aipm_agents.analysis.debrief.unsaid import fails_on_known, said_only, withheld
from aipm_agents.analysis.run.missed import missed
from aipm_agents.analysis.run.summary import sheet

if TYPE_CHECKING:
    from aipm_agents.analysis.debrief.checkpoint_work import Work
    from aipm_agents.analysis.debrief.coverage import Coverage
    from aipm_agents.analysis.debrief.drawn import Drawn
    from aipm_agents.analysis.debrief.gains import Gains
    from aipm_agents.analysis.debrief.listening import Hearing
    from aipm_agents.analysis.debrief.practices import Practice, Practised
    from aipm_agents.analysis.debrief.turning_points import Turning
    from aipm_agents.analysis.debrief.unsaid import Withheld
    from aipm_agents.analysis.run.summary import Sheet
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.record import Record
    from aipm_agents.transcript.record import Transcript


class Debrief(NamedTuple):
    sheet: Sheet
    record: Record
    turning: tuple[Turning, ...]
    withheld: tuple[Withheld, ...]
    said_only: bool
    """A no-go on what was said, not on what was known."""
    fails_on_known: tuple[str, ...]
    """Criteria that the deal, else the last package, does not meet with all that somebody at the table knew."""
    gains: Gains
    work: Work
    hearing: Hearing
    drawn: tuple[Drawn, ...]
    coverage: Coverage
    practices: dict[Practice, Practised]
    open_from: int | None
    """The first round from which on every criterion would have let the deal through; None without a deal."""

    @property
    def scenario(self) -> Scenario:
        return self.sheet.scenario


def debrief(run: Transcript, label: str = "") -> Debrief:
    """`label`: G1, G2 ... where the run is one of a class."""
    record = run.record
    made = sheet(label, run)
    deal = made.package if made.deal else None
    chance = missed(record, deal, made.outcome.points) if deal is not None else None
    return Debrief(
        made, record, turning(record), withheld(record), said_only(record),
        fails_on_known(record), gains(record), stops(record), hearing(record), drawn(record),
        coverage(record), practices(record),
        open_from=chance.round if chance is not None and not chance.facts else None,
    )  # fmt: skip
