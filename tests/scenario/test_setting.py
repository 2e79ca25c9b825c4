"""Any value of a scenario set otherwise: by its path, checked like a file, told wherever the run is."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from records import bundle

from aipm_agents.errors import UsageError
from aipm_agents.report.words.fact_effects import bearing
from aipm_agents.scenario.amendment import amend, spelt, value
from aipm_agents.scenario.library import bundled
from aipm_agents.scenario.model import Scenario
from aipm_agents.scenario.problems import dotted
from aipm_agents.scenario.reader import revised
from aipm_agents.scenario.yaml import parse
from aipm_agents.seats.model.prompts import briefing
from aipm_agents.sweeps.keys import varied
from aipm_agents.table.checkpoints import fails
from aipm_agents.table.packages import outcome_space
from aipm_agents.table.rules import metric_value, plain_metrics
from aipm_agents.table.view import view
from aipm_agents.transcript import read

CASE = "refund-copilot"


def changed(**factors):
    return varied(bundle(CASE), {key.replace("__", "."): text for key, text in factors.items()}).scenario


def effect(made, issue, option):
    return next(o for o in made.issue[issue].options if o.id == option)


SETTINGS = {
    "points": ("parties.legal.points.reach.staff", "55", lambda s: s.parties["legal"].points["reach"]["staff"] == 55),
    "an effect": ("issues.reach.options.region.effects.cases", "900", lambda s: effect(s, "reach", "region").adds("cases") == 900),
    "an effect that was none": ("issues.path.options.rules.effects.cases", "7", lambda s: effect(s, "path", "rules").adds("cases") == 7),
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


def test_off_takes_a_criterion_away_and_what_news_changes_of_it():
    data = bundle(CASE).plain()
    gate, name = next(
        (g, each["id"]) for g, row in data["checkpoints"].items() for each in row if "rule" in each
    )
    bound = next(each for each in data["checkpoints"][gate] if each["id"] == name)["rule"]
    side = "at_most" if "at_most" in str(bound) else "at_least"
    data["injects"] = [{"before_round": 2, "headline": "News", "from": "outside",
                        "changes": {f"checkpoints.{gate}.{name}.rule.{side}": 1}}]  # fmt: skip
    amend(data, f"checkpoints.{gate}.{name}", "off")
    assert name not in str(data["injects"])


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
    "legal.walk=1": "there is no 'legal'; did you mean 'parties.legal.walk_away'?",
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


# --- what news changes -----------------------------------------------------------------------------

KEY, COST = "metrics.cases.base", "issues.path.options.model.effects.cases"


def with_news(*changes):
    data = bundle(CASE).plain()
    news = {"before_round": 2, "headline": "It costs more", "from": "Sales"}
    data["injects"] = [{**news, "changes": each} for each in changes]
    made, problems = revised(data)
    assert made is not None, problems
    return made


def test_one_figure_that_news_changes_is_set_by_its_own_path():
    made = varied(with_news({KEY: 30, COST: 4}, {COST: 5}), {f"injects.1.changes.{KEY}": "35"}).scenario
    assert [inject.changes for inject in made.injects] == [{KEY: 35, COST: 4}, {COST: 5}]
    made = varied(with_news({KEY: 30, COST: 4}), {f"injects.changes.{COST}": "off"}).scenario
    assert made.injects[0].changes == {KEY: 30}


@pytest.mark.parametrize(("path", "text", "says"), [
    (f"injects.1.changes.{COST}", "4", f"there is no '{COST}'; there is {KEY}"),
    ("injects.1.changes.metrics.cases.bass", "4", f"there is no 'metrics.cases.bass'; did you mean '{KEY}'?"),
    (f"injects.2.changes.{KEY}", "4", "there is no '2'"),
    (f"injects.1.changes.{KEY}", "never", "no such figure"),
])  # fmt: skip
def test_what_news_does_not_change_is_told_with_what_it_does(path, text, says):
    with pytest.raises(UsageError, match=re.escape(says)):
        varied(with_news({KEY: 30}), {path: text})


def test_what_is_taken_out_is_taken_out_of_the_news_too():
    bound, other = "checkpoints.feasible.fast-enough.rule.at_most", "issues.reach.options.region.available"
    made = with_news({
        COST: 4, "parties.legal.points.path.model": 7, bound: 9, other: {"when": {"path": "model"}},
        "issues.reach.options.everyone.effects.cases": [{"add": 1}, {"add": 2, "when": {"path": "model"}}],
    })  # fmt: skip
    left = varied(made, {"issues.path.options.model": "off"}).scenario.injects[0].changes
    assert left.keys() == {bound, other, "issues.reach.options.everyone.effects.cases"}
    assert left[other] == "never"
    assert [each.add for each in left["issues.reach.options.everyone.effects.cases"]] == [1]
    assert bound not in varied(made, {"without": "feasible"}).scenario.injects[0].changes


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
    for name, path in bundled().items():
        written = {fact["id"]: fact.get("unless") for fact in parse(path.read_text("utf-8")).data["evidence"]}
        for fact in bundle(name).plain()["evidence"]:
            assert isinstance(fact.get("unless"), list) == isinstance(written[fact["id"]], list), (
                name,
                fact["id"],
            )


# --- figures that depend on other choices, and figures made of figures ----------------------------

SHOP = {
    "format": 1, "id": "shop", "title": "The shop", "question": "What do we charge?",
    "issues": [
        {"id": "price", "question": "What does it cost?", "options": [
            {"id": "low", "label": "nine euros", "effects": {"fee": 9, "visitors": [{"add": 0}, {"add": 400, "when": [{"ads": "many"}, {"ads": "few"}]}]}},
            {"id": "high", "label": "nineteen euros fifty", "effects": {"fee": 19.5, "visitors": -300}}]},
        {"id": "ads", "question": "How much do we advertise?", "options": [
            {"id": "none", "label": "not at all"},
            {"id": "few", "label": "in one paper", "effects": {"visitors": 100}},
            {"id": "many", "label": "in every paper", "effects": {"visitors": [{"add": 500}, {"add": 200, "when": {"price": "low"}}]}}]},
    ],
    "metrics": [
        {"id": "visitors", "label": "visitors", "base": 1000}, {"id": "fee", "label": "price", "unit": "euros"},
        {"id": "revenue", "label": "revenue", "unit": "euros", "of": ["visitors", "fee"]},
    ],
    "parties": {role: {"wants": "Money.", "walk_away": 0, "points": {"price": {"low": 50, "high": 50}, "ads": {"none": 50, "few": 50, "many": 50}}}
                for role in ("pm", "legal")},
    "checkpoints": {"viable": [{"id": "pays", "asks": "Does it pay?", "owner": "pm", "rule": {"metric": "revenue", "at_least": 13650}}]},
    "agreement": {"accept_at_least": 1},
}  # fmt: skip


def shop(**changes):
    made, problems = revised(json.loads(json.dumps({**SHOP, **changes}), parse_float=Decimal))
    return made if made is not None else [f"{dotted(each.path)}: {each.message}" for each in problems]


def test_revenue_is_visitors_times_price_and_visitors_come_by_price_and_advertising():
    made = shop()
    figures = {
        (price, ads): metric_value(made, "revenue", {"price": price, "ads": ads})
        for price in ("low", "high") for ads in ("none", "few", "many")
    }  # fmt: skip
    assert figures == {
        ("low", "none"): 9000, ("low", "few"): 13500, ("low", "many"): 18900,
        ("high", "none"): 13650, ("high", "few"): 15600, ("high", "many"): 23400,
    }  # fmt: skip
    space = outcome_space(made)
    passing = space.holding(made.criteria["pays"][1].rule)
    assert [space.package(code) for code in range(space.size) if not passing[code]] == [
        {"price": "low", "ads": "none"}, {"price": "low", "ads": "few"},
    ]  # fmt: skip
    assert made.plain()["issues"][0]["options"][1]["effects"] == {"fee": 19.5, "visitors": -300}
    assert Scenario.model_validate(made.plain()).digest == made.digest


IMPOSSIBLE = {
    "a part that is not there": (dict(of=["visitors", "fea"]), "metrics[2].of[1]: no metric 'fea'; did you mean 'fee'?"),
    "made of itself": (dict(of=["visitors", "revenue"]), "metrics[2].of: is made of itself in the end"),
    "made of one": (dict(of=["visitors"]), "is made `of` two metrics at least"),
    "with a base": (dict(of=["visitors", "fee"], base=3), "has no `base` of its own"),
    "too large": (dict(of=["visitors"] * 6), "can grow too large to be reckoned exactly"),
}  # fmt: skip


@pytest.mark.parametrize("what", IMPOSSIBLE)
def test_a_figure_that_cannot_be_is_told_with_its_place(what):
    changes, told = IMPOSSIBLE[what]
    wrong = shop(metrics=[*SHOP["metrics"][:2], {**SHOP["metrics"][2], "of": ["visitors", "fee"], **changes}])
    assert any(told in each for each in wrong), wrong


def test_an_effect_on_a_made_figure_and_a_choice_that_is_none_are_told():
    issues = json.loads(json.dumps(SHOP["issues"]))
    issues[0]["options"][0]["effects"] = {"revenue": 4, "visitors": [{"add": 3, "when": {"ads": "lots"}}]}
    wrong = shop(issues=issues)
    assert any("is made of other metrics; say what this adds to those" in each for each in wrong), wrong
    assert any(
        "effects.visitors[0].when.ads[0]: the issue 'ads' has no option 'lots'" in each for each in wrong
    ), wrong


def test_such_figures_are_played_previewed_and_printed(aipm, tmp_path):
    Path("shop.json").write_text(json.dumps(SHOP), "utf-8")
    assert aipm("validate", "shop.json").code == 0
    assert aipm("run", "shop.json", "-o", "run.jsonl").code == 0
    assert aipm("kit", "shop.json", "--sample", 1, "-o", "kit").code == 0
    text = (
        " ".join(Path("kit/page.md").read_text("utf-8").split())
        if Path("kit/page.md").exists()
        else "".join(path.read_text("utf-8") for path in Path("kit").glob("*.md"))
    )
    assert "+200 with nine euros" in text
    seen = view(shop(), (), "legal", seed=0, number=1)
    assert "revenue = visitors × price ≥ 13650 euros" in briefing(seen)
    assert "ads few +100, many +500, many +200 with price=low" in briefing(seen)


# --- from a round on ------------------------------------------------------------------------------


def test_a_run_goes_on_otherwise_from_a_round_on_and_shares_what_was_before(aipm, tmp_path):
    assert aipm("run", CASE, "--seed", 7, "-o", "run.jsonl").code == 0
    done = aipm(
        "resume", "run.jsonl", "--from", 2, "--set", "parties.marketing.walk_away=70", "-o", "branch.jsonl"
    )
    assert done.code == 0, done.err
    parent, branch = read(Path("run.jsonl")), read(Path("branch.jsonl"))
    assert branch.header.variation.factors == {"parties.marketing.walk_away": "70"}
    assert branch.header.variation.origin == parent.scenario.digest
    shared = [event for event in parent.events if event.round < 2]
    assert branch.events[: len(shared)] == tuple(shared)
    assert "Nothing is changed" not in done.err


def test_what_would_have_been_ruled_otherwise_is_refused_and_nothing_written(aipm, tmp_path):
    assert aipm("run", CASE, "--seed", 7, "-o", "run.jsonl").code == 0
    bound = "checkpoints.feasible.fast-enough.rule.at_most=0.1"
    done = aipm("resume", "run.jsonl", "--from", 2, "--set", bound, "-o", "branch.jsonl")
    assert done.code == 2
    assert "with it round 1 would have gone otherwise; go on from there, with --from 1" in " ".join(
        done.err.split()
    )
    assert not Path("branch.jsonl").exists()
    again = aipm("resume", "run.jsonl", "--from", 1, "--set", bound, "-o", "branch.jsonl")
    assert again.code == 0, again.err
    assert "add --from ROUND" in aipm("resume", "run.jsonl", "--set", "rounds=4").err


def test_metrics_of_metrics_without_end_are_told_at_once():
    """Sixty times over, each of two that lie below: to go through them one way after another would take for ever."""
    tower = [{"id": "m0", "label": "m"}]
    tower += [
        {"id": f"m{n}", "label": "m", "of": [f"m{n - 1}", f"m{n - 1}"], "how": "sum"} for n in range(1, 60)
    ]
    wrong = shop(metrics=[*SHOP["metrics"], *tower])
    assert any("metrics of metrics more than 10 times over" in each for each in wrong), wrong


def test_wide_floors_of_metrics_are_reckoned_once():
    """Ten floors of thirty metrics, each the sum of all thirty below: 30 to the tenth ways down."""
    floors = [{"id": f"m0-{k}", "label": "m"} for k in range(30)]
    below = [f"m0-{k}" for k in range(30)]
    for n in range(1, 11):
        floors += [{"id": f"m{n}-{k}", "label": "m", "of": below, "how": "sum"} for k in range(30)]
        below = [f"m{n}-{k}" for k in range(30)]
    made = shop(metrics=[*SHOP["metrics"], *floors])
    assert not isinstance(made, list), made
    assert metric_value(made, "m10-0", {"price": "low", "ads": "none"}) == 0
    assert outcome_space(made).metric("m10-0").tolist() == [0] * 6
    assert len(plain_metrics(made, "m10-0")) == 30


def test_an_option_that_is_gone_leaves_no_red_line_and_no_effect_beside_it():
    data = json.loads(json.dumps(shop().plain()), parse_float=Decimal)
    data["parties"]["legal"]["red_lines"] = [
        {"when": {"price": "low"}, "because": "No."},
        {"when": [{"price": "low"}, {"ads": "few"}], "because": "No."},
    ]
    amend(data, "issues.price.options.low", "off")
    made, problems = revised(data)
    assert made is not None, problems
    assert [line.when for line in made.parties["legal"].red_lines] == [({"ads": ("few",)},)]
    many = made.issue["ads"].options[2]
    assert (many.adds("visitors"), many.adds_beside("visitors")) == (500, ())


def test_what_a_rule_asks_for_cannot_be_taken_away():
    data = json.loads(json.dumps(shop().plain()), parse_float=Decimal)
    data["checkpoints"]["viable"].append(
        {"id": "cheap", "asks": "Is it cheap?", "owner": "pm", "rule": [{"choose": {"price": "low"}}]}
    )
    amend(data, "issues.price.options.low", "off")
    made, problems = revised(data)
    assert made is None
    assert any("choose" in dotted(each.path) for each in problems), problems
