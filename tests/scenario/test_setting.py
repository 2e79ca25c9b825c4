"""Any value of a scenario set otherwise: by its path, checked like a file, told wherever the run is."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from records import bundle

from aipm_agents.report.words.fact_effects import bearing
from aipm_agents.scenario.amendment import amend, spelt, value
from aipm_agents.scenario.library import bundled
from aipm_agents.sweeps.keys import varied
from aipm_agents.table.checkpoints import fails
from aipm_agents.transcript import read

CASE = "refund-copilot"


def changed(**factors):
    return varied(bundle(CASE), {key.replace("__", "."): text for key, text in factors.items()}).scenario


def effect(made, issue, option):
    return next(o for o in made.issue[issue].options if o.id == option).effects


SETTINGS = {
    "points": ("parties.legal.points.reach.staff", "55", lambda s: s.parties["legal"].points["reach"]["staff"] == 55),
    "an effect": ("issues.reach.options.region.effects.cases", "900", lambda s: effect(s, "reach", "region")["cases"] == 900),
    "an effect that was none": ("issues.path.options.rules.effects.cases", "7", lambda s: effect(s, "path", "rules")["cases"] == 7),
    "a base": ("metrics.cases.base", "20", lambda s: s.metrics[1].base == 20),
    "a bound": ("checkpoints.feasible.fast-enough.rule.at_most", "1.5", lambda s: s.criteria["fast-enough"][1].rule[0].at_most == Decimal("1.5")),
    "what answers a fact": ("evidence.replay.unless", "{review: all}", lambda s: s.facts["replay"].unless == ({"review": ("all",)},)),
    "a text": ("parties.legal.wants", "Quiet.", lambda s: s.parties["legal"].wants == "Quiet."),
    "blocking": ("checkpoints.desire.pain.blocking", "false", lambda s: not s.criteria["pain"][1].blocking),
}  # fmt: skip


@pytest.mark.parametrize("what", SETTINGS)
def test_a_path_sets_what_stands_there(what):
    path, text, holds = SETTINGS[what]
    made = varied(bundle(CASE), {path: text})
    assert holds(made.scenario)
    assert made.variation.factors == {path: text}
    assert made.variation.origin == bundle(CASE).digest


def test_off_takes_a_fact_away_and_the_answers_it_gave():
    made = changed(evidence__slice="off")
    assert "slice" not in made.facts
    assert bundle(CASE).facts.keys() - made.facts.keys() == {"slice"}


def test_off_takes_an_option_away_and_all_that_names_it():
    made = changed(issues__review__options__all="off")
    assert [o.id for o in made.issue["review"].options] == ["nobody", "above_50"]
    assert all("all" not in party.points["review"] for party in made.parties.values())
    assert made.facts["replay"].unless == ({"review": ("above_50",)},)
    assert "all" not in str([line.when for party in made.parties.values() for line in party.red_lines])


def test_the_only_choice_that_answers_a_fact_is_gone_and_so_the_answer():
    data = bundle(CASE).plain()
    next(each for each in data["evidence"] if each["id"] == "replay")["unless"] = {"review": ["all"]}
    amend(data, "issues.review.options.all", "off")
    assert "unless" not in next(each for each in data["evidence"] if each["id"] == "replay")


MISTAKES = {
    "rounds": "write it KEY=VALUE",
    "=4": "write it KEY=VALUE",
    "seat.pm=local": "who plays is said with --seat",
    "rounds=abc": "--set rounds=abc: is no whole number",
    "partys.legal.walk_away=1": "there is no 'partys'; did you mean 'parties'?",
    "parties.leagl.private=x": "there is no 'leagl'; did you mean 'legal'?",
    "parties.legal.walk_awy=1": "unknown key 'walk_awy'",
    "evidence.slise=off": "there is no 'slise'; did you mean 'slice'?",
    "issues.reach.options.staff.effects.cases=many": "issues.reach.options.staff.effects.cases",
    "metrics.cases.label.x=1": "there is no 'x'",
    "evidence.replay.unless={review: [": "not YAML",
    "checkpoints.desire.pain.blocking=perhaps": "true or false",
}


@pytest.mark.parametrize("option", MISTAKES)
def test_a_mistake_is_told_and_nothing_is_played(aipm, tmp_path, option):
    done = aipm("run", CASE, "--set", option, "-o", "run.jsonl")
    assert done.code == 2
    assert MISTAKES[option] in " ".join(done.err.split())
    assert not Path("run.jsonl").exists()


def test_one_value_has_one_spelling():
    assert spelt(value("0.50")) == spelt(value("0.5")) == "0.5"
    assert spelt(value("{b: 1, a: [x]}")) == spelt(value("{a: [x], b: 1.0}"))


def test_what_was_set_is_on_record_and_told_wherever_the_run_is(aipm, tmp_path):
    options = ("--set", "parties.legal.walk_away=45", "--set", "evidence.slice=off")
    assert aipm("run", CASE, "--seed", 7, *options, "-o", "run.jsonl").code == 0
    run = read(Path("run.jsonl"))
    assert run.header.variation.factors == {"parties.legal.walk_away": "45", "evidence.slice": "off"}
    assert run.scenario.parties["legal"].walk_away == 45
    told = "Not the case as written: parties.legal.walk_away = 45 and evidence.slice = off."
    aipm("export", "run.jsonl", "-o", "run.md")
    for text in (
        aipm("show", "run.jsonl").out,
        aipm("debrief", "run.jsonl").out,
        Path("run.md").read_text("utf-8"),
    ):
        assert told in " ".join(text.replace("\\", "").split())
    assert aipm("show", "run.jsonl", "--json").json["outcome"] == run.decision.outcome


def test_an_outcome_space_and_a_kit_are_of_the_changed_case(aipm, tmp_path):
    assert "12 packages" in aipm("analyze", CASE, "--set", "issues.reach.options.region=off").out
    assert aipm("kit", CASE, "--sample", 1, "--set", "parties.legal.walk_away=44", "-o", "kit").code == 0
    assert "44" in Path("kit/scores-legal.md").read_text("utf-8")


# --- one of several -----------------------------------------------------------------------------

EITHER = "[{review: all}, {reach: staff, path: rules}]"


def test_a_fact_is_answered_by_any_case_of_several_and_said_so(aipm, tmp_path):
    made = changed(evidence__replay__unless=EITHER)
    assert made.facts["replay"].unless == ({"review": ("all",)}, {"reach": ("staff",), "path": ("rules",)})
    assert made.plain()["evidence"][1]["unless"] == [
        {"review": ["all"]},
        {"reach": ["staff"], "path": ["rules"]},
    ]
    said = bearing(made, made.facts["replay"])
    assert (
        "unless the package has a reader for everything, or our own staff only and rules with the model"
        in said
    )
    hit = set(made.facts["replay"].undermines)
    for reach, review, path, answered in (
        ("everyone", "all", "model", True), ("staff", "nobody", "rules", True), ("staff", "nobody", "model", False),
        ("everyone", "nobody", "rules", False),
    ):  # fmt: skip
        package = {"reach": reach, "review": review, "path": path}
        for name in hit:
            assert fails(made, made.criteria[name][1], package, {"replay"}) is not answered


def test_a_misspelt_case_of_several_is_told_with_its_place(aipm, tmp_path):
    done = aipm("analyze", CASE, "--set", "evidence.replay.unless=[{review: all}, {reach: stuff}]")
    assert (
        "evidence[1].unless[1].reach[0]: the issue 'reach' has no option 'stuff'; did you mean 'staff'?"
        in " ".join(done.err.split())
    )


def test_one_case_is_written_as_it_always_was():
    """The digest of a scenario, and so every transcript there is, is as it was."""
    for name in bundled():
        plain = bundle(name).plain()
        for fact in plain.get("evidence", ()):
            assert isinstance(fact.get("unless", {}), dict)
