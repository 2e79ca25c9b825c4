"""The files of a kit that other programs open: slide shows, a scoring sheet that reckons, surveys that are paired. They are left out where
the extra `class` is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.kit.scoring import scoring
from aipm_agents.kit.surveyed import surveyed
from aipm_agents.report.papers.slideshow import slideshow
from aipm_agents.report.papers.workbook import workbook

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aipm_agents.kit.document import Document
    from aipm_agents.scenario.model import Scenario


def office(scenario: Scenario, documents: Iterable[Document]) -> dict[str, bytes]:
    """Name -> file. Raises `ImportError` where what writes them is not installed."""
    out = {"scoring.xlsx": workbook(scoring(scenario)), "survey.xlsx": workbook(surveyed(scenario))}
    for each in documents:
        if each.sheets and each.sheets[0].form == "slide":
            title = f"{each.title} · {scenario.title}"
            slides = [(sheet.blocks, sheet.size) for sheet in each.sheets]
            out[f"{each.name}.pptx"] = slideshow(title, slides, scenario.language)
    return out
