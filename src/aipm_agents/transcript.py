"""The record of a run: JSON Lines, a header and then one event a line. Append, read, go on.

A line is written whole and flushed before the next step of the run. A torn last line (a kill, a
power cut) is dropped on reading and cut off before a run goes on.
"""

from __future__ import annotations

import json
import os
import secrets
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self

from pydantic import ValidationError

from aipm_agents import __version__
from aipm_agents.errors import TranscriptError
from aipm_agents.scenario.checks import check
from aipm_agents.scenario.model import Frozen, Scenario
from aipm_agents.scenario.problems import dotted
from aipm_agents.table.agenda import slot
from aipm_agents.table.events import EVENT, Decided, Seated, Stopped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

    from aipm_agents.roles import Role
    from aipm_agents.table.events import Event

FORMAT = 1
_SURROGATES = "backslashreplace"
"""Half a surrogate pair (in an error text, say) is no UTF-8; this writes it as JSON does: `\\udc80`."""


class Header(Frozen):
    kind: Literal["header"] = "header"
    transcript: Literal[1] = 1
    scenario: Scenario
    scenario_sha256: str
    seed: int
    volatile: dict[str, Any] = {}
    """`run_id`, `started` (UTC) and `aipm` (version)."""

    @property
    def run_id(self) -> str:
        return str(self.volatile.get("run_id", "unnamed"))


class Transcript(NamedTuple):
    header: Header
    events: tuple[Event, ...]
    path: Path | None = None

    @property
    def scenario(self) -> Scenario:
        return self.header.scenario

    @property
    def decision(self) -> Decided | None:
        """None for a run that was broken off."""
        return next((event for event in self.events if isinstance(event, Decided)), None)

    @property
    def seats(self) -> dict[Role, str]:
        """Role -> what played it; a later seating replaces an earlier one."""
        seats: dict[Role, str] = {}
        for event in self.events:
            if isinstance(event, Seated):
                seats |= event.seats
        return seats


def new_header(scenario: Scenario, seed: int) -> Header:
    stamp = {"run_id": secrets.token_hex(4), "started": _now(), "aipm": __version__}
    return Header(scenario=scenario, scenario_sha256=scenario.digest, seed=seed, volatile=stamp)


def new_path(folder: Path, header: Header) -> Path:
    """`20260921-093000-refund-copilot-1f2e3d4c.jsonl` in the runs folder."""
    stamp = str(header.volatile["started"]).replace("-", "").replace(":", "").replace("T", "-")[:15]
    return folder / f"{stamp}-{header.scenario.id}-{header.run_id}.jsonl"


class Recorder:
    """Appends events to one file, each flushed before it returns."""

    def __init__(self, path: Path, header: Header | None = None) -> None:
        """With a header, begin a new file (raises `FileExistsError`); without, go on with an old one."""
        self.path = path
        if header is None:
            _cut_torn_line(path)
            self._file = path.open("a", encoding="utf-8", errors=_SURROGATES)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("x", encoding="utf-8", errors=_SURROGATES)
            data = header.model_dump(mode="json", exclude={"scenario"})
            self._write({**data, "scenario": header.scenario.plain()})

    def append(self, event: Event) -> None:
        self._write(line(event))

    def _write(self, data: dict[str, Any]) -> None:
        self._file.write(dumped(data) + "\n")
        self._file.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def line(event: Event) -> dict[str, Any]:
    """An event as plain data: its kind first, defaults left out."""
    data = event.model_dump(mode="json", exclude_defaults=True)
    return {"kind": event.kind, "round": event.round, "role": event.role, **data}


