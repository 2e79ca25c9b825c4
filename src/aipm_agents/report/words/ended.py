"""How a run ended, in a few words, for every screen and page that names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import mark, tr
from aipm_agents.report.words import phrase, vocabulary
from aipm_agents.table.closing import stops_everything
from aipm_agents.table.events import Decided, Stopped, on_paper
from aipm_agents.table.events import ending as ending_of

if TYPE_CHECKING:
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Event

STOPS: vocabulary.Vocabulary[str] = vocabulary.Vocabulary({
    "time": mark("time ran out"), "parted": mark("parted without a deal"),
    "signed": mark("signed on paper, over a shut checkpoint"),
})  # fmt: skip
"""What ends a table that nothing has decided; other stops are a run that was broken off."""


def how(events: tuple[Event, ...]) -> str:
    decision, last = _decision(events), events[-1]
    if decision is not None:
        return vocabulary.OUTCOMES[ending_of(decision)]
    return stopped(last.reason if isinstance(last, Stopped) else None)


def stopped(reason: str | None) -> str:
    """What nothing decided."""
    return STOPS[reason] if reason is not None and reason in STOPS else vocabulary.OUTCOMES["stopped"]


def ended(scenario: Scenario, events: tuple[Event, ...]) -> str:
    """The same with its round."""
    decision = _decision(events)
    if decision is None:
        when = phrase.when(events[-1].round)
        if isinstance(events[-1], Stopped) and events[-1].reason == "signed":  # people did decide
            return tr("{how} ({when}): by the rulings no deal", how=how(events), when=when)
        # who sees that it was on paper knows the case whole, and so what news was still to come
        if on_paper(events) and stops_everything(scenario, events):
            return tr("{how} ({when}): by the rulings a no-go, no package on the list could pass", how=how(events), when=when)  # fmt: skip
        return tr("{how} ({when}), decided by nobody", how=how(events), when=when)
    if on_paper(events):  # a lesson has as many rounds as it has time for
        return tr("{outcome}, {where}", outcome=how(events), where=tr("round {n}", n=decision.round))
    where = tr("round {n} of {rounds}", n=decision.round, rounds=scenario.rounds)
    return tr("{outcome}, {where}", outcome=how(events), where=where)


def _decision(events: tuple[Event, ...]) -> Decided | None:
    return next((each for each in events if isinstance(each, Decided)), None)
