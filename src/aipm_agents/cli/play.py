from __future__ import annotations

from typing import Annotated

import typer

from aipm_agents import language
from aipm_agents.cli import leading, models, seating, study
from aipm_agents.cli.watching import SPEED, AnswersOption, Display, DisplayOption, SpeedOption
from aipm_agents.errors import UsageError
from aipm_agents.language import tr


def play(
    scenario: Annotated[str, typer.Argument(help="A scenario file, or the id of a bundled one.")],
    role: Annotated[
        list[str] | None, typer.Option("--as", help="The role you play; several share one keyboard.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed plays the others the same way.")] = 0,
    output: Annotated[
        str | None, typer.Option("-o", "--output", help="Where to keep the transcript.")
    ] = None,
    display: DisplayOption = Display.conversation,
    speed: SpeedOption = SPEED,
    answers: AnswersOption = None,
    seat: seating.SeatOption = None,
    pm_style: leading.PmStyleOption = None,
    model: seating.ModelOption = None,
    reach: models.ModelOptions = models.AS_USUAL,
    studied: study.StudyOptions = study.AS_USUAL,
    price: models.PriceOption = None,
    web: Annotated[bool, typer.Option("--web", help="Sit in the browser of this machine.")] = False,
    port: Annotated[int, typer.Option("--port", help="Where to serve it; 0 takes any that is free.")] = 0,
) -> None:
    from aipm_agents.cli.run import start
    from aipm_agents.cli.session import Screen
    from aipm_agents.scenario.library import locate
    from aipm_agents.scenario.problems import did_you_mean
    from aipm_agents.scenario.reader import read

    decided = read(locate(scenario, language.asked()))
    if not role:
        told = "".join(
            f"\n  {each:<16} {decided.card(each).title}: {party.wants}"
            for each, party in decided.parties.items()
        )
        raise UsageError(tr("--as ROLE: whom do you play?{told}", told=told))
    for each in role:
        if each not in decided.parties:
            raise UsageError(
                tr(
                    "--as {each}: no such role here{hint}",
                    each=each,
                    hint=did_you_mean(each, decided.parties),
                )
            )
    kinds = seating.chosen(decided, seat, model) | dict.fromkeys(role, "human")
    style = leading.style(pm_style, kinds)
    leading.note(decided, style)
    set_to = studied.controls(kinds, {})
    means = models.Means(**reach._asdict(), controls=set_to, keep_requests=studied.keep_requests)
    if web:
        from pathlib import Path

        from aipm_agents.cli import runs
        from aipm_agents.cli.web import sit
        from aipm_agents.transcript import new_header, new_path

        path = Path(output) if output else new_path(runs.folder(), new_header(decided, seed))
        if path.exists():
            raise UsageError(tr("{path} is already there; choose another name for the transcript", path=path))
        sit(decided, kinds, means, seed, path=path, port=port, style=style)
        return
    start(
        decided, kinds, means, seed, Screen(display, False, speed, answers),
        output=output, concurrency=reach.concurrency, prices=models.prices(price), style=style,
    )  # fmt: skip
