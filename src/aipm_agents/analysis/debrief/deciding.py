"""Where two groups parted for good: the first difference from which something followed.

A ruling is a function of the package, the facts, the challenges and the yeses, so what made two rulings differ can be
told, and nothing is guessed: another package, where the ruling of one group would have come out otherwise with that of
the other, or the two still differed there at the end; a fact that lay on one table only when that round was ruled, or a
challenge, that some gate of either run hung on; a vote where the team's half came out otherwise; a deal signed or held.
Another wish, another question or another word is none, nor is a speech before the first package that failed or that
nobody wrote down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, assert_never

from aipm_agents.analysis.compare.divergence import first_of
from aipm_agents.analysis.run.summary import GATES, verdicts
from aipm_agents.analysis.run.what_if import bases, shifts
from aipm_agents.table.checkpoints import is_open
from aipm_agents.table.events import Answered, Injected, Opened, Proposed, Reported, Signed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aipm_agents.analysis.compare.divergence import Parting
    from aipm_agents.analysis.debrief.whole import Debrief
    from aipm_agents.analysis.run.summary import Gate
    from aipm_agents.analysis.run.what_if import Basis
    from aipm_agents.table.events import Event
    from aipm_agents.table.record import Record
    from aipm_agents.transcript.record import Transcript


What = Literal["package", "vote", "tables", "challenge", "evidence", "signs", "fault", "turn"]
"""What made the difference; `turn`: one of the runs has no such turn."""
Hinge = tuple[str, str]
"""What a ruling hung on, as a turning point names it: a fact, or a fact and the ground of a challenge to it."""


class Decisive(NamedTuple):
    parting: Parting
    what: What
    rulings: dict[Gate, tuple[bool, bool]]
    """What followed from it: gates that the ruling of that round left open in one group and shut in the other."""
    lasting: bool
    """Whether what the packages differ in here still differed at the end."""
    ended: bool
    """Whether the run of one of them ended in that round."""


def decisive(one: Debrief, other: Debrief, runs: tuple[Transcript, Transcript]) -> Decisive | None:
    """None where every package, every ruling and the end are the same, whatever else was said."""
    hung_on = {(each.name, each.part) for found in (one, other) for each in found.turning if each.shifts}
    records = one.record, other.record

    def counts(mine: Event | None, yours: Event | None) -> bool:
        return _what(records, hung_on, mine, yours) is not None

    parting = first_of(runs[0], runs[1], counts)
    if parting is None:
        return None
    ended = [record.round == parting.round for record in records]
    moves = [branch.move for branch in parting.branches]
    what = _what(records, hung_on, moves[0], moves[1])
    assert what is not None
    lasting = (
        isinstance(moves[0], Proposed)
        and isinstance(moves[1], Proposed)
        and _lasts(records, moves[0], moves[1])
    )
    return Decisive(
        parting, what, _followed(records, max(1, parting.round), what, moves), lasting, ended[0] != ended[1]
    )


def _followed(
    records: tuple[Record, Record], number: int, what: What, moves: Sequence[Event | None]
) -> dict[Gate, tuple[bool, bool]]:
    """The gates that came out otherwise in the ruling of a round, as far as this is what made them."""
    differ = _differ(records, number)
    match what:
        case "package":
            mine = _by_package(records, number)
        case "tables" | "evidence":
            told = _one_sided(_facts(each) for each in moves)
            mine = _by_facts(records, number, {hinge[0] for hinge in told if _apart(records, number, hinge)})
        case "vote" | "fault":
            mine = {"team"}
        case "challenge":
            doubts = _one_sided(
                {*_challenge(each)} if isinstance(each, Answered) else set() for each in moves
            )
            mine = _by_challenges(
                records, number, {each for each in doubts if _doubted_apart(records, number, each)}
            )
        case "signs" | "turn":
            mine = set()  # signed or held after the ruling, or not ruled at all
        case _:
            assert_never(what)
    return {gate: each for gate, each in differ.items() if gate in mine}


def _by_package(records: tuple[Record, Record], number: int) -> set[Gate]:
    """Gates that one of the two rulings would have read otherwise with the package of the other; and the votes, which
    were about these packages."""
    one, other = (_basis(record, number) for record in records)
    if one is None or other is None:
        return set()
    found: set[Gate] = {"team"}
    for mine, yours in ((one, other), (other, one)):
        found |= {s.gate for s in shifts(mine, mine._replace(package=yours.package)) if s.opens}
    return found


def _by_facts(records: tuple[Record, Record], number: int, facts: set[str]) -> set[Gate]:
    """Gates that one of the two rulings would have read otherwise with one of these facts taken from its table, or put
    on it."""
    found: set[Gate] = set()
    for basis in filter(None, (_basis(record, number) for record in records)):
        for fact in facts:
            without = basis.taken(fact) if fact in basis.tabled else basis.put({fact})
            found |= {shift.gate for shift in shifts(basis, without) if shift.opens}
    return found


def _by_challenges(records: tuple[Record, Record], number: int, doubts: set[Hinge]) -> set[Gate]:
    """Gates that one of the two rulings would have read otherwise without one of these challenges."""
    found: set[Gate] = set()
    for basis in filter(None, (_basis(record, number) for record in records)):
        for each in basis.contests:
            if (each.evidence, each.ground) in doubts:
                without = basis.unchallenged(each.evidence, each.ground)
                found |= {shift.gate for shift in shifts(without, basis) if shift.opens}
    return found


def _basis(record: Record, number: int) -> Basis | None:
    return next((each for each in bases(record) if each.round == number), None)


def _apart(records: tuple[Record, Record], number: int, hinge: Hinge) -> bool:
    """Whether a fact lay on one table and not on the other when both ruled the round."""
    one, other = (_basis(record, max(1, number)) for record in records)
    return one is not None and other is not None and (hinge[0] in one.tabled) != (hinge[0] in other.tabled)


def _doubted_apart(records: tuple[Record, Record], number: int, hinge: Hinge) -> bool:
    """Whether a challenge stood at one table and not at the other when both ruled the round, whoever made it."""
    one, other = (_basis(record, number) for record in records)
    if one is None or other is None:
        return False
    there = [hinge in {(each.evidence, each.ground) for each in basis.contests} for basis in (one, other)]
    return there[0] != there[1]


def _one_sided(hinges: Iterable[set[Hinge]]) -> set[Hinge]:
    """What is on one of the two sides alone."""
    one, other = hinges
    return one ^ other


def _lasts(records: tuple[Record, Record], mine: Proposed, yours: Proposed) -> bool:
    """Whether the packages last on the two tables differ in an issue in which these do."""
    if mine.package is None or yours.package is None:
        return mine.package != yours.package
    ends = [record.packages[-1] for record in records]
    return any(mine.package[i] != yours.package[i] and ends[0][i] != ends[1][i] for i in mine.package)


def _what(
    records: tuple[Record, Record], hung_on: set[Hinge], mine: Event | None, yours: Event | None
) -> What | None:
    """What of a turn made a difference; None where nothing did."""
    news = [_facts(each) for each in (mine, yours)]
    some = mine or yours
    assert some is not None
    if any(_apart(records, some.round, hinge) for hinge in (news[0] ^ news[1]) & hung_on):
        return "evidence" if isinstance(some, Injected | Reported) else "tables"
    if mine is None or yours is None:
        return "turn" if isinstance(mine or yours, Proposed | Signed) else None
    failed = getattr(mine, "fault", None) != getattr(yours, "fault", None)
    match mine, yours:
        case (Signed(), Signed()) if failed:
            return "fault"
        case (Proposed(), Proposed()) if failed and (mine.package is None or yours.package is None):
            return "fault"
        case (Answered(), Answered()) if failed:
            return "fault" if "team" in _differ(records, mine.round) else None
        case (Proposed(), Proposed()) if mine.package != yours.package:
            followed = _by_package(records, mine.round) & _differ(records, mine.round).keys()
            return "package" if followed or _lasts(records, mine, yours) else None
        case (Signed(), Signed()) if mine.move.signs != yours.move.signs:
            return "signs"
        case (Answered(), Answered()):
            doubts = ({*_challenge(mine)} ^ {*_challenge(yours)}) & hung_on
            if any(_doubted_apart(records, mine.round, each) for each in doubts):
                return "challenge"
            votes = mine.move.vote == "yes", yours.move.vote == "yes"
            return "vote" if votes[0] != votes[1] and "team" in _differ(records, mine.round) else None
        case _:
            return None


def _facts(event: Event | None) -> set[Hinge]:
    if isinstance(event, Injected | Reported):
        return {(name, "") for name in event.evidence}
    return {(name, "") for name in event.move.tables} if isinstance(event, Opened | Answered) else set()


def _challenge(event: Answered) -> tuple[Hinge, ...]:
    made = event.move.challenge
    return ((made.evidence, made.ground),) if made else ()


def _differ(records: tuple[Record, Record], number: int) -> dict[Gate, tuple[bool, bool]]:
    """The gates that the rulings of a round leave open in one record and shut in the other."""
    found = [next((r for r in record.rulings if r.round == number), None) for record in records]
    one, other = found
    if one is None or other is None:
        return {}
    pairs = zip(GATES, map(is_open, verdicts(one)), map(is_open, verdicts(other)), strict=True)
    return {gate: (mine, yours) for gate, mine, yours in pairs if mine != yours}
