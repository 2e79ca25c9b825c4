from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class SchemaKind(StrEnum):
    scenario = "scenario"
    rows = "rows"
    turns = "turns"


def schema(
    kind: Annotated[
        SchemaKind, typer.Argument(help="scenario: a JSON Schema; rows, turns: a list of columns, as JSON.")
    ] = SchemaKind.scenario,
) -> None:
    import json

    if kind is SchemaKind.scenario:
        from aipm_agents.scenario.schema import scenario_schema

        print(json.dumps(scenario_schema(), indent=2, ensure_ascii=False))
        return
    from aipm_agents.analysis.sample.columns import ROWS, TURNS

    known = ROWS if kind is SchemaKind.rows else TURNS
    print(json.dumps([column._asdict() for column in known], indent=2, ensure_ascii=False))
