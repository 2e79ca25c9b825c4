"""docs/seed-map.md holds what it says: its commands print its words, and its tests exist."""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1]
PAGE = (HERE.parent / "docs" / "seed-map.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith(("| ---", "| part of"))
]
_CODE, _QUOTED = re.compile(r"`([^`]+)`"), re.compile(r'"([^"]+)"')


@cache
def printed(aipm, command):
    """What a command of the page prints; `cat` shows a file that one before it made."""
    program, *words = shlex.split(command)
    if program == "cat":
        return Path(words[0]).read_text("utf-8")
    assert program == "aipm"
    result = aipm(*words)
    assert result.code == 0, (command, result.err)
    return result.out + result.err


def test_every_command_of_the_page_prints_what_the_page_says(aipm):
    first = next(line for line in PAGE.splitlines() if line.startswith("First: "))
    for command in _CODE.findall(first):
        printed(aipm, command)
    for part, _, commands, seen, _ in ROWS:
        assert _QUOTED.findall(seen), f"{part}: nothing to see"
        text = "".join(printed(aipm, command) for command in _CODE.findall(commands))
        flat = re.sub(r"\s+", " ", text)
        missing = [words for words in _QUOTED.findall(seen) if words not in flat]
        assert not missing, (part, missing, flat[:1500])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_every_test_that_the_page_names_is_there(row):
    named = _CODE.findall(row[4])
    assert named, f"{row[0]}: no test is named"
    for name in named:
        file, _, function = name.partition("::")
        assert f"def {function}(" in next(HERE.rglob(file)).read_text("utf-8"), name
