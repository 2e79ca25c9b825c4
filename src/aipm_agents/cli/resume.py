from __future__ import annotations

from typing import Annotated

import typer

from aipm_agents.cli import play, runs


def resume(
    transcript: Annotated[str, typer.Argument(help="A path, a run id or its prefix, or latest.")] = "latest",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object instead of the run.")
    ] = False,
    display: Annotated[play.Display, typer.Option(help="How to show it.")] = play.Display.conversation,
) -> None:
    """Go on with a run that was broken off, from its transcript alone."""
    import json

    from aipm_agents.transcript import Recorder, read

    record = read(runs.locate(transcript))
    assert record.path is not None
    if record.decision is not None:
        if as_json:
            print(json.dumps(play.summary(record.header, record.events, record.path), ensure_ascii=False))
        else:
            print(
                f"Already decided ({record.decision.outcome}); see it with: aipm show {record.header.run_id}"
            )
        return
    players = play.seats(record.scenario, record.seats)
    with Recorder(record.path) as recorder:
        play.to_the_end(recorder, record.header, record.events, players, display=display, as_json=as_json)
