"""The house: rooms and doors, short files, and what is committed beside the code is current."""

from __future__ import annotations

import ast
import gc
import importlib.util
import json
import subprocess
import sys
import textwrap
from collections import Counter
from pathlib import Path

import pytest

from aipm_agents import cli
from aipm_agents.scenario.schema import scenario_schema

TOP = Path(__file__).parent.parent
SOURCES = sorted((TOP / "src").rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_file_is_longer_than_a_reader_can_hold(path):
    assert len(path.read_text("utf-8").splitlines()) <= 340


def test_a_type_name_means_one_thing_in_the_whole_house():
    named = [
        node.name for path in SOURCES for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]  # fmt: skip
    assert sorted(name for name, times in Counter(named).items() if times > 1) == []


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


TYPED = """
    import aipm_agents as aipm
    from typing import Any, assert_type


    class Mine(aipm.Agent):
        def answer(self, view: aipm.View) -> aipm.Position | str:
            return "yes" if view.worth() >= 90 else aipm.no(asks=view.favourites(3))


    sc = aipm.load("refund-copilot")
    run = aipm.run(sc, seats={"legal": Mine(), "pm": "embedded", "engineer": Mine}, on_fault="abstain")
    assert_type(run, aipm.Run)
    assert_type(run.pareto, bool | None)
    assert_type(run.outcome.nash_ratio, float | None)
    assert_type(aipm.model("m", base_url="http://localhost:1/v1", max_calls=3), aipm.Seat)
    study = aipm.sweep([sc], seats={"a": {}, "b": {"legal": Mine}}, vary={"rounds": [4, 5]})
    assert_type(study.runs(), aipm.Records)
    assert_type(aipm.analyze(sc).data, dict[str, Any])
"""
WRONG = """
    import aipm_agents as aipm
    aipm.nonsense
    aipm.run("refund-copilot", seed="seven")
    aipm.run("refund-copilot", on_fault="ignore")
    aipm.no(asks=3)
"""


def test_a_type_checker_sees_it_from_outside(tmp_path):
    """mypy, strict, over code that is not ours: what is right passes, each line that is wrong is told. Here, and after the
    house itself, since it goes on from what was found out there."""
    (tmp_path / "right.py").write_text(textwrap.dedent(TYPED))
    (tmp_path / "wrong.py").write_text(textwrap.dedent(WRONG))
    command = [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml"]
    files = [str(tmp_path / name) for name in ("right.py", "wrong.py")]
    done = subprocess.run([*command, *files], cwd=TOP, capture_output=True, text=True, check=False)
    told = [Path(line.partition(": ")[0]).name for line in done.stdout.splitlines() if ": error:" in line]
    assert told == [f"wrong.py:{line}" for line in (3, 4, 5, 6)], done.stdout + done.stderr


def test_the_committed_schema_is_the_models():
    assert json.loads((TOP / "scenarios" / "scenario.schema.json").read_text("utf-8")) == scenario_schema()


RUN = "tests/data/format-1.jsonl"
ROOM = ("starlette", "uvicorn", "sse_starlette", "segno")
"""What only a page in the browser needs."""
PACKAGES = ("importlib.metadata", "email")
"""What asks which packages are installed: where somebody may have added to what there is."""
GRAPH = ("langgraph", "langchain_core", "langchain_openai", "openai", "httpx2", "dask", "distributed")
"""What only a run, a model or a cluster needs."""


@pytest.mark.parametrize(
    ("words", "unwanted"),
    [
        ([], ("typer", "pydantic", "numpy", "yaml", *GRAPH)),
        (["--help"], ("typer", "pydantic", "numpy", "yaml", *GRAPH)),
        (["--lang", "zh-Hant", "--help"], ("typer", "pydantic", "numpy", "yaml", *GRAPH)),
        (["--version"], ("pydantic", "numpy", "rich.console", *GRAPH)),
        (["sweep", "--help"], ("pydantic", "numpy", *GRAPH)),
        (["run", "--help"], ("pydantic", "numpy", *PACKAGES, *ROOM, *GRAPH)),
        (["class", "--help"], ("pydantic", "numpy", *ROOM, *GRAPH)),
        (["no-such-command"], ("pydantic", "numpy", "rich.console", *PACKAGES, *ROOM, *GRAPH)),
        (["list"], ("pydantic", "numpy", "ruamel", *ROOM, *GRAPH)),
        (["list", "--json"], ("pydantic", "numpy", "rich.console", *GRAPH)),
        (["schema"], ("numpy", "yaml", *GRAPH)),
        (
            ["validate", "refund-copilot"],
            ("rich.console", "ruamel", "jinja2", "aipm_agents.table.events", *PACKAGES, *ROOM, *GRAPH),
        ),
        (["show", RUN], ("yaml", "jinja2", "portalocker", *PACKAGES, *ROOM, *GRAPH)),
        (["compare", RUN, RUN], ("yaml", "jinja2", "portalocker", *ROOM, *GRAPH)),
        (["analyze", "refund-copilot"], GRAPH),
    ],
)
def test_a_command_does_not_load_what_others_need(words, unwanted):
    code = (
        f"import sys; sys.argv = ['aipm', *{words!r}]\n"
        "from aipm_agents.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        f"print('\\nLOADED', *(m for m in {unwanted!r} if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=TOP, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1].split() == ["LOADED"]


def test_garbage_is_searched_for_as_ever_once_a_command_has_started():
    before = gc.get_threshold()
    try:
        cli._lightly()
        assert gc.get_threshold()[0] == 300_000
        gc.collect(0)
        assert gc.isenabled()
        assert gc.get_threshold()[0] == 50_000
    finally:
        gc.set_threshold(*before)


def test_a_run_shows_its_first_line_before_the_graph_is_loaded(tmp_path):
    code = f"""
import sys
from importlib.abc import MetaPathFinder
class Watch(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "langgraph":
            print("LANGGRAPH")
sys.meta_path.insert(0, Watch())
sys.argv = ["aipm", "run", "refund-copilot", "-o", {str(tmp_path / "run.jsonl")!r}]
from aipm_agents.cli import main
main()
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=TOP, capture_output=True, text=True, check=True)
    before, found, after = done.stdout.partition("LANGGRAPH")
    assert found
    assert "seed 0" in before
    assert "OPENING" not in before
    assert "OPENING" in after


def test_the_graph_reads_like_a_meeting_and_runs_in_langgraphs_own_tools():
    from aipm_agents.graph import demonstration

    graph = demonstration()
    assert set(graph.nodes) == {"__start__", "pm", "engineer", "data_scientist", "legal", "marketing"}
    events = graph.invoke({"events": []}, {"recursion_limit": 100})["events"]
    assert events[-1].outcome == "go"


@pytest.mark.parametrize(
    "script",
    sorted([*(TOP / "benchmarks").glob("*.py"), *(TOP / "docs").rglob("*.py")]),
    ids=lambda p: p.name,
)
def test_a_script_beside_the_house_finds_what_it_takes_from_it(script):
    """Nobody runs them every day: a name that moved is told here."""
    for node in ast.walk(ast.parse(script.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("aipm_agents"):
            module = importlib.import_module(node.module)
            for name in (each.name for each in node.names):
                assert hasattr(module, name) or importlib.util.find_spec(f"{node.module}.{name}"), name
