"""Help pages and complaints of the command line, in the language spoken: what Typer says for us.

Help texts are written where their options are, in English; `tests/words.py` reads them off the commands, so they
need no `tr`. The other texts here are Typer's own.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from aipm_agents.language import mark, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PANELS = {
    "ARGUMENTS_PANEL_TITLE": mark("Arguments"), "OPTIONS_PANEL_TITLE": mark("Options"),
    "COMMANDS_PANEL_TITLE": mark("Commands"), "ERRORS_PANEL_TITLE": mark("Error"),
    "REQUIRED_LONG_STRING": mark("[required]"), "DEFAULT_STRING": mark("[default: {}]"),
    "ABORTED_TEXT": mark("Aborted."),
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
    (r"Invalid value for (?P<name>.*?): .*'(?P<given>[^']*)' is not one of (?P<words>.*?)\.?", mark("{name}: {given} is not possible; there is {words}")),
    (r"Invalid value for (?P<name>.*?): Input should be a valid integer.*", mark("{name}: a whole number belongs here")),
    (r"Invalid value for (?P<name>.*?): Input should be a valid number.*", mark("{name}: a number belongs here")),
    (r"Invalid value for (?P<name>.*?): Input should be greater than or equal to (?P<bound>\S+)", mark("{name}: at least {bound}")),
    (r"Invalid value for (?P<name>.*?): Input should be less than or equal to (?P<bound>\S+)", mark("{name}: at most {bound}")),
)  # fmt: skip
"""What Typer complains of, and how we say it."""


def texts(command: Any) -> Iterator[str]:
    """Every text of the help pages of a command and those below it."""
    yield from filter(None, (command.help, getattr(command, "rich_help_panel", None)))
    for param in command.params:
        yield from filter(None, (getattr(param, "help", None), getattr(param, "rich_help_panel", None)))
    for each in getattr(command, "commands", {}).values():
        yield from texts(each)


@contextmanager
def translated(command: Any) -> Iterator[None]:
    """While it lasts, the help pages of a command and of those below it are in the language spoken."""
    import rich.text
    from typer import rich_utils

    from aipm_agents.report.papers.typography import breaks

    _turned(command)
    # Rich breaks a line at spaces alone, and would cut a Chinese help text off with dots
    put: list[tuple[Any, str, Any]] = [
        (rich.text, "divide_line", lambda text, width, fold=True: breaks(text, width))
    ]
    put += [(rich_utils, name, tr(text)) for name, text in _PANELS.items()]
    before = [(where, name, getattr(where, name)) for where, name, _ in put]
    for where, name, value in put:
        setattr(where, name, value)
    try:
        yield
    finally:
        for where, name, value in before:
            setattr(where, name, value)


def _turned(command: Any) -> None:
    for one in (command, *command.params):
        for name in ("help", "rich_help_panel"):
            if text := getattr(one, name, None):
                setattr(one, name, tr(text))
    command.options_metavar = tr("[OPTIONS]")
    if hasattr(command, "subcommand_metavar"):
        command.subcommand_metavar = tr("COMMAND [ARGS]...")
    command.get_usage = _worded(command.get_usage, lambda said: said.replace("Usage: ", tr("Usage: "), 1))
    command.get_help_option = _worded(command.get_help_option, _help_option)
    for each in getattr(command, "commands", {}).values():
        _turned(each)


def _worded(made: Callable[[Any], Any], put: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """What Typer makes when a page is asked for, put into words as it is made."""
    return lambda context: put(made(context))


def _help_option(option: Any) -> Any:
    if option is not None:
        option.help = tr("Show this message and exit.")
    return option


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
