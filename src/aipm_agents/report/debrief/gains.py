"""Who got what: each party against its walk-away and the best there was; the group against the frontier; and
what was left on the table for everybody, as a trade."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from aipm_agents.language import tr, tr_n
from aipm_agents.report.papers.blocks import Grid, Heading, Lines, Row
from aipm_agents.report.papers.typography import quoted
from aipm_agents.report.words import fact_text, numbers, phrase
from aipm_agents.table.checkpoints import is_open

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aipm_agents.analysis.debrief.gains import Exchange
    from aipm_agents.analysis.debrief.whole import Debrief
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario


def own(found: Debrief, *, full: bool) -> Iterator[Block]:
    """Each party by itself; what the columns are, in full."""
    yield Heading(tr("Own result"), tr("in points of each card; those of two cards cannot be compared"))
    rows = []
    for role, share in found.gains.shares.items():
        rows.append(Row((
            found.scenario.card(role).called, numbers.figure(share.got), numbers.figure(share.walk_away),
            numbers.signed(share.got - share.walk_away), _or_dash(share.best), _or_dash(share.nash),
        )))  # fmt: skip
    head = ("", tr("got"), tr("walk-away"), tr("gain"), tr("its best"), tr("best for all"))
    yield Grid(head, tuple(rows), figures=True)
    if full and any(share.best is not None for share in found.gains.shares.values()):
        yield Lines((tr("Its best: the most this seat could get in a package that passes when every card is open, if each seat says yes that gets at least its walk-away. Best for all: what it gets in the one among them for which the gains of all, multiplied, are largest (Nash)."),), "quiet")  # fmt: skip
    if not found.sheet.deal:
        yield Lines((tr("No deal: everybody is left with the walk-away."),), "quiet")
        yield from without_a_deal(found.scenario)
        return
    reached = found.sheet.outcome
    if reached.after_waiting != reached.points:
        yield Lines((tr("Signed in round {n}: what each got is what waiting left of it; other packages are told without that.", n=reached.round),), "quiet")  # fmt: skip
    best = {role: share.best for role, share in found.gains.shares.items()}
    if any(most is not None and reached.points[role] > most for role, most in best.items()):
        text = tr("More than the best: with everything known, this deal would not have passed.")
        yield Lines((text,), "quiet")


def without_a_deal(scenario: Scenario) -> Iterator[Block]:
    """What that means, seat by seat; it stood on nobody else's card."""
    told = {role: party.otherwise for role, party in scenario.parties.items() if party.otherwise}
    if told:
        yield Grid(
            ("", tr("What no deal means to each seat")),
            tuple(Row((scenario.card(role).called, text)) for role, text in told.items()),
        )


def _or_dash(points: Decimal | None) -> str:
    return "-" if points is None else numbers.figure(points)


def group(found: Debrief) -> Iterator[Block]:
    """The table as a whole, against the frontier."""
    yield Heading(tr("Group result"), tr("by full information: nobody at the table knew this"))
    reached = found.sheet.outcome
    texts = [*_against_the_frontier(found)]
    texts.append(tr("Sums over several cards only set packages side by side: a point of one card is not a point of another."))  # fmt: skip
    if reached.nash_ratio is not None:
        texts.append(_worth(reached.nash_ratio))
    elif reached.deal is not None and reached.deal.below:
        who = phrase.names(found.scenario, reached.deal.below)
        texts.append(
            tr("No Nash ratio: the deal leaves {who} below the walk-away. That is not no deal.", who=who)
        )
    gap = reached.egalitarian_gap
    if gap is not None and gap > 0:
        many, points = 1 if gap == 1 else 2, numbers.figure(gap)
        if found.sheet.deal:
            texts.append(tr_n("Whoever got least could have had {points} point more.", "Whoever got least could have had {points} points more.", many, points=points))  # fmt: skip
        else:
            texts.append(tr_n("There was a package that passes in which everybody gains at least {points} point.", "There was a package that passes in which everybody gains at least {points} points.", many, points=points))  # fmt: skip
    elif gap is not None:
        texts.append(tr("No package that passes gives more to whoever got least."))
    yield Lines(tuple(texts))


def _worth(ratio: float) -> str:
    """The Nash ratio in words."""
    if not ratio:
        return tr("What it came to is worth nothing over the walk-aways, all seats taken together.")
    return tr(
        "Worth {percent} of the package that is best for the whole table: the gains of all over their walk-aways, multiplied, and the root taken (the Nash ratio). It rates the package, not the meeting.",
        percent=numbers.percent(ratio),
    )  # fmt: skip


def _against_the_frontier(found: Debrief) -> Iterator[str]:
    """What `left` has not told already: how many more there were, or that the deal stands on what was not known."""
    others, deal = found.gains.others, found.sheet.outcome.deal
    if others > 1:
        yield tr_n(
            "{n} package that passes was better for somebody and worse for nobody.",
            "{n} packages that pass were better for somebody and worse for nobody.", others,
        )  # fmt: skip
    elif not others and deal is not None and deal.fails:
        yield tr("With everything known, this deal would not have passed.")


