"""Reading is replaying: a record that the rules could not have made is refused with its line, at every door.

The second opinion is `tests/checker.py`, written from docs/transcript-format.md and importing nothing of ours. Every
edit of three runs is tried by `python tests/edits.py`; a part of them here.
"""

from __future__ import annotations

import json
import random
from functools import lru_cache
from pathlib import Path

import checker
import edits
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from making import Curious, Erratic, changing, rich_scenarios, scenarios
from making import scenario as small_scenario
from test_transcript import aipm

from aipm_agents.errors import TranscriptError
from aipm_agents.negotiation import negotiate
from aipm_agents.scenario.library import bundled
from aipm_agents.scenario.reader import read as read_scenario
from aipm_agents.seats import Noted
from aipm_agents.seats.embedded import Embedded
from aipm_agents.seats.scripted import Scripted
from aipm_agents.table.agenda import next_step
from aipm_agents.table.closing import decide
from aipm_agents.table.derived import derived
from aipm_agents.table.events import Decided, Seated, Signed, Stopped
from aipm_agents.table.moves import Opening, Position, Signing
from aipm_agents.transcript import Recorder, dumped, held_file, line, new_header, read

FORMAT_1 = Path(__file__).parents[1] / "data" / "format-1.jsonl"


@lru_cache
def refund():
    """Lines: 1 header, 2 seating, 3 framing, 4 to 7 openings, 8 a proposal, 9 to 12 answers, 13 its ruling, ..., 19 the
    second, 25 the third, 26 the signing, 27 the decision."""
    made = read_scenario(bundled()["refund-copilot"])
    events = negotiate(made, {role: Embedded() for role in made.parties}, seed=7)
    kinds = [event.kind for event in events]
    assert [kinds.index("framing"), kinds.index("ruling"), kinds.index("signing"), len(kinds)] == [
        1,
        11,
        24,
        26,
    ]
    return made, events


def lines(tmp_path, events=None, name="run.jsonl"):
    made, played = refund()
    with Recorder(tmp_path / name, new_header(made, 7)) as recorder:
        for event in played if events is None else events:
            recorder.append(event)
    return edits.lines_of(tmp_path / name)


def written(path, texts):
    path.write_text("\n".join(texts) + "\n", "utf-8")
    return path


def changed(number, change):
    def forge(texts):
        data = json.loads(texts[number - 1])
        change(data)
        return [*texts[: number - 1], json.dumps(data), *texts[number:]]

    return forge


def put(*steps):
    *path, last, value = steps

    def change(data):
        for step in path:
            data = data[step]
        data[last] = value

    return change


