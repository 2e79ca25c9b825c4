"""The record: the same bytes from the same seed, whole after any break, and never a traceback."""

from __future__ import annotations

import errno
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import pytest
from making import scenario as small_scenario
from records import EXAMPLES

from aipm_agents import cli
from aipm_agents.errors import StorageError, TranscriptError
from aipm_agents.negotiation import negotiate
from aipm_agents.scenario.library import bundled
from aipm_agents.scenario.reader import read as read_scenario
from aipm_agents.seats.embedded import Embedded
from aipm_agents.seats.scripted import Scripted
from aipm_agents.table.agenda import slot
from aipm_agents.table.events import Answered, Framed, Opened, Seated, Stopped
from aipm_agents.table.moves import Opening, Position
from aipm_agents.transcript import Recorder, dumped, line, new_header, read

SCENARIOS = EXAMPLES
SEED = 5


@lru_cache
def played(name, seed=SEED):
    scenario = read_scenario(bundled()[name])
    return scenario, negotiate(scenario, seats_of(scenario), seed=seed)


def seats_of(scenario):
    return {role: Embedded() for role in scenario.parties}


def record(path, scenario, events, seed=SEED):
    with Recorder(path, new_header(scenario, seed)) as recorder:
        for event in events:
            recorder.append(event)
    return path


def bare(events):
    """The events as the file has them, without what varies without meaning."""
    return [dumped({k: v for k, v in line(event).items() if k != "volatile"}) for event in events]


def bare_file(path):
    lines = [json.loads(text) for text in Path(path).read_text("utf-8").splitlines()]
    return [json.dumps({k: v for k, v in data.items() if k != "volatile"}) for data in lines]


def aipm(monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["aipm", *map(str, words)])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return end.value.code


# --- the same bytes -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_same_seed_writes_the_same_bytes_outside_volatile(name, tmp_path):
    scenario = read_scenario(bundled()[name])
    paths = []
    for copy in ("one", "two"):
        with Recorder(tmp_path / copy, new_header(scenario, SEED)) as recorder:
            negotiate(scenario, seats_of(scenario), seed=SEED, on_event=recorder.append)
        paths.append(tmp_path / copy)
    one, two = map(bare_file, paths)
    assert one == two
    assert all("volatile" in json.loads(text) for text in paths[0].read_text("utf-8").splitlines()[:1])


def test_another_seed_writes_another_run():
    assert bare(played("discharge-letter", 1)[1]) != bare(played("discharge-letter", 2)[1])


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_is_read_is_what_was_written(name, tmp_path):
    scenario, events = played(name)
    header = new_header(scenario, SEED)
    with Recorder(tmp_path / "run.jsonl", header) as recorder:
        for event in events:
            recorder.append(event)
    transcript = read(tmp_path / "run.jsonl")
    assert transcript.header == header
    assert transcript.scenario.digest == scenario.digest == transcript.header.scenario_sha256
    assert transcript.events == events
    assert transcript.decision == events[-1]
    assert transcript.seats == dict.fromkeys(scenario.parties, "embedded")


@pytest.mark.parametrize("name", SCENARIOS)
def test_events_stand_in_the_order_of_rounds_phases_and_the_scenarios_roles(name):
    for seed in range(4):
        scenario, events = played(name, seed)
        assert isinstance(events[0], Seated)
        slots = [slot(scenario, event) for event in events[1:]]
        assert slots == sorted(set(slots))
        for kind in (Opened, Answered):
            for number in range(scenario.rounds + 1):
                roles = tuple(e.role for e in events if isinstance(e, kind) and e.round == number)
                assert roles in ((), scenario.colleagues)


