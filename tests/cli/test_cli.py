"""The command line: every command, every user's mistake, and nothing raw on the terminal."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from cases import FEW
from jsonschema import Draft7Validator

from aipm_agents import cli
from aipm_agents.scenario.library import bundled, folder, in_other_words
from aipm_agents.scenario.reader import read as read_scenario
from aipm_agents.scenario.yaml import parse
from aipm_agents.transcript import read

SCENARIOS = sorted(bundled())
OVERLAYS = [path for file in bundled().values() for path in in_other_words(file).values()]
ESCAPE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What must never reach a terminal raw: control characters and bidirectional overrides."""
ONE_JSON = {
    "pm_style",
    "run_id",
    "scenario",
    "seed",
    "outcome",
    "cause",
    "stopped_by",
    "faults",
    "package",
    "checkpoints",
    "rounds",
    "usage",
    "unfinished",
    "transcript",
}


def in_a_process(*words, **environment):
    return subprocess.run(
        [sys.executable, "-m", "aipm_agents", *words],
        capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL,
        env={**os.environ, "COLUMNS": "80", "PYTHONIOENCODING": "utf-8", **environment},
    )  # fmt: skip


def runs_folder():
    return Path(os.environ["AIPM_RUNS"])


def edited(path, change, *, name="edited.jsonl"):
    """A transcript with each of its lines changed."""
    lines = [json.loads(text) for text in path.read_text("utf-8").splitlines()]
    for data in lines:
        change(data)
    made = path.with_name(name)
    made.write_text("".join(json.dumps(data) + "\n" for data in lines), "utf-8")
    return made


def cut(path, lines):
    """Break a run off after so many lines."""
    path.write_text("".join(path.read_text("utf-8").splitlines(keepends=True)[:lines]), "utf-8")


# --- the happy path -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", FEW)
def test_run_tells_the_run_and_prints_the_transcript_last(aipm, name):
    result = aipm("run", name)
    assert (result.code, result.err) == (0, "")
    assert "ROUND 1" in result.out or "第 1 輪" in result.out
    path = Path(re.split(": |：", result.last, maxsplit=1)[1])
    assert path.parent == runs_folder()
    assert re.fullmatch(rf"\d{{8}}-\d{{6}}-{name}-[0-9a-f]{{8}}\.jsonl", path.name)
    assert read(path).decision is not None


def test_run_without_a_display_prints_the_path_alone(aipm):
    result = aipm("run", "refund-copilot", "--display", "none")
    assert result.out == f"{result.last}\n"
    assert Path(result.last).is_file()


def test_run_keeps_the_transcript_where_it_is_told(aipm, tmp_path):
    result = aipm("run", "refund-copilot", "-o", "deep/er/mine.jsonl", "--display", "plain")
    assert result.code == 0
    assert result.last == "Transcript: deep/er/mine.jsonl"
    assert read(tmp_path / "deep/er/mine.jsonl").decision is not None
    assert not runs_folder().exists()


@pytest.mark.parametrize("name", FEW)
def test_json_is_one_object_of_what_was_decided(aipm, name):
    data = aipm("run", name, "--seed", "4", "--json").json
    assert set(data) == ONE_JSON
    assert (data["scenario"], data["seed"]) == (name, 4)
    transcript = read(Path(data["transcript"]))
    assert transcript.decision.outcome == data["outcome"]
    assert transcript.decision.package == data["package"]
    assert transcript.decision.round == data["rounds"]
    assert transcript.header.run_id == data["run_id"]
    assert list(data["checkpoints"]) == ["desire", "feasible", "viable", "alignment"]
    assert aipm("resume", data["run_id"], "--json").json == data
    shown = aipm("show", data["run_id"], "--json").json
    assert {key: shown[key] for key in ONE_JSON} == data
    assert shown["events"][-1]["kind"] == "decision"