GO = '{"kind":"decision","round":3,"role":"pm","outcome":"go","package":{"reach":"region","review":"above_50","path":"rules"}}'
SIGNS = '{"kind":"signing","round":1,"role":"pm","move":{"signs":true}}'
FORGED = {
    "a decision without a run": (3, lambda t: [*t[:2], GO]),
    "a decision before anybody is seated": (2, lambda t: [t[0], GO]),
    "a deal over closed gates": (14, lambda t: [*t[:13], GO.replace('"round":3', '"round":1')]),
    "a signing over closed gates": (14, lambda t: [*t[:13], SIGNS]),
    "a colleague signs": (26, changed(26, put("role", "legal"))),
    "a package never ruled": (27, changed(27, put("package", "reach", "everyone"))),
    "another outcome": (27, changed(27, put("outcome", "go_with_follow_ups"))),
    "dissent": (27, changed(27, put("dissent", ["legal"]))),
    "no dissent": (27, changed(27, lambda d: d.pop("package"))),
    "a go after a hold": (27, changed(26, put("move", {"signs": False, "criterion": "pain", "reason": "Wait."}))),
    "the hash": (1, changed(1, put("scenario_sha256", "0" * 64))),
    "the scenario": (1, changed(1, put("scenario", "agreement", "accept_at_least", 1))),
    "a package and a move that differ": (8, changed(8, put("package", "reach", "staff"))),
    "what opens": (13, changed(13, lambda d: d["findings"].reverse())),
    "a finding's evidence": (19, changed(19, lambda d: d["findings"][0].pop("evidence"))),
    "no framing": (3, lambda t: [*t[:2], *t[3:]]),
    "no opening": (5, lambda t: [*t[:4], *t[5:]]),
    "no position": (10, lambda t: [*t[:9], *t[10:]]),
    "no ruling": (13, lambda t: [*t[:12], *t[13:]]),
    "no seating": (2, lambda t: [t[0], *t[2:]]),
    "a seat left out": (2, changed(2, lambda d: d["seats"].pop("legal"))),
    "everybody seated twice": (3, lambda t: [*t[:2], *t[1:]]),
    "stopped in a round to come": (5, lambda t: [*t[:4], '{"kind":"stopped","round":4,"reason":"budget"}', *t[4:]]),
    "after the decision": (28, lambda t: [*t, '{"kind":"stopped","round":3,"reason":"interrupted"}']),
    "a fact of somebody else's": (15, changed(15, put("move", "tables", ["replay"]))),
    "a fact tabled twice": (21, changed(21, put("move", "tables", ["slice"]))),
    "a question nobody asked": (10, changed(10, put("move", "answer", {"to": "pm", "about": "reach"}))),
    "moved by what was not said yet": (9, changed(9, put("move", "moved_by", ["legal@1"]))),
    "a vote beside a fault": (11, changed(11, put("fault", "timeout"))),
    "a fault that tables": (15, changed(15, lambda d: d.update(fault="timeout", move={"vote": "no_answer", "tables": ["slice"]}))),
    "a fault that keeps something back": (11, changed(11, lambda d: d.update(fault="timeout", withheld=1, move={"vote": "no_answer"}))),
    "no vote and no fault": (11, changed(11, put("move", {"vote": "no_answer"}))),
    "less than nothing withheld": (11, changed(11, put("withheld", -1))),
    "a usage of another form": (11, changed(11, put("volatile", {"usage": "much"}))),
    "a version that is true": (1, changed(1, put("transcript", True))),
}  # fmt: skip


@pytest.mark.parametrize("what", FORGED)
def test_what_the_rules_could_not_have_made_is_refused_with_its_line(what, tmp_path):
    number, forge = FORGED[what]
    texts = forge(lines(tmp_path))
    path = written(tmp_path / "forged.jsonl", texts)
    with pytest.raises(TranscriptError, match=rf"forged\.jsonl:{number}: "):
        read(path)
    assert checker.refused(texts)[0] == number


@pytest.mark.parametrize("command", [
    "show", "resume", "resume --from 1", "replay", "debrief", "compare . good.jsonl", "export -o out.html",
])  # fmt: skip
def test_every_command_refuses_it_with_its_line(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    path = written(
        tmp_path / "forged.jsonl",
        FORGED["a signing over closed gates"][1](lines(tmp_path, name="good.jsonl")),
    )
    word, *rest = command.split()
    before = path.read_bytes()
    assert aipm(monkeypatch, word, "forged.jsonl", *(each for each in rest if each != ".")) == 3
    told = capsys.readouterr()
    assert "forged.jsonl:14: " in told.err
    assert "fault of ours" not in told.err
    assert path.read_bytes() == before


@pytest.mark.parametrize("word", ["compare", "debrief"])
def test_in_a_folder_every_damaged_file_is_named(word, tmp_path, monkeypatch, capsys):
    good = lines(tmp_path, name="a.jsonl")
    written(tmp_path / "b.jsonl", FORGED["a decision without a run"][1](good))
    written(tmp_path / "c.jsonl", FORGED["the hash"][1](good))
    assert aipm(monkeypatch, word, tmp_path) == 3
    told = capsys.readouterr().err
    assert "b.jsonl:3: " in told
    assert "c.jsonl:1: " in told


def test_a_sweep_tells_of_a_run_that_was_changed(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    sweep = ("sweep", "refund-copilot", "--seeds", "0:3", "-o", "out", "--jobs", "1")
    assert aipm(monkeypatch, *sweep) == 0
    path = next(Path("out/runs").glob("*/*.jsonl"))
    texts = edits.lines_of(path)
    written(path, [*texts[:-1], texts[-1].replace('"outcome":"', '"outcome":"no_').replace("no_no_", "")])
    Path("out/rows.jsonl").unlink()
    capsys.readouterr()
    assert aipm(monkeypatch, *sweep) == 3
    assert f"{path.name}:{len(texts)}: " in capsys.readouterr().err


# --- what was true stays true -------------------------------------------------------------------


def test_a_record_of_the_first_version_is_in_order():
    assert read(FORMAT_1).decision is not None
    assert checker.refused(edits.lines_of(FORMAT_1)) is None


def test_a_run_that_was_stopped_and_seated_anew_is_in_order(tmp_path):
    _, events = refund()
    other = {**events[0].seats, "legal": "human"}
    broken = [
        *events[:9],
        Stopped(round=1, reason="budget"),
        Stopped(round=1, reason="endpoint"),
        Seated(round=1, seats=other),
    ]
    texts = lines(tmp_path, [*broken, *events[9:15], Stopped(round=2, reason="interrupted"), *events[15:]])
    assert read(tmp_path / "run.jsonl").decision == events[-1].model_copy(update={"volatile": {}})
    assert checker.refused(texts) is None


@pytest.mark.parametrize("seats", [Erratic, Curious])
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), seed=st.integers(0, 1000))
def test_whatever_was_played_is_in_order_and_what_follows_is_derived(seats, data, seed, tmp_path_factory):
    made = data.draw(st.one_of(rich_scenarios(), changing()) if seats is Curious else scenarios())
    players = {role: seats(random.Random(f"{seed}/{role}"), seed % 5 == 0) for role in made.parties}
    path = tmp_path_factory.mktemp("played") / "run.jsonl"
    texts = edits.run(path, made, players, seed)
    events = read(path).events
    assert checker.refused(texts) is None
    for number, event in enumerate(events):
        due = derived(made, events[:number])
        if event.kind in ("inject", "report", "ruling", "decision"):
            assert due == event.model_copy(update={"volatile": {}})
        else:
            assert due is None or event.kind == "seating"


