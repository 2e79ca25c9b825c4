"""Pages: one self-contained HTML file, no script, no network, no inline handler. Its Content Security
Policy allows its own style by hash and nothing else."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from aipm_agents.report.blocks import Dots
from aipm_agents.report.dots import dots
from aipm_agents.report.templates import drawn, style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_agents.report.blocks import Block


def page(title: str, blocks: Sequence[Block], *, language: str) -> str:
    drawn_in = [dots(block) if isinstance(block, Dots) else block for block in blocks]
    return filled("plain.html.jinja", title, language, blocks=drawn_in)


def filled(template: str, title: str, language: str, **what: Any) -> str:
    """A template that extends the base page."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return drawn(
        template, title=title, language=language, style=Markup(style()), style_hash=f"sha256-{digest}", **what
    )
