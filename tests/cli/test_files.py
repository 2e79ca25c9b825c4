"""What is not ours is left alone, what we write is whole or as it was, and a full disk is nobody's fault at the table."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path

import pytest
from endpoint import endpoint
from making import scenario
from sweeping import bare, rows, small
from test_endpoints import sensible

from aipm_agents import disk
from aipm_agents.analysis.sample.case import case
from aipm_agents.analysis.sample.row import row
from aipm_agents.errors import StorageError
from aipm_agents.negotiation import negotiate
from aipm_agents.scenario.library import bundled
from aipm_agents.scenario.reader import read as read_scenario
from aipm_agents.seats.embedded import Embedded
from aipm_agents.seats.model.cassette import Cassette
from aipm_agents.transcript import Recorder, held_file, new_header, read

SWEEP = ("sweep", "small.yaml", "--seeds", "0:3", "-j", 1)


_SWEPT: dict[str, bytes] = {}


def swept(aipm, folder):
    """The sweep is done, in x. It is played once, and lies there for each test."""
    small(folder / "small.yaml")
    if not _SWEPT:
        assert aipm(*SWEEP, "-o", "x").code == 0
        found = [path for path in sorted((folder / "x").rglob("*")) if path.is_file()]
        _SWEPT.update({str(path.relative_to(folder)): path.read_bytes() for path in found})
    for name, held in _SWEPT.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(held)


def snapshot(folder):
    """Every name below a folder with what it is: the bytes of a file, where a link leads, or that it is a folder."""
    found = {}
    for path in sorted(Path(folder).rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = ("link", os.readlink(path))
        else:
            found[name] = path.read_bytes() if path.is_file() else "folder"
    return found


def refusing(monkeypatch, what, number=errno.ENOSPC):
    """The system refuses one kind of call, as it does on a full or a read-only disk."""

    def refuse(*words, **options):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(what, refuse)


# --- the one door -------------------------------------------------------------------------------

FAILS = ["os.replace", "os.link", "os.fsync", "aipm_agents.disk._fill"]


@pytest.mark.parametrize("what", FAILS)
def test_what_cannot_be_written_leaves_what_was_there_and_nothing_else(tmp_path, monkeypatch, what):
    (tmp_path / "old.txt").write_text("good")
    before = snapshot(tmp_path)
    with monkeypatch.context() as patched:
        refusing(patched, what)
        if what == "os.link":
            refusing(patched, "os.rename")
        else:
            with pytest.raises(OSError, match="No space"):
                disk.write(tmp_path / "old.txt", "new")
        if what != "os.replace":
            with pytest.raises(OSError, match="No space"):
                disk.create(tmp_path / "new.txt", "new")
    assert snapshot(tmp_path) == before


def test_text_that_breaks_off_in_the_middle_leaves_what_was_there(tmp_path):
    def text():
        yield "half"
        raise KeyboardInterrupt

    (tmp_path / "old.txt").write_text("good")
    before = snapshot(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        disk.write(tmp_path / "old.txt", text())
    assert snapshot(tmp_path) == before


def test_a_link_leads_where_it_led_and_permissions_stay(tmp_path):
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "real.txt").write_text("old")
    (tmp_path / "far" / "real.txt").chmod(0o640)
    (tmp_path / "link.txt").symlink_to("far/real.txt")
    disk.write(tmp_path / "link.txt", ["new", "er"])
    assert snapshot(tmp_path) == {
        "far": "folder", "far/real.txt": b"newer", "link.txt": ("link", "far/real.txt"),
    }  # fmt: skip
    assert (tmp_path / "far" / "real.txt").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("kind", ["folder", "pipe", "read-only"])
def test_what_may_not_be_replaced_is_not(tmp_path, monkeypatch, kind):
    path = tmp_path / "x"
    match kind:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "read-only":
            path.write_text("good")
            monkeypatch.setattr(os, "access", lambda *_: False)  # root may write to any file
    with pytest.raises(OSError, match=r"Is a directory|no ordinary file|Permission denied"):
        disk.write(path, "new")
    assert [each.name for each in tmp_path.iterdir()] == ["x"]
    assert kind != "read-only" or path.read_text() == "good"


def test_a_new_file_takes_no_name_that_is_taken(tmp_path, monkeypatch):
    (tmp_path / "x").write_text("good")
    for links in (True, False):
        with monkeypatch.context() as patched:
            if not links:
                refusing(patched, "os.link", errno.EPERM)
            with pytest.raises(FileExistsError):
                disk.create(tmp_path / "x", "new")
            disk.create(tmp_path / f"y{links}", "new")
    assert snapshot(tmp_path) == {"x": b"good", "yTrue": b"new", "yFalse": b"new"}


def test_only_names_of_ours_are_swept_up(tmp_path):
    mine = disk.part(tmp_path)
    mine.write_text("half")
    others = ["report.part", ".aipm-1.part", f"{mine.name}.pdf", "x.jsonl.part"]
    for name in others:
        (tmp_path / name).write_text("a download")
    disk.part(tmp_path).mkdir()
    disk.sweep_up(tmp_path)
    disk.sweep_up(tmp_path / "nowhere")
    assert not mine.exists()
    assert {*others} < {each.name for each in tmp_path.iterdir()}


# --- whose folder it is -------------------------------------------------------------------------


def strangers(folder):
    """A folder as people have them: downloads under way, a table, a sweep written by hand, a hidden file."""
    for name in (
        "film.mkv.part", "deep/down/thesis.docx.part", "rows.csv", "rows.jsonl", "runs/3f/notes.part", "runs/my.jsonl",
        "scenarios/small.yaml", ".lock", "failed/x.json", "unfinished/y.jsonl", "index.html", "card-games.pdf",
        "scores-2025.csv", "run.jsonl.held", "run.jsonl.draft", "run.jsonl.new", "scenario.schema.json", ".aipm-sweep",
    ):  # fmt: skip
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{name}, and nobody else's")
    (folder / "sweep.yaml").write_text("# mine\nsweep: 1\nscenarios: [refund-copilot]\n")
    (folder / "runs" / "ab").symlink_to("3f")
    return folder


@pytest.mark.parametrize("words", [(), ("--dry-run",), ("--retry",)])
def test_a_sweep_touches_no_folder_that_is_not_its_own(aipm, tmp_path, words):
    small(tmp_path / "small.yaml")
    before = snapshot(strangers(tmp_path / "downloads"))
    done = aipm(*SWEEP, "-o", "downloads", *words)
    assert (done.code, done.out) == (2, "")
    assert "it is not the folder of a sweep" in " ".join(done.err.split())
    assert snapshot("downloads") == before


def test_a_sweep_file_of_ours_alone_makes_a_folder_no_sweeps(aipm, tmp_path):
    swept(aipm, tmp_path)
    strangers(tmp_path / "downloads")
    (tmp_path / "downloads" / "sweep.yaml").write_bytes((tmp_path / "x" / "sweep.yaml").read_bytes())
    (tmp_path / "downloads" / "scenarios" / "small.yaml").unlink()
    before = snapshot("downloads")
    assert aipm(*SWEEP, "-o", "downloads").code == 2
    assert snapshot("downloads") == before


def test_in_a_sweeps_folder_what_others_put_there_stays(aipm, tmp_path):
    swept(aipm, tmp_path)
    kept = [
        "notes.part", "runs/notes.jsonl", "runs/aa/mine.jsonl", "runs/aa/mine.jsonl.part", "failed/why.json",
        "unfinished/draft.jsonl", "earlier/old.jsonl", "deep/film.part",
    ]  # fmt: skip
    for name in kept:
        (tmp_path / "x" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "x" / name).write_text(name)
    small(tmp_path / "small.yaml", title="Changed")  # so that all of ours is set aside
    assert aipm(*SWEEP, "-o", "x", "--json").json["now"]["decided"] == 3
    assert {name: (tmp_path / "x" / name).read_text() for name in kept} == {name: name for name in kept}


def test_the_folder_of_a_sweep_from_before_there_was_a_mark_goes_on(aipm, tmp_path):
    swept(aipm, tmp_path)
    (tmp_path / "x" / ".aipm-sweep").unlink()
    (tmp_path / "x" / "rows.sums").unlink()
    assert aipm(*SWEEP, "-o", "x", "--json").json["now"]["decided"] == 0


# --- what lies in a sweep's folder is checked as it is read ---------------------------------------

JUNK = ["[]", "null", "7", '{"run_id":[]}', '{"run_id":7}', "{", "[" * 100_000, "", "\x00"]


@pytest.mark.parametrize("junk", JUNK, ids=[each[:12] or "empty" for each in JUNK])
def test_junk_in_the_side_files_changes_no_row(aipm, tmp_path, junk):
    swept(aipm, tmp_path)
    whole = {name: (tmp_path / "x" / name).read_bytes() for name in ("rows.jsonl", "rows.csv", "rows.sums")}
    (tmp_path / "x" / "rows.jsonl").write_text(f"{junk}\n" + whole["rows.jsonl"].decode() + junk)
    (tmp_path / "x" / "rows.sums").write_text(f"{junk}\n" + whole["rows.sums"].decode() + junk)
    assert aipm("compare", "x").code == 0
    assert aipm(*SWEEP, "-o", "x", "--json").json["now"]["decided"] == 0
    assert {name: (tmp_path / "x" / name).read_bytes() for name in whole} == whole


def test_a_row_that_was_changed_by_hand_is_made_from_its_transcript(aipm, tmp_path):
    swept(aipm, tmp_path)
    true = rows("x")
    false = [{**each, "decision": "go", "nash_ratio": 9.0} for each in true]
    (tmp_path / "x" / "rows.jsonl").write_text("".join(json.dumps(each) + "\n" for each in false))
    assert aipm(*SWEEP, "-o", "x").code == 0
    assert rows("x") == true == [row(case("", read(path))) for path in in_order("x", true)]
    assert "9" not in {line.split(",")[13] for line in Path("x/rows.csv").read_text("utf-8").splitlines()}


def in_order(folder, told):
    return [Path(folder) / "runs" / each["run_id"][:2] / f"{each['run_id']}.jsonl" for each in told]


@pytest.mark.parametrize(("where", "kind"), [
    ("runs", "folder"), ("runs", "link"), ("runs", "pipe"), ("earlier", "link"), ("unfinished", "folder"), ("unfinished", "pipe"),
    ("failed", "link"), ("failed", "folder"), ("rows.jsonl", "folder"), ("rows.jsonl", "pipe"), ("held", "link"), ("held", "pipe"),
])  # fmt: skip
def test_what_is_no_file_is_told_and_stays(aipm, tmp_path, kind, where):
    swept(aipm, tmp_path)
    run = next(Path("x/runs").glob("*/*.jsonl"))
    name = run.stem
    place = {
        "runs": run, "earlier": Path(f"x/earlier/{name}.jsonl"), "unfinished": Path(f"x/unfinished/{name}.jsonl"),
        "failed": Path(f"x/failed/{name}.json"), "rows.jsonl": Path("x/rows.jsonl"),
        "held": Path(f"x/unfinished/{name}.jsonl.held"),
    }[where]  # fmt: skip
    text = run.read_text("utf-8")
    place.parent.mkdir(exist_ok=True)
    place.unlink(missing_ok=True)
    if where == "held":
        run.unlink()
        Path(f"x/unfinished/{name}.jsonl").write_text("".join(text.splitlines(keepends=True)[:3]))
    match kind:
        case "folder":
            place.mkdir()
        case "link":
            (tmp_path / "precious").write_text("mine")
            place.symlink_to(tmp_path / "precious")
        case "pipe":
            os.mkfifo(place)
    before = [(path, path.lstat().st_mode) for path in sorted(Path("x").rglob("*"))]
    done = aipm(*SWEEP, "-o", "x")
    assert (done.code, done.out) == (2, "")
    assert f"{place}: is no ordinary file" in " ".join(done.err.split())
    assert [(path, path.lstat().st_mode) for path in sorted(Path("x").rglob("*"))] == before
    if kind == "link":
        assert (tmp_path / "precious").read_text() == "mine"
    assert "a fault of ours" not in aipm("compare", "x").err


@pytest.mark.parametrize("where", ["runs", "unfinished", "failed"])
@pytest.mark.parametrize("damage", ["[]\n", "middle", "another"])
def test_what_is_damaged_is_named_before_anything_is_played(aipm, tmp_path, where, damage):
    swept(aipm, tmp_path)
    run, other = sorted(Path("x/runs").glob("*/*.jsonl"))[:2]
    lines = run.read_text("utf-8").splitlines(keepends=True)
    if damage == "middle":
        lines[2] = "[]\n"
    text = {"middle": "".join(lines), "another": other.read_text("utf-8")}.get(damage, damage)
    if where == "failed":
        text = json.dumps({"failed": 1, "run_id": "0" * 16}) if damage != "[]\n" else text
    place = (
        run if where == "runs" else Path(f"x/{where}/{run.stem}.json{'l' if where == 'unfinished' else ''}")
    )
    place.parent.mkdir(exist_ok=True)
    run.unlink()
    place.write_text(text + ("" if where != "runs" or damage == "another" else lines[-1]), "utf-8")
    done = aipm(*SWEEP, "-o", "x")
    assert (done.code, done.out) == (3, "")
    assert str(place) in " ".join(done.err.split())
    assert len(list(Path("x/runs").glob("*/*.jsonl"))) == (3 if where == "runs" else 2)


# --- a full disk is nobody's fault ----------------------------------------------------------------


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text(json.dumps(scenario(rounds=2).plain()), "utf-8")
    return path


@pytest.mark.parametrize("after", [0, 1, 4])
def test_a_cassette_that_cannot_be_written_stops_the_run_and_nothing_paid_for_is_lost(
    aipm, table, monkeypatch, after
):  # fmt: skip
    keep, kept = Cassette.keep, []

    def full(self, model, request, outcome):
        kept.append(request)
        if len(kept) > after:
            raise StorageError("tape/x.json: the reply cannot be kept: No space left on device")
        keep(self, model, request, outcome)

    with endpoint(sensible) as server:
        words = ("-m", "m", "--base-url", server.url, "--cassette", "tape")
        with monkeypatch.context() as patched:
            patched.setattr(Cassette, "keep", full)
            done = aipm("run", table, *words, "-o", "run.jsonl")
        assert done.code == 1
        assert "the reply cannot be kept: No space left on device" in " ".join(done.err.split())
        assert "aipm resume" in done.err
        broken = read(Path("run.jsonl"))
        assert broken.decision is None
        assert not any(getattr(event, "fault", None) for event in (*broken.events, *broken.held))
        asked = len(server.asked)
        assert asked <= after + 2, "nobody more is asked than those who were being asked"
        assert aipm("resume", "run.jsonl", "--base-url", server.url, "--json").code == 0
        assert len({(each.role, each.verb, each.text) for each in server.asked}) == len(server.asked)
    assert read(Path("run.jsonl")).decision.outcome == "go_with_follow_ups"


def test_a_cassette_in_a_place_that_cannot_be_written(aipm, table):
    Path("tape").write_text("x")
    with endpoint(sensible) as server:
        done = aipm("run", table, "-m", "m", "--base-url", server.url, "--cassette", "tape/below")
    assert done.code == 2
    assert server.asked == []
    assert "--cassette tape/below: cannot be made: Not a directory" in " ".join(done.err.split())


@pytest.mark.parametrize("side", ["record", "held"])
def test_a_record_or_a_side_file_that_cannot_be_written_stops_the_run(aipm, table, monkeypatch, side):
    from aipm_agents.transcript.lines import write

    def full(file, data, *, durable):
        if (
            str(file.name).endswith(".held") == (side == "held")
            and b'"round":0' not in data
            and data[8:14] != b"header"
        ):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(file, data, durable=durable)

    with endpoint(sensible) as server:
        with monkeypatch.context() as patched:
            patched.setattr("aipm_agents.transcript.recorder.write", full)
            done = aipm("run", table, "-m", "m", "--base-url", server.url, "-o", "run.jsonl")
        name = held_file(Path("run.jsonl")) if side == "held" else "run.jsonl"
        assert done.code == 1
        assert f"{name}: cannot be written: No space left on device" in " ".join(done.err.split())
        assert not any(getattr(event, "fault", None) for event in read(Path("run.jsonl")).events)
        assert aipm("resume", "run.jsonl", "--base-url", server.url, "--json").code == 0


def test_a_sweep_whose_cassette_cannot_be_written_stops_and_goes_on(aipm, tmp_path, monkeypatch):
    def full(self, model, request, outcome):
        raise StorageError("tape/x.json: the reply cannot be kept: No space left on device")

    small(tmp_path / "small.yaml")
    words = ("sweep", "small.yaml", "--seeds", "0:4", "--vary", "seat.legal=openai:m", "-o", "x", "-j", 1)
    with endpoint(sensible) as server:
        with monkeypatch.context() as patched:
            patched.setattr(Cassette, "keep", full)
            done = aipm(*words, "--base-url", server.url, "--cassette", "tape")
        assert done.code == 1
        assert "the reply cannot be kept: No space left on device" in " ".join(done.err.split())
        assert bare("x") == {}
        assert not list(Path("x").glob("failed/*"))
        asked = len(server.asked)
        assert asked <= 2, "one more had been handed out"
        assert aipm(*words, "--base-url", server.url).code == 0
        assert len({(each.text, each.body["seed"]) for each in server.asked}) == len(server.asked)
    assert len(bare("x")) == 4
    assert {each["faults"] for each in rows("x")} == {0}


# --- reports --------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["os.replace", "os.fsync", "aipm_agents.disk._fill"])
@pytest.mark.parametrize("words", [("export", "-o", "r.html"), ("export", "-o", "r.json"), ("debrief", "-o", "r.md"),
                                   ("compare", "latest", "latest~1", "-o", "r.csv")])  # fmt: skip
def test_a_report_that_fails_keeps_the_one_that_was_there(aipm, monkeypatch, words, what):
    aipm("run", "refund-copilot")
    aipm("run", "refund-copilot", "--seed", 2)
    assert aipm(*words).code == 0
    before = snapshot(".")
    with monkeypatch.context() as patched:
        refusing(patched, what)
        done = aipm(*words)
    assert (done.code, done.out) == (2, "")
    assert "cannot be written: No space left on device" in " ".join(done.err.split())
    assert snapshot(".") == before


# --- every command that writes, in a folder full of other people's files ---------------------------

WRITES = {
    "run": ("run", "refund-copilot", "-o", "new.jsonl"),
    "run beside a side file": ("run", "refund-copilot", "-o", "run.jsonl"),
    "resume --from": ("resume", "latest", "--from", 1, "-o", "branch.jsonl"),
    "init": ("init", "first-one"),
    "kit": ("kit", "refund-copilot", "-o", "class", "--sample", 1),
    "kit over others": ("kit", "refund-copilot", "-o", ".", "--sample", 1, "--force"),
    "export": ("export", "-o", "new.html"),
    "debrief": ("debrief", "-o", "new.md"),
    "compare": ("compare", "latest", "latest~1", "-o", "new.csv"),
    "sweep here": ("sweep", "refund-copilot", "--seeds", "0:2", "-o", ".", "-j", 1),
    "sweep": ("sweep", "refund-copilot", "--seeds", "0:2", "-o", "new", "-j", 1),
}  # fmt: skip


@pytest.fixture(scope="module")
def two_runs(tmp_path_factory):
    place = tmp_path_factory.mktemp("two")
    made = read_scenario(bundled()["refund-copilot"])
    for seed in (0, 2):
        header = new_header(made, seed)
        with Recorder(
            place / f"20260101-00000{seed}-refund-copilot-{header.run_id}.jsonl", header
        ) as recorder:
            negotiate(made, {role: Embedded() for role in made.parties}, seed=seed, on_event=recorder.append)
    return place


@pytest.fixture
def crowded(aipm, tmp_path, two_runs):
    """Two runs elsewhere, and this folder full of strangers' files."""
    shutil.copytree(two_runs, tmp_path / "runs")
    strangers(tmp_path)
    return {name: what for name, what in snapshot(tmp_path).items() if name.partition("/")[0] != "runs"} | {
        name: what for name, what in snapshot(tmp_path).items() if name in ("runs/ab", "runs/my.jsonl", "runs/3f/notes.part")
    }  # fmt: skip


