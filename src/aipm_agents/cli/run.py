from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aipm_agents import language
from aipm_agents.cli import leading, models, runs, seating, setting, study
from aipm_agents.cli.watching import SPEED, AnswersOption, Display, DisplayOption, SpeedOption
from aipm_agents.language import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_agents.analysis.run.usage import Price
    from aipm_agents.cli.session import Screen
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.styles import StyleName
    from aipm_agents.transcript import Variation


def run(
    scenario: Annotated[str, typer.Argument(help="A scenario file, or the id of a bundled one.")],
    seed: Annotated[int, typer.Option(help="The same seed plays the same run.")] = 0,
    output: Annotated[
        str | None, typer.Option("-o", "--output", help="Where to keep the transcript.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object instead of the run.")
    ] = False,
    display: DisplayOption = Display.conversation,
    speed: SpeedOption = SPEED,
    answers: AnswersOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be run, and stop.")] = False,
    sets: setting.SetOption = None,
    seat: seating.SeatOption = None,
    pm_style: leading.PmStyleOption = None,
    model: seating.ModelOption = None,
    reach: models.ModelOptions = models.AS_USUAL,
    studied: study.StudyOptions = study.AS_USUAL,
    price: models.PriceOption = None,
) -> None:
    from aipm_agents.cli.session import Screen
    from aipm_agents.scenario.library import locate
    from aipm_agents.scenario.reader import read

    path = locate(scenario, language.asked())
    decided, variation = setting.changed(read(path), sets, file=path)
    prices = models.prices(price)
    kinds = seating.chosen(decided, seat, model)
    set_to = studied.controls(kinds, {})
    means = models.Means(**reach._asdict(), controls=set_to, keep_requests=studied.keep_requests)
    style = leading.style(pm_style, kinds)
    leading.note(decided, style)
    if dry_run:
        _plan(decided, seating.seated(kinds, means, style=style, start=False), as_json)
        return
    screen = Screen(display, as_json, speed, answers)
    start(
        decided, kinds, means, seed, screen,
        output=output, concurrency=reach.concurrency, prices=prices, style=style, variation=variation,
    )  # fmt: skip


def start(
    scenario: Scenario, kinds: Mapping[Role, str], means: models.Means, seed: int, screen: Screen,
    *, output: str | None, concurrency: int, prices: Mapping[str, Price], style: StyleName | None = None,
    variation: Variation | None = None,
) -> None:  # fmt: skip
    """A new run, from its first line to its end."""
    from pathlib import Path

    from aipm_agents.cli.session import to_the_end
    from aipm_agents.table.events import Seated
    from aipm_agents.transcript import Transcript, as_bytes, line, new_path

    language.follow(scenario.language)
    with seating.seated(kinds, means, style=style) as seats:
        source = screen.lines(seats)
        header = study.header(scenario, seed, seats, means, style=style, variation=variation)
        path = Path(output) if output else new_path(runs.folder(), header)
        first = Seated(round=0, seats={role: seats.players[role].kind for role in scenario.parties})
        with runs.opened(path, header, prefix=as_bytes(line(first)), durable=seats.costly) as recorder:
            record = Transcript(header, (first,))
            to_the_end(recorder, record, seats, screen, source, concurrency=concurrency, prices=prices)


def _plan(scenario: Scenario, seats: seating.Seating, as_json: bool) -> None:
    from aipm_agents.language import follow
    from aipm_agents.report.papers.plain_text import as_json as dumped
    from aipm_agents.report.papers.plain_text import clean

    follow(scenario.language)
    plan = {role: player.kind for role, player in seats.players.items()}
    data = {"scenario": scenario.id, "seats": plan, "rounds": scenario.rounds, "model_calls": 0, "tokens": 0}
    spending = tr("no model calls, no tokens.")
    if seats.board is not None:
        from aipm_agents.seats.model.estimate import likely, most

        bound, usual = most(scenario, seats.players), likely(scenario, seats.players)
        data |= {"model_calls": bound.calls, "tokens": bound.tokens}
        data |= {"likely_calls": usual.calls, "likely_tokens": usual.tokens}
        spending = (
            tr(
                "at most {calls} model calls and {tokens:,} tokens, if the endpoint takes every request; --max-calls and --max-tokens hold in any case.",
                calls=bound.calls,
                tokens=bound.tokens,
            )
            + "\n"
            + tr(
                "If it ends at half its rounds and no answer has to be mended: {calls} calls, about {tokens:,} tokens.",
                calls=usual.calls,
                tokens=usual.tokens,
            )
        )
    if as_json:
        print(dumped(data))
        return
    print(
        tr(
            "{title}: at most {rounds} rounds, {spending}",
            title=clean(scenario.title),
            rounds=scenario.rounds,
            spending=spending,
        )
    )
    for role, kind in plan.items():
        print("  " + tr("{who}: {what}", who=clean(scenario.card(role).title), what=clean(kind)))
