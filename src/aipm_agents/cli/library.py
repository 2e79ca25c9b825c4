from __future__ import annotations

from typing import Annotated

import typer


def list_scenarios(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list.")] = False,
) -> None:
    """List the bundled scenarios."""
    import json

    from aipm_agents.scenario.library import bundled
    from aipm_agents.scenario.reader import read

    found = [read(path) for path in bundled().values()]
    if as_json:
        print(json.dumps([{"id": s.id, "title": s.title, "question": s.question, "language": s.language,
                           "minutes": s.teaching.minutes if s.teaching else None} for s in found], ensure_ascii=False))  # fmt: skip
        return
    for each in sorted(found, key=lambda s: (s.teaching.minutes or 999) if s.teaching else 999):
        minutes = f"{each.teaching.minutes} min" if each.teaching and each.teaching.minutes else ""
        print(f"{each.id:<20} {minutes:>7}  {each.question}")
    print("\nRun one with: aipm run ID")
