"""Seats that somebody wrote, named by where they stand: `python:package.module:Class`, wherever a seat is named."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from endpoint import Form, endpoint

import aipm_agents as public
from aipm_agents.errors import UNDECIDED

EXAMPLES = Path(__file__).parent.parent.parent / "examples" / "agents"

SEATS = """
    import aipm_agents as aipm

    class Stubborn(aipm.Agent):
        def answer(self, view):
            return aipm.no("Not with me.", asks=view.favourites(1))

    class Buggy(aipm.Agent):
        def answer(self, view):
            return {"vote": "yes"}

    class Locked(aipm.Agent):
        def __init__(self):
            raise RuntimeError("no key to the model")

    class Silent:
        pass

    class Opening(aipm.Agent):
        def propose(self, view):
            return {issue.id: issue.options[0].id for issue in view.scenario.issues}

    def made():
        return Stubborn()

    ready = Stubborn()
"""


@pytest.fixture(autouse=True)
def written(tmp_path, monkeypatch):
    """A module in the working folder, and nothing of it left behind."""
    (tmp_path / "my_seats.py").write_text(textwrap.dedent(SEATS))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield
    sys.modules.pop("my_seats", None)


@pytest.mark.parametrize("name", ["Stubborn", "made", "ready"])
def test_a_class_a_function_and_an_object_sit_down_by_their_names(aipm, name):
    kind = f"python:my_seats:{name}"
    result = aipm("run", "refund-copilot", "--seat", f"legal={kind}", "--json")
    assert (result.code, result.json["outcome"]) == (0, "no_agreement"), "Legal has a veto and says no"
    run = public.open(result.json["transcript"])
    assert run.seats["legal"] == kind
    assert {t["vote"] for t in run.turns() if t["role"] == "legal" and t["verb"] == "answer"} == {"no"}
    if name == "Stubborn":
        assert public.run("refund-copilot", {"legal": kind}).decision == "no_agreement"


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("python:my_seats", "write it python:package.module:Class"),
        ("python::Stubborn", "write it python:package.module:Class"),
        ("python:my_seat:Stubborn", "No module named 'my_seat'"),
        ("python:my_seats:Stuborn", "has no attribute 'Stuborn'"),
        ("python:my_seats:Locked", "RuntimeError: no key to the model"),
        ("python:my_seats:Silent", "has no open(view)"),
    ],
)
@pytest.mark.parametrize("command", ["run", "sweep"])
def test_one_that_cannot_sit_there_is_told_before_anything_is_played(aipm, tmp_path, command, kind, told):
    named = (
        ("--seat", f"legal={kind}") if command == "run" else ("--vary", f"seat.legal={kind}", "--seeds", "1")
    )
    result = aipm(command, "refund-copilot", *named)
    assert result.code == 2
    assert told in " ".join(result.err.split())
    assert not list(tmp_path.rglob("*.jsonl"))


def test_a_bug_of_it_is_an_abstention_on_the_command_line_and_is_raised_in_python(aipm):
    result = aipm("run", "refund-copilot", "--seat", "legal=python:my_seats:Buggy", "--json")
    assert result.code == UNDECIDED, "a fault decides nothing"
    with pytest.raises(TypeError, match="answer returned dict"):
        public.run("refund-copilot", {"legal": "python:my_seats:Buggy"})


def test_it_leads_as_it_likes_so_no_style_is_taken_for_it(aipm):
    kind = "pm=python:my_seats:Opening"
    assert aipm("run", "refund-copilot", "--seat", kind, "--json").code == 0
    result = aipm("run", "refund-copilot", "--seat", kind, "--pm-style", "growth")
    assert result.code == 2
    assert "--pm-style" in result.err


def test_a_record_runs_no_code_that_nobody_here_has_named(aipm, tmp_path):
    """Whoever sends a transcript could otherwise have a program run by whoever goes on with it."""
    kind = "python:my_seats:Stubborn"
    path = aipm("run", "refund-copilot", "--seat", f"legal={kind}", "--json").json["transcript"]
    sys.modules.pop("my_seats")
    (tmp_path / "my_seats.py").write_text("raise SystemExit('it ran')")
    result = aipm("resume", path, "--from", "2", "--json")
    assert result.code == 2
    assert f"--seat legal={kind}" in " ".join(result.err.split())
    (tmp_path / "my_seats.py").write_text(textwrap.dedent(SEATS))
    again = aipm("resume", path, "--from", "2", "--seat", f"legal={kind}", "--json")
    assert (again.code, again.json["outcome"]) == (0, "no_agreement")


def test_workers_of_a_sweep_seat_it_too_and_rows_say_who_sat_there(aipm, tmp_path):
    vary = "seat.legal=embedded,python:my_seats:Stubborn"
    result = aipm("sweep", "refund-copilot", "--seeds", "0:2", "--vary", vary, "-j", "2", "-o", "s", "--json")
    assert (result.code, result.json["done"]) == (0, 4), result.err
    with (tmp_path / "s" / "rows.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    came = {(row["factor.seat.legal"], row["decision"]) for row in rows}
    assert ("python:my_seats:Stubborn", "no_agreement") in came
    assert {decision for legal, decision in came if legal == "embedded"} <= {"go", "go_with_follow_ups"}


def test_a_study_in_python_takes_it_as_a_value_that_is_varied():
    study = public.sweep(
        ["refund-copilot"], seeds=[1], vary={"seat.legal": ["embedded", "python:my_seats:Stubborn"]}
    )
    assert [row["decision"] for row in study.runs()] == ["go", "no_agreement"]


def scripted(asked):
    """A LangGraph agent asks for words, a pydantic-ai agent for a form; the first form breaks the rule it is held to."""
    if "tools" not in asked.body:
        return Form("I can stand behind that.")
    mended = any("without figures" in text for _, text in asked.messages)
    return Form(
        {"vote": "yes", "says": "That serves the people who wait." if mended else "It brings 30 percent."}
    )


def test_a_langgraph_agent_and_a_pydantic_ai_agent_play_as_the_examples_say(tmp_path):
    """As it is typed: from the folder of the examples, in a process of its own."""
    with endpoint(scripted) as server:
        env = {
            **os.environ,
            "OPENAI_BASE_URL": server.url,
            "OPENAI_API_KEY": "none",
            "SEAT_MODEL": "m",
            "AIPM_RUNS": str(tmp_path),
        }
        seats = [
            "--seat", "legal=python:langgraph_seat:Weighing",
            "--seat", "engineer=python:pydantic_ai_seat:Deciding",
        ]  # fmt: skip
        command = [
            sys.executable,
            "-m",
            "aipm_agents",
            "run",
            "refund-copilot",
            "--seed",
            "1",
            "--json",
            *seats,
        ]
        done = subprocess.run(command, cwd=EXAMPLES, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["outcome"] in ("go", "go_with_follow_ups")
    assert found["faults"] == {}
    said = {(t["role"], t["says"]) for t in public.open(found["transcript"]).turns() if t["verb"] == "answer"}
    assert ("engineer", "That serves the people who wait.") in said, "asked again, until it keeps to the rule"
    assert any(role == "legal" and text == "I can stand behind that." for role, text in said)
