from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aipm_agents.cli import play, runs, seating
from aipm_agents.errors import UsageError

if TYPE_CHECKING:
    from aipm_agents.scenario.model import Scenario


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
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be run, and stop.")] = False,
    seat: seating.SeatOption = None,
    model: seating.ModelOption = None,
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
    """Negotiate a scenario to its decision, and keep the transcript."""
    from pathlib import Path

    from aipm_agents.scenario.library import locate
    from aipm_agents.scenario.reader import read
    from aipm_agents.transcript import Recorder, Transcript, new_header, new_path

    decided = read(locate(scenario))
    prices = seating.prices(price)
    kinds = seating.chosen(decided, seat, model)
    means = seating.Means(
        base_url, None, max_tokens, max_calls, timeout, concurrency, answer_tokens, cassette, offline
    )  # fmt: skip
    if dry_run:
        _plan(decided, seating.seated(kinds, means, start=False), as_json)
        return
    with seating.seated(kinds, means) as seats:
        prompts = None
        if seats.board is not None:
            from aipm_agents.seats.model.prompts import fingerprint

            prompts = fingerprint(decided.language)
        header = new_header(decided, seed, base_url=seats.url, prompts=prompts)
        path = Path(output) if output else new_path(runs.folder(), header)
        try:
            recorder = Recorder(path, header, durable=seats.costly)
        except OSError as error:
            if path.exists():
                raise UsageError(f"{path} is already there; choose another name for the transcript") from None
            raise UsageError(
                f"{path}: the transcript cannot be written there: {error.strerror}; choose a place with -o or AIPM_RUNS"
            ) from None
        with recorder:
            play.to_the_end(
                recorder, Transcript(header, ()), seats,
                display=display, as_json=as_json, concurrency=concurrency, prices=prices,
            )  # fmt: skip


def _plan(scenario: Scenario, seats: seating.Seating, as_json: bool) -> None:
    from aipm_agents.report.wording import as_json as dumped
    from aipm_agents.report.wording import clean

    plan = {role: player.kind for role, player in seats.players.items()}
    data = {"scenario": scenario.id, "seats": plan, "rounds": scenario.rounds, "model_calls": 0, "tokens": 0}
    spending = "no model calls, no tokens."
    if seats.board is not None:
        from aipm_agents.seats.model.estimate import likely, most

        bound, usual = most(scenario, seats.players), likely(scenario, seats.players)
        data |= {"model_calls": bound.calls, "tokens": bound.tokens}
        data |= {"likely_calls": usual.calls, "likely_tokens": usual.tokens}
        spending = (
            f"at most {bound.calls} model calls and {bound.tokens:,} tokens, which no run can pass.\n"
            f"If it ends at half its rounds and no answer has to be mended: {usual.calls} calls, "
            f"about {usual.tokens:,} tokens."
        )
    if as_json:
        print(dumped(data))
        return
    print(f"{clean(scenario.title)}: at most {scenario.rounds} rounds, {spending}")
    for role, kind in plan.items():
        print(f"  {clean(scenario.card(role).title)}: {clean(kind)}")
