"""A class: several groups at one scenario, G1 to Gn. Groups are numbered; who sat in them is nobody's business here."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.analysis.debrief.deciding import decisive
from aipm_agents.analysis.debrief.whole import debrief
from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.scenario.wording import one_case

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_agents.analysis.debrief.deciding import Decisive
    from aipm_agents.analysis.debrief.unsaid import Withheld
    from aipm_agents.analysis.debrief.whole import Debrief
    from aipm_agents.analysis.run.summary import Gate
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Ending
    from aipm_agents.transcript.record import Transcript

MOST = 24
"""More than this many are a sample to be counted, not groups to be told apart."""
ENOUGH = 3
"""Fewer groups than this have no distribution."""


class Fork(NamedTuple):
    """Where a group went another way than the first one."""

    label: str
    decisive: Decisive | None
    """None where every package, every ruling and the end are the same."""


class Groups(NamedTuple):
    groups: tuple[Debrief, ...]
    forks: tuple[Fork, ...]
    decisions: dict[Ending, int] | None
    """How many groups ended how; None for fewer than `ENOUGH` groups."""
    never_said: tuple[Withheld, ...]
    """What stayed unsaid in every group, as `kind:name`."""

    @property
    def scenario(self) -> Scenario:
        return self.groups[0].scenario


def shut_last(found: Debrief) -> tuple[Gate, ...]:
    """What kept a group from its deal: the checkpoints that were shut at its last ruling; of a group with a deal, at the
    last ruling before it at which one was."""
    if not found.sheet.deal:
        return tuple(each.gate for each in found.work.gates if each.shut and each.opened is None)
    last = max((each.shut[-1] for each in found.work.gates if each.shut), default=0)
    return tuple(each.gate for each in found.work.gates if last in each.shut)


def groups(runs: Sequence[Transcript], labels: Sequence[str] = ()) -> Groups:
    """`labels`: what the groups are called, G1 to Gn without. Raises `UsageError` for runs of different scenarios, whose packages and points cannot share a table, and for
    more than `MOST`."""
    if len(runs) > MOST:
        raise UsageError(
            tr(
                "{n} runs are no class (at most {most} groups); count them with `aipm compare FOLDER`",
                n=len(runs),
                most=MOST,
            )
        )
    first = runs[0]
    for number, run in enumerate(runs, start=1):
        if not one_case([each.scenario for each in runs[:number]]):
            other = (
                tr('that of "{title}"', title=run.scenario.title) if run.scenario.id != first.scenario.id
                else tr("another version of it")
            )  # fmt: skip
            raise UsageError(
                tr(
                    'the class does not share one scenario: G1 played "{title}", G{number} {other}; debrief them apart, or put two beside each other with `aipm compare`',
                    title=first.scenario.title,
                    number=number,
                    other=other,
                )
            )
    names = labels or [f"G{number}" for number in range(1, len(runs) + 1)]
    found = tuple(debrief(run, name) for run, name in zip(runs, names, strict=True))
    forks = tuple(
        Fork(each.sheet.label, decisive(found[0], each, (first, run)))
        for each, run in zip(found[1:], runs[1:], strict=True)
    )
    kept = [{(each.kind, each.name, each.part) for each in one.withheld} for one in found]
    never = kept[0].intersection(*kept[1:])
    return Groups(
        found, forks,
        dict(Counter(each.sheet.decision for each in found).most_common()) if len(found) >= ENOUGH else None,
        tuple(each for each in found[0].withheld if (each.kind, each.name, each.part) in never),
    )  # fmt: skip
