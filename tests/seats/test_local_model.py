"""A real model, tiny and often wrong, over real HTTP: llama.cpp's server on this machine. In one seat, for the gate's sake:
`benchmarks/local_model.py` puts it in every seat."""

from __future__ import annotations

import json
from pathlib import Path

from aipm_agents.seats.model import local
from aipm_agents.table.events import Answered, Decided, Opened
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


def test_a_negotiation_with_a_real_model(aipm, tmp_path):
    assert local.missing() is None, local.missing()
    Path("case.yaml").write_text(CASE, "utf-8")
    seat = ("--seat", "engineer=local", "--timeout", "150", "--answer-tokens", "120", "--aids", "none")
    result = aipm("run", "case.yaml", *seat, "--json")
    assert result.code in (0, 6), result.err  # so tiny a model may spoil a turn that was needed
    record = read(Path(result.json["transcript"]))
    assert isinstance(record.events[-1], Decided)
    assert record.seats == {"pm": "embedded", "engineer": "local"}
    turns = [e for e in record.events if isinstance(e, Opened | Answered)]
    assert len(turns) == 2
    for event in turns:
        assert event.volatile["usage"]["calls"] in (1, 2), "each was asked, and at most once more"
        assert (event.fault is None) or event.volatile["fault"], "what went wrong is recorded"
    assert any(event.fault is None for event in turns), "it is not so tiny as to say nothing"
    assert result.json["usage"]["engineer"]["prompt"] > 300, "the server counted the tokens"
    assert "site-packages" not in json.dumps([event.volatile for event in record.events])


def test_what_is_missing_is_said_with_the_command_that_brings_it(aipm, monkeypatch, tmp_path):
    monkeypatch.setenv("AIPM_LOCAL_MODEL", str(tmp_path / "none.gguf"))
    assert "AIPM_LOCAL_MODEL" in aipm("run", "refund-copilot", "-m", "local").err
    monkeypatch.delenv("AIPM_LOCAL_MODEL")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    result = aipm("run", "refund-copilot", "-m", "local")
    assert result.code == 4
    assert "pip install" in result.err
