"""Who paid, seat by seat: points short of the best there was for it, for which choices, and what it kept asking for."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from aipm_agents.analysis.debrief.forgone import forgone
from aipm_agents.language import tr
from aipm_agents.report.papers.blocks import Grid, Heading, Row
from aipm_agents.report.papers.typography import quoted, together
from aipm_agents.report.words import numbers, phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.debrief.forgone import Forgone, Given, Wish
    from aipm_agents.analysis.debrief.whole import Debrief
    from aipm_agents.report.papers.blocks import Block


def paid(found: Debrief) -> Iterator[Block]:
    """Without a deal only what each made a condition again and again."""
    deal, scenario = found.record.deal, found.scenario
    rows = []
    for role, each in forgone(found.record).items():
        texts = [_price(found, each)] if deal is not None and each.best is not None else []
        texts += [_asked(found, wish) for wish in each.wishes]
        if texts:
            rows.append(Row((scenario.card(role).called, together(texts))))
    if not rows:
        return
    if deal is None:
        yield Heading(tr("Asked for again and again"))
    else:
        reached = found.sheet.outcome
        beside = tr("each seat beside the package best for it that passes, all known")
        if reached.after_waiting != reached.points:
            beside = tr("each seat beside the package best for it that passes, all known; both before what waiting took")  # fmt: skip
        yield Heading(tr("Who paid"), beside)
    yield Grid(("", ""), tuple(rows), widths=(2, 10))


def _price(found: Debrief, each: Forgone) -> str:
    if each.short < 0:
        return tr("{points} points more than in any package that passes.", points=numbers.figure(-each.short))
    if not each.short:
        return tr("Nothing: no package that passes is worth more to this seat.")
    text = tr("{points} points short of {best}.", points=numbers.figure(each.short), best=numbers.figure(each.best))  # fmt: skip
    told = [_choice(found, given) for given in each.given]
    back = sum((given.points for given in each.given), Decimal(0)) - each.short
    if back > 0:
        told.append(tr("The rest of the deal is worth {points} more to it than in its best package.", points=numbers.figure(back)))  # fmt: skip
    elif back < 0:
        told.append(tr("The other {points} are choices that count together.", points=numbers.figure(-back)))
    return together((text, *told))


def _choice(found: Debrief, given: Given) -> str:
    scenario, deal = found.scenario, found.record.deal
    assert deal is not None
    return tr(
        "{now} instead of {was}: {points}.", now=quoted(scenario.label(given.issue, deal[given.issue])),
        was=quoted(scenario.label(given.issue, given.instead)), points=numbers.signed(-given.points),
    )  # fmt: skip


def _asked(found: Debrief, wish: Wish) -> str:
    label = found.scenario.label
    option = phrase.either(quoted(label(wish.issue, each)) for each in wish.options)
    made = tr("Made {option} a condition in {rounds}.", option=option, rounds=phrase.rounds(wish.rounds))
    if not wish.planned:
        made = together((made, tr("No plan had it.")))
    if wish.eased is not None and found.record.deal is not None and not wish.in_deal:
        other = quoted(label(wish.issue, found.record.deal[wish.issue]))
        made = together(
            (made, tr("In {round} {option} would do, too.", round=phrase.when(wish.eased), option=other))
        )
    if not wish.planned:
        return made
    plans = phrase.rounds(wish.planned)
    if wish.in_deal:
        return together((made, tr("Plans with it: {rounds}, the deal among them.", rounds=plans)))
    if found.record.deal is None:
        return together((made, tr("Plans with it: {rounds}.", rounds=plans)))
    return together((made, tr("Plans with it: {rounds}; the deal is without it.", rounds=plans)))
