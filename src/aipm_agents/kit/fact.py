"""A fact as it is printed: what it says, what that means, where it is from; then what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import tr
from aipm_agents.report.bearing import bearing
from aipm_agents.report.blocks import Quote

if TYPE_CHECKING:
    from aipm_agents.scenario.evidence import Evidence
    from aipm_agents.scenario.model import Scenario


def printed(scenario: Scenario, fact: Evidence, label: str = "", more: str = "") -> Quote:
    """`scenario`: as whoever reads it may know it. `more`: what else is to be said of it."""
    source = tr("({source})", source=fact.source) if fact.source else ""
    does = ended(bearing(scenario, fact))
    return Quote(label, joined(fact.says, fact.plainly or "", source), joined(does, more))


def ended(text: str) -> str:
    """With a stop at its end where none stands there, a quotation's own included."""
    return text if text.rstrip("\"」").endswith((".", "?", "!", "。", "？", "！")) else tr("{what}.", what=text)


def joined(*texts: str) -> str:
    """Sentences one after the other, with a space between where the language has one."""
    said = ""
    for each in filter(None, texts):
        said = tr("{one} {next}", one=said, next=each) if said else each
    return said
