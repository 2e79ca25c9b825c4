"""The scenario format as JSON Schema draft 7, which yaml-language-server reads."""

from __future__ import annotations

import ast
import inspect
from itertools import pairwise
from textwrap import dedent
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from aipm_agents.scenario.model import Scenario
from aipm_agents.scenario.packs import names


def scenario_schema() -> dict[str, Any]:
    """Pydantic writes 2020-12; renaming `$defs` is all that keeps ours from draft 7."""
    schema = _renamed(Scenario.model_json_schema(by_alias=True, schema_generator=_Described))
    assert isinstance(schema, dict)
    rule = schema["definitions"]["Criterion"]["properties"]["rule"]
    either = [rule["items"], {"type": "array", "items": rule.pop("items")}]
    schema["definitions"]["Criterion"]["properties"]["rule"] = {
        **{key: value for key, value in rule.items() if key != "type"},
        "anyOf": either,
    }  # fmt: skip - the reader takes one rule for a list of one
    schema["properties"]["uses"]["items"] = {"enum": names()}
    return {"$schema": "http://json-schema.org/draft-07/schema#", **schema}


class _Described(GenerateJsonSchema):
    """Each field with the docstring that stands below it: read here and not when the models are made, for
    reading source takes longer than all the rest of a start."""

    def model_schema(self, schema: Any) -> dict[str, Any]:
        made = super().model_schema(schema)
        for name, told in _docstrings(schema["cls"]).items():
            key = schema["cls"].model_fields[name].alias or name
            made["properties"][key]["description"] = told
        return made

    def encode_default(self, dft: Any) -> Any:
        """Of a model that nobody has needed yet, its serializer is made first: Pydantic before 2.13 does not do it."""
        if isinstance(dft, BaseModel):
            type(dft).model_rebuild()
        return super().encode_default(dft)


def _docstrings(kind: type) -> dict[str, str]:
    """Field -> the text in quotes below it, in the source of a model."""
    (written,) = ast.parse(dedent(inspect.getsource(kind))).body
    assert isinstance(written, ast.ClassDef)
    return {
        field.target.id: inspect.cleandoc(below.value.value)
        for field, below in pairwise(written.body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
        and isinstance(below.value.value, str)
    }  # fmt: skip


def _renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {("definitions" if key == "$defs" else key): _renamed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item) for item in value]
    if isinstance(value, str):
        return value.replace("#/$defs/", "#/definitions/")
    return value
