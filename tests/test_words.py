"""The language spoken: catalogues are complete and well made, and whoever says which one is heard."""

from __future__ import annotations

import ast
import gettext
import re
import string
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from words import LOCALES, PACKAGE, as_file, catalogue, spoken

from aipm_agents import language
from aipm_agents.language import gapped, tr, tr_n
from aipm_agents.report.papers.plain_text import shortened
from aipm_agents.report.papers.typography import breaks
from aipm_agents.report.words.numbers import percent
from aipm_agents.report.words.phrase import either, named, sentences
from aipm_agents.report.words.setup import kind


def slots(text):
    return sorted({name for _, name, _, _ in string.Formatter().parse(text) if name})


@pytest.mark.parametrize("locale", LOCALES)
def test_a_catalogue_has_every_text_and_no_other(locale):
    known = catalogue(locale)
    assert set(known) == set(spoken()), "run `make words`"
    assert not [text for text, said in known.items() if not said or not all(said)]
    assert (PACKAGE / "locales" / locale / "aipm.po").read_text("utf-8") == as_file(locale, known)


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_compiled_is_what_is_written(locale):
    with (PACKAGE / "locales" / locale / "aipm.mo").open("rb") as file:
        shipped = gettext.GNUTranslations(file)
    for text, said in catalogue(locale).items():
        heard = shipped.gettext(text) if isinstance(text, str) else (shipped.ngettext(*text, 1),)
        assert heard == (said if isinstance(said, str) else tuple(said)), "run `make words`"


@pytest.mark.parametrize("locale", LOCALES)
def test_a_translation_fills_the_same_slots(locale):
    for text, said in catalogue(locale).items():
        if isinstance(text, tuple):
            assert all(set(slots(each)) <= {*slots(text[1]), "n"} for each in said), text
        else:
            assert slots(said) == slots(text), text


SIMPLIFIED = set(
    "们这为来时会说过没对问题项数据产质户软优码关议论证应实现经该给让进动开发业东两严个丰临义乐习书买乱亏云亚从众传伤伪体"
)


def test_chinese_is_written_as_in_taiwan():
    for text, said in catalogue("zh-Hant").items():
        for each in said if isinstance(said, tuple | list) else [said]:
            assert not SIMPLIFIED & set(each), each
            assert not re.search(r"[\u4e00-\u9fff][,;!?:]|[,;!?:][\u4e00-\u9fff]", each), each
            for word in ("您", "用戶", "數據", "質量", "軟件", "項目", "利害關係人"):
                assert word not in each, (text, each)


@pytest.mark.parametrize(
    ("given", "environment", "speaks"),
    [
        (None, {}, "en"), ("zh-Hant", {}, "zh-Hant"), ("en", {"LANG": "zh_TW.UTF-8"}, "en"),
        (None, {"LANG": "zh_TW.UTF-8"}, "zh-Hant"), (None, {"LANG": "de_DE.UTF-8"}, "en"),
        (None, {"LC_ALL": "C.UTF-8", "LANG": "zh_TW.UTF-8"}, "en"), (None, {"LC_ALL": "", "LANG": "zh_HK"}, "zh-Hant"),
        (None, {"AIPM_LANG": "zh-Hant", "LC_ALL": "en_US.UTF-8"}, "zh-Hant"),
    ],
)  # fmt: skip
def test_who_says_which_language_is_heard(given, environment, speaks):
    language.settle(given, environment)
    assert language.spoken() == speaks
    assert tr("nobody") == {"en": "nobody", "zh-Hant": "沒有人"}[speaks]


def test_a_scenario_is_followed_where_nobody_says_which():
    language.settle(None, {"LANG": "C.UTF-8"})
    language.follow("zh-Hant")
    assert language.spoken() == "zh-Hant"
    language.settle(None, {"LANG": "en_GB.UTF-8"})
    language.follow("zh-Hant")
    assert language.spoken() == "en"


def test_slots_of_a_text_are_never_filled_twice():
    assert tr("{who}: {what}", who="{what}", what="{who}") == "{what}: {who}"
    assert tr_n("{who} is writing", "{who} are writing", 2, who="A and B") == "A and B are writing"
    assert tr("") == ""


@pytest.mark.parametrize(
    ("who", "said"),
    [("PM", "問 PM"), ("工程", "問工程"), ("「PM」", "問「PM」"), ("", "問")],
)
def test_a_slot_with_latin_in_it_keeps_a_gap_to_han(who, said):
    language.settle("zh-Hant", {})
    assert tr("asks {who}", who=who) == said


@pytest.mark.parametrize(
    ("languages", "speaks"),
    [({"zh-Hant"}, "zh-Hant"), ({"en"}, "en"), ({"en", "zh-Hant"}, "en"), (set(), "en")],
)
def test_a_report_about_several_scenarios_speaks_their_language_if_it_is_one(languages, speaks):
    language.settle(None, {})
    language.follow_all(languages)
    assert language.spoken() == speaks


def test_english_is_spoken_for_a_while_and_no_longer():
    language.settle("zh-Hant", {})
    with language.speaking("en"):
        assert tr("nobody") == "nobody"
    with suppress(KeyError), language.speaking("en"):
        raise KeyError
    assert tr("nobody") == "沒有人"


