"""What can come of a scenario: what an author or a teacher looks at before anyone speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import tr, tr_n
from aipm_agents.report.author.repairs import repairs
from aipm_agents.report.papers.blocks import Grid, Heading, Lines, Quote, Quotes, Row
from aipm_agents.report.words import numbers, phrase, vocabulary
from aipm_agents.scenario.criteria import CHECKPOINTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aipm_agents.analysis.space.flip import Flips
    from aipm_agents.analysis.space.landscape import Landscape, Solution
    from aipm_agents.analysis.space.prospects import Prospects
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.model import Scenario


def report(
    scenario: Scenario, found: Prospects, land: Landscape, advice: Sequence[str], mending: Flips | None = None
) -> list[Block]:  # fmt: skip
    """`mending`: of an impossible case, what would make a deal possible."""
    return [
        Heading(scenario.title, level=1),
        _counts(found),
        Lines(
            (
                tr(
                    "How many packages no question of a checkpoint stops: with the facts that lie on the table at the start, and once every fact is told and everything wrong with it. To reach the agreement, each seat says yes to what is worth its walk-away or more and crosses no red line of its own."
                ),
            ),
            "quiet",
        ),
        *_after_news(found),
        *_solutions(scenario, land),
        *_ordered(scenario),
        *_parties(scenario, found),
        *_binding(scenario, found),
        *_evidence(scenario, found),
        *_dead(scenario, found),
        *(Lines((tr("warning: {text}", text=text),), "warning") for text in advice),
        *(repairs(scenario, mending) if mending else ()),
    ]


def _counts(found: Prospects) -> Block:
    rows: list[tuple[str, int | None, int]] = [
        (vocabulary.CHECKPOINT_TITLES[gate] + (tr(" (people)") if gate == "alignment" else ""), *found.passing[gate])
        for gate in CHECKPOINTS
    ]  # fmt: skip
    rows += [
        (tr("the criteria of all four"), *found.together),
        (tr("and reaching the agreement it needs"), None, found.acceptable),
        (tr("and with everybody willing"), None, found.acceptable_to_all),
        (tr("the agreement alone, criteria set aside"), None, found.quorum),
        (tr("everybody willing, criteria set aside"), None, found.unanimous),
    ]
    told = tuple(
        Row((what, "" if start is None else f"{start:,}", f"{all_out:,}")) for what, start, all_out in rows
    )
    title = tr("{packages:,} packages", packages=found.packages)
    return Grid((tr("passing"), tr("at the start"), tr("everything disclosed")), told, title, figures=True)


def _after_news(found: Prospects) -> Iterator[Block]:
    """Where news changes figures, what is told is of before it; and what is left from then on."""
    if not found.after_news:
        return
    told = [
        tr(
            'From round {n} on, once it is known that "{headline}": {acceptable:,} of {packages:,} packages can be a deal; {lost:,} that could be one before cannot any more.',
            n=each.before_round, headline=each.headline, acceptable=each.acceptable, packages=each.packages, lost=each.lost,
        )
        for each in found.after_news
    ]  # fmt: skip
    yield Heading(tr("News changes the figures"), tr("all else here is of the figures at the beginning"))
    yield Lines(tuple(told))


def _counted(optimal: int | None) -> str:
    return tr("more than 30,000 Pareto-optimal") if optimal is None else tr("{n:,} Pareto-optimal", n=optimal)


def _solutions(scenario: Scenario, land: Landscape) -> Iterator[Block]:
    """Solutions that are one and the same package share a line."""
    for name, title in (("gates", tr("Within the gates")), ("whole", tr("Without gates, every package"))):
        yield Heading(title, _counted(land.optimal[name]))  # type: ignore[index]
        found: dict[str, tuple[list[str], Solution]] = {}
        missing = []
        for concept, solution in land.solutions[name].items():  # type: ignore[index]
            if solution is None:
                missing.append(vocabulary.CONCEPTS[concept])
                continue
            label = phrase.options(scenario, solution.package)
            found.setdefault(label, ([], solution))[0].append(vocabulary.CONCEPTS[concept])
        for label, (concepts, solution) in found.items():
            told = " · ".join(
                f"{scenario.card(role).short} {numbers.signed(value)}"
                for role, value in solution.surplus.items()
            )
            mark = "" if solution.dominated_by is None else "   " + tr("(not Pareto-optimal here)")
            yield Lines((tr(", ").join(concepts),), "strong")
            yield Lines((label,))
            yield Lines((tr("over the walk-away: {told}{mark}", told=told, mark=mark),), "quiet")
        if missing:
            why = (
                tr("no package there")
                if not found
                else tr("no package there leaves everybody above the walk-away")
            )
            yield Lines((tr("{names}: none; {why}", names=tr(", ").join(missing), why=why),), "quiet")
    text = tr(
        "Four ways to choose a package from full information, by what each seat gains over its walk-away: Nash, the largest product of the gains; egalitarian, the most for whoever gains least; Kalai-Smorodinsky, equal shares of what each could gain at best; maximum welfare, the largest sum of points. Pareto-optimal: no other gives nobody less and somebody more."
    )
    yield Lines((text,), "quiet")


def _ordered(scenario: Scenario) -> Iterator[Block]:
    """The points that came of an order, as they are reckoned with."""
    seats = {role: party for role, party in scenario.parties.items() if party.ordered}
    if not seats:
        return
    yield Heading(tr("Points from an order"), tr("the weights made a hundred, each option by its place"))
    rows = tuple(
        Row((
            scenario.label(issue.id, option.id),
            *(numbers.figure(party.points[issue.id][option.id]) for party in seats.values()),
        ))
        for issue in scenario.issues for option in issue.options
    )  # fmt: skip
    yield Grid(("", *(scenario.card(role).short for role in seats)), rows, figures=True, first=4)


def _parties(scenario: Scenario, found: Prospects) -> Iterator[Block]:
    yield Heading(tr("The parties"))
    rows = tuple(
        Row((
            scenario.card(role).short, numbers.figure(stake.walk_away),
            numbers.figure(stake.best) if found.acceptable else "-",
            f"{stake.takes:,}", f"{stake.refuses:,}", f"{stake.alone:,}",
        ))
        for role, stake in found.parties.items()
    )  # fmt: skip
    head = ("", tr("walk-away"), tr("best in gates"), tr("takes"), tr("refuses passing"), tr("alone stops"))
    yield Grid(head, rows, figures=True)
    text = tr(
        "best in gates: the most points in any package that would be a deal; takes: packages worth the walk-away or more that cross no red line of its own; refuses passing: of those that pass every question, the ones it would not take; alone stops: of these, the ones that only its no keeps from a deal."
    )
    yield Lines((text,), "quiet")


def _binding(scenario: Scenario, found: Prospects) -> Iterator[Block]:
    binding = sorted(
        (
            (stop.alone, scenario.criteria[name][1].asks)
            for name, stop in found.criteria.items()
            if stop.alone
        ),
        key=lambda pair: -pair[0],
    )
    binding += [
        (line.stop.alone, tr("red line of {who}: {because}", who=scenario.card(line.role).short, because=line.because))
        for line in found.red_lines if line.stop.alone
    ]  # fmt: skip
    if binding:
        yield Heading(tr("What binds"), tr("packages that nothing else stops"))
        yield Quotes(tuple(Quote(f"{count:,}", text) for count, text in binding))


def _evidence(scenario: Scenario, found: Prospects) -> Iterator[Block]:
    passing = found.together.disclosed
    telling = [name for name, count in found.without.items() if count != passing]
    rows = []
    for name in sorted(telling, key=lambda name: found.without[name]):
        fact, count = scenario.facts[name], found.without[name]
        arrives = next(
            (i.before_round for i in scenario.injects if any(f.id == name for f in i.evidence)), None
        )
        held = (
            tr("held by {who}", who=phrase.names(scenario, fact.held_by))
            if fact.held_by
            else tr("has to be found out")
            if fact.takes
            else tr("known to all")
        )
        held = tr("arrives before round {n}", n=arrives) if arrives else held
        if count == 0 and found.undoubted.get(name):
            what = tr("without it no package passes once somebody doubts what stands in its place")
        elif count == 0:
            what = tr("without it no package passes")
        elif count < passing:
            what = tr("without it {count:,} pass instead of {passing:,}", count=count, passing=passing)
        else:
            what = tr_n(
                "it stops {n:,} package that would pass if it stayed unsaid",
                "it stops {n:,} packages that would pass if it stayed unsaid", count - passing,
            )  # fmt: skip
        rows.append(Row((fact.says + tr(" ({source})", source=held), what)))
    if rows:
        yield Heading(tr("Which facts decide"))
        yield Grid(("", ""), tuple(rows), first=8)


def _dead(scenario: Scenario, found: Prospects) -> Iterator[Block]:
    """What tempts and cannot be had."""
    if found.dead:
        yield Heading(tr("With everything disclosed, no deal can hold"))
    for issue in scenario.issues:
        labels = [scenario.label(*pair) for pair in found.dead if pair[0] == issue.id]
        if labels:
            yield Lines((f"{issue.question} {' · '.join(labels)}",))
