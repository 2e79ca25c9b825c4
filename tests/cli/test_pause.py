"""Leaving the table and coming back: nothing asked twice, nothing lost, nobody writes over anybody."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from player import ESCAPES, Player
from records import bundle, kept

from aipm_agents.errors import TranscriptError
from aipm_agents.negotiation import negotiate
from aipm_agents.seats.embedded import Embedded
from aipm_agents.table.events import Seated
from aipm_agents.transcript import Recorder, draft_file, held_file, new_header, prefix, read

HERE = Path(__file__).parents[1]
TWO_PEOPLE = HERE / "data" / "two-people.txt"
NAME = "refund-copilot"


def bare(path):
    lines = [json.loads(text) for text in path.read_text("utf-8").splitlines()]
    lines = [line for line in lines if line["kind"] != "stopped"]
    return [{key: value for key, value in line.items() if key != "volatile"} for line in lines]


# --- leaving ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Two people's session played through from a file of lines."""
    folder = tmp_path_factory.mktemp("whole")
    subprocess.run(
        [sys.executable, "-m", "aipm_agents", "play", NAME, "--seed", "7", "--as", "legal", "--as", "pm",
         "--answers", str(TWO_PEOPLE), "--display", "none", "-o", str(folder / "run.jsonl")],
        check=True, capture_output=True, env={**os.environ, "AIPM_RUNS": str(folder)},
    )  # fmt: skip
    return bare(folder / "run.jsonl")


PARTS = [
    "pm 0",
    "legal 0",
    "pm 1",
    "legal 1",
    "pm 2",
    "legal 2",
    "pm 3",
    "legal 3",
    "pm 3 sign",
    "pm 4",
    "legal 4",
]


@pytest.mark.parametrize("part", PARTS)
def test_who_leaves_before_any_turn_finds_the_table_as_it_was(part, aipm, tmp_path, whole):
    """The lines end before a turn; `resume` with all of them ends as the session without a break."""
    text = TWO_PEOPLE.read_text("utf-8")
    (tmp_path / "some.txt").write_text(text.partition(f"@{part}\n")[0] + f"@{part}\nquit\n", "utf-8")
    left = aipm(
        "play", NAME, "--seed", 7, "--as", "legal", "--as", "pm", "--answers", "some.txt", "-o", "run.jsonl"
    )
    assert left.code == 0
    assert "aipm resume run.jsonl" in left.err
    back = aipm("resume", "run.jsonl", "--answers", TWO_PEOPLE, "--display", "none")
    assert back.code == 0, back.err
    assert bare(Path("run.jsonl")) == whole
    assert not held_file(Path("run.jsonl")).exists()


def test_answers_that_others_have_given_survive_a_pause_and_stay_hidden(aipm, tmp_path):
    lines = "@legal 0\nsend\n@legal 1\nquit\n"
    Path("lines.txt").write_text(lines, "utf-8")
    aipm("play", NAME, "--seed", 7, "--as", "legal", "--answers", "lines.txt", "-o", "run.jsonl")
    run = read(Path("run.jsonl"))
    assert {event.role for event in run.held} == {"engineer", "data_scientist", "marketing"}
    for audience in ("public", "legal", "facilitator"):
        shown = aipm("show", "run.jsonl", "--as", audience, "--spoil").out
        assert not any(event.move.says and event.move.says[:40] in shown for event in run.held)
    Path("lines.txt").write_text("@legal 1\ncard\ntable\nhistory\nquit\n", "utf-8")
    shown = aipm("resume", "run.jsonl", "--answers", "lines.txt").out
    assert not any(event.move.says and event.move.says[:40] in shown for event in run.held)


def test_no_card_is_opened_while_people_play_unless_somebody_says_so(aipm):
    Path("lines.txt").write_text("@legal 0\nsend\n@legal 1\nquit\n", "utf-8")
    aipm("play", NAME, "--seed", 7, "--as", "legal", "--answers", "lines.txt", "-o", "run.jsonl")
    for words in (["show", "run.jsonl"], ["export", "run.jsonl", "-o", "run.md"], ["replay", "run.jsonl"]):
        for audience in ("facilitator", "engineer"):
            refused = aipm(*words, "--as", audience)
            assert refused.code == 2
            assert "add --spoil" in refused.err
            assert aipm(*words, "--as", audience, "--spoil").code == 0
        assert aipm(*words).code == 0


