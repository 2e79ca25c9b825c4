"""Reading a record back, and saying exactly what is wrong where it is damaged."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from aipm_agents.errors import TranscriptError
from aipm_agents.language import tr
from aipm_agents.scenario.checks import check
from aipm_agents.scenario.problems import dotted
from aipm_agents.table import studies
from aipm_agents.table.agenda import next_step, phase_of, slot
from aipm_agents.table.checkpoints import ruling_of
from aipm_agents.table.events import EVENT, Reported, Ruled, Seated, Stopped
from aipm_agents.transcript.record import FORMAT, Header, Transcript, held_file, is_whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.events import Event


def read(path: Path) -> Transcript:
    """A transcript from its file, finished or broken off; raise `TranscriptError` if it is not one."""
    lines = _lines(path)
    if not lines:
        raise TranscriptError(tr("{path}: is empty or breaks off before its first line ends", path=path))
    header = _header(path, lines[0])
    events: list[Event] = []
    for number, text in enumerate(lines[1:], start=2):
        event = _event(path, number, text, header.scenario)
        fault = (
            _out_of_turn(header.scenario, event, events)
            or _misruled(header.scenario, event, events)
            or _unearned(header.scenario, event, events)
        )
        if fault:
            raise TranscriptError(
                tr("{path}:{number}: the event is damaged: {fault}", path=path, number=number, fault=fault)
            )
        events.append(event)
    return Transcript(header, tuple(events), path, _held(path, header.scenario, events))


def trusted(text: str, scenario: Scenario) -> Transcript:
    """A transcript that this process has made itself, of this scenario, from its text: nothing is looked over."""
    first, *rest = text.split("\n")[:-1]
    header = Header.model_validate({**json.loads(first), "scenario": scenario})
    return Transcript(header, tuple(EVENT.validate_python(json.loads(each)) for each in rest))


def _held(path: Path, scenario: Scenario, events: list[Event]) -> tuple[Event, ...]:
    """What the side file holds that is not recorded yet: moves of the phase that comes next."""
    side = held_file(path)
    if not side.exists():
        return ()
    arrived = [_event(side, number, text, scenario) for number, text in enumerate(_lines(side), start=1)]
    step = next_step(scenario, tuple(events))
    due = {event.role: event for event in arrived if slot(scenario, event)[:2] == phase_of(step)}
    return tuple(due[role] for role in step.roles if role in due)


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
    if data.get("kind") != "header" or data.get("transcript") != FORMAT:
        raise TranscriptError(
            tr(
                "{path}:1: is not a transcript of format {format}; its first line is no such header",
                path=path,
                format=FORMAT,
            )
        )
    try:
        header = _once(Header.model_validate(data))
    except ValidationError as error:
        raise TranscriptError(
            tr("{path}:1: the header is damaged: {fault}", path=path, fault=_first(error))
        ) from None
    for found in check(header.scenario):
        if found.level == "error":
            where = f"scenario.{dotted(found.path)}"
            raise TranscriptError(
                tr(
                    "{path}:1: the header is damaged: {where}: {message}",
                    path=path,
                    where=where,
                    message=found.message,
                )
            )
    return header


def _once(header: Header) -> Header:
    """Runs of one scenario share it: two thousand of them keep it, and all that is worked out from it, once."""
    known = _SCENARIOS.setdefault(header.scenario.digest, header.scenario)
    while len(_SCENARIOS) > 16:
        _SCENARIOS.pop(next(iter(_SCENARIOS)))
    return header if known is header.scenario else header.model_copy(update={"scenario": known})


_SCENARIOS: dict[str, Scenario] = {}


def _event(path: Path, number: int, text: str, scenario: Scenario) -> Event:
    try:
        event: Event = EVENT.validate_python(_json(path, number, text))
    except ValidationError as error:
        raise TranscriptError(
            tr(
                "{path}:{number}: the event is damaged: {fault}",
                path=path,
                number=number,
                fault=_first(error),
            )
        ) from None
    if fault := _unfit(scenario, event):
        raise TranscriptError(
            tr("{path}:{number}: the event is damaged: {fault}", path=path, number=number, fault=fault)
        )
    return event


def _out_of_turn(scenario: Scenario, event: Event, before: list[Event]) -> str | None:
    """Whether a slot is filled twice, or after a later one. Where a run was broken off, count anew."""
    last = before[-1] if before else None
    if isinstance(last, Seated | Stopped | None) or isinstance(event, Seated | Stopped):
        return None
    if slot(scenario, last) < slot(scenario, event):
        return None
    return tr("its turn is not after that of the {kind} before it", kind=last.kind)


def _misruled(scenario: Scenario, event: Event, before: list[Event]) -> str | None:
    """Whether a ruling does not follow from the record before it: rulings are recomputed, not believed."""
    if not isinstance(event, Ruled):
        return None
    ruled = ruling_of(scenario, tuple(before), event.round)
    if ruled is None:
        return tr("there is no package to rule on")
    now = {f.criterion: f.status for f in ruled.findings}
    then = {f.criterion: f.status for f in event.findings}
    same = (ruled.verdicts, ruled.people, set(ruled.team.yes), now) == (
        event.verdicts, event.people, set(event.team.yes), then,
    )  # fmt: skip
    return None if same else tr("it does not follow from the moves before it; the file was changed by hand")


def _unearned(scenario: Scenario, event: Event, before: list[Event]) -> str | None:
    """Whether a study is in that nobody sent for, or before it could be: what is due is worked out too."""
    if not isinstance(event, Reported):
        return None
    due = studies.due(scenario, tuple(before), event.round)
    same = set(due) == set(event.evidence) and due
    return None if same else tr("nothing of the kind was due; the file was changed by hand")


def _unfit(scenario: Scenario, event: Event) -> str | None:
    """The first name in an event that its scenario does not have."""
    roles, criteria, facts = scenario.parties, scenario.criteria, scenario.facts
    choices = {f"{issue.id}: {option.id}" for issue in scenario.issues for option in issue.options}
    for key, name in _names("", event.model_dump(mode="json", exclude={"volatile"})):
        match key:
            case "role" | "to" | "owner" | "yes" | "veto_missing" | "dissent" | "seats" | "by":
                known = name in roles
            case "criterion" | "concern" | "asked":
                known = name in criteria
            case "tables" | "too_new" | "evidence":
                known = name in facts
            case "commissions":
                known = name in facts and facts[name].takes is not None
            case "stopped_by":
                known = name in roles or name in criteria
            case "moved_by":
                known = name in facts or name.partition("@")[0] in roles
            case "package" | "give" | "for" | "opens" | "asks" | "brings":
                known = name in choices
            case _:
                known = True
        if not known:
            return tr("{key}: the scenario has no {name!r}", key=key, name=name)
    package = getattr(event, "package", None)
    if package is not None and len(package) < len(scenario.issues):
        return tr("package: it leaves an issue open")
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
        case {"issue": issue, "option": option}:
            yield key, f"{issue}: {option}"
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
        raise TranscriptError(
            tr("{path}:{number}: is not JSON; the file is damaged or no transcript", path=path, number=number)
        ) from None
    if not isinstance(data, dict):
        raise TranscriptError(tr("{path}:{number}: is not an event", path=path, number=number))
    if "volatile" in data:  # times and latencies need no exact decimals
        data["volatile"] = json.loads(json.dumps(data["volatile"], default=float))
    return data


def _first(error: ValidationError) -> str:
    detail = error.errors(include_url=False)[0]
    return f"{'.'.join(str(step) for step in detail['loc'])}: {detail['msg']}"
