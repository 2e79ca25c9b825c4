from __future__ import annotations

from typing import Annotated

import typer

from aipm_agents.cli import play, runs, seating
from aipm_agents.errors import UsageError


def resume(
    transcript: Annotated[str, typer.Argument(help="A path, a run id or its prefix, or latest.")] = "latest",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object instead of the run.")
    ] = False,
    display: Annotated[play.Display, typer.Option(help="How to show it.")] = play.Display.conversation,
    base_url: seating.BaseUrl = None,
    max_tokens: seating.MaxTokens = None,
    max_calls: seating.MaxCalls = None,
    timeout: seating.Timeout = seating.TIMEOUT,
    concurrency: seating.Concurrency = seating.CONCURRENCY,
    answer_tokens: seating.AnswerTokens = None,
    cassette: seating.CassetteOption = None,
    offline: seating.Offline = False,
    price: seating.PriceOption = None,
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
    prices = seating.prices(price)
    means = seating.Means(
        base_url, record.header.volatile.get("base_url"), max_tokens, max_calls, timeout, concurrency,
        answer_tokens, cassette, offline,
    )  # fmt: skip
    kinds = {**dict.fromkeys(record.scenario.parties, "embedded"), **record.seats}
    with seating.seated(kinds, means) as seats:
        try:
            recorder = Recorder(record.path, held=record.held, durable=seats.costly)
        except OSError as error:
            raise UsageError(f"{record.path}: the run cannot be written on: {error.strerror}") from None
        with recorder:
            play.to_the_end(
                recorder, record, seats,
                display=display, as_json=as_json, concurrency=concurrency, prices=prices,
            )  # fmt: skip
