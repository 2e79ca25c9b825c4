"""A scenario with some of its values set otherwise: the option that says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aipm_agents.errors import UsageError
from aipm_agents.language import tr

if TYPE_CHECKING:
    from pathlib import Path

    from aipm_agents.scenario.model import Scenario
    from aipm_agents.transcript import Variation

SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE",
        help="One value of the scenario set otherwise, as in --set parties.legal.walk_away=60 or --set evidence.survey=off; "
        "see docs/scale.md.",
    ),
]  # fmt: skip


def changed(
    scenario: Scenario,
    options: list[str] | None,
    before: Variation | None = None,
    *,
    file: Path | None = None,
) -> tuple[Scenario, Variation | None]:
    """The scenario with these values, and what is recorded of that; as it is, where there are none. `before`: how
    it differs already from the scenario that was written. `file`: where it was read. Raises `UsageError` for what does not fit."""
    if not options:
        return scenario, before
    from aipm_agents.sweeps import keys
    from aipm_agents.transcript.record import WHO_PLAYS

    factors: dict[str, str] = {}
    for option in options:
        key, equals, text = option.partition("=")
        if not (key and equals):
            raise UsageError(tr("--set {option}: write it KEY=VALUE, as in --set rounds=4", option=option))
        if key.partition(".")[0] in WHO_PLAYS:
            raise UsageError(
                tr("--set {key}: who plays is said with --seat, --model and --pm-style", key=key)
            )
        if key in factors:
            raise UsageError(tr("--set {key}: stands twice; one value is enough", key=key))
        factors[key] = keys.spelt(key, text, keys.SET)
    made, variation, *_ = keys.varied(scenario, factors, keys.SET, file)
    if before is not None:
        variation = before.model_copy(update={"factors": {**before.factors, **variation.factors}})
    return made, variation
