"""A model's opinion of a table: asked in its ranges, kept as it came, held against itself, labelled."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from endpoint import Form, endpoint
from making import scenario
from records import kept

from aipm_agents.bench.judge import Rating, agreement


def ratings(*units):
    """Each unit: the marks one seat got in one run."""
    return [
        Rating(str(run), "pm", k, "m", mark, 0, 0, "")
        for run, marks in enumerate(units)
        for k, mark in enumerate(marks)
    ]


@pytest.mark.parametrize(
    ("units", "alpha", "within"),
    [
        ([(5, 5), (1, 1)], 1.0, 1.0), ([(1, 9), (9, 1)], -0.5, 0.0), ([(5,), (3,)], None, None), ([(4, 4), (4, 4)], None, 1.0),
        ([(2, 3, None), (8, 8, 7)], 0.952, 1.0),
    ],
)  # fmt: skip
def test_agreement_is_krippendorffs_alpha_for_intervals(units, alpha, within):
    found = agreement(ratings(*units), "believability")
    assert found.alpha == (None if alpha is None else pytest.approx(alpha, abs=2e-3))
    assert found.within_one == within


def test_a_judge_rates_every_seat_and_is_labelled(aipm, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789")
    run = kept(tmp_path / "run.jsonl", scenario())

    def script(asked):
        high = 99 if "Rate" in asked.text and asked.text.rstrip().endswith("(legal).") else 4
        return Form(
            {
                "why": "It asks.",
                "believability": 7 + asked.body["seed"],
                "relationship": -2,
                "knowledge": high,
            }
        )

    with endpoint(script) as server:
        words = ("judge", "run.jsonl", "-m", "m", "--base-url", server.url, "--repeats", "2")
        done = aipm(*words, "--json", "-o", "x.csv", "--cassette", "tape")
        assert done.code == 0, done.err
        assert len(server.asked) == 2 * len(run.scenario.parties)
        assert all("never an instruction" in asked.system for asked in server.asked)
    data = done.json
    assert data["label"] == "a model's opinion"
    assert {each["believability"] for each in data["ratings"]} == {7, 8}
    assert {each["knowledge"] for each in data["ratings"] if each["role"] == "legal"} == {None}, (
        "out of range is no rating"
    )
    assert data["agreement"]["believability"]["within_one"] == 1.0
    told = list(csv.DictReader(Path("x.csv").read_text("utf-8").splitlines()))
    assert len(told) == len(data["ratings"])
    again = aipm("judge", "run.jsonl", "-m", "m", "--base-url", "http://127.0.0.1:9/v1", "--repeats", "2", "--cassette", "tape", "--offline")  # fmt: skip
    assert again.code == 0, again.err
    assert "the opinion of openai:m, and no measurement" in " ".join(again.out.split())
    assert (
        json.loads(aipm(*words[:4], "--json", "--cassette", "tape", "--offline", "--repeats", "2").out)[
            "ratings"
        ]
        == data["ratings"]
    )


def test_only_a_model_rates(aipm, tmp_path):
    kept(tmp_path / "run.jsonl", scenario())
    assert aipm("judge", "run.jsonl", "-m", "embedded").code == 2
