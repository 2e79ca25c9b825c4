"""A scenario made from a game, as a file that people read and edit on."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from aipm_agents.language import tr
from aipm_agents.scenario.imports.game import scenario_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aipm_agents.scenario.imports.game import Game, Note


def text(game: Game, origin: str) -> str:
    """The YAML of a game's scenario; `origin` and what became of what stands above it as comments."""
    head = [tr("Imported from {origin}.", origin=origin)]
    for title, notes in ((tr("Mapped:"), game.mapped), (tr("Lost:"), game.lost)):
        head += [title, *(f"  {line}" for line in lines(notes))] if notes else []
    comments = "".join(f"# {line}".rstrip() + "\n" for line in head)
    return comments + block(scenario_data(game))


def block(data: dict[str, Any]) -> str:
    """Plain data of a scenario as YAML."""
    return "".join(line + "\n" for line in _block(data, ""))


def lines(notes: Iterable[Note]) -> list[str]:
    """Each note as a line."""
    return [" ".join(tr("{what}: {became}", what=n.what, became=n.became).split()) for n in notes]


def _block(value: dict[str, Any], indent: str) -> Iterator[str]:
    for key, each in value.items():
        yield from _entry(f"{indent}{key}:", each, indent + "  ")


def _entry(head: str, value: Any, indent: str) -> Iterator[str]:
    match value:
        case str() if "\n" in value and all(line == line.strip() for line in value.split("\n")):
            yield f"{head} |-"
            yield from (f"{indent}{line}" if line else "" for line in value.split("\n"))
        case dict() if any(
            isinstance(each, dict | list) or (isinstance(each, str) and len(each) > 60)
            for each in value.values()
        ):
            yield head
            yield from _block(value, indent)
        case list() if any(isinstance(each, dict) for each in value):
            yield head
            for each in value:
                if any(isinstance(part, list) for part in each.values()):
                    first, *others = _block(each, indent + "  ")
                    yield f"{indent}- {first.strip()}"
                    yield from others
                else:
                    yield f"{indent}- {_flow(each)}"
        case _:
            yield f"{head} {_flow(value)}"


def _flow(value: Any) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_flow, value)) + "]"
        case Decimal():
            return f"{value:f}"
        case str() if (
            re.fullmatch(r"[A-Za-z][A-Za-z' ]*[A-Za-z'][?.]?", value) and value.lower() not in _WORDS
        ):
            return value
        case _:
            return json.dumps(value, ensure_ascii=False)


_WORDS = ("true", "false", "null", "yes", "no", "on", "off")
"""Words that some reader of YAML takes for something else than a text."""
