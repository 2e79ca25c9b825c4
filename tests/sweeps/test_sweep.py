"""Sweeps: what can be varied, what a folder holds, and that the same command does what is missing."""

from __future__ import annotations

import csv
import importlib
import itertools
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import scenario, scenarios
from records import bundle
from sweeping import bare, hearing_ctrl_c, rows, small, written

from aipm_agents.analysis.sample.case import case
from aipm_agents.analysis.sample.row import row
from aipm_agents.analysis.space.masks import everything, passes
from aipm_agents.cli.workforce import seated
from aipm_agents.errors import ScenarioError, UsageError
from aipm_agents.scenario.reader import read as read_case
from aipm_agents.scenario.wording import case as case_of
from aipm_agents.sweeps import file
from aipm_agents.sweeps.agents import ZIPPED, unzipped
from aipm_agents.sweeps.folder import Folder
from aipm_agents.sweeps.keys import KEYS, spelt, varied
from aipm_agents.sweeps.plan import Sweep, named, planned
from aipm_agents.sweeps.play import play
from aipm_agents.sweeps.rows import RowFile
from aipm_agents.sweeps.typed import GATES
from aipm_agents.transcript import read

# --- what can be varied -----------------------------------------------------------------------


def changed(key, text, made=None):
    return varied(made or bundle("refund-copilot"), {key: spelt(key, text)})


CHANGES = {
    ("parties.legal.walk_away", "40"): lambda v: v.scenario.parties["legal"].walk_away == 40,
    ("parties.*.walk_away", "12.5"): lambda v: (
        {p.walk_away for p in v.scenario.parties.values()} == {Decimal("12.5")}
    ),
    ("parties.*.temperament.candour", "0"): lambda v: (
        {p.temperament.candour for p in v.scenario.parties.values()} == {0}
    ),
    ("parties.pm.temperament.concession", "boulware"): lambda v: (
        v.scenario.parties["pm"].temperament.concession == "boulware"
    ),
    ("evidence.replay.held_by", ""): lambda v: v.scenario.facts["replay"].held_by == (),
    ("evidence.replay.held_by", "legal+pm"): lambda v: v.scenario.facts["replay"].held_by == ("legal", "pm"),
    ("evidence.*.held_by", "pm"): lambda v: {f.held_by for f in v.scenario.evidence} == {("pm",)},
    ("agreement.accept_at_least", "5"): lambda v: v.scenario.agreement.accept_at_least == 5,
    ("agreement.veto", "legal"): lambda v: v.scenario.agreement.veto == ("legal",),
    ("agreement.veto", ""): lambda v: v.scenario.agreement.veto == (),
    ("rounds", "3"): lambda v: v.scenario.rounds == 3,
    ("model", "gpt-5"): lambda v: set(v.seats.values()) == {"openai:gpt-5"},
    ("seat.pm", "openai:m@http://localhost:1/v1"): lambda v: (
        v.seats["pm"].startswith("openai:m@") and v.seats["legal"] == "embedded"
    ),
    ("without", "desire"): lambda v: v.scenario.checkpoints.desire == (),
    ("without", "none"): lambda v: v.scenario == bundle("refund-copilot"),
    ("without", "as-written"): lambda v: v.scenario == bundle("refund-copilot"),
}


@pytest.mark.parametrize(("key", "text"), CHANGES)
def test_a_key_changes_what_it_names(key, text):
    made = changed(key, text)
    assert CHANGES[key, text](made)
    assert made.variation.origin == bundle("refund-copilot").digest
    assert made.variation.factors == {key: spelt(key, text)}


