"""Two short surveys. Three questions stand in both, so that what changed can be read off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.kit.document import Document, PrintSheet
from aipm_agents.language import tr
from aipm_agents.report.papers.blocks import Blank, Heading, Lines, Ticks
from aipm_agents.table.audience import PUBLIC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.model import Scenario


def surveys(scenario: Scenario) -> tuple[Document, ...]:
    return (
        Document(
            "survey-before", tr("Survey before"), tr("After the general instructions, before the cards. No names."),
            PUBLIC, (PrintSheet(tuple(_before(scenario)), "form"),),
        ),
        Document(
            "survey-after", tr("Survey after"), tr("Before the debrief if you want it honest, after it if you want it wise."),
            PUBLIC, (PrintSheet(tuple(_after(scenario)), "form"),),
        ),
    )  # fmt: skip


def _before(scenario: Scenario) -> Iterator[Block]:
    yield Heading(tr("Before"), scenario.title, level=1)
    yield Lines((_about(5),), "quiet")
    yield from _both()
    yield Blank(tr("Which one fact would you want to see before you vote on this case, and from whom?"), 2)
    yield Blank(tr("Who will pay if this goes wrong?"), 1)
    yield Blank(tr("What will be hardest for you at the table?"), 1)


def _after(scenario: Scenario) -> Iterator[Block]:
    yield Heading(tr("After"), scenario.title, level=1)
    yield Lines((_about(7),), "quiet")
    yield from _both()
    yield Blank(tr("Whose sentence changed your mind? Write the sentence."), 2)
    yield Ticks(
        tr("Something you knew and did not say. Why not?"),
        (
            tr("nobody asked"), tr("it would have cost me"), tr("I was asked and would rather not"),
            tr("the time ran out"), tr("I said all I knew"),
        ),
    )  # fmt: skip
    yield Blank(tr("Which question should somebody have asked in the first round?"), 1)
    yield Blank(tr("Did anything at this table feel like a trap that you could not have seen? What?"), 2)
    yield Blank(tr("What will you do differently in the next real meeting?"), 1)
    yield Blank(tr("What should we change in this exercise?"), 1)


def _about(minutes: int) -> str:
    return tr(
        "About {minutes} minutes, no names. Write the same word of your own on both sheets, so that they can be laid side by side: ____________",
        minutes=minutes,
    )  # fmt: skip


def _both() -> Iterator[Block]:
    ticks, open_ended = both()
    yield from ticks
    yield Blank(open_ended, 2)


def both() -> tuple[tuple[Ticks, Ticks], str]:
    """What stands in both: two questions to tick, and a sentence to complete."""
    risk = Ticks(
        tr("Nobody has shown that the product harms anyone. What follows?"),
        (
            tr("it is harmless enough to start"),
            tr("it is too risky to start"),
            tr("nothing yet; somebody has to look"),
        ),
    )
    team = Ticks(
        tr("The whole team is for it. When is that not enough?"),
        (
            tr("never; that is what a team is for"),
            tr("when the law is against it"),
            tr("when somebody who is not in the room would be harmed"),
        ),
    )
    return (risk, team), tr("Complete: an AI product may go out when ...")
