"""The same case in the texts of another language, where it has them: by its id, from the file beside the one that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.errors import UsageError
from aipm_agents.scenario.library import locate
from aipm_agents.scenario.reader import read
from aipm_agents.scenario.wording import case

if TYPE_CHECKING:
    from aipm_agents.roles import Language
    from aipm_agents.scenario.model import Scenario


def translated(scenario: Scenario, language: Language) -> Scenario | None:
    """None where it has no texts in that language, or what goes by its id is another case by now."""
    if scenario.language == language:
        return scenario
    try:
        other = read(locate(scenario.id, language))
    except UsageError:
        return None
    return other if other.language == language and case(other) == case(scenario) else None
