"""The benchmark: everybody plays the same games, a score counts what the transcripts hold, a card says how to do it again."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from endpoint import Form, agreeable, endpoint, filled
from making import scenario

from aipm_agents.analysis.space.masks import within_the_gates
from aipm_agents.analysis.space.prospects import prospects
from aipm_agents.bench.hidden import hidden_profile
from aipm_agents.bench.players import PLAYERS, Random, Silent, Yes, under_test
from aipm_agents.bench.score import score, scored, solver
from aipm_agents.bench.suite import HIDDEN, ORDER, PARTS, SUITE, BenchGame, digest, suite
from aipm_agents.cli import tested
from aipm_agents.cli.models import Means
from aipm_agents.negotiation import negotiate
from aipm_agents.seats.model.budget import Budget
from aipm_agents.table.events import Proposed
from aipm_agents.table.packages import outcome_space
from aipm_agents.transcript import Transcript, new_header, read
from aipm_agents.version import __version__

DOCS = Path(__file__).parents[1] / "docs"


@pytest.mark.parametrize("number", range(HIDDEN + 3))
def test_a_hidden_profile_is_solved_by_telling_and_by_nothing_else(number):
    made = hidden_profile(number)
    found, game = prospects(made), BenchGame("x", "hidden", made)
    assert made == hidden_profile(number)
    assert game.deciding == {"outage", "clause", "mistakes"}
    assert found.acceptable >= 1
    favourite = {
        max(party.points["vendor"], key=lambda each: party.points["vendor"][each])
        for party in made.parties.values()
    }
    (liked,) = favourite
    good = within_the_gates(made) & outcome_space(made).making({"vendor": [liked]})
    assert not good.any(), "what everybody likes and knows is what nobody should sign"
    assert len({fact.held_by for fact in made.evidence if fact.id in game.deciding}) == 3


def test_the_suite_has_every_part_and_is_the_same_for_everybody():
    games = suite()
    assert {game.part for game in games} == {*PARTS} - {"imported"}
    assert len({game.name for game in games}) == len(games)
    drill = next(game for game in games if game.part == "injection")
    assert all(ORDER in fact.says for fact in drill.scenario.evidence)
    dead = next(game for game in games if game.part == "fault")
    assert dead.dead not in (None, "pm", *dead.scenario.agreement.veto)
    published = (DOCS / "bench.md").read_text("utf-8")
    assert f"Suite {SUITE} ({digest(games)})" in published, "its rows are of another suite: make them again"
    first = games[0]._replace(scenario=games[0].scenario.model_copy(update={"teaching": None}))
    assert digest([first, *games[1:]]) == digest(games), "no seat is told what a class is asked"
    other = games[0]._replace(scenario=games[0].scenario.model_copy(update={"rounds": 3}))
    assert digest([other, *games[1:]]) != digest(games)


def run(game, player, seed=0):
    seats = {role: player() for role in game.scenario.parties}
    events = tuple(negotiate(game.scenario, seats, seed=seed))
    return Transcript(new_header(game.scenario, seed), events)


@pytest.mark.parametrize("player", PLAYERS.values())
def test_players_that_nobody_would_hire_are_lawful_and_found_out(player):
    game = next(each for each in suite() if each.name == "hidden-0")
    made = run(game, player)
    faults = {event.fault for event in made.events if getattr(event, "fault", None)}
    assert faults == ({"no_reply"} if player is Silent else set())
    found = scored(game, made, game.scenario.parties)
    if player is Yes:
        assert (found.case.deal, found.case.sound, found.found) == (True, False, 0.0)
    if player is Silent:
        assert found.case.decision == "undecided"
    assert run(game, player).events[-1] == made.events[-1]


@pytest.mark.parametrize("player", [Random, Yes])
def test_the_package_they_begin_with_may_be_given_and_options_may_go_together_only(player):
    data, given = scenario().plain(), {"reach": "few", "review": "some"}
    data["issues"][0]["options"][0]["available"] = {"when": {"review": "some"}}
    for more in ({}, {"opening_package": given}):
        made = scenario(issues=data["issues"], **more)
        for seed in range(4):
            events = negotiate(made, {role: player() for role in made.parties}, seed=seed)
            packages = [event.package for event in events if isinstance(event, Proposed)]
            assert not [event for event in events if getattr(event, "fault", None)]
            assert packages[0] == given or not more


def test_a_score_counts_what_the_transcripts_hold():
    games = [each for each in suite() if each.part == "hidden"][:2]
    runs = [
        scored(game, run(game, player, seed), game.scenario.parties)
        for game in games for player in (Yes, Random) for seed in (0, 1)
    ]  # fmt: skip
    found = score("both", runs)
    assert found.runs == 8
    assert found.sound.hits == sum(bool(each.case.sound) for each in runs)
    assert found.gates_tried == sum(each.gates_tried for each in runs) / 8 > 0
    assert found.nash is not None
    assert 0 <= found.nash.mean <= 1
    best = solver(games)
    assert (best.nash.mean, best.nash.low, best.sound) == (1.0, None, (2, 2, None, None))
    one = score("both", runs[::2])
    assert (one.sound.low, one.nash.low) == (None, None), (
        "one seed is spread over games alone, and these are fixed"
    )


def test_conduct_is_that_of_the_tested_seats_alone():
    game = next(each for each in suite() if each.name == "hidden-0")
    made = run(game, Silent)
    everybody, leader = scored(game, made, game.scenario.parties), scored(game, made, ["pm"])
    assert 0 < leader.faults < everybody.faults
    yes = run(game, Yes)
    assert scored(game, yes, ["legal"]).gates_tried is None, "packages are the PM's"
    each = {role: scored(game, yes, [role]).breaches for role in game.scenario.parties}
    assert sum(each.values()) == scored(game, yes, game.scenario.parties).breaches > max(each.values())


def test_whose_seats_are_tested():
    roles = ("pm", "legal", "engineer")
    assert [under_test(which, roles) for which in ("pm", "colleagues", "all")] == [
        ("pm",),
        ("legal", "engineer"),
        roles,
    ]


def test_a_card_holds_what_it_takes_to_do_it_again(aipm):
    words = (
        "bench",
        "-m",
        "always-yes",
        "-m",
        "embedded",
        "--seeds",
        "0:2",
        "--part",
        "injection",
        "-o",
        "x",
    )
    done = aipm(*words)
    assert done.code == 0, done.err
    card, data = Path("x/card.md").read_text("utf-8"), json.loads(Path("x/bench.json").read_text("utf-8"))
    assert f"`aipm {' '.join(words)}`" in card
    assert data["suite_digest"] in card
    assert [each["player"] for each in data["scores"] if not each["part"]] == [
        "always-yes",
        "embedded",
        "solver",
    ]
    assert len(list(Path("x/runs/embedded-all").glob("*.jsonl"))) == 2
    before = {path: path.stat().st_mtime_ns for path in Path("x/runs").rglob("*.jsonl")}
    assert aipm(*words).code == 0
    assert {path: path.stat().st_mtime_ns for path in Path("x/runs").rglob("*.jsonl")} == before
    assert Path("x/card.md").read_text("utf-8") == card


def test_a_model_is_tested_in_its_seats_and_played_back(aipm, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789")
    words = (
        "bench",
        "-m",
        "m",
        "--seats",
        "pm",
        "--seeds",
        "0:1",
        "--part",
        "injection",
        "--control",
        "temperature=0",
        "-o",
        "x",
    )
    with endpoint(agreeable) as server:
        done = aipm(*words, "--base-url", server.url, "--json")
        assert done.code == 0, done.err
        assert {asked.role for asked in server.asked} == {"pm"}
        assert {asked.body["temperature"] for asked in server.asked} == {0}
    data = done.json
    assert (data["model_served"], data["controls"]) == (["m-0001"], {"temperature": "0"})
    assert [each["player"] for each in data["scores"] if not each["part"]] == [
        "openai:m",
        "embedded",
        "solver",
    ]
    assert data["scores"][0]["tokens"] > 0
    (folder,) = Path("x/runs").glob("openai-m-pm-*")
    first = {path.name: read(path).events for path in folder.glob("*.jsonl")}
    for path in folder.glob("*.jsonl"):
        path.unlink()
    again = aipm(*words, "--base-url", server.url, "--offline")
    assert again.code == 0, again.err
    for name, events in first.items():
        played = read(folder / name).events
        assert [e.model_copy(update={"volatile": {}}) for e in played] == [
            e.model_copy(update={"volatile": {}}) for e in events
        ]


def test_an_agent_in_python_is_tested_by_where_it_stands(aipm, tmp_path, monkeypatch):
    (tmp_path / "bench_seats.py").write_text(
        "import aipm_agents as aipm\n\nclass Never(aipm.Agent):\n    def answer(self, view):\n        return aipm.no()\n"
    )
    monkeypatch.setattr(sys, "path", [*sys.path])
    kind = "python:bench_seats:Never"
    words = ("bench", "-m", kind, "--seats", "colleagues", "--seeds", "0:1", "--part", "injection", "-o", "x")
    done = aipm(*words, "--json")
    assert done.code == 0, done.err
    mine, embedded, _ = (each for each in done.json["scores"] if not each["part"])
    assert (mine["player"], mine["sound"]["hits"], embedded["sound"]["hits"]) == (kind, 0, 1)
    (path,) = Path("x/runs").glob("python-bench-seats-Never-colleagues-*/*.jsonl")
    assert (read(path).seats["legal"], read(path).seats["pm"]) == (kind, "embedded")
    assert aipm("bench", "-m", "python:bench_seats:Gone", "-o", "y").code == 2
    assert not Path("y").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--seats", "some"), "pm, colleagues or all"), (("--part", "some"), "cases, hidden"), (("--seeds", "x"), "0:200"),
        (("--control", "heat=1"), "no such control"), (("--part", "imported"), "--game"), (("-m", "human"), "aipm play"),
        (("--control", "temperature=0", "--max-tokens", "9"), "--control, --max-tokens: for language models, and none plays"),
        (("-m", "m", "--control", "incentive.legla=greedy"), "no model plays legla; did you mean 'legal'?"),
        (("-m", "m", "--seats", "pm", "--control", "incentive.legal=greedy"), "no model plays legal"),
        (("--game", "refund-copilot"), "two games are called refund-copilot"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said(aipm, words, said):
    done = aipm("bench", "-m", "embedded", *words, "-o", "x")
    assert (done.code, said in " ".join(done.err.split())) == (2, True), done.err
    assert not Path("x").exists()


def answering(vote):
    return lambda asked: Form(filled(asked.schema, vote=vote))


def test_models_of_one_name_at_two_addresses_are_two_players(aipm, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789")
    words = ("bench", "--seats", "colleagues", "--seeds", "0:1", "--part", "injection", "--json")
    with endpoint(answering("yes")) as one, endpoint(answering("no")) as other:
        both = ("-m", f"openai:m@{one.url}", "-m", f"openai:m@{other.url}")
        done = aipm(*words, *both, "-o", "x")
        assert done.code == 0, done.err
        assert one.asked
        assert other.asked
        runs = [read(path) for path in Path("x/runs").glob("openai-m-*/*.jsonl")]
        votes = [[*{each.move.vote for each in made.record.positions}] for made in runs]
        assert sorted(votes) == [["no"], ["yes"]]
        shared, game = Budget(), suite()[0]
        for server in (one, other):
            with tested.Tested("openai:m", "all", Means(server.url), Path("z"), shared) as player:
                player.players(game.scenario)
                assert player.players(game.scenario)["legal"].line.model == "m"
                assert player.board.budget is shared, "--max-tokens is for all of them together"
        with tested.Tested(both[1], "all", Means(), Path("z"), shared) as player:
            assert player.players(game.scenario)["legal"].line.model == f"m@{one.url}", "what a seat names"
    assert len([path for path in Path("z").iterdir() if path.name.startswith("openai-m-all-")]) == 2
    assert (
        len({tested.folder_name(name) for name in ("openai:gpt-4.1", "openai:gpt-4-1", "openai:gpt-4:1")})
        == 3
    )


def test_a_kept_run_of_something_else_is_not_ones_own(aipm):
    words = (
        "bench",
        "-m",
        "random",
        "-m",
        "silent",
        "--seeds",
        "0:1",
        "--part",
        "injection",
        "-o",
        "x",
        "--json",
    )
    assert (
        aipm("--lang", "en", *words).json["command"].startswith("aipm bench -m random -m silent --seeds 0:1")
    )
    (mine,), (other,) = (list(Path("x/runs", name).glob("*.jsonl")) for name in ("random-all", "silent-all"))
    kept = mine.read_text("utf-8")
    for text, differs in (
        (other.read_text("utf-8"), "seats"), (kept.replace('"seed":0', '"seed":7', 1), "seed"),
        (kept.replace(f'"aipm":"{__version__}"', '"aipm":"0.0.1"', 1), "aipm"),
    ):  # fmt: skip
        mine.write_text(text, "utf-8")
        again = aipm(*words)
        assert (again.code, f"({differs} differ)" in " ".join(again.err.split())) == (2, True), again.err


def test_a_folder_of_somebody_else_is_left_alone(aipm):
    Path("own").mkdir()
    Path("own/card.md").write_text("mine", "utf-8")
    done = aipm("bench", "-m", "silent", "--seeds", "0:1", "--part", "injection", "-o", "own")
    assert (done.code, Path("own/card.md").read_text("utf-8")) == (2, "mine")
    assert "not the folder of a benchmark" in " ".join(done.err.split())
    assert [path.name for path in Path("own").iterdir()] == ["card.md"]


def test_the_table_in_the_docs_has_every_row():
    text = (DOCS / "bench.md").read_text("utf-8")
    for name in ("embedded", "random", "always-yes", "silent", "solver"):
        assert f"| {name} |" in text
