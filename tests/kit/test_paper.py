"""A class on paper comes to the rulings of the program, with the printed files alone."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from making import scenario
from paper import Class
from test_kit import CASES, case, plain

from aipm_agents import language
from aipm_agents.kit import slips
from aipm_agents.kit.card import card
from aipm_agents.kit.general import general
from aipm_agents.kit.handouts import handouts
from aipm_agents.kit.printing import files
from aipm_agents.language import speaking
from aipm_agents.report.papers.markdown import markdown
from aipm_agents.report.words import vocabulary
from aipm_agents.scenario.criteria import CHECKPOINTS
from aipm_agents.scenario.reader import examine, revised
from aipm_agents.table.audience import PUBLIC
from aipm_agents.table.checkpoints import is_open, lets_through, ruling
from aipm_agents.table.contests import Contest
from aipm_agents.table.heard import Heard
from aipm_agents.table.options import unknown_to, without
from aipm_agents.table.view import view

TOP = Path(__file__).parents[2]
SEEDS = int(os.environ.get("AIPM_PAPER_SEEDS", "2"))
"""In the gate a few; by hand twenty."""


def printed(made):
    with speaking(made.language):
        cards = [card(view(made, (), role, seed=0, number=0), ()) for role in made.parties]
        more = [each for each in (handouts(made), slips.document(made)) if each is not None]
        documents = [general(made, ()), *cards, *more]
        grounds = {ground: vocabulary.GROUNDS[ground] for ground in vocabulary.GROUNDS}
    written = files(made, documents, "a4")
    return {each.name: written[f"{each.name}.md"] for each in documents}, grounds


@pytest.mark.parametrize("name", CASES)
def test_a_class_on_paper_rules_as_the_program_does(name):
    made = case(name)
    sheets, grounds = printed(made)
    for seed in range(SEEDS):
        play(made, Class(sheets, made.language), grounds, random.Random(f"{name} {seed}"))


OVERLAYS = [path for path in sorted((TOP / "scenarios").glob("*.*.yaml")) if path.stem.count(".")]


@pytest.mark.parametrize("path", OVERLAYS, ids=lambda path: path.stem)
def test_so_does_a_class_in_the_other_language(path):
    made = examine(path).scenario
    sheets, grounds = printed(made)
    for seed in range(max(1, SEEDS // 2)):
        play(made, Class(sheets, made.language), grounds, random.Random(f"{path.stem} {seed}"))


def play(made, table, grounds, dice):
    """Four rounds in which facts, options and challenges come out at random, with a package and votes at random."""
    start = [fact.id for fact in made.evidence if fact.known_at_start]
    tabled, brought, contests = list(start), set(), {}
    for name in start:
        table.tell(says(made, name))
    for number in range(1, 5):
        fresh = [n for n, fact in made.facts.items() if n not in tabled and dice.random() < 0.35]
        for name in fresh:
            table.tell(says(made, name))
        tabled += fresh
        for choice in made.held_options:
            if choice not in brought and dice.random() < 0.4:
                brought.add(choice)
                table.bring(made.label(*choice))
        for name in tabled:
            for ground, words in grounds.items():
                if (name, ground) not in contests and dice.random() < 0.15:
                    there = table.challenge(says(made, name), words)
                    assert there == (made.facts[name].limit(ground) is not None), (name, ground)
                    if there:
                        contests[name, ground] = Contest(evidence=name, ground=ground)
        known = without(made, unknown_to(made, "", Heard(brought=frozenset(brought))))
        for _ in range(6):
            package = {issue.id: dice.choice(issue.options).id for issue in known.issues}
            yes = {role for role in made.parties if dice.random() < 0.8}
            told = [name for name in fresh if made.facts[name].held_by]
            truth = ruling(known, number, package, yes, tabled, told, tuple(contests.values()))
            on_paper = {made.issue[i].question: made.label(i, o) for i, o in package.items()}
            found, verdicts, team, deal = table.ruling(
                on_paper, {made.card(role).short for role in yes}, [says(made, name) for name in told]
            )
            where = (made.id, number, package, tabled, brought, list(contests))
            assert {made.criteria[f.criterion][1].asks: f.status for f in truth.findings} == found, where
            asked = [each for each in CHECKPOINTS if getattr(made.checkpoints, each)]
            people = {**truth.verdicts, "alignment": truth.people}
            assert [people[each] for each in asked] == [verdicts[n] for n in sorted(verdicts)], where
            assert is_open(truth.team.verdict) == team, where
            assert lets_through(truth) == deal, where


@pytest.mark.parametrize("name", CASES)
def test_a_slip_gives_away_only_what_is_out_by_then(name):
    """No ambush by what comes out either: a slip names no fact and no option but those that it waits for, and stands for
    every held option, weak spot, word and red line."""
    made = case(name)
    with language.speaking(made.language):
        cut = list(slips.slips(made))
    start = [fact.id for fact in made.evidence if fact.known_at_start]
    for slip in cut:
        text = plain(markdown(slip.blocks))
        mine = [n for n, fact in made.facts.items() if slip.reader in fact.held_by]
        for fact in made.facts.values():
            assert fact.id in (*slip.of, *start, *mine) or plain(fact.says) not in text, (slip, fact.id)
        for (issue, option), holders in made.held_options.items():
            assert f"{issue}={option}" in slip.of or slip.reader in holders or plain(made.label(issue, option)) not in text, slip  # fmt: skip
        for role, party in made.parties.items():
            assert slip.reader == role or not party.private or party.private not in text
    told = plain(" ".join(markdown(each.blocks) for each in cut if each.reader == PUBLIC))
    for choice, holders in made.held_options.items():
        assert made.label(*choice) in told
        alone = {each.reader for each in cut if "=".join(choice) in each.of and each.reader != PUBLIC}
        assert alone == set(made.parties) - set(holders)
    for fact in made.facts.values():
        assert all(plain(limit.says.rstrip(".。")) in told for limit in fact.limits)
    for party in made.parties.values():
        assert all(plain(means) in told for means in party.terms.values())
        assert all(plain(line.because) in told for line in party.red_lines)


def test_of_a_red_line_with_an_option_that_only_some_know_the_rest_has_its_slip_too():
    data = scenario().plain()
    data["issues"][0]["options"].append({"id": "one", "label": "one shop", "held_by": ["legal"]})
    for party in data["parties"].values():
        party["points"]["reach"]["one"] = 10
    data["parties"]["engineer"]["red_lines"] = [
        {"when": [{"reach": "one"}, {"review": "none"}], "because": "Never that."}
    ]
    made, _ = revised(data)
    assert made is not None
    lines = [(each.of, plain_text(each)) for each in slips.slips(made) if "Never that." in plain_text(each)]
    assert [of for of, _ in lines] == [("reach=one",), ()]
    assert ["one shop" in text for _, text in lines] == [True, False]


def plain_text(slip):
    return plain(markdown(slip.blocks))


def says(made, name):
    return " ".join(made.facts[name].says.split())