@pytest.mark.parametrize("what", WRITES)
def test_whatever_writes_leaves_other_peoples_files_as_they_were(aipm, tmp_path, crowded, what):
    Path("runs/my.jsonl").rename("my.jsonl")  # so that `latest` is a run
    crowded["my.jsonl"] = crowded.pop("runs/my.jsonl")
    done = aipm(*WRITES[what])
    assert done.code == (2 if what in ("run beside a side file", "kit over others", "sweep here") else 0), (
        done.err
    )
    after = snapshot(tmp_path)
    assert {name: after.get(name) for name in crowded} == crowded
    assert not [name for name in after if name.endswith(".part") and name not in crowded]


CALLS = ["os.replace", "os.link", "os.rename", "os.fsync", "aipm_agents.disk._fill"]
THROUGH_THE_DOOR = ["init", "kit", "debrief", "compare", "resume --from"]
"""They write as `export`, `sweep` or `run` does, of which each is refused every call: here one each."""


@pytest.mark.parametrize(
    ("what", "call"),
    [
        *((what, call) for what in ("export", "sweep", "run") for call in CALLS),
        *zip(THROUGH_THE_DOOR, CALLS, strict=True),
    ],
)
def test_whatever_cannot_write_leaves_everything_as_it_was(aipm, tmp_path, crowded, monkeypatch, what, call):
    Path("runs/my.jsonl").rename("my.jsonl")
    before = snapshot(tmp_path)
    with monkeypatch.context() as patched:
        refusing(patched, call)
        if call == "os.link":
            refusing(patched, "os.rename")
        done = aipm(*WRITES[what])
    assert done.code in (0, 1, 2), done.err
    assert "a fault of ours" not in done.err
    after = snapshot(tmp_path)
    assert {name: after.get(name) for name in before} == before
    if done.code:
        assert {name for name in after if after[name] != "folder"} - before.keys() <= {"new/.aipm-sweep"}
    else:
        assert not [name for name in after.keys() - before.keys() if name.endswith(".part")]


