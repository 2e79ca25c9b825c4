"""What each person did in a class, as rows for a teacher's list: counts of what is on record, and never a grade."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.room.lesson import Lesson

HEAD = (
    "name", "table", "seat", "people at the seat", "turns", "abstained", "facts told", "questions", "challenges", "trades",
    "conditions",
)  # fmt: skip
"""Of a seat; people who share one have the same row."""


def rows(lesson: Lesson) -> Iterator[tuple[str, ...]]:
    yield HEAD
    for person in lesson.roster.people.values():
        table, role = lesson.roster.places.get(person.id, (0, ""))
        sitting = lesson.tables.get(table)
        if sitting is None or not role:
            yield (person.name, str(table or ""), "", *([""] * (len(HEAD) - 3)))
            continue
        turns = [e for e in sitting.events if getattr(e, "role", "") == role and hasattr(e, "move")]
        moves = [e.move for e in turns if getattr(e, "fault", None) is None and e.move is not None]
        counts = (
            len(moves),
            len(turns) - len(moves),
            sum(len(getattr(move, "tables", ())) for move in moves),
            *(sum(getattr(move, what, None) is not None for move in moves) for what in ("question", "challenge", "trade")),
            sum(getattr(move, "vote", "") == "yes_if" for move in moves),
        )  # fmt: skip
        beside = len(lesson.roster.beside[table, role])
        yield (person.name, str(table), sitting.scenario.card(role).short, str(beside), *map(str, counts))
