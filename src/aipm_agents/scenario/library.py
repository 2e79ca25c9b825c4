"""The scenarios that come with the package, and how a name on the command line finds a file."""

from __future__ import annotations

import os
from pathlib import Path

from aipm_agents.errors import UsageError
from aipm_agents.language import tr
from aipm_agents.scenario.problems import did_you_mean


def folder() -> Path:
    """Where the bundled scenarios are: inside the installed package, or at the top of a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "scenarios"
    return inside if inside.is_dir() else package.parent.parent / "scenarios"


def bundled() -> dict[str, Path]:
    """Scenario id -> its file."""
    return {path.stem: path for path in sorted(folder().glob("*.yaml"))}


def locate(name: str) -> Path:
    """The file behind a path or a bundled id; raise `UsageError` where there is neither."""
    known = bundled()
    if name in known:
        return known[name]
    path = Path(name)
    if os.path.exists(path) or path.suffix in (".yaml", ".yml"):
        return path
    raise UsageError(
        tr(
            "no scenario file and no bundled scenario is called {name!r}{hint}",
            name=name,
            hint=did_you_mean(name, known),
        )
    )
