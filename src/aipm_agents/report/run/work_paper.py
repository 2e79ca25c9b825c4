"""A run as a paper for work: one page that says what would be decided, on what, and what would change it.

For whoever has to decide: nothing of the conversation, nobody's score sheet, and at its head that it was simulated. Lists
and sentences only, so that it reads the same wherever it is pasted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.analysis.run.conduct import when_tabled
from aipm_agents.analysis.run.flipped import flipped_by
from aipm_agents.language import tr
from aipm_agents.report.live.closing import dissent, stopper
from aipm_agents.report.papers.blocks import Heading, Items, Lines
from aipm_agents.report.papers.plain_text import shortened
from aipm_agents.report.papers.typography import quoted, together
from aipm_agents.report.words import altered_value, changed_figure, numbers, phrase, setup, vocabulary
from aipm_agents.report.words.ended import ended
from aipm_agents.roles import PM
from aipm_agents.scenario.changes import owner
from aipm_agents.table.events import Injected, ending
from aipm_agents.table.faults import faulted
from aipm_agents.table.rules import made, metric_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.space.flip import Flips, OneChange
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.evidence import Evidence
    from aipm_agents.scenario.model import Package, Scenario
    from aipm_agents.table.events import Answered
    from aipm_agents.table.record import Record
    from aipm_agents.transcript.record import Transcript

_MOST = 5
"""So many in a list that only informs; of what is left to do nothing is left out."""


def work_paper(run: Transcript) -> list[Block]:
    scenario, record = run.record.scenario, run.record
    package = record.deal or (record.packages[-1] if record.packages else None)
    return [
        Heading(scenario.title, level=1),
        *_stamp(run),
        Lines((scenario.question,), "strong"),
        *_decision(scenario, record, package),
        *_listed(tr("Conditions"), list(_conditions(scenario, record, package))),
        *_listed(tr("What it rests on"), list(_grounds(scenario, record))),
        *_listed(tr("Risks"), list(_risks(scenario, record, package))),
        *_dissent(scenario, record),
        *_flips(scenario, record),
        *_listed(tr("Next steps"), list(_next(scenario, record))),
    ]


def _stamp(run: Transcript) -> Iterator[Block]:
    kinds: dict[str, list[str]] = {}
    for role, seat in run.seats.items():
        kinds.setdefault(setup.kind(seat), []).append(run.scenario.card(role).short)
    played = tr("; ").join(
        tr("{kind}: {roles}", kind=kind, roles=tr(", ").join(roles)) for kind, roles in kinds.items()
    )
    day = str(run.header.volatile.get("started", ""))[:10]
    yield Lines(
        (tr("SIMULATED. Nobody has decided this. Seats played by {played}.", played=played),), "warning"
    )
    source = setup.source(run)
    yield Lines((tr("{source}, {day}", source=source, day=day) if day else source,), "quiet")
    if caution := setup.caution(run):
        yield Lines((caution,), "warning")


def _listed(title: str, texts: list[str]) -> Iterator[Block]:
    if texts:
        yield Heading(title)
        yield Items(tuple(texts))


def _decision(scenario: Scenario, record: Record, package: Package | None) -> Iterator[Block]:
    yield Heading(tr("Decision (simulated)"))
    decision = record.decision
    if decision is None:
        yield Lines((tr("{told}.", told=phrase.begun(ended(scenario, record.events))),), "strong")
        return
    yield Lines((vocabulary.OUTCOMES[ending(decision)],), "strong")
    if decision.package is None:
        yield Lines((tr("What stopped it: {why}.", why=stopper(scenario, record.events, decision)),))
        if package:
            yield Lines((tr("The last package: {package}.", package=phrase.options(scenario, package)),))
        return
    rows = ((scenario.issue[i].question, scenario.label(i, o)) for i, o in decision.package.items())
    yield Items(tuple(together(row) for row in rows))


def _conditions(scenario: Scenario, record: Record, package: Package | None) -> Iterator[str]:
    """What the package owes its passing to: choices that answer a fact, and bounds it has to keep."""
    if package is None or record.deal is None:
        return
    objections: dict[tuple[str, ...], list[str]] = {}
    for fact in _tabled(scenario, record):
        if fact.undermines and (answers := _answers(scenario, fact, package)):
            objections.setdefault(tuple(answers), []).append(_says(fact))
    for keeping, facts in objections.items():
        what = phrase.listed(keeping)
        yield tr("Keep {choices}. It is the answer to: {facts}", choices=what, facts=together(facts))
    for _, criterion in scenario.criteria.values():
        for rule in criterion.rule if criterion.blocking else ():
            if rule.choose is not None:
                kept = phrase.listed(
                    quoted(scenario.label(i, package[i])) for i in made(package, rule.choose)
                )
                yield tr("Keep {choices}: {asks}", choices=kept, asks=criterion.asks)
                continue
            assert rule.metric is not None
            metric = scenario.metric[rule.metric]
            value = numbers.measured(metric_value(scenario, rule.metric, package), metric.unit)
            bound = (
                tr("at most {figure}", figure=numbers.measured(rule.at_most, metric.unit)) if rule.at_most is not None
                else tr("at least {figure}", figure=numbers.measured(rule.at_least, metric.unit))
            )  # fmt: skip
            label = metric.label[:1].upper() + metric.label[1:]
            yield tr("{metric}: {bound}. This plan comes to {value}.", metric=label, value=value, bound=bound)


def _grounds(scenario: Scenario, record: Record) -> Iterator[str]:
    """The facts that showed what had to be shown, each with its source."""
    ruling = record.last_ruling
    shows = (
        dict.fromkeys(name for f in ruling.findings if f.status == "met" for name in f.evidence)
        if ruling
        else {}
    )
    tabled = when_tabled(record)
    for name in list(shows)[:_MOST]:
        fact, came = scenario.facts[name], tabled[name]
        source = fact.source or (
            tr("told by {who}", who=phrase.names(scenario, (came.by,))) if came.by
            else tr("found out for round {n}", n=came.round) if fact.takes
            else tr("news of round {n}", n=came.round) if came.round else tr("known to all")
        )  # fmt: skip
        yield tr("{what} ({source})", what=fact.says, source=source)
    yield from _news(scenario, record)


def _news(scenario: Scenario, record: Record) -> Iterator[str]:
    """News that changed figures: those that everybody knows, not what a seat has to itself."""
    for event in record.events:
        if isinstance(event, Injected) and not event.to:
            public = tuple(each for each in event.changes if owner(each.key) is None)
            if public:
                source = tr("news from {who}, round {n}", who=event.sender, n=event.round)
                told = changed_figure.news(scenario, event.model_copy(update={"changes": public}))
                yield tr("{what} ({source})", what=told, source=source)


def _risks(scenario: Scenario, record: Record, package: Package | None) -> Iterator[str]:
    """What speaks against it: who looks after the question, and what to watch."""
    found = 0
    for fact in _tabled(scenario, record):
        for name in fact.undermines[:1]:
            criterion = scenario.criteria[name][1]
            answers = _answers(scenario, fact, package) if package else []
            how = (
                tr("answered by {choices}", choices=phrase.listed(answers)) if answers else tr("not answered")
            )
            found += 1
            if found <= _MOST:
                yield tr(
                    "{fact} ({how}). Owner: {who}, who keeps asking: {asks}",
                    fact=_says(fact).rstrip(".。"), how=how, who=scenario.card(criterion.owner).title, asks=criterion.asks,
                )  # fmt: skip
    if scenario.success and scenario.success.guardrail:
        yield tr("Guardrail: {text}", text=scenario.success.guardrail)


def _dissent(scenario: Scenario, record: Record) -> Iterator[Block]:
    decision, ruling = record.decision, record.last_ruling
    if decision is None or ruling is None:
        return
    yield Heading(tr("Dissent"))
    told = dissent(scenario, decision.dissent, ruling, faulted(record.events, decision.round))
    texts = [tr("{told}.", told=told[:1].upper() + told[1:])]
    for event in _last_words(record):
        who = scenario.card(event.role).title
        if event.move.concern:
            asks = scenario.criteria[event.move.concern][1].asks
            texts.append(tr("{who} doubts: {asks}", who=who, asks=asks))
        if event.role not in ruling.team.yes and (what := _wanted(scenario, event, decision.package)):
            texts.append(tr("{who} asked for {what}.", who=who, what=what))
    yield Lines(tuple(texts))


def _flips(scenario: Scenario, record: Record) -> Iterator[Block]:
    """Bounds, facts and choices only: what the seats hold to themselves stays there."""
    found = flipped_by(record).flips
    if found.package is None:
        return
    yield Heading(tr("What would change it"), tr("worked out, not guessed"))
    texts: dict[str, str] = {}
    for change in found.flipping:  # the smallest change of each comes first
        if change.lever.kind in ("bound", "fact"):
            texts.setdefault(change.lever.key, _flip(scenario, found, change))
    yield (
        Items(tuple(list(texts.values())[:_MOST]))
        if texts
        else Lines((tr("No single bound and no single fact."),))
    )


def _flip(scenario: Scenario, found: Flips, change: OneChange) -> str:
    """What would have to be otherwise, and what would come of it."""
    then = (
        tr("the plan would not pass") if found.stands and change.stands is False
        else tr("the plan would pass") if change.stands and not found.stands
        else tr("nothing could pass") if not change.deals
        else tr("something could pass")
    )  # fmt: skip
    if change.lever.kind == "fact":
        fact = shortened(scenario.facts[change.lever.name].says, 140)
        if change.to == "on":
            return tr("{fact} If that comes to be known, {then}.", then=then, fact=fact)
        return tr("{fact} If that does not hold, or nobody can show it, {then}.", then=then, fact=fact)
    metric = scenario.metric[change.lever.part]
    asks = scenario.criteria[change.lever.name][1].asks
    was, to = altered_value.bounds(scenario, change)
    return tr(
        "If {metric} had to be {to} (now {was}), {then}: {asks}",
        metric=metric.label,
        was=was,
        to=to,
        then=then,
        asks=asks,
    )


def _next(scenario: Scenario, record: Record) -> Iterator[str]:
    """Whose move it is now: what stays open, what somebody still wants, and what was only simulated and is to be shown."""
    decision, ruling = record.decision, record.last_ruling
    for each in decision.follow_ups if decision else ():
        yield tr(
            "{who}: settle \"{asks}\"", who=scenario.card(each.owner).title, asks=scenario.criteria[each.criterion][1].asks
        )  # fmt: skip
    if ruling and (decision is None or decision.package is None):
        for finding in ruling.findings:
            criterion = scenario.criteria[finding.criterion][1]
            if finding.status != "met" and criterion.blocking:
                yield tr(
                    '{who}: settle "{asks}"', who=scenario.card(criterion.owner).title, asks=criterion.asks
                )
    for event in _last_words(record):
        if ruling and event.role not in ruling.team.yes and (what := _wanted(scenario, event, record.deal)):
            pm, who = scenario.card("pm").title, scenario.card(event.role).title
            yield tr("{pm}: talk with {who} about {what}", pm=pm, who=who, what=what)
    if scenario.success:
        goal = scenario.success
        by = tr(", by {by}", by=goal.by) if goal.by else ""
        yield tr("Measure: {metric}, to {to}{by}", metric=goal.metric, to=goal.to, by=by)
    for fact in _tabled(scenario, record):
        holder = next(
            (role for role in fact.held_by if role in scenario.parties), PM
        )  # what all know, the PM looks after
        if (fact.supports or fact.undermines) and _weighed(scenario, fact, record):
            yield tr(
                "{who}: confirm for real that {fact}", who=scenario.card(holder).title, fact=_inside(fact)
            )
    for fact in scenario.evidence:
        if fact.study is not None and fact.id not in record.tabled:
            yield tr("{pm}: have found out: {asks}", pm=scenario.card("pm").title, asks=fact.study.asks)


def _last_words(record: Record) -> list[Answered]:
    """What each seat said last, in the last round."""
    number = record.round if record.decision is None else record.decision.round
    return [event for event in record.positions if event.round == number]


def _wanted(scenario: Scenario, event: Answered, package: Package | None) -> str:
    """What a seat still misses; empty where the package has all it asked for."""
    return phrase.listed(quoted(phrase.asked(scenario, a)) for a in phrase.unmet(event.move.asks, package))


def _weighed(scenario: Scenario, fact: Evidence, record: Record) -> bool:
    """Whether the last ruling rests on a fact, or had to answer it."""
    ruling = record.last_ruling
    named = {name for finding in ruling.findings for name in finding.evidence} if ruling else set()
    return fact.id in named or any(scenario.criteria[name][1].blocking for name in fact.undermines)


def _inside(fact: Evidence) -> str:
    return quoted(fact.says.rstrip(".。"))


def _tabled(scenario: Scenario, record: Record) -> Iterator[Evidence]:
    return (fact for name, fact in scenario.facts.items() if name in record.tabled)


def _answers(scenario: Scenario, fact: Evidence, package: Package) -> list[str]:
    """The choices of the package that answer what a fact says against it, in quotation marks."""
    for choices in fact.unless or ():
        if all(package[issue] in allowed for issue, allowed in choices.items()):
            return [quoted(scenario.label(issue, package[issue])) for issue in choices]
    return []


def _says(fact: Evidence) -> str:
    return fact.plainly or fact.says
