"""Reading scenario files: what is read, what is refused and where, and that no file can hurt the reader."""

from __future__ import annotations

import copy
import json
import os
import re
import signal
import time
import tracemalloc
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import making as small
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aipm_agents.errors import ScenarioError, UsageError
from aipm_agents.scenario import yaml
from aipm_agents.scenario.library import bundled, locate
from aipm_agents.scenario.marked import Builder, YamlError
from aipm_agents.scenario.measures import Rule
from aipm_agents.scenario.model import Scenario
from aipm_agents.scenario.problems import MAX_PROBLEMS, did_you_mean, dotted
from aipm_agents.scenario.reader import MAX_BYTES, Reading, examine, read, revised
from aipm_agents.table.rules import holds

COPILOT = bundled()["refund-copilot"].read_text("utf-8")

SMALL = """\
format: 1
id: small
title: Small
question: Shall we?
issues:
  - id: reach
    question: Who?
    options:
      - {id: everyone, label: all of them, effects: {load: 3}}
      - {id: few, label: a few, effects: {load: 1}}
  - id: review
    question: Who reads?
    options:
      - {id: nobody, label: nobody}
      - {id: somebody, label: somebody}
metrics:
  - {id: load, label: the load}
evidence:
  - id: survey
    says: They want it.
    held_by:
      - pm
      - legal
    supports: [wanted]
  - id: trial
    says: It errs.
    undermines: [safe]
    unless: {review: somebody}
parties:
  pm:
    wants: A date.
    points:
      reach: {everyone: 60, few: 40}
      review: {nobody: 40, somebody: 20}
    walk_away: 20
  legal:
    wants: No surprise.
    points:
      reach: {everyone: 10, few: 50}
      review: {nobody: 0, somebody: 50}
    walk_away: 30
    red_lines:
      - when: {reach: everyone, review: nobody}
        because: that is too much
    argues:
      reach: [Fewer is better.]
checkpoints:
  desire:
    - {id: wanted, asks: Is it wanted?, owner: pm, evidence: required}
  feasible:
    - {id: light, asks: Is it light?, owner: pm, rule: {metric: load, at_most: 2}}
  viable:
    - id: pays
      asks: Does it pay?
      owner: legal
      rule:
        - {metric: load, at_least: 1}
        - {choose: {reach: [everyone, few]}}
  alignment:
    - {id: safe, asks: Is it safe?, owner: legal}
injects:
  - before_round: 2
    headline: A letter arrives.
    from: the regulator
    evidence:
      - {id: letter, says: We are watching., supports: [wanted]}
agreement: {accept_at_least: 2, veto: [pm]}
rounds: 4
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "s.yaml"


def edited(text: str, *edits: tuple[str, str]) -> str:
    """The text with each old passage, which must stand there exactly once, replaced."""
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def reading(file: Path, content: str | bytes) -> Reading:
    file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    result = examine(file)
    presentable(result)
    return result


def shortened(line: str) -> str:
    line = line.strip()
    return line if len(line) <= 100 else line[:99] + "…"


def presentable(result: Reading) -> None:
    """What holds for every reading: places from one, bounded text that a terminal shows and never obeys."""
    assert (result.scenario is None) == bool(result.errors)
    assert len(result.problems) <= 3 * MAX_PROBLEMS
    for problem in result.problems:
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.message
        shown = str(problem)
        assert len(shown) - len(problem.file) < 2000
        assert "\x1b" not in shown
        shown.encode("utf-8")


@contextmanager
def within(seconds: float):
    """Fail, rather than hang, after some seconds."""

    def too_long(*_: object) -> None:
        raise TimeoutError(f"took longer than {seconds} s")

    before = signal.signal(signal.SIGPROF, too_long)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


# What is read


@pytest.mark.parametrize("path", bundled().values(), ids=lambda path: path.stem)
def test_a_bundled_scenario_reads_without_errors_and_is_called_like_its_file(path):
    result = examine(path)
    assert result.errors == ()
    assert result.scenario is not None
    assert result.scenario.id == path.stem
    assert result.scenario.follows in (None, *bundled())


def test_the_refund_copilot_reads_without_any_problem():
    assert examine(bundled()["refund-copilot"]).problems == ()


def test_the_small_scenario_of_these_tests_has_no_problem(file):
    assert reading(file, SMALL).problems == ()


def test_what_is_optional_may_be_left_out(file):
    scenario = reading(
        file,
        "{format: 1, id: s, title: S, question: Q, agreement: {accept_at_least: 2},"
        " issues: [{id: i, question: Q, options: [{id: a, label: A}, {id: b, label: B}]}],"
        " parties: {pm: {wants: W, walk_away: 0, points: {i: {a: 100, b: 0}}},"
        " legal: {wants: W, walk_away: 0, points: {i: {a: 0, b: 100}}}}}",
    ).scenario
    assert scenario is not None
    assert (scenario.rounds, scenario.language, scenario.evidence) == (8, "en", ())


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(lambda text: text.replace("\n", "\r"), id="CR"),
        pytest.param(lambda text: "\ufeff" + text, id="byte order mark"),
        pytest.param(lambda text: "%YAML 1.2\n---\n" + text + "...\n", id="document marks"),
        pytest.param(lambda text: text.replace("\n", "   # aside\n", 1), id="comments"),
        pytest.param(lambda text: text.replace("walk_away: 20", "walk_away: 20.00"), id="20.00"),
        pytest.param(lambda text: text.replace("rule: {metric: load, at_most: 2}", "rule: [{metric: load, at_most: 2}]"), id="list of one"),
        pytest.param(lambda text: json.dumps(yaml.parse(text).data, default=float), id="as JSON"),
    ],
)  # fmt: skip
def test_the_layout_of_a_file_is_no_part_of_its_digest(file, change):
    original = reading(file, SMALL).scenario
    changed = reading(file, change(SMALL))
    assert changed.problems == ()
    assert changed.scenario == original
    assert changed.scenario.digest == original.digest


def test_every_word_of_the_content_is_part_of_the_digest(file):
    digests = {
        reading(file, edited(SMALL, edit)).scenario.digest
        for edit in [
            ("title: Small", "title: Small"),
            ("title: Small", "title: small"),
            ("walk_away: 20", "walk_away: 20.000001"),
            ("at_most: 2", "at_most: 2.1"),
            ("before_round: 2", "before_round: 3"),
        ]
    }
    assert len(digests) == 5


def test_an_alias_repeats_what_it_names(file):
    text = edited(
        SMALL,
        ("reach: {everyone: 60, few: 40}", "reach: &r {everyone: 60, few: 40}"),
        ("reach: {everyone: 10, few: 50}", "reach: *r"),
        ("review: {nobody: 0, somebody: 50}", "review: {nobody: 0, somebody: 40}"),
    )
    scenario = reading(file, text).scenario
    assert scenario is not None
    assert scenario.parties["legal"].points["reach"] == {"everyone": 60, "few": 40}


def returned(scenario: Scenario) -> Scenario:
    return Scenario.model_validate(json.loads(json.dumps(scenario.plain()), parse_float=Decimal))


@pytest.mark.parametrize("path", bundled().values(), ids=lambda path: path.stem)
def test_a_scenario_survives_a_transcript(path):
    scenario = read(path)
    assert returned(scenario) == scenario
    assert returned(scenario).digest == scenario.digest
    assert revised(scenario.plain())[0] == scenario


@pytest.mark.parametrize(("number", "says"), [
    (0.1 + 0.2, "six after it; found a number, 0.30000000000000004"), (float("nan"), "finite; found a number"),
    (float("inf"), "finite; found a number"), (True, "expected a number; found true or false"),
])  # fmt: skip
def test_a_number_of_python_is_taken_where_its_text_is_exact(number, says):
    data = small.scenario().plain()
    data["parties"]["legal"]["walk_away"] = 12.5
    made, _ = revised(data)
    assert made is not None
    assert made.parties["legal"].walk_away == Decimal("12.5")
    data["parties"]["legal"]["walk_away"] = number
    assert [says in each.message for each in revised(data)[1]] == [True]


def test_a_million_is_an_ordinary_number(file):
    text = edited(
        SMALL, ("effects: {load: 3}", "effects: {load: 1200000.5}"), ("at_most: 2", "at_most: 999999999")
    )
    assert reading(file, text).problems == ()


@given(
    number=st.decimals(-999_999_999, 999_999_999, places=6, allow_nan=False),
    base=st.integers(1 - 10**9, 10**9 - 1),
)
@settings(max_examples=30, deadline=None, derandomize=True)
def test_every_number_survives_a_transcript_exactly(number, base):
    data = yaml.parse(SMALL).data
    data["parties"]["pm"]["walk_away"] = number
    data["metrics"][0]["base"] = base
    scenario = Scenario.model_validate(data)
    back = returned(scenario)
    assert back.parties["pm"].walk_away == number
    assert back.metrics[0].base == base
    assert (back, back.digest) == (scenario, scenario.digest)


# Where the errors are


def test_all_errors_of_a_file_come_at_once_each_at_its_place(file):
    text = edited(
        COPILOT,
        ("    question: Who gets it first?", "    qestion: Who gets it first?"),
        ("when: {reach: everyone, path: rules}", "when: {reach: everyone, path: ruels}"),
        ("waiting?, owner: pm", "waiting?, owner: pmm"),
    )
    result = reading(file, text)
    lines = text.splitlines()
    assert result.scenario is None
    assert [(p.level, p.where, p.message) for p in result.problems] == [
        ("error", "issues[0].qestion", "unknown key 'qestion'; did you mean 'question'?"),
        ("error", "parties.engineer.red_lines[0].when.path[0]",
         "the issue 'path' has no option 'ruels'; did you mean 'rules'?"),
        ("error", "checkpoints.desire[1].owner", "'pmm' does not sit at this table; did you mean 'pm'?"),
    ]  # fmt: skip
    for problem, word in zip(result.problems, ("qestion", "path: ruels", "owner: pmm"), strict=True):
        line = next(line for line in lines if word in line)
        assert problem.file == str(file)
        assert problem.line == lines.index(line) + 1
        assert problem.column == line.index(word) + 1
        assert problem.text == shortened(line)


def test_a_problem_prints_as_file_line_column_and_the_offending_line(file):
    file.write_text(edited(SMALL, ("owner: pm, rule", "owner: pmm, rule")))
    with pytest.raises(ScenarioError) as caught:
        read(file)
    assert str(caught.value) == (
        f"{file}:51:39: error: checkpoints.feasible[0].owner: 'pmm' does not sit at this table; did you mean 'pm'?\n"
        "    - {id: light, asks: Is it light?, owner: pmm, rule: {metric: load, at_most: 2}}"
    )
    assert [problem.line for problem in caught.value.problems] == [51]
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(
    ("old", "new", "where", "message"),
    [
        ("title: Small", "titel: Small", "titel", "did you mean 'title'?"),
        ("title: Small", "zzz: Small", "zzz", "unknown key 'zzz'; there is title,"),
        ("label: a few", "lable: a few", "issues[0].options[1].lable", "did you mean 'label'?"),
        ("    wants: A date.", "    wnats: A date.", "parties.pm.wnats", "did you mean 'wants'?"),
        ("    walk_away: 30", "    walk-away: 30", "parties.legal.walk-away", "did you mean 'walk_away'?"),
        ("        because: that", "        becuase: that", "parties.legal.red_lines[0].becuase", "'because'"),
        ("asks: Is it light?", "ask: Is it light?", "checkpoints.feasible[0].ask", "did you mean 'asks'?"),
        ("rule: {metric: load", "rule: {metirc: load", "checkpoints.feasible[0].rule[0].metirc", "'metric'?"),
        ("{metric: load, at_least: 1}", "{metric: load, at_lest: 1}", "checkpoints.viable[0].rule[0].at_lest", "'at_least'?"),
        ("veto: [pm]", "vetoes: [pm]", "agreement.vetoes", "did you mean 'veto'?"),
        ("    headline: A", "    hedline: A", "injects[0].hedline", "did you mean 'headline'?"),
        ("    from: the", "    from_: the", "injects[0].from_", "did you mean 'from'?"),
        ("  desire:", "  desires:", "checkpoints.desires", "did you mean 'desire'?"),
        ("title: Small", "title: Small\n'[key]': 1", "[key]", "unknown key '[key]'"),
    ],
)  # fmt: skip
def test_a_misspelt_key_is_one_error_that_says_the_right_one(file, old, new, where, message):
    text = edited(SMALL, (old, new))
    result = reading(file, text)
    wrong = [problem for problem in result.errors if problem.message.startswith("unknown key")]
    assert [problem.where for problem in wrong] == [where]
    assert message in wrong[0].message
    assert new.split("\n")[-1].strip().split(":")[0] in wrong[0].text
    if "did you mean" in wrong[0].message:
        assert list(result.errors) == wrong


def test_errors_below_a_misspelt_key_have_their_lines_too(file):
    text = edited(
        SMALL, ("    argues:\n", "    arguse:\n"), ("reach: [Fewer", "raech: [Fewer"),
        ("title: Small", "titel: 5"),
    )  # fmt: skip
    result = reading(file, text)
    assert [(p.line, p.message.split(";")[0]) for p in result.problems] == [
        (3, "unknown key 'titel'"),
        (3, "expected a text"),
        (45, "unknown key 'arguse'"),
        (46, "no issue 'raech'"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("format: 1", "format: 2", "expected 1; found a number, 2"),
        ("format: 1", 'format: "1"', "expected 1; found a text, '1'"),
        ("format: 1", "format: [[1]]", "expected 1; found a list"),
        ("format: 1", "format: " + "9" * 5000, "expected 1; found a number"),
        ("title: Small", "title: 5", "expected a text; put quotes around it; found a number, 5"),
        ("title: Small", "title: true", "put quotes around it; found true or false"),
        ("title: Small", "title:", "found nothing"),
        ("title: Small", "title: ' '", "at least 1 character"),
        ("title: Small", f"title: {'x' * 4001}", "at most 4000 characters"),
        ("title: Small\n", "", "the key 'title' is missing"),
        ("id: small", "id: Small", "'Small' is no id"),
        ("id: small", f"id: {'S' * 5000}", "at most 60 characters"),
        ("walk_away: 20", "walk_away: abc", "expected a number; found a text, 'abc'"),
        ("walk_away: 20", "walk_away: '20'", "expected a number; found a text, '20'"),
        ("load: 3", "load: '3'", "expected a number; found a text, '3'"),
        ("walk_away: 20", "walk_away: .nan", "expected a number; found a text, '.nan'"),
        ("walk_away: 20", "walk_away: -.inf", "expected a number; found a text, '-.inf'"),
        ("walk_away: 20", "walk_away: true", "expected a number; found true or false"),
        ("walk_away: 20", "walk_away: 20.0000001", "nine digits before the point and six after it"),
        ("walk_away: 20", "walk_away: " + "9" * 5000, "nine digits before the point and six after it"),
        ("walk_away: 20", "walk_away: 1000000000", "nine digits before the point and six after it"),
        ("walk_away: 20", "walk_away: 1e99", "nine digits before the point and six after it"),
        ("rounds: 4", "rounds: 51", "less than or equal to 50"),
        ("rounds: 4", "rounds: 4.5", "expected a whole number"),
        ("rounds: 4", "rounds: " + "9" * 18, "less than or equal to 50"),
        ("rounds: 4", "rounds: " + "9" * 5000, "expected a whole number"),
        ("evidence: required", "evidence: requierd", "did you mean 'required'?"),
        ("wanted?, owner: pm", "wanted?, lens: gestallt, owner: pm", "did you mean 'gestalt'?"),
        ("wanted?, owner: pm", "wanted?, blocking: no, owner: pm", "expected true or false; found a text, 'no'"),
        ("at_most: 2", "at_most: 2, at_least: 1", "needs `metric` with one of"),
        ("at_most: 2", "choose: {reach: few}", "is either `metric` with a bound or `choose`"),
        ("{metric: load, at_most: 2}", "{metric: 5, at_most: 2}", "expected a text"),
        ("rule: {metric: load, at_most: 2}", "rule: 5", "expected a list"),
        ("unless: {review: somebody}", "unless: {review: []}", "needs at least 1"),
        ("unless: {review: somebody}", "unless: {}", "needs at least 1"),
        ("unless: {review: somebody}", "unless: {review: 5}", "expected a list"),
        ("supports: [wanted]\n  - id: trial", "supports: wanted\n  - id: trial", "expected a list; found a text, 'wanted'"),
        ("agreement: {accept_at_least: 2, veto: [pm]}", "agreement: [2]", "expected a mapping"),
        ("    wants: A date.", "    <<: {wants: A date.}", "unknown key '<<'"),
        ("    wants: A date.", "    'Big Key': A date.", "unknown key 'Big Key'"),
        ("reach: {everyone: 60, few: 40}", "reach: {everyone: 60, Few: 40}", "'Few' is no id"),
    ],
)  # fmt: skip
def test_a_wrong_shape_is_said_in_plain_words_at_its_line(file, old, new, message):
    text = edited(SMALL, (old, new))
    result = reading(file, text)
    matching = [problem for problem in result.errors if message in problem.message]
    assert matching, result.problems
    if new:
        assert matching[0].line == SMALL[: SMALL.index(old)].count("\n") + 1
        assert matching[0].text == shortened(text.splitlines()[matching[0].line - 1])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: Small", "title: 5"),
        ("walk_away: 20", "walk_away: abc"),
        ("rounds: 4", "rounds: 51"),
        ("accept_at_least: 2", "accept_at_least: many"),
        ("before_round: 2", "before_round: 0"),
        ("everyone: 60", "everyone: lots"),
        ("effects: {load: 3}", "effects: {load: heavy}"),
        ("evidence: required", "evidence: requierd"),
        ("at_most: 2", "at_most: low"),
    ],
)
def test_a_wrong_value_does_not_hide_what_else_is_wrong_nor_invent_anything(file, old, new):
    text = edited(SMALL, (old, new), ("Is it safe?, owner: legal", "Is it safe?, owner: leagl"))
    result = reading(file, text)
    first, second = sorted(result.problems, key=lambda problem: "leagl" in problem.text)
    assert new.split()[-1].strip("}") in first.text
    assert second.message == "'leagl' does not sit at this table; did you mean 'legal'?"


def test_what_an_alias_repeats_may_be_wrong_in_both_places(file):
    text = edited(
        SMALL,
        ("  pm:\n    wants: A date.", "  pm: &party\n    zzz: 1\n    wants: A date."),
        ("  legal:\n    wants: No surprise.", "  engineer: *party\n  legal:\n    wants: No surprise."),
    )
    result = reading(file, text)
    assert [(p.where, p.text) for p in result.errors] == [
        ("parties.pm.zzz", "zzz: 1"),
        ("parties.engineer.zzz", "engineer: *party"),
    ]


# The cross-checks

NEW_ISSUES = "".join(
    f"  - {{id: i{n}, question: q, options: [{', '.join(f'{{id: o{k}, label: o}}' for k in range(50))}]}}\n"
    for n in range(4)
)
CHECKS = [
    # old, new, the place, the message
    ("  - id: review", "  - id: reach", "issues[1].id", "the id 'reach' is already used"),
    ("{id: few, label", "{id: everyone, label", "issues[0].options[1].id", "the id 'everyone' is already used"),
    ("{id: load, label: the load}", "{id: reach, label: the load}", "metrics[0].id", "the id 'reach' is already used"),
    ("  - id: trial", "  - id: survey", "evidence[1].id", "the id 'survey' is already used"),
    ("{id: letter,", "{id: survey,", "injects[0].evidence[0].id", "the id 'survey' is already used"),
    ("{id: safe,", "{id: wanted,", "checkpoints.alignment[0].id", "the id 'wanted' is already used"),
    ("  - id: trial", "  - id: wanted", "checkpoints.desire[0].id", "the id 'wanted' is already used"),
    ("{everyone: 60, few: 40}", "{everyone: 60}", "parties.pm.points.reach", "does not score few"),
    ("      reach: {everyone: 10, few: 50}\n", "", "parties.legal.points", "does not score the issue 'reach'"),
    ("few: 40}", "few: 40, fwe: 1}", "parties.pm.points.reach.fwe", "no option 'fwe'; did you mean 'few'?"),
    ("      review: {nobody: 40,", "      reveiw: {nobody: 40,", "parties.pm.points.reveiw", "no issue 'reveiw'; did you mean 'review'?"),
    ("reach: [Fewer", "raech: [Fewer", "parties.legal.argues.raech", "no issue 'raech'; did you mean 'reach'?"),
    ("effects: {load: 3}", "effects: {laod: 3}", "issues[0].options[0].effects.laod", "no metric 'laod'; did you mean 'load'?"),
    ("      - legal\n", "      - leagl\n", "evidence[0].held_by[1]", "'leagl' does not sit at this table; did you mean 'legal'?"),
    ("supports: [wanted]\n  - id: trial", "supports: [wnated]\n  - id: trial", "evidence[0].supports[0]", "no criterion 'wnated'; did you mean 'wanted'?"),
    ("undermines: [safe]", "undermines: [sfae]", "evidence[1].undermines[0]", "no criterion 'sfae'; did you mean 'safe'?"),
    ("unless: {review: somebody}", "unless: {reveiw: somebody}", "evidence[1].unless.reveiw", "no issue 'reveiw'; did you mean 'review'?"),
    ("unless: {review: somebody}", "unless: {review: [nobody, sombody]}", "evidence[1].unless.review[1]", "the issue 'review' has no option 'sombody'; did you mean 'somebody'?"),
    ("when: {reach: everyone,", "when: {raech: everyone,", "parties.legal.red_lines[0].when.raech", "no issue 'raech'; did you mean 'reach'?"),
    ("when: {reach: everyone,", "when: {reach: all,", "parties.legal.red_lines[0].when.reach[0]", "the issue 'reach' has no option 'all'; there is everyone, few"),
    ("light?, owner: pm", "light?, owner: engineer", "checkpoints.feasible[0].owner", "'engineer' does not sit at this table; there is pm, legal"),
    ("{metric: load, at_most: 2}", "{metric: laod, at_most: 2}", "checkpoints.feasible[0].rule[0].metric", "no metric 'laod'; did you mean 'load'?"),
    ("{metric: load, at_least: 1}", "{metric: laod, at_least: 1}", "checkpoints.viable[0].rule[0].metric", "no metric 'laod'"),
    ("{choose: {reach: [everyone, few]}}", "{choose: {reach: [everyone, fwe]}}", "checkpoints.viable[0].rule[1].choose.reach[1]", "has no option 'fwe'; did you mean 'few'?"),
    ("rule: {metric: load, at_most: 2}", "rule: {choose: {raech: few}}", "checkpoints.feasible[0].rule[0].choose.raech", "no issue 'raech'"),
    ("veto: [pm]", "veto: [pm, leagl]", "agreement.veto[1]", "'leagl' does not sit at this table; did you mean 'legal'?"),
    ("accept_at_least: 2", "accept_at_least: 3", "agreement.accept_at_least", "asks for 3 yeses of 2 seats"),
    ("before_round: 2", "before_round: 5", "injects[0].before_round", "comes before round 5, but there are 4 rounds"),
    ("{id: letter, says", "{id: letter, held_by: [pm], says", "injects[0].evidence[0].held_by", "what an inject brings is for everybody"),
    ("  legal:\n    wants", "  lgeal:\n    wants", "parties.lgeal", "'lgeal' is not a built-in role, so give its `title` and `duty`; did you mean 'legal'?"),
    ("  legal:\n    wants", "  design:\n    title: Designer\n    wants", "parties.design", "give its `title` and `duty`"),
    ("  legal:\n    wants", "  design:\n    duty: Looks\n    wants", "parties.design", "give its `title` and `duty`"),
    ("  pm:\n    wants", "  engineer:\n    wants", "parties", "there is no `pm`"),
    ("  legal:\n    wants", "  public:\n    title: T\n    duty: D\n    wants", "parties.public", "'public' is the name of an audience"),
    ("metrics:\n", NEW_ISSUES + "metrics:\n", "issues", "these make 25,000,000 packages; the bound is 2,000,000"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "where", "message"), CHECKS)
def test_each_check_finds_its_error_at_its_place(file, old, new, where, message):
    text = edited(SMALL, (old, new))
    (problem,) = [problem for problem in reading(file, text).errors if message in problem.message]
    assert problem.where == where
    assert problem.text == shortened(text.splitlines()[problem.line - 1])
    offending = re.search("'(.+?)'", message)
    if offending and "does not score" not in message:
        assert offending[1] in problem.text


WARNINGS = [
    ("everyone: 60", "everyone: 59", "parties.pm.points", "the best package adds up to 99, not 100"),
    ("everyone: 60", "everyone: 60.000001", "parties.pm.points", "adds up to 100.000001, not 100"),
    ("walk_away: 20", "walk_away: 100.000001", "parties.pm.walk_away", "no package reaches 100.000001 (the best is 100)"),
    ("walk_away: 20", "walk_away: 1e5", "parties.pm.walk_away", "no package reaches 100000 (the best is 100)"),
    ("{id: letter, says: We are watching., supports: [wanted]}", "{id: letter, says: W, supports: [light]}",
     "injects[0].evidence[0].supports[0]", "'light' requires no evidence"),
    ("    unless: {review: somebody}\n", "", "evidence[1].undermines", "undermines safe and no choice answers it"),
    ("    undermines: [safe]\n", "", "evidence[1].unless", "answers nothing"),
    ("veto: [pm]", "veto: [pm, pm]", "agreement.veto", "names 'pm' twice"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "where", "message"), WARNINGS)
def test_a_doubtful_scenario_is_read_with_a_warning(file, old, new, where, message):
    result = reading(file, edited(SMALL, (old, new)))
    assert result.scenario is not None
    assert [(p.level, p.where) for p in result.problems] == [("warning", where)]
    assert message in result.problems[0].message


def test_just_as_many_packages_as_allowed_are_allowed(file):
    """128 x 125 x 125 = 2,000,000: the bound itself is inside."""
    for last, errors in ((125, 0), (126, 1)):
        sizes = {"a": 128, "b": 125, "c": last}
        issues = [
            {"id": i, "question": "?", "options": [{"id": f"o{k}", "label": f"option {k}"} for k in range(n)]}
            for i, n in sizes.items()
        ]
        points = {i: {f"o{k}": 20 + 20 * (i != "a") for k in range(n)} for i, n in sizes.items()}
        party = {"wants": "W", "walk_away": 0, "points": points}
        data = {"format": 1, "id": "s", "title": "S", "question": "?", "issues": issues,
                "parties": {"pm": party, "legal": party}, "agreement": {"accept_at_least": 1}}  # fmt: skip
        assert len(reading(file, json.dumps(data)).errors) == errors


def test_twelve_parties_are_allowed_and_thirteen_are_not(file):
    more = "".join(
        f"  r{n}:\n    {{title: T, duty: D, wants: W, walk_away: 0, points:"
        " {reach: {everyone: 50, few: 0}, review: {nobody: 50, somebody: 0}}}\n"
        for n in range(11)
    )
    assert (
        reading(file, SMALL.replace("checkpoints:\n", more[: more.index("  r10:")] + "checkpoints:\n")).errors
        == ()
    )
    (problem,) = reading(file, SMALL.replace("checkpoints:\n", more + "checkpoints:\n")).errors
    assert (problem.where, problem.message) == ("parties", "allows at most 12")


# Exact decimals, and YAML 1.2 words


@pytest.mark.parametrize(
    ("bound", "load", "holds_there"),
    [
        ("at_most: 0.3", ("0.1", "0.2"), True),
        ("at_most: 0.299999", ("0.1", "0.2"), False),
        ("at_least: 0.3", ("0.1", "0.2"), True),
        ("at_least: 0.300001", ("0.1", "0.2"), False),
        ("at_least: 0.8", ("1.1", "-0.3"), True),
        ("at_most: 0.8", ("1.1", "-0.3"), True),
    ],
)
def test_a_bound_is_met_by_exactly_itself(file, bound, load, holds_there):
    text = edited(
        SMALL,
        ("effects: {load: 3}", f"effects: {{load: {load[0]}}}"),
        (
            "{id: somebody, label: somebody}",
            f"{{id: somebody, label: somebody, effects: {{load: {load[1]}}}}}",
        ),
        ("at_most: 2", bound),
    )
    scenario = reading(file, text).scenario
    assert scenario is not None
    (rule,) = scenario.checkpoints.feasible[0].rule
    assert isinstance(rule, Rule)
    assert holds(scenario, rule, {"reach": "everyone", "review": "somebody"}) is holds_there


@pytest.mark.parametrize(("one", "other"), [("33.3", "66.7"), ("0.1", "99.9"), ("99.999999", "0.000001")])
def test_the_best_package_is_a_hundred_exactly(file, one, other):
    text = edited(
        SMALL, ("everyone: 60, few: 40", f"everyone: {one}, few: 0"), ("nobody: 40", f"nobody: {other}")
    )
    text = text.replace("somebody: 20}", "somebody: 0}").replace("walk_away: 20", "walk_away: 100")
    assert reading(file, text).problems == ()


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("no", "no"), ("NO", "NO"), ("yes", "yes"), ("on", "on"), ("off", "off"), ("y", "y"),
        ("true", True), ("True", True), ("FALSE", False), ("tRue", "tRue"),
        ("null", None), ("~", None), ("", None), ("Null", None),
        ("1", 1), ("-7", -7), ("+5", 5), ("007", 7), ("9" * 18, 10**18 - 1), ("9" * 19, Decimal("9" * 19)),
        ("1.10", Decimal("1.10")), (".5", Decimal("0.5")), ("5.", Decimal(5)), ("1e3", Decimal(1000)),
        ("12:30", "12:30"), ("1_000", "1_000"), ("0x1F", "0x1F"), ("0o17", "0o17"), ("1.2.3", "1.2.3"),
        (".nan", ".nan"), (".inf", ".inf"), ("1e999", "1e999"), ("2026-01-31", "2026-01-31"),
        ("'1'", "1"), ('"true"', "true"), ("|-\n  1", "1"), ("=", "="), ("<<", "<<"), ("١", "١"),
    ],
)  # fmt: skip
def test_a_word_is_what_yaml_1_2_says_it_is(word, value):
    found = yaml.parse(f"a: {word}\n").data["a"]
    assert found == value
    assert type(found) is type(value)
    assert f"{found}".replace("E+3", "000") == str(value)


# Hostile files

HEAD = "format: 1\n"
END = SMALL.count("\n") + 1
NINE_BY_NINE = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
TOWER = "x0: &a0 " + "[" * 28 + "]" * 28 + "\n" + "".join(
    f"x{n}: &a{n} " + "[" * 28 + f"*a{n - 1}" + "]" * 28 + "\n" for n in range(1, 62)
) + "format: *a61\n"  # fmt: skip

HOSTILE = {
    # name: (content, line of the one error, what it says)
    "alias bomb": (NINE_BY_NINE, 5, "more than 60,000 values"),
    "tower of aliases": (TOWER, 2, "nested deeper than 30 levels"),
    "alias to itself": ("a: &a [*a]\n", 1, "the alias *a points at nothing above it"),
    "alias to nothing": (HEAD + "id: *nowhere\n", 2, "the alias *nowhere points at nothing"),
    "deep block": (
        HEAD + "id:\n" + "".join(" " * n + "-\n" for n in range(1, 1400)),
        33,
        "nested deeper than 30",
    ),
    "deep block in a line": (HEAD + "- " * 10_000, 2, "not YAML"),
    "deep list in a line": ("- " * 10_000 + "x", 1, "nested deeper than 30 levels"),
    "deep flow": ("[" * 10_000, 1, "nested deeper than 30 levels"),
    "deep closed flow": (HEAD + "id: " + "[" * 10_000 + "]" * 10_000, 2, "nested deeper than 30 levels"),
    "deep flow mappings": ("{a: " * 10_000, 1, "nested deeper than 30 levels"),
    "deep keys": ("? " * 10_000, 1, "a key must be a plain word"),
    "a list as a key": ("? [a, b]\n: c\n", 1, "a key must be a plain word"),
    "an alias as a key": ("a: &x b\n*x : c\n", 2, "a key must be a plain word"),
    "a tab": (HEAD + "issues:\n\t- id: a\n", 3, "a tab stands where YAML wants spaces"),
    "twice the same key": (HEAD + "id: a\nid: b\n", 3, "the key 'id' stands twice"),
    "twice, one quoted": (HEAD + "id: a\n'id': b\n", 3, "the key 'id' stands twice"),
    "UTF-16 with its mark": (SMALL.encode("utf-16"), 1, "is not UTF-8 text"),
    "UTF-16 without": (SMALL.encode("utf-16-le"), 1, "is not UTF-8 text"),
    "UTF-32": (SMALL.encode("utf-32"), 1, "is not UTF-8 text"),
    "Latin-1": (SMALL.replace("Small", "Großer Käse").encode("latin-1"), 1, "is not UTF-8 text (byte 30)"),
    "a NUL at the start": (b"\0" + SMALL.encode(), 1, "binary file"),
    "a NUL at the end": (SMALL.encode() + b"\0", 1, "binary file"),
    "an escape in the file": (SMALL + "purpose: \x1b[31mred\n", END, "U+001B"),
    "an escape on line 1": ("format: 1 \x1b[31m\n", 1, "U+001B"),
    "empty": ("", 1, "is empty"),
    "only blanks": (" \n\n  \n", 1, "is empty"),
    "only a byte order mark": (b"\xef\xbb\xbf", 1, "is empty"),
    "only comments": ("# one\n# two\n", 1, "begins `format: 1`; this is nothing"),
    "a list at the top": (
        "- format: 1\n",
        1,
        "a scenario is a mapping that begins `format: 1`; this is a list",
    ),
    "a word at the top": ("hello\n", 1, "this is a text"),
    "a number at the top": ("42\n", 1, "this is a number"),
    "two documents": (SMALL + "---\n" + SMALL, END, "a second document begins here"),
    "too large": ("# " + "x" * MAX_BYTES, 1, "is larger than 1,000,000 bytes"),
    "a python object": (HEAD + "id: !!python/object/apply:os.system [ls]\n", 2, "takes no tags"),
    "a tagged text": (HEAD + "id: !!str small\n", 2, "takes no tags"),
    "a tagged mapping": (HEAD + "id: !x {a: b}\n", 2, "takes no tags"),
    "a tagged key": (HEAD + "!!str id: a\n", 2, "takes no tags"),
    "a bare tag": (HEAD + "id: ! small\n", 2, "takes no tags"),
    "a tag that is all the file": ("!" * 990_000, 1, "100,000 characters"),
    "a bad tag": (HEAD + "id: !%zz small\n", 2, "not YAML"),
    "half a character": (HEAD + 'id: "\\ud800"\n', 2, "half a character"),
    "half a character in a key": (HEAD + '"\\ud800": 1\n', 2, "half a character"),
    "no such character": (HEAD + 'id: "\\U00110000"\n', 2, "not YAML"),
    "far from any character": (HEAD + 'id: "\\UFFFFFFFF"\n', 2, "not YAML"),
    "a huge version": ("%YAML 1." + "9" * 5000 + "\n---\n" + SMALL, 1, "as YAML 1.2, and in no other"),
    "another version": ("%YAML 9.9\n---\n" + SMALL, 1, "as YAML 1.2, and in no other"),
    "an unclosed quote": (HEAD + "id: 'small\n", 3, "not YAML"),
    "an unclosed bracket": (HEAD + "issues: [a, b\n", 3, "not YAML"),
    "a long line": ("title: '" + "x" * 200_000 + "'", 1, "100,000 characters"),
    "60,001 values": ("[" + "a,\n" * 60_000 + "]", 60_000, "more than 60,000 values"),
}


@pytest.mark.parametrize(("content", "line", "message"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_one_clear_error(file, content, line, message):
    with within(5):
        result = reading(file, content)
    (problem,) = result.problems
    assert result.scenario is None
    assert message in problem.message
    assert problem.line == line


@pytest.mark.parametrize(
    ("old", "new", "where", "message"),
    [
        ("title: Small", r'title: "\e[31mred"', "title", "control character (U+001B)"),
        ("title: Small", r'title: "a\0b"', "title", "control character (U+0000)"),
        ("title: Small", r'title: "\x9b31m"', "title", "control character (U+009B)"),
        ("label: the load}", r'label: the load, unit: "\e[31m"}', "metrics[0].unit", "control character (U+001B)"),
        ("title: Small", 'title: Small\n"\\e[31m": 1', r"\x1b[31m", r"unknown key '\x1b[31m'"),
        ("few: 40}", r'few: 40, "\e[31m": 1}', r"parties.pm.points.reach.\x1b[31m", r"'\x1b[31m' is no id"),
        ("id: small", r'id: "\e[31m"', "id", r"'\x1b[31m' is no id"),
        ("owner: pm, evidence", r'owner: "\e[31m", evidence', "checkpoints.desire[0].owner", r"'\x1b[31m' does not sit"),
    ],
)  # fmt: skip
def test_a_terminal_escape_reaches_neither_the_table_nor_the_terminal(file, old, new, where, message):
    (problem,) = reading(file, edited(SMALL, (old, new))).errors
    assert problem.where == where
    assert message in problem.message


@pytest.mark.parametrize(
    "char",
    ["\u2028", "\u2029", "\x85", "\u3000", "\u202e"],
    ids=lambda char: f"U+{ord(char):04X}",
)
def test_a_line_is_counted_and_shown_as_an_editor_does(file, char):
    text = edited(SMALL, ("title: Small", f"title: 'Sm{char}all'\nfoo: 1"))
    problem = next(p for p in reading(file, text).errors if "foo" in p.where)
    assert (problem.line, problem.text) == (4, "foo: 1")


MANY = {
    "unknown keys": "".join(f"k{n}: 1\n" for n in range(5_000)),
    "unknown keys in lists": "evidence: [" + ",\n".join(f"{{ids: o{n}, sais: l}}" for n in range(2_500)) + "]",
    "wrong texts": "teaching: {objectives: [" + ",\n".join("1" for _ in range(5_000)) + "]}",
    "unknown options": edited(
        SMALL,
        ("  - {id: load, label: the load}\n", "".join(f"  - {{id: load{n}, label: l}}\n" for n in range(1_500))),
        ("few: 40}", "few: 40, " + ",\n".join(f"load{n}x: 1" for n in range(1_500)) + "}"),
        ("effects: {load: 3}", "effects: {" + ",\n".join(f"load{n}y: 1" for n in range(1_500)) + "}"),
    ),
    "an issue of many options": edited(
        SMALL,
        ("{id: few, label: a few, effects: {load: 1}}", ",\n".join(["{id: few, label: a few, effects: {load: 1}}"]
         + [f"{{id: o{n}, label: o}}" for n in range(2_500)]).replace(",\n{", "\n      - {")),
        ("few: 40}", "few: 40, " + ",\n".join(f"p{n}: 1" for n in range(2_500)) + "}"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", MANY.values(), ids=MANY)
def test_thousands_of_errors_are_cut_short(file, text):
    with within(5):
        result = reading(file, text)
    assert 10 < len(result.errors) <= MAX_PROBLEMS
    assert f"only the first {MAX_PROBLEMS} errors are shown" in result.errors[-1].message


def test_warnings_do_not_crowd_out_an_error(file):
    warnings = "supports: [" + ", ".join(["light"] * (MAX_PROBLEMS + 5)) + "]"
    text = edited(SMALL, ("supports: [wanted]}", warnings + "}"), ("veto: [pm]", "veto: [nobody]"))
    result = reading(file, text)
    assert result.scenario is None
    assert [problem.where for problem in result.errors] == ["agreement.veto[0]"]


def test_a_file_of_fifty_megabytes_is_not_read(file):
    with file.open("wb") as large:
        large.write(SMALL.encode())
        large.truncate(50_000_000)
    tracemalloc.start()
    try:
        with within(2):
            (problem,) = examine(file).problems
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
    assert "is larger than 1,000,000 bytes" in problem.message


def test_a_bomb_takes_little_memory(file):
    file.write_text(NINE_BY_NINE + TOWER)
    tracemalloc.start()
    try:
        examine(file)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_a_long_text_is_read_in_time(file):
    with within(10):
        (problem,) = reading(file, "a bc def\n" * (MAX_BYTES // 30)).problems
    assert "this is a text" in problem.message


def unreadable(tmp_path: Path, kind: str) -> Path:
    path = tmp_path / "s.yaml"
    match kind:
        case "folder":
            path.mkdir()
        case "fifo":
            os.mkfifo(path)
        case "loop":
            path.symlink_to(path)
        case "dangling link":
            path.symlink_to(tmp_path / "nothing")
        case "device":
            return Path("/dev/zero")
        case "long name":
            return tmp_path / ("x" * 5000 + ".yaml")
        case "NUL in the name":
            return Path("a\0b.yaml")
        case "below a file":
            path.write_text(SMALL)
            return path / "s.yaml"
    return path


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("missing", "there is no such file"),
        ("dangling link", "there is no such file"),
        ("folder", "is a folder; name the scenario file in it"),
        ("fifo", "is not a regular file"),
        ("device", "is not a regular file"),
        ("loop", "cannot be opened: "),
        ("long name", "cannot be opened: "),
        ("below a file", "cannot be opened: "),
        ("NUL in the name", "cannot be opened: "),
    ],
)
def test_what_is_no_readable_file_is_one_clear_error(tmp_path, kind, message):
    before = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0
    with within(2):
        result = examine(unreadable(tmp_path, kind))
    presentable(result)
    (problem,) = result.problems
    assert problem.message.startswith(message)
    assert (problem.line, problem.column, problem.text) == (1, 1, "")
    if before:
        assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_one_clear_error(file):
    file.write_text(SMALL)
    file.chmod(0)
    (problem,) = examine(file).problems
    assert problem.message == "cannot be opened: Permission denied"


@pytest.mark.parametrize("call", ["open", "read"])
def test_a_failing_disk_is_one_clear_error(file, monkeypatch, call):
    def fails(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    file.write_text(SMALL)
    monkeypatch.setattr(f"aipm_agents.scenario.reader.os.{'open' if call == 'open' else 'fdopen'}", fails)
    (problem,) = examine(file).problems
    assert problem.message == "cannot be opened: Input/output error"


def test_a_file_with_a_strange_name_is_named_without_harm(tmp_path):
    for name in (b"\xff\x1b[31m.yaml", "Käse 量.yaml".encode()):
        path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
        path.write_text("[]")
        result = examine(path)
        presentable(result)
    assert "Käse 量.yaml:1:1" in str(result.problems[0])


# Anything at all


@pytest.fixture(scope="module")
def scratch(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("anything") / "s.yaml"


def anything_goes(file: Path, content: str | bytes) -> None:
    if isinstance(content, str):
        content = content.encode("utf-8", "surrogatepass")
    with within(10):
        result = reading(file, content)
    if result.scenario is not None:
        assert returned(result.scenario).digest == result.scenario.digest


FAST = settings(
    max_examples=int(os.environ.get("READER_EXAMPLES", "30")), deadline=None,
    derandomize="READER_EXAMPLES" not in os.environ,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip

YAML_BITS = st.sampled_from(
    [*"[]{}:,-?&*!|>'\"%@`#~=\\ \n\t\r\0\ufeff\x85\u2028", "\n  ", ": ", "- ", "&a", "*a", "!!str ", "---\n", "...\n",
     "<<: ", "%YAML 1.1\n", "%TAG ! x\n", "\\x", "\\ud800", "\\U", "format: 1", "issues:", "parties:", "|2-\n", ">+\n", "null",
     "\x1b[31m", "'", '"', "1e5", "99999999999999999999"]
)  # fmt: skip


@given(content=st.one_of(st.text(), st.binary(), st.lists(YAML_BITS, max_size=40).map("".join)))
@FAST
def test_any_text_yields_a_reading(scratch, content):
    anything_goes(scratch, content)


@given(bits=st.lists(YAML_BITS, max_size=8).map("".join), place=st.integers(0, len(SMALL)))
@FAST
def test_any_text_inside_a_scenario_yields_a_reading(scratch, bits, place):
    anything_goes(scratch, SMALL[:place] + bits + SMALL[place:])


@st.composite
def mutations(draw: st.DrawFn) -> str:
    """The bundled file with a few chunks, or whole lines, deleted, doubled, swapped or replaced."""
    text = COPILOT
    for _ in range(draw(st.integers(1, 3))):
        parts = text.splitlines(keepends=True) if draw(st.booleans()) else list(text)
        start = draw(st.integers(0, len(parts)))
        end = min(len(parts), start + draw(st.integers(0, 12)))
        chunk = "".join(parts[start:end])
        other = draw(st.integers(0, len(parts)))
        new = draw(
            st.sampled_from(["", chunk * 2, chunk.upper(), chunk[::-1], "".join(parts[other : other + 3])])
            | st.text(max_size=8)
            | YAML_BITS
        )
        text = "".join(parts[:start]) + new + "".join(parts[end:])
    return text


@given(text=mutations())
@FAST
def test_any_damage_to_a_good_file_yields_a_reading(scratch, text):
    anything_goes(scratch, text)


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=6),
    st.sampled_from(["", [], {}, [[]], [{}], {"": ""}]),
)


COPILOT_DATA = yaml.parse(COPILOT).data


@st.composite
def misfits(draw: st.DrawFn) -> str:
    """The bundled file with values of the wrong kind, extra keys and missing ones."""
    data = copy.deepcopy(COPILOT_DATA)
    for _ in range(draw(st.integers(1, 4))):
        holder = data
        while True:
            keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(holder[key], dict | list) and draw(st.integers(0, 4)):
                holder = holder[key]
                continue
            action = draw(st.sampled_from(["replace", "remove", "rename"]))
            if action == "replace":
                holder[key] = copy.deepcopy(draw(SCALARS))
            elif action == "remove" or not isinstance(holder, dict):
                del holder[key]
            else:
                holder[str(key)[1:] + draw(st.sampled_from(["", "x", "[key]"]))] = holder.pop(key)
            break
    return json.dumps(data, default=float)


@given(text=misfits())
@FAST
def test_any_wrong_value_yields_a_reading(scratch, text):
    anything_goes(scratch, text)


# The small parts


def test_a_path_is_written_with_dots_and_brackets():
    assert dotted(("issues", 0, "options", 1, "id")) == "issues[0].options[1].id"
    assert dotted(()) == ""
    assert dotted((0, "a")) == "[0].a"


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("lgal", ["legal", "pm"], "; did you mean 'legal'?"),
        ("zzz", ["legal", "pm"], "; there is legal, pm"),
        ("zzz", [], ""),
        (
            "zzz",
            [f"n{n}" for n in range(13)],
            "; there is n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11, ...",
        ),
    ],
)
def test_a_hint_names_the_nearest_or_what_there_is(word, known, hint):
    assert did_you_mean(word, known) == hint


def test_a_hint_among_many_names_takes_no_time():
    began = time.process_time()
    did_you_mean("name-77", (f"name-{n}" for n in range(200_000)))
    assert time.process_time() - began < 1


def test_a_name_finds_a_bundled_scenario_or_a_file(file):
    assert locate("refund-copilot") == bundled()["refund-copilot"]
    file.write_text(SMALL)
    assert locate(str(file)) == file
    assert locate("not-there.yaml") == Path("not-there.yaml")


@pytest.mark.parametrize("name", ["refund-copliot", "x" * 5000, "a\0b"])
def test_a_name_that_finds_nothing_is_the_typists_error(name):
    with pytest.raises(UsageError, match="no scenario file and no bundled scenario is called"):
        locate(name)


def test_a_misspelt_name_gets_a_hint():
    with pytest.raises(UsageError, match="did you mean 'refund-copilot'"):
        locate("refund-copliot")


@pytest.mark.parametrize("path", bundled().values(), ids=lambda path: path.stem)
def test_the_parser_in_c_reads_every_bundled_file_to_the_mark_as_the_other_does(path):
    text = path.read_text("utf-8")
    assert Builder(yaml._quick(text)).document() == yaml._slowly(text)


PIECES = st.sampled_from([
    ":", ": ", "- ", "? ", "#", " #", "\n", "  ", "'", '"', "{", "}", "[", "]", ",", "&a ", "*a", "!x ", "!!str ", "|\n", "> ",
    ">-\n", "%YAML 1.2\n", "---", "...", "\t", "\\", "`", "@", "字", "\u2028", "\x85", "\ufeff", "~", "a: b\n", "- - a\n",
    "<<: *a\n", "\r", "\r\n", "\0", "😀", "\ud800", "=", '"\\x41"', '"a\\\n b"', "|2\n    x\n",
])  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 50), st.lists(st.tuples(st.integers(0, 400), st.integers(0, 3), PIECES), max_size=5))
def test_the_parser_in_c_reads_no_text_otherwise(first, changes):
    """Whatever it does not refuse, the careful one reads the same way, or refuses for a reason of ours."""
    text = "\n".join(COPILOT.split("\n")[first : first + 14])
    for place, gone, piece in changes:
        text = text[:place] + piece + text[place + gone :]
    try:
        quick = Builder(yaml._quick(text)).document()
    except (yaml._ReadApartError, YamlError):
        return
    assert quick == yaml._slowly(text)


def test_a_changed_copy_of_a_scenario_is_another_scenario():
    scenario = read(bundled()["refund-copilot"])
    assert scenario.digest
    assert scenario.issue["reach"].question
    issues = tuple(each.model_copy(update={"question": each.question + "!"}) for each in scenario.issues)
    changed = scenario.model_copy(update={"issues": issues})
    assert changed.digest != scenario.digest
    assert changed.issue["reach"].question.endswith("!")
    assert changed != scenario
    assert scenario.model_copy() == scenario
    assert scenario != "refund-copilot"