def test_a_show_of_a_played_run_says_again_what_the_person_left(aipm):
    aipm("play", NAME, "--seed", 7, "--as", "legal", "--as", "pm", "--answers", TWO_PEOPLE, "-o", "run.jsonl")
    assert "WHAT YOU GOT" not in aipm("show", "run.jsonl").out
    assert "WHAT YOU GOT" not in aipm("show", "run.jsonl", "--as", "engineer").out
    shown = aipm("show", "run.jsonl", "--as", "legal").out
    assert "Legal counsel: 88 points; your walk-away was 55." in shown
    assert "Product manager: " not in shown.partition("WHAT YOU GOT")[2]


def test_another_machine_needs_the_record_and_its_side_file_alone(aipm, tmp_path, whole):
    text = TWO_PEOPLE.read_text("utf-8")
    Path("some.txt").write_text(text.partition("@legal 2\n")[0] + "@legal 2\nquit\n", "utf-8")
    aipm("play", NAME, "--seed", 7, "--as", "legal", "--as", "pm", "--answers", "some.txt", "-o", "run.jsonl")
    away = tmp_path / "elsewhere"
    away.mkdir()
    for each in tmp_path.glob("run.jsonl*"):
        each.rename(away / each.name)
    assert aipm("resume", away / "run.jsonl", "--answers", TWO_PEOPLE, "--display", "none").code == 0
    assert bare(away / "run.jsonl") == whole


@pytest.mark.parametrize("prompts", [1, 6])
def test_ctrl_c_at_each_prompt_breaks_off_and_resume_goes_on_from_the_half_made_turn(prompts, tmp_path):
    player = Player(
        tmp_path, ["play", NAME, "--as", "legal", "--seed", "7", "--speed", "0", "-o", "run.jsonl"]
    )
    plan = ["", "say Who reads it first?", "send", "no", "ask review", "above_50"]
    for number in range(prompts):
        player.prompt()
        if number < prompts - 1:
            player.type(plan[number])
    assert player.interrupt() == 130
    assert "aipm resume run.jsonl" in player.said
    assert "Traceback" not in player.said
    run = read(tmp_path / "run.jsonl")
    assert run.decision is None
    half = draft_file(tmp_path / "run.jsonl")
    assert half.exists() == (prompts in (3, 5, 6))
    player = Player(tmp_path, ["resume", "run.jsonl", "--speed", "0"])
    assert player.to_the_end() == 0
    assert ("You had begun this turn" in player.said) == half_was(prompts)
    spoken = [e for e in read(tmp_path / "run.jsonl").events if e.kind == "opening" and e.role == "legal"]
    assert len(spoken) == 1
    assert spoken[0].move.says == ("Who reads it first?" if prompts >= 3 else "")


def half_was(prompts):
    return prompts in (3, 5, 6)


def test_a_closed_terminal_loses_nothing(tmp_path):
    player = Player(
        tmp_path, ["play", NAME, "--as", "legal", "--seed", "7", "--speed", "0", "-o", "run.jsonl"]
    )
    for text in ("", "send", "no", "say Who reads it?"):
        player.prompt()
        player.type(text)
    player.prompt()
    player.child.close(force=True)  # the terminal goes, and its process gets SIGHUP
    assert read(tmp_path / "run.jsonl").decision is None
    player = Player(tmp_path, ["resume", "run.jsonl", "--speed", "0"])
    assert player.to_the_end() == 0
    assert "You had begun this turn" in player.said
    answer = next(
        e for e in read(tmp_path / "run.jsonl").events if e.kind == "position" and e.role == "legal"
    )
    assert (answer.move.says, answer.fault) == ("Who reads it?", None)


def test_a_paste_of_many_lines_votes_for_nobody(tmp_path):
    player = Player(
        tmp_path, ["play", NAME, "--as", "legal", "--seed", "7", "--speed", "0", "-o", "run.jsonl"]
    )
    for text in ("", "send"):
        player.prompt()
        player.type(text)
    player.prompt()
    player.child.send("\x1b[200~Dear all,\r\n\r\nsee below\r\n\x1b[201~\r")
    assert player.prompt().endswith("> ")
    player.type("say " + "x" * 10_000)
    while "10000 characters" not in re.sub(r"\s+", " ", ESCAPES.sub("", player.said)):
        assert player.prompt() is not None
    player.type("quit")
    assert player.prompt() is None
    run = read(tmp_path / "run.jsonl")
    assert not any(e.kind == "position" and e.role == "legal" for e in (*run.events, *run.held))


