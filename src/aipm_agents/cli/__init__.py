"""The command line, `aipm`. Each command loads, calls, prints, and returns an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from aipm_agents import __version__, language
from aipm_agents.cli import (
    analyze,
    compare,
    debrief,
    doctor,
    export,
    init,
    kit,
    library,
    play,
    replay,
    resume,
    run,
    schema,
    show,
    sweep,
    validate,
)
from aipm_agents.errors import AipmError, UsageError

app = typer.Typer(
    name="aipm", no_args_is_help=True, pretty_exceptions_enable=False, add_completion=True,
    help="A flight simulator for product decisions.",
)  # fmt: skip
_COMMANDS: dict[str, dict[str, Callable[..., None]]] = {
    "Run": {"run": run.run, "play": play.play, "resume": resume.resume, "sweep": sweep.sweep},
    "Read": {"show": show.show, "replay": replay.replay, "compare": compare.compare, "debrief": debrief.debrief, "export": export.export},
    "Author": {
        "list": library.list_scenarios, "analyze": analyze.analyze, "validate": validate.validate,
        "init": init.init, "schema": schema.schema,
    },
    "Teach": {"kit": kit.kit},
    "Set up": {"doctor": doctor.doctor},
}  # fmt: skip
for _panel, _commands in _COMMANDS.items():
    for _name, _command in _commands.items():
        app.command(_name, rich_help_panel=_panel)(_command)

_debug = False


def _version(asked: bool) -> None:
    if asked:
        print(__version__)
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    lang: Annotated[
        str | None, typer.Option("--lang", help="Speak en or zh-Hant; it may stand anywhere on the line.")
    ] = None,
) -> None:
    """A flight simulator for product decisions: run a scenario, read the record, teach with it."""
    global _debug
    _debug = debug
    _read_dotenv()
    if lang is not None and lang not in language.LANGUAGES:
        raise UsageError(f"--lang {lang}: there is {' and '.join(language.LANGUAGES)}")
    language.settle(lang, os.environ)


def _read_dotenv() -> None:
    """What `.env` says of ours, where the environment does not say it. Names of others are not ours to set."""
    if not os.path.isfile(".env"):
        return
    from dotenv import dotenv_values

    try:
        values = dotenv_values(".env", interpolate=False)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f".env: cannot be read: {error}") from None
    for name, value in values.items():
        if name.startswith(("OPENAI_API_KEY", "OPENAI_BASE_URL", "AIPM_")) and value is not None:
            os.environ.setdefault(name, value)


def main() -> None:
    if hasattr(sys.stdout, "reconfigure"):  # a terminal that lacks a character shows its number
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        app(_lang_first(sys.argv[1:]), prog_name="aipm")
    except AipmError as error:
        if _debug:
            raise
        _complain(str(error))
        sys.exit(error.exit_code)
    except Exception as error:
        if _debug:
            raise
        _complain(
            f"a fault of ours, not of yours: {type(error).__name__}: {error}; `aipm --debug` shows where"
        )
        sys.exit(1)


def _lang_first(words: list[str]) -> list[str]:
    """`--lang` is every command's: wherever it stands (before a `--`), it is read first."""
    end = words.index("--") if "--" in words else len(words)
    for place, word in enumerate(words[:end]):
        if word.startswith("--lang="):
            return [word, *words[:place], *words[place + 1 :]]
        if word == "--lang":
            return [*words[place : place + 2], *words[:place], *words[place + 2 :]]
    return words


def _complain(text: str) -> None:
    from aipm_agents.report.wording import clean

    print(f"aipm: {clean(text)}", file=sys.stderr)
