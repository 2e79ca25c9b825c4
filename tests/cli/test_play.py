"""A person at the table: what a seat is asked, what it may see, and that nothing said is ever lost."""

from __future__ import annotations

import json
import random
import re
import time
from pathlib import Path

import pytest
from langgraph.types import Command
from making import scenario as made
from player import Player
from records import EXAMPLES, bundle

from aipm_agents import graph
from aipm_agents.cli.desk.lines import bare as bare_line
from aipm_agents.negotiation import negotiate
from aipm_agents.report.papers.plain_text import shortened
from aipm_agents.scenario.reader import examine
from aipm_agents.seats.embedded import Embedded
from aipm_agents.seats.human import asked, written
from aipm_agents.seats.human import read as read_move
from aipm_agents.seats.scripted import Scripted
from aipm_agents.table.events import Answered, Decided, Proposed, Ruled
from aipm_agents.table.moves import Position, Proposal
from aipm_agents.transcript import line, read

HERE = Path(__file__).parents[1]
TWO_PEOPLE = HERE / "data" / "two-people.txt"
NAME = "refund-copilot"


def bare(events):
    """Events without what varies and without who played."""
    return [{k: v for k, v in line(event).items() if k not in ("volatile", "seats")} for event in events]


def embedded(scenario, seed):
    return negotiate(scenario, {role: Embedded() for role in scenario.parties}, seed=seed)


# --- the graph: one interrupt a turn ------------------------------------------------------------


@pytest.mark.parametrize("name", EXAMPLES)
def test_people_who_move_as_the_embedded_seats_do_write_the_same_record(name):
    scenario, shadow, turns = bundle(name), Embedded(), []

    def answer(seen, verb):
        turns.append((seen.role, seen.round, verb))
        return getattr(shadow, verb)(seen)

    people = {role: graph.person() for role in scenario.parties}
    assert bare(negotiate(scenario, people, seed=3, on_turn=answer)) == bare(embedded(scenario, 3))
    assert len(set(turns)) == len(turns), "nobody is asked twice"


def test_seats_that_need_no_person_go_on_while_one_thinks_and_are_asked_once():
    scenario, asked_for, arrived = made(), [], []

    class Counted(Scripted):
        def answer(self, view):
            asked_for.append((view.role, view.round))
            return super().answer(view)

    seats = {
        "pm": Scripted(packages=[{"reach": "few", "review": "some"}]),
        "engineer": Counted(positions=["yes"]), "legal": graph.person(),
    }  # fmt: skip

    def answer(seen, verb):
        deadline = 400
        while verb == "answer" and ("engineer", seen.round) not in asked_for and deadline:
            deadline -= 1
            time.sleep(0.005)
        assert deadline, "the engineer waits for the person"
        return getattr(Scripted(positions=["yes"]), verb)(seen)

    events = negotiate(scenario, seats, on_turn=answer, on_arrival=lambda event: arrived.append(event.role))
    assert isinstance(events[-1], Decided)
    assert len(set(asked_for)) == len(asked_for)
    assert "legal" in arrived


def test_what_a_person_says_is_held_before_anybody_else_is_waited_for():
    scenario, kept = made(), []
    seats = {role: graph.person() for role in scenario.parties}

    def answer(seen, verb):
        if verb == "answer" and seen.role == "legal":
            assert any(event.kind == "position" and event.role == "engineer" for event in kept)
            raise KeyboardInterrupt
        if verb == "propose":
            return Proposal(package={"reach": "few", "review": "some"})
        return getattr(Scripted(positions=["yes"]), verb)(seen)

    with pytest.raises(KeyboardInterrupt):
        negotiate(scenario, seats, on_turn=answer, on_arrival=kept.append)


def test_the_same_graph_answers_in_langgraphs_own_tools():
    app, config = graph.with_a_person(), {"configurable": {"thread_id": "a table"}, "recursion_limit": 100}
    state, turns = app.invoke({"events": []}, config), []
    while "__interrupt__" in state:
        (pause,) = state["__interrupt__"]
        json.dumps(pause.value)
        turns.append((pause.value["round"], pause.value["asks_to"]))
        move = {"vote": "yes"} if pause.value["asks_to"] == "answer" else {"says": "Who reads it first?"}
        state = app.invoke(Command(resume=move), config)
    assert isinstance(state["events"][-1], Decided)
    assert len(set(turns)) == len(turns)
    assert any(e.role == "legal" and e.kind == "opening" and e.move.says for e in state["events"])


