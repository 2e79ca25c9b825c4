"""How far a table looked: through the five lenses, and at the five cautions, of the article this project grew from.

Credit goes to a seat that asked, challenged, doubted, told it against the package or gave it as its reason. That a fact of the kind lay on
the table is not that somebody looked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from aipm_agents.analysis.run.conduct import conduct
from aipm_agents.analysis.run.raising import about, bearing_on, raised, wanting
from aipm_agents.scenario.criteria import Caution
from aipm_agents.scenario.lenses import LENS_OF, Lens

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from aipm_agents.analysis.run.conduct import Tabled
    from aipm_agents.analysis.run.raising import Raised
    from aipm_agents.roles import Role
    from aipm_agents.scenario.criteria import Criterion
    from aipm_agents.table.events import Status
    from aipm_agents.table.record import Record

Reach = Literal["raised", "came_up", "ruled", "missed", "absent"]
"""Somebody at the table raised it; a fact of the kind lay on the table, and nobody took it up; only a checkpoint
asked, by name, as it was not shown; it could have been found, in a fact, a word or a criterion, and nobody came near it; the
case has nothing of the kind."""


class Looked(NamedTuple):
    reach: Reach
    first: Raised | None
    """What was raised first."""
    also: tuple[tuple[Role, int], ...]
    """Who raised it after that, and in which round."""
    lay: dict[str, Tabled]
    """The facts of this kind on the table -> since when, and by whom; the first one first."""
    criteria: dict[str, Status | None]
    """The criteria of this kind -> as they stood at the last ruling; None where nothing was ruled."""
    kept: tuple[str, ...]
    """Facts of this kind that somebody at the table knew and nobody told."""
    asked_for: bool
    """Whether a checkpoint asked for a criterion of this kind by name."""
    wanted: tuple[Raised, ...] = ()
    """Of a caution: of each seat that made a choice that mends it a condition, the last time it did. A caution is met by a
    design, and by whoever asks for it."""


class Coverage(NamedTuple):
    lenses: dict[Lens, Looked]
    cautions: dict[Caution, Looked]


def coverage(record: Record) -> Coverage:
    lenses: tuple[Lens, ...] = get_args(Lens)
    cautions: tuple[Caution, ...] = get_args(Caution)
    return Coverage(
        {lens: _through(record, lens) for lens in lenses},
        {caution: _at(record, caution) for caution in cautions},
    )


def _through(record: Record, lens: Lens) -> Looked:
    """A lens is used by whoever raises what carries it; by a challenge only on a ground that looks through it, or of a
    demo that dazzles; language games, by asking what a word means. To be moved by such a demo is the contrary."""
    scenario = record.scenario
    marked = {name for name, fact in scenario.facts.items() if fact.lens == lens}
    demos = {name for name, fact in scenario.facts.items() if fact.lens == "gestalt"}
    words = (
        {word for party in scenario.parties.values() for word in party.terms}
        if lens == "language_games"
        else set()
    )
    criteria = _of_kind(record, lambda criterion: criterion.lens == lens)

    def looks(each: Raised) -> bool:
        if each.how == "challenge":
            assert each.ground is not None
            return LENS_OF[each.ground] == lens or each.about in marked & demos
        return each.about not in demos or each.how not in ("reason", "told")

    turns = [each for each in about(record, criteria, marked) if looks(each)]
    turns += [each for each in raised(record) if each.how == "challenge" and looks(each)]
    turns += [each for each in raised(record) if each.how == "question" and each.about in words]
    limits = any(
        LENS_OF[limit.ground] == lens for name in record.tabled for limit in scenario.facts[name].limits
    )  # fmt: skip
    return _looked(
        record, turns, criteria, marked | bearing_on(scenario, criteria), there=limits or bool(words)
    )


def _at(record: Record, caution: Caution) -> Looked:
    criteria = _of_kind(record, lambda criterion: criterion.caution == caution)
    facts = bearing_on(record.scenario, criteria)
    wanted = {each.by: each for each in wanting(record, criteria)}
    looked = _looked(record, list(about(record, criteria)), criteria, facts, there=False)
    return looked._replace(wanted=tuple(sorted(wanted.values(), key=lambda each: each.round)))


def _of_kind(record: Record, has: Callable[[Criterion], bool]) -> dict[str, Status | None]:
    ruling = record.last_ruling
    status = {finding.criterion: finding.status for finding in ruling.findings} if ruling else {}
    return {name: status.get(name) for name, (_, each) in record.scenario.criteria.items() if has(each)}


def _looked(
    record: Record, turns: list[Raised], criteria: dict[str, Status | None], facts: Collection[str], *, there: bool
) -> Looked:  # fmt: skip
    tabled = conduct(record).tabled
    lay = dict(
        sorted(((n, tabled[n]) for n in facts if n in tabled), key=lambda each: (each[1].round, each[0]))
    )
    kept = tuple(n for n in conduct(record).withheld if n in facts)
    asked_for = any(not {*ruling.asked}.isdisjoint(criteria) for ruling in record.rulings)
    reach: Reach = "absent"
    if turns:
        reach = "raised"
    elif lay:
        reach = "came_up"
    elif asked_for:
        reach = "ruled"
    elif there or criteria or facts:
        reach = "missed"
    first = min(turns, key=lambda each: each.round, default=None)
    later = sorted(turns, key=lambda each: each.round)
    also = dict.fromkeys((each.by, each.round) for each in later)
    if first is not None:
        also.pop((first.by, first.round), None)
    return Looked(reach, first, tuple(also), lay, criteria, kept, asked_for)