def test_init_keeps_a_schema_that_is_there(aipm, tmp_path):
    (tmp_path / "scenario.schema.json").write_text("mine")
    done = aipm("init", "first-one")
    assert done.code == 0
    assert "scenario.schema.json is already there and was left as it is" in " ".join(done.out.split())
    assert (tmp_path / "scenario.schema.json").read_text() == "mine"
    assert aipm("validate", "first-one.yaml").code == 0


@pytest.mark.parametrize("text", ["my shopping", "my shopping\n", "[]\n", '{"role": "pm"}\n'])
@pytest.mark.parametrize("side", ["held", "draft"])
def test_what_lies_beside_a_run_and_is_not_its_own_stays(aipm, tmp_path, side, text):
    path = Path(aipm("run", "refund-copilot", "-o", "run.jsonl", "--json").json["transcript"])
    whole = path.read_text("utf-8").splitlines(keepends=True)
    beside = path.with_name(f"run.jsonl.{side}")
    beside.write_text(text)
    if side == "held":
        assert aipm("show", path).code == 0  # a run that is over shows whatever lies beside it
    path.write_text("".join(whole[:8]), "utf-8")
    (tmp_path / "answers.txt").write_text("")
    people = ("--seat", "legal=human", "--answers", "answers.txt")
    done = aipm("resume", path, *people)
    assert done.code in (2, 3)
    assert f"run.jsonl.{side}" in done.err
    assert beside.read_text() == text


@pytest.mark.parametrize("kept", ["[]", "null", "{}", '{"reply": {}}', '{"fault": {"kind": "sad", "message": ""}}',
                                  '{"reply": {"text": 7, "usage": {}, "model": "", "truncated": false}}', "[" * 100_000])  # fmt: skip
def test_a_kept_reply_that_is_none_stops_the_run_and_is_no_seats_fault(aipm, table, kept):
    with endpoint(sensible) as server:
        words = ("-m", "m", "--base-url", server.url, "--cassette", "tape", "--json")
        assert aipm("run", table, *words).code == 0
        for path in Path("tape").iterdir():
            path.write_text(kept)
        done = aipm("run", table, *words, "-o", "run.jsonl")
    assert done.code == 4
    assert "the kept reply cannot be read" in done.err
    assert not any(getattr(event, "fault", None) for event in read(Path("run.jsonl")).events)
