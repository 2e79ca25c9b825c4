"""How a run is watched: the options that say so."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Display(StrEnum):
    conversation = "conversation"
    plain = "plain"
    none = "none"


SPEED = 2.0
"""At which turns go by where people play: twice as fast as reading aloud."""
_PEOPLE = "People"

DisplayOption = Annotated[
    Display, typer.Option("--display", help="How to show it; plain: no colour, no boxes, no waiting.")
]
SpeedOption = Annotated[
    float,
    typer.Option(
        "--speed", min=0.0, max=16.0, rich_help_panel=_PEOPLE,
        help="Of what the others say, where people play: 1 is reading aloud, 0 waits for nobody.",
    ),
]  # fmt: skip
AnswersOption = Annotated[
    str | None,
    typer.Option("--answers", help="People's lines from a file; - for piped ones.", rich_help_panel=_PEOPLE),
]
