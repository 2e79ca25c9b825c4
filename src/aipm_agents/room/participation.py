"""What each person did in a class, as rows for a teacher's list: counts of what is on record, and never a grade."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import mark, tr
from aipm_agents.room.entering import Entering
from aipm_agents.seats.human import KIND as HUMAN
from aipm_agents.table.events import Answered, Framed, Opened, Proposed, Seated, Signed
from aipm_agents.table.moves import Opening, Position, Proposal, Signing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aipm_agents.room.entering import PaperGroup
    from aipm_agents.room.lesson import Lesson
    from aipm_agents.room.roster import Stay
    from aipm_agents.room.sitting import Sitting
    from aipm_agents.table.events import Event
    from aipm_agents.table.moves import Move

Taken = Framed | Opened | Proposed | Answered | Signed
HEAD = (
    mark("name"), mark("table or group"), mark("seat"), mark("people at the seat"), mark("turns"), mark("abstained"), mark("packages proposed"),
    mark("votes"), mark("signed or held"), mark("facts told"), mark("options brought"), mark("questions"), mark("answers to questions"),
    mark("challenges"), mark("trades"), mark("conditions"), mark("first round"), mark("last round"),
)  # fmt: skip
"""Of a person's time at a seat: what a program did there before they came, or somebody else, is not counted. People who
share a seat are not told apart. A row for each seat that somebody had a turn on, or has. Of a group on paper a row for
each seat, without a name, as far as its sheets hold what it did."""


def rows(lesson: Lesson) -> Iterator[tuple[str, ...]]:
    yield tuple(map(tr, HEAD))
    for person in lesson.roster.people.values():
        stays = [each for each in lesson.roster.stays.get(person.id, ()) if each.seat[0] in lesson.tables]
        had = [(each, list(_turns(lesson.tables[each.seat[0]], each))) for each in stays]
        told = [_row(lesson, person.name, each, turns) for each, turns in had if turns or each.until is None]
        yield from told
        if not told:
            table, _ = lesson.roster.places.get(person.id, (0, ""))
            yield (person.name, str(table or ""), *([""] * (len(HEAD) - 2)))
    for group in Entering(lesson).groups:
        yield from _on_paper(lesson, group)


def _row(lesson: Lesson, name: str, stay: Stay, turns: Sequence[Taken]) -> tuple[str, ...]:
    table, role = stay.seat
    beside = sum(any(each.beside(stay) for each in theirs) for theirs in lesson.roster.stays.values())
    return (name, str(table), lesson.scenario.card(role).short, str(beside), *_counts(turns))


def _on_paper(lesson: Lesson, group: PaperGroup) -> Iterator[tuple[str, ...]]:
    """Nobody wrote down who sat there, nor how the meeting opened."""
    name = tr("On paper {n}", n=group.number)
    for role in lesson.scenario.parties:
        turns = [each for each in _of_seat(group.meeting.events, role) if each.round > 0]
        yield ("", name, lesson.scenario.card(role).short, "", *_counts(turns))


def _counts(turns: Sequence[Taken]) -> tuple[str, ...]:
    moves = [e.move for e in turns if e.fault is None and e.move is not None]
    counted = [_counted(move) for move in moves]
    done = [sum(each) for each in zip(*counted, strict=True)] or [0] * len(_counted(Proposal(package={})))
    rounds = (str(turns[0].round), str(turns[-1].round)) if turns else ("", "")
    return (*map(str, (len(moves), len(turns) - len(moves), *done)), *rounds)


def _counted(move: Move) -> tuple[int, ...]:
    """Of one move, what `HEAD` has from the packages on to the conditions."""
    match move:
        case Proposal():
            return (1, 0, 0, 0, 0, int(move.question is not None), 0, 0, 0, 0)
        case Position():
            return (
                0, int(move.vote != "no_answer"), 0, len(move.tables), len(move.brings), int(move.question is not None),
                sum(not each.declined for each in move.replies), int(move.challenge is not None), int(move.trade is not None),
                int(move.vote == "yes_if"),
            )  # fmt: skip
        case Signing():
            return (0, 0, 1, 0, 0, 0, 0, 0, 0, 0)
        case Opening():
            return (0, 0, 0, len(move.tables), len(move.brings), 0, 0, 0, 0, 0)
        case _:
            return (0,) * 10


def _turns(sitting: Sitting, stay: Stay) -> Iterator[Taken]:
    """What the seat did while this person had it, and a person played it."""
    human = False
    for number, event in enumerate(sitting.events):
        if isinstance(event, Seated):
            human = event.seats[stay.seat[1]] == HUMAN
        elif human and stay.holds(number):
            yield from _of_seat([event], stay.seat[1])


def _of_seat(events: Iterable[Event], role: str) -> Iterator[Taken]:
    for event in events:
        if isinstance(event, Framed | Opened | Proposed | Answered | Signed) and event.role == role:
            yield event
