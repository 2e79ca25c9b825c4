"""One case in two languages: a file of texts beside it, by id, and nothing but texts."""

from __future__ import annotations

from decimal import Decimal

import pytest
from making import scenario

import aipm_agents as aipm
from aipm_agents.negotiation import negotiate
from aipm_agents.scenario import yaml
from aipm_agents.scenario.figures import figures
from aipm_agents.scenario.library import bundled, in_other_words
from aipm_agents.scenario.overlay import lay
from aipm_agents.scenario.reader import examine, read
from aipm_agents.scenario.wording import case, one_case, texts
from aipm_agents.seats.embedded import Embedded
from aipm_agents.transcript import line

OVERLAYS = [path for file in bundled().values() for path in in_other_words(file).values()]
CASE = bundled()["refund-copilot"]


@pytest.fixture
def pair(tmp_path):
    """A case, and a file beside it for what is written there; gives the problems it has, as (where, message)."""
    (tmp_path / "case.yaml").write_text(CASE.read_text("utf-8"), "utf-8")
    beside = tmp_path / "case.zh-Hant.yaml"
    whole = in_other_words(CASE)["zh-Hant"].read_text("utf-8")

    def problems(old="", new=""):
        assert old in whole
        beside.write_text(whole.replace(old, new, 1), "utf-8")
        return [(each.level, each.where, each.message) for each in examine(beside).problems]

    return problems


@pytest.mark.parametrize("path", OVERLAYS, ids=lambda path: path.stem)
def test_a_bundled_case_is_whole_in_its_other_language(path):
    reading = examine(path)
    assert reading.problems == ()
    assert reading.scenario.id == path.stem.partition(".")[0]
    assert reading.scenario.language == path.stem.partition(".")[2]


@pytest.mark.parametrize("path", OVERLAYS, ids=lambda path: path.stem)
def test_it_is_the_same_case(path):
    one, other = read(bundled()[path.stem.partition(".")[0]]), read(path)
    assert list(one.parties) == list(other.parties)
    assert case(one) == case(other)
    assert one.digest != other.digest


@pytest.mark.parametrize("name", ["refund-copilot", "discharge-letter"])
def test_it_is_played_to_the_same_moves(name):
    """So a class in two languages compares talk with talk. Where words are asked for (`terms`), what is asked hangs
    on who has said one, and so on the language."""
    one, other = (aipm.load(name, language=language) for language in ("en", "zh-Hant"))
    seats = {role: Embedded() for role in one.parties}
    played = [[_wordless(line(event)) for event in negotiate(each, seats, seed=1)] for each in (one, other)]
    assert played[0] == played[1]


def _wordless(data):
    """What was done, without what was said."""
    if isinstance(data, dict):
        return {k: _wordless(v) for k, v in data.items() if k not in WORDS}
    return [_wordless(each) for each in data] if isinstance(data, list) else data


WORDS = ("says", "text", "volatile", "headline", "sender", "word", "term")


def test_one_case_is_one_word_for_word_in_a_language_and_in_all_but_words_across_two():
    one, other, retold = (
        scenario(),
        scenario(language="zh-Hant", title="小"),
        scenario(question="Shall they?"),
    )
    assert one_case([one, one, other])
    assert not one_case([other, one, retold])
    assert not one_case([one, scenario(language="zh-Hant", rounds=4)])


def test_every_text_has_an_address_that_no_language_changes():
    for path in OVERLAYS:
        data = yaml.parse(bundled()[path.stem.partition(".")[0]].read_text("utf-8")).data
        found = [each.address for each in texts(data)]
        assert len(found) == len(set(found))
        assert ("evidence", data["evidence"][0]["id"], "says") in found


