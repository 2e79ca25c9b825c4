"""What is printed on a terminal, as text; what is a page of its own, within a notebook."""

from __future__ import annotations

from html import escape
from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from rich.console import RenderableType


def printed(made: RenderableType, width: int) -> str:
    """As a terminal of this width would show it, without colours and without what trails a line."""
    console = Console(file=StringIO(), width=width, color_system=None, highlight=False, legacy_windows=False)
    with console.capture() as said:
        console.print(made)
    return "\n".join(line.rstrip() for line in said.get().rstrip().split("\n"))


def framed(page: str) -> str:
    """A whole page in a frame, so that its style and the notebook's leave each other alone."""
    return f'<iframe srcdoc="{escape(page)}" style="width:100%;height:36em;border:0"></iframe>'
