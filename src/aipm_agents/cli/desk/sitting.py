"""One person's turn: commands that put a move together, until it is sent.

The turn begun is itself a move, only not a lawful one yet. Every change makes a new one, so undo is the one
before. Nothing counts before `send`: an Enter too many, or a paste gone wrong, is no vote.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from aipm_agents.cli.desk import choosing
from aipm_agents.cli.desk.choosing import Unclear, pick
from aipm_agents.cli.desk.command import Command, names
from aipm_agents.cli.desk.looking import ALWAYS
from aipm_agents.errors import SeatError
from aipm_agents.language import tr
from aipm_agents.report.live.subjects import Subject
from aipm_agents.scenario.problems import nearest
from aipm_agents.table.lawful import MAX_SPEECH, check

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from aipm_agents.cli.desk.lines import InputLines
    from aipm_agents.table.moves import Move, Verb
    from aipm_agents.table.view import View


class Instead(Exception):
    """A whole command was typed where a choice was asked for: the command counts."""


class DeskSitting:
    def __init__(
        self, view: View, verb: Verb, draft: Move, commands: Sequence[Command], lines: InputLines, console: Console,
        *, told: Callable[[View, Move], list[str]], ready: Callable[[View, Move], None],
        keep: Callable[[Move], None], where: str,
    ) -> None:  # fmt: skip
        """`told`: a move so far, in a few lines. `ready`: raises `Unclear` where it cannot be sent, in better
        words than the law has. `keep`: called with every change. `where`: the record."""
        self.view: View = view
        self.verb: Verb = verb
        self.draft: Move = draft
        self.lines, self.console = lines, console
        self.commands, self.told, self.ready = (*commands, *ALWAYS), told, ready
        self.keep, self.where = keep, where
        self.before: list[Move] = []
        self.sent = False
        self.later: Sequence[Command] = ()
        """Commands of another phase: known, and of no use yet."""
        menu = [command for command in self.commands if command.menu]
        self.menu = sorted(menu, key=lambda command: not command.fits(self))
        """What is offered by number: without a gap at first, and every number stays through the turn."""

    def run(self, begun: str = "") -> Move:
        """The move, once it is sent; raise `Left` when the person leaves. `begun`: a line that was typed already."""
        self._tell()
        self._menu()
        while not self.sent:
            line, begun = begun or self.lines.read(self._prompt(), self._words()), ""
            if not line:
                self._menu()
            while line:
                line = self._done(line)
        return self.draft

    def _done(self, line: str) -> str:
        """Do what a line says, and tell what the turn is now; what is to be done next, if anything."""
        before = self.draft
        try:
            self.obey(line)
        except Instead as other:
            return str(other)
        except Unclear as unclear:
            self.complain(str(unclear))
        if self.draft != before and not self.sent:
            self._tell()
        return ""

    def obey(self, line: str) -> None:
        """Do what a line says."""
        command, rest = self.meant(line)
        if rest and command.alone:
            raise Unclear(
                tr("`{name}` stands alone; what you say out loud goes with `say`", name=tr(command.name))
            )
        command.do(self, rest)

    def change(self, **fields: Any) -> None:
        """Set parts of the move; an undo takes all of them back at once."""
        made = self.draft.model_copy(update=fields)
        if made != self.draft:
            self.before.append(self.draft)
            self.draft = made
            self.keep(made)

    def undo(self) -> None:
        if not self.before:
            raise Unclear(tr("there is nothing to take back in this turn"))
        self.draft = self.before.pop()
        self.keep(self.draft)

    def send(self) -> None:
        """The move is made, if it may be."""
        self.ready(self.view, self.draft)
        try:
            check(self.draft, self.view, self.verb)
        except SeatError as error:
            raise Unclear(tr("that cannot be sent yet: {why}", why=error)) from None
        self.sent = True

    def show(self, seen: RenderableType) -> None:
        self.console.print(seen)

    def say(self, text: str) -> None:
        """A line to the person alone, set in."""
        from aipm_agents.report.live.seat import aside

        self.show(aside(text))

    def complain(self, text: str) -> None:
        """What is wrong with what was typed; a script that cannot be asked again ends here."""
        self.lines.fault(text)
        self.say(f"! {text}")

    def choose(
        self, asked: str, choices: Sequence[Subject], typed: str = "", *, several: bool = False
    ) -> list[str]:
        """The names of what is chosen; `typed`: what stood on the command line already, which fits or changes
        nothing (raise `Unclear`). An empty line, or `back`, chooses nothing; a command counts as one."""
        if typed:
            return self._picked(typed, choices, several)
        from aipm_agents.report.live.seat import numbered

        while True:
            self.say(asked)
            self.show(numbered([(each.name, each.label, each.worth) for each in choices]))
            again = True
            while again:
                line = self.lines.read(f"  {self._hint(several)}> ", [choice.name for choice in choices])
                if line.casefold() in ("", "-", "back", tr("back")):
                    return []
                try:
                    return self._picked(line, choices, several)
                except Unclear as unclear:
                    again = self._otherwise(line, unclear)

    def _hint(self, several: bool) -> str:
        if several:
            return tr("numbers or names, best first; Enter: back")
        return tr("number or name; Enter: back")

    def _picked(self, typed: str, choices: Sequence[Subject], several: bool) -> list[str]:
        parts = choosing.split(typed) if several else [typed]
        return list(dict.fromkeys(pick(part, choices).name for part in parts))

    def _otherwise(self, line: str, unclear: Unclear) -> bool:
        """What a line means that is no choice: a look at something, a whole command, or a mistake. Whether
        the same is asked again without being shown again."""
        command = self._named(line)
        if command is None:
            self.complain(str(unclear))
            return True
        if command.name in ("?", "card", "table", "history", "worth"):
            if command.name != "?":
                self.obey(line)
            return False
        raise Instead(line)

    def one(self, asked: str, choices: Sequence[Subject], typed: str = "") -> str | None:
        """The name of the one thing chosen; None for nothing."""
        return next(iter(self.choose(asked, choices, typed)), None)

    def about(self, asked: str, choices: Sequence[Subject], typed: str) -> tuple[str | None, str]:
        """What a free text is about, and the text. A text that begins with no name of theirs stays whole: whoever sits
        there is asked what it is about, and a script cannot be (raise `Unclear`)."""
        name, text = choosing.before(typed, choices)
        if text and not name and not self.lines.typed:
            names = tr(", ").join(choice.name for choice in choices)
            raise Unclear(
                tr('"{text}" does not begin with what it is about; one of these goes before it: {names}', text=text[:60], names=names)
            )  # fmt: skip
        return self.one(asked, choices, name), text

    def text(self, asked: str, typed: str = "", most: int = MAX_SPEECH) -> str:
        """A free text; an empty one, or `-`, is nothing said. Raise `Unclear` for one that is too long."""
        said = typed or self.lines.read(f"  {asked}> ")
        if len(said) > most:
            raise Unclear(
                tr(
                    "that is {n} characters, {most} are heard; nothing of it was taken",
                    n=len(said),
                    most=most,
                )
            )
        return "" if said == "-" else said

    def _tell(self) -> None:
        for line in self.told(self.view, self.draft):
            self.say(line)

    def _menu(self) -> None:
        """What can be done, each with a number that stays the same through the turn."""
        if not self.lines.typed:
            return
        from aipm_agents.report.live.seat import offered

        items = [f"{number} {tr(each.name)}" for number, each in enumerate(self.menu, 1) if each.fits(self)]
        more = [tr(each.name) for each in self.commands if not each.menu and each.fits(self)]
        for line in (*offered(items, self.console.width), *offered(more, self.console.width)):
            self.say(line)

    def _named(self, line: str) -> Command | None:
        """The command whose whole name a line begins with."""
        called = [(name, command) for command in (*self.commands, *self.later) for name in names(command)]
        for name, command in sorted(called, key=lambda pair: -len(pair[0])):
            if line.casefold() == name or line.casefold().startswith((f"{name} ", f"{name}\u3000")):
                return command
        return None

    def meant(self, line: str) -> tuple[Command, str]:
        """The command a line begins with, and the rest of the line; raise `Unclear` for none that fits now."""
        named = self._named(line)
        if named is None:
            named, rest = self._begun(line.replace("\u3000", " "))
        else:
            name = max((n for n in names(named) if line.casefold().startswith(n)), key=len)
            rest = line[len(name) :].strip()
        if named in self.later:
            raise Unclear(
                tr("`{name}` comes later: there is no package on the table yet", name=tr(named.name))
            )
        if not named.fits(self):
            raise Unclear(tr("`{name}` is of no use now: {why}", name=tr(named.name), why=tr(named.unfit)))
        return named, rest

    def _begun(self, line: str) -> tuple[Command, str]:
        """A command by its number, or by the beginning of one name only."""
        first, _, rest = line.partition(" ")
        if first.isascii() and first.isdigit():
            numbers = [Subject(str(number), "") for number in range(1, len(self.menu) + 1)]
            return self.menu[int(pick(first, numbers).name) - 1], rest.strip()
        fitting = [command for command in self.commands if command.fits(self)]
        known = [Subject(command.name, tr(command.name), command.also) for command in fitting]
        offered = (*(tr(command.name) for command in self.menu if command.fits(self)), tr("send"), "?")
        try:
            chosen = pick(first, known, offered)
        except Unclear:
            later = {name: command for command in self.later for name in names(command)}
            if near := nearest(first, list(later)):
                return later[near], rest.strip()
            raise
        return next(command for command in fitting if command.name == chosen.name), rest.strip()

    def _words(self) -> list[str]:
        """What can be completed on a line: commands, then whatever may be named behind them."""
        scenario = self.view.scenario
        names = [tr(command.name) for command in self.commands if command.fits(self)]
        for issue in scenario.issues:
            names += [issue.id, *(option.id for option in issue.options)]
        return [*names, *scenario.parties, *scenario.criteria, *scenario.facts]

    def _prompt(self) -> str:
        who = self.view.scenario.card(self.view.role).short
        if not self.view.round:
            return tr("{who}, opening> ", who=who)
        return tr("{who}, round {n}> ", who=who, n=self.view.round)
