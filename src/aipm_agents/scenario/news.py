"""What the changes of an inject must satisfy: figures that are there and may change, of the right kind, told to whom
they concern."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import tr
from aipm_agents.scenario.best_package import exists
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
    from aipm_agents.scenario.values import AnyOf


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
            lacking = [each.message for each in measured(now) if each.level == "error"]
            lacking += [
                tr(
                    "leaves {issue} without an option that all know and that goes with everything",
                    issue=issue,
                )
                for issue in unfree(now)
            ]
            if inject.before_round == 1 and not exists(scenario.opening_package or {}, now.bound_options):
                lacking.append(tr("takes away the package that the meeting begins with"))
            yield from (Found(("injects", i, "changes"), message) for message in lacking[:1])
            if lacking:
                return


def unfree(scenario: Scenario) -> tuple[str, ...]:
    """The issues in which no option is known to all and goes with everything: there may be no package then."""
    return tuple(
        issue.id
        for issue in scenario.issues
        if all(option.held_by or option.available for option in issue.options)
    )


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
    if _of_held(now, key) or any(
        (issue, option) in now.held_options
        for when in (*_beside(setting), *_beside(stood))
        for case in when
        for issue, names in case.items()
        for option in names
    ):
        yield Found(here, tr("is of an option that somebody holds; news about it would give it away"))
    for when in _beside(setting):
        yield from choices(now, when, here)
    if setting == stood:
        yield Found(here, tr("changes nothing: it is {stood} already", stood=stood), "warning")


def _of_held(scenario: Scenario, key: str) -> bool:
    match key.split("."):
        case ["issues", issue, _, option, *_] | ["parties", _, "points", issue, option]:
            return (issue, option) in scenario.held_options
    return False


def _beside(setting: Setting) -> list[AnyOf]:
    """The choices beside which it holds: news tells what a figure was and what it is now, with these."""
    match setting:
        case Available():
            return [setting.when]
        case tuple():
            return [each.when for each in setting if each.when is not None]
    return []
