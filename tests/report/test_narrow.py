"""A narrow terminal loses nothing: what a wide one shows stands on twenty columns too, in whatever order."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from records import bundle, kept

SCREENS = {
    "show": ("show", "a.jsonl", "--as", "facilitator"),
    "in Chinese": ("show", "zh.jsonl"),
    "replay": ("replay", "a.jsonl", "--speed", "0"),
    "compare": ("compare", "a.jsonl", "b.jsonl", "--full"),
    "debrief": ("debrief", "a.jsonl", "--full"),
    "class": ("debrief", "a.jsonl", "b.jsonl", "--full"),
    "analyze": ("analyze", "refund-copilot"),
    "list": ("list",),
    "packs": ("list", "packs"),
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    for name, case, seed in (
        ("a", "refund-copilot", 7),
        ("b", "refund-copilot", 8),
        ("zh", "fresh-food-orders", 2),
    ):
        kept(folder / f"{name}.jsonl", bundle(case), seed=seed, run_id=name)
    return folder


def letters(text):
    return Counter(each for each in text if each.isalnum())


@pytest.mark.parametrize("screen", SCREENS)
def test_what_a_wide_screen_shows_stands_on_a_narrow_one(aipm, runs, monkeypatch, screen):
    for path in runs.glob("*.jsonl"):
        Path(path.name).write_bytes(path.read_bytes())
    monkeypatch.setenv("COLUMNS", "160")
    wide = aipm(*SCREENS[screen]).out
    for width in (20, 39, 64):
        monkeypatch.setenv("COLUMNS", str(width))
        narrow = aipm(*SCREENS[screen]).out
        assert letters(wide) - letters(narrow) == Counter(), (width, screen)
        assert narrow.count("…") <= wide.count("…")