def test_an_empty_screen_lies_between_two_people(tmp_path):
    player = Player(
        tmp_path, ["play", NAME, "--as", "legal", "--as", "engineer", "--seed", "7", "--speed", "0"]
    )
    seen = []
    while len(seen) < 12 and player.prompt() is not None:
        seen.append(player.said)
        player.type(
            "send"
            if re.search(r"(opening|round \d+)> $", ESCAPES.sub("", player.said))
            and "Enter" not in player.said[-60:]
            else ""
        )
    player.child.close(force=True)
    screens = player.said.split("\x1b[2J\x1b[3J\x1b[H")
    assert len(screens) > 4
    for screen in screens:
        assert not ("The regulator wrote in spring" in screen and "helped cut the error figures" in screen)
        if "The keyboard goes to" in screen:
            assert "Only you know" not in screen


# --- kill -9 ------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_who_is_seated_is_on_file_with_the_first_line(aipm, monkeypatch):
    """A kill before the first event must not turn people into embedded seats."""

    def killed(recorder, event):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Recorder, "append", killed)
        play = ["play", NAME, "--as", "legal", "--as", "pm", "--answers", TWO_PEOPLE]
        assert aipm(*play, "-o", "run.jsonl").code == 130
    assert read(Path("run.jsonl")).seats["legal"] == "human"


def test_kill_minus_nine_at_random_moments(tmp_path):
    """Fourteen here; two hundred by hand: `python tests/killing.py FOLDER tests/data/two-people.txt 200 1`."""

    def killed(seed):
        folder = tmp_path / str(seed)
        folder.mkdir()
        done = subprocess.run(
            [sys.executable, str(HERE / "killing.py"), str(folder), str(TWO_PEOPLE), "7", str(seed)],
            capture_output=True, text=True, check=True, timeout=400, env={**os.environ, "AIPM_RUNS": str(folder)},
        )  # fmt: skip
        return json.loads(done.stdout)

    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(killed, (1, 2)))
    assert [each["wrong"] for each in both] == [[], []]
    assert sum(each["early"] for each in both) > 5
    assert all(each["lengths"] > 3 for each in both)


# --- what if ------------------------------------------------------------------------------------


def test_a_branch_at_every_round_shares_its_beginning_byte_for_byte(aipm, tmp_path):
    parent = kept(tmp_path / "parent.jsonl", bundle("fading-forecast"), seed=5, run_id="feedbeef")
    rounds = max(event.round for event in parent.events)
    before = parent.path.read_bytes()
    for number in range(rounds + 1):
        result = aipm(
            "resume", parent.path, "--from", number, "-o", f"branch-{number}.jsonl", "--display", "none"
        )
        assert result.code == 0, result.err
        branch = read(Path(f"branch-{number}.jsonl"))
        assert branch.header.parent.model_dump() == {"run_id": "feedbeef", "round": number}
        events = sum(event.round < number for event in parent.events)
        assert prefix(parent, number).events == parent.events[:events]
        mine, theirs = (p.read_bytes().split(b"\n")[1:] for p in (branch.path, parent.path))
        assert mine[:events] == theirs[:events]
        assert bare(branch.path)[1:] == bare(parent.path)[1:]  # nothing was changed, so nothing changes
    assert parent.path.read_bytes() == before
    assert "has the rounds 0 (the opening) to" in aipm("resume", parent.path, "--from", rounds + 1).err


def test_a_branch_with_another_seat_goes_its_own_way_and_compare_points_at_the_fork(aipm, tmp_path):
    parent = kept(tmp_path / "parent.jsonl", bundle(NAME), seed=7, run_id="feedbeef")
    lines = "".join(f"@legal {n}\nno\nask review all\nsay Not with me.\nsend\n" for n in range(2, 9))
    Path("lines.txt").write_text(lines, "utf-8")
    done = aipm(
        "resume", parent.path, "--from", 2, "--seat", "legal=human", "--answers", "lines.txt", "-o", "branch.jsonl",
        "--display", "none",
    )  # fmt: skip
    assert done.code == 0, done.err
    branch = read(Path("branch.jsonl"))
    assert branch.seats == parent.seats | {"legal": "human"}
    assert branch.decision.package is None
    shown = aipm("compare", parent.path, "branch.jsonl")
    assert shown.code == 0
    assert "B branches from A at round 2" in shown.out
    assert re.search(r"round 2, Legal", shown.out)


def test_a_seat_may_change_hands_where_a_run_goes_on(aipm, tmp_path):
    Path("lines.txt").write_text("@legal 0\nsend\n@legal 1\nquit\n", "utf-8")
    aipm("play", NAME, "--seed", 7, "--as", "legal", "--answers", "lines.txt", "-o", "run.jsonl")
    assert aipm("resume", "run.jsonl", "--seat", "legal=embedded", "--display", "none").code == 0
    run = read(Path("run.jsonl"))
    assert run.decision is not None
    assert [event.seats["legal"] for event in run.events if isinstance(event, Seated)] == [
        "human",
        "embedded",
    ]
    assert "no such role here" in aipm("resume", "run.jsonl", "--from", 1, "--seat", "boss=human").err


