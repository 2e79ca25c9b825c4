"""What a debrief claims is in its record, and no more: a teacher read two of them, and these are the kinds she found."""

from __future__ import annotations

import pytest
from making import scenario
from test_debrief import printed, recorded

from aipm_agents.analysis.debrief.whole import debrief
from aipm_agents.negotiation import negotiate
from aipm_agents.report.debrief.discussion import discussion
from aipm_agents.report.words.reasons import reason
from aipm_agents.seats.scripted import Scripted
from aipm_agents.table.moves import Opening, Position, Proposal

PATH = {"id": "path", "question": "How?", "technical_path": True, "options": [
    {"id": "whole", "label": "a model", "paradigm": "statistical"},
    {"id": "rules", "label": "rules beside it", "paradigm": "neuro_symbolic"}]}  # fmt: skip


def ward(**changes):
    """The log shows that somebody watched, and speaks against it unless somebody reads; a few are just light enough."""
    small = scenario().plain()
    return scenario(
        **{
            "issues": [*small["issues"], PATH],
            "evidence": [
                {"id": "survey", "says": "They want it.", "supports": ["wanted"]},
                {"id": "log", "says": "Six seconds.", "held_by": ["legal"], "supports": ["watched"],
                 "undermines": ["safe"], "unless": {"review": "some"}},
            ],
            "parties": {
                role: {**party, "points": {**party["points"], "path": {"whole": 10, "rules": 10}}}
                for role, party in small["parties"].items()
            },
            "checkpoints": {**small["checkpoints"],
                "feasible": [{"id": "light", "asks": "Is it light?", "owner": "engineer", "rule": {"metric": "load", "at_most": 1}}],
                "alignment": [
                    {"id": "watched", "asks": "Has anyone watched?", "owner": "legal", "evidence": "required"},
                    {"id": "safe", "asks": "Is it safe?", "owner": "legal", "caution": "explainability"}]},
            "success": {"metric": "calls", "to": "few", "guardrail": "nobody is hurt unseen"},
            "rounds": 4, **changes,
        }
    )  # fmt: skip


def package(review="none", path="whole"):
    return Proposal(package={"reach": "few", "review": review, "path": path})


def wants(says="", tables=(), trade=None, **options):
    asks = [{"issue": issue, "options": [option]} for issue, option in options.items()]
    made = {"vote": "yes_if", "asks": asks, "tables": tables, "says": says}
    return Position.model_validate(made | ({"trade": trade} if trade else {}))


def met(made, **seats):
    return recorded(
        made, negotiate(made, {role: seats.get(role, Scripted()) for role in made.parties}, seed=0)
    )


@pytest.fixture(scope="module")
def signed():
    """The engineer wishes for rules and offers a reader for them; Legal tells the log in round 2, and wants both."""
    swap = {"give": {"review": "some"}, "for": {"path": "rules"}}
    rules = [{"issue": "path", "options": ["rules"]}]
    return met(
        ward(),
        pm=Scripted(packages=[package(), package(), package("some", "rules")]),
        engineer=Scripted(
            opening=Opening.model_validate({"asks": rules}), positions=["yes", wants(trade=swap, path="rules"), "yes"]
        ),
        legal=Scripted(positions=[
            wants(path="rules"), wants("I want somebody to look.", ("log",), review="some"),
            Position(vote="yes", says="After that log I had to think again.", moved_by=("pm@3",)),
        ]),
    )  # fmt: skip


def test_every_step_that_opened_a_checkpoint_is_told_with_whose_fact_it_was(signed):
    found = debrief(signed)
    people = next(each for each in found.work.gates if each.gate == "people")
    assert people.key == "choice"
    assert [(each.round, each.key, each.by) for each in people.steps] == [
        (2, "fact", ("legal",)),
        (3, "choice", ()),
    ]
    assert "a fact (Legal), round 2; another" in printed(signed)