@pytest.mark.parametrize(
    "move", ["yes", {"vote": "perhaps"}, {"vote": "yes", "mood": "grim"}, {"vote": "yes_if"}, ["yes"]]
)
def test_an_answer_that_is_no_move_is_an_abstention(move):
    app, config = graph.with_a_person(), {"configurable": {"thread_id": "a table"}, "recursion_limit": 100}
    state = app.invoke({"events": []}, config)
    while "__interrupt__" in state:
        (pause,) = state["__interrupt__"]
        state = app.invoke(Command(resume={"says": ""} if pause.value["asks_to"] == "open" else move), config)
    answers = [e for e in state["events"] if isinstance(e, Answered) and e.role == "legal"]
    assert answers
    assert all((e.fault, e.move.vote) == ("malformed", "no_answer") for e in answers)
    assert state["events"][-1].outcome not in ("go", "go_with_follow_ups")  # Legal has a veto


def test_a_person_whom_nobody_asks_says_nothing():
    scenario = made()
    seats = {role: Embedded() for role in scenario.parties} | {"legal": graph.person()}
    answers = [e for e in negotiate(scenario, seats) if isinstance(e, Answered) and e.role == "legal"]
    assert answers
    assert all((e.fault, e.move.vote) == ("malformed", "no_answer") for e in answers)


def test_a_move_is_the_same_after_a_way_through_plain_data():
    move = Position(
        vote="yes_if", asks=[{"issue": "reach", "options": ["few"]}], tables=("survey",),
        trade={"give": {"reach": "few"}, "for": {"review": "some"}},
        question={"to": "legal", "about": "safe", "text": "Is it?"}, says="If.",
    )  # fmt: skip
    assert read_move("answer", json.loads(json.dumps(written(move)))) == move


# --- the desk: commands, typed in advance -------------------------------------------------------


@pytest.fixture
def seat(aipm, tmp_path):
    """Plays a seat of the first scenario with lines typed in advance; gives the result and the run."""

    def played(lines, *, role="legal", seed=7, name=NAME, more=()):
        file = tmp_path / "lines.txt"
        file.write_text("\n".join(lines) + "\n", "utf-8")
        result = aipm(
            "play", name, "--as", role, "--seed", seed, "--answers", file, "-o", tmp_path / "run.jsonl", *more
        )
        return result, read(tmp_path / "run.jsonl")

    return played


def own(run, role, number):
    return next(e.move for e in run.events if isinstance(e, Answered) and (e.role, e.round) == (role, number))


YES = ["@legal 2", "yes", "send", "@legal 3", "yes", "send", "@legal 4", "yes", "send"]
TURNS = {
    "by name": (["no", "ask review above_50 all", "say No."], {"vote": "no", "says": "No."}),
    "by number": (["3", "4 2 2 3"], {"vote": "no", "asks": [{"issue": "review", "options": ["above_50", "all"]}]}),
    "asked step by step": (["no", "ask", "review", "above_50, all"], {"asks": [{"issue": "review", "options": ["above_50", "all"]}]}),
    "by the beginning of a name": (["no", "ask rev abo"], {"asks": [{"issue": "review", "options": ["above_50"]}]}),
    "yes if, with the condition": (["yes if review=all"], {"vote": "yes_if", "asks": [{"issue": "review", "options": ["all"]}]}),
    "yes if, asked for what": (["yes if", "reach", "staff"], {"vote": "yes_if", "asks": [{"issue": "reach", "options": ["staff"]}]}),
    "a trade on one line": (["no", "trade reach=region for path=rules"], {"trade": {"give": {"reach": "region"}, "for": {"path": "rules"}}}),
    "a trade step by step": (["no", "trade", "reach", "region", "path", "rules"], {"trade": {"give": {"reach": "region"}, "for": {"path": "rules"}}}),
    "a question in its own words": (["no", "question engineer fast-enough How fast is that?"], {"question": {"to": "engineer", "about": "fast-enough", "text": "How fast is that?"}}),
    "a question by its whole subject": (["no", "question data How often is it wrong, and on whom? On which cases?"], {"question": {"to": "data_scientist", "about": "known-error", "text": "On which cases?"}}),
    "a question as it stands": (["no", "question", "data", "known-error", "-"], {"question": {"to": "data_scientist", "about": "known-error", "text": "How often is it wrong, and on whom?"}}),
    "evidence": (["no", "evidence consumer-law"], {"tables": ["consumer-law"]}),
    "a doubt beside a yes": (["yes", "concern no-harm"], {"vote": "yes", "concern": "no-harm"}),
    "undo": (["yes", "no", "say Never.", "undo", "undo"], {"vote": "yes", "says": ""}),
    "a doubt goes with its yes": (["yes", "concern no-harm", "no"], {"vote": "no", "concern": None}),
    "an ask set anew": (["no", "ask review all", "ask review above_50"], {"asks": [{"issue": "review", "options": ["above_50"]}]}),
    "an ask taken back": (["no", "ask review all", "ask review none"], {"asks": []}),
    "in Chinese": (["反對", "要求 review above_50", "發言 沒有人先看過。"], {"vote": "no", "says": "沒有人先看過。"}),
}  # fmt: skip


