"""Reading a record back, and saying exactly what is wrong where it is damaged."""

from __future__ import annotations

import hashlib
import json
import os
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from pydantic import TypeAdapter, ValidationError

from aipm_agents.errors import TranscriptError
from aipm_agents.language import tr
from aipm_agents.scenario.checks import check
from aipm_agents.scenario.model import Scenario
from aipm_agents.scenario.problems import dotted
from aipm_agents.table.events import EVENT, Decided
from aipm_agents.table.order import Order
from aipm_agents.transcript.record import FORMAT, Header, Transcript, held_file, is_whole

if TYPE_CHECKING:
    from pathlib import Path

    from aipm_agents.table.events import Event


_BEGINS = b'{"kind":"'


def read(path: Path) -> Transcript:
    """A transcript from its file, finished or broken off; raise `TranscriptError` if it is not one."""
    lines = _lines(path)
    if not lines:
        raise TranscriptError(tr("{path}: is empty or breaks off before its first line ends", path=path))
    header = _header(path, lines[0])
    record = Order(header.scenario, header.seed)
    for number, text in enumerate(lines[1:], start=2):
        if fault := record.take(_event(path, number, text)):
            raise _damaged(path, number, fault)
    return Transcript(header, record.events, path, _held(path, record))


def trusted(text: str, scenario: Scenario) -> Transcript:
    """A transcript that this process has made itself, of this scenario, from its text: nothing is looked over."""
    first, *rest = text.split("\n")[:-1]
    header = Header.model_validate({**json.loads(first), "scenario": scenario})
    return Transcript(header, tuple(EVENT.validate_python(json.loads(each)) for each in rest))


def _held(path: Path, record: Order) -> tuple[Event, ...]:
    """What the side file holds that is not recorded yet: moves of the phase that comes next."""
    side = held_file(path)
    if not os.path.lexists(side) or any(isinstance(event, Decided) for event in record.events):
        return ()  # whatever lies beside a run that is over is no part of it
    if not _is_ours(side):
        raise TranscriptError(
            tr("{path}: lies beside a run and is no side file of it; take it away", path=side)
        )
    due: dict[str, Event] = {}
    for number, text in enumerate(_lines(side), start=1):
        event = _event(side, number, text)
        if record.owed(event):
            if fault := record.unlawful(event):
                raise _damaged(side, number, fault)
            due[event.role] = event
    return tuple(due[role] for role in record.scenario.parties if role in due)


def _damaged(path: Path, number: int, fault: str) -> TranscriptError:
    return TranscriptError(
        tr("{path}:{number}: the event is damaged: {fault}", path=path, number=number, fault=fault)
    )


def _is_ours(side: Path) -> bool:
    """Whether a side file begins as we begin one, torn as it may be."""
    if side.is_symlink() or not side.is_file():
        return False
    try:
        with side.open("rb") as file:
            begins = file.read(len(_BEGINS))
    except OSError:
        return False
    return _BEGINS.startswith(begins)


def _lines(path: Path) -> list[str]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TranscriptError(
            tr("{path}: cannot be read: {strerror}", path=path, strerror=error.strerror)
        ) from None
    data = data.removeprefix(b"\xef\xbb\xbf")  # some editors put a byte order mark there
    whole = data[: data.rfind(b"\n") + 1]  # what follows the last line break is empty, or torn
    if is_whole(data[len(whole) :]):  # or an editor took the line break away
        whole = data + b"\n"
    try:
        return whole.decode("utf-8").split("\n")[:-1]
    except UnicodeDecodeError as error:
        number = whole.count(b"\n", 0, error.start) + 1
        raise TranscriptError(
            tr(
                "{path}:{number}: is not UTF-8 text (byte {start} of the file)",
                path=path,
                number=number,
                start=error.start,
            )
        ) from None


def _header(path: Path, text: str) -> Header:
    data = _json(path, 1, text)
    version = data.get("transcript")
    if data.get("kind") != "header" or version != FORMAT or isinstance(version, bool):
        raise TranscriptError(
            tr(
                "{path}:1: is not a transcript of format {format}; its first line is no such header",
                path=path,
                format=FORMAT,
            )
        )
    try:
        scenario = _scenario(data.get("scenario"))
        header = Header.model_validate({**data, "scenario": scenario})
    except ValidationError as error:
        raise _no_header(path, _first(error)) from None
    except RecursionError:
        raise _no_header(path, tr("it is nested without end")) from None
    except _Unsound as unsound:
        raise _no_header(path, str(unsound)) from None
    if header.scenario_sha256 != scenario.digest:
        raise _no_header(
            path, tr("scenario_sha256: is not that of the scenario; the file was changed by hand")
        )
    return header


def _no_header(path: Path, fault: str) -> TranscriptError:
    return TranscriptError(tr("{path}:1: the header is damaged: {fault}", path=path, fault=fault))


class _Unsound(Exception):
    """A scenario that nobody could play."""


def _scenario(data: object) -> Scenario:
    """Runs of one scenario share it: two thousand of them keep it, and all that is worked out from it, once."""
    key = hashlib.sha256(repr(data).encode("utf-8", "surrogatepass")).digest()
    if key not in _SCENARIOS:
        scenario = _SCENARIO.validate_python({"scenario": data})["scenario"]
        for found in check(scenario):
            if found.level == "error":
                raise _Unsound(f"scenario.{dotted(found.path)}: {found.message}")
        _SCENARIOS[key] = next(
            (each for each in _SCENARIOS.values() if each.digest == scenario.digest), scenario
        )
    while len(_SCENARIOS) > 16:
        _SCENARIOS.pop(next(iter(_SCENARIOS)))
    return _SCENARIOS[key]


_SCENARIOS: dict[bytes, Scenario] = {}
_SCENARIO = TypeAdapter(dict[Literal["scenario"], Scenario])
"""So that what is wrong with it is told as it is of the whole header."""


def _event(path: Path, number: int, text: str) -> Event:
    try:
        event: Event = EVENT.validate_python(_json(path, number, text))
    except ValidationError as error:
        raise _damaged(path, number, _first(error)) from None
    return event


def _json(path: Path, number: int, text: str) -> dict[str, Any]:
    try:
        data = json.loads(text, parse_float=Decimal)
        if isinstance(data, dict) and "volatile" in data:  # times and latencies need no exact decimals
            data["volatile"] = json.loads(json.dumps(data["volatile"], default=float))
    except (ValueError, RecursionError):
        raise TranscriptError(
            tr("{path}:{number}: is not JSON; the file is damaged or no transcript", path=path, number=number)
        ) from None
    if not isinstance(data, dict):
        raise TranscriptError(tr("{path}:{number}: is not an event", path=path, number=number))
    return data


def _first(error: ValidationError) -> str:
    detail = error.errors(include_url=False)[0]
    return f"{'.'.join(str(step) for step in detail['loc'])}: {detail['msg']}"