def test_a_broken_off_run_is_shown_resumed_and_shown_again(aipm):
    data = aipm("run", "refund-copilot", "--json").json
    path = Path(data["transcript"])
    cut(path, 10)
    half = aipm("show", data["run_id"])
    assert f"aipm resume {data['run_id']}" in half.out
    assert aipm("show", "--json").json["outcome"] == "stopped"
    resumed = aipm("resume", data["run_id"])
    assert resumed.code == 0
    assert resumed.last == f"Transcript: {path}"
    assert aipm("resume", "--json").json == data
    again = aipm("resume")
    assert again.code == 0
    assert f"aipm show {data['run_id']}" in again.out


def test_what_show_and_resume_tell_to_type_next_can_be_typed(aipm):
    """A transcript outside the runs folder is not found by its id."""
    aipm("run", "refund-copilot", "-o", "mine.jsonl")
    assert "aipm show mine.jsonl" in aipm("resume", "mine.jsonl").out
    cut(Path("mine.jsonl"), 8)
    hint = re.search(r"aipm resume (\S+)", aipm("show", "mine.jsonl").out)
    assert hint is not None
    assert aipm("resume", hint[1], "--display", "none").out == "mine.jsonl\n"


def test_what_flip_and_a_branch_tell_to_type_next_can_be_typed(aipm):
    """A scenario by its path and a run by its path are named again by it, with what was set otherwise."""
    folder = Path("my cases")
    folder.mkdir()
    aipm("init", "calls")
    Path("calls.yaml").rename(folder / "calls.yaml")
    told = aipm("flip", "my cases/calls.yaml", "--seeds", 0, "--set", "rounds=4").out
    hint = shlex.split(re.search(r"Try one:\s+aipm (.*)", told)[1])
    assert hint[:4] == ["analyze", "my cases/calls.yaml", "--set", "rounds=4"]
    assert aipm(*hint).code == 0
    aipm("run", "my cases/calls.yaml", "-o", "mine.jsonl")
    branched = aipm("resume", "mine.jsonl", "--from", 1, "--seed", 5, "-o", "other.jsonl").out
    again = re.search(r"branches from: aipm (compare .*)", branched)
    assert aipm(*shlex.split(again[1])).code == 0


def test_ctrl_c_keeps_what_was_said_and_tells_how_to_go_on(aipm, monkeypatch):
    whole = aipm("run", "refund-copilot", "--json").json
    from aipm_agents.seats.embedded import Embedded

    answer = Embedded.answer

    def interrupt(self, view):
        if view.round == 2:
            raise KeyboardInterrupt
        return answer(self, view)

    with monkeypatch.context() as patch:
        patch.setattr(Embedded, "answer", interrupt)
        result = aipm("run", "refund-copilot", "--display", "none", "-o", "mine.jsonl")
    assert result.code == 130
    assert "aipm resume mine.jsonl" in result.err
    assert read(Path("mine.jsonl")).events[-1].kind == "stopped"
    data = aipm("resume", "mine.jsonl", "--json").json
    assert {**data, "run_id": 0, "transcript": 0} == {**whole, "run_id": 0, "transcript": 0}


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_dry_run_plays_nothing(aipm, form):
    result = aipm("run", "refund-copilot", "--dry-run", "--seat", "legal=embedded", *form)
    assert result.code == 0
    assert not runs_folder().exists()
    if form:
        assert result.json["seats"]["legal"] == "embedded"
        assert result.json["model_calls"] == 0
    else:
        assert "no model calls" in result.out
        assert "Legal counsel: embedded" in result.out


def test_validate_says_what_can_come_of_a_scenario(aipm):
    result = aipm("validate", *SCENARIOS)
    assert result.code == 0
    assert result.out.count(": valid; ") == len(SCENARIOS) + len(OVERLAYS)
    reports = aipm("validate", *SCENARIOS, "--json").json
    assert all(report["valid"] and not report["problems"] for report in reports)
    cases = [report for report in reports if "texts_of" not in report]
    assert len(cases) == len(SCENARIOS)
    assert all(0 < report["acceptable"] <= report["passing"] < report["packages"] for report in cases)
    assert not any("unasked" in text for report in cases for text in report["advice"])