@pytest.mark.parametrize(
    ("old", "new", "level", "where", "told"),
    [
        ("title: 退款小幫手\n", "", "warning", "", "the text title is missing"),
        ("title: 退款小幫手\n", "title: The refund copilot\n", "warning", "title", "untranslated"),
        ("title: 退款小幫手\n", "title: Refund buddy\n", "warning", "title", "no Chinese character"),
        ("title: 退款小幫手\n", "titel: 退款小幫手\n", "error", "titel", "did you mean 'title'?"),
        ("  replay:\n", "  replays:\n", "error", "evidence.replays.says", "did you mean 'replay'?"),
        ("title: 退款小幫手\n", "title: 退款小幫手\nrounds: 3\n", "error", "rounds", "no text"),
        ("占 2.8%", "占 2.9%", "warning", "evidence.replay.says", "2.8 there, 2.9 here"),
        ("figures: {50: 1500,", "figures: {50: 1600,", "warning", "success.guardrail", "50 there, 1500 here"),
        ("texts: refund-copilot\n", "texts: refund-pilot\n", "error", "texts", "'refund-pilot'"),
        ("language: zh-Hant\n", "language: en\n", "error", "language", "in en"),
        ("title: 退款小幫手\n", "title: [退款]\n", "error", "title", "expected a text"),
        ("title: 退款小幫手\n", "title: 退款小幫手\nwords: {pilot: 試辦}\n", "error", "words.pilot", "nobody is asked"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_texts_is_named_where_it_stands(pair, old, new, level, where, told):
    found = pair(old, new)
    assert any(each[:2] == (level, where) and told in each[2] for each in found), found
    assert pair() == []


def test_where_a_text_is_missing_the_one_of_the_case_stands(pair, tmp_path):
    pair("title: 退款小幫手\n")
    assert read(tmp_path / "case.zh-Hant.yaml").title == "The refund copilot"


def test_a_case_that_is_wrong_is_told_with_its_own_lines(pair, tmp_path):
    pair()
    (tmp_path / "case.yaml").write_text(CASE.read_text("utf-8").replace("rounds: 8", "rounds: 80"), "utf-8")
    reading = examine(tmp_path / "case.zh-Hant.yaml")
    assert reading.scenario is None
    assert {each.file.rpartition("/")[2] for each in reading.problems} == {"case.yaml", "case.zh-Hant.yaml"}


def test_two_words_are_not_made_one_and_a_file_of_texts_says_its_language_in_its_name(tmp_path):
    plain = scenario().plain()
    plain["parties"]["engineer"]["terms"] = {"pilot": "A test.", "trial": "Another."}
    laid = lay(plain, "en", yaml.parse("texts: small\nlanguage: zh-Hant\nwords: {pilot: 試辦, trial: 試辦}"))
    assert [each.message for each in laid.found if each.level == "error"] == [
        "'pilot' and 'trial' are one word here, so what one of them means would be lost"
    ]
    (tmp_path / "case-zh.yaml").write_text("texts: case\nlanguage: zh-Hant\n", "utf-8")
    assert "CASE.zh-Hant.yaml" in examine(tmp_path / "case-zh.yaml").errors[0].message


def test_the_language_is_asked_for_and_never_guessed():
    assert aipm.load("refund-copilot").language == "en"
    assert aipm.load("refund-copilot", language="zh-Hant").title == "退款小幫手"
    assert aipm.load("refund-copilot.zh-Hant").title == "退款小幫手"
    assert aipm.load("refund-copilot", language="en").title == "The refund copilot"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("占 2.8%，一千五以上", ["2.8", "1500"]),
        ("一天 1.2 萬件，三成一", ["12000", "31"]),
        ("1 萬 2,400 通", ["12400"]),
        ("二十四點五度，一一九", ["24.5", "119"]),
        ("晚上十一點四十分，幾萬元", ["23", "40", "10000"]),
        ("At five thousand a day a hundred and forty people; forty-one twice", ["5000", "140", "41", "2"]),
        ("共 3 萬, 之後再說。1 萬 .", ["30000", "10000"]),
        ("on 2 September at 3 p.m.", ["2", "9", "15"]),
    ],
)
def test_figures_are_read_in_digits_and_in_words(text, said):
    assert {Decimal(each) for each in said} <= figures(text).every
