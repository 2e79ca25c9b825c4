"""The command line, `aipm`. Each command loads, calls, prints, and returns an exit code."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from types import ModuleType
from typing import Any, cast

from aipm_agents import keyring, language
from aipm_agents.errors import AipmError, OutputError, UsageError
from aipm_agents.language import tr
from aipm_agents.redaction import Redacting


def _read_dotenv() -> None:
    """What `.env` says of ours, where the environment does not say it. Names of others are not ours to set.
    Keys and addresses stay apart: what goes where depends on who said it."""
    keyring.take_in({}, "")
    if not os.path.isfile(".env"):
        return
    from dotenv import dotenv_values

    path = os.path.abspath(".env")
    try:
        values = dotenv_values(".env", interpolate=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(tr(".env: cannot be read: {error}", error=error)) from None
    ours = {name: value for name, value in values.items() if value and name.startswith(_OURS)}
    for name, value in ours.items():
        if "\0" in value:
            raise UsageError(tr(".env: {name} holds a NUL character; take it out", name=name))
        if name.startswith("AIPM_"):
            os.environ.setdefault(name, value)
    keyring.take_in(ours, path)


_OURS = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "AIPM_")


_LIGHTER = {
    "PYDANTIC_DISABLE_PLUGINS": "__all__",  # to look for some, it reads every package there is
    "OPENBLAS_NUM_THREADS": "1",  # numpy would start threads that nothing here is large enough for
}


def _lightly() -> None:
    """What a start need not do; what the environment says otherwise counts. What is made while a command starts is there
    to stay, and what is there when it ends goes with the process: neither is searched for garbage."""
    for name, value in _LIGHTER.items():
        os.environ.setdefault(name, value)
    if os.environ["PYDANTIC_DISABLE_PLUGINS"] == "__all__":
        # the real one brings email, sockets and zip files, to find none
        loader = ModuleType("pydantic.plugin._loader")
        loader.get_plugins = tuple  # type: ignore[attr-defined]
        sys.modules.setdefault(loader.__name__, loader)
    gc.set_threshold(300_000)
    gc.callbacks.append(_started)
    atexit.register(gc.freeze)


def _started(*_: object) -> None:
    """At the first search: from here on, what a long run leaves behind is looked for as often as it pays."""
    gc.set_threshold(50_000, 20, 20)
    gc.callbacks.remove(_started)


def main() -> None:
    _lightly()
    for name, way in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if (
            getattr(sys, name) is None
        ):  # closed by whoever called; nothing comes from there, nothing goes there
            setattr(sys, name, open(os.devnull, way))  # noqa: SIM115 - for as long as we run
    if not os.environ.get("COLUMNS", "80").strip("0 "):
        del os.environ["COLUMNS"]  # a terminal without a width is one that does not say it
    if hasattr(sys.stdout, "reconfigure"):  # a terminal that lacks a character shows its number
        sys.stdout.reconfigure(errors="backslashreplace")
    with (
        redirect_stdout(cast("Any", Redacting(sys.stdout))),
        redirect_stderr(cast("Any", Redacting(sys.stderr))),
    ):
        try:
            _spoken_to()
        finally:
            _sent()


def _sent() -> None:
    """What is still on its way goes out, or is told: Python would only say that an exception was ignored."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OutputError, OSError) as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
            if isinstance(error, OutputError) and stream is sys.stdout:
                _complain(str(error))
                sys.exit(error.exit_code)


def _spoken_to() -> None:
    debug = "--debug" in sys.argv
    try:
        words, lang = _language_of(sys.argv[1:])
        language.settle(None, os.environ)  # so that a mistake in what follows is told in words one can read
        _read_dotenv()
        _settle(lang)
        _called(words)
    except AipmError as error:
        if debug:
            _show_where(error)
        _complain(str(error))
        sys.exit(error.exit_code)
    except Exception as error:
        if debug:
            _show_where(error)
        what = f"{type(error).__name__}: {error}"
        _complain(tr("a fault of ours, not of yours: {what}; `aipm --debug` shows where", what=what))
        sys.exit(1)


def _show_where(error: Exception) -> None:
    """The traceback, whole: Python's own way would send it piece by piece, and a key in it too."""
    import traceback

    print("".join(traceback.format_exception(error)), end="", file=sys.stderr)


def _settle(lang: str | None) -> None:
    if lang is not None and lang not in language.LANGUAGES:
        names = tr("{one} and {other}", one=language.LANGUAGES[0], other=language.LANGUAGES[1])
        raise UsageError(tr("--lang {lang}: there is {names}", lang=lang, names=names))
    language.settle(lang, os.environ)


def _called(words: list[str]) -> None:
    """A command, with its help and its complaints in the language spoken."""
    asked = (
        words[2:] if words[:1] == ["--lang"] else [word for word in words if not word.startswith("--lang=")]
    )
    if asked in ([], ["--help"]) and "_AIPM_COMPLETE" not in os.environ:
        from aipm_agents.cli import front

        front.page()
        sys.exit(0 if asked else 2)
    import typer
    from typer.exceptions import TyperException

    from aipm_agents.cli import manual
    from aipm_agents.cli.app import app

    command = typer.main.get_command(app)
    try:
        sys.exit(command.main(words, prog_name="aipm", standalone_mode=False) or 0)
    except typer.Abort:
        sys.exit(1)
    except TyperException as error:
        context = getattr(error, "ctx", None)
        if said := error.format_message():  # empty where the help page was the answer
            _complain(manual.complaint(said, context.command_path if context else "aipm"))
        sys.exit(error.exit_code)


def _language_of(words: list[str]) -> tuple[list[str], str | None]:
    """`--lang` is every command's: wherever it stands (before a `--`), it is read first, and here, because help
    pages are made before any command runs. Gives the words with it in front, and what it names."""
    end = words.index("--") if "--" in words else len(words)
    for place, word in enumerate(words[:end]):
        if word.startswith("--lang="):
            return [word, *words[:place], *words[place + 1 :]], word.removeprefix("--lang=")
        if word == "--lang":
            said = words[place : place + 2]
            return [*said, *words[:place], *words[place + 2 :]], said[-1] if len(said) > 1 else None
    return words, None


def _complain(text: str) -> None:
    from aipm_agents.report.papers.plain_text import clean

    print(f"aipm: {clean(text)}", file=sys.stderr)