MISFITS = {
    ("parties.legal.walk_away", "much"): "--vary parties.legal.walk_away=much: is no number",
    ("parties.leagl.walk_away", "40"): "no such role; did you mean 'legal'?",
    ("parties.legal.walkaway", "40"): "unknown key 'walkaway'",
    ("round", "40"): "cannot be varied; did you mean 'rounds'",
    ("parties.*.temperament.candour", "1.5"): "does not fit refund-copilot: parties.pm.temperament.candour",
    ("parties.pm.temperament.concession", "soft"): "'soft' is not possible here",
    ("evidence.reply.held_by", ""): "no such evidence; did you mean 'replay'?",
    ("evidence.replay.held_by", "lawyer"): "'lawyer' does not sit at this table",
    ("agreement.accept_at_least", "6"): "asks for 6 yeses of 5 seats",
    ("agreement.accept_at_least", "three"): "is no whole number",
    ("rounds", "0"): "does not fit refund-copilot: rounds",
    ("rounds", "51"): "does not fit refund-copilot: rounds",
    ("without", "alignmnt"): "is no checkpoint; did you mean 'alignment'?",
    ("seat.pm", "scripted"): "plays no seat in a sweep",
    ("seat.pm", "human"): "plays no seat in a sweep",
    ("seat.pm", "gpt-5"): "plays no seat in a sweep",
    ("seat.cook", "embedded"): "no such role",
    ("model", ""): "plays no seat in a sweep",
    ("temperature", "0,1"): "--vary temperature: for language models, and none plays there",
    ("incentive.legal", "greedy"): "--vary incentive.legal: for language models, and none plays there",
    ("incentive.*", "as-written,greedy"): "--vary incentive.*: for language models, and none plays there",
}


@pytest.mark.parametrize(("key", "text"), MISFITS)
def test_a_value_that_does_not_fit_is_told_before_anything_runs(aipm, key, text):
    done = aipm("sweep", "refund-copilot", "--vary", f"{key}={text}", "-o", "x")
    assert (done.code, done.out) == (2, "")
    assert MISFITS[key, text] in done.err
    assert key in done.err
    assert not Path("x").exists()


def test_equal_values_are_one_value_and_stand_once():
    assert spelt("parties.pm.walk_away", " 50.00 ") == spelt("parties.pm.walk_away", "5e1") == "50"
    assert spelt("model", "gpt-5") == "openai:gpt-5"
    with pytest.raises(UsageError, match="stands twice"):
        planned(Sweep(scenarios=("x",), vary={"parties.pm.walk_away": ("50", "50.0")}), [scenario()])


def test_what_models_are_set_to_is_a_factor_where_one_plays():
    for key in ("temperature", "incentive.legal"):
        vary = {"seat.legal": ("openai:m",), key: ("as-written", "1" if key == "temperature" else "greedy")}
        plan = planned(Sweep(scenarios=("x",), vary=vary), [scenario()])
        assert [bool(each.controls) for each in plan.variants] == [False, True]
    vary = {"model": ("embedded", "gpt-x"), "temperature": ("0", "1"), "rounds": ("3", "4")}
    plan = planned(Sweep(scenarios=("x",), vary=vary), [scenario()])
    set_to = [(each.seats["pm"], each.variation.factors["temperature"]) for each in plan.variants]
    assert set_to == [("embedded", "as-written")] * 2 + [("openai:gpt-x", each) for each in "0011"]
    with pytest.raises(UsageError, match="none plays there"):
        planned(
            Sweep(scenarios=("x",), vary={"seat.pm": ("openai:m",), "incentive.legal": ("greedy",)}),
            [scenario()],
        )


def test_every_seat_may_be_set_and_one_of_them_otherwise():
    made = varied(scenario(), {"seat.pm": "embedded", "model": "openai:m"})
    assert made.seats == {"pm": "embedded", "engineer": "openai:m", "legal": "openai:m"}


