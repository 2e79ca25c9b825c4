"""Runs as tables: every column is told, typed and counted as it says; promises and words are held against moves."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from making import scenario
from records import bundle, kept
from sweeping import rows, small

from aipm_agents.analysis.run.gainsaid import gainsaid
from aipm_agents.analysis.run.promises import promises
from aipm_agents.analysis.sample.case import case
from aipm_agents.analysis.sample.columns import ROWS, TURNS, kind_of, page
from aipm_agents.analysis.sample.row import row
from aipm_agents.analysis.sample.turns import turns
from aipm_agents.negotiation import negotiate
from aipm_agents.seats.scripted import Scripted
from aipm_agents.table.moves import Position
from aipm_agents.table.record import Record

DOCS = Path(__file__).parents[2] / "docs"
TYPES = {"text": str, "whole": int, "figure": float, "truth": bool}


def test_the_page_of_columns_is_what_the_code_says():
    assert (DOCS / "columns.md").read_text("utf-8") == page()


def test_every_column_of_a_run_and_of_its_turns_is_told_and_holds_what_it_says(tmp_path):
    run = kept(tmp_path / "run.jsonl", bundle("discharge-letter"), seed=3)
    for known, found in ((ROWS, [row(case("", run))]), (TURNS, turns(run))):
        for each in found:
            for name, value in each.items():
                kind = kind_of(name, known)  # raises for one that is not told
                assert value is None or type(value) in (TYPES[kind], *([int] if kind == "figure" else [])), (
                    name
                )
    names = {column.name for column in ROWS}
    assert len(names) == len(ROWS)
    assert all(column.holds.endswith((".", ")", "...")) for column in (*ROWS, *TURNS))


def test_figures_of_a_row_are_those_of_its_turns(tmp_path):
    run = kept(tmp_path / "run.jsonl", bundle("refund-copilot"), seed=1)
    told, each = row(case("", run)), turns(run)
    assert told["facts_told"] == len({name for turn in each for name in (turn["tables"] or "").split()})
    assert told["questions"] == sum(turn["question"] is not None for turn in each)
    offers = {(turn["role"], turn["trade_give"], turn["trade_for"]) for turn in each if turn["trade_give"]}
    assert told["trades_offered"] == len(offers)
    assert told["pareto"] in (True, False)
    assert told["below"] == 0


def test_seeds_that_played_the_same_game_share_their_moves(tmp_path):
    """Words may differ; what was done may not."""
    told = []
    for number, (vote, says) in enumerate((("no", "Never."), ("no", "Not so."), ("yes", "Never."))):
        seats = {role: Scripted(positions=[Position(vote=vote, says=says)]) for role in ("engineer", "legal")}
        seats["pm"] = Scripted(packages=[AS_IT_WAS])
        run = kept(tmp_path / f"{number}.jsonl", scenario(rounds=1), seed=number, seats=seats)
        told.append(row(case("", run))["moves"])
    one, two, three = told
    assert one == two != three


AS_IT_WAS, MENDED = {"reach": "all", "review": "none"}, {"reach": "all", "review": "some"}
ASKED = [{"issue": "review", "options": ["some"]}]
TRADE = {"give": {"reach": "all"}, "for": {"review": "some"}}


@pytest.mark.parametrize(
    ("first", "then", "package", "found"),
    [
        ({"vote": "yes_if", "asks": ASKED}, {"vote": "yes"}, MENDED, [("condition", True)]),
        ({"vote": "yes_if", "asks": ASKED}, {"vote": "no"}, MENDED, [("condition", False)]),
        ({"vote": "yes_if", "asks": ASKED}, {"vote": "no"}, {"reach": "few", "review": "some"}, []),
        ({"vote": "yes_if", "asks": ASKED}, {"vote": "no"}, AS_IT_WAS, []),
        ({"vote": "no", "trade": TRADE}, {"vote": "yes_if", "asks": [{"issue": "reach", "options": ["few"]}]}, MENDED, [("trade", True)]),
        ({"vote": "no", "trade": TRADE}, {"vote": "no", "moved_by": ["survey"]}, MENDED, [("trade", False)]),
        ({"vote": "no", "trade": TRADE}, {"vote": "no"}, AS_IT_WAS, []),
        ({"vote": "no"}, {"vote": "yes"}, MENDED, []),
    ],
)  # fmt: skip
def test_a_promise_is_kept_or_broken_by_a_vote_on_what_it_was_for(first, then, package, found):
    """The engineer tables the survey in the second row's no, so that it can name it."""
    facts = [{"id": "survey", "says": "They want it.", "supports": ["wanted"]}]
    made = scenario(evidence=facts, rounds=2)
    seats = {role: Scripted(positions=["no"]) for role in made.colleagues}
    seats["engineer"] = Scripted(positions=[Position.model_validate(each) for each in (first, then)])
    seats["pm"] = Scripted(packages=[AS_IT_WAS, package])
    record = Record(made, tuple(negotiate(made, seats, seed=0)))
    assert [(each.kind, each.kept) for each in promises(record)] == found
    assert all(each.because == ("survey",) for each in promises(record) if then.get("moved_by"))


