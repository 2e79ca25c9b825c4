"""Lints: each fires where it should, says why, and not on the scenarios that come with the package."""

from __future__ import annotations

import pytest
from making import scenario
from records import bundle

from aipm_agents.analysis.space.prospects import prospects
from aipm_agents.report.author.explained import explained
from aipm_agents.report.papers.markdown import markdown
from aipm_agents.scenario.library import bundled
from aipm_agents.scenario.lints import LINTS, lints
from aipm_agents.scenario.model import Scenario

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