@settings(max_examples=60, deadline=None)
@given(scenarios(), st.sampled_from(GATES))
def test_a_checkpoint_that_is_switched_off_stops_nothing_and_the_others_stop_what_they_did(made, gate):
    off = varied(made, {"without": gate}).scenario
    gone = {
        name
        for name, (checkpoint, _) in made.criteria.items()
        if gate == checkpoint or (gate == "people" and checkpoint == "alignment")
    }
    assert set(off.criteria) == set(made.criteria) - gone
    assert all(off.criteria[name] == made.criteria[name] for name in off.criteria)
    before, after = passes(made, everything(made), ()), passes(off, everything(off), ())
    assert (after | ~before).all()  # what passed still passes
    if gate in ("team", "alignment"):
        assert (off.agreement.accept_at_least, off.agreement.veto) == (1, ())
        assert not any(party.red_lines for party in off.parties.values())
    else:
        assert off.agreement == made.agreement
    for fact in off.facts.values():  # a fact still says all it said about what is still asked
        was = made.facts[fact.id]
        assert set(fact.undermines) == set(was.undermines) - gone
        assert fact.unless == (was.unless if fact.undermines else None)


def test_a_case_is_varied_in_its_words_and_in_nothing_else():
    made = bundle("refund-copilot")
    other = varied(made, {"lang": "zh-Hant", "rounds": "5"}).scenario
    assert (other.language, other.rounds, varied(made, {"lang": "en"}).scenario) == ("zh-Hant", 5, made)
    assert case_of(varied(made, {"lang": "zh-Hant"}).scenario) == case_of(made)
    assert other.title != made.title
    with pytest.raises(UsageError, match="has no texts in zh-Hant"):
        varied(scenario(), {"lang": "zh-Hant"})
    with pytest.raises(UsageError, match="is no language"):
        spelt("lang", "de")


def test_every_key_is_documented():
    text = (Path(__file__).parents[2] / "docs" / "scale.md").read_text("utf-8")
    assert [key.path for key in KEYS if f"`{key.path}=" not in text] == []


# --- plans and sweep files --------------------------------------------------------------------


def test_a_grid_crosses_everything_and_names_each_run_once():
    asked = Sweep(
        scenarios=("a",), seeds="3:50", vary={"rounds": ("3", "4"), "without": ("none", "desire", "team")}
    )
    plan = planned(asked, [scenario()])
    tasks = list(plan.tasks({}))
    assert len(plan) == len(tasks) == 6 * 47
    assert [task.name for task in tasks] == list(plan.names())
    assert len(set(plan.names())) == 6 * 47
    assert {task.seed for task in tasks} == set(range(3, 50))
    early = tasks[: 6 * 20]  # broken off early, every variant has as many seeds
    assert len({(json.dumps(t.variation), t.seed) for t in early}) == 6 * 20
    assert {t.seed for t in early} == set(range(3, 23))


def test_a_name_depends_on_scenario_settings_and_seed_and_on_nothing_else():
    (one,) = planned(Sweep(scenarios=("a",), vary={"rounds": ("3",)}), [scenario()]).variants
    again = varied(scenario(), {"rounds": "3"})
    assert named(one, 7) == named(again, 7) == "ab4972694d4088ab"
    others = [
        named(one, 8),
        named(varied(scenario(), {"rounds": "4"}), 7),
        named(varied(scenario(title="Other"), {"rounds": "3"}), 7),
        named(varied(scenario(), {"rounds": "3", "without": "none"}), 7),
    ]
    assert len({named(one, 7), *others}) == 5