def test_a_warning_of_the_whole_file_is_explained_by_its_first_word(aipm):
    assert "one seat's points decide" in aipm("validate", "--explain", "dictator").out
    unknown = aipm("validate", "--explain", "dictators")
    assert (unknown.code, "codes to explain are" in unknown.err, "`aipm list`" in unknown.err) == (
        3,
        True,
        True,
    )


def test_analyze_and_list(aipm):
    assert "packages" in aipm("analyze", "refund-copilot").out
    data = aipm("analyze", "refund-copilot", "--json").json
    assert data["scenario"] == "refund-copilot"
    assert data["packages"] == 18
    listed = aipm("list")
    assert listed.code == 0
    assert all(name in listed.out for name in SCENARIOS)
    assert sorted(each["id"] for each in aipm("list", "--json").json) == SCENARIOS


@pytest.mark.parametrize("word", ["--version", "--help"])
def test_the_first_words_one_types(aipm, word):
    result = aipm(word)
    assert result.code == 0
    commands = {"run", "resume", "show", "validate", "analyze", "list", "init", "schema"}
    assert word == "--version" or commands <= set(re.findall(r"\w+", result.out))


@pytest.mark.parametrize(
    "command", ["run", "resume", "show", "validate", "analyze", "list", "init", "schema"]
)
def test_every_command_has_help(aipm, command):
    result = aipm(command, "--help")
    assert result.code == 0
    assert "Usage: aipm" in result.out


def test_init_validate_run_gives_a_go(aipm, tmp_path):
    assert aipm("init", "fridge-door-ai").code == 0
    text = (tmp_path / "fridge-door-ai.yaml").read_text("utf-8")
    assert text.splitlines()[0] == "# yaml-language-server: $schema=./scenario.schema.json"
    assert "\nid: fridge-door-ai\n" in text
    assert (tmp_path / "scenario.schema.json").read_text("utf-8") == aipm("schema").out
    result = aipm("validate", "fridge-door-ai.yaml")
    assert (result.code, result.err) == (0, "")
    data = aipm("run", "fridge-door-ai.yaml", "--json").json
    assert data["outcome"] == "go"
    assert data["scenario"] == "fridge-door-ai"


# --- the schema ---------------------------------------------------------------------------------


def test_the_committed_schema_is_what_the_command_prints(aipm):
    for words in (["schema"], ["schema", "scenario"]):
        assert aipm(*words).out == (folder() / "scenario.schema.json").read_text("utf-8")


TEMPLATE = files("aipm_agents.scenario") / "template.yaml"


@pytest.mark.parametrize("file", [TEMPLATE, *bundled().values()], ids=lambda file: file.name)
def test_bundled_scenarios_and_the_template_satisfy_the_schema(file):
    schema = json.loads((folder() / "scenario.schema.json").read_text("utf-8"))
    Draft7Validator.check_schema(schema)
    data = parse(file.read_text("utf-8").replace("id: NAME", "id: name")).data
    assert [error.message for error in Draft7Validator(schema).iter_errors(data)] == []


def test_the_schema_sees_what_the_reader_refuses():
    schema = json.loads((folder() / "scenario.schema.json").read_text("utf-8"))
    data = parse(bundled()["refund-copilot"].read_text("utf-8")).data
    for change in ({"colour": "red"}, {"format": 2}, {"issues": []}, {"rounds": 51}, {"title": None}):
        assert not Draft7Validator(schema).is_valid({**data, **change}), change


# --- handles ------------------------------------------------------------------------------------