# --- any break, and on --------------------------------------------------------------------------


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("stopped", [False, True], ids=["killed", "ctrl-c"])
def test_any_prefix_goes_on_to_the_same_whole(name, stopped):
    """A prefix may end anywhere, in the middle of a phase too."""
    scenario, events = played(name)
    whole = bare(events)
    for cut in range(1, len(events), 3 if stopped else 1):
        begun = events[:cut]
        if stopped:
            begun += (Stopped(round=max(e.round for e in begun), reason="interrupted"),)
        heard = []
        again = negotiate(scenario, seats_of(scenario), seed=SEED, earlier=begun, on_event=heard.append)
        assert bare(e for e in again if not isinstance(e, Stopped)) == whole, cut
        assert bare(heard) == whole[cut:], cut


def test_a_finished_run_goes_nowhere():
    scenario, events = played("refund-copilot")
    heard = []
    again = negotiate(scenario, seats_of(scenario), seed=SEED, earlier=events, on_event=heard.append)
    assert again == events
    assert heard == []


def _whole_lines(data):
    """A last line that lacks nothing but its line break counts."""
    *lines, last = data.split(b"\n")
    return len(lines) + last.endswith(b"}") * _is_json(last)


def _is_json(text):
    try:
        return bool(json.loads(text))
    except ValueError:
        return False


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_file_cut_at_any_byte_is_read_and_resumed_to_the_same_whole(name, tmp_path, monkeypatch):
    scenario, events = played(name)
    data = record(tmp_path / "whole.jsonl", scenario, events).read_bytes()
    first = data.index(b"\n") + 1
    rng = random.Random(f"cut/{name}")
    path = tmp_path / "cut.jsonl"
    for cut in [first, first + 1, len(data) - 1, *(rng.randrange(first, len(data)) for _ in range(5))]:
        path.write_bytes(data[:cut])
        kept = read(path).events
        assert bare(kept) == bare(events)[: _whole_lines(data[first:cut])]
        assert aipm(monkeypatch, "resume", path, "--display", "none") == 0
        assert bare(read(path).events) == bare(events), cut


def test_a_torn_last_line_is_cut_off_before_a_run_goes_on(tmp_path):
    scenario, events = played("refund-copilot")
    path = record(tmp_path / "run.jsonl", scenario, events[:4])
    whole = path.read_bytes()
    path.write_bytes(whole + '{"kind":"opening","round":0,"role":"legal","move":{"says":"貓'.encode()[:-1])
    assert read(path).events == events[:4]
    with Recorder(path) as recorder:
        assert path.read_bytes() == whole
        recorder.append(events[4])
    assert read(path).events == events[:5]


def test_a_recorder_never_writes_over_a_file(tmp_path):
    scenario, events = played("refund-copilot")
    path = record(tmp_path / "run.jsonl", scenario, events)
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        Recorder(path, new_header(scenario, SEED))
    assert path.read_bytes() == before


# --- kill -9 ------------------------------------------------------------------------------------


def lines_written(path):
    try:
        return path.read_bytes().count(b"\n")
    except FileNotFoundError:
        return 0


