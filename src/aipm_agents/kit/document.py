"""What a kit is made of: documents of sheets, each for one audience."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.table.audience import Audience

Form = Literal["text", "card", "form", "news", "slip", "slide", "tent"]
"""How a sheet is set: to be read, to be held in the hand, to be written on, to be laid on the table, to be cut apart,
to be projected, to be folded and stood up."""


class PrintSheet(NamedTuple):
    """What begins on a page of its own; slips share one."""

    blocks: tuple[Block, ...]
    form: Form = "text"
    size: int = 0
    """The steps its type is smaller than the ordinary, so that a card stays on one page."""


class Document(NamedTuple):
    name: str
    """The stem of its files."""
    title: str
    use: str
    """What it is for and when it is handed out, in a line."""
    audience: Audience
    """Who may read it: a role, the public, or the facilitator alone."""
    sheets: tuple[PrintSheet, ...]

    @property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(block for sheet in self.sheets for block in sheet.blocks)
