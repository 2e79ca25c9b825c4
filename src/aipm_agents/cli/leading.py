"""How the PM leads: the option that says so, what it may not be asked for, and what is to be said of it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from aipm_agents.errors import UsageError
from aipm_agents.language import spoken, tr
from aipm_agents.roles import PM
from aipm_agents.scenario.problems import did_you_mean
from aipm_agents.seats.kinds import of_others
from aipm_agents.styles import CARDS, NAMES, STYLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_agents.roles import Role
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.styles import StyleName

PmStyleOption = Annotated[
    str | None,
    typer.Option(
        "--pm-style", help=f"How the PM leads: {', '.join(NAMES)}, or none; `aipm list styles` tells them."
    ),
]
NO_STYLE = "none"


def style(name: str | None, kinds: Mapping[Role, str]) -> StyleName | None:
    """The style asked for, checked; None where none is, or `none`. `kinds`: who plays which role."""
    if name in (None, NO_STYLE):
        return None
    found = next((each for each in NAMES if each == name), None)
    if found is None:
        raise UsageError(
            tr("--pm-style {name}: there is no such style{hint}", name=name, hint=did_you_mean(name, NAMES))
        )
    if kinds.get(PM) == "human":
        raise UsageError(
            tr(
                "--pm-style {name}: a person plays the PM, and leads as they like; leave it out, or seat a model",
                name=name,
            )
        )
    if of_others(kinds.get(PM, "")):
        raise UsageError(
            tr(
                "--pm-style {name}: a program of yours plays the PM, and leads as it likes; leave it out",
                name=name,
            )
        )
    return found


def kept(before: StyleName | None, kinds: Mapping[Role, str]) -> StyleName | None:
    """The style a run goes on with: that of its record, unless whoever plays the PM now leads as they like."""
    pm = kinds.get(PM, "")
    return None if pm == "human" or of_others(pm) else before


def note(scenario: Scenario, name: StyleName | None) -> None:
    """Say on stderr where a style is a level above what is decided. The run goes on."""
    if name is not None and STYLES[name].portfolio and not scenario.portfolio:
        text = tr(
            "Note: {title} is a level above one product, and {case} has one. A case for it says `portfolio: true`.",
            title=CARDS[spoken()][name].title, case=scenario.id,
        )  # fmt: skip
        print(text, file=sys.stderr)