def test_a_sweep_file_says_the_same(tmp_path):
    asked = Sweep(
        scenarios=("refund-copilot", "mein Fall.yaml"), seeds="5:9",
        vary={"evidence.a.held_by": ("", "pm+legal"), "parties.*.temperament.candour": ("0", "0.5")},
    )  # fmt: skip
    path = tmp_path / "s.yaml"
    path.write_text(file.written(asked), "utf-8")
    assert file.is_sweep(path)
    assert file.read(path) == asked
    path.write_text(
        "sweep: 1\nscenarios: refund-copilot\nseeds: 7\nvary:\n  rounds: [4, 8]\n  agreement.veto: [[], [pm, legal]]\n"
        "  parties.pm.walk_away: 12.50\n  evidence.x.held_by: [~, pm]\n",
        "utf-8",
    )
    assert file.read(path).vary == {
        "rounds": ("4", "8"), "agreement.veto": ("", "pm+legal"), "parties.pm.walk_away": ("12.50",),
        "evidence.x.held_by": ("", "pm"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("sweep: 1\nscenarios: [a]\nseed: 3\n", "3:1", "seed: Extra inputs"),
        ("sweep: 2\nscenarios: [a]\n", "1:1", "sweep: Input should be 1"),
        ("sweep: 1\nscenarios: []\n", "2:1", "scenarios:"),
        ("sweep: 1\nscenarios: [a]\nseeds: 9:3\n", "3:1", "seeds: names no seed"),
        ("sweep: 1\nscenarios: [a]\nvary: {rounds: [true]}\n", "3:", "vary.rounds[0]"),
        ("sweep: 1\nscenarios: [a\n", "3:1", "YAML"),
    ],
)
def test_a_faulty_sweep_file_is_told_with_its_line(tmp_path, text, where, what):
    path = tmp_path / "s.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ScenarioError) as caught:
        file.read(path)
    assert f"{path}:{where}" in str(caught.value)
    assert what in str(caught.value)


MISTAKES = {
    ("small.yaml", "--seeds", "9:3"): "write it 0:200",
    ("small.yaml", "--seeds", "-3"): "write it 0:200",
    ("small.yaml", "--vary", "rounds"): "write it KEY=V1,V2",
    ("small.yaml", "--vary", "rounds=3", "--vary", "rounds=4"): "stands twice",
    ("small.yaml", "small.yaml"): "two scenarios have the id 'small'",
    ("nowhere",): "no scenario file and no bundled scenario",
    ("small.yaml", "--max-tokens", "5"): "none plays here",
    ("small.yaml", "--dask", "nonsense"): "no Dask scheduler answers there",
    ("s.yaml", "--seeds", "0:3"): "a sweep file says itself what varies",
}


@pytest.mark.parametrize("words", MISTAKES)
def test_a_mistake_is_told(aipm, tmp_path, words):
    small(tmp_path / "small.yaml")
    (tmp_path / "s.yaml").write_text("sweep: 1\nscenarios: [small.yaml]\n", "utf-8")
    done = aipm("sweep", *words, "-o", "x")
    assert done.code == 2
    assert MISTAKES[words] in " ".join(done.err.split())
    assert bare("x") == {}


def test_no_table_of_an_earlier_time_is_left(aipm, tmp_path, monkeypatch):
    small(tmp_path / "small.yaml")
    monkeypatch.setattr("aipm_agents.sweeps.rows.MOST_WITH_TURNS", 1)
    assert "turns" not in aipm("sweep", "small.yaml", "--seeds", "0:1", "-j", "1", "-o", "x").out
    tables = {path.name for path in Path("x").glob("*.*") if path.suffix in (".csv", ".parquet")}
    assert {"rows.csv", "turns.csv"} <= tables
    Path("x/turns.parquet").touch()
    Path("x/rows.parquet").touch()
    monkeypatch.setattr("aipm_agents.report.papers.parquet.there", lambda: False)
    done = aipm("sweep", "small.yaml", "--seeds", "0:2", "-j", "1", "-o", "x")
    assert {path.name for path in Path("x").glob("*.*") if path.suffix in (".csv", ".parquet")} == {
        "rows.csv"
    }
    assert "aipm compare x --turns turns.csv" in " ".join(done.out.split())


# --- one folder, the same command again -------------------------------------------------------


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """Ninety runs of the small scenario, carried out by the real command."""
    home = tmp_path_factory.mktemp("swept")
    small(home / "small.yaml")
    words = [
        "small.yaml",
        "--seeds",
        "0:15",
        "--vary",
        "rounds=2,5",
        "--vary",
        "without=none,desire,alignment",
    ]
    done = command(home, *words, "-o", "x")
    assert done.returncode == 0, done.stderr
    return home, words, done


def command(home, *words, **options):
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "aipm_agents", "sweep", *map(str, words)],
        cwd=home, capture_output=True, text=True, check=False, timeout=100, **options,
    )  # fmt: skip