@pytest.mark.parametrize("what", TURNS)
def test_a_turn_is_put_together_by_commands(seat, what):
    typed, wanted = TURNS[what]
    _, run = seat(["@legal 0", "send", "@legal 1", *typed, "send", *YES])
    found = own(run, "legal", 1).model_dump(mode="json")
    assert {key: found[key] for key in wanted} == wanted


FAULTS = {
    "no such choice": (["maybe"], '"maybe" is not one of the choices'),
    "a misspelt name": (["ask reviw all"], "did you mean"),
    "nothing voted": (["send"], "you have not voted yet"),
    "yes if without an if": (["yes if", "back", "send"], "you have not voted yet"),
    "a number too high": (["99"], "there is no number 99"),
    "two things fit": (["s"], '"s" could be'),
    "an ask that the package has": (["yes if review=above_50"], "yes, if what?"),
    "a trade in numbers": (["trade region for 2 3"], "2 names no option here"),
    "a command of no use now": (["concern no-harm"], "it stands beside a yes"),
    "a package with a wrong word": (["worth region moon rules"], '"moon" is not one of the choices'),
    "no fact of theirs": (["evidence calls"], '"calls" is not one of the choices'),
    "both sides about one issue": (["trade reach=staff for reach=region"], "different issues"),
    "an option of nothing": (["worth moon"], '"moon" is not one of the choices'),
    "too long": (["say " + "x" * 2001], "2001 characters, 2000 are heard"),
    "words that begin with no subject": (
        ["question data How often is it wrong?"],
        '"How often is it wrong?" does not begin with what it is about',
    ),
    "words behind a vote": (["yes I can live with that"], "`yes` stands alone"),
    "a question too long": (["question data known-error " + "x" * 401], "401 characters, 400 are heard"),
    "no command at all": (["vote"], "there are yes, yes if, no, ask"),
    "nothing to undo": (["undo"], "nothing to take back"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_line_that_cannot_be_used_ends_a_script_with_its_place(seat, what):
    typed, told = FAULTS[what]
    result, run = seat(["@legal 0", "send", "@legal 1", *typed])
    assert result.code == 2
    assert told in result.err
    assert f"lines.txt:{len(typed) + 3}: " in result.err
    assert "aipm resume" in result.err
    assert run.decision is None


def test_a_script_that_ends_too_early_says_whose_turn_waits(seat):
    result, run = seat(["@legal 0", "send"])
    assert (result.code, run.decision) == (2, None)
    assert "@legal 1 is not sent yet" in result.err
    assert "a line @legal 1, under it what you do, and `send` last" in result.err


def test_the_answers_file_of_the_docs_plays_its_turns(seat):
    text = (HERE.parent / "docs" / "play.md").read_text("utf-8")
    result, run = seat(re.search(r"```text\n(@legal.*?)```", text, re.DOTALL)[1].splitlines())
    assert "@legal 2 is not sent yet" in result.err
    assert own(run, "legal", 1).question.text == "Which cases are the cases we have?"


def test_a_vote_before_there_is_a_package_comes_later(seat):
    result, _ = seat(["@legal 0", "yess"])
    assert "`yes` comes later: there is no package on the table yet" in result.err


def test_lines_for_nobody_who_plays_here_are_a_mistake_before_anything_is_played(aipm):
    Path("lines.txt").write_text("@lawyer 0\nsend\n", "utf-8")
    result = aipm("play", NAME, "--as", "legal", "--answers", "lines.txt", "-o", "run.jsonl")
    assert result.code == 2
    assert "@lawyer 0 is for nobody who plays here; there is legal" in result.err
    assert not Path("run.jsonl").exists()


def test_looking_around_changes_nothing(seat):
    looks = ["?", "card", "table", "history", "worth", "worth 2 3 2", "worth region, all, rules", "save"]
    result, run = seat(["@legal 0", *looks[:4], "send", "@legal 1", *looks, "yes", "send", *YES])
    plain, other = seat_again(seat, ["@legal 0", "send", "@legal 1", "yes", "send", *YES])
    assert bare(run.events) == bare(other.events)
    assert "95 of 100 points to you" in result.out  # a pilot, everything read, rules: 20 + 45 + 30
    assert "Only you know" in result.out
    assert plain.code == 0


def seat_again(seat, lines):
    Path("run.jsonl").unlink()
    return seat(lines)


def test_a_persons_silence_still_shows_what_the_seat_did(seat):
    result, _ = seat(
        ["@legal 0", "send", "@legal 1", "yes", "question data_scientist known-error Which?", "send", *YES]
    )
    assert 'asks Data sci.: "Which?"' in result.out


def test_history_tells_what_was_tabled_asked_and_offered_in_silence(seat):
    """A turn of a person, who said nothing, and every fact that the others put on the table."""
    lines = ["@legal 0", "send", "@legal 1", "no", "question data_scientist known-error Which?", "send"]
    result, run = seat([*lines, "@legal 2", "history", "yes", "send", *YES])
    told = " ".join(result.out.split("> history")[1].split("> yes")[0].split())
    assert 'asks Data sci.: "Which?"' in told
    for event in run.events:
        if event.kind in ("opening", "position") and event.round < 2:
            for name in event.move.tables:
                assert f'tabled "{shortened(run.scenario.facts[name].says, 70)}"' in told


def test_a_yes_below_the_walk_away_is_told_to_be_one(aipm):
    lines = "@pm 0\nsend\n@legal 0\nsend\n@pm 1\npackage everyone nobody model\nsend\n@legal 1\nyes\nsend\n"
    Path("lines.txt").write_text(lines, "utf-8")
    result = aipm("play", NAME, "--as", "legal", "--as", "pm", "--answers", "lines.txt", "-o", "run.jsonl")
    assert "This is below your walk-away" in result.out
    assert own(read(Path("run.jsonl")), "legal", 1).vote == "yes"  # a person may


PM_TURN = ["@pm 0", "send", "@pm 1"]


def test_a_pm_composes_a_package_and_sees_what_the_checkpoints_will_say(seat):
    result, run = seat([*PM_TURN, "package everyone nobody model", "send"], role="pm")
    first = next(e for e in run.events if isinstance(e, Proposed))
    assert first.package == {"reach": "everyone", "review": "nobody", "path": "model"}
    assert "answer time at p95 3.1 s; at most 2 s" in result.out
    assert "opens when Marketing shows it" in result.out


@pytest.mark.parametrize("word", ["open", "sign", "pass", "approve", "override"])
def test_a_pm_who_would_open_a_checkpoint_is_told_why_not(seat, word):
    result, run = seat([*PM_TURN, "package everyone nobody model", word, "send"], role="pm")
    assert "No seat can open a checkpoint" in result.out
    ruling = next(e for e in run.events if isinstance(e, Ruled))
    assert ruling.verdicts["feasible"] == "blocked"


def test_a_hold_spent_is_refused_with_its_reason(aipm, tmp_path):
    text = TWO_PEOPLE.read_text("utf-8").replace("@pm 4 sign\nsign", "@pm 4 sign\nhold no-harm Once more.")
    (tmp_path / "lines.txt").write_text(text, "utf-8")
    result = aipm("play", NAME, "--seed", 7, "--as", "legal", "--as", "pm", "--answers", "lines.txt")
    assert result.code == 2
    assert "you held the deal for that already" in result.err


def test_at_the_end_a_person_hears_what_was_left_and_what_to_type(aipm, tmp_path):
    result = aipm("play", NAME, "--seed", 7, "--as", "legal", "--as", "pm", "--answers", TWO_PEOPLE)
    assert result.code == 0
    assert "Legal counsel: 88 points; your walk-away was 55." in result.out
    assert "I borrowed from my sister" in result.out.partition("NEVER SAID")[2]
    compare = re.search(r"aipm (compare \w+ \w+)", result.out)
    assert aipm(*compare[1].split()).code == 0
    latest = aipm("show", "latest", "--json").json
    assert latest["run_id"] == compare[1].split()[1], "what was played, and not its twin without people"
    assert aipm("show", "latest~1").code == 2
    assert aipm("show", compare[1].split()[1], "--as", "facilitator").code == 0


def test_a_person_needs_a_screen_or_lines(aipm, tmp_path, monkeypatch):
    (tmp_path / "none.txt").write_text("", "utf-8")
    assert "nobody sits here" in aipm("run", NAME, "--answers", "none.txt").err
    assert "whom do you play?" in aipm("play", NAME).err
    assert "did you mean 'legal'?" in aipm("play", NAME, "--as", "leagl").err
    assert "cannot be read" in aipm("play", NAME, "--as", "legal", "--answers", "nowhere.txt").err
    (tmp_path / "bytes.txt").write_bytes(b"\xff\xfe")
    assert "is not UTF-8" in aipm("play", NAME, "--as", "legal", "--answers", "bytes.txt").err


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("yes\x1b[A\x1b[201~", "yes"), ("\x07yes\x00", "yes"), ("a\nb\tc", "a b c"), ("\x1b[200~no\x1b[201~", "no"),
        ("\ud800yes", "yes"), ("  yes  ", "yes"), ("\x9b31myes", "31myes"),
    ],
)  # fmt: skip
def test_what_a_terminal_slips_into_a_line_is_no_word(typed, meant):
    assert bare_line(typed) == meant