# --- every edit ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return edits.short_runs(tmp_path_factory.mktemp("short"))


@pytest.mark.parametrize("name", ["deal", "wrong", "rich"])
def test_what_a_second_reader_refuses_we_refuse_and_what_we_take_it_takes(name, runs, tmp_path):
    texts, foreign = runs[name]
    rng = random.Random(f"edits/{name}")
    leaf = list(edits.leaf_edits(texts, header=name == "wrong"))
    some = [*rng.sample(leaf, 80), *rng.sample(list(edits.line_edits(texts, foreign)), 80)]
    for what, edited in some:
        assert edits.ours(edited, tmp_path / "e.jsonl") == edits.theirs(edited), what


def test_edits_at_random_end_in_a_run_or_a_refusal(runs, tmp_path):
    rng, path = random.Random("commands"), tmp_path / "e.jsonl"
    other = written(tmp_path / "deal.jsonl", runs["deal"][0])
    for number in range(60):
        _, what, edited = edits.at_random(runs, rng)
        refused = edits.ours(edited, path)
        command = edits.COMMANDS[number % len(edits.COMMANDS)]
        code, told = edits.said(command, path, other, tmp_path / "out")
        assert "fault of ours" not in told, (what, command, told)
        assert (code == 3 and f"{path}:{refused}: " in told) if refused else code in (0, 2), (
            what,
            command,
            told,
        )


# --- at the table -------------------------------------------------------------------------------


class Signs(Scripted):
    def answer(self, view):
        return Signing(signs=True)


def test_a_signing_is_no_answer(tmp_path):
    made = small_scenario()
    seats = {
        "pm": Scripted(packages=[{"reach": "few", "review": "some"}]),
        "engineer": Signs(),
        "legal": Signs(),
    }
    events = negotiate(made, seats)
    assert events[-1].outcome in ("no_go", "no_agreement")
    answers = [event for event in events if event.role in ("engineer", "legal") and event.round]
    assert {(event.kind, event.fault, event.move.vote) for event in answers} == {
        ("position", "malformed", "no_answer")
    }


class Odd(Scripted):
    """What a seat might return that is no move of its form, and what it might keep beside one."""

    def __init__(self, made):
        super().__init__(positions=["yes"])
        self.made = made

    def answer(self, view):
        return self.made