@pytest.fixture
def three_runs(aipm):
    """Three runs, the oldest first; the ids of the first two begin alike. Played once, on file for each test."""
    paths = []
    for number, run_id in enumerate(("abc10000", "abc20000", "def30000")):
        if run_id not in _PLAYED:
            data = aipm("run", "refund-copilot", "--seed", number, "--json").json
            old = Path(data["transcript"])
            _PLAYED[run_id] = [
                text.replace(data["run_id"], run_id) for text in (old.name, old.read_text("utf-8"))
            ]
            old.unlink()
        name, text = _PLAYED[run_id]
        runs_folder().mkdir(exist_ok=True)
        path = runs_folder() / name
        path.write_text(text, "utf-8")
        os.utime(path, (1000 + number, 1000 + number))
        paths.append(path)
    return paths


_PLAYED: dict[str, list[str]] = {}


@pytest.mark.parametrize(
    ("handle", "which"),
    [
        ("latest", 2),
        ("latest~0", 2),
        ("latest~1", 1),
        ("latest~2", 0),
        ("def", 2),
        ("abc1", 0),
        ("abc20000", 1),
    ],
)
def test_a_handle_finds_its_run(aipm, three_runs, handle, which):
    data = aipm("show", handle, "--json").json
    assert Path(data["transcript"]) == three_runs[which]
    assert data["seed"] == which


def test_a_path_is_a_handle_and_no_word_is_the_latest(aipm, three_runs):
    assert aipm("show", three_runs[0], "--json").json["seed"] == 0
    assert aipm("show", "--json").json["seed"] == 2


