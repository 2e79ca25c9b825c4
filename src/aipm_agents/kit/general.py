"""The general instructions: what everybody reads, and nothing that anybody keeps to themselves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aipm_agents.kit import rules
from aipm_agents.kit.document import Document, PrintSheet
from aipm_agents.kit.fact import joined, printed_for_all
from aipm_agents.language import gapped, tr
from aipm_agents.report.papers.blocks import Grid, Heading, Items, Lines, Row
from aipm_agents.report.words import fact_effects, vocabulary
from aipm_agents.scenario.criteria import CHECKPOINTS
from aipm_agents.table.audience import PUBLIC, seen_by

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.roles import Role
    from aipm_agents.scenario.measures import Metric
    from aipm_agents.scenario.model import Scenario


def general(scenario: Scenario, programs: Collection[Role]) -> Document:
    """`scenario`: whole. What is printed comes from what the public may see of it, and which rules there are."""
    known = seen_by(scenario, (), PUBLIC)
    return Document(
        "general", tr("General instructions"), tr("The case, the table and the rules. One copy each, before the cards."),
        PUBLIC,
        (PrintSheet((*_case(known), *_table(known), *_facts(scenario, known), *_choices(known), *_gates(known), *_meeting(scenario, programs))),),
    )  # fmt: skip


def public_sheet(known: Scenario) -> tuple[Block, ...]:
    """What everybody knows of a case where a program keeps the rounds: without the rules that people keep on paper.
    `known`: what the public may see of the case, as it stands."""
    _, *case = _case(known)
    return (*case, *_table(known), *_choices(known), *_gates(known), *_deal(known))


def _case(known: Scenario) -> Iterator[Block]:
    yield Heading(known.title, tr("General instructions, for everybody"), level=1)
    yield Lines((known.question,), "strong")
    if known.background:
        yield Lines((known.background,))
    rows = []
    if known.purpose:
        rows.append(Row((tr("Whom it serves"), known.purpose)))
    rows += [
        Row((tr("Not in the room"), tr("{who}: {what}", who=each.who, what=each.stake)))
        for each in known.affected
    ]
    if (goal := known.success) is not None:
        bound = gapped(tr("from {start} to {end}", start=goal.from_, end=goal.to)) if goal.from_ else goal.to
        until = tr(", by {date}", date=goal.by) if goal.by else ""
        rows.append(Row((tr("Success"), tr("{who}: {what}", who=goal.metric, what=bound + until))))
        if goal.guardrail:
            rows.append(Row((tr("Guardrail"), goal.guardrail)))
    if rows:
        yield Grid(("", ""), tuple(rows))


def _table(known: Scenario) -> Iterator[Block]:
    yield Heading(tr("Who sits at the table"), level=2)
    rows = [
        Row((known.who(role), known.card(role).duty, party.wants)) for role, party in known.parties.items()
    ]  # fmt: skip
    yield Grid(("", tr("looks after"), tr("wants, and says so")), tuple(rows), widths=(3, 4, 5))


def _facts(scenario: Scenario, known: Scenario) -> Iterator[Block]:
    facts = [fact for fact in known.evidence if fact.known_at_start]
    if facts:
        yield Heading(tr("On the table from the start"), level=2)
        yield from (printed_for_all(scenario, scenario.facts[fact.id]) for fact in facts)
    if studies := [fact.study.asks for fact in known.evidence if fact.study is not None]:
        yield Heading(tr("What nobody knows yet"), level=2)
        yield Lines(
            (
                tr(
                    "The PM can have it found out, by saying so when proposing a package. How many rounds later it comes, your teacher says."
                ),
            )
        )
        yield Items(tuple(studies))


def _choices(known: Scenario) -> Iterator[Block]:
    yield Heading(tr("What has to be decided"), level=2)
    yield Lines((tr("A package takes one option of every question. The figures are what an option adds; add them up to see whether a rule holds."),) if known.metrics else (
        tr("A package takes one option of every question."),))  # fmt: skip
    yield _matrix(known)
    if made := [_made_of(known, each) for each in known.metrics if each.of]:
        yield Lines(tuple(made), "quiet")
    if bases := [
        tr("{label} {figure}", label=each.label, figure=rules.measured(each.base, each))
        for each in known.metrics
        if each.base
    ]:
        yield Lines(
            (
                tr(
                    "Before anything is added: {what}. What is not named begins at 0.",
                    what=tr("; ").join(bases),
                ),
            ),
            "quiet",
        )
    if told := tuple(_statistics(known)):
        yield Lines((joined(*told),), "quiet")


def _statistics(known: Scenario) -> Iterator[str]:
    """What figures of a distribution say, where the sheet has some."""
    goal = known.success
    texts = [each.label for each in known.metrics] + [
        fact.says for fact in known.evidence if fact.known_at_start
    ]
    told = " ".join(
        [*texts, *filter(None, (goal.metric, goal.from_, goal.to, goal.guardrail) if goal else ())]
    )
    for n in sorted({*re.findall(r"(?<![A-Za-z0-9])[pP](\d\d)(?!\d)", told)}):
        yield tr("p{n}: of a hundred, {n} are at it or below, {rest} above.", n=n, rest=100 - int(n))
    if re.search(r"\bmedian\b|中位數", told):
        yield tr("The median: half are at it or below, half above.")


def _made_of(known: Scenario, metric: Metric) -> str:
    labels = [each.label for name in metric.of for each in known.metrics if each.id == name]
    sign = " × " if metric.how == "product" else " + "
    return tr("{label} = {what}", label=metric.label, what=sign.join(labels))


def _matrix(known: Scenario) -> Grid:
    """Every option with what it adds, question by question; a column for each metric that some option moves; without
    one, a line for each question."""
    options = [option for issue in known.issues for option in issue.options]
    moved = [each for each in known.metrics if any(each.id in option.effects for option in options)]
    head = [tr("{label} ({unit})", label=m.label, unit=m.unit) if m.unit else m.label for m in moved]
    if not moved:
        asked = (
            (i.question, tr(" · ").join(fact_effects.offered(known, o) for o in i.options))
            for i in known.issues
        )
        return Grid((tr("Question"), tr("Options")), tuple(Row(cells) for cells in asked), first=5)
    rows = []
    for issue in known.issues:
        rows.append(Row((issue.question,)))
        rows += [
            Row((fact_effects.offered(known, option), *(fact_effects.added(known, option, m.id) if m.id in option.effects else "" for m in moved)))
            for option in issue.options
        ]  # fmt: skip
    return Grid((tr("Option"), *head), tuple(rows), figures=True)


def _gates(known: Scenario) -> Iterator[Block]:
    yield Heading(tr("The four checkpoints"), level=2)
    yield Lines(
        (
            tr(
                "What a package must pass. Whoever answers for a criterion is asked by name while it is not shown. "
                "A fact fails a criterion until the package answers it: the note beside it, on the card or sheet, says how."
            ),
        )
    )
    for name in CHECKPOINTS:
        criteria = getattr(known.checkpoints, name)
        title = vocabulary.CHECKPOINT_TITLES[name]
        if name == "alignment":
            title = tr("{checkpoint}, the people's half", checkpoint=title)
        rows = [
            Row((each.asks, rules.decides(known, each), known.card(each.owner).short)) for each in criteria
        ]  # fmt: skip
        if rows:
            yield Grid((title, tr("met when"), tr("answers for it")), tuple(rows), widths=(5, 5, 2))
    yield Grid(("", ""), tuple(Row((tr(word), tr(text))) for word, text in rules.STATUSES))


def _deal(known: Scenario) -> Iterator[Block]:
    yield Heading(tr("A deal"), level=2)
    yield Lines((rules.deal(known),))
    if known.otherwise:
        yield Lines((tr("Without a deal: {what}", what=known.otherwise),))


def _meeting(scenario: Scenario, programs: Collection[Role]) -> Iterator[Block]:
    yield from _deal(scenario)
    yield Heading(tr("A round"), level=2)
    yield Items(tuple(tr(step) for step in rules.ROUND))
    if more := tuple(rules.beyond(scenario)):
        yield Heading(tr("What else there may be"), level=2)
        yield Lines(more)
    yield Heading(tr("Your card"), level=2)
    yield Lines((
        tr(
            "You get a card that nobody else has. You may say of it whatever you choose, or keep it; you may not show it, "
            "photograph it or read it out whole. People with the same role may prepare together. Nobody is set up: all "
            "that can decide here stands on this sheet, on somebody's card, or arrives during the meeting."
        ),
        rules.players(scenario, programs),
        tr("A signature on the agreement form is a yes. A dissent is written down with its reason, and is no defeat."),
    ))  # fmt: skip
