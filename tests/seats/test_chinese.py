"""Chinese as it is spoken and written in Taiwan: the phrase bank, and what the seats make of it."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest
from proofreader import HAN, faults
from words import PACKAGE, catalogue

from aipm_agents.negotiation import negotiate
from aipm_agents.scenario.library import bundled, locate
from aipm_agents.scenario.reader import examine, read
from aipm_agents.seats.embedded import Embedded
from aipm_agents.seats.embedded.phrases import bank, joins
from aipm_agents.seats.embedded.prose import PROSE
from aipm_agents.table.events import Answered, Decided, Framed, Opened, Proposed, Ruled, Signed
from aipm_agents.table.rules import matches, worth
from aipm_agents.transcript import dumped, line

ENGLISH, CHINESE, WRITTEN = bank("en"), bank("zh-Hant"), PROSE["zh-Hant"]
ACTS = [(role, act) for role, acts in ENGLISH.items() for act in acts]
JOINS = joins("zh-Hant")
FILES = {
    "fresh-food-orders": bundled()["fresh-food-orders"],
    "refund-copilot": locate("refund-copilot.zh-Hant"),
    "night-rounds": bundled()["night-rounds"],
    "night-bus": Path(__file__).parents[1] / "data/night-bus.yaml",
}
SEEDS = range(12)

NUMBERS = ("n", "needed", "seats")
ASSENT = re.compile(r"可以|我簽|我過|我同意|我背書|算我一票|我這邊過|我沒問題")
REFUSAL = re.compile(r"不行|沒辦法|先不要|撐不住|不能上|蓋不下去")


@lru_cache
def played(name, seed):
    scenario = read(FILES.get(name) or bundled()[name])
    return scenario, negotiate(scenario, {role: Embedded() for role in scenario.parties}, seed=seed)


def turns(name):
    """Every turn of every seed, as (seed, role, what is said)."""
    for seed in SEEDS:
        for event in played(name, seed)[1]:
            if isinstance(event, Framed | Opened | Proposed | Answered | Signed):
                yield seed, event.role, event.move.says


def phrases():
    return [(role, act, phrase.says) for role, act in ACTS for phrase in CHINESE[role][act]]


def texts(value):
    """Every text of a scenario, ids and codes left out."""
    if isinstance(value, str):
        yield from [value] if re.search(HAN, value) else []
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts(each)


PLANTED = {
    "這個數據不錯。": "not said here", "这件事我扛。": "no traditional", "好,我扛。": "half-width",
    "我扛。。": "doubled", "他問「可以嗎？」。": "doubled", "我扛。 你呢？": "a gap", "回PM：我扛。": "no gap",
    "這個 feature 我扛。": "English", "他說「我扛。": "an open",
}  # fmt: skip


@pytest.mark.parametrize("text", PLANTED)
def test_the_proofreader_marks_what_is_planted(text):
    assert [found.startswith(PLANTED[text]) for found in faults(text)] == [True]


# --- the phrase bank --------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "act"), ACTS)
def test_every_act_of_every_role_is_there_with_as_many_lines_and_the_same_slots(role, act):
    ours, theirs = ([phrase.says for phrase in bank_[role][act]] for bank_ in (CHINESE, ENGLISH))
    assert len(set(ours)) == len(ours) >= len(theirs)
    assert {p.needs for p in CHINESE[role][act]} == {p.needs for p in ENGLISH[role][act]}
    assert _slots(ours) == _slots(theirs)
    for text in ours:  # a line that lacks a slot of its act would not say what it has to
        assert _slots([text]) <= _slots(theirs)


def test_the_joins_are_the_same_and_carry_the_same_slots():
    assert CHINESE.keys() == ENGLISH.keys()
    ours, theirs = JOINS, joins("en")
    assert ours.keys() == theirs.keys()
    assert ours["checkpoints"].keys() == theirs["checkpoints"].keys()
    for key in theirs:
        if isinstance(theirs[key], str):
            assert _slots([ours[key]]) == _slots([theirs[key]])


def test_a_checkpoint_has_one_name_wherever_it_is_spoken_shown_or_prompted():
    prompt = (PACKAGE / "seats/model/prompts/zh-Hant.jinja").read_text("utf-8")
    shown = catalogue("zh-Hant")
    for name, said in JOINS["checkpoints"].items():
        assert f"{name.capitalize()} {said}" in prompt
        assert shown[name.capitalize()] == said


def test_a_proofreader_finds_nothing_in_the_bank():
    lines = [*(text for _, _, text in phrases()), *texts(JOINS)]
    filled = [
        re.sub(r"\{(\w+)\}", lambda slot: "5" if slot[1] in NUMBERS else "某某", text) for text in lines
    ]
    assert [(text, found) for text in filled for found in faults(text)] == []


def test_a_line_of_the_bank_can_be_told_from_every_other_of_its_role():
    """Each is known again once it is said, and what it is known by is its own; else it would be said twice in a run."""
    for role in CHINESE:
        lines = [text for whose, _, text in phrases() if whose == role]
        slots = re.compile(r"\{\w+\}")
        assert [t for t in lines if not WRITTEN.said(t, slots.sub("某某", t)) and "{lens}" not in t] == []
        if role != "pm":  # who frames and signs once in a run, with one line or another
            shared = Counter(part for text in lines for part in set(WRITTEN.parts(text)))
            assert [part for part, times in shared.items() if times > 1] == []


def test_a_yes_of_the_bank_sounds_like_one_and_a_no_does_not():
    for _, act, text in phrases():
        if act.startswith("yes") and act != "yes_if":
            assert ASSENT.search(text), text
            assert not REFUSAL.search(text), text
        if act == "no":
            assert REFUSAL.search(text), text
            assert not ASSENT.search(text), text


@pytest.mark.parametrize("name", [name for name in FILES if name in bundled()])
def test_nobody_says_more_than_one_figure_in_a_sentence(name):
    scenario = read(FILES[name])
    spoken = [text for _, act, text in phrases() if act != "frame_deal"]
    spoken += [t for f in scenario.facts.values() for t in (f.aloud, f.plainly) if t]
    spoken += [t for p in scenario.parties.values() for said in p.argues.values() for t in said]
    for sentence in (s for text in spoken for s in WRITTEN.sentence.split(text)):
        assert len(re.findall(r"(?<![A-Za-z])[\d,.]+", re.sub(r"\{\w+\}", "", sentence))) <= 1, sentence


def _slots(lines):
    return {slot for text in lines for slot in re.findall(r"\{\w+\}", text)}


# --- what the table says ----------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_a_proofreader_finds_nothing_in_what_is_said_or_written(name):
    scenario = read(FILES[name])
    found = [(text, fault) for text in texts(scenario.plain()) for fault in faults(text)]
    found += [(text, fault) for _, _, text in turns(name) for fault in faults(text)]
    assert found == []
    assert not [text for _, _, text in turns(name) if "{" in text or not text]


@pytest.mark.parametrize("name", FILES)
def test_a_seat_hardly_ever_opens_two_turns_of_a_run_with_the_same_two_characters(name):
    """An answer stays in front of its turn, whatever it begins with."""
    openers = Counter((seed, role, WRITTEN.opener(text)) for seed, role, text in turns(name))
    again = [who for who, times in openers.items() if times > 1]
    assert max(openers.values()) < 3
    assert len(again) <= len(openers) / 30, again


@pytest.mark.parametrize("name", FILES)
def test_no_sentence_is_said_twice_in_a_run(name):
    said = Counter(
        (seed, sentence)
        for seed, _, text in turns(name)
        for sentence in WRITTEN.sentence.split(re.sub(r"「[^」]*」", "「」", text))
        if len(sentence.replace("「」", "")) > 8 and "」" not in sentence
    )
    assert [which for which, times in said.items() if times > 1] == []


@pytest.mark.parametrize("name", [*FILES, "refund-copilot", "aisle-nine"])
def test_nobody_picks_at_a_wish_that_is_also_their_own(name):
    scenario = read(FILES.get(name) or bundled()[name])
    voices = ENGLISH if scenario.language == "en" else CHINESE
    lines = {role: [p.says for p in acts.get("pickup_ask", ())] for role, acts in voices.items()}
    for seed in SEEDS:
        for event in played(name, seed)[1]:
            if not isinstance(event, Answered):
                continue
            wishes = {scenario.label(ask.issue, option) for ask in event.move.asks for option in ask.options}
            for text in lines.get(event.role, ()):
                found = re.search(
                    re.sub(r"\\{\w+\\}", "(.+?)", re.escape(text)), event.move.says
                )  # fmt: skip
                assert not found or not any(wish in found[0] for wish in wishes), (seed, found[0])


@pytest.mark.parametrize("name", FILES)
def test_words_go_with_the_vote(name):
    for seed in SEEDS:
        for event in played(name, seed)[1]:
            if isinstance(event, Answered) and event.move.vote == "yes":
                assert ASSENT.search(event.move.says), (seed, event.round, event.move.says)
            if isinstance(event, Answered) and event.move.vote == "no":
                assert not re.search(r"，可以。|^可以[。，]|[。，]我簽。", event.move.says)


def test_a_choice_is_quoted_inside_a_sentence_and_plain_in_a_list():
    _, events = played("night-bus", 0)
    first = next(event for event in events if isinstance(event, Proposed))
    assert "：App 跟電話都收、模型自己排。" in first.move.says
    opened = next(event for event in events if isinstance(event, Opened))
    assert "「模型自己排」" in opened.move.says


@pytest.mark.parametrize(
    ("line_", "slots", "said"),
    [
        ("{who}講的。", {"who": "PM"}, "PM 講的。"),
        ("回{who}：{first}。", {"who": "PM", "first": "「A」"}, "回 PM：「A」。"),
        ("意思是：{plainly}。", {"plainly": "要等三天。"}, "意思是：要等三天。"),
        ("我要問「{asks}」。", {"asks": "撐得住嗎？"}, "我要問「撐得住嗎？」"),
        ("目標是{to}。", {"to": "5%"}, "目標是 5%。"),
        ("p95 是{n}秒。", {"n": "2"}, "p95 是 2 秒。"),
    ],
)
def test_what_is_put_right_after_the_slots_are_filled(line_, slots, said):
    assert WRITTEN.mended(line_.format_map(slots)) == said


def test_how_chinese_sentences_end_and_begin():
    assert WRITTEN.sentence.split("好。「是嗎？」他問。不！") == ["好。", "「是嗎？」他問。", "不！", ""]
    assert WRITTEN.joined(["好。", "走。"]) == "好。走。"
    assert [WRITTEN.opener(t) for t in ("「偏鄉先不上」吧", "PM 問", "好，走", "……")] == [
        "偏鄉",
        "pm",
        "好",
        "",
    ]
    assert WRITTEN.bare("走到底。") == "走到底"
    assert WRITTEN.lowered("App 使用者") == "App 使用者"


# --- the scenario -----------------------------------------------------------------------------


def test_the_scenario_is_found_by_its_name_and_has_nothing_to_warn_of(aipm):
    shown = aipm("list").out
    assert "fresh-food-orders" in shown
    assert "鮮食自動訂貨" in shown
    told = aipm("validate", "fresh-food-orders", "--json").json
    assert "warnings" not in told or told["warnings"] == []
    assert examine(FILES["fresh-food-orders"]).problems == ()


def test_seeds_come_to_different_packages_in_three_to_eight_rounds():
    ends = [played("fresh-food-orders", seed)[1][-1] for seed in SEEDS]
    assert all(isinstance(end, Decided) and 3 <= end.round <= 8 for end in ends)
    assert len({tuple(end.package.values()) for end in ends if end.package}) >= 4


def test_a_package_that_all_six_would_take_is_stopped_for_the_people_it_is_done_to():
    """In most runs, and early enough to recover from it."""
    assert sum(any(_stopped_though_wanted(*played("fresh-food-orders", seed))) for seed in SEEDS) >= 6


def _stopped_though_wanted(scenario, events):
    people = {each for each, (name, _) in scenario.criteria.items() if name == "alignment"}
    for event in events:
        if isinstance(event, Proposed):
            package = event.package
        elif isinstance(event, Ruled) and event.round < events[-1].round:
            wanted = all(
                worth(party, package) >= party.walk_away
                and not any(matches(package, red.when) for red in party.red_lines)
                for party in scenario.parties.values()
            )
            yield wanted and any(f.status == "failed" and f.criterion in people for f in event.findings)


@pytest.mark.parametrize(
    ("name", "issue", "timid", "asked", "where"),
    [
        ("fresh-food-orders", "stores", "direct", "in-time", "viable"),
        ("night-rounds", "where", "corridor", "where-they-fall", "desire"),
    ],
)
def test_caution_has_a_price_whatever_it_is_packed_with(name, issue, timid, asked, where):
    scenario = read(FILES[name])
    checkpoint, criterion = scenario.criteria[asked]
    (rule,) = criterion.rule
    metric = next(m for m in scenario.metrics if m.id == rule.metric)
    chosen = next(o for o in scenario.issue[issue].options if o.id == timid)
    others = sum(
        max(o.adds(rule.metric) for o in each.options) for each in scenario.issues if each.id != issue
    )
    assert checkpoint == where
    assert metric.base + chosen.adds(rule.metric) + others < rule.at_least


def test_the_script_in_chinese_is_the_same_bytes_every_time(snapshot):
    _, events = played("fresh-food-orders", 7)
    lines = [{k: v for k, v in line(event).items() if k != "volatile"} for event in events]
    assert "\n".join(dumped(data) for data in lines) == snapshot
