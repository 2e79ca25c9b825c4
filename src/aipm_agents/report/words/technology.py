"""The technical path of a package: which way was chosen, and of which school it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import mark, tr
from aipm_agents.report.words import phrase, vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_agents.scenario.model import Paradigm, Scenario

_PARADIGMS: vocabulary.Vocabulary[Paradigm] = vocabulary.Vocabulary({
    "symbolic": mark("by rules"), "statistical": mark("by learning from data"),
    "neuro_symbolic": mark("by rules and learning together"),
})  # fmt: skip


def path(scenario: Scenario, choices: Mapping[str, str]) -> str:
    """The options chosen on issues of the technical path, each with its paradigm; empty where there is none."""
    told = []
    for issue in scenario.issues:
        if issue.technical_path and issue.id in choices:
            option = next(each for each in issue.options if each.id == choices[issue.id])
            if option.paradigm is None:
                told.append(option.label)
            else:
                told.append(tr("{option} ({how})", option=option.label, how=_PARADIGMS[option.paradigm]))
    return phrase.listed(told) if told else ""
