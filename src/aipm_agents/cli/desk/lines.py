"""Where a person's lines come from: a terminal, or a file of lines typed in advance."""

from __future__ import annotations

import re
import sys
import unicodedata
from typing import TYPE_CHECKING, Protocol

from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.report.papers.plain_text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_agents.roles import Role
    from aipm_agents.table.moves import Verb


class Left(Exception):
    """Somebody left the table on purpose: the run waits for them."""


class InputLines(Protocol):
    typed: bool
    """Whether somebody sits there now, who can be asked again."""

    def expect(self, roles: Sequence[Role]) -> None: ...
    def begin(self, role: Role, number: int, verb: Verb) -> None: ...
    def read(self, prompt: str, words: Sequence[str] = ()) -> str:
        """One line, without control characters; raise `Left` where there are no more.

        `words`: what may be completed."""
        ...

    def fault(self, text: str) -> None:
        """Told what is wrong with the last line; raise `UsageError` where nobody can type another."""
        ...


class Terminal:
    typed = True

    def expect(self, roles: Sequence[Role]) -> None:
        pass

    def __init__(self) -> None:
        self._words: Sequence[str] = ()
        try:
            import readline
        except ImportError:  # no completion then, and no line editing of ours
            return
        readline.set_completer(self._complete)
        readline.set_completer_delims(" ,=")
        readline.parse_and_bind("tab: complete")

    def begin(self, role: Role, number: int, verb: Verb) -> None:
        pass

    def read(self, prompt: str, words: Sequence[str] = ()) -> str:
        self._words = words
        try:
            return bare(input(prompt))
        except (EOFError, OSError):  # no more input, or no terminal any more
            raise Left from None
        except UnicodeDecodeError:
            print(f"  ! {tr('that was no text in the encoding of this terminal; nothing was taken')}")
            return ""

    def fault(self, text: str) -> None:
        pass

    def _complete(self, begun: str, number: int) -> str | None:
        fitting = [word for word in self._words if word.casefold().startswith(begun.casefold())]
        return f"{fitting[number]} " if number < len(fitting) else None


_TURN = re.compile(r"\S+ [0-9]{1,6}( sign)?")
MOST = 1_000_000
"""Bytes that lines are read of; a file of answers is a few pages."""


class Script:
    """Lines from a file, or piped. A line `@ROLE ROUND` says whose turn the next ones are for (`@pm 3 sign`
    for the signing); so a run that was broken off finds its place again. Without such lines they are
    taken one after the other. Empty lines and lines that begin with # are for people; `-` is a bare Enter."""

    typed = False

    def __init__(self, name: str, text: str, *, echo: bool = True) -> None:
        self.name, self.at, self.echo = name, 0, echo
        self._parts: dict[str, list[tuple[int, str]]] = {"": []}
        part = ""
        for number, line in enumerate(
            re.split(r"\r\n|\n|\r", text), start=1
        ):  # lines, as an editor counts them
            if line.startswith("@"):
                part = " ".join(line[1:].split()).casefold()
                if not _TURN.fullmatch(part):
                    raise UsageError(
                        tr(
                            "{name}:{number}: {line} names no turn; write it @ROLE ROUND, as in @legal 2, or @pm 3 sign",
                            name=name, number=number, line=line.strip()[:60],
                        )
                    )  # fmt: skip
                part = re.sub(r" 0+(?=\d)", " ", part)
                self._parts.setdefault(part, [])
            elif line.strip() and not line.startswith("#"):
                self._parts[part].append((number, line))
        self._now, self._whose = self._parts[""], ""

    def expect(self, roles: Sequence[Role]) -> None:
        """Raise `UsageError` for lines of somebody who is not seated here."""
        for part in self._parts:
            if part and part.split()[0] not in roles:
                raise UsageError(
                    tr(
                        "{name}: @{part} is for nobody who plays here; there is {names}",
                        name=self.name,
                        part=part,
                        names=tr(", ").join(roles),
                    )
                )

    def begin(self, role: Role, number: int, verb: Verb) -> None:
        self._whose = f"{role} {number}" + (" sign" if verb == "sign" else "")
        self._now = self._parts.get(self._whose, self._parts[""])

    def read(self, prompt: str, words: Sequence[str] = ()) -> str:
        if not self._now:
            raise UsageError(
                tr(
                    "{name}: has no more lines, and the turn @{turn} is not sent yet; everything before it is kept. Each turn of yours needs its own, the opening (@{role} 0) too: a line @{turn}, under it what you do, and `send` last",
                    name=self.name,
                    turn=self._whose,
                    role=self._whose.split()[0],
                )
            )
        self.at, line = self._now.pop(0)
        if self.echo:
            print(clean(f"{prompt}{line}"), flush=True)
        return bare(line)

    def fault(self, text: str) -> None:
        raise UsageError(f"{self.name}:{self.at}: {text}")


def bare(text: str) -> str:
    """A line as people mean it: what a terminal slipped in (escape sequences, control characters, halves
    of characters) is no word of theirs, and a line break within a paste is a space."""
    text = re.sub(r"\x1b(\[[0-9;?]*[ -/]*[@-~]|[@-Z\\-_])", "", text)
    text = "".join(" " if char in "\t\n\r" else char for char in text)
    return "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cs")).strip()


def lines(answers: str | None, *, echo: bool = True) -> InputLines:
    """The terminal, or the file that `--answers` names (`-`: standard input), or what is piped in. `echo`:
    whether lines that nobody types are shown where they would have been typed."""
    if answers is None and sys.stdin is not None and sys.stdin.isatty():
        return Terminal()
    if answers in (None, "-"):
        data = sys.stdin.buffer.read(MOST + 1) if sys.stdin else b""
        return Script(tr("standard input"), _text(data, tr("standard input")), echo=echo)
    try:
        with open(str(answers), "rb") as file:
            return Script(str(answers), _text(file.read(MOST + 1), str(answers)), echo=echo)
    except OSError as error:
        raise UsageError(
            tr("--answers {answers}: cannot be read: {strerror}", answers=answers, strerror=error.strerror)
        ) from None


def _text(data: bytes, name: str) -> str:
    if len(data) > MOST:
        raise UsageError(
            tr("{name}: holds more than {n:,} bytes, and answers are a few pages", name=name, n=MOST)
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            tr("{name}: is not UTF-8 text (byte {start})", name=name, start=error.start)
        ) from None
