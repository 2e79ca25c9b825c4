"""Pages: one self-contained HTML file, no script, no network, no inline handler. Its Content Security
Policy allows its own style by hash and nothing else."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from aipm_agents.report.papers.blocks import Dots, Heading, Tornado
from aipm_agents.report.papers.dots import dots
from aipm_agents.report.papers.jinja import drawn, style
from aipm_agents.report.papers.tornado import tornado

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aipm_agents.report.papers.blocks import Block


def page(title: str, blocks: Sequence[Block], *, language: str, contents: bool = False) -> str:
    """`contents`: whether a list of the headings stands at the top."""
    parts = [
        (f"part-{k}", b.text) for k, b in enumerate(blocks, 1) if isinstance(b, Heading) and b.level == 2
    ]
    return filled(
        "plain.html.jinja", title, language, blocks=pictured(blocks), parts=parts if contents else []
    )


def pictured(blocks: Iterable[Block]) -> list[Any]:
    """Blocks as a page has them: figures are drawn there."""
    return [
        dots(each) if isinstance(each, Dots) else tornado(each) if isinstance(each, Tornado) else each
        for each in blocks
    ]


def filled(template: str, title: str, language: str, *, css: str | None = None, **what: Any) -> str:
    """A template that extends the base page. `css`: another style than the one of reports."""
    css = style() if css is None else css
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return drawn(
        template, title=title, language=language, style=Markup(css), style_hash=f"sha256-{digest}", **what
    )
