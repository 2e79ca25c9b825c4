"""The forms of what is said inside other sentences: whom it serves, why a line is drawn, what a role wants and looks after."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from aipm_agents.language import tr
from aipm_agents.scenario.problems import Found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.roles import Language
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.scenario.problems import Path

Form = Literal["purpose", "because", "wants", "duty"]

_SENTENCES = re.compile(r"[.!?](\s|$)|[。！？]")
"""Where a sentence ends: inside another one there is no room for that."""
_UNFIT: dict[tuple[Form, Language], re.Pattern[str]] = {
    ("purpose", "en"): re.compile(r"(?i)(to|for|in order|so|we|because)\b"),
    ("purpose", "zh-Hant"): re.compile(r"(為了|要讓|讓|我們|因為)"),
    ("because", "en"): re.compile(r"(?i)(because|since|as|due to)\b"),
    ("because", "zh-Hant"): re.compile(r"(因為|由於)"),
    ("wants", "en"): re.compile(r"[a-z]|(Wants|The)\b(?=.*\bwants\b)|Wants\b"),
    ("wants", "zh-Hant"): re.compile(r"(他|她|希望能夠)"),
    ("duty", "en"): re.compile(r"(To|Responsible|Is|Looks|Takes)\b"),
    ("duty", "zh-Hant"): re.compile(r"(負責)"),
}
"""How a text begins that cannot be read on where it is used."""


def fits(form: Form, text: str, language: Language) -> bool:
    """Whether a text can be read on in the sentence it is used in."""
    inside = form in ("purpose", "because")
    return not _UNFIT[form, language].match(text) and not (inside and _SENTENCES.search(text.rstrip()[:-1]))


def phrasing(scenario: Scenario) -> Iterator[Found]:
    """A warning for each text that is not in its form, with the form and an example."""
    if scenario.purpose and not fits("purpose", scenario.purpose, scenario.language):
        text = tr(
            'is read on after "We are here for ...": whom it serves, without a full stop, as in '
            "`people who wait nine days for their money`"
        )
        yield Found(("purpose",), text, "warning")
    for role, party in scenario.parties.items():
        here: Path = ("parties", role)
        if not fits("wants", party.wants, scenario.language):
            text = tr(
                "is said as it stands when the meeting opens: a sentence or a phrase of its own, as in "
                "`Fewer empty chairs on a Monday.`"
            )
            yield Found((*here, "wants"), text, "warning")
        if party.duty and not fits("duty", party.duty, scenario.language):
            text = tr(
                'is read after "You look after this:", as in '
                "`What a shift can carry, and what happens at the bedside.`"
            )
            yield Found((*here, "duty"), text, "warning")
        for i, line in enumerate(party.red_lines):
            if not fits("because", line.because, scenario.language):
                text = tr(
                    'is read on after a colon, without "because" and without a full stop, as in '
                    "`with twenty wards two of us would not sleep until spring`"
                )
                yield Found((*here, "red_lines", i, "because"), text, "warning")
