"""Which checkpoint did the work: what each of them stopped, and with what kind of key it opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from aipm_agents.analysis.run.summary import GATES, verdicts
from aipm_agents.analysis.run.what_if import bases, ruled
from aipm_agents.table.checkpoints import is_open
from aipm_agents.table.events import Injected

if TYPE_CHECKING:
    from aipm_agents.analysis.run.summary import Gate
    from aipm_agents.analysis.run.what_if import Basis
    from aipm_agents.roles import Role
    from aipm_agents.table.events import Verdict
    from aipm_agents.table.record import Record

Key = Literal["news", "fact", "choice", "both", "votes", "with_news"]
"""What opened a gate for good: news, by what it changed or brought; what came onto the table; what the PM changed in
the package; only both of these together; yeses; news, and only together with one of these."""


class Stops(NamedTuple):
    gate: Gate
    shut: tuple[int, ...]
    """The rounds whose ruling it kept from a deal."""
    alone: tuple[int, ...]
    """Of these, the ones in which every other gate stood open: without it, the package would have gone on to be
    signed."""
    against: tuple[int, ...]
    """Of these, the ones in which the table had its yeses and no red line was crossed."""
    opened: int | None
    """The first round from which on it was open to the end; None where it was shut at the last ruling."""
    key: Key | None
    """None where it was never shut, or never opened."""
    last_yes: tuple[Role, ...] = ()
    """Of the team's half: whose first yes came with the ruling at which it opened."""
    again: tuple[Role, ...] = ()
    """Whose yes came back with it, given before and taken back."""
    gone: tuple[Role, ...] = ()
    """Whose yes of the ruling before was gone by then."""


class Work(NamedTuple):
    gates: tuple[Stops, ...]
    """In the order of `GATES`; empty where nothing was ruled."""

    @property
    def hardest(self) -> Stops | None:
        """The gate that stopped most: alone first, then against a table that said yes, then at all."""
        shut = [each for each in self.gates if each.shut]
        return max(shut, key=lambda each: (len(each.alone), len(each.against), len(each.shut)), default=None)


def stops(record: Record) -> Work:
    rounds = bases(record)
    trail = [verdicts(basis.ruling) for basis in rounds]
    return Work(tuple(_of(record, gate, rounds, trail) for gate in GATES) if rounds else ())


def _of(record: Record, gate: Gate, rounds: tuple[Basis, ...], trail: list[tuple[Verdict, ...]]) -> Stops:
    k, team = GATES.index(gate), GATES.index("team")
    shut = [n for n, row in enumerate(trail) if not is_open(row[k])]
    alone = [n for n in shut if all(is_open(v) for j, v in enumerate(trail[n]) if j != k)]
    against = [n for n in shut if is_open(trail[n][team])]
    opened, key = None, None
    if not shut or shut[-1] < len(trail) - 1:
        first = shut[-1] + 1 if shut else 0
        opened = rounds[first].round
        key = _key(record, gate, rounds[first - 1], rounds[first]) if shut else None
    last_yes: tuple[Role, ...] = ()
    again: tuple[Role, ...] = ()
    gone: tuple[Role, ...] = ()
    if key == "votes":
        before, after = (rounds[n].ruling.team.yes for n in (shut[-1], shut[-1] + 1))
        earlier = {role for each in rounds[: shut[-1]] for role in each.ruling.team.yes}
        last_yes = tuple(role for role in after if role not in before and role not in earlier)
        again = tuple(role for role in after if role not in before and role in earlier)
        gone = tuple(role for role in before if role not in after)
    of_shut, of_alone, of_against = (tuple(rounds[n].round for n in some) for some in (shut, alone, against))
    return Stops(gate, of_shut, of_alone, of_against, opened, key, last_yes, again, gone)


def _key(record: Record, gate: Gate, shut: Basis, opened: Basis) -> Key:
    if gate == "team":
        return "votes"
    k = GATES.index(gate)
    told = {
        name for event in record.events if isinstance(event, Injected) and shut.round < event.round <= opened.round
        for name in event.evidence
    }  # fmt: skip
    as_before = opened._replace(scenario=shut.scenario, tabled=opened.tabled - told)
    """As if there had been no news between the two."""

    def opens(basis: Basis) -> bool:
        return is_open(verdicts(ruled(basis))[k])

    if opens(shut._replace(scenario=opened.scenario).put(told)):
        return "news"
    if opens(as_before._replace(package=shut.package)):
        return "fact"
    if opens(shut._replace(package=opened.package)):
        return "choice"
    return "both" if opens(as_before) else "with_news"
