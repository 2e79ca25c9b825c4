"""Forms to write on, the same for every seat: preparation, ruling, agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.kit import rules, setting
from aipm_agents.kit.document import Document, PrintSheet
from aipm_agents.language import mark, tr
from aipm_agents.report.papers.blocks import Blank, Grid, Heading, Lines, Row, Ticks
from aipm_agents.report.words import numbers, vocabulary
from aipm_agents.scenario.criteria import CHECKPOINTS
from aipm_agents.table.audience import PUBLIC, seen_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Ending

_ENDINGS: dict[Ending, str] = {
    "go": mark("the last ruling let the package through, and the PM signed"),
    "go_with_follow_ups": mark(
        "the same, with a criterion that is follow-up only still unmet, or a worry written down below"
    ),
    "no_go": mark("no package can pass: each one the table knows of has a criterion that fails and stops it"),
    "no_agreement": mark("some package might still pass, but the time ran out, or a yes was missing"),
}
_MANY = (13, 15, 17, 19, 27, 32)
"""Rows on a form from which on they are set closer, and closer still, so that it stays on one page."""


def forms(scenario: Scenario) -> tuple[Document, ...]:
    known = seen_by(scenario, (), PUBLIC)
    return (
        Document(
            "preparation", tr("Preparation form"), tr("One page each, while reading. Collect it, or let people keep it."),
            PUBLIC, (_sheet(_preparation(known)),),
        ),
        Document(
            "ruling", tr("Ruling sheet"), tr("One copy for each table and round. The PM writes the package, the table rules."),
            PUBLIC, (_sheet(_ruling(known)),),
        ),
        Document(
            "agreement", tr("Agreement form"), tr("One for each table, at the end, signed by every seat or with its dissent."),
            PUBLIC, (_sheet(_agreement(known)),),
        ),
    )  # fmt: skip


def _sheet(made: Iterator[Block]) -> PrintSheet:
    """Set closer where there are many rows to fill in."""
    blocks = tuple(made)
    rows = sum(len(block.rows) for block in blocks if isinstance(block, Grid))
    step = sum(rows > many for many in _MANY)
    return PrintSheet(blocks, "form", min(step, 5) if setting.han(blocks) else step)


def _preparation(known: Scenario) -> Iterator[Block]:
    yield Heading(tr("Before you sit down"), known.title, level=1)
    yield Grid(("", ""), (Row((tr("Role"), "")), Row((tr("Name or number"), ""))))
    yield Blank(tr("Whom is this for? Say it in your own words, without looking."), 1)
    yield Blank(tr("What must you come home with, and which package would be worse for you than none?"), 2)
    yield Blank(
        tr(
            "What do you know that the others do not? Which of it will you tell, when, and what would make you?"
        ),
        3,
    )
    yield Blank(tr("One question that would change your mind, and whom you ask:"), 2)
    yield Grid(
        (tr("The others; strike out your own row"), tr("matters most to them, I guess"), tr("I could give them"), tr("I would want for it")),
        tuple(Row((known.card(role).short, "", "", "")) for role in known.parties), first=3,
    )  # fmt: skip
    yield Blank(tr("After the meeting: where was your guess furthest off?"), 1)


def _ruling(known: Scenario) -> Iterator[Block]:
    yield Heading(tr("Ruling sheet"), tr("{title} · round ____", title=known.title), level=1)
    numbered = tuple(Row((f"{n}. {each.question}", "")) for n, each in enumerate(known.issues, start=1))
    yield Grid((tr("The package"), ""), numbered, first=12)
    yield from _sums(known)
    votes = (*(Row((known.card(role).short, "☐ ☐ ☐", "")) for role in known.parties), _yeses(known))
    yield Grid(
        (tr("Vote"), tr("yes, if, no"), tr("if what, or why not; a red line")), votes, widths=(2, 2, 8)
    )
    rows = []
    for name in CHECKPOINTS:
        title = vocabulary.CHECKPOINT_TITLES[name]
        rows += [
            Row((f"{title} · {each.asks}", rules.decides(known, each), "", "☐ ☐ ☐"))
            for each in getattr(known.checkpoints, name)
        ]
    head = (tr("Criterion"), tr("met when"), tr("facts for it, against it"), tr("met, not shown, failed"))
    yield Grid(head, tuple(rows), widths=(5, 4, 2, 1))
    titles = [vocabulary.CHECKPOINT_TITLES[name] for name in CHECKPOINTS]
    opened = Row((tr("Checkpoint"), *(tr("☐ open  ☐ shut") for _ in titles)))
    yield Grid(("", *titles), (opened,), widths=(2, 2, 3, 2, 3))
    yield Lines((tr(
        "Open: none of its criteria is NOT SHOWN or FAILED, follow-up only aside. Alignment needs the yeses above too, and no red line crossed."
    ),), "quiet")  # fmt: skip
    yield Ticks("", (
        tr(
            "All four are open, and nobody read out a fact in this round that fails a criterion by its note, answered or not: "
            "the PM may sign. Agreement form."
        ),
        tr(
            "All four are open, and such a fact was read out in this round: nothing is signed yet, so that everybody can weigh it. Next round."
        ),
        tr("Not yet. What would open the first checkpoint that is shut, and who is asked by name:"),
    ))  # fmt: skip
    yield Blank("", 1)


def _sums(known: Scenario) -> Iterator[Block]:
    """Room to add the figures up: a row each, a column for what is there at first, for every question, and for the sum."""
    if not known.metrics:
        return
    n = len(known.issues)
    rows = []
    for each in known.metrics:
        label = tr("{label} ({unit})", label=each.label, unit=each.unit) if each.unit else each.label
        first = "" if each.of else numbers.figure(each.base)
        rows.append(Row((label, first, *(("–" if each.of else "",) * n), "")))
    places = tuple(str(number) for number in range(1, n + 1))
    last = 1 + (n < 6)
    yield Grid(
        (tr("Its figures"), tr("at first"), *places, tr("sum")),
        tuple(rows),
        widths=(12 - 1 - n - last, 1, *([1] * n), last),
    )


def _yeses(known: Scenario) -> Row:
    agreement, seats = known.agreement, len(known.parties)
    always = tr(", ").join(known.card(role).short for role in agreement.veto)
    needs = (
        tr("at least {needed} of {seats} yes, always among them: {who}", needed=agreement.accept_at_least, seats=seats, who=always)
        if always else tr("at least {needed} of {seats} yes", needed=agreement.accept_at_least, seats=seats)
    )  # fmt: skip
    return Row((tr("Yeses"), "", needs))


def _agreement(known: Scenario) -> Iterator[Block]:
    yield Heading(tr("What we decided"), known.title, level=1)
    yield Grid(("", ""), (Row((tr("Group"), "")), Row((tr("Round and time"), ""))))
    yield Ticks("", tuple(
        tr("{ending}: {when}", ending=vocabulary.OUTCOMES[ending], when=tr(when)) for ending, when in _ENDINGS.items()
    ))  # fmt: skip
    yield Grid((tr("The package"), ""), tuple(Row((issue.question, "")) for issue in known.issues), first=12)
    yield Grid(
        (tr("Checkpoint"), tr("last verdict"), tr("what showed it, or what stopped it")),
        tuple(Row((vocabulary.CHECKPOINT_TITLES[name], "", "")) for name in CHECKPOINTS),
    )  # fmt: skip
    yield Grid(
        (tr("Follow-up"), tr("who"), tr("by when")),
        (Row(("1", "", "")), Row(("2", "", ""))),
        widths=(6, 3, 3),
    )
    yield Grid(
        (tr("Seat"), tr("yes or dissent"), tr("dissent, in one line"), tr("signature")),
        tuple(Row((known.card(role).title, "☐ ☐", "", "")) for role in known.parties), widths=(3, 2, 4, 3),
    )  # fmt: skip
    yield Blank(tr("How will we know that it was right, and who looks?"), 1)
    yield Lines(
        (
            tr(
                "No agreement? Write down what stopped it: a criterion, a person, or the time. Half a page for whoever decides next."
            ),
        ),
        "quiet",
    )