# --- nobody sees another's card -----------------------------------------------------------------


def canaried():
    """A scenario in which every private text and fact of a seat carries its mark."""
    scenario = bundle(NAME)
    parties = {}
    for role, party in scenario.parties.items():
        lines = [each.model_copy(update={"because": f"canary-{role}-line"}) for each in party.red_lines]
        parties[role] = party.model_copy(
            update={"private": f"canary-{role}-private", "red_lines": tuple(lines), "argues": {}}
        )
    facts = tuple(
        fact.model_copy(update={"says": f"canary-{'-'.join(fact.held_by)}-{fact.id}", "plainly": None, "aloud": None,
                                "source": None})
        for fact in scenario.evidence
    )  # fmt: skip
    return scenario.model_copy(update={"parties": parties, "evidence": facts})


@pytest.mark.parametrize("role", list(bundle(NAME).parties))
def test_no_screen_of_a_seat_shows_what_that_seat_may_not_know(role, aipm, tmp_path):
    from aipm_agents.report.papers.plain_text import as_json

    Path("canary.yaml").write_text(as_json(canaried().plain()), "utf-8")
    scenario = examine(Path("canary.yaml")).scenario
    looks = ["card", "table", "history", "worth 2 2 2", "?"]
    sends = {"pm": ["package region above_50 rules", "send"]}.get(role, ["yes", "send"])
    lines = [f"@{role} 0", *looks, "send"]
    for number in range(1, 9):
        lines += [f"@{role} {number}", *looks, *sends, f"@{role} {number} sign", *looks, "sign", "send"]
    Path("lines.txt").write_text("\n".join(lines), "utf-8")
    result = aipm(
        "play", "canary.yaml", "--as", role, "--seed", 5, "--answers", "lines.txt", "-o", "run.jsonl"
    )
    assert result.code == 0
    played = result.out.partition("WHAT YOU GOT")[0]
    assert f"canary-{role}-private" in played
    tabled = {
        name
        for e in read(Path("run.jsonl")).events
        for name in getattr(getattr(e, "move", None), "tables", ())
    }
    for other in scenario.parties:
        if other == role:
            continue
        assert f"canary-{other}-private" not in played
        assert f"canary-{other}-line" not in played
        for fact in scenario.evidence:
            if other in fact.held_by and fact.id not in tabled:
                assert fact.says not in played
    json_asked = json.dumps([asked(view, verb) for view, verb in _turns_of(scenario, role)])
    assert not re.search(rf"canary-(?!{role})\w+-(private|line)", json_asked)


