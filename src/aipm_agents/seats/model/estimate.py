"""How many calls and tokens a run can take: an upper bound that holds, and what is more likely."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.roles import PM
from aipm_agents.seats.model import RECALLED, Model, prompts
from aipm_agents.seats.model.exchange import Request
from aipm_agents.seats.model.form import form
from aipm_agents.table.audience import as_seen_by
from aipm_agents.table.events import Proposed
from aipm_agents.table.heard import Heard
from aipm_agents.table.moves import Proposal, Question
from aipm_agents.table.packages import outcome_space
from aipm_agents.table.view import View

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.seats import Seat
    from aipm_agents.table.moves import Verb

_LETTERS_A_TOKEN, _USUAL_TABLE, _USUAL_ANSWER = 4, 3_000, 200


class Estimate(NamedTuple):
    calls: int
    tokens: int


def most(scenario: Scenario, players: Mapping[Role, Seat]) -> Estimate:
    """What no run of this scenario can pass: every round played, every deal held, every answer mended."""
    calls = tokens = 0
    for role, turns, seat in _models(scenario, players, scenario.rounds):
        first = _largest(scenario, role, seat)
        mended = first._replace(
            messages=(*first.messages, ("assistant", "漢" * RECALLED), ("user", "漢" * 1000))
        )
        calls += 2 * turns
        tokens += turns * (first.bound + mended.bound)
    return Estimate(calls, tokens)


def likely(scenario: Scenario, players: Mapping[Role, Seat]) -> Estimate:
    """Half the rounds, no answer mended, letters of English."""
    calls = tokens = 0
    for role, turns, seat in _models(scenario, players, (scenario.rounds + 1) // 2, signings=1):
        told = len(prompts.briefing(_start(scenario, role), seat.style)) + _USUAL_TABLE
        calls += turns
        tokens += turns * (told // _LETTERS_A_TOKEN + _USUAL_ANSWER)
    return Estimate(calls, tokens)


def _models(
    scenario: Scenario, players: Mapping[Role, Seat], rounds: int, signings: int | None = None
) -> list[tuple[Role, int, Model]]:
    """Role, turns and seat of every model: a framing or an opening, a turn a round, the PM's signings."""
    out = []
    for role, seat in players.items():
        if isinstance(seat, Model):
            extra = (rounds if signings is None else signings) if role == PM else 0
            out.append((role, 1 + rounds + extra, seat))
    return out


def _largest(scenario: Scenario, role: Role, seat: Model) -> Request:
    """The largest request a seat can send: its briefing, a full table, the longest form."""
    seen, out = _start(scenario, role), Heard(brought=frozenset(scenario.held_options))
    everything = frozenset(scenario.facts)
    package = {issue.id: issue.options[0].id for issue in scenario.issues}
    asked = next((Question(to=role, about=i.id) for i in scenario.issues), None)
    on_table = Proposed(round=1, package=package, move=Proposal(package=package, question=asked))
    full = View(
        role=role, seed=0, round=1, scenario=as_seen_by(scenario, role, everything, out), events=(on_table,),
        tabled=everything, space=outcome_space(scenario), heard=out, extras=scenario.extras, words=seen.words,
    )  # fmt: skip
    verb: Verb = "propose" if role == PM else "answer"
    schema = form(verb, full).schema | {"held": list(scenario.facts)}
    table = "x" * prompts.table_bound(scenario)
    briefing = prompts.briefing(seen, seat.style)
    return Request((("system", briefing), ("user", table)), verb, schema, seat.answer_tokens, 0)


def _start(scenario: Scenario, role: Role) -> View:
    known = frozenset(fact.id for fact in scenario.evidence if fact.known_at_start)
    words = dict.fromkeys(word for party in scenario.parties.values() for word in party.terms)
    return View(
        role=role, seed=0, round=0, scenario=as_seen_by(scenario, role, known), events=(), tabled=known,
        space=outcome_space(scenario), extras=scenario.extras, words=tuple(words),
    )  # fmt: skip
