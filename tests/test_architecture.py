"""The house: rooms and doors, short files, and what is committed beside the code is current."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from aipm_agents.scenario.schema import scenario_schema

TOP = Path(__file__).parent.parent
SOURCES = sorted((TOP / "src").rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_file_is_longer_than_a_reader_can_hold(path):
    assert len(path.read_text("utf-8").splitlines()) <= 340


@pytest.mark.parametrize(
    "command",
    ["lint-imports", "ruff check .", "ruff format --check .", "mypy"],
)
def test_the_house_is_in_order(command):
    """Rooms and doors, style and types, so that one command checks everything."""
    tool, *words = command.split()
    done = subprocess.run(
        [str(Path(sys.executable).parent / tool), *words],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_committed_schema_is_the_models():
    assert json.loads((TOP / "scenarios" / "scenario.schema.json").read_text("utf-8")) == scenario_schema()


RUN = "tests/data/format-1.jsonl"


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["sweep", "--help"],
        ["validate", "refund-copilot"],
        ["show", RUN],
        ["compare", RUN, RUN],
        ["analyze", "refund-copilot"],
    ],
)
def test_reading_does_not_load_what_only_running_needs(words):
    code = (
        f"import sys; sys.argv = ['aipm', *{words!r}]\n"
        "from aipm_agents.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print([m for m in ('langgraph', 'langchain_core', 'openai', 'distributed', 'dask', 'rich.console') if m in sys.modules][:3])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=TOP, capture_output=True, text=True, check=True)
    assert "langgraph" not in done.stdout.splitlines()[-1]
    assert "openai" not in done.stdout.splitlines()[-1]
    assert "dask" not in done.stdout.splitlines()[-1]


def test_the_graph_reads_like_a_meeting_and_runs_in_langgraphs_own_tools():
    from aipm_agents.graph import demonstration

    graph = demonstration()
    assert set(graph.nodes) == {"__start__", "pm", "engineer", "data_scientist", "legal", "marketing"}
    events = graph.invoke({"events": []}, {"recursion_limit": 100})["events"]
    assert events[-1].outcome == "go"