def _turns_of(scenario, role):
    seen, shadow = [], Embedded()

    def answer(view, verb):
        seen.append((view, verb))
        return getattr(shadow, verb)(view)

    seats = {each: Embedded() for each in scenario.parties} | {role: graph.person()}
    negotiate(scenario, seats, seed=5, on_turn=answer)
    return seen


# --- a terminal: whole sessions, typed with mistakes --------------------------------------------


@pytest.mark.parametrize(("role", "lang"), [("pm", "en"), ("engineer", "zh-Hant"), ("legal", "en")])
def test_a_whole_session_at_a_terminal(role, lang, tmp_path):
    rng = random.Random(f"{role}/{lang}")
    junk = ["\x01\x02", "🙂🙂", "yess", "?", "ask", "99", "worth", "\x1b[D", "x" * 500, "貓"]

    def clumsy(player, number):
        if number % 4 == 0:
            player.child.setwinsize(rng.choice([24, 50]), rng.choice([60, 80, 132]))
        if rng.random() < 0.25:
            player.type(rng.choice(junk))
            return True
        return False

    player = Player(
        tmp_path, ["play", NAME, "--as", role, "--seed", "7", "--speed", "0", "-o", "run.jsonl"], lang=lang
    )
    code = player.to_the_end(clumsy)
    assert code == 0, player.said[-2000:]
    assert "Traceback" not in player.said
    run = read(tmp_path / "run.jsonl")
    assert run.decision is not None
    assert run.seats[role] == "human"
    assert not list(tmp_path.glob("run.jsonl.*"))
