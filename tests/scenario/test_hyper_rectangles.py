"""Utilities that hang on several issues at once, as GENIUS and NegMAS write them: every deal is worth what it is worth
there, for the best deal has 100; what cannot be held is refused by name."""

from __future__ import annotations

from decimal import Decimal

import pytest
import yaml

import aipm_agents as aipm
from aipm_agents.errors import UsageError
from aipm_agents.scenario.imports import genius, negmas
from aipm_agents.scenario.imports.game import made
from aipm_agents.scenario.imports.written import text
from aipm_agents.table.packages import outcome_space

DOMAIN = """<negotiation_template><utility_space><objective index="0" name="Wells">
<issue index="1" name="depth" type="integer" lowerbound="0" upperbound="3"/>
<issue index="2" name="width" type="integer" lowerbound="0" upperbound="2"/>
<issue index="3" name="fee" type="real"><range lowerbound="0" upperbound="10"/></issue>
</objective></utility_space></negotiation_template>"""
PROFILE = """<utility_space type="nonlinear"><objective index="0" name="Wells">
<issue index="1" name="depth"/><issue index="2" name="width"/><issue index="3" name="fee"/>
<utility maxutility="MOST"><ufun type="PlainUfun" weight="7" aggregation="sum">
<hyperRectangle utility="30"><INCLUDES index="1" min="1" max="2"/><INCLUDES index="2" min="2" max="2"/></hyperRectangle>
<hyperRectangle utility="12" weight="2"><INCLUDES index="3" min="0" max="5"/></hyperRectangle>
<hyperRectangle utility="9"><INCLUDES index="3" min="1" max="4"/></hyperRectangle>
<ufun weight="0.5"><hyperRectangle utility="20"><EXCLUDES index="1" min="0" max="0"/></hyperRectangle></ufun>
<hyperRectangle utility="1"/>
</ufun></utility></objective><reservation value="0.26"/><discount_factor value="0.9"/></utility_space>"""


@pytest.fixture
def wells(tmp_path):
    (tmp_path / "wells_domain.xml").write_text(DOMAIN)
    for name in ("a.xml", "b.xml"):
        (tmp_path / name).write_text(PROFILE.replace("MOST", "100"))
    return tmp_path


def worth_of(scenario, role):
    """(value of every issue) -> points."""
    space = outcome_space(scenario)
    labels = {issue.id: {o.id: o.label for o in issue.options} for issue in scenario.issues}
    return {
        tuple(labels[i][o] for i, o in space.package(code).items()): space.unscaled(int(points))
        for code, points in enumerate(space.worth(scenario.parties[role]))
    }


def test_a_nonlinear_profile_of_genius_is_worth_the_sum_of_its_hyper_rectangles(wells):
    game = genius.read(wells, (), 3)
    found = made(game, wells)
    for (depth, width, fee), points in worth_of(found, "b").items():
        there = 1 + 30 * (depth in "12" and width == "2") + 24 * (fee in ("0", "5")) + 10 * (depth != "0")
        assert points == pytest.approx(Decimal(there) * 100 / 65, abs=Decimal("0.00001"))
    assert max(worth_of(found, "pm").values()) == 100
    assert found.parties["pm"].walk_away == 40, "26 of 65, as the utilities are scaled"
    assert found.parties["pm"].discount < 1
    told = {note.what: note.became for note in (*game.mapped, *game.lost)}
    assert told["1 hyper-rectangles of a"] == "none of the values lies in them", "between 0 and 5"
    assert told["a: utilities from 0.01 to 0.65"] == "scaled so that the best deal has 1"
    (wells / "w.yaml").write_text(text(game, "Wells"))
    assert aipm.load(wells / "w.yaml") == found
    assert aipm.run(found, seed=1).decision in ("go", "no_agreement")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('aggregation="sum"', 'aggregation="max"', "takes the max of hyper-rectangles"),
        ('"100"', '"-1.0"', "divides by a maxutility of -1"),
        ('"100"', '"1e-999990"', "'1e-999990' is no number"),
        ('"100"', '"1e30"', "'1e30' is no number"),
        ('"100"', '"50"', r"add up to 1.3, and 1 is the most"),
        ('index="3" min="0"', 'index="4" min="0"', "over an issue 4 that there is not"),
        ('utility="30"', 'utility="lots"', "'lots' is no number"),
        ('maxutility="100"', "", "<utility> has no maxutility"),
        ("<ufun", "<f", "and none of hyper-rectangles"),
    ],
)
def test_what_of_a_nonlinear_profile_cannot_be_held_is_refused_by_name(wells, old, new, told):
    path = wells / "b.xml"
    path.write_text(path.read_text().replace(old, new).replace("</ufun", "</f" if new == "<f" else "</ufun"))
    with pytest.raises(UsageError, match=told):
        genius.read(wells, (), 3)


