from __future__ import annotations

from typing import Annotated

import typer

from aipm_agents.cli import play, runs
from aipm_agents.errors import UsageError


def run(
    scenario: Annotated[str, typer.Argument(help="A scenario file, or the id of a bundled one.")],
    seed: Annotated[int, typer.Option(help="The same seed plays the same run.")] = 0,
    output: Annotated[
        str | None, typer.Option("-o", "--output", help="Where to keep the transcript.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object instead of the run.")
    ] = False,
    display: Annotated[play.Display, typer.Option(help="How to show it.")] = play.Display.conversation,
    seat: Annotated[list[str] | None, typer.Option(help="Who plays a role, as ROLE=KIND.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be run, and stop.")] = False,
) -> None:
    """Negotiate a scenario to its decision, and keep the transcript."""
    from pathlib import Path

    from aipm_agents.report.wording import as_json as dumped
    from aipm_agents.report.wording import clean
    from aipm_agents.scenario.library import locate
    from aipm_agents.scenario.reader import read
    from aipm_agents.transcript import Recorder, new_header, new_path

    decided = read(locate(scenario))
    chosen = play.parsed(seat or [])
    players = play.seats(decided, chosen)
    if dry_run:
        plan = {role: player.kind for role, player in players.items()}
        if as_json:
            print(dumped({"scenario": decided.id, "seats": plan, "rounds": decided.rounds, "model_calls": 0}))
            return
        print(f"{clean(decided.title)}: at most {decided.rounds} rounds, no model calls, no tokens.")
        for role, kind in plan.items():
            print(f"  {clean(decided.card(role).title)}: {kind}")
        return
    header = new_header(decided, seed)
    path = Path(output) if output else new_path(runs.folder(), header)
    try:
        recorder = Recorder(path, header)
    except OSError as error:
        if path.exists():
            raise UsageError(f"{path} is already there; choose another name for the transcript") from None
        raise UsageError(
            f"{path}: the transcript cannot be written there: {error.strerror}; choose a place with -o or AIPM_RUNS"
        ) from None
    with recorder:
        play.to_the_end(recorder, header, (), players, display=display, as_json=as_json)
