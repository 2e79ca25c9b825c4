"""What happened in a room, on file: `class.jsonl`, one happening a line, on the disk before anybody is told of it."""

from __future__ import annotations

import json
import secrets
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic import ValidationError

from aipm_agents import disk
from aipm_agents.errors import StorageError, TranscriptError
from aipm_agents.language import tr
from aipm_agents.room import tokens
from aipm_agents.room.happenings import HAPPENING, ClassOpened
from aipm_agents.room.shelf import REGISTER
from aipm_agents.transcript import as_bytes, held_file, new_header
from aipm_agents.transcript.lines import claim, cut_torn_line, write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from io import FileIO
    from pathlib import Path

    from aipm_agents.roles import Role
    from aipm_agents.room.happenings import Happening
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.transcript import Header


def new_class(
    scenario: Scenario, *, seed: int, tables: int, minutes: int, patience: int, kinds: Mapping[Role, str], rehearsal: bool = False
) -> ClassOpened:  # fmt: skip
    """The first line of a class."""
    return ClassOpened(
        scenario=scenario, seed=seed, tables=tables, minutes=minutes, patience=patience, kinds=dict(kinds),
        code=tokens.room_code(), secret=secrets.token_urlsafe(24), rehearsal=rehearsal,
    )  # fmt: skip


class Register:
    """The one writer of a class's folder. `happened` is all of it, in order."""

    def __init__(self, folder: Path, opened: ClassOpened | None = None) -> None:
        """With `opened`, begin a class in a folder that has none (raises `FileExistsError`); without, go on with the
        one that is there. Raises `TranscriptError` for what is no class, or is being run by another process."""
        self.folder, self.path = folder, folder / REGISTER
        self.happened: list[Happening] = []
        if opened is not None:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            disk.create(self.path, as_bytes(_line(opened)).decode(), mode=0o600)
        try:
            self._file: FileIO = self.path.open("r+b", buffering=0)
        except OSError as error:
            raise TranscriptError(
                tr("{path}: cannot be read: {strerror}", path=self.path, strerror=error.strerror)
            ) from None
        try:
            claim(self._file, self.path)
            cut_torn_line(self._file)
            self.happened = _read(self.path)
        except BaseException:
            self._file.close()
            raise

    @property
    def opened(self) -> ClassOpened:
        first = self.happened[0]
        assert isinstance(first, ClassOpened)
        return first

    def append(self, happening: Happening) -> None:
        """Raises `StorageError` where it cannot be written; then it has not happened."""
        try:
            write(self._file, as_bytes(_line(happening)), durable=True)
        except OSError as error:
            raise StorageError(
                tr("{path}: cannot be written: {strerror}; all before it is kept", path=self.path, strerror=error.strerror)
            ) from None  # fmt: skip
        self.happened.append(happening)

    def table(self, number: int) -> Path:
        """Where the record of a table is, or will be."""
        return self.folder / f"table-{number:02}.jsonl"

    def header(self, number: int) -> Header:
        """How the record of a table begins. Programs play alike at every table; in a rehearsal that would be one
        meeting many times."""
        seed = self.opened.seed + (number - 1 if self.opened.rehearsal else 0)
        return new_header(self.opened.scenario, seed, run_id=f"{self.opened.code.lower()}{number:02}")

    def close(self) -> None:
        self._file.close()

    def forget(self) -> None:
        """Delete what is kept of this class, and its folder where nothing else lies in it."""
        self.close()
        files = [self.table(number) for number in range(1, self.opened.tables + 1)]
        files += sorted(self.folder.glob("paper-[0-9][0-9].jsonl"))
        for path in (*files, *map(held_file, files), self.path):
            path.unlink(missing_ok=True)
        with suppress(OSError):
            self.folder.rmdir()


class Alone(Register):
    """Of people at one table on one machine nothing is kept but the table's record."""

    def __init__(self, opened: ClassOpened, header: Header, path: Path) -> None:
        self.folder, self.path, self.happened = path.parent, path, [opened]
        self._header = header

    def append(self, happening: Happening) -> None:
        self.happened.append(happening)

    def table(self, number: int) -> Path:
        return self.path

    def header(self, number: int) -> Header:
        return self._header

    def close(self) -> None:
        pass


def _line(happening: Happening) -> dict[str, object]:
    scenario = {"scenario": happening.scenario.plain()} if isinstance(happening, ClassOpened) else {}
    data = happening.model_dump(mode="json", exclude={"scenario", "kind"}, by_alias=True)
    return {"kind": happening.kind, **data, **scenario}


def _read(path: Path) -> list[Happening]:
    happened: list[Happening] = []
    for number, text in enumerate(path.read_bytes().split(b"\n")[:-1], start=1):  # and no other end of a line
        try:
            happening: Happening = HAPPENING.validate_python(json.loads(text, parse_float=Decimal))
        except (ValueError, ValidationError):
            raise TranscriptError(
                tr("{path}:{number}: is no line of a class; the file is damaged", path=path, number=number)
            ) from None
        if (number == 1) != isinstance(happening, ClassOpened):
            raise TranscriptError(tr("{path}:{number}: is no line of a class; the file is damaged", path=path, number=number))  # fmt: skip
        happened.append(happening)
    if not happened:
        raise TranscriptError(tr("{path}: is empty or breaks off before its first line ends", path=path))
    return happened
