from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Kind(StrEnum):
    scenario = "scenario"
    rows = "rows"
    turns = "turns"


def schema(
    kind: Annotated[
        Kind, typer.Argument(help="scenario: a JSON Schema; rows, turns: a list of columns, as JSON.")
    ] = Kind.scenario,
) -> None:
    import json

    if kind is Kind.scenario:
        from aipm_agents.scenario.schema import scenario_schema

        print(json.dumps(scenario_schema(), indent=2, ensure_ascii=False))
        return
    from aipm_agents.analysis.sample.columns import ROWS, TURNS

    known = ROWS if kind is Kind.rows else TURNS
    print(json.dumps([column._asdict() for column in known], indent=2, ensure_ascii=False))
