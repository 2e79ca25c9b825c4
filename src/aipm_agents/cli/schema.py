from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Kind(StrEnum):
    scenario = "scenario"


def schema(
    kind: Annotated[Kind, typer.Argument(help="What to describe.")] = Kind.scenario,
) -> None:
    import json

    from aipm_agents.scenario.schema import scenario_schema

    print(json.dumps(scenario_schema(), indent=2, ensure_ascii=False))
