"""The library as a whole: what a teacher may count on finding in it. What one case must keep is in test_runs."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import slow

from aipm_agents.scenario import headline
from aipm_agents.scenario.library import bundled, in_other_words
from aipm_agents.scenario.reader import read

CASES = {name: read(path) for name, path in bundled().items()}
INDEX = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text("utf-8")


def test_there_are_cases_of_both_languages_every_stage_and_every_orientation():
    languages = Counter(case.language for case in CASES.values())
    assert languages["en"] >= 9
    assert languages["zh-Hant"] >= 2
    assert all(in_other_words(path) for path in bundled().values()), "each is told in the other language too"
    assert {case.stage for case in CASES.values()} == {"concept", "build", "launch", "operate"}
    assert {each for case in CASES.values() for each in case.orientations} == {"knowledge", "data", "ethics"}


def test_sizes_and_seats_differ():
    seats = Counter(role for case in CASES.values() for role in case.parties)
    assert seats["design"] >= 2
    assert seats["operations"] >= 2
    assert min(case.teaching.minutes for case in CASES.values()) <= 15
    longest = max(CASES.values(), key=lambda case: case.teaching.minutes)
    assert (longest.teaching.minutes, len(longest.issues)) == (180, 7)
    assert [case.id for case in CASES.values() if case.portfolio] == ["three-bets"]


def test_one_case_opens_with_what_another_left_open():
    pairs = [(case.follows, case.id) for case in CASES.values() if case.follows]
    assert pairs == [("refund-copilot", "refund-copilot-later")]
    assert CASES["refund-copilot-later"].stage == "operate"


@pytest.mark.parametrize("name", CASES)
def test_every_case_says_what_it_teaches_and_how_its_traps_are_found(aipm, name):
    case = CASES[name]
    assert case.teaching.teaches
    assert len(case.teaching.teaches) <= 140
    assert case.teaching.good_questions
    assert case.affected
    assert any(fact.voice == "user" for fact in case.facts.values()), "somebody concerned speaks"
    paths = [option.paradigm for issue in case.issues if issue.technical_path for option in issue.options]
    assert len({each for each in paths if each}) >= 2, "the school is negotiated"
    for command in ("validate", "analyze"):
        told = aipm(command, name)
        assert (told.code, told.err) == (0, ""), command
    assert f"`{name}`" in INDEX


def test_caution_alone_is_no_answer_in_a_third_of_them():
    """What Legal would write alone, with all that is known: it fails people's wishes, or the money."""
    fails = []
    for name, case in CASES.items():
        facts, doubts = slow.everything(case), slow.every_doubt(case)
        points = case.parties["legal" if "legal" in case.parties else "pm"].points
        package = max(
            slow.packages(case), key=lambda p, points=points: sum(points[i].get(o, 0) for i, o in p.items())
        )
        if any(slow.stopped(case, package, facts, gate, raised=doubts) for gate in ("desire", "viable")):
            fails.append(name)
    assert 3 * len(fails) >= len(CASES), fails


def test_in_one_case_the_answer_to_the_question_as_it_is_put_is_no():
    """Of what is on the list nothing passes, whatever is said; what passes, somebody has to bring."""
    case = CASES["mood-coach"]
    facts, doubts = slow.everything(case), slow.every_doubt(case)
    listed, held = [], []
    for package in slow.packages(case):
        if not slow.stopped(case, package, facts, raised=doubts):
            (held if set(package.items()) & case.held_options.keys() else listed).append(package)
    assert listed == []
    assert held


def test_the_headline_of_a_case_is_read_off_its_file_as_the_model_has_it():
    for path in bundled().values():
        case, told = read(path), headline.read_off(path)
        assert told.languages[0] == case.language
        assert told._replace(languages=(case.language,), on_paper=None) == headline.of(case)