def test_a_plan_that_opened_a_checkpoint_is_a_turning_point_and_not_alone_in_what_it_brought(signed):
    plan = next(each for each in debrief(signed).turning if each.kind == "package")
    assert [(each.round, each.gate, each.was, each.now) for each in plan.shifts] == [
        (3, "people", "blocked", "pass")
    ]
    assert plan.heard == (("log", "legal", 2),), "told in the round before: new to this vote as the plan is"
    text = printed(signed)
    assert 'Legal said with the yes: "After that log I had to think again."' in text
    assert 'Also new since the vote before: "Six seconds." (Legal, round 2).' in text


def test_what_the_case_rules_is_called_its_rule_and_a_pass_does_not_read_as_good_news(signed):
    text = printed(signed)
    assert "Six seconds. By the case's rule this does not count against somebody." in text
    assert "Answered by" not in text
    assert 'So that is known, and it speaks against "Is it safe?"' in text
    assert "load 1; at most 1, with nothing to spare" in text


@pytest.mark.parametrize(("review", "said"), [("some", True), ("none", False)])
def test_choices_made_before_a_fact_came_out_were_not_made_for_it(review, said):
    run = met(
        ward(),
        pm=Scripted(packages=[package(review), package(review), package("some")]),
        engineer=Scripted(positions=["yes"] * 3), legal=Scripted(positions=["no", wants(tables=("log",), path="rules"), "yes"]),
    )  # fmt: skip
    assert ("The plans had it before this was told." in printed(run)) is said


def test_who_asked_first_is_named_first_and_a_trade_with_what_came_of_it(signed):
    found = debrief(signed)
    first = found.practices["technology"]
    assert (first.raised.by, first.raised.how, first.raised.round) == ("engineer", "wish", 0)
    assert first.also == (("legal", 1),)
    (trade,) = found.sheet.conduct.trades
    assert (trade.by, trade.round, trade.taken, trade.kept) == ("engineer", 2, 3, True)
    assert (
        'Engineer offered "somebody" for "rules beside it" (round 2). Both stood in the plan of round 3'
        in printed(signed)
    )


def test_a_caution_names_who_wanted_what_mends_it(signed):
    """Rules mend nothing of the log; a reader does, and only while the plan has none."""
    wanted = debrief(signed).coverage.cautions["explainability"].wanted
    assert [(each.by, each.about, each.round) for each in wanted] == [("legal", "review=some", 2)]


def test_without_a_deal_nothing_reads_as_if_it_had_been_brought():
    """A fact that would have stopped the plan is told with what opens it; the plan with what it would have brought."""
    run = met(ward(), pm=Scripted(packages=[package()] * 4), engineer=Scripted(positions=["yes"] * 4), legal=Scripted(positions=["yes"] * 4))  # fmt: skip
    text = printed(run)
    assert 'It would have stopped the last plan on "Is it safe?", which opens with somebody (Legal).' in text
    assert "the only plan, not signed" in text
    assert "where it ended: no deal" in text
    asked = " ".join(each.text for each in discussion(debrief(run)))
    assert "Had your last plan gone ahead, who would have seen first" in asked


def test_what_a_fact_shows_beside_a_choice_alone_is_told_with_the_choice():
    """At the table and in the debrief; a fact that fails what it shows beside other choices names its own choice too."""
    evidence = ward().plain()["evidence"]
    tied = [evidence[0] | {"when": {"reach": "few"}}, evidence[1] | {"undermines": ["watched"]}]
    run = met(
        ward(evidence=tied),
        pm=Scripted(packages=[package("some")]), engineer=Scripted(positions=["yes"]),
        legal=Scripted(opening=Opening(tables=("log",)), positions=["yes"]),
    )  # fmt: skip
    text = printed(run)
    assert "They want it. By the case's rule this shows it for a few." in text
    assert (
        "Six seconds (told by Legal, opening). By the case's rule this does not count against somebody."
        in text
    )
    assert 'speaks against "Has anyone watched?"' not in text
    (ruling,) = run.record.rulings
    finding = next(each for each in ruling.findings if each.criterion == "wanted")
    assert reason(run.scenario, finding, run.record.packages[-1]).why == "shown for a few: They want it."
