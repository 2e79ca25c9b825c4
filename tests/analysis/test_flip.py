"""What would change the decision: as exact as a slow second implementation that changes the file, reads it again and
counts."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
import slow
from hypothesis import given, settings
from hypothesis import strategies as st
from making import rich_scenarios, scenario
from records import bundle

import aipm_agents as aipm
from aipm_agents.analysis.run.flipped import flipped_by
from aipm_agents.analysis.sample.sway import _ways, swayed
from aipm_agents.analysis.space.flip import flips
from aipm_agents.cli import main
from aipm_agents.errors import UsageError
from aipm_agents.report.author.flip import report
from aipm_agents.report.papers.markdown import markdown
from aipm_agents.sweeps.keys import varied

NUMBERS = ("bound", "walk_away", "quorum")


def again(made, *sets):
    """The scenario with these values, as `--set` makes it: read and checked anew."""
    return varied(made, dict(each.split("=", 1) for each in sets), "--set").scenario


def counted(made, package):
    """How many packages are deals, and whether this one is."""
    within = slow.within_the_gates(made)
    return len(within), None if package is None else package in within


@settings(max_examples=40, deadline=None)
@given(rich_scenarios())
def test_every_change_does_what_the_changed_file_does(made):
    found = flips(made)
    assert (found.deals, found.stands) == counted(made, found.package)
    for change in found.changes:
        try:
            changed = again(made, change.sets)
        except UsageError:  # a file that cannot be so: the only choice of a rule taken away
            assert change.lever.kind == "option"
            continue
        assert counted(changed, found.package) == (change.deals, change.stands), change.sets
        ended = (change.deals > 0) != (found.deals > 0)
        assert change.flips == (ended or (change.stands != found.stands and change.lever.kind != "option"))


@settings(max_examples=25, deadline=None)
@given(rich_scenarios(), st.data())
def test_a_number_that_is_moved_less_flips_nothing_and_no_flip_is_missed(made, data):
    """Every change of a number on its own grid, up to beyond all figures: where the decision first flips is what is told."""
    found = flips(made)
    levers = list({change.lever for change in found.changes if change.lever.kind in ("walk_away", "bound")})
    if not levers:
        return
    lever = data.draw(st.sampled_from(sorted(levers)))
    mine = [change for change in found.changes if change.lever == lever]
    was = next(change.was for change in mine)
    told = {Decimal(change.to) for change in mine if change.flips}
    step = Decimal("0.1") if any(Decimal(c.to) % 1 or was % 1 for c in mine) else Decimal(1)

    def flipped(number):
        deals, stands = counted(again(made, f"{lever.key}={number:f}"), found.package)
        return (deals, stands) if ((deals > 0), stands) != ((found.deals > 0), found.stands) else None

    for sign in (1, -1):
        near = [number for number in told if (number - was) * sign > 0]
        if near:
            nearest = min(near, key=lambda number: abs(number - was))
            assert flipped(nearest)
            assert not flipped(nearest - sign * step)
        else:
            assert not flipped(was + sign * 500)


@settings(max_examples=25, deadline=None)
@given(rich_scenarios())
def test_a_pair_flips_together_and_neither_does_alone(made):
    found = flips(made)
    base = (found.deals > 0, found.stands)
    for pair in found.pairs:
        try:
            both = again(made, *(each.sets for each in pair.changes))
        except UsageError:
            continue
        deals, stands = counted(both, found.package)
        assert (deals, stands) == (pair.deals, pair.stands)
        assert (deals > 0, stands) != base
        for each in pair.changes:
            deals, stands = counted(again(made, each.sets), found.package)
            assert (deals > 0, stands) == base


def test_no_pair_of_facts_is_missed():
    """Two facts show one thing: without both of them it is not shown."""
    fact = {"says": "They want it.", "held_by": ["engineer"], "supports": ["wanted"]}
    made = scenario(evidence=[{"id": "one", **fact}, {"id": "two", **fact}])
    found = flips(made)
    alone = {each.lever.name for each in found.flipping}
    pairs = [{each.lever.name for each in pair.changes} for pair in found.pairs]
    assert not alone & {"one", "two"}
    assert {"one", "two"} in pairs


def test_a_fact_that_answers_what_is_wrong_with_another_is_missed():
    doubt = {"ground": "sample", "says": "Only a few were asked.", "answered_by": ["again"]}
    made = scenario(evidence=[
        {"id": "survey", "says": "They want it.", "held_by": ["engineer"], "supports": ["wanted"], "limits": [doubt]},
        {"id": "again", "says": "We asked all of them.", "held_by": ["legal"]},
    ])  # fmt: skip
    assert {each.lever.name for each in flips(made).flipping if each.lever.kind == "fact"} == {
        "survey",
        "again",
    }


def impossible():
    low = {"id": "low", "asks": "Is it light?", "owner": "pm", "rule": {"metric": "load", "at_most": 0}}
    return scenario(checkpoints={"feasible": [low]}, evidence=[])


def test_an_impossible_case_is_mended_by_the_smallest_change():
    found = flips(impossible())
    assert (found.deals, found.package, found.stands) == (0, None, None)
    assert [each.sets for each in found.flipping] == ["checkpoints.feasible.low.rule.at_most=1"]
    assert slow.within_the_gates(again(impossible(), found.flipping[0].sets))


def test_analyze_names_what_would_mend_an_impossible_case():
    found = aipm.analyze(impossible())
    assert [[each["sets"] for each in way] for way in found["repairs"]] == [
        ["checkpoints.feasible.low.rule.at_most=1"]
    ]
    assert "checkpoints.feasible.low.rule.at_most=1" in markdown(found.blocks).replace("\\", "")
    assert aipm.analyze(scenario())["repairs"] == []


def test_what_no_single_change_mends_two_together_do():
    rules = [
        {"id": name, "asks": "Is it?", "owner": "pm", "rule": {"metric": "load", "at_most": bound}}
        for name, bound in (("low", 0), ("lower", -1))
    ]
    made = scenario(checkpoints={"feasible": rules}, evidence=[])
    found = flips(made)
    assert not found.flipping
    assert "No single change flips it." in markdown(report(made, found))
    assert [each.sets for each in found.pairs[0].changes] == [
        "checkpoints.feasible.low.rule.at_most=1", "checkpoints.feasible.lower.rule.at_most=1",
    ]  # fmt: skip


def test_of_a_run_it_is_its_own_package_on_what_lay_on_the_table():
    run = aipm.run("refund-copilot", seed=1)
    over = flipped_by(run.record)
    assert over.flips.package == run.deal
    assert over.flips.stands
    assert over.votes is not None
    assert over.votes.spare >= 0
    untold = [c for c in over.flips.changes if c.lever.kind == "fact" and c.to == "on"]
    assert {c.lever.name for c in untold} == set(run.scenario.facts) - run.record.tabled
    for change in over.flips.changes:
        if change.lever.kind in NUMBERS:
            changed = again(run.scenario, change.sets)
            facts, doubts = run.record.tabled, {(c.evidence, c.ground) for c in run.record.heard.contests}
            stands = not slow.stopped(changed, run.deal, facts, raised=doubts) and slow.agreed(
                changed, run.deal
            )
            assert stands == change.stands, change.sets


def test_the_same_seeds_are_played_with_a_fact_elsewhere():
    made = scenario()
    sway = swayed(made, [0, 1, 2], most=9)
    assert sway.seeds == (0, 1, 2)
    assert len(sway.ways) == 2
    assert sway.left_out > 0
    assert ("pm",) not in [
        holders for _, holders in _ways(made)
    ]  # it tells no fact, so no table could hear it
    way = sway.ways[0]
    runs = [aipm.run(made, seed=seed).deal for seed in range(3)]
    changed = [aipm.run(again(made, way.sets), seed=seed).deal for seed in range(3)]
    assert sway.signed == sum(map(bool, runs))
    assert way.otherwise == sum(one != other for one, other in zip(runs, changed, strict=True))


def test_a_large_space_still_answers():
    points = {f"i{k}": {f"o{n}": n for n in range(8)} for k in range(6)}
    made = scenario(
        issues=[
            {"id": f"i{k}", "question": "?", "options": [
                {"id": f"o{n}", "label": f"{k}.{n}", "effects": {"load": n}} for n in range(8)]}
            for k in range(6)
        ],
        parties={role: {"wants": "?", "walk_away": 20, "points": points} for role in ("pm", "engineer", "legal")},
        checkpoints={"feasible": [{"id": "light", "asks": "?", "owner": "pm", "rule": {"metric": "load", "at_most": 20}}]},
        evidence=[],
    )  # fmt: skip
    found = flips(made)
    assert found.packages == 8**6
    assert found.flipping


def test_what_there_is_no_time_for_is_told(monkeypatch):
    monkeypatch.setattr("aipm_agents.analysis.space.flip.MOST", 1000)
    made = bundle("refund-copilot")
    found = flips(made)
    assert found.left_out > 0
    assert f"{found.left_out:,} changes and pairs were not looked at" in markdown(report(made, found))


def test_the_command_takes_a_scenario_or_a_run(tmp_path, monkeypatch, capsys):
    path = aipm.run("refund-copilot", seed=1).save(tmp_path / "run.jsonl")

    def typed(*words):
        monkeypatch.setattr("sys.argv", ["aipm", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            main()
        return left.value.code or 0, capsys.readouterr()

    code, told = typed("flip", "refund-copilot", "--seeds", "0", "--json")
    assert (code, json.loads(told.out)["run"]) == (0, None)
    code, told = typed("flip", path, "--seeds", "0", "--json")
    assert code == 0
    assert json.loads(told.out)["votes"]["needed"] == 4
    assert typed("flip", "refund-copilot", "--seeds", "0", "-o", path.with_suffix(".svg"))[0] == 0
    drawn = path.with_suffix(".svg").read_text("utf-8")
    assert drawn.startswith("<svg")
    assert "<style>" in drawn, "it stands alone"
    assert 'class="names flips"' in drawn
    assert typed("flip", path, "--set", "rounds=3")[0] == 2
    assert typed("flip", "nonsense")[0] == 2
