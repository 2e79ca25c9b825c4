"""What a scenario may say and its author cannot have meant: two things of one name, a name nobody sees."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from aipm_agents.language import tr
from aipm_agents.roles import PM
from aipm_agents.scenario.naming import all_evidence
from aipm_agents.scenario.problems import Found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.scenario.model import Scenario
    from aipm_agents.scenario.problems import Path

_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs, as Unicode counts them, that are printed as nothing."""


def doubtful(scenario: Scenario) -> Iterator[Found]:
    yield from _labels(scenario)
    for path, holders in _holders(scenario):
        for role in dict.fromkeys(role for role in holders if holders.count(role) > 1):
            yield Found(path, tr("names {role!r} twice", role=role), "warning")
        if {*holders} == {PM}:
            text = tr(
                "the PM's moves tell no fact and bring no option, so this never comes out; give it to a colleague"
            )
            yield Found(path, text, "warning")
    for role, party in scenario.parties.items():
        if party.walk_away < 0:
            text = tr(
                "{walk_away:f} is below nothing: this role would take any package", walk_away=party.walk_away
            )
            yield Found(("parties", role, "walk_away"), text, "warning")


def _labels(scenario: Scenario) -> Iterator[Found]:
    """What is read out at the table: it is seen, and two options of one issue are told apart by it."""
    texts: list[tuple[Path, str]] = [(("title",), scenario.title), (("question",), scenario.question)]
    for i, issue in enumerate(scenario.issues):
        texts.append((("issues", i, "question"), issue.question))
        first: dict[str, str] = {}
        for k, option in enumerate(issue.options):
            here: Path = ("issues", i, "options", k, "label")
            texts.append((here, option.label))
            seen = " ".join(_shown(option.label).casefold().split())
            if seen and seen in first:
                text = tr(
                    "reads like that of {other!r}; at the table nobody could tell them apart",
                    other=first[seen],
                )
                yield Found(here, text, "warning")
            first.setdefault(seen, option.id)
    for path, text in texts:
        if not _shown(text).strip():
            yield Found(path, tr("has no character that anybody could see"))


def _holders(scenario: Scenario) -> Iterator[tuple[Path, tuple[str, ...]]]:
    for path, fact in all_evidence(scenario):
        yield (*path, "held_by"), fact.held_by
    for i, issue in enumerate(scenario.issues):
        for k, option in enumerate(issue.options):
            yield ("issues", i, "options", k, "held_by"), option.held_by


def _shown(text: str) -> str:
    """What there is to see of a text; full and half width are one."""
    text = unicodedata.normalize("NFKC", text)
    return "".join(char for char in text if unicodedata.category(char) != "Cf" and char not in _BLANK)