def test_texts_of_templates_and_of_help_pages_are_in_the_catalogue():
    known = catalogue("zh-Hant")
    assert known["To the text"] == "跳到內文"
    assert known["Everything, not the first two screens alone."]


def test_sentences_of_chinese_stand_without_a_gap_and_are_cut_between_letters():
    language.settle("zh-Hant", {})
    assert sentences(["好。", "走。"]) == "好。走。"
    assert shortened("一二三四五六，七八九十", 9) == "一二三四五六…"
    assert shortened("one two three", 9) == "one two …"


@pytest.mark.parametrize("place", [0, 1, 2])
def test_lang_may_stand_anywhere_on_the_line(aipm, place):
    words = ["run", "refund-copilot"]
    words[place:place] = ["--lang", "zh-Hant"]
    assert "第 1 輪" in aipm(*words).out


def test_an_unknown_language_is_a_mistake(aipm):
    result = aipm("--lang", "klingon", "list")
    assert result.code == 2
    assert "there is en and zh-Hant" in result.err


# --- how lines break ----------------------------------------------------------------------------


@given(st.text("字店，。「」？a b1 \u3000％", max_size=80), st.integers(4, 30))
def test_a_broken_line_fits_and_loses_nothing(line, width):
    places = breaks(line, width)
    parts = [line[a:b] for a, b in zip([0, *places], [*places, len(line)], strict=True)]
    assert "".join(parts) == line
    assert all(cell_len(part.rstrip()) <= width for part in parts)
    assert all(parts[1:])


@pytest.mark.parametrize(
    ("line", "width", "parts"),
    [
        ("偏鄉 212 家店是往上的。", 12, ["偏鄉 212 家", "店是往上的。"]),
        ("弱點就差「這一檔」。", 10, ["弱點就差", "「這一", "檔」。"]),
        ("訂量是往上的。", 12, ["訂量是往上", "的。"]),
        ("aaaaaaaaaaaa字", 5, ["aaaaa", "aaaaa", "aa字"]),
    ],
)
def test_no_line_begins_with_a_stop_or_ends_with_an_opening_bracket(line, width, parts):
    places = breaks(line, width)
    assert [line[a:b].rstrip() for a, b in zip([0, *places], [*places, len(line)], strict=True)] == parts


@pytest.mark.parametrize(
    ("said", "set"),
    [
        ("從9%到5% 以下", "從 9% 到 5% 以下"),
        ("有PM和法務", "有 PM 和法務"),
        ("41 分鐘", "41 分鐘"),
        ("from 9 to 2", "from 9 to 2"),
    ],
)
def test_a_gap_stands_between_han_and_latin(said, set):
    assert gapped(said) == set
    assert gapped(gapped(said)) == set


@pytest.mark.parametrize(
    ("text", "slot", "said"),
    [
        ("問：「{it}」", "他說「可以」", "問：「他說『可以』」"),
        ("問：「{it}」", "他說『可以』", "問：「他說『可以』」"),
        ("「甲『{it}』乙」", "「丙」", "「甲『「丙」』乙」"),
        ("「{it}」，就好", "先退款。", "「先退款」，就好"),
        ("（「{it}」）", "先觀看。", "（「先觀看」）"),
        ("「{it}」。", "行嗎？", "「行嗎？」"),
        ("{it}；好", "先退款。", "先退款；好"),
        ("「{it}」", "開了沒關「甲", "「開了沒關『甲」"),
        ("{it}。", "先退款", "先退款。"),
    ],
)
def test_a_quotation_in_a_quotation_has_the_inner_marks_and_a_sentence_one_stop(text, slot, said):
    assert language._filled(text, {"it": slot}) == text.replace(
        "{it}", slot
    )  # English stays as it is written
    with language.speaking("zh-Hant"):
        assert language._filled(text, {"it": slot}) == said


def test_options_are_told_apart_and_a_share_is_written_as_the_language_writes_it():
    assert either(map(named, "ABC")) == "A or B or C"
    assert percent(0.36) == "36 %"
    with language.speaking("zh-Hant"):
        assert either(map(named, "甲乙丙")) == "「甲」、「乙」或「丙」"
        assert either(map(named, "甲乙")) == "「甲」或「乙」"
        assert percent(0.36) == "36%"
        assert [kind(each) for each in ("embedded", "human", "openai:m")] == ["程式", "真人", "openai:m"]


ERRORS = {"AipmError", "UsageError", "TranscriptError", "EndpointError", "BudgetError", "StorageError"}


def _untranslated(tree):
    """Errors for people whose text is put together without `tr`; names and punctuation alone need none."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ERRORS
            and node.args
        ):
            said = node.args[0]
            parts = said.values if isinstance(said, ast.JoinedStr) else [said]
            fixed = [part.value for part in parts if isinstance(part, ast.Constant)]
            if isinstance(said, ast.BinOp) or any(any(map(str.isalpha, str(text))) for text in fixed):
                yield node.lineno


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.stem)
def test_every_error_that_a_person_reads_can_be_said_in_their_language(path):
    assert list(_untranslated(ast.parse(path.read_text("utf-8")))) == []
