"""Bounds that hold as stated: at each of them a scenario is read and reckoned with, and what the reckoning costs grows
with the file and not with its square. What an author cannot have meant is refused, or warned of."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from making import rich_scenarios
from making import scenario as small

from aipm_agents.analysis.space.advice import advice
from aipm_agents.analysis.space.landscape import landscape
from aipm_agents.analysis.space.masks import every_limit, everything, passes
from aipm_agents.analysis.space.prospects import prospects
from aipm_agents.analysis.space.solutions import frontier
from aipm_agents.analysis.space.without_fact import passing_without
from aipm_agents.errors import UsageError
from aipm_agents.negotiation import negotiate
from aipm_agents.report.papers.csv_rows import csv_text
from aipm_agents.scenario.reader import examine
from aipm_agents.seats.embedded import Embedded
from aipm_agents.sweeps.plan import MOST_RUNS, Sweep, planned
from aipm_agents.table.packages import outcome_space


def issues(count, options):
    """A scenario of so many issues, with so many options each."""
    made = [
        {
            "id": f"i{i}",
            "question": f"{i}?",
            "options": [{"id": f"o{k}", "label": f"{i}.{k}"} for k in range(options)],
        }
        for i in range(count)
    ]
    points = {f"i{i}": {f"o{k}": (i == 0) * (100 - k % 100) for k in range(options)} for i in range(count)}
    parties = {role: {"wants": "?", "walk_away": 20, "points": points} for role in ("pm", "engineer")}
    gates = {"desire": [{"id": "wanted", "asks": "?", "owner": "engineer"}]}
    return small(
        issues=made, parties=parties, evidence=[], checkpoints=gates, agreement={"accept_at_least": 2}
    )


@pytest.mark.parametrize(("count", "options"), [(64, 1), (65, 1), (200, 1), (1, 400), (11, 2)])
def test_many_issues_and_many_options_are_reckoned_with_and_played(count, options):
    made = issues(count, options)
    space, found = outcome_space(made), prospects(made)
    assert (found.packages, found.together.disclosed) == (options**count, options**count)
    assert advice(made, found)
    assert landscape(made).optimal["whole"]
    last = {f"i{i}": f"o{options - 1}" for i in range(count)}
    assert space.package(space.code(last)) == last
    assert [row[-1] for row in space.digits] == [options - 1] * count
    assert negotiate(made, {role: Embedded() for role in made.parties})[-1].kind == "decision"


@settings(max_examples=60, deadline=None)
@given(made=rich_scenarios())
def test_what_passes_without_a_fact_is_what_passes_when_it_is_left_out(made):
    for contests in (every_limit(made), ()):
        slow = {
            name: int(np.count_nonzero(passes(made, everything(made) - {name}, contests)))
            for name in made.facts
        }
        assert passing_without(made, contests) == slow


def test_a_thousand_facts_are_weighed_at_once():
    facts = [
        {"id": f"f{i}", "says": "So.", "held_by": ["engineer"], "supports": ["wanted"], "undermines": ["safe"],
         "unless": {"review": "some"}, "limits": [{"ground": "sample", "says": "weak", "answered_by": [f"f{(i + 1) % 1000}"]}]}
        for i in range(1000)
    ]  # fmt: skip
    found = prospects(small(evidence=facts))
    assert set(found.without.values()) == {found.together.disclosed} == {1}


@settings(max_examples=60, deadline=None)
@given(made=rich_scenarios())
def test_a_frontier_in_blocks_is_the_frontier(made):
    space = outcome_space(made)
    points = np.array([space.total(party.points) for party in made.parties.values()])
    every = np.ones(space.size, dtype=bool)
    slow = [
        c for c in range(space.size)
        if not any((points[:, o] >= points[:, c]).all() and (points[:, o] > points[:, c]).any() for o in range(space.size))
    ]  # fmt: skip
    assert list(frontier(points, every)) == slow


def test_a_sweep_of_more_runs_than_the_bound_is_refused_at_once():
    most = Sweep(scenarios=("small",), seeds=f"0:{MOST_RUNS}")
    assert len(planned(most, [small()])) == MOST_RUNS
    with pytest.raises(UsageError, match=r"999,999,999 runs; the bound is 1,000,000"):
        planned(Sweep(scenarios=("small",), seeds="0:999999999"), [small()])


ODD = {
    "a negative walk-away": ("warning", "below nothing", lambda d: d["parties"]["pm"].update(walk_away=-5)),
    "two labels alike": (
        "warning",
        "'all'",
        lambda d: d["issues"][0]["options"][1].update(label="Ａll  of them"),
    ),
    "an invisible label": (
        "error",
        "could see",
        lambda d: d["issues"][0]["options"][1].update(label="\u200b\u3164"),
    ),
    "a blank title": ("error", "could see", lambda d: d.update(title="\u2060")),
    "a holder twice": (
        "warning",
        "'legal' twice",
        lambda d: d["evidence"][1].update(held_by=["legal", "legal"]),
    ),
    "a version that is true": ("error", "write 1", lambda d: d.update(format=True)),
}


@pytest.mark.parametrize("what", ODD)
def test_what_nobody_can_have_meant_is_told_with_its_line(what, tmp_path):
    level, told, change = ODD[what]
    data = small().plain()
    change(data)
    path = tmp_path / "odd.yaml"
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False), "utf-8")
    found = [each for each in examine(path).problems if told in each.message]
    assert [each.level for each in found] == [level]
    assert found[0].line > 1
    assert (examine(path).scenario is None) == (level == "error")


@pytest.mark.parametrize(
    ("line", "fits"), [("%YAML 1.2\n---\n", True), ("%YAML 1.1\n---\n", False), ("%YAML 1.3\n---\n", False)]
)
def test_yaml_of_another_version_is_refused(line, fits, tmp_path):
    path = tmp_path / "old.yaml"
    path.write_text(line + json.dumps(small().plain(), indent=1), "utf-8")
    reading = examine(path)
    assert (reading.scenario is not None) == fits
    assert fits or "YAML 1.2" in reading.problems[0].message


@pytest.mark.parametrize("cell", ["=1+1", "＝1+1", "＋cmd", "－2+3", "＠SUM(A1)", " ＝1", "-x"])
def test_a_formula_of_any_width_is_text(cell):
    assert csv_text([[cell]]).removeprefix("\ufeff").lstrip('"').startswith("'")