def test_every_run_is_an_ordinary_transcript(swept, aipm):
    home, _, done = swept
    assert "90 of 90 runs are done" in done.stdout
    assert done.stdout.splitlines()[-1] == "x"
    assert "90 of 90" in done.stderr
    paths = sorted((home / "x" / "runs").glob("*/*.jsonl"))
    assert len(paths) == 90
    for path in paths[::10]:
        run = read(path)
        assert run.header.run_id == path.stem == path.name[:16]
        assert path.parent.name == path.stem[:2]
        assert run.decision is not None
        assert run.header.variation.factors.keys() == {"rounds", "without"}
        shown = aipm("show", path)
        assert shown.code == 0
        assert ("An ablation" in shown.out) == (run.header.without is not None)
        assert aipm("show", path, "--json").json["ablation"] == run.header.without
        assert aipm("export", path, "-o", "run.html").code == 0
        assert ("An ablation" in Path("run.html").read_text("utf-8")) == (run.header.without is not None)
        ratified = aipm("show", path, "--json", "--as", "facilitator").json
        assert ratified["factors"] == run.header.variation.factors


def test_rows_follow_from_the_transcripts(swept):
    home, *_ = swept
    told = rows(home / "x")
    assert len(told) == 90
    made = [row(case("", read(path))) for path in (home / "x" / "runs").glob("*/*.jsonl")]
    assert sorted(told, key=lambda each: each["run_id"]) == sorted(made, key=lambda each: each["run_id"])
    assert [each["seed"] for each in told[:15]] == list(range(15))
    assert told[0]["factor.rounds"] == "2"
    assert told[0]["factor.without"] == "none"
    assert {each["ablation"] for each in told} == {"", "desire", "alignment"}
    with (home / "x" / "rows.csv").open(encoding="utf-8-sig", newline="") as opened:
        table = list(csv.DictReader(opened))
    for one, other in zip(told, table, strict=True):
        assert list(one) == list(other)
        assert {
            k: "" if v is None else f"{v:.6g}" if isinstance(v, float) else str(v) for k, v in one.items()
        } == other


@pytest.fixture
def again(swept, aipm, monkeypatch):
    """Types the command of the finished sweep once more, or another in its folder."""
    home, words, _ = swept
    monkeypatch.chdir(home)
    return lambda *changed: aipm("sweep", *(changed or (*words, "-o", "x")))


def test_the_same_command_again_does_nothing_and_more_seeds_do_what_is_missing(swept, again):
    home, words, _ = swept
    before = written(home / "x")
    assert again().code == 0
    assert written(home / "x") == before
    assert again("x/sweep.yaml").code == 0
    assert written(home / "x") == before
    more = [word.replace("0:15", "0:16") for word in words]
    told = again(*more, "-o", "x", "-j", 1, "--json").json
    assert (told["runs"], told["done"], told["now"]["decided"]) == (96, 96, 6)
    assert before.items() <= written(home / "x").items()
    assert "6 runs of another plan lie here" in again().err  # and back: what is not asked for lies aside
    assert written(home / "x") == before
    assert len(rows(home / "x")) == 90
    told = again(*more, "-o", "x", "--json").json
    assert (told["done"], told["now"]["decided"]) == (96, 0)
    again()


