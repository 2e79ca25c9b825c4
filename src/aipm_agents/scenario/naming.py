"""Whether the names in a scenario lead somewhere: roles to seats, choices to options; and where facts stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import tr
from aipm_agents.scenario.problems import Found, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aipm_agents.roles import Role
    from aipm_agents.scenario.evidence import Evidence
    from aipm_agents.scenario.model import Scenario
    from aipm_agents.scenario.problems import Path
    from aipm_agents.scenario.values import AnyOf, Choices


def all_evidence(scenario: Scenario) -> Iterator[tuple[Path, Evidence]]:
    for i, evidence in enumerate(scenario.evidence):
        yield ("evidence", i), evidence
    for i, inject in enumerate(scenario.injects):
        for k, evidence in enumerate(inject.evidence):
            yield ("injects", i, "evidence", k), evidence


def seated(scenario: Scenario, named: Iterable[tuple[Path, Role]]) -> Iterator[Found]:
    """Each role that is named and does not sit at this table."""
    for path, role in named:
        if role not in scenario.parties:
            hint = did_you_mean(role, scenario.parties)
            yield Found(path, tr("{role!r} does not sit at this table{hint}", role=role, hint=hint))


def choices(scenario: Scenario, cases: AnyOf, path: Path) -> Iterator[Found]:
    """Each issue and option of a choice that the scenario does not have."""
    for number, chosen in enumerate(cases):
        yield from _chosen(scenario, chosen, (*path, number) if len(cases) > 1 else path)


def _chosen(scenario: Scenario, chosen: Choices, path: Path) -> Iterator[Found]:
    for name, allowed in chosen.items():
        if name not in scenario.issue:
            yield Found(
                (*path, name),
                tr("no issue {name!r}{hint}", name=name, hint=did_you_mean(name, scenario.issue)),
            )
            continue
        options = dict.fromkeys(option.id for option in scenario.issue[name].options)
        for i, option in enumerate(allowed):
            if option not in options:
                hint = did_you_mean(option, options)
                yield Found(
                    (*path, name, i),
                    tr(
                        "the issue {name!r} has no option {option!r}{hint}",
                        name=name,
                        option=option,
                        hint=hint,
                    ),
                )