@pytest.mark.parametrize(
    ("vote", "says", "found"),
    [
        ("no", "I vote yes.", True), ("no", "Well. You have my yes!", True), ("no", "I accept this plan.", True),
        ("no", "I will accept this plan if the review stays.", False), ("no", "I vote no.", False),
        ("no", "I can't sign this. Marketing says yes.", False), ("no", "I would sign it.", False),
        ("yes", "I vote no.", True), ("yes", "I cannot support this package.", True), ("yes", "I won’t sign it.", True),
        ("yes", "I could not sign it before. Now I can.", False), ("yes", "No more questions.", False),
        ("yes_if", "I vote no.", False), ("no", "我投贊成。", True), ("no", "我不贊成。", False),
        ("yes", "I can't support that claim. I do not accept this figure.", False), ("no", "I accept that. I support this goal, and the plan to test it.", False),
        ("yes", "我投反對。", True), ("yes", "我沒辦法接受這個方案。", True), ("no", "如果改了，我可以接受這個方案。", False),
    ],
)  # fmt: skip
def test_words_that_gainsay_the_vote_are_pointed_at(vote, says, found):
    made = scenario(rounds=1)
    asks = ASKED if vote == "yes_if" else ()
    seats = {role: Scripted(positions=["no"]) for role in made.colleagues}
    seats["legal"] = Scripted(positions=[Position(vote=vote, says=says, asks=asks)])
    seats["pm"] = Scripted(packages=[AS_IT_WAS])
    told = gainsaid(Record(made, tuple(negotiate(made, seats, seed=0))))
    assert [each.role for each in told] == (["legal"] if found else [])
    assert all(each.quote in says.replace("’", "'") for each in told)


@pytest.mark.parametrize("name", ["refund-copilot", "discharge-letter", "fresh-food-orders"])
def test_embedded_seats_mean_what_they_say(name, tmp_path):
    for seed in range(2):
        record = kept(tmp_path / f"{seed}.jsonl", bundle(name), seed=seed).record
        assert gainsaid(record) == ()
        assert [each for each in promises(record) if not each.kept and not each.because] == []


def test_a_sweep_writes_rows_and_turns_with_types_and_no_mark(aipm, tmp_path):
    from pyarrow.parquet import read_table

    small(tmp_path / "small.yaml")
    assert (
        aipm("sweep", "small.yaml", "--seeds", "0:2", "--vary", "rounds=2,3", "-j", "1", "-o", "x").code == 0
    )
    for stem, known in (("rows", ROWS), ("turns", TURNS)):
        text = (tmp_path / "x" / f"{stem}.csv").read_bytes()
        assert text.startswith(b"run_id,")
        told = list(csv.DictReader(text.decode().splitlines()))
        table = read_table(tmp_path / "x" / f"{stem}.parquet")
        assert table.column_names == list(told[0])
        assert [each["run_id"] for each in told] == table.column("run_id").to_pylist()
        kinds = {name: kind_of(name, known) for name in table.column_names}
        types = {"text": "string", "whole": "int64", "figure": "double", "truth": "bool"}
        assert {name: str(table.schema.field(name).type) for name in kinds} == {
            n: types[k] for n, k in kinds.items()
        }
    assert table.num_rows > 4 * 5
    for form in ("csv", "parquet"):
        assert aipm("compare", "x", "-o", f"r.{form}", "--turns", f"t.{form}").code == 0
    assert Path("t.csv").read_bytes() == (tmp_path / "x" / "turns.csv").read_bytes()
    assert read_table("t.parquet").equals(table)
    assert aipm("compare", "x", "-o", "e.csv", "--excel").code == 0
    assert Path("e.csv").read_bytes() == b"\xef\xbb\xbf" + Path("r.csv").read_bytes()
    swept = rows(tmp_path / "x")
    told = aipm("compare", "x", "--json").json["rows"]
    assert [{k: v for k, v in each.items() if k not in ("group", "file")} for each in told] == swept
    assert aipm("compare", "x", "--turns", "t.md").code == 2


def test_two_runs_beside_each_other_have_a_row_each(aipm, tmp_path):
    made = [kept(tmp_path / f"{n}.jsonl", scenario(), seed=n) for n in (0, 1)]
    told = aipm("compare", *(run.path for run in made), "--json").json["rows"]
    assert told == [
        {"run": label, **json.loads(json.dumps(row(case("", run))))}
        for label, run in zip("AB", made, strict=True)
    ]
