"""A deal of seats: everybody who has joined and has none, to tables as evenly as it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.room.happenings import Placing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aipm_agents.roles import Role
    from aipm_agents.room.roster import Roster


def dealt(roster: Roster, roles: Sequence[Role], tables: Mapping[int, int]) -> tuple[Placing, ...]:
    """`roles`: those that people may play, in the order in which they are given out; nobody is dealt a seat where
    there are none. `tables`: those that still play, with how many events their records have. Wishes for a table are kept; then the emptiest table gets the
    next person, and once every seat of a table is taken two share one."""
    sitting = {table: {role: len(roster.beside.get((table, role), ())) for role in roles} for table in tables}
    if not sitting or not roles:
        return ()
    places = []
    waiting = [person for person in roster.people.values() if person.id not in roster.places]
    for person in sorted(waiting, key=lambda each: each.wish not in sitting):
        table = (
            person.wish if person.wish in sitting else min(sitting, key=lambda t: sum(sitting[t].values()))
        )
        role = min(roles, key=lambda r: sitting[table][r])
        sitting[table][role] += 1
        places.append(Placing(person=person.id, table=table, role=role, since=tables[table]))
    return tuple(places)
