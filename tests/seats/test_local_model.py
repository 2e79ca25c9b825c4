"""A real model, tiny and often wrong, in every seat, over real HTTP: llama.cpp's server on this machine."""

from __future__ import annotations

import json
from pathlib import Path

from aipm_agents.seats.model import local
from aipm_agents.table.events import Answered, Decided, Framed, Opened, Proposed
from aipm_agents.transcript import read

CASE = """
format: 1
id: night-letter
title: The night letter
question: Who gets the machine-written letter first?
purpose: people who wait nine days for an answer
issues:
  - id: reach
    question: Who gets it first?
    options: [{id: all, label: everybody, effects: {load: 3}}, {id: few, label: one district, effects: {load: 1}}]
  - {id: review, question: Who reads it?, options: [{id: none, label: nobody}, {id: some, label: a clerk}]}
metrics: [{id: load, label: load}]
evidence:
  - {id: survey, says: Nine in ten callers ask where their letter is., held_by: [engineer], supports: [wanted]}
parties:
  pm: {wants: An end to nine days., points: {reach: {all: 60, few: 50}, review: {none: 10, some: 40}}, walk_away: 30}
  engineer: {wants: A load it can carry., points: {reach: {all: 0, few: 70}, review: {none: 30, some: 20}}, walk_away: 30}
checkpoints:
  desire: [{id: wanted, asks: Is it wanted?, owner: engineer, evidence: required}]
  feasible: [{id: light, asks: Can it carry the load?, owner: engineer, rule: {metric: load, at_most: 2}}]
agreement: {accept_at_least: 2}
rounds: 1
"""


def test_a_whole_negotiation_with_a_real_model_in_every_seat(aipm, tmp_path):
    assert local.missing() is None, local.missing()
    Path("case.yaml").write_text(CASE, "utf-8")
    result = aipm(
        "run",
        "case.yaml",
        "-m",
        "local",
        "--timeout",
        "150",
        "--answer-tokens",
        "120",
        "--aids",
        "none",
        "--json",
    )
    assert result.code in (0, 6), result.err  # so tiny a model may spoil a turn that was needed
    record = read(Path(result.json["transcript"]))
    assert isinstance(record.events[-1], Decided)
    assert set(record.seats.values()) == {"local"}
    turns = [e for e in record.events if isinstance(e, Framed | Opened | Proposed | Answered)]
    tabled = any(isinstance(e, Proposed) and e.package for e in turns)
    assert len(turns) == (4 if tabled else 3)
    for event in turns:
        assert event.volatile["usage"]["calls"] in (1, 2), "each was asked, and at most once more"
        assert (event.fault is None) or event.volatile["fault"], "what went wrong is recorded"
    assert any(event.fault is None for event in turns), "it is not so tiny as to say nothing"
    used = result.json["usage"]
    assert used.keys() == set(record.scenario.parties)
    assert all(each["prompt"] > 300 for each in used.values()), "the server counted the tokens"
    assert "site-packages" not in json.dumps([event.volatile for event in record.events])


def test_what_is_missing_is_said_with_the_command_that_brings_it(aipm, monkeypatch, tmp_path):
    monkeypatch.setenv("AIPM_LOCAL_MODEL", str(tmp_path / "none.gguf"))
    assert "AIPM_LOCAL_MODEL" in aipm("run", "refund-copilot", "-m", "local").err
    monkeypatch.delenv("AIPM_LOCAL_MODEL")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    result = aipm("run", "refund-copilot", "-m", "local")
    assert result.code == 4
    assert "pip install" in result.err