def dumped(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def read(path: Path) -> Transcript:
    """A transcript from its file, finished or broken off; raise `TranscriptError` if it is not one."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TranscriptError(f"{path}: cannot be read: {error.strerror}") from None
    whole = data[: data.rfind(b"\n") + 1]  # what follows the last line break is empty, or torn
    try:
        lines = whole.decode("utf-8").split("\n")[:-1]
    except UnicodeDecodeError as error:
        number = whole.count(b"\n", 0, error.start) + 1
        raise TranscriptError(
            f"{path}:{number}: is not UTF-8 text (byte {error.start} of the file)"
        ) from None
    if not lines:
        raise TranscriptError(f"{path}: is empty or breaks off before its first line ends")
    header = _header(path, lines[0])
    events: list[Event] = []
    for number, text in enumerate(lines[1:], start=2):
        event = _event(path, number, text)
        if fault := _unfit(header.scenario, event) or _out_of_turn(header.scenario, event, events):
            raise TranscriptError(f"{path}:{number}: the event is damaged: {fault}")
        events.append(event)
    return Transcript(header, tuple(events), path)


def _header(path: Path, text: str) -> Header:
    data = _json(path, 1, text)
    if data.get("kind") != "header" or data.get("transcript") != FORMAT:
        raise TranscriptError(
            f"{path}:1: is not a transcript of format {FORMAT}; its first line is no such header"
        )
    try:
        header = Header.model_validate(data)
    except ValidationError as error:
        raise TranscriptError(f"{path}:1: the header is damaged: {_first(error)}") from None
    for found in check(header.scenario):
        if found.level == "error":
            where = f"scenario.{dotted(found.path)}"
            raise TranscriptError(f"{path}:1: the header is damaged: {where}: {found.message}")
    return header


def _event(path: Path, number: int, text: str) -> Event:
    try:
        return EVENT.validate_python(_json(path, number, text))
    except ValidationError as error:
        raise TranscriptError(f"{path}:{number}: the event is damaged: {_first(error)}") from None


def _out_of_turn(scenario: Scenario, event: Event, before: list[Event]) -> str | None:
    """Whether a slot is filled twice, or after a later one. Where a run was broken off, count anew."""
    last = before[-1] if before else None
    if isinstance(last, Seated | Stopped | None) or isinstance(event, Seated | Stopped):
        return None
    if slot(scenario, last) < slot(scenario, event):
        return None
    return f"its turn is not after that of the {last.kind} before it"


def _unfit(scenario: Scenario, event: Event) -> str | None:
    """The first name in an event that its scenario does not have."""
    roles, criteria, facts = scenario.parties, scenario.criteria, scenario.facts
    choices = {f"{issue.id}: {option.id}" for issue in scenario.issues for option in issue.options}
    for key, name in _names("", event.model_dump(mode="json", exclude={"volatile"})):
        match key:
            case "role" | "to" | "owner" | "yes" | "veto_missing" | "dissent" | "seats":
                known = name in roles
            case "criterion" | "concern" | "asked":
                known = name in criteria
            case "tables" | "too_new" | "evidence":
                known = name in facts
            case "stopped_by":
                known = name in roles or name in criteria
            case "moved_by":
                known = name in facts or name.partition("@")[0] in roles
            case "package" | "give" | "for" | "opens" | "asks":
                known = name in choices
            case _:
                known = True
        if not known:
            return f"{key}: the scenario has no {name!r}"
    package = getattr(event, "package", None)
    if package is not None and len(package) < len(scenario.issues):
        return "package: it leaves an issue open"
    return None


def _names(key: str, value: Any) -> Iterator[tuple[str, str]]:
    """Every text in plain data with the key it stands under; a choice as `issue: option`."""
    match value:
        case str():
            yield key, value
        case list():
            for item in value:
                yield from _names(key, item)
        case {"issue": issue, "options": options}:
            yield from ((key, f"{issue}: {option}") for option in options)
        case dict() if key in ("package", "give", "for", "opens"):
            yield from ((key, f"{issue}: {option}") for issue, option in value.items())
        case dict() if key == "seats":
            yield from ((key, role) for role in value)
        case dict():
            for name, item in value.items():
                yield from _names(name, item)


def _json(path: Path, number: int, text: str) -> dict[str, Any]:
    try:
        data = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise TranscriptError(f"{path}:{number}: is not JSON; the file is damaged or no transcript") from None
    if not isinstance(data, dict):
        raise TranscriptError(f"{path}:{number}: is not an event")
    if "volatile" in data:  # times and latencies need no exact decimals
        data["volatile"] = json.loads(json.dumps(data["volatile"], default=float))
    return data


def _first(error: ValidationError) -> str:
    detail = error.errors(include_url=False)[0]
    return f"{'.'.join(str(step) for step in detail['loc'])}: {detail['msg']}"


def _cut_torn_line(path: Path) -> None:
    with path.open("rb+") as file:
        data = file.read()
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            file.truncate(whole)
            os.fsync(file.fileno())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
