"""What can be typed in a turn: a name, what it does, when it is of use."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from aipm_agents.language import tr

if TYPE_CHECKING:
    from aipm_agents.cli.desk.sitting import DeskSitting


class Command(NamedTuple):
    name: str
    does: str
    """What the help says of it."""
    do: Callable[[DeskSitting, str], None]
    """Gets what was typed after the name."""
    also: tuple[str, ...] = ()
    fits: Callable[[DeskSitting], bool] = lambda sitting: True
    """Whether it can be of use now; only such are offered."""
    menu: bool = True
    """Whether it belongs to the turn, and is offered by number."""
    unfit: str = ""
    """Why it is of no use now, where it does not fit."""
    alone: bool = False
    """Whether its name is all there is to type: words behind it would be lost, and are refused."""


def names(command: Command) -> list[str]:
    return [name.casefold() for name in (command.name, tr(command.name), *command.also)]
