"""A file of NegMAS: an outcome space or a utility function, in YAML or JSON."""

from __future__ import annotations

import json
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, NamedTuple

from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.scenario import yaml
from aipm_agents.scenario.imports.additive import reckonable
from aipm_agents.scenario.imports.instructions import text_of
from aipm_agents.scenario.marked import YamlError

if TYPE_CHECKING:
    from pathlib import Path

_ENDINGS = (".yml", ".yaml", ".json")


class NegmasFile(NamedTuple):
    path: Path
    data: dict[str, Any]

    def fault(self, message: str) -> UsageError:
        return UsageError(f"{self.path}: {message}")


def beside(folder: Path) -> list[NegmasFile]:
    """Files of a folder that say of what type they are, by their names; what cannot be read is none of them."""
    found = []
    for path in sorted(folder.iterdir()):
        if path.suffix in _ENDINGS and path.name[0] not in "._":
            with suppress(UsageError):
                found.append(read_file(path))
    return [file for file in found if kind(file.data)]


def read_file(path: Path) -> NegmasFile:
    text = text_of(path)
    try:
        data = json.loads(text, parse_float=Decimal) if path.suffix == ".json" else yaml.parse(text).data
    except YamlError as error:
        raise UsageError(f"{path}:{error.mark.line}: {error.message}") from None
    except ValueError as error:
        raise UsageError(tr("{path}: is no JSON: {error}", path=path, error=error)) from None
    if not isinstance(data, dict):
        raise UsageError(
            tr("{path}: has no keys, and is neither an outcome space nor a utility function", path=path)
        )
    return NegmasFile(path, data)


def kind(data: Any) -> str:
    """What a part of a file says it is, without its module."""
    found = data.get("type") or data.get("__python_class__") if isinstance(data, dict) else None
    return str(found or "").rpartition(".")[2]


def number(file: NegmasFile, value: Any) -> Decimal:
    try:
        number = Decimal(str(value)) if not isinstance(value, bool) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not reckonable(number):
        raise file.fault(tr("{text} is no number", text=repr(str(value)[:40])))
    return number
