"""Where two runs parted: the first input that differs, then the first move, then the first words.

Moves are aligned by (round, phase, role) before anything is compared, so that one extra turn does not
make everything after it look different. Answers of one round are given at the same time, none seeing
the others', so of the answers that differ in the first such round the weightiest is the parting. A
person would not call it a parting that somebody could also have lived with a third option: a wish, a
question or a reason that differs is slight, and told only where nothing weightier differs.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from aipm_agents.analysis.run.aloud import spoken
from aipm_agents.language import mark
from aipm_agents.table.agenda import slot
from aipm_agents.table.events import Answered, Decided, Proposed, Ruled, Seated, Stopped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Event
    from aipm_agents.table.moves import Question, Vote
    from aipm_agents.transcript.record import Transcript

WEIGHTS = (
    "fault", "package", "signs", "vote", "tables", "brings", "challenge", "commissions", "red_line", "answer", "also",
    "trade", "question", "concern", "asks", "criterion", "moved_by",
)  # fmt: skip
"""What a move says without words, the weightiest first."""
_SLIGHT = {"question", "concern", "asks", "criterion", "moved_by"}


class GivenChange(NamedTuple):
    """Something two runs were given that differs; None where one was not given it."""

    what: str
    a: str | None
    b: str | None


class Then(NamedTuple):
    """A colleague whose vote changed in the round after."""

    role: Role
    was: Vote
    now: Vote


class Branch(NamedTuple):
    move: Event | None
    """None where this run has no such turn."""
    after: tuple[Event, ...]
    """The next two turns at which something was said."""
    then: tuple[Then, ...]


class Parting(NamedTuple):
    round: int
    kind: str
    role: Role
    differs: tuple[str, ...]
    """The fields of the move that differ, the weightiest first; empty where only one run has the turn."""
    before: tuple[Event, ...]
    """The last two turns the runs share, read from the first run."""
    asked: tuple[Role, Question] | None
    """The question both were answering, with who put it."""
    branches: tuple[Branch, Branch]

    @property
    def weighty(self) -> tuple[str, ...]:
        """What differs, without what is slight beside it."""
        return tuple(name for name in self.differs if name not in _SLIGHT) or self.differs


class Wording(NamedTuple):
    """The first turn, of those both runs have and mean the same by, that is worded differently."""

    round: int
    role: Role
    a: str
    b: str


def changed_inputs(a: Transcript, b: Transcript) -> list[GivenChange]:
    """What the runs were given, in the order it takes effect: scenario, seats, models, seed, version."""
    if a.scenario.id != b.scenario.id and not same_table(a.scenario, b.scenario):
        return [GivenChange(mark("scenario"), a.scenario.id, b.scenario.id), *_changed_settings(a, b)]
    return [*changed_values(a.scenario, b.scenario), *_changed_settings(a, b)]


def changed_values(a: Scenario, b: Scenario) -> list[GivenChange]:
    """The values in which two scenarios differ, each by its path in the file."""
    changes = [
        GivenChange(
            f"scenario: {path}",
            _shown(_in_force(a, path) if one is None else one),
            _shown(_in_force(b, path) if other is None else other),
        )
        for path, one, other in _unlike("", a.plain(), b.plain())
    ]
    if list(a.parties) != list(b.parties) and not changes:
        changes.append(
            GivenChange("scenario: " + mark("order of the roles"), *map(", ".join, (a.parties, b.parties)))
        )
    return changes


def _changed_settings(a: Transcript, b: Transcript) -> list[GivenChange]:
    changes = []
    for role in dict.fromkeys([*a.seats, *b.seats]):
        changes.append(GivenChange(mark("seat") + f": {role}", a.seats.get(role), b.seats.get(role)))
    one, other = a.header, b.header
    changes.append(GivenChange(mark("ablation"), one.without, other.without))
    changes.append(GivenChange(mark("PM style"), one.pm_style, other.pm_style))
    changes.append(GivenChange(mark("seed"), str(one.seed), str(other.seed)))
    for key, what in (
        ("base_url", mark("endpoint")),
        ("prompts", mark("prompts")),
        ("aipm", mark("version of aipm")),
    ):
        changes.append(GivenChange(what, _shown(one.volatile.get(key)), _shown(other.volatile.get(key))))
    return [change for change in changes if change.a != change.b]


def same_table(a: Scenario, b: Scenario) -> bool:
    """Whether moves of the one can be held against moves of the other: same issues, options and roles."""
    return list(a.parties) == list(b.parties) and [
        (issue.id, [option.id for option in issue.options]) for issue in a.issues
    ] == [(issue.id, [option.id for option in issue.options]) for issue in b.issues]


def parting(a: Transcript, b: Transcript) -> Parting | None:
    """The first weighty move that differs, or else the first that differs at all; None where every move
    of both runs is the same."""
    return _first(a, b, slight=False) or first_difference(a, b)


def first_difference(a: Transcript, b: Transcript) -> Parting | None:
    """The first move that differs in anything beyond its words."""
    return _first(a, b, slight=True)


def first_of(
    a: Transcript, b: Transcript, counts: Callable[[Event | None, Event | None], bool]
) -> Parting | None:
    """The first move that differs and counts, the weightiest of its phase. `counts` gets a turn as either run has it,
    None where it has none."""
    return _first(a, b, slight=True, counts=counts)


def _first(
    a: Transcript, b: Transcript, *, slight: bool, counts: Callable[[Event | None, Event | None], bool] | None = None
) -> Parting | None:  # fmt: skip
    """`counts`: whether a turn that differs is looked at."""
    ones, others = _moves(a), _moves(b)
    found: list[tuple[int, int, tuple[int, ...]]] = []
    phase = None
    for key in sorted({*ones, *others}):
        if phase is not None and key[:2] != phase:
            break  # the first phase with a difference is over
        one, other = ones.get(key), others.get(key)
        if counts is not None and not counts(one, other):
            continue
        if one is None or other is None:
            found.append((-1, key[-1], key))
            phase = key[:2]
        elif (fields := _differing(one, other)) and (slight or fields[0] not in _SLIGHT):
            found.append((WEIGHTS.index(fields[0]), key[-1], key))
            phase = key[:2]
    if not found:
        return None
    *_, key = min(found)
    one, other = ones.get(key), others.get(key)
    some = one or other
    assert some is not None
    before = [event for slot_, event in sorted(ones.items()) if slot_[:2] < key[:2] and spoken(event)]
    return Parting(
        round=some.round, kind=some.kind, role=some.role,
        differs=_differing(one, other) if one and other else (),
        before=tuple(before[-2:]), asked=_asked(ones, some),
        branches=(_branch(ones, key), _branch(others, key)),
    )  # fmt: skip


def first_wording(a: Transcript, b: Transcript) -> Wording | None:
    """Looked for only as far as the moves mean the same."""
    ones, others = _moves(a), _moves(b)
    for key in sorted({*ones, *others}):
        one, other = ones.get(key), others.get(key)
        if one is None or other is None or _differing(one, other):
            return None
        if spoken(one) != spoken(other):
            return Wording(one.round, one.role, spoken(one), spoken(other))
    return None


def _moves(run: Transcript) -> dict[tuple[int, ...], Event]:
    return {
        slot(run.scenario, event): event
        for event in run.events
        if not isinstance(event, Seated | Ruled | Decided | Stopped)
    }


def _differing(one: Event, other: Event) -> tuple[str, ...]:
    """The fields in which two turns differ beyond their words; `()` for the same move."""
    mine, yours = _meaning(one), _meaning(other)
    return tuple(name for name in WEIGHTS if mine.get(name) != yours.get(name))


def _meaning(event: Event) -> dict[str, Any]:
    data = event.model_dump(mode="json", exclude={"volatile", "withheld", "round", "role"})
    move = data.pop("move", None) or {}
    meaning = {**data, **move}
    if meaning.get("question"):
        meaning["question"] = {**meaning["question"], "text": ""}
    return meaning


def _asked(moves: dict[tuple[int, ...], Event], event: Event) -> tuple[Role, Question] | None:
    """The question an answer owes an answer to, as the record of the first run has it."""
    if not isinstance(event, Answered):
        return None
    for other in moves.values():
        if isinstance(other, Answered | Proposed) and other.move is not None and other.move.question:
            owed = other.round == event.round - (1 if isinstance(other, Answered) else 0)
            if owed and other.move.question.to == event.role:
                return other.role, other.move.question
    return None


def _branch(moves: dict[tuple[int, ...], Event], key: tuple[int, ...]) -> Branch:
    move = moves.get(key)
    later = [event for place, event in sorted(moves.items()) if place[:2] > key[:2] and spoken(event)]
    return Branch(move, tuple(later[:2]), tuple(_thawed(moves, key[0])))


def _thawed(moves: dict[tuple[int, ...], Event], number: int) -> Iterator[Then]:
    votes = {(e.round, e.role): e.move.vote for e in moves.values() if isinstance(e, Answered)}
    for (at, role), was in votes.items():
        now = votes.get((number + 1, role))
        if at == number and now is not None and now != was:
            yield Then(role, was, now)


def _unlike(path: str, one: Any, other: Any) -> Iterator[tuple[str, Any, Any]]:
    """The leaves in which two pieces of plain data differ; list items with an id are matched by it."""
    if one == other:
        return
    if isinstance(one, list) and isinstance(other, list):
        one, other = _by_id(one), _by_id(other)
    if isinstance(one, dict) and isinstance(other, dict):
        for key in dict.fromkeys([*one, *other]):
            yield from _unlike(f"{path}.{key}" if path else str(key), one.get(key), other.get(key))
        return
    yield path, one, other


def _by_id(items: list[Any]) -> dict[str, Any]:
    if all(isinstance(item, dict) and "id" in item for item in items):
        return {item["id"]: item for item in items}
    return {str(number): item for number, item in enumerate(items)}


def _in_force(scenario: Scenario, path: str) -> Any:
    """What a file left unsaid: the number or word that holds all the same; None where there is none."""
    found: Any = scenario.model_dump(mode="json")
    for key in path.split("."):
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, str | int | float) and found != "" else None


def _shown(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, dict):
        told = next(
            (value[key] for key in ("says", "question", "asks", "label", "because") if key in value), None
        )
        return str(told) if told is not None else json.dumps(value, ensure_ascii=False)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    return str(value)
