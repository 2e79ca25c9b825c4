"""A meeting that was held on paper, entered afterwards: packages, votes, and what was told, round by round.

Its record holds that and no more. Nobody is said to have opened, asked or traded; a condition that was not written down
is marked as left out; a seat that showed no vote abstained. So nothing is proven impossible from it: whether anybody was
asked is not known. It ends as the table ended: with a deal that the rulings bear out, as the time ran out, as it parted,
or with a deal signed on paper that they do not bear out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.roles import PM
from aipm_agents.table.agenda import next_step
from aipm_agents.table.checkpoints import lets_through
from aipm_agents.table.derived import arriving, derived
from aipm_agents.table.events import PAPER, Dropped, Reported, Seated, Stopped, last_ruling, tabled_evidence
from aipm_agents.table.heard import heard
from aipm_agents.table.moves import Challenge, Choice, Position, Proposal, Signing
from aipm_agents.table.news import in_turn
from aipm_agents.table.options import unknown_to
from aipm_agents.table.order import Order
from aipm_agents.table.stamp import abstained, stamped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.events import Event, Ruled
    from aipm_agents.table.moves import Vote

End = Literal["deal", "time", "parted"]


class Entered(NamedTuple):
    """What was written down of a round."""

    package: Package
    votes: Mapping[Role, Vote]
    """Colleague -> its vote; `no_answer` for one that showed none."""
    tables: tuple[tuple[str, Role], ...] = ()
    """Facts read out, with who read them."""
    brings: tuple[tuple[Choice, Role], ...] = ()
    doubts: tuple[tuple[Challenge, Role], ...] = ()
    sent_for: tuple[str, ...] = ()
    news: tuple[int, ...] = ()
    """Which news came before the round, counted from 0."""
    results: tuple[str, ...] = ()
    """Studies that came in before it."""


class Meeting:
    """A record as it is entered. Raises `UsageError` for what cannot have been so by the rules of the case."""

    def __init__(self, scenario: Scenario, seed: int = 0) -> None:
        self.scenario, self.seed = scenario, seed
        self._order = Order(scenario, seed)
        self._put(Seated(round=0, seats=dict.fromkeys(scenario.parties, PAPER)))

    @property
    def events(self) -> tuple[Event, ...]:
        return self._order.events

    @property
    def round(self) -> int:
        """The last round that was entered; 0 before the first."""
        return self.events[-1].round

    @property
    def over(self) -> bool:
        last = self.events[-1]
        return next_step(self.scenario, self.events).phase == "over" or isinstance(last, Stopped)

    @property
    def at_last(self) -> bool:
        """Whether the last round of the case was entered."""
        return self.round == self.scenario.rounds

    @property
    def ruling(self) -> Ruled | None:
        return last_ruling(self.events)

    def enter(self, entered: Entered) -> None:
        """A round; all of it or nothing."""
        before = self._order
        self._order = Order(self.scenario, self.seed)
        for event in before.events:
            self._put(event)
        try:
            self._round(entered)
        except BaseException:
            self._order = before
            raise

    def _round(self, entered: Entered) -> None:
        self._unsigned()
        number = self.round + 1
        self._arrive(entered, number)
        self._in_time(entered, number)
        proposal = Proposal(package=dict(entered.package), commissions=entered.sent_for)
        self._put(stamped(proposal, PM, number))
        for role in self.scenario.colleagues:
            self._put(self._answer(entered, role, number))
        self._derive()

    def _in_time(self, entered: Entered, number: int) -> None:
        """An option that somebody holds is proposed, and a fact challenged, from the round after it came out."""
        unknown = unknown_to(self.scenario, PM, heard(self.scenario, self.events))
        for issue, option in entered.package.items():
            if (issue, option) in unknown:
                raise UsageError(tr(
                    'round {n}: "{option}" is in the package, and nobody had told of it before. It can be proposed from the round after it came out: enter it as told in the round before',
                    n=number, option=self.scenario.label(issue, option),
                ))  # fmt: skip
        new = {fact for fact, _ in entered.tables} - tabled_evidence(self.scenario, self.events)
        for challenge, _ in entered.doubts:
            if challenge.evidence in new:
                raise UsageError(tr(
                    'round {n}: "{fact}" was read out in this round. It can be challenged from the next round on: enter the doubt there',
                    n=number, fact=self.scenario.facts[challenge.evidence].says,
                ))  # fmt: skip

    def _answer(self, entered: Entered, role: Role, number: int) -> Event:
        vote = entered.votes.get(role, "no_answer")
        tables = tuple(fact for fact, who in entered.tables if who == role)
        brings = tuple(choice for choice, who in entered.brings if who == role)
        doubts = [challenge for challenge, who in entered.doubts if who == role]
        if len(doubts) > 1:
            raise UsageError(
                tr("{who} challenges one fact a round; enter the other one in the next", who=role)
            )
        if vote == "no_answer":
            if tables or brings or doubts:
                raise UsageError(tr("{who} told something in this round: enter how it voted", who=role))
            return abstained("answer", role, number, None, fault="no_reply")
        left_out = (Dropped(part="asks", because="not entered"),) if vote == "yes_if" else ()
        move = Position(vote=vote, tables=tables, brings=brings, challenge=doubts[0] if doubts else None)
        return stamped(move, role, number, dropped=left_out)

    def _arrive(self, entered: Entered, number: int) -> None:
        """What came before a round: in the order of the case what it has by then, then what came sooner on paper."""
        news, results = list(entered.news), list(entered.results)
        while (step := next_step(self.scenario, self.events)).phase in ("inject", "report"):
            if step.phase == "inject" and step.inject in news:
                news.remove(step.inject)
            elif step.phase == "inject":
                headline = self.scenario.injects[step.inject].headline
                raise UsageError(tr('round {n}: by then the case has brought "{headline}"; enter when it came', n=number, headline=headline))  # fmt: skip
            due = derived(self.scenario, self.events, step)
            assert due is not None
            if isinstance(due, Reported):
                results = [name for name in results if name not in due.evidence]
            self._put(due)
        for each in (n for n in in_turn(self.scenario) if n in news):
            self._put(arriving(self.scenario, self.events, each, number))
        if results:
            self._put(Reported(round=number, evidence=tuple(results)))

    def close(self, end: End) -> None:
        """How the table ended. Where the rulings say otherwise, the record says both. As the rounds of the case run
        out, no deal is no agreement, or a no-go where facts and rules stop every package."""
        if self.over:
            return
        through = self.ruling is not None and lets_through(self.ruling)
        if end == "deal" and through:
            self._put(stamped(Signing(signs=True), PM, self.round))
            self._derive()
        elif end == "time" and self.at_last and not through:
            self._derive()
        else:
            self._unsigned()
            self._put(Stopped(round=self.round, reason="signed" if end == "deal" else end))

    def _unsigned(self) -> None:
        """A deal that all four let through and nobody signed: no reply, and no hold."""
        if next_step(self.scenario, self.events).phase == "sign":
            self._put(abstained("sign", PM, self.round, None, fault="no_reply"))

    def _derive(self) -> None:
        """The ruling, or the decision; that comes in the last round too only once it is said how the table ended."""
        follows = derived(self.scenario, self.events)
        assert follows is not None
        self._put(follows)

    def _put(self, event: Event) -> None:
        if fault := self._order.take(event):
            raise UsageError(tr("round {n}: {fault}", n=event.round, fault=fault))
