"""What a study sets of its model seats: the options that say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aipm_agents.cli import seating
from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.scenario.problems import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_agents.cli.models import Means
    from aipm_agents.cli.seating import Seating
    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.seats.model.controls import Controls
    from aipm_agents.styles import StyleName
    from aipm_agents.transcript import Header, Variation

PANEL = "Studies with models"

Temperature = Annotated[
    str | None, typer.Option("--temperature", metavar="NUMBER", help="0 to 2, sent with every request.", rich_help_panel=PANEL)
]  # fmt: skip
TopP = Annotated[
    str | None, typer.Option("--top-p", metavar="NUMBER", help="0 to 1, sent with every request.", rich_help_panel=PANEL)
]  # fmt: skip
Effort = Annotated[
    str | None,
    typer.Option("--reasoning-effort", metavar="WORD", help="none, minimal, low, medium, high or xhigh.", rich_help_panel=PANEL),
]  # fmt: skip
ModelSeed = Annotated[
    str | None,
    typer.Option("--model-seed", metavar="NUMBER", help="The seed that is sent; without it, the run's where it is taken.", rich_help_panel=PANEL),
]  # fmt: skip
Incentive = Annotated[
    list[str] | None,
    typer.Option(
        "--incentive", metavar="ROLE=WHAT", rich_help_panel=PANEL,
        help="What drives a seat: cooperative, greedy, adversarial, or an instruction in words; * for every seat.",
    ),
]  # fmt: skip
PromptFile = Annotated[
    str | None,
    typer.Option(
        "--prompt-file", help="A template whose macros take the place of ours.", rich_help_panel=PANEL
    ),
]
Scratchpad = Annotated[
    bool,
    typer.Option("--scratchpad", help="Models reason at length first; kept for the facilitator alone.", rich_help_panel=PANEL),
]  # fmt: skip
AidsOption = Annotated[
    str | None,
    typer.Option("--aids", metavar="WORD", help="What is reckoned for models: none, worth or full.", rich_help_panel=PANEL),
]  # fmt: skip
LeakFilter = Annotated[
    str | None,
    typer.Option("--leak-filter", metavar="WORD", help="off: what models recite of their briefing is heard, to be measured.", rich_help_panel=PANEL),
]  # fmt: skip
KeepRequests = Annotated[
    bool,
    typer.Option("--keep-requests", help="Keep every request and reply whole in the transcript.", rich_help_panel=PANEL),
]  # fmt: skip


def controls(
    kinds: Mapping[Role, str], before: Mapping[str, str], *, temperature: str | None, top_p: str | None, effort: str | None,
    model_seed: str | None, incentive: list[str] | None, prompt_file: str | None, scratchpad: bool, aids: str | None,
    leak_filter: str | None,
) -> Controls:  # fmt: skip
    """What was asked for, beside what a run that goes on was set to `before`. Raises `UsageError` for what does not fit."""
    from aipm_agents.seats.model.controls import controls, spelt

    given = {
        "temperature": temperature, "top_p": top_p, "reasoning_effort": effort, "model_seed": model_seed,
        "prompt_file": prompt_file, "scratchpad": "on" if scratchpad else None, "aids": aids, "leak_filter": leak_filter,
        **_driven(kinds, incentive or ()),
    }  # fmt: skip
    asked = {
        key: spelt(key, text, f"--{key.partition('.')[0].replace('_', '-')}")
        for key, text in given.items()
        if text is not None
    }
    played = any(map(seating.is_model, kinds.values()))
    return controls({**(before if played else {}), **asked})


def _driven(kinds: Mapping[Role, str], options: list[str] | tuple[()]) -> dict[str, str | None]:
    driven: dict[str, str | None] = {}
    for option in options:
        role, equals, what = option.partition("=")
        if not equals or not what.strip():
            raise UsageError(
                tr("--incentive {option}: write it ROLE=WHAT, as in --incentive legal=greedy", option=option)
            )
        models = [each for each, kind in kinds.items() if seating.is_model(kind)]
        if role != "*" and role not in models:
            hint = did_you_mean(role, models)
            raise UsageError(
                tr("--incentive {option}: no model plays {role}{hint}", option=option, role=role, hint=hint)
            )
        driven |= {f"incentive.{each}": what for each in (models if role == "*" else [role])}
    return driven


def header(
    scenario: Scenario, seed: int, seats: Seating, means: Means, *, style: StyleName | None, variation: Variation | None = None
) -> Header:  # fmt: skip
    """The first line of a new run: where its models are, what they are told and set to."""
    from aipm_agents.transcript import new_header

    prompts = None
    if seats.board is not None:
        from aipm_agents.seats.model.prompts import fingerprint

        prompts = fingerprint(scenario.language, means.controls.variant if means.controls else "")
    return new_header(
        scenario, seed, base_url=seats.url, prompts=prompts, pm_style=style, variation=variation,
        controls=dict(means.controls.asked) if means.controls else None,
    )  # fmt: skip