def test_an_output_without_a_branch_is_a_mistake(aipm, tmp_path):
    parent = kept(tmp_path / "parent.jsonl", bundle(NAME), cut=8)
    assert "--from ROUND" in aipm("resume", parent.path, "-o", "other.jsonl").err


# --- one writer ---------------------------------------------------------------------------------


def test_the_second_process_on_a_transcript_is_refused(aipm, tmp_path):
    player = Player(
        tmp_path, ["play", NAME, "--as", "legal", "--seed", "7", "--speed", "0", "-o", "run.jsonl"]
    )
    player.prompt()
    before = (tmp_path / "run.jsonl").read_bytes()
    second = aipm("resume", "run.jsonl", "--seat", "legal=embedded", "--display", "none")
    assert second.code == 3
    assert "another process is writing this run" in second.err
    assert (tmp_path / "run.jsonl").read_bytes() == before
    assert aipm("show", "run.jsonl").code == 0  # reading is free
    player.type("")
    assert player.to_the_end() == 0
    assert read(tmp_path / "run.jsonl").decision is not None


def test_a_record_is_free_again_when_its_writer_is_gone(tmp_path):
    scenario = bundle(NAME)
    path = tmp_path / "run.jsonl"
    with Recorder(path, new_header(scenario, 0)), pytest.raises(TranscriptError, match="another process"):
        Recorder(path)
    Recorder(path).__exit__(None, None, None)


def test_an_answer_held_twice_is_kept_once(tmp_path):
    scenario = bundle(NAME)
    events = negotiate(scenario, {role: Embedded() for role in scenario.parties})
    with Recorder(tmp_path / "run.jsonl", new_header(scenario, 0)) as recorder:
        for event in (events[3], events[3], events[4]):
            recorder.hold(event)
        assert held_file(recorder.path).read_bytes().count(b"\n") == 2


LIMITED = """
import resource, sys
from aipm_agents import cli
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.argv = ["aipm", *sys.argv[2:]]
cli.main()
"""


@pytest.mark.parametrize("room", [3_000, 16_000])
def test_a_disk_that_fills_up_keeps_every_event_so_far(room, tmp_path, whole):
    """The limit on a file's size stands for a full disk: the write fails in the same way."""
    words = [
        "play",
        NAME,
        "--seed",
        "7",
        "--as",
        "legal",
        "--as",
        "pm",
        "--answers",
        str(TWO_PEOPLE),
        "--display",
        "none",
    ]
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(room), *words, "-o", str(tmp_path / "run.jsonl")],
        capture_output=True, text=True, env={**os.environ, "AIPM_RUNS": str(tmp_path)},
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    if not (tmp_path / "run.jsonl").exists():
        assert done.returncode == 2
        assert "cannot be written there: File too large" in done.stderr
        return
    assert done.returncode == 1
    assert "cannot be written: File too large; all before it is kept" in done.stderr
    found = bare(tmp_path / "run.jsonl")
    assert found == whole[: len(found)]
    again = subprocess.run(
        [sys.executable, "-m", "aipm_agents", "resume", str(tmp_path / "run.jsonl"), "--answers", str(TWO_PEOPLE),
         "--display", "none"], capture_output=True, text=True,
    )  # fmt: skip
    assert again.returncode == 0, again.stderr
    assert bare(tmp_path / "run.jsonl") == whole


def test_a_disk_without_room_is_said_before_anyone_plays(aipm, tmp_path, monkeypatch):
    import shutil

    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=10_000))
    result = aipm("play", NAME, "--as", "legal", "--as", "pm", "--answers", TWO_PEOPLE)
    assert result.code == 2
    assert "the disk is nearly full (10,000 bytes are free" in result.err
    assert not list(Path(os.environ["AIPM_RUNS"]).glob("*.jsonl"))


def test_a_folder_that_takes_no_file_is_said_before_anyone_plays(aipm, tmp_path):
    Path("file").write_text("", "utf-8")
    result = aipm(
        "play", NAME, "--as", "legal", "--as", "pm", "--answers", TWO_PEOPLE, "-o", "file/run.jsonl"
    )
    assert result.code == 2
    assert "the transcript cannot be written there" in result.err
    assert "YOUR CARD" not in result.out
