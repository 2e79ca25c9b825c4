"""Which checkpoint did the work: what each of them stopped, and with what kind of key it opened."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple

from aipm_agents.analysis.run.conduct import conduct
from aipm_agents.analysis.run.summary import GATES, verdicts
from aipm_agents.analysis.run.what_if import bases, ruled
from aipm_agents.table.checkpoints import find, is_open
from aipm_agents.table.events import Injected

if TYPE_CHECKING:
    from collections.abc import Callable

    from aipm_agents.analysis.run.summary import Gate
    from aipm_agents.analysis.run.what_if import Basis
    from aipm_agents.roles import Role
    from aipm_agents.scenario.criteria import Criterion
    from aipm_agents.table.events import Verdict
    from aipm_agents.table.record import Record

Key = Literal["news", "fact", "choice", "both", "votes", "with_news"]
"""What opened a gate for good: news, by what it changed or brought; what came onto the table; what the PM changed in
the package; only both of these together; yeses; news, and only together with one of these."""


class OpeningStep(NamedTuple):
    """Questions of a checkpoint that stayed answered from a round on."""

    round: int
    key: Key
    by: tuple[Role | None, ...] = ()
    """Who told the facts that show them and were new; None for what came from outside."""


class Stops(NamedTuple):
    gate: Gate
    shut: tuple[int, ...]
    """The rounds whose ruling it kept from a deal."""
    alone: tuple[int, ...]
    """Of these, the ones in which every other gate stood open and nothing came out that has to be heard first: without
    it, the package would have gone on to be signed."""
    unheard: tuple[int, ...]
    """Those in which every other gate stood open, and something came out that has to be heard first."""
    against: tuple[int, ...]
    """Of the rounds in which it was shut, the ones in which the table had its yeses and no red line was crossed."""
    opened: int | None
    """The first round from which on it was open to the end; None where it was shut at the last ruling."""
    key: Key | None
    """None where it was never shut, or never opened."""
    steps: tuple[OpeningStep, ...] = ()
    """What each of its questions that had kept it shut was answered by: a gate may open in more steps than the last."""
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
        """The first of the gates that stopped most."""
        return next(iter(self.most), None)

    @property
    def most(self) -> tuple[Stops, ...]:
        """The gates that stopped most: alone first, then alone beside what had to be heard first, then at all; several
        where they did alike."""
        shut = [each for each in self.gates if each.shut]
        top = max(map(_strength, shut), default=None)
        return tuple(each for each in shut if _strength(each) == top)


def _strength(each: Stops) -> tuple[int, int, int]:
    return len(each.alone), len(each.unheard), len(each.shut)


def stops(record: Record) -> Work:
    rounds = bases(record)
    trail = [verdicts(basis.ruling) for basis in rounds]
    if not rounds:
        return Work(())
    found = (_of(record, gate, rounds, trail) for gate in GATES)
    return Work(tuple(each._replace(steps=_steps(record, each)) for each in found))


def _of(record: Record, gate: Gate, rounds: tuple[Basis, ...], trail: list[tuple[Verdict, ...]]) -> Stops:
    k, team = GATES.index(gate), GATES.index("team")
    shut = [n for n, row in enumerate(trail) if not is_open(row[k])]
    only = [n for n in shut if all(is_open(v) for j, v in enumerate(trail[n]) if j != k)]
    alone = [n for n in only if not rounds[n].ruling.too_new]
    unheard = [n for n in only if rounds[n].ruling.too_new]
    against = [n for n in shut if is_open(trail[n][team])]
    opened: int | None = None
    key: Key | None = None
    if not shut or shut[-1] < len(trail) - 1:
        first = shut[-1] + 1 if shut else 0
        opened = rounds[first].round
        if shut and gate == "team":
            key = "votes"
        elif shut:
            key = _opener(
                record, rounds[first - 1], rounds[first], lambda basis: is_open(verdicts(ruled(basis))[k])
            )
    last_yes: tuple[Role, ...] = ()
    again: tuple[Role, ...] = ()
    gone: tuple[Role, ...] = ()
    if key == "votes":
        before, after = (rounds[n].ruling.team.yes for n in (shut[-1], shut[-1] + 1))
        earlier = {role for each in rounds[: shut[-1]] for role in each.ruling.team.yes}
        last_yes = tuple(role for role in after if role not in before and role not in earlier)
        again = tuple(role for role in after if role not in before and role in earlier)
        gone = tuple(role for role in before if role not in after)
    of_shut, of_alone, of_unheard, of_against = (
        tuple(rounds[n].round for n in some) for some in (shut, alone, unheard, against)
    )
    return Stops(
        gate,
        of_shut,
        of_alone,
        of_unheard,
        of_against,
        opened,
        key,
        last_yes=last_yes,
        again=again,
        gone=gone,
    )


def _steps(record: Record, stops: Stops) -> tuple[OpeningStep, ...]:
    """None where it never opened."""
    if stops.key is None or stops.opened is None:
        return ()
    if stops.key == "votes":
        return (OpeningStep(stops.opened, "votes"),)
    name = "alignment" if stops.gate == "people" else stops.gate
    rounds, told = bases(record), conduct(record).tabled
    found: dict[tuple[int, Key], dict[Role | None, None]] = {}
    for each in getattr(record.scenario.checkpoints, name):
        unmet = [n for n, basis in enumerate(rounds) if not _met(basis, each)]
        if not each.blocking or not unmet or unmet[-1] == len(rounds) - 1:
            continue
        shut, opened = rounds[unmet[-1]], rounds[unmet[-1] + 1]
        key = _opener(record, shut, opened, partial(_met, criterion=each))
        new = [n for n in told if n in opened.tabled - shut.tabled and each.id in record.scenario.facts[n].supports]  # fmt: skip
        by = () if key in ("choice", "news") else tuple(told[n].by for n in new)
        found.setdefault((opened.round, key), {}).update(dict.fromkeys(by))
    steps = tuple(OpeningStep(number, key, tuple(by)) for (number, key), by in sorted(found.items()))
    return steps or (OpeningStep(stops.opened, stops.key),)


def _met(basis: Basis, criterion: Criterion) -> bool:
    criterion = basis.scenario.criteria[criterion.id][1]  # with the figures that held then
    return find(basis.scenario, criterion, basis.package, basis.tabled, basis.contests).status == "met"


def _opener(record: Record, shut: Basis, opened: Basis, opens: Callable[[Basis], bool]) -> Key:
    """What it took, between two rulings, for something to hold."""
    told = {
        name for event in record.events if isinstance(event, Injected) and shut.round < event.round <= opened.round
        for name in event.evidence
    }  # fmt: skip
    as_before = opened._replace(scenario=shut.scenario, tabled=opened.tabled - told)
    """As if there had been no news between the two."""
    if opens(shut._replace(scenario=opened.scenario).put(told)):
        return "news"
    if opens(as_before._replace(package=shut.package)):
        return "fact"
    if opens(shut._replace(package=opened.package)):
        return "choice"
    return "both" if opens(as_before) else "with_news"