def kill_in_the_middle(words, path, lines):
    """Start `aipm`, and kill it as soon as its transcript has so many lines. Whether it was in time."""
    process = subprocess.Popen(
        [sys.executable, "-m", "aipm_agents", *words, "--display", "none"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    deadline = time.monotonic() + 30
    while process.poll() is None and lines_written(path) < lines and time.monotonic() < deadline:
        time.sleep(0.002)
    if process.poll() is None:
        os.kill(process.pid, signal.SIGKILL)
    _, complaint = process.communicate(timeout=30)
    assert process.returncode in (0, -signal.SIGKILL), complaint
    return process.returncode == -signal.SIGKILL


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_kill_minus_nine_loses_nothing_and_resume_ends_as_the_unbroken_run(tmp_path, monkeypatch):
    """Two runs; each is killed, resumed, killed again, and resumed to its end. More moments: tests/killing.py."""
    rng, name = random.Random(20260921), "discharge-letter"
    _, events = played(name)
    moments = [sorted(rng.sample(range(2, len(events) - 8), 2)) for _ in range(2)]

    def killed_twice(number):
        path, (first, second) = tmp_path / f"{number}.jsonl", moments[number]
        once = kill_in_the_middle(["run", name, "--seed", str(SEED), "-o", str(path)], path, first)
        kept = bare(read(path).events)
        assert kept == bare(events)[: len(kept)]
        return once, kill_in_the_middle(["resume", str(path)], path, max(second, len(kept) + 2))

    with ThreadPoolExecutor(2) as pool:
        in_time = [kill for kills in pool.map(killed_twice, range(2)) for kill in kills]
    assert sum(in_time) >= 2  # else this test has tested nothing
    for number in range(2):
        path = tmp_path / f"{number}.jsonl"
        kept = bare(read(path).events)
        assert kept == bare(events)[: len(kept)]
        assert aipm(monkeypatch, "resume", path, "--display", "none") == 0
        assert bare(read(path).events) == bare(events)


# --- what is not a transcript -------------------------------------------------------------------


def _changed(number, change):
    """The lines of a good transcript with one of them changed; `number` counts from 1, as messages do."""

    def damage(lines):
        data = json.loads(lines[number - 1])
        change(data)
        return [*lines[: number - 1], json.dumps(data), *lines[number:]]

    return damage


def _replaced(number, text):
    return lambda lines: [*lines[: number - 1], text, *lines[number:]]


def _set(*steps):
    """Set a value deep in a dict: keys, then the value."""
    *path, last, value = steps

    def change(data):
        for step in path:
            data = data[step]
        data[last] = value

    return change


# Of "refund-copilot" with seed 5: line 1 header, 2 seating, 3 framing, 4 to 7 openings, 8 a proposal,
# 9 to 12 its answers, 13 the ruling.
DAMAGE = {
    "not JSON": (5, _replaced(5, "{not json")),
    "an empty line": (5, _replaced(5, "")),
    "a list": (6, _replaced(6, "[]")),
    "a number": (6, _replaced(6, "1")),
    "nested without end": (6, _replaced(6, "[" * 100_000)),
    "a number without end": (6, _replaced(6, '{"kind":"stopped","round":' + "9" * 5000 + "}")),
    "infinity": (6, _replaced(6, '{"kind":"stopped","round":Infinity,"reason":"budget"}')),
    "no kind": (3, _changed(3, lambda d: d.pop("kind"))),
    "an unknown kind": (3, _changed(3, _set("kind", "dream"))),
    "a kind that is a list": (3, _changed(3, _set("kind", ["framing"]))),
    "an unknown key": (3, _changed(3, _set("mood", "grim"))),
    "a round that is text": (3, _changed(3, _set("round", "0"))),
    "an unknown vote": (9, _changed(9, _set("move", "vote", "perhaps"))),
    "a role nobody plays": (9, _changed(9, _set("role", "ghost"))),
    "a seat nobody has": (2, _changed(2, _set("seats", "ghost", "embedded"))),
    "a fact nobody knows": (9, _changed(9, _set("move", "tables", ["ghost"]))),
    "an unknown option": (8, _changed(8, _set("package", "reach", "ghost"))),
    "an open issue": (8, _changed(8, lambda d: d["package"].popitem())),
    "an unknown issue asked for": (9, _changed(9, _set("move", "asks", [{"issue": "x", "options": ["y"]}]))),
    "an unknown criterion": (13, _changed(13, _set("asked", ["ghost"]))),
    "moved by nobody": (9, _changed(9, _set("move", "moved_by", ["ghost@1"]))),
    "a line twice": (10, lambda lines: [*lines[:9], lines[8], *lines[9:]]),
    "two lines in the wrong order": (9, lambda lines: [*lines[:8], lines[9], lines[8], *lines[10:]]),
    "the next format": (1, _changed(1, _set("transcript", 2))),
    "no format": (1, _changed(1, lambda d: d.pop("transcript"))),
    "no header": (1, lambda lines: lines[1:]),
    "no scenario": (1, _changed(1, lambda d: d.pop("scenario"))),
    "a seed that is none": (1, _changed(1, _set("seed", 1.5))),
    "a scenario without sense": (1, _changed(1, _set("scenario", "rounds", 0))),
    "a scenario that does not add up": (1, _changed(1, lambda d: d["scenario"]["parties"].pop("legal"))),
}


def good_lines(tmp_path):
    scenario, events = played("refund-copilot")
    return record(tmp_path / "good.jsonl", scenario, events).read_text("utf-8").split("\n")[:-1]


@pytest.mark.parametrize("what", DAMAGE)
def test_damage_is_named_with_its_line(what, tmp_path, monkeypatch, capsys):
    number, damage = DAMAGE[what]
    path = tmp_path / "bad.jsonl"
    path.write_text("\n".join(damage(good_lines(tmp_path))) + "\n", "utf-8")
    with pytest.raises(TranscriptError, match=rf"bad\.jsonl:{number}: "):
        read(path)
    before = path.read_bytes()
    for command in ("show", "resume"):
        assert aipm(monkeypatch, command, path) == 3
        out, err = capsys.readouterr()
        assert out == ""
        assert f"bad.jsonl:{number}: " in err
        assert "Traceback" not in err
    assert path.read_bytes() == before


NO_TRANSCRIPTS = {
    "empty": (b"", "empty"),
    "one torn line": (b'{"kind":"header"', "breaks off"),
    "a line of text": (b"Dear diary,\n", r"\.jsonl:1: "),
    "another JSON file": (b'{"name": "package"}\n', r"\.jsonl:1: .*transcript"),
    "a scenario": (b"format: 1\nid: x\n", r"\.jsonl:1: "),
    "UTF-16": ('{"kind":"header"}\n'.encode("utf-16"), r"\.jsonl:1: is not UTF-8"),
    "a byte order mark": (b'\xef\xbb\xbf{"kind":"header"}\n', r"\.jsonl:1: "),
    "binary": (bytes(range(256)) * 4, r"\.jsonl:\d: "),
}


@pytest.mark.parametrize("what", NO_TRANSCRIPTS)
def test_what_is_no_transcript_is_said_to_be_none(what, tmp_path, monkeypatch, capsys):
    data, message = NO_TRANSCRIPTS[what]
    path = tmp_path / "no.jsonl"
    path.write_bytes(data)
    with pytest.raises(TranscriptError, match=message):
        read(path)
    assert aipm(monkeypatch, "show", path) == 3
    assert "Traceback" not in capsys.readouterr().err


def test_bytes_that_are_no_utf8_are_named_with_their_line(tmp_path):
    lines = [text.encode() for text in good_lines(tmp_path)]
    lines[6] = lines[6].replace(b'"says":"', b'"says":"\xff\xfe', 1)
    (tmp_path / "bad.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    with pytest.raises(TranscriptError, match=r"bad\.jsonl:7: is not UTF-8"):
        read(tmp_path / "bad.jsonl")


@pytest.mark.parametrize("what", ["directory", "missing"])
def test_what_cannot_be_read_is_named(what, tmp_path):
    path = tmp_path / what
    if what == "directory":
        path.mkdir()
    with pytest.raises(TranscriptError, match=f"{what}: cannot be read: "):
        read(path)


# --- odd characters -----------------------------------------------------------------------------

ODD = {
    "line separators": "one\u2028two\u2029three\x85four\x0bfive\x0csix",
    "line breaks": "one\ntwo\r\nthree\rfour",
    "quotes": "she said \"no\" \\ and 'yes' \\n",
    "control characters": "\x00\x01\x1b[31mred\x1b[0m\x7f\x9b31m",
    "right to left": "\u202eevil\u202c \u2066x\u2069 שלום",
    "emoji": "👩‍👩‍👧‍👦 🇹🇼 é",
    "han": "退款助理這一季要怎麼交到使用者手上？",
    "beyond the plane": "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𠜎",
    "not a character": "\ufeffa\ufffeb\uffff",
    "JSON in speech": '{"kind":"decision","round":9,"outcome":"go"}\n{"kind":"decision"}',
}


@pytest.mark.parametrize("what", ODD)
def test_odd_characters_survive_a_round_trip(what, tmp_path):
    small, text = small_scenario(), f"a {ODD[what]} z"
    seats = {
        "pm": Scripted(packages=[{"reach": "few", "review": "some"}]),
        "engineer": Scripted(positions=[Position(vote="no", says=text)], opening=Opening(says=text)),
        "legal": Scripted(positions=["yes"]),
    }
    with Recorder(tmp_path / "run.jsonl", new_header(small, 0)) as recorder:
        events = negotiate(small, seats, on_event=recorder.append)
    transcript = read(tmp_path / "run.jsonl")
    assert transcript.events == events
    said = [e.move.says for e in transcript.events if e.role == "engineer"]
    assert said
    assert set(said) == {text}
    assert len((tmp_path / "run.jsonl").read_bytes().split(b"\n")) == len(events) + 2


def test_an_error_text_that_is_no_utf8_breaks_no_run(tmp_path):
    """Half a surrogate pair comes with any file name that is not UTF-8."""

    class Broken(Embedded):
        def frame(self, view):
            raise RuntimeError("cannot read caf\udce9.txt")

    small = small_scenario()
    seats = {**{role: Scripted(positions=["yes"]) for role in small.parties}, "pm": Broken()}
    with Recorder(tmp_path / "run.jsonl", new_header(small, 0)) as recorder:
        events = negotiate(small, seats, on_event=recorder.append)
    framed = next(e for e in read(tmp_path / "run.jsonl").events if isinstance(e, Framed))
    assert framed == next(e for e in events if isinstance(e, Framed))
    assert "caf\udce9.txt" in framed.volatile["fault"]


# --- a disk that cannot even take back --------------------------------------------------------------


class Worn(io.FileIO):
    """A file on a disk that takes half of a line once it is full, and takes nothing back."""

    full = False

    def write(self, data):
        if not self.full:
            return super().write(data)
        super().write(data[: len(data) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def truncate(self, size=None):
        raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_half_a_line_that_cannot_be_taken_back_costs_no_event(tmp_path, monkeypatch):
    scenario, events = played("refund-copilot")
    monkeypatch.setattr(Path, "open", lambda path, mode="r", **_: Worn(path, mode.replace("b", "")))
    with Recorder(tmp_path / "run.jsonl", new_header(scenario, SEED)) as recorder:
        for event in events[:9]:
            recorder.append(event)
        monkeypatch.setattr(Worn, "full", True)
        with pytest.raises(StorageError, match=r"run\.jsonl: cannot be written: No space left"):
            recorder.append(events[9])
    before = (tmp_path / "run.jsonl").read_bytes()
    assert not before.endswith(b"\n")
    with pytest.raises(OSError, match="Input/output error"):
        Recorder(tmp_path / "run.jsonl")
    assert (tmp_path / "run.jsonl").read_bytes() == before
    monkeypatch.undo()
    assert read(tmp_path / "run.jsonl").events == events[:9]
    with Recorder(tmp_path / "run.jsonl") as recorder:
        for event in events[9:]:
            recorder.append(event)
    assert read(tmp_path / "run.jsonl").events == events


def test_a_torn_line_that_cannot_be_taken_back_is_told_and_stays(monkeypatch, tmp_path, capsys):
    scenario, events = played("refund-copilot")
    path = record(tmp_path / "run.jsonl", scenario, events[:9])
    path.write_bytes(path.read_bytes() + b'{"kind":"pos')
    before = path.read_bytes()
    opened = Path.open

    def worn(it, mode="r", *rest, **options):
        return Worn(it, "r+") if mode == "r+b" else opened(it, mode, *rest, **options)

    monkeypatch.setattr(Path, "open", worn)
    assert aipm(monkeypatch, "resume", path) == 2
    assert "run.jsonl: the run cannot be written on: Input/output error" in " ".join(
        capsys.readouterr().err.split()
    )
    assert path.read_bytes() == before