@pytest.mark.parametrize(("made", "fault"), [
    (Position.model_construct(vote="perhaps"), "failure"),
    (Position(vote="yes").model_copy(update={"says": 7}), "failure"),
    (Position(vote="yes").model_copy(update={"tables": "test"}), "malformed"),
    (Noted(Position(vote="yes"), withheld=-1), "malformed"),
    (Noted(Position(vote="yes"), volatile={"seconds": "long", "usage": 3}), "malformed"),
    (Noted(Position(vote="yes"), volatile={"kept": object()}), "malformed"),
    (None, "malformed"),
    ("yes", "malformed"),
    (Opening(), "malformed"),
])  # fmt: skip
def test_whatever_a_seat_returns_the_record_can_be_read(made, fault, tmp_path):
    case = small_scenario(rounds=1)
    seats = {
        "pm": Scripted(packages=[{"reach": "few", "review": "some"}]),
        "engineer": Odd(made),
        "legal": Scripted(positions=["yes"]),
    }
    edits.run(tmp_path / "run.jsonl", case, seats, 0)
    answer = next(
        e for e in read(tmp_path / "run.jsonl").events if e.kind == "position" and e.role == "engineer"
    )
    assert (answer.fault is not None, answer.move) == (True, Position(vote="no_answer"))


def test_nothing_is_signed_over_a_closed_gate_whoever_signed():
    made, events = refund()
    blocked = (*events[:12], Signed(round=1, move=Signing(signs=True)))
    assert next_step(made, blocked).phase == "propose"
    assert decide(made, blocked).outcome != "go"
    for role in made.parties:
        assert (
            "go"
            not in decide(made, (*events[:12], Signed(round=1, role=role, move=Signing(signs=True)))).outcome[
                :2
            ]
        )


def test_a_run_cut_after_a_blocked_ruling_does_not_resume_into_a_deal(tmp_path, monkeypatch, capsys):
    path = written(tmp_path / "cut.jsonl", [*lines(tmp_path)[:13], SIGNS])
    assert aipm(monkeypatch, "resume", path, "--display", "none") == 3
    assert "cut.jsonl:14: " in capsys.readouterr().err


# --- what arrived and is not recorded yet -------------------------------------------------------

HELD = {
    "a fact that another seat holds": lambda d: d["move"].update(tables=["replay"]),
    "a vote with a fault": lambda d: d.update(fault="timeout"),
    "an option nobody knows": lambda d: d["move"].update(asks=[{"issue": "reach", "options": ["moon"]}]),
    "a key": lambda d: d.update(mood="grim"),
}


@pytest.mark.parametrize("what", HELD)
def test_a_held_move_keeps_the_law_too(what, tmp_path, monkeypatch, capsys):
    _, events = refund()
    lines(tmp_path, events[:13])
    data = line(events[13])
    HELD[what](data)
    side = written(held_file(tmp_path / "run.jsonl"), [dumped(data)])
    with pytest.raises(TranscriptError, match=r"run\.jsonl\.held:1: "):
        read(tmp_path / "run.jsonl")
    assert aipm(monkeypatch, "resume", tmp_path / "run.jsonl", "--display", "none") == 3
    assert "run.jsonl.held:1: " in capsys.readouterr().err
    assert side.exists()


def test_a_true_held_move_is_taken_and_one_of_a_phase_that_is_over_is_left(tmp_path):
    _, events = refund()
    lines(tmp_path, events[:13])
    written(held_file(tmp_path / "run.jsonl"), [dumped(line(events[8])), dumped(line(events[15]))])
    assert [event.role for event in read(tmp_path / "run.jsonl").held] == [events[15].role]
    assert isinstance(events[-1], Decided)


def test_a_yes_if_without_its_condition_stands_where_that_part_was_dropped(tmp_path):
    def without(data):
        data["move"] = {"vote": "yes_if"}

    texts = lines(tmp_path)[:9]
    bare = written(tmp_path / "bare.jsonl", changed(9, without)(texts))
    with pytest.raises(TranscriptError, match=r"bare\.jsonl:9: .*yes_if"):
        read(bare)
    fell = changed(9, lambda d: d.update(dropped=[{"part": "asks", "because": "no such option"}]))
    assert (
        read(written(tmp_path / "fell.jsonl", fell(changed(9, without)(texts)))).events[-1].move.vote
        == "yes_if"
    )
    assert checker.refused(fell(changed(9, without)(texts))) is None
