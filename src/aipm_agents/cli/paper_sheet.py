"""The sheet that says what may stand in the lines of a round on paper, for one case."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from aipm_agents.language import tr
from aipm_agents.report.papers.plain_text import shortened
from aipm_agents.scenario.lenses import Ground

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.scenario.model import Scenario


def sheet(scenario: Scenario) -> str:
    """What may stand in the four lines, for this case."""
    return "\n".join(_sheet(scenario))


def _sheet(scenario: Scenario) -> Iterator[str]:
    yield tr(
        "1 package: a number for each question; empty: as in the round before. Or only what changed: issue=number."
    )
    for issue in scenario.issues:
        options = "  ".join(f"{n} {option.label}" for n, option in enumerate(issue.options, start=1))
        yield f"    {issue.id:<12} {options}"
    letters = " ".join(role for role in scenario.colleagues)
    yield tr("2 votes: y yes, i yes-if, n no, - showed none; in this order: {who}", who=letters)
    yield tr("3 told: what was read out or came out in this round, by its name; empty: nothing")
    for fact in scenario.evidence:
        if fact.held_by:
            yield f"    {fact.id:<16} {', '.join(fact.held_by)}: {shortened(fact.plainly or fact.says, 76)}"
    for (issue_id, option), holders in scenario.held_options.items():
        yield f"    {issue_id}={option:<16} {', '.join(holders)}: {scenario.label(issue_id, option)}"
    for n, inject in enumerate(scenario.injects, start=1):
        yield f"    {f'news{n}':<16} {shortened(inject.headline, 76)}"
    for fact in scenario.evidence:
        if fact.study is not None:
            yield f"    {f'?{fact.id}':<16} {tr('the PM asks for it; without ? it is in: {asks}', asks=shortened(fact.study.asks, 60))}"
    if "challenges" in scenario.extras:
        yield f"    FACT!GROUND@ROLE {tr('somebody challenges a fact: {grounds}', grounds=' '.join(get_args(Ground)))}"
    yield tr(
        "4 then: empty for another round (more, where all four were open and the PM did not sign); deal, time (it ran out) or parted (no deal)"
    )
