"""A debrief of a run, or of several as a class: the same blocks whatever they are printed on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.analysis.debrief.groups import groups
from aipm_agents.analysis.debrief.whole import debrief
from aipm_agents.report.debrief import groups as of_class
from aipm_agents.report.debrief import whole
from aipm_agents.report.words.setup import caution as caution_of
from aipm_agents.report.words.setup import caution_of_class

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.transcript.record import Transcript


def debriefed(
    runs: Sequence[Transcript], terms: Mapping[str, tuple[str, str]], labels: Sequence[str] = ()
) -> list[Block]:
    """Opens every card. `terms`: by tag the ideas it may be about, each with its name and what it is. `labels`: what
    the groups of a class are called, G1 to Gn without. Raises `UsageError` for runs that are no class."""
    caution = caution_of(runs[0]) if len(runs) == 1 else caution_of_class(runs, labels)
    if len(runs) == 1:
        return whole.screen(debrief(runs[0]), full=True, caution=caution, terms=terms)
    return of_class.screen(groups(runs, labels), full=True, caution=caution, terms=terms)
