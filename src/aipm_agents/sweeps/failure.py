"""The record of a run that came to nothing: how, and why."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ValidationError

from aipm_agents.errors import TranscriptError
from aipm_agents.language import tr
from aipm_agents.scenario.values import Frozen

if TYPE_CHECKING:
    from pathlib import Path

    from aipm_agents.sweeps.plan import Task
    from aipm_agents.sweeps.play import Played


class Failure(Frozen):
    failed: Literal[1] = 1
    run_id: str
    scenario: str
    seed: int
    origin: str
    factors: dict[str, str] = {}
    seats: dict[str, str]
    reason: str
    why: str
    when: str

    @property
    def row(self) -> dict[str, Any]:
        """Its row among those of runs that came to a decision."""
        return {
            "run_id": self.run_id, "scenario": self.scenario, "origin_sha256": self.origin, "seed": self.seed,
            **{f"factor.{key}": value for key, value in self.factors.items()}, "decision": "failed", "why": self.why,
        }  # fmt: skip


def recorded(played: Played, task: Task) -> str:
    """What is kept of a run that failed."""
    made = Failure(
        run_id=played.name, scenario=json.loads(task.scenario)["id"], seed=task.seed, **task.variation,
        seats=dict(task.seats), reason=str(played.reason), why=played.why,
        when=datetime.now(UTC).isoformat(timespec="seconds"),
    )  # fmt: skip
    return json.dumps(made.model_dump(), ensure_ascii=False) + "\n"


def read(path: Path) -> Failure:
    """Raises `TranscriptError` for what is no such record, or another run's."""
    try:
        found = Failure.model_validate_json(path.read_bytes())
    except OSError as error:
        why = str(error.strerror)
    except ValidationError as error:
        why = error.errors(include_url=False)[0]["msg"]
    else:
        if found.run_id == path.stem:
            return found
        why = tr("it is of another run, {run_id}", run_id=found.run_id)
    raise TranscriptError(
        tr(
            "{path}: is no record of a failed run: {why}; take it away, and the run is tried again",
            path=path,
            why=why,
        )
    )
