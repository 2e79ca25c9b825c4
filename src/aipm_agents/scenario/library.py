"""The scenarios that come with the package or with another that is installed, and how a name finds a file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from aipm_agents.errors import UsageError
from aipm_agents.installed import Broken, File, files
from aipm_agents.language import tr
from aipm_agents.scenario.problems import did_you_mean

if TYPE_CHECKING:
    from aipm_agents.scenario.model import Scenario


def folder() -> Path:
    """Where the bundled scenarios are: inside the installed package, or at the top of a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "scenarios"
    return inside if inside.is_dir() else package.parent.parent / "scenarios"


def bundled() -> dict[str, Path]:
    """Scenario id -> its file."""
    return {path.stem: path for path in sorted(folder().glob("*.yaml"))}


def installed() -> tuple[dict[str, File], list[Broken]]:
    """Scenario id -> the file another package brings, with that package; and what of theirs cannot be used."""
    found, broken = files("scenarios", ".yaml")
    known: dict[str, File] = {}
    for file in found:
        if file.path.stem in bundled() or file.path.stem in known:
            why = tr("there is a scenario of that name already")
            broken.append(Broken(str(file.path), file.source, why))
        else:
            known[file.path.stem] = file
    return known, broken


def of_others() -> tuple[list[tuple[Scenario, str]], list[Broken]]:
    """The scenarios that other packages bring, each with its package; and what of theirs cannot be used."""
    known, broken = installed()
    found = []
    for file in known.values():
        from aipm_agents.scenario.reader import examine

        reading = examine(file.path)
        if reading.scenario is None:
            broken.append(Broken(str(file.path), file.source, reading.errors[0].message))
        else:
            found.append((reading.scenario, file.source))
    return found, broken


def locate(name: str) -> Path:
    """The file behind a path, or the id of a bundled or installed scenario; raise `UsageError` where there is none."""
    known = bundled()
    if name in known:
        return known[name]
    path = Path(name)
    if os.path.exists(path) or path.suffix in (".yaml", ".yml"):
        return path
    others, _ = installed()
    if name in others:
        return others[name].path
    known |= {each: file.path for each, file in others.items()}
    raise UsageError(
        tr(
            "no scenario file and no bundled scenario is called {name!r}{hint}",
            name=name,
            hint=did_you_mean(name, known),
        )
    )