def test_more_deals_than_can_be_counted_are_refused_before_they_are_counted(wells):
    with pytest.raises(UsageError, match="make 2,400,000 packages"):
        genius.read(wells, (), 200_000)


# --- NegMAS -----------------------------------------------------------------------------------


def dumped(folder, suffix, domain, *functions):
    """As `Scenario.dumpas(folder, "yml")` writes: each part by its name, keys sorted, tuples as lists, `type` without its
    module, no id; what is known of the scenario beside it."""
    for part in (domain, *functions):
        with (folder / f"{part['name']}.{suffix}").open("w") as file:
            yaml.safe_dump(part, file, default_flow_style=False, sort_keys=True)
    (folder / "_info.yml").write_text("source: x\n")
    (folder / "_stats.yaml").write_text("opposition: 0.3\n")


SPACE = {
    "type": "DiscreteCartesianOutcomeSpace", "name": "trade",
    "issues": [
        {"type": "CategoricalIssue", "name": "colour", "values": ["red", "blue", "on"]},
        {"type": "ContiguousIssue", "name": "pieces", "values": [0, 4]},
    ],
}  # fmt: skip
SELLER = {
    "type": "LinearAdditiveUtilityFunction", "name": "seller", "reserved_value": 0.25, "bias": 0.0, "weights": [0.4, 0.6],
    "values": [
        {"type": "TableFun", "mapping": {"red": 1.0, "blue": 0.5, "on": 0.0}}, {"type": "AffineFun", "slope": 0.25, "bias": 0},
    ],
}  # fmt: skip
BUYER = {
    "type": "HyperRectangleUtilityFunction", "name": "buyer", "reserved_value": float("-inf"),
    "outcome_ranges": [{0: ["red", "on"]}, {0: "red", 1: [0.0, 3.0]}, {"pieces": [4]}, None],
    "utilities": [2.0, 5.0, -1.0, 0.5], "weights": [1.0, 2.0, 1.0, 1.0],
    "ignore_issues_not_in_input": False, "ignore_failing_range_utilities": False,
}  # fmt: skip


def test_a_scenario_dumped_by_negmas_is_worth_what_its_functions_give(tmp_path):
    dumped(tmp_path, "yml", SPACE, SELLER, BUYER)
    game = negmas.read(tmp_path, (), None)
    found = made(game, tmp_path)
    assert list(found.parties) == ["pm", "seller"], "by the names of their files"
    for (colour, pieces), points in worth_of(found, "pm").items():
        there = (
            0.5
            + 2 * (colour in ("red", "on"))
            + 10 * (colour == "red" and 0 < int(pieces) < 3)
            - (pieces == "4")
        )
        assert float(points) == pytest.approx((there + 0.5) * 100 / 13, abs=1e-5), "from -0.5 to 12.5"
    for (colour, pieces), points in worth_of(found, "seller").items():
        assert float(points) == pytest.approx(
            40 * {"red": 1, "blue": 0.5, "on": 0}[colour] + 15 * int(pieces)
        )
    told = {note.what: note.became for note in (*game.mapped, *game.lost)}
    assert "strictly between them" in told["two numbers in outcome_ranges of buyer"]
    assert "buyer has no reserved value" in told


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"utilities": [2.0, {"type": "LambdaFun"}, 1.0, 1.0]}, "whose worth is a function"),
        ({"outcome_ranges": [{7: [1]}, None, None, None]}, "over an issue 7 that there is not"),
        ({"utilities": [1.0]}, "as many utilities as outcome_ranges"),
        ({"outcome_ranges": [None] * 4}, "the same utility"),
        ({"weights": [1.0]}, "as many weights as outcome_ranges"),
        ({"weights": {0: 1, 1: 2, 2: 1, 3: 1}}, "as many weights as outcome_ranges"),
        ({"utilities": [1e10, 5.0, 1.0, 1.0]}, "cannot be counted exactly"),
        ({"bias": -1e10}, "cannot be counted exactly"),
        ({"bias": "1e999999"}, "is no number"),
        (
            {"type": "NonlinearHyperRectangleUtilityFunction"},
            "a sum neither over the issues nor over hyper-rectangles",
        ),
    ],
)
def test_what_of_a_hyper_rectangle_function_cannot_be_held_is_refused_by_name(tmp_path, changes, told):
    dumped(tmp_path, "yml", SPACE, SELLER, {**BUYER, **changes})
    with pytest.raises(UsageError, match=told):
        negmas.read(tmp_path, (), None)
