"""What the changes of an inject must satisfy: figures that are there and may change, of the right kind, told to whom
they concern."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import tr
from aipm_agents.scenario.changes import changed, fits, owner, place
from aipm_agents.scenario.measured import measured
from aipm_agents.scenario.measures import Available
from aipm_agents.scenario.naming import choices
from aipm_agents.scenario.problems import Found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.scenario.measures import Setting
    from aipm_agents.scenario.model import Inject, Scenario
    from aipm_agents.scenario.problems import Path


def news(scenario: Scenario) -> Iterator[Found]:
    """One after the other, in the order in which they come: each is held against the figures that stand then."""
    now = scenario
    for i in sorted(range(len(scenario.injects)), key=lambda n: scenario.injects[n].before_round):
        inject = scenario.injects[i]
        wrong = False
        for key, setting in inject.changes.items():
            for found in _change(now, inject, key, setting, ("injects", i, "changes", key)):
                wrong |= found.level == "error"
                yield found
        if not wrong and inject.changes:
            now = changed(now, inject.changes)
            lacking = [each for each in measured(now) if each.level == "error"]
            yield from (Found(("injects", i, "changes"), each.message) for each in lacking[:1])
            if lacking:
                return


def _change(now: Scenario, inject: Inject, key: str, setting: Setting, here: Path) -> Iterator[Found]:
    try:
        stood = place(now, key).now
    except LookupError as error:
        yield Found(here, str(error.args[0]))
        return
    if not fits(key.split(".")[-1], setting) or (
        isinstance(setting, tuple) and "effects" not in key.split(".")
    ):
        text = tr("is no such figure: a number; for `available` always, never or a `when`")
        yield Found(here, text)
        return
    if inject.to and owner(key) not in inject.to:
        text = tr(
            "is heard by {who} only, so it changes only points and walk-aways of theirs",
            who=tr(", ").join(inject.to),
        )
        yield Found(here, text)
    if _held(now, key):
        yield Found(here, tr("is of an option that somebody holds; news about it would give it away"))
    parts = [setting.when] if isinstance(setting, Available) else [
        each.when for each in setting if each.when is not None
    ] if isinstance(setting, tuple) else []  # fmt: skip
    for when in parts:
        yield from choices(now, when, here)
    if key.endswith(".available") and setting != "always" and _last(now, key):
        yield Found(here, tr("no option is left here that goes with everything; leave one"))
    if setting == stood:
        yield Found(here, tr("changes nothing: it is {stood} already", stood=stood), "warning")


def _held(scenario: Scenario, key: str) -> bool:
    match key.split("."):
        case ["issues", issue, _, option, *_] | ["parties", _, "points", issue, option]:
            return (issue, option) in scenario.held_options
    return False


def _last(scenario: Scenario, key: str) -> bool:
    """Whether an option is the only one of its issue that all know and that goes with everything."""
    _, issue, _, option, _ = key.split(".")
    free = [o.id for o in scenario.issue[issue].options if not o.available and not o.held_by]
    return free == [option]
