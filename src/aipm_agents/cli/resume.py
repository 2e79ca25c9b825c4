from __future__ import annotations

from typing import Annotated

import typer

from aipm_agents.cli import play, runs
from aipm_agents.errors import UsageError


def resume(
    transcript: Annotated[str, typer.Argument(help="A path, a run id or its prefix, or latest.")] = "latest",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object instead of the run.")
    ] = False,
    display: Annotated[play.Display, typer.Option(help="How to show it.")] = play.Display.conversation,
) -> None:
    """Go on with a run that was broken off, from its transcript alone."""
    from aipm_agents.report.wording import as_json as dumped
    from aipm_agents.transcript import Recorder, read

    record = read(runs.locate(transcript))
    assert record.path is not None
    if record.decision is not None:
        if as_json:
            print(dumped(play.summary(record.header, record.events, record.path)))
        else:
            handle = runs.handle(record.path, record.header)
            print(f"Already decided ({record.decision.outcome}); see it with: aipm show {handle}")
        return
    players = play.seats(record.scenario, record.seats)
    try:
        recorder = Recorder(record.path)
    except OSError as error:
        raise UsageError(f"{record.path}: the run cannot be written on: {error.strerror}") from None
    with recorder:
        play.to_the_end(recorder, record.header, record.events, players, display=display, as_json=as_json)