def test_rows_that_are_lost_come_back(swept, again):
    home, *_ = swept
    whole = (home / "x" / "rows.jsonl").read_text("utf-8")
    (home / "x" / "rows.jsonl").write_text(whole[: len(whole) // 2], "utf-8")  # torn in the middle of a line
    (home / "x" / "rows.csv").unlink()
    assert again().code == 0
    assert (home / "x" / "rows.jsonl").read_text("utf-8") == whole
    assert (home / "x" / "rows.csv").exists()


def test_a_changed_scenario_runs_anew(tmp_path, aipm):
    small(tmp_path / "small.yaml")
    aipm("sweep", "small.yaml", "--seeds", "0:3", "-j", 1, "-o", "x")
    first = bare("x")
    small(tmp_path / "small.yaml", title="Changed")
    done = aipm("sweep", "small.yaml", "--seeds", "0:3", "-j", 1, "-o", "x", "--json")
    assert done.json["now"]["decided"] == 3
    assert not bare("x").keys() & first.keys()
    assert len(rows("x")) == 3
    small(tmp_path / "small.yaml")
    assert (
        aipm("sweep", "small.yaml", "--seeds", "0:3", "-j", 1, "-o", "x", "--json").json["now"]["decided"]
        == 0
    )
    assert bare("x") == first


def test_what_is_torn_never_counts_as_done(tmp_path, aipm):
    small(tmp_path / "small.yaml")
    words = ("sweep", "small.yaml", "--seeds", "0:4", "-j", 1, "-o", "x")
    aipm(*words)
    whole = bare("x")
    paths = sorted(Path("x/runs").glob("*/*.jsonl"))
    text = paths[0].read_bytes()
    paths[0].write_bytes(text[: len(text) // 2])
    paths[1].write_bytes(text[:-1])  # all but the last line break
    paths[2].write_bytes(b"")
    (paths[3].parent / ".aipm-0123456789abcdef.part").write_bytes(text[:99])
    assert aipm(*words, "--dry-run", "--json").json["runs"] == 4
    assert aipm(*words, "--json").json["now"]["decided"] == 3
    assert bare("x") == whole
    assert not list(Path("x").rglob("*.part"))


def test_one_writer_at_a_time(tmp_path, aipm):
    small(tmp_path / "small.yaml")
    with Folder(tmp_path / "x").locked():
        done = aipm("sweep", "small.yaml", "--seeds", "0:2", "-j", "1", "-o", "x")
    assert done.code == 2
    assert "another sweep is writing there" in done.err
    assert aipm("sweep", "small.yaml", "--seeds", "0:2", "-j", 1, "-o", "x").code == 0


@pytest.mark.parametrize("share", [0.5, 2.0], ids=["no transcript fits", "no more rows fit"])
def test_a_full_disk_stops_the_sweep_and_room_lets_it_go_on(tmp_path, share):
    """The system refuses to write a file past a size, as it would on a full disk."""
    small(tmp_path / "small.yaml")
    words = ("small.yaml", "--seeds", "0:12", "-j", 1, "-o", "x")
    (task,) = planned(Sweep(scenarios=("x",), seeds="0"), [scenario()]).tasks({})
    size = len(play(task, seated).text.encode())
    room = (int(size * share), resource.RLIM_INFINITY)
    done = command(tmp_path, *words, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, room))
    assert done.returncode == 1
    assert "cannot be written: File too large" in done.stderr
    assert "Traceback" not in done.stderr
    kept = written(tmp_path / "x")
    assert len(kept) == 0 if share < 1 else 0 < len(kept) < 12
    assert command(tmp_path, *words).returncode == 0
    assert kept.items() <= written(tmp_path / "x").items()
    assert len(bare(tmp_path / "x")) == len(rows(tmp_path / "x")) == 12


def test_killed_at_any_moment_nothing_is_lost_and_nothing_run_twice(tmp_path):
    """kill -9 of the sweep, again and again; what was done is never written a second time."""
    small(tmp_path / "small.yaml")
    words = ("small.yaml", "--seeds", "0:20", "--vary", "rounds=2,5", "-j", "2", "-o", "x")
    rng, done, kills = random.Random(6), {}, 0
    while len(done) < 40 and kills < 4:
        started = subprocess.Popen(
            [sys.executable, "-m", "aipm_agents", "sweep", *words], cwd=tmp_path, stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        more = len(done) + rng.randint(1, 12)
        while started.poll() is None and len(written(tmp_path / "x")) < more:
            time.sleep(0.01)
        time.sleep(rng.random() * 0.05)
        started.kill()
        started.wait()
        kills += 1
        now = written(tmp_path / "x")
        assert done.items() <= now.items()
        done = now
    assert kills > 1
    last = command(tmp_path, *words)
    assert last.returncode == 0, last.stderr
    assert done.items() <= written(tmp_path / "x").items()
    assert len(bare(tmp_path / "x")) == len(rows(tmp_path / "x")) == 40
    assert len({each["run_id"] for each in rows(tmp_path / "x")}) == 40
    _nobody_is_left(tmp_path)


def _nobody_is_left(home):
    """Workers of a sweep that was killed end by themselves."""
    deadline = time.monotonic() + 10
    while (left := _workers_in(home)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left == []


def _workers_in(home):
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink() == home and b"spawn_main" in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def test_ctrl_c_keeps_what_is_done(tmp_path):
    small(tmp_path / "small.yaml")
    words = ("small.yaml", "--seeds", "0:400", "-j", "2", "-o", "x")
    started = subprocess.Popen(
        [sys.executable, "-m", "aipm_agents", "sweep", *words], cwd=tmp_path, stderr=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=hearing_ctrl_c,
    )  # fmt: skip
    while started.poll() is None and len(written(tmp_path / "x")) < 5:
        time.sleep(0.01)
    os.killpg(started.pid, signal.SIGINT)  # as a terminal does it: to the workers too
    _, err = started.communicate(timeout=30)
    assert started.returncode == 130
    assert "the same command goes on" in err
    assert "Traceback" not in err
    kept = len(bare(tmp_path / "x"))
    assert 5 <= kept < 400
    assert len(rows(tmp_path / "x")) == kept
    _nobody_is_left(tmp_path)


def test_ctrl_c_between_a_run_and_its_row_keeps_both(aipm, tmp_path, monkeypatch):
    small(tmp_path / "small.yaml")
    appended, turn = RowFile.append, iter(range(9))

    def append(self, data):
        if next(turn) == 2:
            raise KeyboardInterrupt
        appended(self, data)

    monkeypatch.setattr(RowFile, "append", append)
    assert aipm("sweep", "small.yaml", "--seeds", "0:8", "-j", 1, "-o", "x").code == 130
    assert len(rows(tmp_path / "x")) == len(bare(tmp_path / "x")) == 3


def test_the_texts_beside_ones_own_case_are_found(aipm):
    small(Path("mine.yaml"), id="mine")
    Path("mine.zh-Hant.yaml").write_text("texts: mine\nlanguage: zh-Hant\ntitle: 小的\n", "utf-8")
    read_from = (Path("mine.yaml"), Path("mine.zh-Hant.yaml"))
    for path, language in itertools.product(read_from, ("en", "zh-Hant")):
        made = varied(read_case(path), {"lang": language}, file=path).scenario
        assert (made.language, made.title) == (language, "Small" if language == "en" else "小的")
    done = aipm("sweep", "mine.yaml", "--seeds", "0", "--vary", "lang=en,zh-Hant", "-o", "x", "--dry-run")
    assert (done.code, done.err) == (0, "")


def test_a_worker_keeps_nothing_of_an_earlier_state_of_what_plays_a_seat(tmp_path, monkeypatch):
    """Nor what a package holds, nor who imported from whom; of a module that is gone, nothing."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    before = {*sys.modules}
    for state in ("one", "two"):
        files = {"a_far.py": "from z_far import STATE\n", "z_far.py": f"STATE = {state!r}\n",
                 "pk_far/__init__.py": "", "pk_far/deep.py": f"STATE = {state!r}\n", f"{state}_far.py": ""}  # fmt: skip
        zipped = tmp_path / f"{ZIPPED}{state}.zip"
        with zipfile.ZipFile(zipped, "w") as file:
            for inside, text in files.items():
                file.writestr(zipfile.ZipInfo(inside), text)
        unzipped(zipped)
        assert state == importlib.import_module("a_far").STATE
        assert state == importlib.import_module("pk_far.deep").STATE
    with pytest.raises(ImportError):
        importlib.import_module("one_far")
    for name in {*sys.modules} - before:
        del sys.modules[name]
