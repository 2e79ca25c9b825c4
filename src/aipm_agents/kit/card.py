"""A role's confidential card: one page, from the view of its seat and from nothing else. Sentences; the points are
on another sheet, so that a class can be held without them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.kit import rules, setting
from aipm_agents.kit.document import Document, PrintSheet
from aipm_agents.kit.fact import joined, printed
from aipm_agents.language import tr
from aipm_agents.report.papers.blocks import Grid, Heading, Lines, Row
from aipm_agents.report.words import phrase, vocabulary
from aipm_agents.report.words.fact_effects import choices
from aipm_agents.roles import PM

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from decimal import Decimal

    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.roles import Role
    from aipm_agents.scenario.evidence import Evidence
    from aipm_agents.scenario.model import Issue
    from aipm_agents.table.view import View


def card(view: View, programs: Collection[Role]) -> Document:
    """`view`: of this seat before anyone has spoken."""
    needed = (
        *_who(view),
        *_secret(view),
        *_limits(view),
        *_facts(view),
        *_brings(view),
        *_likes(view),
        *_asked(view),
    )
    last = Lines((rules.players(view.scenario, programs),), "quiet")
    full = (*needed, *_words(view), last)
    blocks = full if setting.size(full) <= setting.SMALL else (*needed, last)
    title = tr("Card: {role}", role=view.scenario.card(view.role).title)
    use = tr(
        "One page, for whoever plays {role} and for nobody else.", role=view.scenario.card(view.role).title
    )
    return Document(
        f"card-{view.role}", title, use, view.role, (PrintSheet(blocks, "card", setting.size(blocks)),)
    )


def secrecy() -> str:
    return tr(
        "Confidential. Say of this card what you choose, when you choose; never show it, lend it or photograph it."
    )


def _who(view: View) -> Iterator[Block]:
    mine = view.scenario.card(view.role)
    yield Heading(view.scenario.who(view.role), view.scenario.title, level=1)
    yield Lines((secrecy(),), "warning")
    yield Grid(("", ""), (Row((tr("You look after"), mine.duty)), Row((tr("You have said"), view.me.wants))))


def _secret(view: View) -> Iterator[Block]:
    yield Heading(tr("Only you know"), level=2)
    yield Lines((view.me.private or tr("Nothing more than the others. Listen, and ask."),))
    if view.role == PM:
        yield Lines((tr(
            "You table every package, and your package is your yes. You may be stricter than the four checkpoints; you "
            "cannot wave anything through them, and neither can anybody else."
        ),))  # fmt: skip
    for word, means in view.me.terms.items():
        yield Lines(
            (
                tr(
                    'When you say "{word}" you mean: {means}. If somebody asks, tell them.',
                    word=word,
                    means=means.rstrip(".。"),
                ),
            )
        )
    if view.me.otherwise:
        yield Lines((tr("Without a deal: {what}", what=view.me.otherwise),))


def _limits(view: View) -> Iterator[Block]:
    lines = [rules.red_line(view.scenario, line) for line in view.me.red_lines]
    if lines:
        yield Heading(tr("You never accept"), level=2)
        yield Lines(tuple(lines))
        yield Lines(
            (
                tr(
                    "That is a red line: say so when a package has it, and there is no deal with it, however many say yes."
                ),
            ),
            "quiet",
        )


def _facts(view: View) -> Iterator[Block]:
    held = [fact for fact in view.scenario.evidence if view.role in fact.held_by]
    yield Heading(tr("What you hold"), level=2)
    if not held:
        yield Lines((tr("No facts that the others do not have. Your questions are what you bring."),))
        return
    many = len(held) > 1
    yield Lines(
        (
            tr(
                "Read one out, word for word, and it counts for everybody and for good. Whether and when is up to you."
            ),
        ),
        "quiet",
    )
    for number, fact in enumerate(held, start=1):
        label = tr("Fact {n}", n=number) if many else tr("Fact")
        others = phrase.names(view.scenario, (role for role in fact.held_by if role != view.role))
        shared = tr("{who} has it too.", who=others) if len(fact.held_by) > 1 else ""
        yield printed(view.scenario, fact, label, shared)
        if fact.limits:
            yield Lines(tuple(_weak_spot(view, fact)), "quiet")


def _weak_spot(view: View, fact: Evidence) -> Iterator[str]:
    """What is wrong with a fact, as far as whoever holds it knows what would answer that."""
    for limit in fact.limits:
        cures = [
            tr('"{text}"', text=view.scenario.facts[name].says)
            for name in limit.answered_by
            if name in view.scenario.facts
        ]
        if limit.unless:
            cures.append(
                tr("a package with {choices}", choices=choices(view.scenario, limit.unless, quoted=True))
            )
        text = tr(
            "Its weak spot, if somebody challenges {ground}: {says}.",
            ground=vocabulary.GROUNDS[limit.ground], says=limit.says.rstrip(".。"),
        )  # fmt: skip
        answer = tr(" That is answered by {what}.", what=phrase.either(cures)) if cures else ""
        yield text + (answer or tr(" Somebody else may have the answer."))


def _brings(view: View) -> Iterator[Block]:
    for issue, option in view.secret:
        yield Heading(tr("An option only you know"), level=2)
        yield Lines((tr(
            'For "{question}" there is also: {option}. It is on nobody\'s list until you say it.',
            question=view.scenario.issue[issue].question, option=view.scenario.label(issue, option),
        ),))  # fmt: skip


def _likes(view: View) -> Iterator[Block]:
    """The order of the options, without a figure; the issue that most hangs on comes first."""
    yield Heading(tr("What you would rather have"), tr("what matters most to you comes first"), level=2)

    def spread(issue: Issue) -> Decimal:
        row = [view.me.points[issue.id][option.id] for option in issue.options]
        return max(row) - min(row)

    issues = sorted(view.scenario.issues, key=spread, reverse=True)
    yield Grid(("", ""), tuple(Row((issue.question, ranked(view, issue))) for issue in issues), widths=(4, 8))
    yield from _beside(view)


def _beside(view: View) -> Iterator[Block]:
    """What counts beside single options, without a figure: choices made together, and waiting."""
    told = [
        tr("Worth more to you together: {choices}.", choices=what) if more
        else tr("Worth less to you together: {choices}.", choices=what)
        for what, more in ((choices(view.scenario, b.when, quoted=True), b.points > 0) for b in view.me.bonuses)
    ]  # fmt: skip
    if view.me.discount != 1:
        told.append(
            tr("Waiting costs you: a deal in a later round is worth less to you than the same one now.")
        )
    if told:
        yield Lines(tuple(told))


def ranked(view: View, issue: Issue) -> str:
    """Best first, wide spaces between; options worth the same share a place."""
    row = view.me.points[issue.id]
    values = sorted({row[option.id] for option in issue.options}, reverse=True)
    if len(values) == 1:
        return tr("it is all the same to you")
    places = [
        tr(" or ").join(option.label for option in issue.options if row[option.id] == value)
        for value in values
    ]
    return "\u2003".join(f"{number}.\u00a0{text}" for number, text in enumerate(places, start=1))


def _asked(view: View) -> Iterator[Block]:
    mine = [each for _, each in view.scenario.criteria.values() if each.owner == view.role]
    if mine:
        yield Heading(tr("You answer for"), level=2)
        yield Lines((phrase.listed(tr('"{text}"', text=each.asks) for each in mine),))


def _words(view: View) -> Iterator[Block]:
    """What this role might say, for whoever has never sat in such a chair."""
    lines = [tr('"{text}"', text=said[0]) for said in view.me.argues.values() if said]
    if lines:
        yield Heading(tr("Words you may use"), level=2)
        yield Lines((joined(*lines[:3]),))
