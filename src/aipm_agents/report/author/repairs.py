"""How an impossible case can be mended: the changes that make a deal possible, the smallest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_agents.language import tr
from aipm_agents.report.papers.blocks import Grid, Heading, Lines, Row
from aipm_agents.report.words import altered_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_agents.analysis.space.flip import Flips, OneChange
    from aipm_agents.report.papers.blocks import Block
    from aipm_agents.scenario.model import Scenario

_MOST = 8


def repairs(scenario: Scenario, found: Flips) -> Iterator[Block]:
    """One change each; where no single one will do, two together."""
    yield Heading(tr("What would mend it"), tr("the smallest change first"))
    ways: list[tuple[OneChange, ...]] = [(each,) for each in found.flipping]
    ways = ways or [each.changes for each in found.pairs]
    if not ways:
        yield Lines((tr("No single change mends it, and no two together."),), "strong")
        return
    if not found.flipping:
        yield Lines((tr("No single change mends it; these do, two together:"),), "strong")
    rows = tuple(
        Row((
            " + ".join(tr("{what}: {how}", what=altered_value.what(scenario, each.lever), how=altered_value.how(scenario, each)) for each in way),
            " ".join(f"--set '{each.sets}'" for each in way), altered_value.comes_of(found, way[0]),
        ))
        for way in ways[:_MOST]
    )  # fmt: skip
    yield Grid(("", tr("try it"), tr("what comes of it")), rows, first=8)
