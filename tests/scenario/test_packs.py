"""Packs of criteria and dates of law: what the files hold, what `uses` pulls in, where it shows."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from aipm_agents.language import LANGUAGES
from aipm_agents.negotiation import negotiate
from aipm_agents.report.words import sources
from aipm_agents.scenario import law as law_module
from aipm_agents.scenario import packs as packs_module
from aipm_agents.scenario.law import dated, day, law
from aipm_agents.scenario.library import bundled, folder
from aipm_agents.scenario.packs import names, packs
from aipm_agents.scenario.reader import examine, revised
from aipm_agents.scenario.yaml import parse
from aipm_agents.seats.embedded import Embedded
from aipm_agents.table.events import Answered, Proposed
from aipm_agents.transcript import read

COPILOT = bundled()["refund-copilot"].read_text("utf-8")
TOGETHER = ("dfv-core", "eu", "nist", "hax")
"""What the format promises to go together."""
ITEMS = [(name, item) for name, pack in packs().items() for item in pack.criteria]


def using(uses: str, facts: str = "", criteria: str = "", text: str = COPILOT) -> str:
    """The refund copilot that `uses` something, with more facts, and more criteria of its own at Alignment."""
    text = text.replace("\ncheckpoints:\n", f"\nuses: [{uses}]\n\ncheckpoints:\n", 1)
    text = text.replace("\nevidence:\n", f"\nevidence:\n{facts}", 1)
    return text.replace("  alignment:\n", f"  alignment:\n{criteria}", 1)


@pytest.fixture
def examined(tmp_path: Path):
    def examined(*words: str, **more: str):
        file = tmp_path / "case.yaml"
        file.write_text(using(*words, **more), "utf-8")
        return examine(file)

    return examined


# --- the files ----------------------------------------------------------------------------------


def test_the_packs_are_these():
    assert list(packs()) == ["dfv-core", "eu", "hax", "minimal", "nist"]
    assert [name for name, pack in packs().items() if pack.law] == ["eu"]


@pytest.mark.parametrize(("name", "item"), ITEMS, ids=lambda each: getattr(each, "id", each))
def test_a_question_is_one_a_person_would_ask(name, item):
    for language in LANGUAGES:
        said = item.said(language)
        assert said.asks.endswith(("?", "？"))
        assert len(said.source) <= 110, said.source
        assert len(said.satisfied_by) <= 110, said.satisfied_by
        assert not said.satisfied_by.endswith((".", "。"))
    assert len(item.en.asks.split()) <= 12
    assert len(item.zh_hant.asks) <= 26
    assert not re.search(r"[\u4e00-\u9fff][,;:?!]", item.zh_hant.asks + item.zh_hant.satisfied_by)


def test_no_pack_says_a_date_of_its_own():
    """A date of law stands in one file; the packs name it."""
    for _, item in ITEMS:
        for wording in (item.en, item.zh_hant):
            written = " ".join((wording.asks, wording.source, wording.satisfied_by))
            assert not re.search(r"\b20[2-9]\d(?!/\d)\b", written.replace("28/2024", "")), written


def test_ids_are_unique_among_the_packs_that_go_together():
    ids = [item.id for name, item in ITEMS if name in TOGETHER]
    assert len(ids) == len(set(ids))
    assert set(packs()["minimal"].items) <= set(packs()["dfv-core"].items)
    gates = [item.checkpoint for item in packs()["minimal"].criteria]
    assert {gate: gates.count(gate) for gate in gates} == dict.fromkeys(
        ("desire", "feasible", "viable", "alignment"), 2
    )


def test_dates_of_law_are_dated_sourced_and_told_in_both_languages():
    assert law().as_of >= date(2026, 11, 25)
    assert all("https://" in page for page in law().pages)
    ids = [each.id for each in law().dates]
    assert len(ids) == len(set(ids))
    for each in law().dates:
        assert "Art." in each.article or "OJ" in each.article
        assert each.confidence == "high" or each.en.note, "where we are not sure we say why"
        assert bool(each.en.note) == bool(each.zh_hant.note)


@pytest.mark.parametrize(
    ("name", "when"),
    [("prohibited", "2025-02-02"), ("transparency", "2026-08-02"), ("marking-grace", "2026-12-02"),
     ("high-risk-annex-iii", "2027-12-02"), ("high-risk-annex-i", "2028-08-02")],
)  # fmt: skip
def test_a_date_in_braces_is_filled_in_from_the_law_file(name, when):
    told = date.fromisoformat(when)
    assert dated(f"from {{{name}}} on", "en") == f"from {told.day} {told:%B} {told.year} on"
    assert day(told, "zh-Hant") in dated(f"{{{name}}}起", "zh-Hant")
    with pytest.raises(KeyError):
        dated("{no-such-law}", "en")


# --- pulling in ---------------------------------------------------------------------------------

SHOWS = "  - {id: memo, says: We held it against Article 5., held_by: [legal], supports: [allowed]}\n"
AGAINST = (
    "  - {id: clicks, says: Readers click in four seconds., undermines: [oversight], unless: {review: all}}\n"
)


@pytest.mark.parametrize(
    ("facts", "item", "evidence", "blocking"),
    [
        (SHOWS, "allowed", "required", True),
        (SHOWS.replace("supports", "undermines"), "allowed", None, True),
        (SHOWS + SHOWS.replace("memo", "other").replace("supports", "undermines"), "allowed", "required", True),
        ("", "allowed", "required", False),
        (SHOWS.replace("allowed", "explained"), "explained", "required", False),  # the pack says: follow-up
        (SHOWS.replace("supports", "undermines").replace("allowed", "explained"), "explained", None, False),
    ],
    ids=["shown", "undermined", "both", "silent", "shown, never stops", "undermined, never stops"],
)  # fmt: skip
def test_the_facts_of_the_case_decide_whether_a_question_can_stop_a_deal(
    examined, facts, item, evidence, blocking
):
    scenario = examined(f"eu/{item}", facts=facts).scenario
    _, criterion = scenario.criteria[item]
    assert (criterion.evidence, criterion.blocking) == (evidence, blocking)
    assert (criterion.pack, criterion.as_of) == ("eu", law().as_of.isoformat())
    assert [name for name, (_, c) in scenario.criteria.items() if c.pack] == [item]


def test_a_question_is_owned_by_the_pm_where_its_owner_does_not_sit(examined):
    scenario = examined("eu").scenario
    assert "design" not in scenario.parties
    owners = {name: criterion.owner for name, (_, criterion) in scenario.criteria.items()}
    assert owners["oversight"] == "pm"
    assert owners["risk-class"] == "legal"


def test_pulled_criteria_are_in_the_language_of_the_scenario(examined):
    text = bundled()["fresh-food-orders"].read_text("utf-8")
    scenario = examined("eu/risk-class", text=text).scenario
    criterion = scenario.criteria["risk-class"][1]
    assert criterion.asks == packs()["eu"].items["risk-class"].zh_hant.asks
    assert "2027 年 12 月 2 日" in criterion.source


def test_a_criterion_of_the_case_with_the_same_id_stays_and_takes_only_its_origin(examined):
    own = "    - {id: oversight, asks: Does the reader read?, owner: legal, rule: {choose: {review: all}}, lens: gestalt}\n"
    scenario = examined("eu/oversight", criteria=own).scenario
    _, criterion = scenario.criteria["oversight"]
    said = packs()["eu"].items["oversight"].said("en")
    assert (criterion.asks, criterion.owner, criterion.evidence) == ("Does the reader read?", "legal", None)
    assert criterion.blocking
    assert criterion.lens == "gestalt"
    assert (criterion.pack, criterion.source) == ("eu", said.source)
    assert len(scenario.criteria) == len(examine(bundled()["refund-copilot"]).scenario.criteria) + 1


LINE = 1 + using("eu").split("\nuses:")[0].count("\n") + 1


@pytest.mark.parametrize(
    ("uses", "level", "column", "says"),
    [
        ("euu", "error", 8, "there is no pack 'euu'; did you mean 'eu'?"),
        ("gdpr-please", "error", 8, "there is no pack 'gdpr-please'; there is dfv-core, eu, hax, minimal, nist"),
        ("nist, eu/risk-klass", "error", 14, "the pack 'eu' has no criterion 'risk-klass'; did you mean 'risk-class'?"),
        ("eu/", "error", 8, "the pack 'eu' has no criterion ''"),
        ("minimal, dfv-core", "error", 17, "user-need, beats-baseline, data-exists, ...: in minimal as well as in dfv-core"),
        ("dfv-core/lawful, minimal/lawful", "error", 25, "lawful: in dfv-core as well as in minimal"),
        ("eu, eu/risk-class", "warning", 12, "risk-class: pulled in already"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_uses_is_said_where_it_stands(examined, uses, level, column, says):
    (problem,) = examined(uses).problems
    assert (problem.line, problem.column, problem.level) == (LINE, column, level)
    assert says in problem.message


def test_a_misspelt_pack_does_not_make_facts_about_it_wrong(examined):
    (problem,) = examined("euu", facts=SHOWS).problems
    assert "did you mean 'eu'" in problem.message


def test_a_fact_about_a_criterion_that_is_not_pulled_in_is_an_error(examined):
    (problem,) = examined("nist", facts=SHOWS).problems
    assert "no criterion 'allowed'" in problem.message


def test_an_id_of_the_case_that_a_pack_needs_too_is_shown_at_uses(examined):
    clash = SHOWS.replace("memo", "allowed").replace(", supports: [allowed]", "")
    (problem,) = examined("nist, eu", facts=clash).problems
    assert (problem.line, problem.where) == (LINE + 1, "uses[1]")
    assert "'allowed' is already used" in problem.message


def test_a_pack_is_not_claimed_by_hand(examined):
    own = "    - {id: mine, asks: Is it?, owner: legal, pack: eu}\n"
    (problem,) = examined("nist", criteria=own).problems
    assert problem.where.endswith(".pack")
    assert "`uses: [eu/mine]`" in problem.message
    assert (
        examined("nist", criteria=own.replace("pack: eu", 'as_of: "2026-13-01"'))
        .errors[0]
        .where.endswith("as_of")
    )


# --- a whole pack makes no small case undecidable -------------------------------------------------


def test_four_packs_leave_the_game_as_it_was(examined):
    plain = examine(bundled()["refund-copilot"]).scenario
    full = examined(", ".join(TOGETHER)).scenario
    assert len(full.criteria) == len(plain.criteria) + sum(len(packs()[name].criteria) for name in TOGETHER)
    for seed in (0, 3):
        runs = [list(negotiate(s, {r: Embedded() for r in s.parties}, seed=seed)) for s in (plain, full)]
        moves = [
            [(e.role, e.round, e.move) for e in run if isinstance(e, Answered | Proposed)] for run in runs
        ]
        assert moves[0] == moves[1]
        bare, packed = (run[-1] for run in runs)
        assert (bare.package, bare.round, bare.dissent) == (packed.package, packed.round, packed.dissent)
        pulled = {name for name, (_, c) in full.criteria.items() if c.pack}
        assert {each.criterion for each in packed.follow_ups} >= pulled


def test_no_advice_is_given_about_questions_that_only_stay_open(aipm, tmp_path):
    file = tmp_path / "case.yaml"
    file.write_text(using(", ".join(TOGETHER)), "utf-8")
    result = aipm("validate", file)
    assert (result.code, result.err) == (0, "")


@pytest.fixture
def case(tmp_path):
    file = tmp_path / "case.yaml"
    file.write_text(using("eu, nist/fair", facts=SHOWS + AGAINST), "utf-8")
    return file


# --- a record needs no pack ---------------------------------------------------------------------


def test_a_record_is_read_without_packs(aipm, case, monkeypatch):
    run = Path(aipm("run", case, "--seed", 1, "--json").json["transcript"])
    scenario = examine(case).scenario

    def gone():
        raise AssertionError("a record needs no pack")

    monkeypatch.setattr(packs_module, "packs", gone)
    monkeypatch.setattr(law_module, "law", gone)
    back = read(run).scenario
    assert (back, back.digest) == (scenario, scenario.digest)
    assert back.uses == ("eu", "nist/fair")
    for words in (("show", run), ("show", run, "--as", "facilitator"), ("export", run, "-o", "out.html")):
        assert aipm(*words).code == 0


def test_a_changed_scenario_keeps_what_was_taken_out_of_it_out(examined):
    """A sweep that switches a checkpoint off must not have its criteria come back from a pack."""
    plain = json.loads(json.dumps(examined("eu").scenario.plain()), parse_float=Decimal)
    del plain["checkpoints"]["alignment"]
    for fact in plain["evidence"]:
        for field in ("supports", "undermines", "unless"):
            fact.pop(field, None)
    made, wrong = revised(plain)
    assert not wrong
    assert "oversight" not in made.criteria


def test_a_scenario_without_uses_is_what_it_was(examined):
    assert "uses" not in examine(bundled()["refund-copilot"]).scenario.plain()


# --- where it shows -----------------------------------------------------------------------------


NOTICE = f"Law as of {law().as_of.isoformat()}. For teaching, not legal advice."
NOTICE_ZH = f"法規查證日：{law().as_of.isoformat()}。僅供教學，不是法律意見。"


def test_validate_says_what_came_from_where(aipm, case):
    lines = aipm("validate", case).out.splitlines()
    assert "  from eu, can stop a deal: allowed, oversight" in lines
    assert "  from nist, a follow-up because no fact here speaks to it: fair" in lines
    assert f"  {NOTICE}" in lines
    (report,) = aipm("validate", case, "--json").json
    assert report["uses"] == ["eu", "nist/fair"]
    assert NOTICE not in aipm("validate", "refund-copilot").out
    assert NOTICE_ZH in aipm("--lang", "zh-Hant", "validate", case).out


def test_record_page_screen_and_card_show_source_proof_and_law(aipm, case):
    run = aipm("run", case, "--seed", 1, "--json").json["transcript"]
    item = packs()["eu"].items["allowed"].said("en")
    for ending in ("md", "html"):
        assert aipm("export", run, "-o", f"out.{ending}").code == 0
        told = Path(f"out.{ending}").read_text("utf-8")
        for words in (item.source, item.satisfied_by, NOTICE):
            assert words.replace("&", "&amp;") in told, (ending, words)
    card = " ".join(re.sub("[│─╭╮╰╯]", " ", aipm("show", run, "--as", "legal").out).split())
    assert f"Source: {item.source}. Satisfied by: {item.satisfied_by}." in card
    assert "eu: 12 questions · nist: 1 question" in card
    assert card.count(NOTICE) == 2, "on the first screen, and on the card"


def test_who_is_asked_is_told_what_would_satisfy_it(examined):
    from aipm_agents.report.words.reasons import reason
    from aipm_agents.table.checkpoints import find

    scenario = examined("eu", facts=SHOWS).scenario
    package = {issue.id: issue.options[0].id for issue in scenario.issues}
    finding = find(scenario, scenario.criteria["allowed"][1], package, frozenset(), ())
    assert reason(scenario, finding, package).opens_with.endswith(
        f"Legal shows it: {scenario.criteria['allowed'][1].satisfied_by}"
    )


def test_a_seat_with_a_person_in_it_reads_what_it_answers_for(examined):
    scenario = examined("eu", facts=SHOWS).scenario
    told, notice = sources.answers_for(scenario, "legal")
    assert len(told) == 2
    assert told[1] == "5 questions of packs, for the record"
    assert notice == NOTICE
    assert sources.answers_for(examine(bundled()["refund-copilot"]).scenario, "legal") == ([], "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_packs_and_law_are_listed_in_both_languages(aipm, language):
    shown = re.sub(r"\s", "", aipm("--lang", language, "list", "packs").out)
    for name, item in ITEMS:
        said = item.said(language)
        for text in (f"{name}/{item.id}", said.asks, said.source, said.satisfied_by):
            assert re.sub(r"\s", "", text) in shown
    shown = re.sub(r"\s", "", aipm("--lang", language, "list", "law").out)
    for each in law().dates:
        assert re.sub(r"\s", "", each.said(language).what) in shown
    assert re.sub(r"\s", "", NOTICE if language == "en" else NOTICE_ZH) in shown


def test_packs_and_law_are_data_too(aipm):
    listed = aipm("list", "packs", "--json").json
    assert [item["uses"] for pack in listed for item in pack["criteria"]] == [n for n in names() if "/" in n]
    assert {"en", "zh-Hant"} <= set(listed[1]["criteria"][0])
    assert "2 February 2025" in listed[1]["criteria"][0]["en"]["source"]
    told = aipm("list", "law", "--json").json
    assert told["as_of"] == law().as_of.isoformat()
    assert aipm("list", "--json").json[0]["id"]


def test_the_schema_lists_packs_and_their_criteria():
    schema = json.loads((folder() / "scenario.schema.json").read_text("utf-8"))
    data = parse(COPILOT).data
    for use in ("eu", "eu/risk-class", "minimal"):
        assert Draft7Validator(schema).is_valid({**data, "uses": [use]})
    for use in ("ue", "eu/", "eu/risk-klass"):
        assert not Draft7Validator(schema).is_valid({**data, "uses": [use]})


def test_models_are_told_what_would_show_a_question(examined):
    from aipm_agents.seats.model.prompts import briefing
    from aipm_agents.table.view import view

    scenario = examined("eu/risk-class").scenario
    text = briefing(view(scenario, (), "legal", seed=0, number=1))
    assert f"Shown by: {scenario.criteria['risk-class'][1].satisfied_by}." in text
