"""The same case in the texts of another language, where it has them: from the file beside its own, or beside the one its id names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.errors import ScenarioError, UsageError
from aipm_agents.scenario.library import case_of, locate
from aipm_agents.scenario.reader import read
from aipm_agents.scenario.wording import case

if TYPE_CHECKING:
    from pathlib import Path

    from aipm_agents.roles import Language
    from aipm_agents.scenario.model import Scenario


def translated(scenario: Scenario, language: Language, file: Path | None = None) -> Scenario | None:
    """`file`: the one it was read from, where that is known. None where it has no texts in that language, or what goes by its
    id is another case by now."""
    if scenario.language == language:
        return scenario
    try:
        other = read(locate(str(case_of(file)) if file else scenario.id, language))
    except (UsageError, ScenarioError):
        return None
    return other if other.language == language and case(other) == case(scenario) else None
