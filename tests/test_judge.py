"""A model's opinion of a table: asked in its ranges, kept as it came, held against itself, labelled."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from endpoint import Form, endpoint
from making import scenario
from records import bundle, kept

from aipm_agents.bench.judge import Rating, _messages, agreement


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
    assert f"{len(data['ratings']) - 2} of {len(data['ratings'])}" in again.out, (
        "one seat got no usable knowledge"
    )
    assert (
        json.loads(aipm(*words[:4], "--json", "--cassette", "tape", "--offline", "--repeats", "2").out)[
            "ratings"
        ]
        == data["ratings"]
    )


def test_a_judge_reads_the_card_and_all_that_came_to_pass(tmp_path):
    run = kept(tmp_path / "run.jsonl", bundle("refund-copilot"))
    told = _messages(run, "legal")[1][1]
    facts = [run.scenario.facts[name].says for name in run.record.tabled]
    assert len(facts) >= 5
    assert all(says in told for says in facts), "also what others read out"
    party = run.scenario.parties["legal"]
    assert f"walk-away {party.walk_away} of 100" in told
    assert all(line.because in told for line in party.red_lines)
    assert "The PM rules" in told
    assert f"walk-away {run.scenario.parties['engineer'].walk_away} of 100" not in told, (
        "others' cards are theirs"
    )


def test_what_is_paid_for_is_given_whatever_stops_it(aipm, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789")
    run = kept(tmp_path / "run.jsonl", scenario())
    wanted = 2 * len(run.scenario.parties)
    good = {"why": "It asks.", "believability": 7, "relationship": 0, "knowledge": 4}
    words = ("judge", "run.jsonl", "-m", "m", "--repeats", "2", "-o", "x.csv")
    with endpoint(lambda _: Form(good)) as server:
        done = aipm(*words, "--base-url", server.url, "--max-calls", "4")
        assert (done.code, len(Path("x.csv").read_text("utf-8").splitlines())) == (5, 1 + 4)
        assert f"4 of {wanted} ratings" in done.err
        again = aipm(*words, "--base-url", server.url)
        assert (again.code, len(server.asked)) == (0, wanted), "what was rated is not paid for twice"
        (folder := tmp_path / "swept" / "runs" / "ab").mkdir(parents=True)
        Path("swept/sweep.yaml").write_text("sweep: 1\n", "utf-8")
        Path("swept/rows.jsonl").write_text("{}\n", "utf-8")
        Path("run.jsonl").rename(folder / f"{'ab' * 8}.jsonl")
        assert aipm("judge", "swept", *words[2:], "--base-url", server.url).code == 0
    with endpoint(
        lambda _: Form(good | {"believability": 99, "relationship": -9, "knowledge": "much"})
    ) as server:
        useless = aipm("judge", "swept", *words[2:], "--base-url", server.url)
        assert (useless.code, len(Path("x.csv").read_text("utf-8").splitlines())) == (4, 1 + wanted)


def test_only_a_model_rates(aipm, tmp_path):
    kept(tmp_path / "run.jsonl", scenario())
    for kind in ("embedded", "human", "python:somewhere:Else"):
        done = aipm("judge", "run.jsonl", "-m", kind)
        assert (done.code, "only a model rates" in done.err) == (2, True)
