"""Every command in Chinese: what it prints, writes and complains of has no English left in it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import typer
from pagetext import Words
from proofreader import english
from records import kept

from aipm_agents import language
from aipm_agents.cli.app import app
from aipm_agents.scenario.library import bundled
from aipm_agents.scenario.reader import read
from aipm_agents.seats.model.controls import CONTROLS
from aipm_agents.styles import STYLES

CASE = bundled()["fresh-food-orders"]
COMMANDS = sorted(typer.main.get_command(app).commands)


def of_the_scenario():
    """Every Latin word of the scenario: ids, units, names."""
    return {"C", "seats"} | set(re.findall(r"[A-Za-z]+", CASE.read_text("utf-8")))


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A folder of three Chinese runs, one of them broken off."""
    folder, scenario = tmp_path_factory.mktemp("runs"), read(CASE)
    for name, seed, cut in (("aaaa1111", 1, None), ("bbbb2222", 2, None), ("cccc3333", 1, 12)):
        kept(
            folder / f"20261124-093000-fresh-food-orders-{name}.jsonl",
            scenario,
            seed=seed,
            run_id=name,
            cut=cut,
        )
    return folder


@pytest.fixture
def typed(aipm, runs, tmp_path, monkeypatch):
    """Types a command in a folder that holds the runs; the language is the runs', as nobody says one."""
    shutil.copytree(runs, tmp_path / "kept")
    monkeypatch.setenv("AIPM_RUNS", str(tmp_path / "kept"))
    return aipm


def complained(result):
    return result.out + result.err


