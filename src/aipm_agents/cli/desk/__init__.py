"""Where people sit: whose turn it is at this keyboard, what they are shown, and the move they send.

Several people may share one keyboard. Then the screen is cleared before anybody else looks at it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from aipm_agents import disk
from aipm_agents.cli.desk import chair, colleague
from aipm_agents.cli.desk.lines import InputLines, Left, lines
from aipm_agents.cli.desk.sitting import DeskSitting
from aipm_agents.errors import SeatError, StorageError, UsageError
from aipm_agents.language import tr
from aipm_agents.roles import PM
from aipm_agents.scenario.values import Frozen
from aipm_agents.seats import human
from aipm_agents.table.lawful import put
from aipm_agents.table.moves import Opening, Position

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rich.console import Console

    from aipm_agents.roles import Role
    from aipm_agents.table.moves import Move, Verb
    from aipm_agents.table.view import View

__all__ = ["Desk", "InputLines", "Left", "lines"]


class BegunTurn(Frozen):
    """A turn that a person has begun to put together, as it is kept beside the record."""

    role: str
    round: int
    verb: str
    move: dict[str, Any]


class Desk:
    def __init__(
        self, people: tuple[Role, ...], source: InputLines, console: Console, record: Path, draft: Path,
        *, again: Callable[[], None], waits: bool = True,
    ) -> None:  # fmt: skip
        """`record`: where the run is kept; `draft`: where a turn begun is. `again`: shows the public table
        once more, after the screen was cleared. `waits`: between a card and its figures. Raises `UsageError` where something else lies in its place."""
        self.people, self.lines, self.console = people, source, console
        self.record, self.draft, self.again = record, draft, again
        self._begun = _begun(draft)
        self._met: set[Role] = set()
        self._waits = waits and source.typed

    def turn(self, view: View, verb: Verb) -> Move:
        """The move a person makes; raise `Left` when they leave the table."""
        self.lines.begin(view.role, view.round, verb)
        if self._shared:
            self._hand_over(view)
        begun = self._greet(view, verb)
        kept = self._kept(view, verb)
        sitting = DeskSitting(
            view, verb, kept or _start(view, verb), _commands(view, verb), self.lines, self.console,
            told=chair.told if view.role == PM else colleague.told,
            ready=chair.ready if view.role == PM else colleague.ready,
            keep=lambda move: self._keep(view, verb, move), where=str(self.record),
        )  # fmt: skip
        if verb == "open":
            sitting.later = tuple(each for each in colleague.ANSWER if each not in colleague.OPENING)
        move = sitting.run(begun)
        self.sent()
        if self._shared:
            self._clear()
        return move

    def sent(self) -> None:
        """No turn is begun any more."""
        if self._begun is not None:
            self._begun = None
            with suppress(OSError):
                self.draft.unlink(missing_ok=True)

    @property
    def _shared(self) -> bool:
        return len(self.people) > 1 and self.lines.typed

    def _greet(self, view: View, verb: Verb) -> str:
        """The card at the first turn, its sentences before its figures; then what this turn is about. Gives the line that
        somebody typed too early: it is the turn's first."""
        from aipm_agents.report.live import card, seat
        from aipm_agents.report.papers.terminal import paper

        begun = ""
        if view.role not in self._met:
            self._met.add(view.role)
            self.console.print(paper(card.briefing(view), self.console.width))
            if self._waits:
                begun = self.lines.read(tr("Enter: your figures") + "> ")
            self.console.print(seat.points(view))
            if self.lines.typed:
                self._say(tr("Type ? at any time for what you can do."))
        title = view.scenario.card(view.role).title
        space = "" if verb == "answer" else "\n"
        self._say(space + tr("YOUR TURN, {title}", title=title.upper()))
        match verb:
            case "frame":
                self._say(tr("You open the meeting. These words are yours to send, or to say differently:"))
            case "open":
                self._say(
                    tr(
                        "Nothing is proposed yet. Say what you need, and no more of what you know than helps you."
                    )
                )
            case "propose":
                self._say(tr("You table a package. Your proposal is your yes."))
                for line in seat.heard(view) if view.round == 1 else ():
                    self.console.print(seat.aside(line))
            case "answer":
                assert view.package is not None
                for line in (seat.worth_line(view, view.package), seat.costs(view, view.package)):
                    if line:
                        self.console.print(seat.aside(line))
                self._question(view)
            case "sign":
                assert view.package is not None
                self._say(tr("All four checkpoints let this package through. Do you sign it?"))
                self.console.print(seat.package(view, view.package))
        return begun

    def _question(self, view: View) -> None:
        from aipm_agents.report.live.seat import aside
        from aipm_agents.report.words.inquiry import about

        for role, question in put(view):
            text = question.text or about(view.scenario, question.about)
            told = tr('{who} asks you: "{text}"', who=view.scenario.card(role).short, text=text)
            self.console.print(aside(told))

    def _hand_over(self, view: View) -> None:
        """Nobody sees another's card: an empty screen lies between two people."""
        self._clear()
        title = view.scenario.card(view.role).title
        self._say(tr("The keyboard goes to: {title}", title=title))
        while self.lines.read(tr("Enter, once nobody else can see the screen") + "> "):
            pass
        self._clear()
        self.again()

    def _clear(self) -> None:
        """Empty the screen and what can be scrolled back to; a terminal that cannot is filled with lines."""
        if self.console.is_terminal and not self.console.is_dumb_terminal:
            self.console.file.write("\x1b[2J\x1b[3J\x1b[H")
            self.console.file.flush()
        else:
            self._say("\n" * 60)

    def _say(self, text: str) -> None:
        from aipm_agents.report.papers.plain_text import clean

        self.console.print(clean(text), markup=False)

    def _keep(self, view: View, verb: Verb, move: Move) -> None:
        """A turn begun outlives a closed terminal. A script needs no such help: it has its lines. Raises
        `StorageError` where it cannot be kept."""
        if not self.lines.typed:
            return
        begun = BegunTurn(role=view.role, round=view.round, verb=verb, move=human.written(move))
        write = disk.create if self._begun is None else disk.write
        try:
            write(self.draft, begun.model_dump_json())
        except OSError as error:
            raise StorageError(
                tr("{path}: cannot be written: {strerror}", path=self.draft, strerror=error.strerror)
            ) from None
        self._begun = begun

    def _kept(self, view: View, verb: Verb) -> Move | None:
        """The turn begun before the run was broken off, if it is this one."""
        begun = self._begun
        if not self.lines.typed or begun is None:
            return None
        if (begun.role, begun.round, begun.verb) != (view.role, view.round, verb):
            return None
        try:
            move = human.read(verb, begun.move)
        except SeatError:
            return None
        self._say(tr("You had begun this turn; it is as you left it."))
        return move


def _begun(draft: Path) -> BegunTurn | None:
    """The turn that was begun before the run was broken off; None where none was."""
    if not os.path.lexists(draft):
        return None
    with suppress(OSError, ValidationError):
        if draft.is_file():
            return BegunTurn.model_validate_json(draft.read_bytes())
    raise UsageError(tr("{path}: is no turn that was begun in this run; take it away", path=draft))


def _start(view: View, verb: Verb) -> Move:
    match verb:
        case "open":
            return Opening()
        case "answer":
            return Position(vote="no_answer")
        case _:
            return chair.start(view, verb)


def _commands(view: View, verb: Verb) -> tuple[Any, ...]:
    match verb:
        case "open":
            return colleague.OPENING
        case "answer":
            return colleague.ANSWER
        case _:
            return chair.commands(view.scenario, verb)
