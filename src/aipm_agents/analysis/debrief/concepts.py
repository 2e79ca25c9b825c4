"""What a case turns on, and where in a run it mattered: an idea with what was raised of it, what lay there, and what of
its kind stayed unsaid, the weightiest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.analysis.run.conduct import conduct
from aipm_agents.analysis.run.raising import about, bearing_on
from aipm_agents.scenario.lenses import LENS_OF

if TYPE_CHECKING:
    from aipm_agents.analysis.debrief.coverage import Coverage
    from aipm_agents.analysis.debrief.unsaid import Withheld
    from aipm_agents.analysis.run.conduct import Tabled
    from aipm_agents.analysis.run.raising import Raised
    from aipm_agents.table.record import Record

MOST = 5


class Concept(NamedTuple):
    tag: str
    """`lens:NAME`, `caution:NAME`, `orientation:NAME`, or `path` for the paradigm that was chosen."""
    first: Raised | None
    """What was raised of it first."""
    lay: tuple[str, Tabled] | None
    """Or the fact of this kind that lay on the table first."""
    unsaid: Withheld | None
    """What of its kind stayed unsaid and would have changed most; what would have changed nothing is none."""
    wanted: tuple[Raised, ...] = ()
    """Of a caution, who made a choice that mends it a condition."""
    choice: tuple[str, str] | None = None
    """Of a paradigm: the technical issue and the option that the last package takes there."""


def concepts(record: Record, coverage: Coverage, withheld: tuple[Withheld, ...]) -> tuple[Concept, ...]:
    """At most `MOST`: those where something unsaid would have changed something first, then those that were raised."""
    found = [*_looked(record, coverage, withheld), *_orientations(record, withheld), *_paradigms(record)]
    found.sort(key=_rank)
    return tuple(found[:MOST])


def _rank(each: Concept) -> tuple[int, int, int]:
    return (-weight(each), each.unsaid is None, each.first is None)


def weight(each: Concept) -> int:
    """How many criteria and gates the answer would have moved."""
    effect = each.unsaid.effect if each.unsaid else None
    return len(effect.breaks) + len(effect.shifts) if effect else 0


def _looked(record: Record, coverage: Coverage, withheld: tuple[Withheld, ...]) -> list[Concept]:
    found = []
    criteria = record.scenario.criteria.items()
    looks = [*((name, "lens", each) for name, each in coverage.lenses.items()),
             *((name, "caution", each) for name, each in coverage.cautions.items())]  # fmt: skip
    for name, kind, looked in looks:
        if looked.reach == "absent":
            continue
        mine = frozenset(c for c, (_, each) in criteria if getattr(each, kind) == name)
        lay = next(iter(looked.lay.items()), None)
        found.append(
            Concept(
                f"{kind}:{name}",
                looked.first,
                lay,
                _kept(record, withheld, mine, name if kind == "lens" else None),
                looked.wanted,
            )
        )
    return found


def _orientations(record: Record, withheld: tuple[Withheld, ...]) -> list[Concept]:
    found = []
    tabled = conduct(record).tabled
    for name in record.scenario.orientations:
        mine = frozenset(c for c, (_, each) in record.scenario.criteria.items() if each.orientation == name)
        turns = about(record, mine)
        facts = sorted(
            ((f, tabled[f]) for f in bearing_on(record.scenario, mine) if f in tabled), key=lambda pair: (pair[1].round, pair[0])
        )  # fmt: skip
        first = min(turns, key=lambda each: each.round, default=None)
        if mine:
            found.append(
                Concept(
                    f"orientation:{name}",
                    first,
                    facts[0] if facts else None,
                    _kept(record, withheld, mine, None),
                )
            )
    return found


def _paradigms(record: Record) -> list[Concept]:
    package = record.deal or (record.packages[-1] if record.packages else None)
    for issue in record.scenario.issues if package else ():
        chosen = next((o for o in issue.options if package and o.id == package[issue.id]), None)
        if issue.technical_path and chosen is not None and chosen.paradigm is not None:
            return [Concept("path", None, None, None, choice=(issue.id, chosen.id))]
    return []


def _kept(
    record: Record, withheld: tuple[Withheld, ...], criteria: frozenset[str], lens: str | None
) -> Withheld | None:
    """The weightiest that stayed unsaid of these criteria or through this lens."""
    scenario = record.scenario

    def is_mine(each: Withheld) -> bool:
        if each.kind == "word":
            return False
        if each.kind == "challenge":
            return LENS_OF[each.part] == lens  # type: ignore[index]  # the ground of a challenge
        if each.kind == "option":
            return False
        fact = scenario.facts[each.name]
        return (lens is not None and fact.lens == lens) or not {*fact.supports, *fact.undermines}.isdisjoint(
            criteria
        )

    mine = [each for each in withheld if is_mine(each) and each.effect.any]
    return max(
        mine,
        key=lambda each: (
            len(each.effect.breaks),
            len(each.effect.shifts),
            each.effect.opened + each.effect.closed,
        ),
        default=None,
    )
