"""What each person did in a class, as rows for a teacher's list: counts of what is on record, and never a grade."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aipm_agents.seats.human import KIND as HUMAN
from aipm_agents.table.events import Seated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.room.lesson import Lesson
    from aipm_agents.room.roster import Stay
    from aipm_agents.room.sitting import Sitting

HEAD = (
    "name", "table", "seat", "people at the seat", "turns", "abstained", "facts told", "questions", "challenges", "trades",
    "conditions", "first round", "last round",
)  # fmt: skip
"""Of a person's time at a seat: what a program did there before they came, or somebody else, is not counted. People who
share a seat are not told apart. A row for each seat that somebody had a turn on, or has."""


def rows(lesson: Lesson) -> Iterator[tuple[str, ...]]:
    yield HEAD
    for person in lesson.roster.people.values():
        stays = [each for each in lesson.roster.stays.get(person.id, ()) if each.seat[0] in lesson.tables]
        had = [(each, list(_turns(lesson.tables[each.seat[0]], each))) for each in stays]
        told = [_row(lesson, person.name, each, turns) for each, turns in had if turns or each.until is None]
        yield from told
        if not told:
            table, _ = lesson.roster.places.get(person.id, (0, ""))
            yield (person.name, str(table or ""), *([""] * (len(HEAD) - 2)))


def _row(lesson: Lesson, name: str, stay: Stay, turns: list[Any]) -> tuple[str, ...]:
    table, role = stay.seat
    moves = [e.move for e in turns if getattr(e, "fault", None) is None and e.move is not None]
    counts = (
        len(moves),
        len(turns) - len(moves),
        sum(len(getattr(move, "tables", ())) for move in moves),
        *(sum(getattr(move, what, None) is not None for move in moves) for what in ("question", "challenge", "trade")),
        sum(getattr(move, "vote", "") == "yes_if" for move in moves),
    )  # fmt: skip
    beside = sum(any(each.beside(stay) for each in theirs) for theirs in lesson.roster.stays.values())
    rounds = (str(turns[0].round), str(turns[-1].round)) if turns else ("", "")
    return (name, str(table), lesson.scenario.card(role).short, str(beside), *map(str, counts), *rounds)


def _turns(sitting: Sitting, stay: Stay) -> Iterator[Any]:
    """What the seat did while this person had it, and a person played it."""
    human = False
    for number, event in enumerate(sitting.events):
        if isinstance(event, Seated):
            human = event.seats[stay.seat[1]] == HUMAN
        elif (
            human
            and stay.holds(number)
            and getattr(event, "role", "") == stay.seat[1]
            and hasattr(event, "move")
        ):
            yield event
