"""Options inside a sentence: what marks them, and how several of which one will do are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import spoken, tr

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aipm_agents.scenario.model import Scenario
    from aipm_agents.table.moves import Ask


def named(label: str) -> str:
    """An option inside a sentence. Chinese has quotation marks for it, as no gap tells where it ends."""
    return tr('"{text}"', text=label) if spoken() == "zh-Hant" else label


def either(options: Iterable[str]) -> str:
    """Any of these will do."""
    items = list(options)
    if spoken() == "zh-Hant" and len(items) > 2:
        items = [tr(", ").join(items[:-1]), items[-1]]
    return tr(" or ").join(items)


def asked(scenario: Scenario, ask: Ask) -> str:
    """What somebody asks for on one issue."""
    return either(named(scenario.label(ask.issue, option)) for option in ask.options)
