"""The scenarios that come with the package or with another that is installed, and how a name finds a file."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from aipm_agents.errors import UsageError
from aipm_agents.installed import Broken, InstalledFile, files
from aipm_agents.language import LANGUAGES, tr
from aipm_agents.scenario.problems import did_you_mean

if TYPE_CHECKING:
    from aipm_agents.roles import Language


def folder() -> Path:
    """Where the bundled scenarios are: inside the installed package, or at the top of a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "scenarios"
    return inside if inside.is_dir() else package.parent.parent / "scenarios"


def beside(path: Path, language: Language) -> Path:
    """Where the texts of a scenario file in a language are, or would be."""
    return path.with_name(f"{path.stem}.{language}{path.suffix}")


def parted(stem: str) -> tuple[str, Language | None]:
    """A name without a file's ending -> whose texts, and the language; None for a name that says none."""
    name, _, language = stem.rpartition(".")
    return next(((name, each) for each in LANGUAGES if name and each == language), (stem, None))


def case_of(path: Path) -> Path:
    """The scenario file that an overlay lies over."""
    return path.with_name(parted(path.stem)[0] + path.suffix)


def bundled() -> dict[str, Path]:
    """Scenario id -> its file."""
    return {path.stem: path for path in sorted(folder().glob("*.yaml")) if parted(path.stem)[1] is None}


def on_paper(path: Path) -> int | None:
    """The minutes of the shortest class on paper that a scenario of ours fits into, as the list beside it says."""
    listed = path.with_name("on-paper.toml")
    return tomllib.loads(listed.read_text("utf-8")).get(path.stem) if listed.is_file() else None


def in_other_words(path: Path) -> dict[Language, Path]:
    """Language -> the file beside a scenario's with its texts in it."""
    return {each: file for each in LANGUAGES if (file := beside(path, each)).is_file()}


def installed() -> tuple[dict[str, InstalledFile], list[Broken]]:
    """Scenario id -> the file another package brings, with that package; and what of theirs cannot be used."""
    found, broken = files("scenarios", ".yaml")
    known: dict[str, InstalledFile] = {}
    for file in found:
        if parted(file.path.stem)[1] is not None:
            continue  # texts of another file
        if file.path.stem in bundled() or file.path.stem in known:
            why = tr("there is a scenario of that name already")
            broken.append(Broken(str(file.path), file.source, why))
        else:
            known[file.path.stem] = file
    return known, broken


def of_others() -> tuple[list[InstalledFile], list[Broken]]:
    """The scenario files that other packages bring and that are valid; and what of theirs cannot be used."""
    known, broken = installed()
    found = []
    for file in known.values():
        from aipm_agents.scenario.reader import examine

        reading = examine(file.path)
        if reading.scenario is None:
            broken.append(Broken(str(file.path), file.source, reading.errors[0].message))
        else:
            found.append(file)
    return found, broken


def locate(name: str, language: Language | None = None) -> Path:
    """The file behind a path, or the id of a bundled or installed scenario; raise `UsageError` where there is none.

    `language`: the one its texts are wanted in; where a file beside it holds them, it is that file. A name that ends in
    a language, as `refund-copilot.zh-Hant`, names that file itself."""
    path = _named(name)
    return in_other_words(path).get(language, path) if language else path


def _named(name: str) -> Path:
    known = bundled()
    if name in known:
        return known[name]
    path = Path(name)
    if os.path.exists(path) or path.suffix in (".yaml", ".yml"):
        return path
    others, _ = installed()
    known |= {each: file.path for each, file in others.items()}
    if name in known:
        return known[name]
    known |= {file.stem: file for path in list(known.values()) for file in in_other_words(path).values()}
    if name in known:
        return known[name]
    raise UsageError(
        tr(
            "no scenario file and no bundled scenario is called {name!r}{hint} (`aipm list` has them all; a file is named with its .yaml)",
            name=name,
            hint=did_you_mean(name, known),
        )
    )
