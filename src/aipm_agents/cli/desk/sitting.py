"""One person's turn: commands that put a move together, until it is sent.

The turn begun is itself a move, only not a lawful one yet. Every change makes a new one, so undo is the one
before. Nothing counts before `send`: an Enter too many, or a paste gone wrong, is no vote.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from aipm_agents.cli.desk import choosing
from aipm_agents.cli.desk.choosing import Unclear, pick
from aipm_agents.cli.desk.lines import Left
from aipm_agents.cli.desk.subjects import Choice
from aipm_agents.errors import SeatError
from aipm_agents.language import mark, tr
from aipm_agents.table.lawful import MAX_SPEECH, check

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from aipm_agents.cli.desk.lines import Lines
    from aipm_agents.table.lawful import Move
    from aipm_agents.table.view import View


class Command(NamedTuple):
    name: str
    does: str
    """What the help says of it."""
    do: Callable[[Sitting, str], None]
    """Gets what was typed after the name."""
    also: tuple[str, ...] = ()
    fits: Callable[[Sitting], bool] = lambda sitting: True
    """Whether it can be of use now; only such are offered."""
    menu: bool = True
    """Whether it belongs to the turn, and is offered by number."""


class Sitting:
    def __init__(
        self, view: View, draft: Move, commands: Sequence[Command], lines: Lines, console: Console,
        *, told: Callable[[View, Move], list[str]], ready: Callable[[View, Move], None],
        keep: Callable[[Move], None], where: str,
    ) -> None:  # fmt: skip
        """`told`: a move so far, in a few lines. `ready`: raises `Unclear` where it cannot be sent, in better
        words than the law has. `keep`: called with every change. `where`: the record."""
        self.view, self.draft, self.lines, self.console = view, draft, lines, console
        self.commands, self.told, self.ready = (*commands, *ALWAYS), told, ready
        self.keep, self.where = keep, where
        self.before: list[Move] = []
        self.sent = False

    def run(self) -> Move:
        """The move, once it is sent; raise `Left` when the person leaves."""
        while not self.sent:
            self._menu()
            line = self.lines.read(self._prompt(), self._words())
            try:
                if line:
                    self.obey(line)
            except Unclear as unclear:
                self.complain(str(unclear))
        return self.draft

    def obey(self, line: str) -> None:
        """Do what a line says."""
        command, rest = self._command(line)
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
            check(self.draft, self.view)
        except SeatError as error:
            raise Unclear(tr("that cannot be sent yet: {why}", why=error)) from None
        self.sent = True

    def show(self, seen: RenderableType) -> None:
        self.console.print(seen)

    def say(self, text: str) -> None:
        """A line to the person alone, set in."""
        from aipm_agents.report.desk import aside

        self.show(aside(text))

    def complain(self, text: str) -> None:
        """What is wrong with what was typed; a script that cannot be asked again ends here."""
        self.lines.fault(text)
        self.say(f"! {text}")

    def choose(
        self, asked: str, choices: Sequence[Choice], typed: str = "", *, several: bool = False
    ) -> list[str]:
        """The names of what is chosen; `typed`: what stood on the command line already. An empty line, or
        `back`, chooses nothing."""
        if not typed:
            from aipm_agents.report.desk import numbered

            self.say(asked)
            self.show(numbered([(choice.label, choice.worth) for choice in choices]))
        while True:
            if not typed:
                hint = (
                    tr("numbers or names, best first; Enter: back")
                    if several
                    else tr("number or name; Enter: back")
                )
                typed = self.lines.read(f"  {hint}> ", [choice.name for choice in choices])
            if typed.casefold() in ("", "-", "back", tr("back")):
                return []
            try:
                if several:
                    return list(dict.fromkeys(pick(part, choices).name for part in choosing.split(typed)))
                return [pick(typed, choices).name]
            except Unclear as unclear:
                self.complain(str(unclear))
                typed = ""

    def one(self, asked: str, choices: Sequence[Choice], typed: str = "") -> str | None:
        """The name of the one thing chosen; None for nothing."""
        return next(iter(self.choose(asked, choices, typed)), None)

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

    def _menu(self) -> None:
        for line in self.told(self.view, self.draft):
            self.say(line)
        if not self.lines.typed:
            return
        from aipm_agents.report.desk import offered

        fitting = [command for command in self.commands if command.menu and command.fits(self)]
        items = [f"{number} {tr(command.name)}" for number, command in enumerate(fitting, start=1)]
        more = [tr(command.name) for command in self.commands if not command.menu and command.fits(self)]
        for line in (*offered(items, self.console.width), *offered(more, self.console.width)):
            self.say(line)

    def _command(self, line: str) -> tuple[Command, str]:
        """The command a line begins with, and the rest of the line."""
        fitting = [command for command in self.commands if command.fits(self)]
        called = [(name, command) for command in fitting for name in _names(command)]
        for name, command in sorted(called, key=lambda pair: -len(pair[0])):
            if line.casefold() == name or line.casefold().startswith((f"{name} ", f"{name}\u3000")):
                return command, line[len(name) :].strip()
        first, _, rest = line.replace("\u3000", " ").partition(" ")
        menu = [command for command in fitting if command.menu]
        if first.isascii() and first.isdigit():
            return menu[
                int(pick(first, [Choice(str(n), "") for n in range(1, len(menu) + 1)]).name) - 1
            ], rest.strip()
        chosen = pick(first, [Choice(command.name, tr(command.name), command.also) for command in fitting])
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


def _names(command: Command) -> list[str]:
    return [name.casefold() for name in (command.name, tr(command.name), *command.also)]


def _help(sitting: Sitting, rest: str) -> None:
    from aipm_agents.report import desk

    known = [command for command in sitting.commands if command.fits(sitting)]
    sitting.show(desk.commands((tr(command.name), tr(command.does)) for command in known))
    sitting.say(tr("A number, a name, or the beginning of a name will do. Tab completes."))
    sitting.say(tr("Nothing counts before `send`."))


def _card(sitting: Sitting, rest: str) -> None:
    from aipm_agents.report import briefing

    sitting.show(briefing.briefing(sitting.view))
    sitting.show(briefing.points(sitting.view))


def _table(sitting: Sitting, rest: str) -> None:
    from aipm_agents.report import desk

    sitting.show(desk.table(sitting.view))


def _history(sitting: Sitting, rest: str) -> None:
    from aipm_agents.report import desk

    sitting.show(desk.history(sitting.view))


def _worth(sitting: Sitting, rest: str) -> None:
    from aipm_agents.report import desk

    view = sitting.view
    chosen = choosing.package(view, rest, view.package or {}) if rest else view.package
    if chosen is None:
        raise Unclear(tr("name an option for each issue: worth {example}", example=_example(view)))
    sitting.show(desk.package(view, chosen))
    sitting.say(tr("The four checkpoints, by what is on the table now:"))
    sitting.show(desk.verdicts(view, chosen))


def _example(view: View) -> str:
    return " ".join(options[0] for options in view.space.options.values())


def _save(sitting: Sitting, rest: str) -> None:
    sitting.keep(sitting.draft)
    sitting.say(
        "  "
        + tr(
            "Everything is kept in {path}: each finished turn, and this one as far as it is.",
            path=sitting.where,
        )
    )


def _quit(sitting: Sitting, rest: str) -> None:
    sitting.keep(sitting.draft)
    raise Left


ALWAYS = (
    Command(mark("send"), mark("make your turn as it stands above; it cannot be taken back"), lambda s, _: s.send(), ("送出",), menu=False),
    Command(mark("undo"), mark("take back the last thing you added to this turn"), lambda s, _: s.undo(), ("back", "復原"), menu=False),
    Command(mark("card"), mark("your confidential card"), _card, ("角色卡",), menu=False),
    Command(mark("table"), mark("the package, the last ruling and the facts on the table"), _table, ("桌面",), menu=False),
    Command(mark("history"), mark("what was said and ruled so far"), _history, ("紀錄",), menu=False),
    Command(mark("worth"), mark("what a package is worth to you, and what the checkpoints say: worth OPTION OPTION ..."), _worth, ("值多少",), menu=False),
    Command(mark("save"), mark("say where all of this is kept"), _save, ("存檔",), menu=False),
    Command(mark("quit"), mark("leave the table; the run waits for you"), _quit, ("exit", "q", "離開"), menu=False),
    Command("?", mark("this list"), _help, ("help", "h", "？", "說明"), menu=False),
)  # fmt: skip
