"""The decision record of a run, after MADR (Markdown Any Decision Records, adr.github.io/madr): drivers,
options, outcome, consequences, confirmation; and what MADR has no place for: dissent, follow-ups with
their owners, the decision nodes, and the checklist of four of the article this project grew from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import tr
from aipm_agents.report import sources, wording
from aipm_agents.report.blocks import Grid, Heading, Lines, Row
from aipm_agents.report.checklist import of_four
from aipm_agents.report.closing import stopper
from aipm_agents.report.nodes import nodes
from aipm_agents.scenario.model import CHECKPOINTS
from aipm_agents.table.events import Answered, Decided, Proposed, Ruled, last_ruling, tabled_evidence
from aipm_agents.table.packages import metric_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aipm_agents.report.blocks import Block
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.events import Event

STATUS = {
    "go": "accepted", "go_with_follow_ups": "accepted, with follow-ups", "no_go": "rejected: a no-go",
    "no_agreement": "open: no agreement",
}  # fmt: skip


def record(
    scenario: Scenario, events: tuple[Event, ...], *, date: str = "", seats: Mapping[Role, str] | None = None
) -> list[Block]:
    """From what one audience may see; `date` as ISO 8601, `seats` as what played each role."""
    decision = next((event for event in events if isinstance(event, Decided)), None)
    package = decision.package if decision else None
    return [
        Heading(f"{scenario.title}: {scenario.question}", level=1),
        *_front(scenario, decision, date, seats or {}),
        *_context(scenario),
        *_drivers(scenario),
        *_considered(scenario, events),
        *_outcome(scenario, events, decision),
        *(_consequences(scenario, events, package) if package else ()),
        *_confirmation(scenario, events, decision, package),
        *_dissent(scenario, events, decision),
        *(nodes(scenario, events, package) if package else ()),
        *of_four(scenario, events, package),
    ]


def _front(
    scenario: Scenario, decision: Decided | None, date: str, seats: Mapping[Role, str]
) -> Iterator[Block]:
    status = STATUS[decision.outcome] if decision else "open: broken off, decided by nobody"
    rows = [Row(("Status", status))]
    if date:
        rows.append(Row(("Date", date)))
    makers = [
        f"{scenario.card(role).title}{f' ({seats[role]})' if role in seats else ''}"
        for role in scenario.parties
    ]
    rows.append(Row(("Decision-makers", ", ".join(makers))))
    if scenario.affected:
        rows.append(Row(("Not in the room", ", ".join(each.who for each in scenario.affected))))
    yield Grid(("", ""), tuple(rows))


def _context(scenario: Scenario) -> Iterator[Block]:
    yield Heading("Context and problem statement")
    yield Lines(tuple(text for text in (scenario.background, scenario.question) if text))
    if scenario.purpose:
        yield Lines((f"Whom it serves: {scenario.purpose}.",))
    for each in scenario.affected:
        yield Lines((f"{each.who}: {each.stake}.",))


def _drivers(scenario: Scenario) -> Iterator[Block]:
    yield Heading("Decision drivers", "the questions of the four checkpoints")
    asked = [(gate, each) for gate in CHECKPOINTS for each in getattr(scenario.checkpoints, gate)]
    rows = [
        Row((wording.CHECKPOINT_TITLES[gate], each.asks, scenario.card(each.owner).short))
        for gate, each in asked
    ]
    yield Grid(("", "question", "owner"), tuple(rows))
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
    yield Heading("Considered options", "packages tabled, with the last ruling on each")
    rows = []
    for items, number in last.items():
        ruling = rulings[number]
        shut = [
            wording.CHECKPOINT_TITLES[g]
            for g in CHECKPOINTS
            if ruling.verdicts[g] in ("blocked", "not_shown")
        ]
        fared = f"stopped at {wording.listed(shut)}" if shut else "passed all four"
        rows.append(
            Row((str(number), wording.options(scenario, dict(items)), f"{len(ruling.team.yes)} yes", fared))
        )
    yield (
        Grid(("round", "package", "votes", "ruling"), tuple(rows))
        if rows
        else Lines(("No package was ruled.",))
    )


def _outcome(scenario: Scenario, events: tuple[Event, ...], decision: Decided | None) -> Iterator[Block]:
    yield Heading("Decision outcome")
    if decision is None:
        yield Lines(("The run was broken off; nothing is decided.",))
        return
    if decision.package is None:
        text = f"{wording.OUTCOMES[decision.outcome]} in round {decision.round}: {stopper(scenario, events, decision)}."
        yield Lines((text,))
        return
    yield Lines((f"{wording.OUTCOMES[decision.outcome]}, signed in round {decision.round}.",), "strong")
    rows = [Row((scenario.issue[i].question, scenario.label(i, o))) for i, o in decision.package.items()]
    yield Grid(("", "chosen"), tuple(rows))
    ruling = last_ruling(events)
    if ruling is not None:
        shown = [
            Row((
                wording.CHECKPOINT_TITLES[scenario.criteria[f.criterion][0]],
                scenario.criteria[f.criterion][1].asks, wording.answer(scenario, f, decision.package, tabled_evidence(scenario, events)),
            ))
            for f in ruling.findings
        ]  # fmt: skip
        yield Lines(("Because:",))
        yield Grid(("", "question", "answer"), tuple(shown))


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
            good.append(Row(("Good", says, "")))
        if fact.undermines:
            answered = [scenario.label(i, package[i]) for i in fact.unless or () if package[i] in fact.unless[i]] if fact.unless else []  # fmt: skip
            bad.append(
                Row(("Bad", says, f"answered by: {wording.listed(answered)}" if answered else "not answered"))
            )
    if good or bad:
        yield Heading("Consequences")
        yield Grid(("", "", ""), tuple([*good, *bad]))


def _confirmation(
    scenario: Scenario, events: tuple[Event, ...], decision: Decided | None, package: Package | None
) -> Iterator[Block]:
    yield Heading("Confirmation", "how we will know")
    rows = []
    if scenario.success is not None:
        goal = scenario.success
        span = f" from {goal.from_}" if goal.from_ else ""
        by = f", by {goal.by}" if goal.by else ""
        rows.append(Row(("Measure of success", f"{goal.metric}:{span} to {goal.to}{by}")))
        if goal.guardrail:
            rows.append(Row(("Guard-rail", goal.guardrail)))
    for metric in scenario.metrics if package else ():
        assert package is not None
        value, unit = metric_value(scenario, metric.id, package), f" {metric.unit}" if metric.unit else ""
        bounds = [
            f"at {side} {wording.figure(bound)}{unit}"
            for _, each in scenario.criteria.values() for rule in each.rule if rule.metric == metric.id
            for side, bound in (("most", rule.at_most), ("least", rule.at_least)) if bound is not None
        ]  # fmt: skip
        if bounds:
            rows.append(
                Row(
                    (
                        metric.label,
                        f"{wording.figure(value)}{unit} planned; {', '.join(dict.fromkeys(bounds))}",
                    )
                )
            )
    for each in decision.follow_ups if decision else ():
        asks = scenario.criteria[each.criterion][1].asks
        ruling = last_ruling(events)
        finding = (
            next((f for f in ruling.findings if f.criterion == each.criterion), None) if ruling else None
        )
        opens = ""
        if finding is not None and finding.status != "met" and package is not None:
            reason = wording.reason(scenario, finding, package)
            opens = f" {reason.why if reason.why != asks else ''} {reason.opens_with}."
        rows.append(
            Row(("Follow-up", f"{asks}{opens} Owner: {scenario.card(each.owner).title}. Due: not set."))
        )
    yield Grid(("", ""), tuple(rows)) if rows else Lines(("Nothing to measure is named in the scenario.",))


def _dissent(scenario: Scenario, events: tuple[Event, ...], decision: Decided | None) -> Iterator[Block]:
    if decision is None:
        return
    yield Heading("Dissent")
    rows = []
    for event in events:
        dissents = event.role in decision.dissent or (
            isinstance(event, Answered) and event.move.vote != "yes"
        )
        if isinstance(event, Answered) and event.round == decision.round and dissents:
            doubt = scenario.criteria[event.move.concern][1].asks if event.move.concern else ""
            wants = (
                "; ".join(scenario.label(ask.issue, ask.options[0]) for ask in event.move.asks)
                if not doubt
                else ""
            )
            rows.append(
                Row(
                    (
                        scenario.card(event.role).title,
                        wording.VOTES[event.move.vote],
                        event.move.says,
                        doubt or wants,
                    )
                )
            )
    yield (
        Grid(("", "vote", "in its own words", "doubts, or asks for"), tuple(rows))
        if rows
        else Lines(("Nobody dissented.",))
    )
