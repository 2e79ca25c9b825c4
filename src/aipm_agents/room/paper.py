"""Pages of the room: our templates beside those of reports, one style, one script, nothing from outside."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import ChoiceLoader, PackageLoader
from starlette.responses import HTMLResponse, Response

from aipm_agents.language import spoken, tr_n
from aipm_agents.report.papers import jinja
from aipm_agents.report.papers.html import pictured
from aipm_agents.report.words import vocabulary
from aipm_agents.report.words.ended import stopped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2 import Environment

    from aipm_agents.report.papers.blocks import Block


@lru_cache(maxsize=1)
def environment() -> Environment:
    ours = jinja.environment()
    assert ours.loader is not None
    made = ours.overlay(loader=ChoiceLoader([PackageLoader("aipm_agents.room", "pages"), ours.loader]))
    made.globals.update(
        votes=vocabulary.VOTES, verdicts=vocabulary.VERDICTS, faults=vocabulary.FAULTS, outcomes=vocabulary.OUTCOMES,
        stopped=stopped,
        style_name=_name("room.css", stylesheet()), script_name=_name("room.js", script()), tr_n=tr_n,
    )  # fmt: skip
    return made


def page(template: str, title: str, status: int = 200, **what: Any) -> HTMLResponse:
    """A template of ours, in the language spoken now."""
    made = environment().get_template(template).render(title=title, language=spoken(), **what)
    return HTMLResponse(made, status)


def shown(blocks: Iterable[Block]) -> list[Any]:
    """Blocks as a page draws them: figures are pictures there."""
    return pictured(blocks)


@lru_cache(maxsize=1)
def stylesheet() -> str:
    return jinja.style() + _file("room.css")


@lru_cache(maxsize=1)
def script() -> str:
    return _file("room.js")


def asset(name: str) -> Response | None:
    """The style or the script; kept by whoever has fetched it, as a change would give it another name."""
    kept = {"cache-control": "public, max-age=31536000, immutable"}
    if name == _name("room.css", stylesheet()):
        return Response(stylesheet(), media_type="text/css", headers=kept)
    if name == _name("room.js", script()):
        return Response(script(), media_type="text/javascript", headers=kept)
    return None


def _name(name: str, text: str) -> str:
    return f"{hashlib.sha256(text.encode()).hexdigest()[:12]}-{name}"


def _file(name: str) -> str:
    return (files("aipm_agents.room") / "pages" / name).read_text("utf-8")
