"""What the tables of docs/findings.md and docs/styles.md reckon with."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

BENCHMARKS = str(Path(__file__).parents[1] / "benchmarks")


@pytest.fixture
def measured(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    import measured

    yield measured
    sys.modules.pop("measured")


def test_a_run_without_a_figure_is_left_out_and_is_no_nought(measured):
    """A deal over somebody's walk-away has no Nash ratio: it is neither 0 nor a difference to 0."""
    plain = [{"seed": n, "sound": True, "nash_ratio": ratio} for n, ratio in enumerate([None, 0.5, 0.5, 0.5])]
    mine = [
        {"seed": n, "sound": n != 3, "nash_ratio": ratio} for n, ratio in enumerate([1.0, None, 0.75, 0.9])
    ]
    assert measured.gaps(mine, plain, measured.worth) == [0.25, -0.5]  # the last would not stand
    assert measured.difference(plain, plain, measured.worth, 2) == "0.50"
    nobody = [{"seed": 0, "sound": True, "nash_ratio": None}]
    assert measured.difference(mine, nobody, measured.worth, 2) == "-"
    assert measured.difference(nobody, nobody, measured.worth, 2) == "-"
