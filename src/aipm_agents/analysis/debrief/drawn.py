"""How the facts that seats told came out: which question drew them, and what was told unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from aipm_agents.analysis.run.conduct import conduct
from aipm_agents.analysis.run.raising import raised
from aipm_agents.table.rules import issues_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.roles import Role
    from aipm_agents.table.record import Record

How = Literal["asked", "put", "ruling", "unasked"]
"""A seat asked its holder about what it bears on; the PM put a checkpoint's question to the holder; a ruling asked it
of the holder; nobody did. A question counts in its round and the next one."""


class Drawn(NamedTuple):
    fact: str
    round: int
    by: Role
    how: How
    asker: Role | None = None
    about: str = ""
    at: int = 0
    """The round of the question."""


def drawn(record: Record) -> tuple[Drawn, ...]:
    """In the order of the record; what came from outside or lay there is not in it."""
    return tuple(_facts(record))


def _facts(record: Record) -> Iterator[Drawn]:
    criteria = record.scenario.criteria
    for name, tabled in conduct(record).tabled.items():
        if tabled.by is None:
            continue
        fact, at, by = record.scenario.facts[name], tabled.round, tabled.by
        bears = {name, *fact.supports, *fact.undermines, *issues_of(fact.unless), *issues_of(fact.when)}
        found = Drawn(name, at, by, "unasked")
        for ruling in record.rulings:
            for about in ruling.asked:
                if ruling.round == at - 1 and about in fact.supports and criteria[about][1].owner == by:
                    found = Drawn(name, at, by, "ruling", None, about, ruling.round)
        for each in record.questions:
            if each.question.to == by and each.question.about in bears and _in_time(each.round, each.by, at):
                found = Drawn(name, at, by, "asked", each.by, each.question.about, each.round)
        for put in raised(record):
            if (
                put.how == "put"
                and put.about in fact.supports
                and criteria[put.about][1].owner == by
                and put.round == at
            ):
                found = Drawn(name, at, by, "put", put.by, put.about, at)
        yield found


def _in_time(asked: int, asker: Role, told: int) -> bool:
    """The PM asks before the others answer; they all speak at once."""
    return asked == told - 1 or (asked == told and asker == "pm")
