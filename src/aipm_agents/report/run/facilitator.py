"""What only some may see of a run: the figures behind it, what stayed unsaid, what should not have been said."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.analysis.run.audit import breaches, leaks
from aipm_agents.analysis.run.conduct import conduct
from aipm_agents.analysis.run.gainsaid import gainsaid
from aipm_agents.analysis.run.inquiry import inquiry
from aipm_agents.analysis.run.invented import invented
from aipm_agents.analysis.run.outcome import outcome
from aipm_agents.analysis.run.promises import promises
from aipm_agents.language import mark, tr
from aipm_agents.report.live.card import cards
from aipm_agents.report.papers.blocks import Grid, Heading, Items, Lines, Row
from aipm_agents.report.run import charts
from aipm_agents.report.run.frontier import frontier
from aipm_agents.report.run.inquiry import questioned
from aipm_agents.report.run.standings import standings
from aipm_agents.report.words import numbers, phrase, vocabulary
from aipm_agents.table.audience import FACILITATOR, PUBLIC
from aipm_agents.table.events import tabled_evidence
from aipm_agents.table.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.run.conduct import Conduct, Silence
    from aipm_agents.analysis.run.outcome import Outcome
    from aipm_agents.analysis.run.promises import Promise
    from aipm_agents.report.papers.blocks import Block, Chart
    from aipm_agents.scenario.evidence import Evidence
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Event

SILENCES: vocabulary.Vocabulary[Silence] = vocabulary.Vocabulary({
    "not_asked": mark("nobody asked"), "asked": mark("was asked, and did not tell"), "declined": mark("declined to answer"),
    "ruling": mark("the ruling asked for it; nobody at the table did"), "faulted": mark("the turns in which it was to be told failed"),
})  # fmt: skip
LEAKS: vocabulary.Vocabulary[str] = vocabulary.Vocabulary({
    "points": mark("spoke figures of its own score sheet"), "briefing": mark("recited its briefing"),
    "evidence": mark("recited a fact it had not told"),
    "limit": mark("told what is wrong with a fact before anyone had challenged it"),
    "option": mark("named an option it had not brought"), "term": mark("told its meaning of a word nobody had asked about"),
    "paraphrase": mark("came close to its briefing in other words"),
    "withheld": mark("recited its briefing; the words were taken out before anyone heard them"),
})  # fmt: skip
BREACHES: vocabulary.Vocabulary[str] = vocabulary.Vocabulary({
    "yes_below_walk_away": mark("said yes below its walk-away"), "yes_across_red_line": mark("said yes across its own red line"),
    "deal_below_walk_away": mark("is left below its walk-away by the deal"),
    "deal_across_red_line": mark("has its red line crossed by the deal"),
})  # fmt: skip
GAINSAID: vocabulary.Vocabulary[str] = vocabulary.Vocabulary({
    "yes": mark("voted yes and said no"), "no": mark("voted no and said yes"),
    "signs": mark("signed and said it would not"), "holds": mark("held the deal and said it would sign"),
})  # fmt: skip


class Private(NamedTuple):
    title: str
    charts: tuple[Chart, ...]
    figures: tuple[Block, ...]
    """What it came to, what stayed unsaid, how they worked, the audit; the facilitator's alone."""
    cards: tuple[Block, ...]


def private(scenario: Scenario, events: tuple[Event, ...], audience: str) -> Private | None:
    """`scenario` and `events` as this audience may see them. None for the public."""
    if audience == PUBLIC:
        return None
    record, tabled = Record(scenario, events), tabled_evidence(scenario, events)
    if audience != FACILITATOR:
        mine = charts.points(record, [audience])
        card = tuple(cards(scenario, audience, tabled))
        return Private(
            tr("For {who} alone", who=scenario.card(audience).title), (mine,) if mine else (), (), card
        )
    drawn = (charts.points(record, scenario.parties), frontier(record))
    return Private(
        tr("For the facilitator"), tuple(chart for chart in drawn if chart), tuple(figures(record)),
        (Heading(tr("The cards"), level=3), *cards(scenario, audience, tabled)),
    )  # fmt: skip


def figures(record: Record) -> Iterator[Block]:
    """From the whole scenario and the whole record."""
    scenario, reached, work = record.scenario, outcome(record), conduct(record)
    yield from _outcome(scenario, reached)
    yield from _facts(scenario, work)
    yield from _work(scenario, work)
    yield from questioned(scenario, inquiry(record))
    yield from _audit(record)
    if scenario.teaching is not None and (scenario.teaching.objectives or scenario.teaching.debrief):
        yield Heading(tr("For the debrief"), level=3)
        if scenario.teaching.objectives:
            yield Lines((tr("What this case is for: ") + phrase.sentences(scenario.teaching.objectives),))
        if scenario.teaching.debrief:
            yield Items(scenario.teaching.debrief)


