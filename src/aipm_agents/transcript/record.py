"""What a record is: its header, its events, and how one line of it is spelt."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints

from aipm_agents.redaction import in_free_text
from aipm_agents.scenario.model import Scenario
from aipm_agents.scenario.values import Frozen, One
from aipm_agents.styles import StyleName
from aipm_agents.table.events import Seated, plain
from aipm_agents.table.record import Record
from aipm_agents.table.silence import before_silence
from aipm_agents.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_agents.roles import Role
    from aipm_agents.table.events import Decided, Event

FORMAT = 1
_SHA256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Parent(Frozen):
    """The run this one branches from: all before the round is the parent's, word for word."""

    run_id: str
    round: Annotated[int, Field(ge=0)]
    """The first round that is played anew."""


class Variation(Frozen):
    """How a run of a sweep differs from the scenario as it was written."""

    origin: _SHA256
    """SHA-256 of the scenario before anything was changed."""
    factors: dict[str, str] = {}
    """What was set -> to what, both spelt as `aipm sweep --vary KEY=VALUE` takes them."""


WHO_PLAYS = (
    "model", "seat", "seats", "pm_style", "temperature", "top_p", "reasoning_effort", "model_seed", "incentive",
    "prompt_file", "scratchpad", "aids", "leak_filter",
)  # fmt: skip
"""Factors that change no scenario."""
WITHOUT, NOTHING, AS_WRITTEN = "without", "none", "as-written"
"""The factor that switches a checkpoint off, its value that switches none off, and the value of any factor
that leaves the scenario as it is."""


def _told(volatile: dict[str, Any]) -> dict[str, Any]:
    for key, value in volatile.items():
        if not (isinstance(value, str) if key in _TEXTS else plain(value)):
            raise ValueError(f"{key} has another form")
    return volatile


_TEXTS = ("run_id", "started", "aipm", "base_url", "prompts")


class Header(Frozen):
    kind: Literal["header"] = "header"
    transcript: One = 1
    scenario: Scenario
    scenario_sha256: _SHA256
    seed: int
    parent: Parent | None = None
    variation: Variation | None = None
    """None for a run that is part of no sweep."""
    pm_style: StyleName | None = None
    """How the PM leads, where it was told to lead in a certain way."""
    controls: dict[str, str] = {}
    """What a study set of its model seats, spelt as `aipm sweep --vary` takes it."""
    volatile: Annotated[dict[str, Any], AfterValidator(_told)] = {}
    """`run_id`, `started` (UTC), `aipm` (version), and where models play `base_url` and `prompts`."""

    @property
    def changes(self) -> dict[str, str]:
        """What was set otherwise than the scenario was written: path -> value. Who plays is no part of it."""
        factors = self.variation.factors if self.variation else {}
        return {
            key: text
            for key, text in factors.items()
            if key.partition(".")[0] not in (*WHO_PLAYS, WITHOUT) and text != AS_WRITTEN
        }

    @property
    def without(self) -> str | None:
        """The checkpoint, or the half of one, that was switched off: such a run is an ablation."""
        gate = self.variation.factors.get(WITHOUT, NOTHING) if self.variation else NOTHING
        return None if gate in (NOTHING, AS_WRITTEN) else gate

    @property
    def run_id(self) -> str:
        return str(self.volatile.get("run_id", "unnamed"))


@dataclass(frozen=True)
class Transcript:
    header: Header
    events: tuple[Event, ...]
    path: Path | None = None
    held: tuple[Event, ...] = ()
    """Answers of a phase that was broken off, not yet part of the record; nobody may see them."""

    @property
    def scenario(self) -> Scenario:
        return self.header.scenario

    @cached_property
    def record(self) -> Record:
        """What the events come to, worked out once."""
        return Record(self.scenario, self.events, seed=self.header.seed)

    @property
    def decision(self) -> Decided | None:
        """None for a run that was broken off."""
        return self.record.decision

    @property
    def seats(self) -> dict[Role, str]:
        """Role -> what played it; a later seating replaces an earlier one."""
        seats: dict[Role, str] = {}
        for event in self.events:
            if isinstance(event, Seated):
                seats |= event.seats
        return seats

    def to_go_on_from(self) -> Transcript:
        """As it is when the run goes on: rounds in which nobody could speak are asked again, and so is whoever
        could not in the phase that was broken off."""
        heard = tuple(event for event in self.held if getattr(event, "fault", None) is None)
        return replace(self, events=self.events if heard else before_silence(self.events), held=heard)


def new_header(
    scenario: Scenario, seed: int,
    *, base_url: str | None = None, prompts: str | None = None, run_id: str | None = None,
    variation: Variation | None = None, parent: Parent | None = None, pm_style: StyleName | None = None,
    controls: Mapping[str, str] | None = None,
) -> Header:  # fmt: skip
    """`base_url`: where the models of this run are, `prompts`: a digest of what they are told, if it has any."""
    stamp = {"run_id": run_id or secrets.token_hex(4), "started": _now(), "aipm": __version__}
    if base_url is not None:
        stamp["base_url"] = base_url
    if prompts is not None:
        stamp["prompts"] = prompts
    return Header(
        scenario=scenario,
        scenario_sha256=scenario.digest,
        seed=seed,
        variation=variation,
        parent=parent,
        pm_style=pm_style,
        controls=dict(controls or {}),
        volatile=stamp,
    )


def new_path(folder: Path, header: Header) -> Path:
    """`20260921-093000-refund-copilot-1f2e3d4c.jsonl` in the runs folder."""
    stamp = str(header.volatile["started"]).replace("-", "").replace(":", "").replace("T", "-")[:15]
    return folder / f"{stamp}-{header.scenario.id}-{header.run_id}.jsonl"


def is_whole(text: bytes) -> bool:
    """Whether what stands after the last line break is a line that only lacks its own; a torn one is no JSON."""
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def held_file(path: Path) -> Path:
    """Beside the record: answers that are not part of it yet."""
    return path.with_name(path.name + ".held")


def draft_file(path: Path) -> Path:
    """Beside the record: the turn a person has begun to put together."""
    return path.with_name(path.name + ".draft")


def first_line(header: Header) -> dict[str, Any]:
    """A header as plain data; what a run is no part of is left out."""
    data = header.model_dump(mode="json", exclude={"scenario"}, exclude_defaults=True)
    return {
        "kind": "header", "transcript": header.transcript, **data, "scenario": header.scenario.plain(),
    }  # fmt: skip


def line(event: Event) -> dict[str, Any]:
    """An event as plain data: its kind first, defaults left out, and no key in it."""
    data = in_free_text(event.model_dump(mode="json", exclude_defaults=True))
    return {"kind": event.kind, "round": event.round, "role": event.role, **data}


def as_bytes(data: dict[str, Any]) -> bytes:
    """One line of the file. Half a surrogate pair (in an error text, say) is no UTF-8; it is written as JSON
    does: `\\udc80`."""
    return (dumped(data) + "\n").encode("utf-8", "backslashreplace")


def dumped(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
