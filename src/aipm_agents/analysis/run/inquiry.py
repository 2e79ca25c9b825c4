"""How a table questioned what it had: challenges, options brought, studies sent for, words that mean two things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from aipm_agents.analysis.run.conduct import Tabled
from aipm_agents.scenario.lenses import LENS_OF
from aipm_agents.table.events import Answered, Opened, Proposed, Reported
from aipm_agents.table.faults import never_heard
from aipm_agents.table.heard import challenges, heard
from aipm_agents.table.memory import remembered
from aipm_agents.table.studies import commissioned

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aipm_agents.roles import Role
    from aipm_agents.scenario.lenses import Ground, Lens
    from aipm_agents.table.heard import Choice
    from aipm_agents.table.record import Record

Kept = Literal["not_asked", "asked", "faulted"]
"""Why an option stayed with its holder: nobody asked a holder about its issue; one was asked; no turn of a holder was
usable."""


class Challenged(NamedTuple):
    round: int
    by: Role
    evidence: str
    ground: Ground
    lens: Lens
    effect: bool
    """Whether there is something to it."""
    answered: int | None
    """The first round whose ruling no longer counts it against the fact; None where it stood to the end,
    or had no effect."""


class Sent(NamedTuple):
    round: int
    arrived: int | None
    """None where the run ended before."""


class Inquiry(NamedTuple):
    challenges: tuple[Challenged, ...]
    brought: dict[Choice, Tabled]
    """Held option -> who brought it, and when."""
    kept: dict[Choice, Kept]
    """Held options that nobody brought."""
    studies: dict[str, Sent]
    unmade: tuple[str, ...]
    """Studies that nobody sent for."""
    meanings: dict[str, tuple[Role, ...]]
    """Word -> who has said what it means by it."""
    unsaid: dict[str, tuple[Role, ...]]
    """Word -> who means something by it and was not asked, or declined."""
    lenses: dict[Lens, int]
    """How often a challenge or a question looked through a lens."""

    @property
    def with_effect(self) -> int:
        return sum(each.effect for each in self.challenges)


@remembered
def inquiry(record: Record) -> Inquiry:
    scenario, events = record.scenario, record.events
    made = tuple(_challenges(record))
    brought = _brought(record)
    sent = commissioned(events)
    arrived = {n: e.round for e in events if isinstance(e, Reported) for n in e.evidence}
    meanings: dict[str, tuple[Role, ...]] = {}
    for role, word in record.heard.meanings:
        meanings[word] = (*meanings.get(word, ()), role)
    words = dict.fromkeys(word for party in scenario.parties.values() for word in party.terms)
    unsaid = {
        word: tuple(
            r for r, p in scenario.parties.items() if word in p.terms and r not in meanings.get(word, ())
        )
        for word in words
    }
    return Inquiry(
        made, brought,
        _kept(record, brought), {name: Sent(n, arrived.get(name)) for name, n in sent.items()},
        tuple(f.id for f in scenario.evidence if f.takes is not None and f.id not in sent),
        meanings, {word: roles for word, roles in unsaid.items() if roles}, _lenses(record, made),
    )  # fmt: skip


def _challenges(record: Record) -> list[Challenged]:
    scenario, events = record.scenario, record.events
    found = []
    for event in challenges(events):
        made = event.move.challenge
        assert made is not None
        effect = scenario.facts[made.evidence].limit(made.ground) is not None
        found.append(Challenged(
            event.round, event.role, made.evidence, made.ground, LENS_OF[made.ground], effect,
            _answered(record, event.round, made.evidence, made.ground) if effect else None,
        ))  # fmt: skip
    return found


def _answered(record: Record, number: int, evidence: str, ground: Ground) -> int | None:
    """The first round from which on no ruling has it standing."""
    rulings = [ruling for ruling in record.rulings if ruling.round >= number]
    standing = [
        ruling.round for ruling in rulings
        if any((c.evidence, c.ground) == (evidence, ground) for f in ruling.findings for c in f.contests)
    ]  # fmt: skip
    after = [ruling.round for ruling in rulings if not standing or ruling.round > standing[-1]]
    return after[0] if after else None


def _brought(record: Record) -> dict[Choice, Tabled]:
    """Held options by the turn that first named them."""
    scenario, events = record.scenario, record.events
    found: dict[Choice, Tabled] = {}
    if scenario.held_options:
        for event in events:
            if isinstance(event, Opened | Answered | Proposed):
                for choice in sorted(heard(scenario, (event,)).brought):
                    found.setdefault(choice, Tabled(event.round, event.role))
    return found


def _kept(record: Record, brought: dict[Choice, Tabled]) -> dict[Choice, Kept]:
    scenario = record.scenario
    asked, mute = record.asked(), never_heard(record.events)

    def why(choice: Choice, holders: Iterable[Role]) -> Kept:
        if mute.issuperset(holders):
            return "faulted"
        return "asked" if any((role, choice[0]) in asked for role in holders) else "not_asked"

    return {
        choice: why(choice, holders)
        for choice, holders in scenario.held_options.items()
        if choice not in brought
    }


def _lenses(record: Record, made: tuple[Challenged, ...]) -> dict[Lens, int]:
    scenario = record.scenario
    seen: list[Lens] = [each.lens for each in made]
    for each in record.questions:
        about = each.question.about
        lens = scenario.criteria[about][1].lens if about in scenario.criteria else None
        if any(about in party.terms for party in scenario.parties.values()):
            lens = "language_games"
        seen += [lens] if lens is not None else []
    return {lens: seen.count(lens) for lens in dict.fromkeys(seen)}