@pytest.mark.parametrize(
    "words",
    [
        ("show", "aaaa"), ("show", "aaaa", "--as", "facilitator"), ("show", "bbbb", "--as", "legal"), ("show", "cccc"),
        ("replay", "aaaa"), ("compare", "aaaa", "bbbb", "--full"), ("compare", "aaaa", "cccc", "--full"),
        ("compare", "aaaa", "bbbb", "cccc"), ("compare", "kept", "--full"), ("compare", "kept", "--by", "seats"),
        ("resume", "aaaa"), ("resume", "cccc", "--display", "plain"), ("run", "fresh-food-orders", "--dry-run"),
        ("run", "fresh-food-orders", "--display", "plain"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_command_about_a_chinese_run_speaks_chinese(typed, words):
    result = typed(*words)
    assert result.code == 0
    assert len(result.out) > 40
    assert english(complained(result), of_the_scenario()) == []


@pytest.mark.parametrize(
    "words",
    [
        ("analyze", "fresh-food-orders"),
        ("validate", "fresh-food-orders"),
        ("doctor",),
        ("init", "night-market"),
    ],
    ids=" ".join,
)
def test_a_command_about_no_run_speaks_what_is_said(typed, words, monkeypatch):
    monkeypatch.setenv("LANG", "zh_TW.UTF-8")
    packages = {
        "Python",
        "GGUF",
        "install",
        "pip",
        "local",
        "langgraph",
        "langchain",
        "pydantic",
        "rich",
        "typer",
        "ruamel",
        "yaml",
        "numpy",
        "zh",
        "TW",
    }
    assert english(complained(typed(*words)), of_the_scenario() | packages) == []


def test_a_first_scenario_is_written_in_chinese_and_can_be_played(typed, tmp_path):
    """The same case as the English one, in other words."""
    for name, given in (("night-market", "zh-Hant"), ("note-taker", "en")):
        assert typed("init", name, "--lang", given).code == 0
    made, other = (read(tmp_path / f"{name}.yaml") for name in ("night-market", "note-taker"))
    assert (made.language, other.language) == ("zh-Hant", "en")
    for of in (
        lambda s: s.criteria.keys(),
        lambda s: s.facts.keys(),
        lambda s: {r: p.points for r, p in s.parties.items()},
    ):
        assert of(made) == of(other)
    told = typed("validate", "night-market.yaml", "--lang", "zh-Hant")
    assert (told.code, told.err) == (0, "")
    assert "簽字" in typed("run", "night-market.yaml", "--display", "plain").out


def test_a_list_of_scenarios_has_their_words_and_ours(typed):
    said = typed("list", "--lang", "zh-Hant").out
    assert "50 分鐘" in said
    assert said.rstrip().endswith("挑一個來跑：aipm run 情境代號")


@pytest.mark.parametrize("audience", ["public", "legal", "facilitator"])
def test_a_page_is_chinese_and_says_so(typed, tmp_path, audience):
    assert typed("export", "aaaa", "--as", audience, "-o", "page.html").code == 0
    page = (tmp_path / "page.html").read_text("utf-8")
    assert '<html lang="zh-Hant">' in page
    assert english(Words(page).text, of_the_scenario()) == []
    labels = re.findall(r'aria-label="([^"]*)"', page)
    assert [text for text in labels if english(text, of_the_scenario())] == []


@pytest.mark.parametrize("name", ["record.md", "picture.svg"])
def test_a_document_and_a_picture_are_chinese(typed, tmp_path, name):
    assert typed("export", "bbbb", "-o", name).code == 0
    made = (tmp_path / name).read_text("utf-8")
    assert english(Words(made).text if name.endswith("svg") else made, of_the_scenario()) == []


@pytest.mark.parametrize("name", ["beside.html", "beside.md"])
@pytest.mark.parametrize("what", [("aaaa", "bbbb"), ("kept",)])
def test_a_comparison_is_written_in_chinese(typed, tmp_path, name, what):
    assert typed("compare", *what, "-o", name).code == 0
    made = (tmp_path / name).read_text("utf-8")
    assert english(Words(made).text if name.endswith("html") else made, of_the_scenario()) == []
    assert name.endswith("md") or '<html lang="zh-Hant">' in made


def test_a_sweep_speaks_chinese(typed):
    words = ("sweep", "fresh-food-orders", "--seeds", "0:2", "--vary", "rounds=6,7", "-o", "swept", "-j", "1")
    result = typed(*words, "--lang", "zh-Hant")
    assert result.code == 0
    assert "4 場裡跑完 4 場" in result.out
    assert english(complained(result), of_the_scenario() | {"swept"}) == []
    moved = typed("compare", "swept", "--by", "rounds", "--full")
    assert "什麼會影響哪一關" in moved.out
    assert english(complained(moved), of_the_scenario()) == []


# --- what a program reads -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("show", "aaaa"), ("compare", "aaaa", "bbbb"), ("compare", "kept"), ("analyze", "fresh-food-orders"),
        ("validate", "fresh-food-orders"), ("doctor",), ("list", "packs"), ("run", "fresh-food-orders", "--dry-run"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_json_is_the_same_whatever_is_spoken(typed, words):
    assert typed(*words, "--json").out == typed(*words, "--json", "--lang", "zh-Hant").out


def test_rows_are_the_same_whatever_is_spoken(typed, tmp_path):
    for given in ("en", "zh-Hant"):
        assert typed("export", "aaaa", "-o", f"{given}.csv", "--lang", given).code == 0
        assert typed("compare", "kept", "-o", f"kept-{given}.csv", "--lang", given).code == 0
    for stem in ("", "kept-"):
        one, other = (tmp_path / f"{stem}{given}.csv" for given in ("en", "zh-Hant"))
        assert one.read_bytes() == other.read_bytes()


# --- complaints and help ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("rnu",), "沒有 rnu 這個指令"), (("run",), "少了 scenario"), (("run", "x", "--seed", "q"), "這裡要整數"),
        (("run", "x", "--speed", "99"), "最多 16"), (("run", "x", "--sead", "1"), "沒有 --sead 這個選項"),
        (("run", "x", "--seed"), "後面要接一個值"), (("run", "x", "--display", "y"), "不能用 y，請從 conversation、plain、none 裡選一個"),
        (("show", "a", "b"), "多了這個：b"), (("run", "fresh"), "沒有叫 'fresh' 的情境檔"), (("show", "nix"), "找不到逐字紀錄 'nix'"),
        (("show", "aaaa", "--as", "boss"), "沒有這種觀看身分"), (("compare", "aaaa"), "要兩場以上才能比"),
        (("export", "aaaa", "-o", "x.pdf"), "格式看副檔名"), (("export", "aaaa", "-o", "no/x.md"), "沒有 no 這個資料夾"),
        (("compare", "kept", "--by", "rounds"), "這裡沒有一場有這個欄位"), (("init", "Night Market"), "不能當代號"),
        (("play", "fresh-food-orders"), "你要演誰？"), (("run", "fresh-food-orders", "--seat", "boss=human"), "這裡沒有這個角色"),
        (("run", "fresh-food-orders", "--max-calls", "3"), "給語言模型用的"), (("show", "damaged.jsonl"), "不是第 1 版的逐字紀錄"),
        (("resume", "aaaa", "-o", "x.jsonl"), "給 --from 輪數 的新場次用的"), (("resume", "aaaa", "--from", "99"), "這一場只有第 0 輪"),
        (("sweep", "fresh-food-orders", "--seeds", "x"), "種子 0 到 199 寫成 0:200"), (("sweep", "fresh-food-orders", "--vary", "moon=1"), "這一項不能變"),
        (("validate", "bad.yaml"), "不認得 'roundz'；你是說 'rounds' 嗎？"), (("list", "--lang", "tlh"), "可以用 en 和 zh-Hant"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)  # fmt: skip
def test_a_mistake_is_told_in_chinese(typed, tmp_path, monkeypatch, words, said):
    monkeypatch.setenv("LANG", "zh_TW.UTF-8")
    Path("damaged.jsonl").write_text('{"kind": "other"}\n', "utf-8")
    Path("bad.yaml").write_text(CASE.read_text("utf-8").replace("\nrounds:", "\nroundz:"), "utf-8")
    result = typed(*words)
    assert result.code in (2, 3)
    assert said in result.err
    mine = {word for part in words for word in re.findall("[A-Za-z]+", part)}
    choices = {
        "en",
        *CONTROLS,
        "conversation",
        "plain",
        "none",
        "public",
        "facilitator",
        "seats",
        "scenario",
        "latest",
        "KEY",
        "MODEL",
        "NAME",
        "VALUE",
        "without",
        "roundz",
        "run",
    }
    assert english(result.err, of_the_scenario() | mine | choices) == []


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_chinese(aipm, monkeypatch, command):
    monkeypatch.setenv("COLUMNS", "140")  # nothing to break that is no text
    result = aipm(*filter(None, [command]), "--help", "--lang", "zh-Hant")
    assert result.code == 0
    assert "用法：" in result.out
    assert "…" not in result.out
    names = {*COMMANDS, "MODEL", "URL", "KEY", "V", "ROLE", "PROMPT", "CACHED", "ANSWER", "conversation", "plain", "none",
             "int", "float", "range", "str", "list", "bool", "public", "facilitator", "latest", "local", "openai", "seats",
             "scenario", "decision", "checkpoint", "criterion", "move", "en", "zh", "Hant", "svg", "html", "csv", "md", "json",
             "CASE", "CLASS", "Excel", "FORMAT", "G", "Gn", "JSON", "KIND", "MODULE", "Markdown", "NAME", "NUMBER", "PRD", "RUN",
             "SCENARIO", "UTF", "VALUE", "WHAT", "WORD", "XML", "YAML", "a", "adversarial", "all", "always",
             "build", "buy", "cases", "colleagues", "cooperative", "docx", "embedded", "excel", "fault", "full",
             "genius", "greedy", "hidden", "high", "hiring", "import", "imported", "incident", "injection",
             "launch", "letter", "low", "macro", "medium", "minimal", "negmas", "off", "or", "parquet", "pm",
             "pricing", "python", "random", "scorable", "silent", "sunset", "sweep", "textarena", "tool", "vary", "work",
             "worth", "xhigh", "yaml", "yes", *STYLES}  # fmt: skip
    names |= {
        "rows",
        "turns",
        "issue",
        "option",
        "question",
        "label",
    }  # files and columns that a program reads
    arguments = {param.name for each in typer.main.get_command(app).every() for param in each.params}
    assert english(result.out, names | arguments) == []


def test_help_in_english_is_as_it_was_after_help_in_chinese(aipm):
    before = aipm("run", "--help").out
    assert aipm("run", "--help", "--lang", "zh-Hant").out != before
    assert aipm("run", "--help").out == before
    assert "Usage: aipm run [OPTIONS]" in before


def test_no_list_of_ours_is_joined_by_a_half_width_comma():
    language.settle("zh-Hant", {})
    from aipm_agents.scenario.problems import did_you_mean

    assert did_you_mean("x", ["one", "two"]) == "；有 one、two"
