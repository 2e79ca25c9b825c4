"""What a study sets of its model seats: the options that say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

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
    str | None, typer.Option("--temperature", metavar="NUMBER", help="0 to 2, sent with every request; off: not sent.", rich_help_panel=PANEL)
]  # fmt: skip
TopP = Annotated[
    str | None, typer.Option("--top-p", metavar="NUMBER", help="0 to 1, sent with every request; off: not sent.", rich_help_panel=PANEL)
]  # fmt: skip
Effort = Annotated[
    str | None,
    typer.Option("--reasoning-effort", metavar="WORD", help="none, minimal, low, medium, high or xhigh; off: not sent.", rich_help_panel=PANEL),
]  # fmt: skip
ModelSeed = Annotated[
    str | None,
    typer.Option("--model-seed", metavar="NUMBER", help="The seed that is sent; without it, or with off, the run's where it is taken.", rich_help_panel=PANEL),
]  # fmt: skip
Incentive = Annotated[
    list[str] | None,
    typer.Option(
        "--incentive", metavar="ROLE=WHAT", rich_help_panel=PANEL,
        help="What drives a seat: cooperative, greedy, adversarial, an instruction in words, or off; * for every seat.",
    ),
]  # fmt: skip
PromptFile = Annotated[
    str | None,
    typer.Option(
        "--prompt-file",
        help="A template whose macros take the place of ours; off: ours.",
        rich_help_panel=PANEL,
    ),
]
Scratchpad = Annotated[
    bool | None,
    typer.Option("--scratchpad/--no-scratchpad", help="Models reason at length first; kept for the facilitator alone.", rich_help_panel=PANEL),
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


OFF = "off"


class StudyOptions(NamedTuple):
    """What is set of the model seats of a run, as its options say."""

    temperature: Temperature = None
    top_p: TopP = None
    reasoning_effort: Effort = None
    model_seed: ModelSeed = None
    incentive: Incentive = None
    prompt_file: PromptFile = None
    scratchpad: Scratchpad = None
    aids: AidsOption = None
    leak_filter: LeakFilter = None
    keep_requests: KeepRequests = False

    def controls(self, kinds: Mapping[Role, str], before: Mapping[str, str]) -> Controls:
        """What was asked for, beside what a run that goes on was set to `before`; `off` is without it again. Raises
        `UsageError` for what does not fit."""
        from aipm_agents.seats.model.controls import controls

        played = any(map(seating.takes_for_model, kinds.values()))
        asked = self.spelt(kinds)
        kept = {**(before if played else {}), **asked}
        return controls({key: text for key, text in kept.items() if text})

    def spelt(self, kinds: Mapping[Role, str]) -> dict[str, str]:
        """Key -> value of what was said, in its one spelling; empty for what is to be without."""
        from aipm_agents.seats.model.controls import spelt

        given = {
            **self._asdict(), "scratchpad": None if self.scratchpad is None else "on" if self.scratchpad else OFF,
            **_driven(kinds, self.incentive or ()),
        }  # fmt: skip
        del given["incentive"], given["keep_requests"]
        return {
            key: "" if text == OFF and key.partition(".")[0] in _LEFT_OUT
            else spelt(key, text, f"--{key.partition('.')[0].replace('_', '-')}")
            for key, text in given.items()
            if text is not None
        }  # fmt: skip


AS_USUAL = StudyOptions()
"""Where nobody said otherwise."""
_LEFT_OUT = ("temperature", "top_p", "reasoning_effort", "model_seed", "prompt_file", "incentive")
"""What a run may be without; the others always have a value."""


def _driven(kinds: Mapping[Role, str], options: list[str] | tuple[()]) -> dict[str, str | None]:
    driven: dict[str, str | None] = {}
    for option in options:
        role, equals, what = option.partition("=")
        if not equals or not what.strip():
            raise UsageError(
                tr("--incentive {option}: write it ROLE=WHAT, as in --incentive legal=greedy", option=option)
            )
        models = [each for each, kind in kinds.items() if seating.takes_for_model(kind)]
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
