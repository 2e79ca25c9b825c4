"""A class on one page: how each group ended, against each other and the frontier, and where they went apart."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from aipm_agents.analysis.debrief.groups import ENOUGH, shut_last
from aipm_agents.language import tr, tr_n
from aipm_agents.report.debrief.asking import questions as asked_of
from aipm_agents.report.debrief.at_a_glance import at_a_glance
from aipm_agents.report.debrief.concepts import cards_of_class
from aipm_agents.report.debrief.discussion import STAGES, DiscussionQuestion
from aipm_agents.report.debrief.harm import harm
from aipm_agents.report.debrief.parted import deed, first, parted, place
from aipm_agents.report.debrief.turning_points import GATES
from aipm_agents.report.debrief.unsaid import what, who
from aipm_agents.report.debrief.whole import outcome, story
from aipm_agents.report.papers.blocks import Grid, Heading, Items, Lines, Quote, Quotes, Row
from aipm_agents.report.papers.typography import together
from aipm_agents.report.run.frontier import End, among_all
from aipm_agents.report.words import failed_turns, numbers, phrase
from aipm_agents.report.words.ended import how
from aipm_agents.table.events import on_paper

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aipm_agents.analysis.debrief.groups import Groups
    from aipm_agents.analysis.debrief.whole import Debrief
    from aipm_agents.report.debrief.discussion import Stage
    from aipm_agents.report.papers.blocks import Block


def screen(
    found: Groups, *, full: bool, caution: str = "", terms: Mapping[str, tuple[str, str]] | None = None
) -> list[Block]:
    """`caution`: what is to be said of the runs first. `terms`: by tag the ideas it may be about, each with its name
    and what it is."""
    blocks = [
        *_title(found, caution),
        *at_a_glance(found),
        *_results(found),
        *_distribution(found),
        *parted(found),
        *_never(found),
        *(cards_of_class(found, terms or {}) if full else ()),
        *_gains(found),
    ]
    chart = among_all(found.scenario, list(ends(found.groups))) if full else None
    blocks += [chart] if chart else []
    blocks += _ask(found)
    if full:
        for each in found.groups:
            blocks.append(Heading(each.sheet.label, outcome(each), level=2))
            blocks += [
                b._replace(level=b.level + 1) if isinstance(b, Heading) else b
                for b in story(each, full=False)
            ]
    else:
        text = tr(
            "--full tells the ideas behind it and each group's story; -o FILE.html makes a page with the frontier."
        )
        blocks.append(Lines((text,), "quiet"))
    return blocks


def _title(found: Groups, caution: str) -> Iterator[Block]:
    n = len(found.groups)
    yield Heading(
        found.scenario.title,
        tr_n("debrief; a class of {n} group", "debrief; a class of {n} groups", n),
        level=1,
    )
    yield Lines((found.scenario.question,))
    if caution:
        yield Lines((caution,), "warning")


def _results(found: Groups) -> Iterator[Block]:
    yield Heading(tr("What each group decided"))
    yield Quotes(tuple(
        Quote(each.sheet.label, outcome(each), together(_told(found, each))) for each in found.groups
    ))  # fmt: skip


def _told(found: Groups, each: Debrief) -> Iterator[str]:
    sheet, first = each.sheet, found.groups[0].sheet
    if sheet is not first and sheet.package == first.package and sheet.deal == first.deal:
        yield tr("The same package as {first}.", first=first.label)
    elif sheet.package is not None:
        package = phrase.options(each.scenario, sheet.package)
        yield (
            tr("{package}.", package=package)
            if sheet.deal
            else tr("Last on the table: {package}.", package=package)
        )
    if failed := failed_turns.told(each.scenario, sheet.failed_turns):
        yield failed
    if not sheet.deal and (kept := shut_last(each)):
        yield tr("Shut at the end: {gates}.", gates=phrase.listed(GATES[gate] for gate in kept))
    elif not sheet.deal and each.record.rulings and each.record.rulings[-1].too_new:
        yield tr(
            "At the end no checkpoint was shut; but what can fail a criterion came out in that very round."
        )
    if each.said_only:
        yield tr("A no-go on what was said, not on what was known.")
    if each.fails_on_known and sheet.deal:
        yield tr("Signed on what was said, not on what was known.")
    yield harm(each)


def _distribution(found: Groups) -> Iterator[Block]:
    if found.decisions is None:
        yield Lines((tr("Fewer than {n} groups: no distribution is shown.", n=ENOUGH),), "quiet")
        return
    ends = Counter(how(each.record.events) for each in found.groups)
    rows = [Row((ending, f"{count}", "█" * count)) for ending, count in ends.most_common()]
    yield Grid((tr("how it ended"), tr("groups"), ""), tuple(rows), figures=False, first=5)


def _never(found: Groups) -> Iterator[Block]:
    yield Heading(tr("In no group"))
    if not found.never_said:
        yield Lines((tr("Whatever anybody held came out in one group or another."),))
        return
    yield Quotes(
        tuple(Quote(who(found.scenario, each), what(found.scenario, each)) for each in found.never_said)
    )


def _gains(found: Groups) -> Iterator[Block]:
    """Own results side by side; then the group's, which never becomes a grade."""
    labels = tuple(each.sheet.label for each in found.groups)
    yield Heading(tr("Own results"), tr("gain over the walk-away, in points"))
    rows = [
        Row((found.scenario.card(role).called, *(
            numbers.signed(each.gains.shares[role].got - each.gains.shares[role].walk_away) for each in found.groups
        )))
        for role in found.scenario.parties
    ]  # fmt: skip
    yield Grid(("", *labels), tuple(rows), figures=True)
    yield Heading(tr("Group results and process"))
    worth = [
        tr("no deal") if not each.sheet.deal
        else "-" if (ratio := each.sheet.outcome.nash_ratio) is None
        else numbers.percent(ratio)
        for each in found.groups
    ]  # fmt: skip
    work = [each.sheet.conduct for each in found.groups]
    measures = [
        (tr("worth, beside the best for the whole table (Nash ratio)"), worth),
        (tr("packages better for some, worse for none"), [str(each.gains.others) for each in found.groups]),
        (tr("rounds"), [str(each.sheet.round) for each in found.groups]),
        (
            tr("facts that seats told; by news; public from the start"),
            [f"{each.facts('seat')}, {each.facts('news')}, {each.facts('start')}" for each in work],
        ),
        (tr("questions asked"), [_heard(each, str(each.sheet.conduct.asked)) for each in found.groups]),
        (
            tr("trades offered, later met in full"),
            [
                _heard(each, f"{each.sheet.conduct.trades_offered}, {each.sheet.conduct.trades_taken}")
                for each in found.groups
            ],
        ),
    ]
    yield Grid(("", *labels), tuple(Row((name, *cells)) for name, cells in measures), figures=True)


