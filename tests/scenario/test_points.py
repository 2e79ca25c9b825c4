"""Points without writing each number: from an order of issues and options, and from a table such as a kit writes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import scenario

from aipm_agents.api import reports
from aipm_agents.cli import main
from aipm_agents.errors import UsageError
from aipm_agents.kit import score
from aipm_agents.report.papers.csv_rows import csv_text
from aipm_agents.report.papers.markdown import markdown
from aipm_agents.scenario.imports import scores
from aipm_agents.scenario.ranked import reckoned
from aipm_agents.scenario.reader import read, revised
from aipm_agents.sweeps.keys import varied

ORDERS = {"reach": {"rank": 1, "order": ["few", "all"]}, "review": {"rank": 2, "order": ["some", "none"]}}


def ordered(points):
    plain = scenario().plain()
    plain["parties"]["legal"]["points"] = points
    return revised(plain)


@pytest.mark.parametrize(("points", "becomes"), [
    (ORDERS, {"reach": {"few": 75, "all": 0}, "review": {"some": 25, "none": 0}}),
    ({"reach": {"weight": 3, "order": ["all", "few"]}, "review": {"weight": 1, "order": [["some", "none"]]}},
     {"reach": {"all": 75, "few": 0}, "review": {"some": 25, "none": 25}}),
    ({"a": {"weight": 1, "order": ["x", ["y", "z"], "w"]}}, {"a": {"x": 100, "y": 50, "z": 50, "w": 0}}),
    ({"a": {"rank": 1, "order": ["x", "y"]}, "b": {"rank": 2, "order": ["x", "y"]}, "c": {"rank": 3, "order": ["x", "y"]}},
     {"a": {"x": 61, "y": 0}, "b": {"x": 28, "y": 0}, "c": {"x": 11, "y": 0}}),
])  # fmt: skip
def test_an_order_becomes_points_of_a_hundred(points, becomes):
    assert reckoned(points) == becomes


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(1, 5)), min_size=1, max_size=6))
@settings(deadline=None, max_examples=40)
def test_the_best_package_has_a_hundred_and_a_better_place_is_never_worth_less(given_):
    points = {
        f"i{k}": {"weight": weight, "order": [f"o{n}" for n in range(size)]}
        for k, (weight, size) in enumerate(given_)
    }
    rows = [list(row.values()) for row in reckoned(points).values()]
    assert sum(row[0] for row in rows) == 100
    assert all(row == sorted(row, reverse=True) for row in rows)


@pytest.mark.parametrize(("points", "says"), [
    ({**ORDERS, "review": {"some": 20, "none": 0}}, "all of a role one way"),
    ({**ORDERS, "review": {"weight": 2, "order": ["some", "none"]}}, "take one for all"),
    ({**ORDERS, "review": {"rank": 1, "order": ["some", "none"]}}, "1 to 2, each once"),
    ({**ORDERS, "review": {"rank": 2, "order": ["some", "some"]}}, "each option once"),
    ({**ORDERS, "review": {"order": ["some", "none"]}}, "with a `weight` or a `rank`"),
    ({**ORDERS, "review": {"rank": 2, "order": ["some"]}}, "does not score none"),
])  # fmt: skip
def test_an_order_that_leads_nowhere_is_refused_with_why(points, says):
    _, problems = ordered(points)
    assert any(says in each.message for each in problems), problems


def test_analyze_prints_the_points_it_became_and_the_file_it_is_kept_in_has_them():
    made, _ = ordered(ORDERS)
    assert made is not None
    assert made.plain()["parties"]["legal"]["points"] == {
        "reach": {"few": 75, "all": 0},
        "review": {"some": 25, "none": 0},
    }
    again, _ = revised(made.plain())
    assert again == made
    text = markdown(reports.analyze(made).blocks)
    assert "Points from an order" in text
    assert "| a few | 75 |" in text
    assert "Points from an order" not in markdown(reports.analyze(scenario()).blocks)


def test_the_table_a_kit_writes_makes_a_scenario_with_the_same_points(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    case = scenario()
    (tmp_path / "scores.csv").write_text(csv_text(score.rows(case), excel=True), "utf-8")
    monkeypatch.setattr("sys.argv", ["aipm", "init", "mine", "--points", "scores.csv"])
    with pytest.raises(SystemExit, match="0"):
        main()
    made = read(tmp_path / "mine.yaml")
    assert {role: party.points for role, party in made.parties.items()} == {
        r: p.points for r, p in case.parties.items()
    }
    assert {party.walk_away for party in made.parties.values()} == {Decimal(20)}
    assert [i.question for i in made.issues] == [i.question for i in case.issues]
    assert "Next: aipm validate mine.yaml" in capsys.readouterr().out


@pytest.mark.parametrize(("text", "says"), [
    ("issue,option,legal\na,x,1\n", "no column pm"), ("option,pm\nx,1\n", "names the columns"),
    ("issue,option,pm,legal\na,x,1\n", "line 2: has 3 cells"), ("issue,option,pm,legal\na,x,1,1e9\n", "'1e9' is no number"),
    ("issue,option,pm,legal\na,x,1,2\na,x,3,4\n", "line 3: x of a stands in line 2 already"),
    ("issue,option,pm,legal\na,x,1,2\nwalk_away,,3,3\nwalk_away,,4,5\n", "line 4: walk_away stands in line 3 already"),
    ('issue,option,pm,legal\na,x,1,2\na,"' + "y" * 140_000, "line 3: cannot be read as a table"),
    ("issue,option,pm,legal\n", "nothing below"), ("issue,option,pm,pm\na,x,1,1\n", "one name"),
])  # fmt: skip
def test_a_table_that_does_not_fit_is_refused_with_its_line(text, says, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(UsageError, match=says):
        scores.data(path, "t")


def test_names_that_are_no_ids_get_one_and_other_marks_between_cells_are_read(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("Issue;Option;PM;Head nurse\n病房;全部;60;10\n病房;一半;40;100\n", "utf-8")
    made = scores.data(path, "t")
    assert [(i["id"], [o["label"] for o in i["options"]]) for i in made["issues"]] == [
        ("x", ["全部", "一半"])
    ]
    assert made["parties"]["head-nurse"]["title"] == "head nurse"
    assert made["parties"]["head-nurse"]["points"]["x"] == {"x": Decimal(10), "x-2": Decimal(100)}


def test_points_that_are_set_otherwise_are_no_longer_from_an_order():
    made, _ = ordered(ORDERS)
    assert varied(made, {"parties.legal.walk_away": "10"}).scenario.parties["legal"].ordered
    assert not varied(made, {"parties.legal.points.reach.few": "70"}).scenario.parties["legal"].ordered
