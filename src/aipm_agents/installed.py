"""What installed packages add: kinds of seats, scenarios, packs of criteria. Found by their entry points.

    [project.entry-points."aipm_agents.seats"]       careful = "house_rules.seats:Careful"
    [project.entry-points."aipm_agents.scenarios"]   house = "house_rules.cases"      # a package with *.yaml in it
    [project.entry-points."aipm_agents.packs"]       house = "house_rules.criteria"   # a package with *.toml in it

A package that cannot be used is told, and skipped: nobody else's work depends on it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from aipm_agents.errors import AipmError
from aipm_agents.language import tr

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.metadata import EntryPoint
    from pathlib import Path

Group = Literal["seats", "scenarios", "packs"]


class Broken(NamedTuple):
    """Something an installed package adds that cannot be used."""

    what: str
    """An entry point as `seats: careful`, or a file."""
    source: str
    why: str


class InstalledFile(NamedTuple):
    path: Path
    source: str
    """The package it came with, as `house-rules 1.0`."""


@lru_cache(maxsize=3)
def entries(group: Group) -> tuple[EntryPoint, ...]:
    """The entry points of a group, by name; looked for once in a process."""
    from importlib.metadata import entry_points

    return tuple(sorted(entry_points(group=f"aipm_agents.{group}"), key=lambda each: each.name))


def source(entry: EntryPoint) -> str:
    """The distribution that an entry point comes from, with its version."""
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else tr("an unnamed package")


def files(group: Literal["scenarios", "packs"], ending: str) -> tuple[list[InstalledFile], list[Broken]]:
    """Every file with this ending in the packages that entry points of a group name; and what is no such package."""
    found, broken = [], []
    for entry in entries(group):
        try:
            found += [InstalledFile(path, source(entry)) for path in _inside(entry, ending)]
        except Exception as error:  # importing what somebody else wrote may do anything
            broken.append(failed(group, entry, error))
    return found, broken


def failed(group: Group, entry: EntryPoint, error: Exception) -> Broken:
    why = str(error) if isinstance(error, AipmError) else f"{type(error).__name__}: {error}"
    return Broken(f"{group}: {entry.name}", source(entry), why)


def _inside(entry: EntryPoint, ending: str) -> Iterator[Path]:
    from importlib import resources
    from pathlib import Path

    folder = Path(str(resources.files(entry.value)))
    if not folder.is_dir():
        raise AipmError(tr("{value} is no package in a folder", value=entry.value))
    paths = sorted(path for path in folder.iterdir() if path.name.endswith(ending))
    if not paths:
        raise AipmError(tr("{folder} has no {ending} file", folder=folder, ending=ending))
    yield from paths
