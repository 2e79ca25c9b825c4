"""The decision record of a run, after MADR (Markdown Any Decision Records, adr.github.io/madr): drivers,
options, outcome, consequences, confirmation; and what MADR has no place for: dissent, follow-ups with
their owners, the decision nodes, and the checklist of four of the article this project grew from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import mark, tr
from aipm_agents.report.live.closing import stopper
from aipm_agents.report.papers.blocks import Grid, Heading, Lines, Row
from aipm_agents.report.run.checklist_of_four import of_four
from aipm_agents.report.run.confirmation import confirmation
from aipm_agents.report.run.decision_nodes import nodes
from aipm_agents.report.words import phrase, reasons, sources, vocabulary
from aipm_agents.report.words.ended import ended
from aipm_agents.scenario.criteria import CHECKPOINTS
from aipm_agents.table.events import Answered, Decided, Proposed, Ruled, ending, last_ruling, tabled_evidence
from aipm_agents.table.record import Record
from aipm_agents.table.rules import made

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.events import Event

STATUS: vocabulary.Vocabulary[str] = vocabulary.Vocabulary({
    "go": mark("accepted"), "go_with_follow_ups": mark("accepted, with follow-ups"), "no_go": mark("rejected: a no-go"),
    "no_agreement": mark("open: no agreement"), "undecided": mark("open: undecided, as turns failed"),
})  # fmt: skip


def record(
    scenario: Scenario,
    events: tuple[Event, ...],
    *,
    date: str = "",
    seats: Mapping[Role, str] | None = None,
    seed: int | None = None,
) -> list[Block]:
    """From what one audience may see; `date` as ISO 8601, `seats` as what played each role, `seed` of the run."""
    decision = next((event for event in events if isinstance(event, Decided)), None)
    package = decision.package if decision else None
    return [
        Heading(tr("{who}: {what}", who=scenario.title, what=scenario.question), level=1),
        *_front(scenario, events, decision, date, seats or {}),
        *_context(scenario),
        *_drivers(scenario),
        *_considered(scenario, events),
        *_outcome(scenario, events, decision),
        *(_consequences(scenario, events, package) if package else ()),
        *confirmation(scenario, events, decision, package),
        *_dissent(scenario, events, decision),
        *(nodes(scenario, events, package) if package else ()),
        *of_four(Record(scenario, events, seed=seed)),
    ]


def _front(
    scenario: Scenario,
    events: tuple[Event, ...],
    decision: Decided | None,
    date: str,
    seats: Mapping[Role, str],
) -> Iterator[Block]:
    status = STATUS[ending(decision)] if decision else tr("open: {how}", how=ended(scenario, events))
    rows = [Row((tr("Status"), tr("simulated: {status}", status=status)))]
    if date:
        rows.append(Row((tr("Date"), date)))
    makers = [
        scenario.card(role).title + (tr(" ({source})", source=seats[role]) if role in seats else "")
        for role in scenario.parties
    ]
    rows.append(Row((tr("Decision-makers"), tr(", ").join(makers))))
    if scenario.affected:
        rows.append(Row((tr("Not in the room"), tr(", ").join(each.who for each in scenario.affected))))
    yield Grid(("", ""), tuple(rows))


def _context(scenario: Scenario) -> Iterator[Block]:
    yield Heading(tr("Context and problem statement"))
    yield Lines(tuple(text for text in (scenario.background, scenario.question) if text))
    if scenario.purpose:
        yield Lines((tr("Whom it serves: {purpose}.", purpose=scenario.purpose),))
    for each in scenario.affected:
        yield Lines((tr("{who}: {what}.", who=each.who, what=each.stake),))


def _drivers(scenario: Scenario) -> Iterator[Block]:
    yield Heading(tr("Decision drivers"), tr("the questions of the four checkpoints"))
    asked = [(gate, each) for gate in CHECKPOINTS for each in getattr(scenario.checkpoints, gate)]
    rows = [
        Row((vocabulary.CHECKPOINT_TITLES[gate], each.asks, scenario.card(each.owner).short))
        for gate, each in asked
    ]
    yield Grid(("", tr("question"), tr("owner")), tuple(rows))
    sourced = [Row((each.asks, each.source, each.satisfied_by or "")) for _, each in asked if each.source]
    if sourced:
        yield Heading(tr("Where the questions come from"), level=3)
        yield Grid((tr("the question"), tr("source"), tr("satisfied by")), tuple(sourced), first=4)
    if law := sources.notice(each for _, each in asked):
        yield Lines((law,), "strong")


def _considered(scenario: Scenario, events: tuple[Event, ...]) -> Iterator[Block]:
    """Every package that was tabled, once, and how it fared when it was last ruled."""
    rulings = {event.round: event for event in events if isinstance(event, Ruled)}
    last: dict[tuple[tuple[str, str], ...], int] = {}
    for event in events:
        if isinstance(event, Proposed) and event.package and event.round in rulings:
            last[tuple(event.package.items())] = event.round
    yield Heading(tr("Considered options"), tr("packages proposed, with the last ruling on each"))
    rows = []
    for items, number in last.items():
        ruling = rulings[number]
        shut = [
            vocabulary.CHECKPOINT_TITLES[g]
            for g in CHECKPOINTS
            if ruling.verdicts[g] in ("blocked", "not_shown")
        ]
        fared = tr("stopped at {gates}", gates=phrase.listed(shut)) if shut else tr("passed all four")
        rows.append(
            Row(
                (
                    str(number),
                    phrase.options(scenario, dict(items)),
                    tr("{n} yes", n=len(ruling.team.yes)),
                    fared,
                )
            )
        )
    yield (
        Grid((tr("round"), tr("package"), tr("votes"), tr("ruling")), tuple(rows))
        if rows
        else Lines((tr("No package was ruled."),))
    )


def _outcome(scenario: Scenario, events: tuple[Event, ...], decision: Decided | None) -> Iterator[Block]:
    yield Heading(tr("Decision outcome"))
    if decision is None:
        yield Lines((tr("{told}.", told=phrase.begun(ended(scenario, events))),))
        return
    if decision.package is None:
        text = tr(
            "{outcome} in round {n}: {why}.",
            outcome=vocabulary.OUTCOMES[ending(decision)],
            n=decision.round,
            why=stopper(scenario, events, decision),
        )
        yield Lines((text,))
        if scenario.otherwise:
            yield Lines((tr("Without a deal: {what}", what=scenario.otherwise),))
        return
    yield Lines(
        (
            tr(
                "{outcome}, signed in round {n}.",
                outcome=vocabulary.OUTCOMES[ending(decision)],
                n=decision.round,
            ),
        ),
        "strong",
    )
    rows = [Row((scenario.issue[i].question, scenario.label(i, o))) for i, o in decision.package.items()]
    yield Grid(("", tr("chosen")), tuple(rows))
    ruling = last_ruling(events)
    if ruling is not None:
        shown = [
            Row((
                vocabulary.CHECKPOINT_TITLES[scenario.criteria[f.criterion][0]],
                scenario.criteria[f.criterion][1].asks, reasons.answer(scenario, f, decision.package, tabled_evidence(scenario, events)),
            ))
            for f in ruling.findings
        ]  # fmt: skip
        yield Lines((tr("Because:"),))
        yield Grid(("", tr("question"), tr("answer")), tuple(shown))


def _consequences(scenario: Scenario, events: tuple[Event, ...], package: Package) -> Iterator[Block]:
    """Good: what tabled facts show for it. Bad: what they say against it, answered or not."""
    tabled = tabled_evidence(scenario, events)
    ruling = last_ruling(events)
    shows = {name for f in ruling.findings if f.status == "met" for name in f.evidence} if ruling else set()
    good, bad = [], []
    for name, fact in scenario.facts.items():
        if name not in tabled:
            continue
        says = fact.plainly or fact.says
        if name in shows and not fact.undermines:
            good.append(Row((tr("Good"), says, "")))
        if fact.undermines:
            answered = [phrase.named(scenario.label(i, package[i])) for i in made(package, fact.unless)]
            bad.append(
                Row(
                    (
                        tr("Bad"),
                        says,
                        tr("answered by: {choices}", choices=phrase.listed(answered))
                        if answered
                        else tr("not answered"),
                    )
                )
            )
    if good or bad:
        yield Heading(tr("Consequences"))
        yield Grid(("", "", ""), tuple([*good, *bad]))


def _dissent(scenario: Scenario, events: tuple[Event, ...], decision: Decided | None) -> Iterator[Block]:
    if decision is None:
        return
    yield Heading(tr("Dissent"))
    rows = []
    for event in events:
        dissents = event.role in decision.dissent or (
            isinstance(event, Answered) and event.move.vote != "yes"
        )
        if isinstance(event, Answered) and event.round == decision.round and dissents and event.fault is None:
            doubt = scenario.criteria[event.move.concern][1].asks if event.move.concern else ""
            missed = phrase.unmet(event.move.asks, decision.package)
            wants = tr("; ").join(phrase.asked(scenario, ask) for ask in missed) if not doubt else ""
            rows.append(
                Row(
                    (
                        scenario.card(event.role).title,
                        vocabulary.VOTES[event.move.vote],
                        event.move.says,
                        doubt or wants,
                    )
                )
            )
    if rows:
        yield Grid(("", tr("vote"), tr("in its own words"), tr("doubts, or asks for")), tuple(rows))
    failed = [e.role for e in events if isinstance(e, Answered) and e.round == decision.round and e.fault]
    if failed:  # a fault is no dissent, and no consent
        yield Lines((tr("{who} gave no usable answer.", who=phrase.names(scenario, failed)),))
    elif not rows:
        yield Lines((tr("Nobody dissented."),))
