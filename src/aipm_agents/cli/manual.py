"""Commands by name, their pages, and complaints about them, in the language spoken.

A command's own module is imported when it is called or its page is asked for. Help texts are written where their options are, in English;
`tests/words.py` reads them off the commands, so they need no `tr`. The other texts here are Typer's own.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup

from aipm_agents.cli.front import ENTRIES, Entry, page, usage
from aipm_agents.cli.groups import spelt_out
from aipm_agents.errors import UsageError
from aipm_agents.language import mark, spoken, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONSTANTS = {
    "ARGUMENTS_PANEL_TITLE": mark("Arguments"), "OPTIONS_PANEL_TITLE": mark("Options"),
    "REQUIRED_LONG_STRING": mark("[required]"), "DEFAULT_STRING": mark("[default: {}]"),
}  # fmt: skip
"""Constants of Typer's help pages."""

_COMPLAINTS = (
    (r"No such command '(?P<name>.*?)'\. Did you mean (?P<near>.*)\?", mark("there is no command {name}; did you mean {near}?")),
    (r"No such command '(?P<name>.*)'\.", mark("there is no command {name}")),
    (r"No such option: (?P<name>\S+) \(Possible options: (?P<near>.*)\)", mark("there is no option {name}; did you mean {near}?")),
    (r"No such option: (?P<name>\S+)", mark("there is no option {name}")),
    (r"Missing command\.", mark("a command is missing")),
    (r"Missing \w+ '(?P<name>[^']*)'.*", mark("{name} is missing")),
    (r"Option '(?P<name>[^']*)' requires .*", mark("{name} needs a value after it")),
    (r"Option '(?P<name>[^']*)' does not take a value\.", mark("{name} takes no value")),
    (r"Got unexpected extra argument\(s\) \((?P<name>.*)\)", mark("there is a word too many: {name}")),
    (r"Invalid value for (?P<name>.*?): .*'(?P<given>[^']*)' is not one of (?P<words>.*?)\.?", mark("{name}: {given} is not possible; choose one of {words}")),
    (r"Invalid value for (?P<name>.*?): Input should be a valid integer.*", mark("{name}: a whole number belongs here")),
    (r"Invalid value for (?P<name>.*?): Input should be a valid number.*", mark("{name}: a number belongs here")),
    (r"Invalid value for (?P<name>.*?): Input should be greater than or equal to (?P<bound>\S+)", mark("{name}: at least {bound}")),
    (r"Invalid value for (?P<name>.*?): Input should be less than or equal to (?P<bound>\S+)", mark("{name}: at most {bound}")),
)  # fmt: skip
"""What Typer complains of, and how we say it."""


class _Typed:
    """What was typed for a parameter, as its kind wants it. Typer has Pydantic look at every value, which is a third of a
    start; who has typed nothing, or a text where a text is wanted, needs no looking at."""

    def __init__(self, param: Any) -> None:
        self.looked_at = param.get_runtime_param

    def __call__(self) -> _Typed:
        """It stands where Typer asks for what looks at the value."""
        return self

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        kind, several = param.type_descriptor, param.multiple or param.nargs == -1
        if value is None:
            return () if several else None
        if kind.parameter_info.parser is None:
            if kind.annotation == list[str] and isinstance(value, list | tuple):
                return [str(each) for each in value]
            if isinstance(kind.annotation, type) and isinstance(value, kind.annotation):
                return value
        return self.looked_at().coerce(value, param=param, ctx=ctx)


def _spared(params: list[Any]) -> None:
    for param in params:
        if hasattr(param, "get_runtime_param"):  # before 0.29 it asks nobody
            vars(param).setdefault("get_runtime_param", _Typed(param))


class SpokenCommand(TyperCommand):
    """A command whose page is in the language spoken."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """For Click the value of `-m=NAME` is `=NAME`: nobody means that."""
        _spared(self.get_params(ctx))
        for given in args[: args.index("--")] if "--" in args else args:
            short, value = given[:2], given[3:]
            named = next((each.opts for each in self.params if short in each.opts), ())
            if given[2:3] == "=" and named:
                long = next((each for each in named if each.startswith("--")), short)
                raise UsageError(tr("{given}: a short option takes no =; write {short} {value} or {long}={value}", given=given, short=short, long=long, value=value))  # fmt: skip
        return super().parse_args(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        with _in_the_language_spoken(self, ctx):
            super().format_help(ctx, formatter)

    def get_usage(self, ctx: Any) -> str:
        return usage(super().get_usage(ctx))


class Commands(TyperGroup):
    """All commands, each built when it is wanted."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands: dict[str, Any] = dict.fromkeys(ENTRIES)
        """By name; None for one that is not built yet."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        _spared(self.get_params(ctx))
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: Any) -> list[str]:
        return list(ENTRIES)

    def get_command(self, ctx: Any, name: str) -> Any:
        if name in ENTRIES and self.commands[name] is None:
            self.commands[name] = _built(name, ENTRIES[name])
        return self.commands.get(name)

    def every(self) -> list[Any]:
        return [self.get_command(None, name) for name in ENTRIES]

    def get_usage(self, ctx: Any) -> str:
        return usage(super().get_usage(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        page()


def _built(name: str, entry: Entry) -> Any:
    module, _, function = entry.place.partition(".")
    alone = typer.Typer(add_completion=False)
    does = getattr(import_module(f"aipm_agents.cli.{module}"), function)
    alone.command(name, cls=SpokenCommand, help=entry.does, rich_help_panel=entry.panel)(spelt_out(does))
    return typer.main.get_command(alone)


def texts(commands: Commands) -> Iterator[str]:
    """Every text of the front page and of the pages behind it."""
    for command in (commands, *commands.every()):
        yield from filter(None, (command.help, command.rich_help_panel))
        for param in command.params:
            yield from filter(None, (getattr(param, "help", None), getattr(param, "rich_help_panel", None)))


@contextmanager
def _in_the_language_spoken(command: SpokenCommand, ctx: Any) -> Iterator[None]:
    """While it lasts, Typer writes the page of this command in it."""
    if spoken() == "en":
        yield
        return
    import rich.text
    from typer import rich_utils

    from aipm_agents.report.papers.typography import breaks

    # Rich breaks a line at spaces alone, and would cut a Chinese help text off with dots
    put: list[tuple[Any, str, Any]] = [
        (rich.text, "divide_line", lambda text, width, fold=True: breaks(text, width))
    ]
    put += [(rich_utils, name, tr(text)) for name, text in _CONSTANTS.items()]
    for one in (command, *command.get_params(ctx)):
        put += [
            (one, name, tr(text))
            for name in ("help", "rich_help_panel")
            if (text := getattr(one, name, None))
        ]
    before = [(where, name, getattr(where, name)) for where, name, _ in put]
    for where, name, value in put:
        setattr(where, name, value)
    try:
        yield
    finally:
        for where, name, value in before:
            setattr(where, name, value)


def complaint(said: str, path: str) -> str:
    """What Typer complains of, as we say it; `path` is the command it happened in, such as `aipm run`."""
    for pattern, text in _COMPLAINTS:
        if found := re.fullmatch(pattern, said, re.DOTALL):
            slots = {
                name: value.replace("', '", tr(", ")).replace("'", "")
                for name, value in found.groupdict().items()
            }
            said = tr(text, **slots)
            break
    return tr("{what}; `{path} --help` tells what there is", what=said, path=path)
