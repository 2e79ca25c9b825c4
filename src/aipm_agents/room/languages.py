"""The case in the words of whoever reads it: a phone has its card, the questions and the facts in its own language where the
case has its texts there. What is said at the table stays as it was said."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from aipm_agents.scenario.translated import translated

if TYPE_CHECKING:
    from aipm_agents.roles import Language
    from aipm_agents.room.sitting import Sitting
    from aipm_agents.scenario.model import Scenario


class Cases:
    def __init__(self, own: Scenario) -> None:
        self.own = own
        self._known: dict[Language, Scenario] = {own.language: own}

    def told(self, language: Language) -> Scenario:
        """In this language; in its own, where it has no texts there, or other figures by now."""
        if language not in self._known:
            self._known[language] = translated(self.own, language) or self.own
        return self._known[language]

    def at(self, sitting: Sitting | None, language: Language) -> Sitting | None:
        """A table, to look at in this language. Ids and figures are the same, so what is sent from there fits the table."""
        told = self.told(language)
        if sitting is None or told is self.own:
            return sitting
        looked_at = copy(sitting)
        looked_at.scenario = told
        return looked_at
