"""Lints: each fires where it should, says why, and not on the scenarios that come with the package."""

from __future__ import annotations

import json

import pytest
from making import scenario
from records import bundle

from aipm_agents.analysis.space.prospects import prospects
from aipm_agents.report.author.explained import explained, sentences
from aipm_agents.report.papers.markdown import markdown
from aipm_agents.scenario.library import bundled
from aipm_agents.scenario.lints import LINTS, lints
from aipm_agents.scenario.model import Scenario
from aipm_agents.scenario.reader import revised

PLAIN = scenario().plain()


def changed(*changes):
    data = scenario().plain()
    for path, value in changes:
        *steps, last = path.split(".")
        holder = data
        for step in steps:
            holder = holder[int(step) if step.isdigit() else step]
        if isinstance(holder, list):
            holder.append(value)
        else:
            holder[last] = value
    return Scenario.model_validate(data)


FIRES = {
    "label": [("issues.0.options.0.label", "everybody (all of them)")],
    "number-id": [("issues.0.options.0.id", "2"), *[(f"parties.{r}.points.reach", {"2": 60, "few": 40}) for r in ("pm", "engineer", "legal")],
                  ("checkpoints.viable.0.rule", {"choose": {"reach": "2"}})],
    "units": [("metrics.+", {"id": "hours", "label": "hours", "unit": "h"}), ("metrics.+", {"id": "both", "label": "both", "of": ["load", "hours"], "how": "sum"})],
    "unmoved": [("metrics.+", {"id": "money", "label": "money"})],
    "proves-too-much": [("checkpoints.desire.+", {"id": f"w{k}", "asks": "Is it?", "owner": "engineer", "evidence": "required"}) for k in range(3)]
                       + [("evidence.0.supports", ["wanted", "w0", "w1", "w2"])],
    "both-ways": [("evidence.0.undermines", ["wanted"])],
    "no-reason-to-keep": [],
    "nothing-to-say": [("parties.marketing", {**PLAIN["parties"]["pm"]})],
}  # fmt: skip


@pytest.mark.parametrize("code", [code for code in LINTS if code != "comma"])
def test_a_lint_fires_where_its_author_would_want_to_know(code):
    found = list(lints(changed(*FIRES[code])))
    assert code in {each.code for each in found}
    assert all(each.level == "warning" and each.code in LINTS for each in found)
    if code != "no-reason-to-keep":  # the small scenario has no briefings
        assert code not in {each.code for each in lints(scenario())}


@pytest.mark.parametrize("name", bundled())
def test_what_comes_with_the_package_has_none(name):
    assert list(lints(bundle(name))) == []


def test_every_rule_of_a_file_is_explained_in_a_sentence():
    made = bundle("refund-copilot")
    text = markdown(explained(made, prospects(made), {"pm": ("Good morning.",)}, ()))
    for _, criterion in made.criteria.values():
        assert criterion.asks in text
    for fact in made.facts.values():
        assert fact.says in text
    for role in made.parties:
        assert made.card(role).title in text
    assert "answer time at p95 of at most 2 s" in text
    assert "Good morning." in text


def rich():
    """With an option bound to others, one that somebody holds, points for choices together, and news that changes figures."""
    data = scenario(opening_package={"reach": "few", "review": "none"}).plain()
    few, some = data["issues"][0]["options"][1], data["issues"][1]["options"][1]
    some["available"] = {"when": {"reach": "few"}}
    few["held_by"] = ["legal"]
    data["opening_package"]["reach"] = "all"
    data["parties"]["legal"] |= {
        "discount": 0.9,
        "bonuses": [{"when": {"reach": "few", "review": "some"}, "points": 5}],
    }
    news = {"headline": "It costs more.", "from": "Sales"}
    data["injects"] = [
        {
            **news,
            "before_round": 3,
            "changes": {"checkpoints.feasible.light.rule.at_most": 1, "parties.legal.walk_away": 30},
        },
        {**news, "before_round": 4, "to": ["legal"], "changes": {"parties.legal.walk_away": 35}},
    ]
    made, problems = revised(data)
    assert made is not None, problems
    return made


def test_what_is_bound_held_worth_together_and_changed_by_news_is_explained():
    made = rich()
    told = {part: " ".join(texts) for part, texts in sentences(made, prospects(made)).items()}
    assert (
        'Somebody is to be had only with "a few"; any other package with it does not exist.'
        in told["choices"]
    )
    assert (
        "Only Legal knows of a few, and nobody can put it on the table before it is brought."
        in told["choices"]
    )
    assert "The meeting begins with this package" in told["deal"]
    assert '"a few" and "somebody" together are worth +5 points more to it.' in told["seats"]
    assert (
        "Every round after the first takes 10 % of what a deal gives it above its walk-away." in told["seats"]
    )
    first, second = told["news"].split("Before round ")[1:]
    assert first.startswith(
        '3, "It costs more". From now on, load: at most 1 (it was at most 2). From now on, the walk-away of'
    )
    assert "Of a seat's own points and walk-away only that seat is told." in first
    assert "35 (it was 30)." in second
    assert "Only Legal hears of it." in second
    for text, then in zip((first, second), prospects(made).after_news, strict=True):
        assert f"{then.acceptable} of {then.packages} packages can be a deal; {then.lost} that could" in text


def test_what_a_program_reads_of_an_explanation_is_codes_first_then_files_each_with_its_parts(aipm, tmp_path):
    (tmp_path / "rich.json").write_text(json.dumps(rich().plain()), "utf-8")
    units, one, other = aipm(
        "--lang", "zh-Hant", "validate", "--explain", "--json", "rich.json", "units", "absent.yaml"
    ).json
    assert (units["code"], one["file"], other["file"]) == ("units", "rich.json", "absent.yaml")
    assert list(one["explained"]) == [
        "deal",
        "choices",
        "checkpoints",
        "facts",
        "figures",
        "news",
        "seats",
        "sounds",
    ]
    assert one["explained"]["sounds"].keys() == rich().parties.keys()
    assert one["explained"]["deal"][0].startswith("A deal ")  # in English, whatever is spoken
    assert "explained" not in other
    assert "explained" not in aipm("validate", "--json", "rich.json").json[0]


def test_a_text_with_a_comma_and_a_code_are_explained_on_the_command_line(aipm, tmp_path):
    text = bundled()["refund-copilot"].read_text("utf-8")
    (tmp_path / "comma.yaml").write_text(
        text.replace("label: a pilot in one region", "label: a pilot, in one region"), "utf-8"
    )
    done = aipm("validate", "comma.yaml", "--explain")
    assert done.code == 3
    assert "stands in quotes" in done.err
    assert "label ends at the comma" in " ".join(done.out.split())
    assert aipm("validate", "--explain", "units").out.startswith("units: A metric that is the sum")
    (told,) = aipm("validate", "--explain", "--json", "units").json
    assert (told["code"], told["explains"][:24]) == ("units", "A metric that is the sum")
