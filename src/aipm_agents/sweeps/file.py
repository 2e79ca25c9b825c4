"""The sweep file: what a sweep says, as YAML, written beside its results and read back."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from aipm_agents.errors import ScenarioError
from aipm_agents.language import tr
from aipm_agents.scenario import yaml
from aipm_agents.scenario.marked import Mark, YamlError
from aipm_agents.scenario.problems import Problem, dotted
from aipm_agents.scenario.reader import MAX_BYTES
from aipm_agents.sweeps.plan import Sweep

NAME = "sweep.yaml"
HEAD = "# What was swept; `aipm sweep` with this file does what is still missing.\n"
"""The first line of a file that a sweep wrote; those that people write begin otherwise."""


def is_sweep(path: Path) -> bool:
    """Whether a file says that it is one, in a line that begins with `sweep:`."""
    try:
        with path.open("rb") as file:
            head = file.read(MAX_BYTES)
    except OSError:
        return False
    return head.startswith(b"sweep:") or b"\nsweep:" in head


def read(path: Path) -> Sweep:
    """The sweep in a file. Raises `ScenarioError` with each fault and its line."""
    try:
        document = yaml.parse(path.read_bytes()[:MAX_BYTES].decode("utf-8-sig"))
    except OSError as error:
        raise ScenarioError(
            [_problem(path, Mark(1, 1), "", tr("cannot be read: {strerror}", strerror=error.strerror))]
        ) from None
    except UnicodeDecodeError:
        raise ScenarioError([_problem(path, Mark(1, 1), "", tr("is not UTF-8 text"))]) from None
    except YamlError as error:
        raise ScenarioError([_problem(path, error.mark, "", error.message)]) from None
    try:
        return Sweep.model_validate(_texts(document.data))
    except ValidationError as error:
        raise ScenarioError([
            _problem(path, document.mark(where), dotted(where), _in_words(message))
            for where, message in ((e["loc"], e["msg"]) for e in error.errors(include_url=False))
        ]) from None  # fmt: skip


def written(sweep: Sweep) -> str:
    """A sweep as YAML; every text stands as JSON writes it, which YAML reads."""
    lines = [f"sweep: {sweep.sweep}"]
    lines += [f"scenarios: {_flow(sweep.scenarios)}", f"seeds: {json.dumps(sweep.seeds)}"]
    lines += ["mute: true"] if sweep.mute else []
    lines += ["vary:"] if sweep.vary else []
    lines += [f"  {json.dumps(key)}: {_flow(values)}" for key, values in sweep.vary.items()]
    return HEAD + "\n".join(lines) + "\n"


def _flow(texts: tuple[str, ...]) -> str:
    return json.dumps(list(texts), ensure_ascii=False)


def _texts(data: Any) -> Any:
    """Values as `--vary` takes them: a number as it is written, nothing as nothing, roles joined by +."""
    if not isinstance(data, dict):
        return data
    made = dict(data)
    if isinstance(made.get("scenarios"), str):
        made["scenarios"] = [made["scenarios"]]
    if isinstance(made.get("seeds"), int) and not isinstance(made["seeds"], bool):
        made["seeds"] = str(made["seeds"])
    if isinstance(made.get("vary"), dict):
        made["vary"] = {
            key: [_text(each) for each in value] if isinstance(value, list) else [_text(value)]
            for key, value in made["vary"].items()
        }
    return made


def _text(value: Any) -> Any:
    match value:
        case None:
            return ""
        case bool():
            return value  # no key takes one, and the model says so
        case int() | Decimal():
            return str(value)
        case list() if all(isinstance(each, str) for each in value):
            return "+".join(value)
    return value


def _in_words(message: str) -> str:
    return message.removeprefix("Value error, ")


def _problem(path: Path, mark: Mark, where: str, message: str) -> Problem:
    return Problem(str(path), mark.line, mark.column, "error", where, "", message)