def _heard(each: Debrief, figure: str) -> str:
    """A count of what was said; on paper nobody counted."""
    return tr("not recorded") if on_paper(each.record.events) else figure


def ends(groups: tuple[Debrief, ...]) -> Iterator[End]:
    for each in groups:
        label, package = each.sheet.label, each.sheet.package
        if package is not None:
            yield End(
                "deal" if each.sheet.deal else "last",
                label if each.sheet.deal else tr("{label}, last proposal, not signed", label=label), package,
            )  # fmt: skip


def questions(found: Groups) -> list[DiscussionQuestion]:
    """Six to eight, each from what these groups did."""
    asked = [
        DiscussionQuestion("reactions", tr("One word from each group, before anyone sees another's result."))
    ]
    endings = {each.sheet.decision for each in found.groups}
    if len(endings) > 1:
        one, other = found.groups[0], next(e for e in found.groups if e.sheet.decision != found.groups[0].sheet.decision)  # fmt: skip
        asked.append(DiscussionQuestion("happened", tr(
            "{one}: {first}. {other}: {second}. The same case. What did one table know that the other did not?",
            one=one.sheet.label, first=outcome(one), other=other.sheet.label, second=outcome(other),
        )))  # fmt: skip
    places: set[tuple[int, str]] = set()
    for fork in found.forks:
        if fork.decisive is None or fork.decisive.what == "fault":
            continue  # a failed turn is nobody's choice, and a class cannot be asked about it
        parting = fork.decisive.parting
        if len(places) < 2 and (parting.round, parting.role) not in places:
            places.add((parting.round, parting.role))
            one_, other_ = (deed(found.scenario, fork.decisive, branch) for branch in parting.branches)
            asked.append(DiscussionQuestion("happened", tr(
                "{place}. {first}: {one}. {label}: {other}. What followed from that?",
                place=place(found.scenario, parting), first=first(found), one=one_, label=fork.label, other=other_,
            )))  # fmt: skip
    asked += islice(_of_groups(found, "why"), 6 - len(asked))
    asked += [*islice(_of_groups(found, "concept"), 1), *islice(_of_groups(found, "apply"), 1)]
    for text in _of_groups(found, "happened"):
        if len(asked) < 6:
            asked.append(text)
    order: list[Stage] = list(STAGES)
    return sorted(asked, key=lambda each: order.index(each.stage))


def _of_groups(found: Groups, stage: Stage) -> Iterator[DiscussionQuestion]:
    """The first question of a stage that each group has, a text once."""
    told: set[str] = set()
    for each in found.groups:
        if stage == "why" and not each.withheld and each.gains.better is None:
            continue  # it has nothing of its own to ask there
        text = next((one.text for one in asked_of(each) if one.stage == stage), None)
        if text is not None and text not in told:
            told.add(text)
            yield DiscussionQuestion(stage, tr("{label}: {text}", label=each.sheet.label, text=text))


def _ask(found: Groups) -> Iterator[Block]:
    yield Heading(tr("Ask the class"))
    yield Items(
        tuple(tr("{stage}. {text}", stage=STAGES[each.stage], text=each.text) for each in questions(found))
    )