@pytest.mark.parametrize(
    ("handle", "says"),
    [
        ("abc", "fits 2 runs"), ("xyz", "no transcript 'xyz'"), ("", "no transcript"),
        ("latest~3", "there are 3 runs"), ("latest~x", "latest~1"), ("latest~-1", "latest~1"),
        ("latest~\u00b2", "latest~1"), ("latest~" + "9" * 5000, "latest~1"), (".", "not a file"),
        ("no/such/file.jsonl", "not a file"), ("n" * 300, "not a file"), ("*", "no transcript"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", ["show", "resume"])
def test_a_handle_that_finds_none_is_a_mistake_of_use(aipm, three_runs, command, handle, says):
    result = aipm(command, handle)
    assert (result.code, result.out) == (2, "")
    assert says in result.err


def test_the_runs_folder_may_hold_other_things(aipm, three_runs):
    (runs_folder() / "folder.jsonl").mkdir()
    (runs_folder() / "dangling.jsonl").symlink_to("nowhere")
    (runs_folder() / "notes.txt").write_text("x")
    assert aipm("show", "latest", "--json").json["seed"] == 2


@pytest.mark.parametrize("command", ["show", "resume"])
def test_without_a_run_there_is_no_latest(aipm, command):
    result = aipm(command)
    assert (result.code, result.out) == (2, "")
    assert "`aipm run SCENARIO` makes one" in result.err


# --- mistakes -----------------------------------------------------------------------------------

MISTAKES = {
    "run refund-copilto": (2, "did you mean 'refund-copilot'?"),
    "run": (2, "aipm: scenario is missing; `aipm run --help` tells what there is"),
    "run refund-copilot -m=gpt": (2, "-m=gpt: a short option takes no =; write -m gpt or --model=gpt"),
    "sweep refund-copilot -j=2": (2, "write -j 2 or --jobs=2"),
    "run refund-copilot --sed 1": (2, "there is no option --sed; did you mean --seed"),
    "run refund-copilot --seed one": (2, "--seed: a whole number belongs here"),
    "run refund-copilot --display loud": (2, "choose one of conversation, plain, none"),
    "run refund-copilot --seat leagl=embedded": (2, "did you mean 'legal'?"),
    "run refund-copilot --seat legal": (2, "ROLE=KIND"),
    "run refund-copilot --seat =embedded": (2, "ROLE=KIND"),
    "run refund-copilot --seat legal=oracle": (2, "oracle"),
    "run refund-copilot -o there.jsonl": (2, "already there"),
    "run refund-copilot -o .": (2, "already there"),
    "run refund-copilot -o there.jsonl/x.jsonl": (2, "cannot be written"),
    "run refund-copilot -o /proc/none/x.jsonl": (2, "cannot be written"),
    "run missing.yaml": (3, "missing.yaml:1:1: error: there is no such file"),
    "run bad.yaml": (3, "bad.yaml:"),
    "run .": (3, "folder"),
    "run there.jsonl": (3, "there.jsonl:"),
    "analyze refund-copilto": (2, "did you mean"),
    "analyze bad.yaml": (3, "bad.yaml:"),
    "validate bad.yaml": (3, "bad.yaml:"),
    "validate missing.yaml": (3, "no such file"),
    "validate refund-copilto": (3, "did you mean 'refund-copilot'?"),
    "validate": (2, "is missing"),
    "show there.jsonl": (3, "there.jsonl:1: "),
    "resume there.jsonl": (3, "there.jsonl:1: "),
    "init Fridge": (2, "is no id"),
    "init ../fridge": (2, "is no id"),
    "init taken": (2, "already there"),
    "init taken.yaml": (2, "already there"),
    "import scorable taken.yaml": (2, "is no folder"),
    "import genius . --levels 1": (2, "--levels"),
    "import chess .": (2, "scorable"),
    "schema transcripts": (2, "scenario"),
    "fly": (2, "there is no command fly"),
}


@pytest.mark.parametrize("words", MISTAKES)
def test_a_mistake_is_told_without_a_traceback(aipm, tmp_path, words):
    (tmp_path / "there.jsonl").write_text("not a transcript\n")
    (tmp_path / "bad.yaml").write_text("format: 1\nid: bad\ncolour: red\n")
    (tmp_path / "taken.yaml").write_text("mine\n")
    code, says = MISTAKES[words]
    result = aipm(*words.split())
    assert result.code == code
    assert says in " ".join(result.err.split())
    assert not runs_folder().exists()
    assert (tmp_path / "there.jsonl").read_text() == "not a transcript\n"
    assert (tmp_path / "taken.yaml").read_text() == "mine\n"


def test_a_runs_folder_that_is_none(aipm, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("x")
    for place in ("file", "file/below", "/proc/none"):
        monkeypatch.setenv("AIPM_RUNS", place)
        result = aipm("run", "refund-copilot")
        assert (result.code, result.out) == (2, "")
        assert "cannot be written there" in result.err
        assert aipm("show").code == 2


def test_a_transcript_that_cannot_be_written_on(aipm, monkeypatch):
    """As on a read-only disk; root may write to any file, so the refusal is played."""
    path = Path(aipm("run", "refund-copilot", "--json").json["transcript"])
    cut(path, 8)

    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("aipm_agents.transcript.recorder.cut_torn_line", refuse)
    result = aipm("resume")
    assert (result.code, result.out) == (2, "")
    assert "Permission denied" in result.err


def test_a_full_disk_in_the_middle_of_a_run(aipm, monkeypatch):
    from aipm_agents.transcript.lines import write

    def full(file, data, *, durable):
        if b'"round":2' in data:
            raise OSError(28, "No space left on device")
        write(file, data, durable=durable)

    monkeypatch.setattr("aipm_agents.transcript.recorder.write", full)
    result = aipm("run", "refund-copilot", "--json")
    assert (result.code, result.json["outcome"], result.json["rounds"]) == (1, "stopped", 1)
    assert "cannot be written: No space left on device; all before it is kept" in " ".join(result.err.split())


def test_an_audience_that_does_not_exist(aipm):
    aipm("run", "refund-copilot")
    result = aipm("show", "--as", "leagl")
    assert (result.code, result.out) == (2, "")
    assert "did you mean 'legal'?" in result.err


def test_our_own_fault_is_one_line_and_debug_shows_where(aipm, monkeypatch, capsys):
    def fall(*_):
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("aipm_agents.scenario.library.bundled", fall)
    result = aipm("list")
    assert result.code == 1
    assert len(result.err.splitlines()) == 1
    assert "--debug" in result.err
    monkeypatch.setattr(sys, "argv", ["aipm", "--debug", "list"])
    with pytest.raises(SystemExit):  # not typed by the fixture, which never wants to see a traceback
        cli.main()
    shown = capsys.readouterr().err
    assert "Traceback" in shown
    assert "ZeroDivisionError: by zero" in shown


# --- the terminal -------------------------------------------------------------------------------

SCREENS = [
    ["run", "discharge-letter"], ["run", "fading-forecast", "--display", "plain"], ["run", "refund-copilot", "--dry-run"],
    ["show"], ["show", "--as", "pm"], ["show", "--as", "facilitator"],
    ["analyze", "discharge-letter"], ["list"],
]  # fmt: skip


@pytest.mark.parametrize("words", SCREENS, ids=" ".join)
@pytest.mark.parametrize("no_color", [False, True], ids=["", "NO_COLOR"])
def test_piped_output_has_no_escape_codes_and_fits_eighty_columns(aipm, monkeypatch, words, no_color):
    from rich.cells import cell_len

    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    if words[0] == "show":
        aipm("run", "fading-forecast", "-o", "mine.jsonl")
        words = ["show", "mine.jsonl", *words[1:]]
    result = aipm(*words)
    assert result.code == 0
    assert not ESCAPE.search(result.out)
    lines = [text for text in result.out.split("\n") if not text.startswith("Transcript: ")]
    assert max(map(cell_len, lines)) <= 80


def test_a_pipe_that_is_closed_early_leaves_no_traceback(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "aipm_agents", "show", "--help"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.close()
    complaint = process.stderr.read()
    process.stderr.close()
    process.wait(30)
    assert b"Traceback" not in complaint


NASTY = "\x1b[2J\x1b]0;owned\x07\x9b31m\x00\x08\u202egnp.exe\u2066\u2069"


def poisoned(value, key=""):
    """Every text that a seat was free to say, made nasty; ids stay, and what follows from the scenario."""
    prose = {"says", "reason", "text", "run_id", "started", "aipm"}
    if isinstance(value, dict):
        return {k: poisoned(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [poisoned(v, key) for v in value]
    return f"{value} {NASTY} end" if isinstance(value, str) and key in prose else value


def twisted(value, key=""):
    """Every text of a scenario with bidirectional overrides; control characters are refused in one."""
    ids = {"id", "owner", "held_by", "supports", "undermines", "veto", "metric", "evidence", "language", "concession",
           "lens", "caution", "pm", "when", "unless", "choose", "stage", "orientations", "orientation", "paradigm",
           "voice", "analysis"}  # fmt: skip
    if isinstance(value, dict):
        return {k: v if k in ("when", "unless", "choose") else twisted(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [twisted(v, key) for v in value]
    return f"\u202e{value}\u2066" if isinstance(value, str) and key not in ids else value


def nasty_scenario():
    data = twisted(read_scenario(bundled()["fading-forecast"]).plain())
    for party in data["parties"].values():
        party.update(title="\u202eBoss\u2066", short="\u202eB\u2066", duty="\u202eAll\u2066")
    for metric in data["metrics"]:
        metric["unit"] = "\u202eeuros"
    return data


@pytest.fixture
def nasty_run(aipm, tmp_path):
    """A transcript whose every text tries to move the cursor or to turn the line around."""
    (tmp_path / "nasty.yaml").write_text(json.dumps(nasty_scenario()), "utf-8")  # JSON is YAML
    path = Path(aipm("run", "nasty.yaml", "--json").json["transcript"])

    def change(data):
        data.update({k: v if k == "scenario" else poisoned(v, k) for k, v in data.items()})

    return edited(path, change)


@pytest.mark.parametrize("form", [[], ["--json"], ["--as", "facilitator"], ["--as", "facilitator", "--json"]])
@pytest.mark.parametrize("lines", [None, 30])
def test_nothing_raw_from_a_transcript_reaches_the_terminal(aipm, nasty_run, form, lines):
    if lines:
        cut(nasty_run, lines)
    result = aipm("show", nasty_run, *form)
    assert result.code == 0
    assert not ESCAPE.search(result.out + result.err)
    assert "gnp.exe" in result.out
    if "--json" in form:
        assert NASTY in "".join(event.get("move", {}).get("says", "") for event in result.json["events"])


def test_nothing_raw_from_a_resumed_run_reaches_the_terminal(aipm, nasty_run):
    cut(nasty_run, 30)
    for _ in ("goes on", "is already decided"):
        result = aipm("resume", nasty_run)
        assert result.code == 0
        assert not ESCAPE.search(result.out + result.err)


@pytest.mark.parametrize("form", [[], ["--json"]])
@pytest.mark.parametrize("command", ["run", "analyze", "validate", "run --dry-run"])
def test_nothing_raw_from_a_scenario_reaches_the_terminal(aipm, tmp_path, command, form):
    (tmp_path / "mine.yaml").write_text(json.dumps(nasty_scenario()), "utf-8")  # JSON is YAML
    name, *options = command.split()
    result = aipm(name, "mine.yaml", *options, *form)
    assert result.code == 0
    assert not ESCAPE.search(result.out + result.err)


@pytest.mark.parametrize("command", ["run", "validate", "analyze"])
def test_nothing_raw_from_a_faulty_scenario_reaches_the_terminal(aipm, tmp_path, command):
    (tmp_path / "bad.yaml").write_text('format: 1\nid: "\\e[2J\u202e"\n"\\e[31m\u202ekey": 1\n', "utf-8")
    result = aipm(command, "bad.yaml")
    assert result.code == 3
    assert not ESCAPE.search(result.out + result.err)


def test_nothing_raw_from_a_faulty_transcript_reaches_the_terminal(aipm, nasty_run):
    bad = edited(nasty_run, lambda data: data.update({NASTY: 1}), name="bad.jsonl")
    result = aipm("show", bad)
    assert result.code == 3
    assert not ESCAPE.search(result.out + result.err)


def test_half_a_surrogate_pair_breaks_no_screen(aipm):
    path = Path(aipm("run", "refund-copilot", "--json").json["transcript"])
    odd = edited(path, lambda data: data.update(volatile={"run_id": "\udce9", "fault": "\udce9"}))
    cut(odd, 8)
    for form in ([], ["--json"]):
        result = aipm("show", odd, *form)
        assert result.code == 0
        result.out.encode()


# --- a quick start ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [["--help"], ["validate", "refund-copilot"], ["show", "latest"], ["list"], ["schema"]],
    ids=" ".join,
)
def test_what_needs_no_graph_loads_none(words, aipm):
    if words[0] == "show":
        aipm("run", "refund-copilot", "--display", "none")
    script = (
        "import sys; from aipm_agents import cli\n"
        f"sys.argv = ['aipm', *{words!r}]\n"
        "try: cli.main()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "heavy = {'langgraph', 'langchain', 'langchain_core', 'langchain_openai', 'openai'}\n"
        "found = heavy & {name.partition('.')[0] for name in sys.modules}\n"
        "assert not found, found\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_command_as_a_process(tmp_path):
    """Once for all, as a shell would: codes, streams, and the last line."""
    good = in_a_process("run", "refund-copilot", "--display", "none", FORCE_COLOR="")
    assert (good.returncode, good.stderr) == (0, "")
    assert Path(good.stdout.strip()).is_file()
    bad = in_a_process("run", "refund-copilto")
    assert (bad.returncode, bad.stdout) == (2, "")
    assert bad.stderr.startswith("aipm: ")


def test_what_the_readme_shows_is_what_is_seen(aipm):
    text = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    block = text.split("```text\n", 1)[1].split("```", 1)[0].splitlines()
    assert len(block) > 30
    seen = iter([line.rstrip() for line in aipm("run", "refund-copilot", "--seed", 7).out.splitlines()])
    assert [line for line in block if line and line not in seen] == [], "each of its lines, in this order"
