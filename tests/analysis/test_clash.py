"""Why nothing can be a deal: the smallest clash is what brute force over every subset finds."""

from __future__ import annotations

from itertools import combinations

import slow
from hypothesis import given, settings
from making import rich_scenarios, scenario

from aipm_agents.analysis.space.advice import advice
from aipm_agents.analysis.space.clash import _walls, clash
from aipm_agents.analysis.space.masks import within_the_gates
from aipm_agents.analysis.space.prospects import prospects
from aipm_agents.table.packages import outcome_space


@settings(max_examples=60, deadline=None)
@given(rich_scenarios())
def test_a_smallest_clash_is_what_brute_force_finds(made):
    every = set(outcome_space(made).existing.nonzero()[0])
    assert len(every) == len(slow.packages(made))
    found, walls = clash(made), {wall: set(mask.nonzero()[0]) & every for wall, mask in _walls(made).items()}
    assert bool(found) == (not within_the_gates(made).any())
    if not found:
        return
    assert set().union(*(walls[wall] for wall in found)) == every
    for size in range(len(found)):
        assert not any(set().union(*(walls[w] for w in some)) == every for some in combinations(walls, size))


def test_an_impossible_case_says_what_clashes():
    bound = {"id": "little", "asks": "Is it little?", "owner": "pm", "rule": {"choose": {"reach": "few"}}}
    made = scenario(checkpoints={"feasible": [bound]}, evidence=[], parties={
        role: {"wants": "?", "walk_away": 90 if role == "legal" else 20,
               "points": {"reach": {"all": 60, "few": 40}, "review": {"none": 40, "some": 20}}}
        for role in ("pm", "engineer", "legal")
    })  # fmt: skip
    text = " ".join(advice(made, prospects(made)))
    assert "These clash: criterion little, the walk-away of legal" in text