def heard_too_late(found: Debrief) -> str:
    """Of a run without a deal at whose last ruling nothing was shut: what came out in that very round. Empty else."""
    last = found.record.last_ruling
    if found.sheet.deal or last is None or not last.too_new or not all(map(is_open, last.verdicts.values())):
        return ""
    facts = phrase.listed(quoted(found.scenario.facts[name].says, 90) for name in last.too_new)
    return tr("At the last ruling (round {n}) all four checkpoints were open. What held it: {facts} came out in that very round, and nothing is signed before everybody has heard what can fail a criterion.", n=last.round, facts=facts)  # fmt: skip


def left(found: Debrief) -> Iterator[Block]:
    """A package better for all, as a trade; else what there is to say."""
    yield Heading(tr("Left on the table"), tr("joint gains, recomputed; needs every card open"))
    trade = found.gains.better
    if trade is None:
        yield Lines((tr("Nothing free: of the packages that pass, more for one is less for another."),))
        return
    than = tr("this deal") if found.sheet.deal else tr("no deal")
    better = tr_n("One package that would have met every checkpoint was better than {than} for everybody:", "{n} packages that would have met every checkpoint were better than {than} for everybody. The one in which the smallest gain is largest:", trade.such, than=than) if trade.for_all else tr_n(
        "One package that would have met every checkpoint was better than {than} for {who}, and worse for nobody:",
        "{n} packages that would have met every checkpoint were better than {than} for somebody, and worse for nobody. One of them is better for {who}:",
        trade.such, than=than, who=phrase.names(found.scenario, [role for role, by in trade.gains.items() if by > 0]),
    )  # fmt: skip
    yield Lines((better,), "strong")
    rows = [
        Row((
            found.scenario.label(step.issue, step.now), found.scenario.label(step.issue, step.was),
            moved(found.scenario, step.change),
        ))
        for step in trade.steps
    ]  # fmt: skip
    if rows:
        was = tr("instead of, in the deal") if found.sheet.deal else tr("instead of, in the last plan")
        yield Grid((tr("take"), was, tr("whom it helps, whom it costs")), tuple(rows), first=5)
        if trade.against_last != _one_by_one(trade):
            yield Lines(
                (tr("To these single changes come points for choices that count together."),), "quiet"
            )
        total = moved(found.scenario, trade.gains)
        yield Lines((tr("In all, against {than}: {gains}.", than=than, gains=total),))
        if not found.sheet.deal:
            against = moved(found.scenario, trade.against_last)
            yield Lines((tr("In all, against the last on the table, which did not pass: {gains}.", gains=against),))  # fmt: skip
    else:
        package = phrase.options(found.scenario, trade.package)
        yield Lines((tr("{package}: {gains}.", package=package, gains=moved(found.scenario, trade.gains)),))
        rounds = [e.round for e in found.record.proposals if e.package == trade.package]
        if rounds and not found.sheet.deal and (ruling := found.record.last_ruling) is not None:
            yield Lines((tr("It is the very plan that lay on the table in {rounds}; at the last ruling {n} of {many} said yes to it.", rounds=phrase.rounds(rounds), n=len(ruling.team.yes), many=len(found.scenario.parties)),))  # fmt: skip
    yield Lines((way(found, trade),))


def _one_by_one(trade: Exchange) -> dict[Role, Decimal]:
    """What the steps come to, each taken for itself: choices that count only together are in none of them."""
    return {role: sum((step.change.get(role, Decimal(0)) for step in trade.steps), Decimal(0)) for role in trade.gains}  # fmt: skip


def moved(scenario: Scenario, change: Mapping[Role, Decimal]) -> str:
    """Who gains first."""
    ordered = sorted(change.items(), key=lambda pair: -pair[1])
    return " · ".join(
        tr("{who} {points}", who=scenario.card(role).called, points=numbers.signed(by))
        for role, by in ordered
    )


def way(found: Debrief, trade: Exchange) -> str:
    """From when on it was open to this table, and what had to be said for it."""
    scenario, chance = found.scenario, trade.chance
    hidden = [(i, o) for i, o in trade.package.items() if (i, o) in found.sheet.inquiry.kept]
    if hidden:
        options = phrase.listed(quoted(scenario.label(*each)) for each in hidden)
        return tr(
            "Nobody had brought {options}: it was this table's to have only once whoever held it had said so.",
            options=options,
        )
    if not found.work.gates:
        return tr("The run ended before any package was ruled.")
    if chance is None and trade.package == found.sheet.package and (late := heard_too_late(found)):
        return late
    if chance is None:
        return tr("Too much was unsaid for the checkpoints to let it through here.")
    if not chance.facts:
        return tr("The checkpoints would have let it through from round {n} on.", n=chance.round)
    facts = phrase.listed(
        tr("{fact} ({held})", fact=quoted(scenario.facts[f].says, 70), held=fact_text.held(scenario, f)) for f in chance.facts
    )  # fmt: skip
    return tr("The checkpoints would have let it through from round {n} on, had somebody said {facts}.", n=chance.round, facts=facts)  # fmt: skip