def _outcome(scenario: Scenario, reached: Outcome) -> Iterator[Block]:
    yield Heading(tr("What it came to"), tr("points; the baselines know every score sheet"), 3)
    yield from standings(scenario, reached)
    if reached.deal is not None and reached.deal.fails:
        asks = phrase.listed(
            tr('"{text}"', text=scenario.criteria[name][1].asks) for name in reached.deal.fails
        )
        text = tr(
            "Signed on what was said, not on what was known: with everything disclosed it fails {asks}.",
            asks=asks,
        )
        yield Lines((text,), "warning")
    if reached.deal is not None and reached.deal.dominated_by is not None:
        better = phrase.options(scenario, reached.deal.dominated_by)
        yield Lines(
            (tr("Better for somebody and worse for nobody, within the gates: {better}.", better=better),)
        )


def _facts(scenario: Scenario, work: Conduct) -> Iterator[Block]:
    yield Heading(tr("What was said, and what was not"), level=3)
    rows = []
    for name, fact in scenario.facts.items():
        tabled = work.tabled.get(name)
        if tabled is None:
            holder = phrase.names(scenario, fact.held_by)
            silence = SILENCES[work.withheld[name]] if name in work.withheld else _never(fact)
            rows.append(
                Row(
                    (fact.says, tr("{who}: {what}", who=holder, what=silence) if fact.held_by else silence),
                    tr("NEVER TOLD"),
                )
            )
        else:
            when = (
                tr("round {n}", n=tabled.round)
                if tabled.round
                else tr("the opening")
                if tabled.by
                else tr("the start")
            )
            rows.append(
                Row(
                    (
                        fact.says,
                        tr("{place}, {who}", place=when, who=scenario.card(tabled.by).short)
                        if tabled.by
                        else when,
                    )
                )
            )
    yield Grid((tr("fact"), tr("told by")), tuple(rows), first=12)


def _never(fact: Evidence) -> str:
    return tr("nobody had it found out, or it came too late") if fact.takes else tr("never arrived")


def _work(scenario: Scenario, work: Conduct) -> Iterator[Block]:
    yield Heading(tr("How they worked"), level=3)
    harm = work.harm_first_raised
    first = tr("never")
    if harm is not None:
        who = scenario.card(harm.by).short if harm.by else tr("from outside")
        first = tr("{place}, {who}", place=_when(harm.round), who=who)
    rows = (
        Row((tr("questions asked, answered"), f"{work.asked}, {work.answered}")),
        Row(
            (
                tr("trades offered, later met in full"),
                f"{work.trades_offered}, {work.trades_taken}",
            )
        ),
        Row(
            (
                tr("moves with a reason, of those that softened"),
                tr("{with_reason} of {softened}", with_reason=work.with_reason, softened=work.softened),
            )
        ),
        Row((tr("harm first raised"), first)),
    )
    yield Grid(("", ""), rows, first=5)
    each_round = sorted({number for row in work.demands.values() for number in row})
    table = []
    for role, falls in work.concessions.items():
        cells = [numbers.signed(-falls[n]) if n in falls else "" for n in each_round]
        table.append(Row((scenario.card(role).short, *cells, numbers.percent(work.talk[role]))))
    head = ("", *(tr("round {n}", n=n) for n in each_round), tr("talk"))
    yield Grid(
        head, tuple(table), title=tr("How each demand moved, in its own points; share of talk"), figures=True
    )


def _audit(record: Record) -> Iterator[Block]:
    scenario = record.scenario
    yield Heading(tr("Audit"), tr("found without a model; read the turn before you judge"), 3)
    rows = [
        Row((scenario.card(leak.role).short, _when(leak.round), LEAKS[leak.kind], leak.quote))
        for leak in leaks(record)
    ]
    rows += [
        Row((scenario.card(b.role).short, _when(b.round), BREACHES[b.kind], "")) for b in breaches(record)
    ]  # fmt: skip
    rows += [
        Row(
            (
                scenario.card(each.role).short,
                _when(each.round),
                tr("spoke a figure nobody had given it"),
                each.quote,
            )
        )
        for each in invented(record)
    ]
    rows += [
        Row((scenario.card(each.role).short, _when(each.round), GAINSAID[each.move], each.quote))
        for each in gainsaid(record)
    ]
    rows += [
        Row((scenario.card(each.role).short, _when(each.round), _broken(each), ""))
        for each in promises(record)
        if not each.kept
    ]
    if rows:
        yield Grid(("", "", "", tr("in its words")), tuple(rows))
    else:
        yield Lines(
            (tr("Nobody spoke its score sheet or its briefing, and nobody said yes against its own limits."),)
        )


def _broken(promise: Promise) -> str:
    """A no where the seat had promised otherwise, with what it says has changed."""
    told = (
        tr("said no to its own trade of {when}", when=_when(promise.made))
        if promise.kind == "trade"
        else tr("said no though what it had asked for in {when} was there, and nothing else changed", when=_when(promise.made))
    )  # fmt: skip
    return f"{told} ({', '.join(promise.because)})" if promise.because else told


def _when(number: int) -> str:
    return tr("round {n}", n=number) if number else tr("the opening")
