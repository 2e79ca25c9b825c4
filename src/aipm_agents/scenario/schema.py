"""The scenario format as JSON Schema draft 7, which yaml-language-server reads."""

from __future__ import annotations

from typing import Any

from aipm_agents.scenario.model import Scenario
from aipm_agents.scenario.packs import names


def scenario_schema() -> dict[str, Any]:
    """Pydantic writes 2020-12; renaming `$defs` is all that keeps ours from draft 7."""
    schema = _renamed(Scenario.model_json_schema(by_alias=True))
    assert isinstance(schema, dict)
    rule = schema["definitions"]["Criterion"]["properties"]["rule"]
    either = [rule["items"], {"type": "array", "items": rule.pop("items")}]
    schema["definitions"]["Criterion"]["properties"]["rule"] = {
        **{key: value for key, value in rule.items() if key != "type"},
        "anyOf": either,
    }  # fmt: skip - the reader takes one rule for a list of one
    schema["properties"]["uses"]["items"] = {"enum": names()}
    return {"$schema": "http://json-schema.org/draft-07/schema#", **schema}


def _renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {("definitions" if key == "$defs" else key): _renamed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item) for item in value]
    if isinstance(value, str):
        return value.replace("#/$defs/", "#/definitions/")
    return value
