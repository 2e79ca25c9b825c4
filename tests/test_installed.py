"""What an installed package adds: a real small distribution, made by hand and put on the path."""

from __future__ import annotations

import sys
import textwrap

import pytest

import aipm_agents as public
from aipm_agents import installed
from aipm_agents.errors import UNDECIDED
from aipm_agents.scenario import packs
from aipm_agents.scenario.library import bundled

SEATS = """
    import aipm_agents as aipm

    class Careful(aipm.Agent):
        \"\"\"Says no until somebody explains.

        And more.
        \"\"\"

        def answer(self, view):
            return aipm.no("Why?")

    class Buggy(aipm.Agent):
        def answer(self, view):
            return {"vote": "yes"}
"""
PACK = """
    en = "What the house wants to know"
    zh-Hant = "本社想知道的事"
    [[criteria]]
    id = "night-cover"
    checkpoint = "feasible"
    owner = "engineer"
    en = {asks = "Who is awake when it fails?", source = "House rules, 3", satisfied_by = "A rota with names"}
    zh-Hant = {asks = "出錯時誰醒著？", source = "社規第三條", satisfied_by = "寫著名字的輪值表"}
"""
ENTRY_POINTS = """
    [aipm_agents.seats]
    careful = house_rules.seats:Careful
    buggy = house_rules.seats:Buggy
    gone = house_rules.seats:Nobody
    embedded = house_rules.seats:Careful
    lost = house_rules.nowhere:Careful
    [aipm_agents.scenarios]
    house = house_rules.cases
    none = house_rules.nothing
    [aipm_agents.packs]
    house = house_rules.criteria
"""


@pytest.fixture
def house(tmp_path, monkeypatch):
    """`house-rules 1.0`, installed: a folder of modules, and the folder that tells of them."""
    site = tmp_path / "site"
    cases, criteria = site / "house_rules" / "cases", site / "house_rules" / "criteria"
    for folder in (cases, criteria, site / "house_rules" / "nothing", site / "house_rules-1.0.dist-info"):
        folder.mkdir(parents=True)
        if "dist-info" not in folder.name:
            (folder / "__init__.py").write_text("")
    (site / "house_rules" / "__init__.py").write_text("")
    (site / "house_rules" / "seats.py").write_text(textwrap.dedent(SEATS))
    text = bundled()["refund-copilot"].read_text("utf-8")
    (cases / "night-desk.yaml").write_text(text.replace("id: refund-copilot", "id: night-desk", 1), "utf-8")
    (cases / "refund-copilot.yaml").write_text(text, "utf-8")
    (cases / "torn.yaml").write_text("format: 1\n", "utf-8")
    (criteria / "house.toml").write_text(textwrap.dedent(PACK), "utf-8")
    (criteria / "eu.toml").write_text(textwrap.dedent(PACK), "utf-8")
    (criteria / "torn.toml").write_text("en = ", "utf-8")
    told = site / "house_rules-1.0.dist-info"
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: house-rules\nVersion: 1.0\n")
    (told / "entry_points.txt").write_text(textwrap.dedent(ENTRY_POINTS))
    monkeypatch.syspath_prepend(site)
    _forget()
    yield site
    for name in [each for each in sys.modules if each.partition(".")[0] == "house_rules"]:
        del sys.modules[name]
    monkeypatch.undo()
    _forget()


def _forget():
    installed.entries.cache_clear()
    packs.shelf.cache_clear()


BROKEN = {
    "seats: gone": "has no attribute 'Nobody'",
    "seats: lost": "No module named 'house_rules.nowhere'",
    "seats: embedded": "one of our own kinds",
    "scenarios: none": "has no .yaml file",
    "refund-copilot.yaml": "a scenario of that name already",
    "torn.yaml": "",
    "eu.toml": "a pack of that name already",
    "torn.toml": "",
}


def test_lists_name_where_each_comes_from_and_what_is_broken_is_told_and_skipped(house, aipm):
    scenarios = aipm("list", "--json")
    assert {each["id"]: each["from"] for each in scenarios.json if each["from"]} == {
        "night-desk": "house-rules 1.0"
    }
    assert len(scenarios.json) == len(bundled()) + 1
    seats = aipm("list", "seats", "--json")
    found = {each["kind"]: (each["from"], each["says"]) for each in seats.json}
    assert found["careful"] == ("house-rules 1.0", "Says no until somebody explains.")
    assert found["embedded"][0] is None
    assert "gone" not in found
    shelf = aipm("list", "packs", "--json")
    assert {each["pack"]: each["from"] for each in shelf.json}.items() >= {
        "house": "house-rules 1.0",
        "eu": None,
    }.items()
    said = scenarios.err + seats.err + shelf.err
    for what, why in BROKEN.items():
        (line,) = (line for line in said.splitlines() if f"{what} of house-rules 1.0" in line)
        assert line.startswith("aipm: skipped: ")
        assert why in line
    for what in ("scenarios", "seats", "packs"):
        assert "from house-rules 1.0" in " ".join(aipm("list", what).out.split())


def test_doctor_names_what_was_added_and_what_was_skipped(house, aipm):
    checks = [each for each in aipm("doctor", "--json").json if each["what"] == "added"]
    assert checks[0]["found"] == "house-rules 1.0 adds buggy, careful, night-desk, house"
    assert {each["state"] for each in checks[1:]} == {"absent"}
    assert len(checks) == 1 + len(BROKEN)
    assert all(each["remedy"] for each in checks[1:])


def test_without_such_packages_nothing_is_said_of_them(aipm):
    assert not [each for each in aipm("doctor", "--json").json if each["what"] == "added"]


def test_a_case_a_seat_and_a_pack_of_another_package_play(house, aipm, tmp_path):
    result = aipm("run", "night-desk", "--seat", "legal=careful", "--json")
    assert (result.code, result.json["scenario"], result.json["outcome"]) == (0, "night-desk", "no_agreement")
    assert public.run("night-desk", {"legal": "careful"}).seats["legal"] == "careful"
    path = tmp_path / "mine.yaml"
    text = (
        bundled()["refund-copilot"]
        .read_text("utf-8")
        .replace("id: refund-copilot", "id: mine\nuses: [house]", 1)
    )
    path.write_text(text, "utf-8")
    assert aipm("validate", path).code == 0
    assert "night-cover" in public.load(path).criteria


def test_a_bug_of_an_installed_seat_is_an_abstention_on_the_command_line(house, aipm):
    result = aipm("run", "night-desk", "--seat", "legal=buggy", "--json")
    assert (result.code, result.json["scenario"]) == (UNDECIDED, "night-desk"), "a fault decides nothing"
    with pytest.raises(TypeError, match="answer returned dict"):
        public.run("night-desk", {"legal": "buggy"})


@pytest.mark.parametrize(
    ("kind", "why"), [("gone", "comes with house-rules 1.0 and cannot be used"), ("carefull", "careful")]
)
def test_a_seat_that_cannot_be_had_is_told(house, aipm, kind, why):
    result = aipm("run", "night-desk", "--seat", f"legal={kind}")
    assert result.code == 2
    assert why in result.err
