"""The door to Jinja2: templates in `pages/`, everything escaped, nothing undefined let through."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from aipm_agents.language import tr
from aipm_agents.report.papers.plain_text import clean

if TYPE_CHECKING:
    from jinja2 import Environment


def drawn(name: str, **what: Any) -> str:
    """A template filled in, as text that is safe HTML or SVG."""
    return environment().get_template(name).render(**what)


@lru_cache(maxsize=1)
def environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("aipm_agents.report.papers", "pages"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, finalize=_clean,
    )  # fmt: skip
    made.filters["safe_svg"] = Markup
    made.globals["tr"] = tr
    return made


def _clean(value: Any) -> Any:
    """Control characters and bidirectional overrides reach no page, as they reach no terminal."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@lru_cache(maxsize=2)
def style(name: str = "style.css") -> str:
    loader = environment().loader
    assert loader is not None
    return loader.get_source(environment(), name)[0]
