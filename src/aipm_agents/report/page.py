"""placeholder"""

from collections.abc import Sequence

from aipm_agents.report.blocks import Block


def page(title: str, blocks: Sequence[Block]) -> str:
    return title
