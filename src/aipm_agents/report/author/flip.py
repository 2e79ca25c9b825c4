"""What would change a decision, in words: exact and sampled told apart; the figures are `analysis/space/flip.py`'s."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING, Any

from aipm_agents.language import tr, tr_n
from aipm_agents.report.papers.blocks import Bar, Grid, Heading, Lines, Row, Tornado
from aipm_agents.report.papers.plain_text import shortened
from aipm_agents.report.words import altered_value, fact_text, phrase, vocabulary
from aipm_agents.table.rules import worth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.run.flipped import Flipped
    from aipm_agents.analysis.sample.sway import Sway, Way
    from aipm_agents.analysis.space.flip import Flips, OneChange
    from aipm_agents.analysis.space.levers import Lever
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Ending

_BARS, _PAIRS, _WAYS = 12, 6, 12
"""So many are shown at most; `--json` has all."""
_BESIDE = 56
"""Letters of a value beside its bar, or in a pair."""


def report(
    scenario: Scenario, found: Flips, *, over: Flipped | None = None, decision: Ending | None = None, sway: Sway | None = None,
    full: bool = True, typed: str = "",
) -> list[Block]:  # fmt: skip
    """`over`, `decision`: of a run. `full`: with what flips nothing. `typed`: the scenario as it is named in a shell, with
    what is set otherwise there already; left out: by its id."""
    title = tr("What would have changed the decision") if over else tr("What would change the decision")
    return [
        Heading(tr("{who}: {what}", who=scenario.title, what=title), level=1),
        *_question(scenario, found, over, decision),
        *_exact(scenario, found, run=over is not None, full=full, typed=typed or scenario.id),
        *(_votes(scenario, over) if over else ()),
        *(_sampled(scenario, sway) if sway else ()),
    ]


def data(found: Flips, over: Flipped | None, decision: Ending | None, sway: Sway | None) -> dict[str, Any]:
    """Everything, as a program reads it."""
    exact = {**found._asdict(), "pairs": [{**each._asdict(), "size": each.size} for each in found.pairs]}
    votes = over.votes if over else None
    return {
        "decision": decision, "round": over.round if over else None, "exact": exact,
        "votes": {**votes._asdict(), "spare": votes.spare} if votes else None, "sampled": sway,
    }  # fmt: skip


def _question(
    scenario: Scenario, found: Flips, over: Flipped | None, decision: Ending | None
) -> Iterator[Block]:
    if over and decision:
        yield Lines((tr("The run ended: {outcome}.", outcome=vocabulary.OUTCOMES[decision]),), "strong")
    if found.package is not None:
        label = tr("The package in question: {package}.", package=phrase.options(scenario, found.package))
        why = (
            tr("the one last ruled, in round {n}", n=over.round) if over
            else tr("the Nash package within the gates, or where there is none the fairest")
        )  # fmt: skip
        yield Lines((label,))
        yield Lines((tr("It is {why}.", why=why),), "quiet")
    told = tr_n(
        "{n:,} of {packages:,} packages is a deal", "{n:,} of {packages:,} packages are deals", found.deals, packages=found.packages
    )  # fmt: skip
    basis = tr("on what lay on the table at that ruling") if over else tr("with everything disclosed")
    yield Lines(
        (tr("{told}, {basis}, if each seat says yes from its walk-away up.", told=told, basis=basis),)
    )
    if any(inject.changes for inject in scenario.injects):
        text = (
            tr("News changes figures in this case; these are as they stood at that ruling.") if over
            else tr("News changes figures in this case; these are as they stand before it.")
        )  # fmt: skip
        yield Lines((text,), "quiet")


def _exact(scenario: Scenario, found: Flips, *, run: bool, full: bool, typed: str) -> Iterator[Block]:
    yield Heading(tr("Exact"), tr("worked out over every package; nobody talks"))
    flipping = found.flipping
    if not flipping:
        yield Lines((tr("No single change flips it."),), "strong")
    else:
        yield _table(scenario, found, flipping, tr("These flip it, the smallest change first"), run=run)
    figure = _tornado(scenario, found)
    if figure.bars:
        yield figure
    if found.pairs:
        rows = tuple(
            Row((" + ".join(
                tr("{what}: {how}", what=_short(scenario, each.lever), how=altered_value.how(scenario, each, on_table=run)) for each in pair.changes
            ), altered_value.comes_of(found, pair.changes[0])))
            for pair in found.pairs[:_PAIRS]
        )  # fmt: skip
        yield Grid(("", ""), rows, tr("Two together, where neither does it alone"), first=9)
        if len(found.pairs) > _PAIRS:
            yield Lines(
                (tr("and {n:,} pairs more; `--json` has them", n=len(found.pairs) - _PAIRS),), "quiet"
            )
    others = [each for each in found.changes if not each.flips and each.deals != found.deals]
    if others and not full:
        yield Lines((tr("{n:,} changes more let packages in or shut them out, and flip nothing; --full has them.", n=len(others)),), "quiet")  # fmt: skip
    elif others:
        yield _table(
            scenario, found, others, tr("These let packages in or shut them out, and flip nothing"), run=run
        )
    if found.left_out:
        yield Lines((tr("{n:,} changes and pairs were not looked at: it would take too long with so many packages.", n=found.left_out),), "warning")  # fmt: skip
    if flipping and not run:
        yield Lines((tr("Try one:"),), "quiet")
        yield Lines((f"aipm analyze {typed} --set {quote(flipping[0].sets)}",), "command")


def _table(scenario: Scenario, found: Flips, changes: tuple[OneChange, ...] | list[OneChange], title: str, *, run: bool) -> Grid:  # fmt: skip
    rows = tuple(
        Row((
            altered_value.what(scenario, each.lever), altered_value.how(scenario, each, on_table=run),
            altered_value.comes_of(found, each),
        ))
        for each in changes
    )  # fmt: skip
    return Grid(("", tr("set otherwise"), tr("what comes of it")), rows, title, first=6)


def _tornado(scenario: Scenario, found: Flips) -> Tornado:
    """By how many packages each value swings the room there is for a deal."""
    by_lever: dict[Lever, list[OneChange]] = {}
    for change in found.changes:  # those that flip it stand first, and of them the smallest
        by_lever.setdefault(change.lever, []).append(change)
    bars = []
    for lever, changes in by_lever.items():
        fewer = next(
            (
                each
                for each in changes
                if each.deals < found.deals or each.stands is False is not found.stands
            ),
            None,
        )
        more = next((each for each in changes if each.deals > found.deals), None)
        if not (fewer or more):
            continue
        note = " / ".join(altered_value.near(scenario, each) for each in (fewer, more) if each)
        bars.append(
            Bar(
                _short(scenario, lever), fewer.deals if fewer else found.deals, more.deals if more else found.deals,
                note, marked=any(each.flips for each in changes),
            )
        )  # fmt: skip
    bars.sort(key=lambda bar: (bar.low - bar.high, not bar.marked))
    return Tornado(
        tr("How many packages are deals"),
        tr("As it is {n:,}; to the left and right with one value set otherwise. In bold: it flips the decision.", n=found.deals),
        tuple(bars[:_BARS]), found.deals,
    )  # fmt: skip


def _short(scenario: Scenario, lever: Lever) -> str:
    """The value as the table above has it, as much of it as stands beside a bar."""
    if lever.kind == "red_line":
        return tr("a red line of {name}", name=scenario.card(lever.name).short)
    return shortened(altered_value.what(scenario, lever), _BESIDE)


def _votes(scenario: Scenario, over: Flipped) -> Iterator[Block]:
    yield Heading(tr("The votes"), tr("as they were; talk decided them"))
    votes, package = over.votes, over.flips.package
    if votes is None or package is None:
        yield Lines((tr("Nothing was ruled."),))
        return
    texts = [tr("{n} said yes, {needed} were needed.", n=len(votes.yes), needed=votes.needed)]
    lacking = [role for role in votes.required if role not in votes.yes]
    if votes.spare >= 0 and not lacking:
        texts.append(
            tr_n("One yes fewer would have stopped it.", "{n} yeses fewer would have stopped it.", votes.spare + 1)
            if votes.spare < len(votes.yes) - len(votes.required)
            else tr("Only a no of {who} would have stopped it.", who=phrase.either(scenario.card(r).called for r in votes.required))
        )  # fmt: skip
    if votes.spare < 0:
        texts.append(
            tr_n("One yes more was missing.", "{n} yeses more were missing.", -votes.spare, n=-votes.spare)
        )
    if lacking:
        texts.append(tr("Without {who} there is no deal.", who=phrase.names(scenario, lacking)))
    for role in votes.talked_out:
        texts.append(
            tr(
                "{who} did not say yes to a package worth {points} to it, {over} above its walk-away: talk could have won it.",
                who=scenario.card(role).called, points=worth(scenario.parties[role], package),
                over=worth(scenario.parties[role], package) - scenario.parties[role].walk_away,
            )
        )  # fmt: skip
    for role in votes.talked_in:
        texts.append(
            tr("{who} said yes against its own score sheet: on reflection it would say no.", who=scenario.card(role).called)
        )  # fmt: skip
    yield Lines(tuple(texts))


def _sampled(scenario: Scenario, sway: Sway) -> Iterator[Block]:
    n = len(sway.seeds)
    yield Heading(
        tr("Sampled"), tr("where talk decides: {n} seeds, embedded seats; what programs do, not people", n=n)
    )
    yield Lines((tr("As it is written, {signed} of {n} meetings make a deal.", signed=sway.signed, n=n),))
    for package, times in sway.packages[:2]:
        label = phrase.options(scenario, package) if package else tr("no deal")
        yield Lines((tr("{times} times: {package}", times=times, package=label),), "quiet")
    telling = [way for way in sway.ways if way.otherwise]
    if not any(way.flips for way in sway.ways):
        yield Lines(
            (tr("No fact in other hands makes more than half of the meetings end otherwise."),), "strong"
        )
    if telling:
        rows = tuple(_way(scenario, way, n) for way in telling[:_WAYS])
        yield Grid(("", tr("end otherwise"), tr("deals")), rows, tr("The same seeds, with one fact in other hands"), first=12)  # fmt: skip
    if sway.left_out:
        yield Lines((tr("{n} ways more were not played, to save time; with `--seeds {seeds}` typed out all are.", n=sway.left_out, seeds=n),), "quiet")  # fmt: skip


def _way(scenario: Scenario, way: Way, n: int) -> Row:
    who = (
        tr("held by {who} alone", who=phrase.names(scenario, way.held_by))
        if way.held_by
        else tr("known to all from the start")
    )
    text = tr("{what}: {how}", what=fact_text.fact(scenario, way.fact).rstrip(".。"), how=who)
    return Row(
        (
            text,
            tr("{k} of {n}", k=way.otherwise, n=n),
            tr("{k} of {n}", k=way.signed, n=n),
        ),
        tr("most end otherwise") if way.flips else "",
    )
