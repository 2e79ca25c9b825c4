"""What a debrief claims is in its record, and no more: a teacher read two of them, and these are the kinds she found."""

from __future__ import annotations

import pytest
from making import scenario
from test_debrief import printed, recorded

from aipm_agents.analysis.debrief.whole import debrief
from aipm_agents.analysis.run.conduct import conduct
from aipm_agents.analysis.run.raising import raised
from aipm_agents.negotiation import negotiate
from aipm_agents.report.debrief.discussion import discussion
from aipm_agents.report.debrief.whole import screen
from aipm_agents.report.papers.markdown import markdown
from aipm_agents.report.words.raising import subject
from aipm_agents.report.words.reasons import reason
from aipm_agents.seats.embedded.purpose import framing
from aipm_agents.seats.scripted import Scripted
from aipm_agents.table.moves import Opening, Position, Proposal, Words

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
    assert 'Six seconds. By the case\'s rule this is taken care of by "somebody".' in text
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
    assert ("That choice stood in the plans before this was told." in printed(run)) is said


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
        'Six seconds (told by Legal, opening). By the case\'s rule this is taken care of by "somebody".'
        in text
    )
    assert 'speaks against "Has anyone watched?"' not in text
    (ruling,) = run.record.rulings
    finding = next(each for each in ruling.findings if each.criterion == "wanted")
    assert reason(run.scenario, finding, run.record.packages[-1]).why == "shown for a few: They want it."


def test_a_choice_beside_another_that_would_have_done_is_not_said_to_have_been_there():
    """The log counts neither against a model nor against rules beside it; the plan changed from the one to the other."""
    small = ward().plain()
    log = {**small["evidence"][1], "unless": [{"path": ["whole", "rules"]}]}
    run = met(
        ward(evidence=[small["evidence"][0], log]),
        pm=Scripted(packages=[package("some"), package("some"), package("some", path="rules")]),
        engineer=Scripted(positions=["yes"] * 3), legal=Scripted(positions=["no", wants(tables=("log",), path="rules"), "yes"]),
    )  # fmt: skip
    assert 'taken care of by "rules beside it"' in printed(run)
    assert "That choice stood in the plans before" not in printed(run)


class Person(Scripted):
    """A person in the PM's seat, who sends the opening as it is offered, or says their own."""

    kind = "human"

    def __init__(self, says=None, **script):
        super().__init__(**script)
        self.says = says

    def frame(self, view):
        return framing(view) if self.says is None else Words(says=self.says)


@pytest.mark.parametrize("own", [None, "For people in the queue: they stand there."])
def test_words_that_the_program_offers_are_nobodys_own(own):
    """Sent as they stood they earn no credit, and lay nothing on the others for not taking it up."""
    made = ward(
        purpose="people in the queue", affected=[{"who": "people in the queue", "stake": "they stand there"}]
    )
    run = met(made, pm=Person(own, packages=[package("some")]), engineer=Scripted(positions=["yes"]), legal=Scripted(positions=["yes"]))  # fmt: skip
    work, text = conduct(run.record), printed(run)
    assert (work.harm_named is not None) is (own is not None)
    assert (work.talk["pm"] > 0) is (own is not None)
    assert ("PM named whom it serves (opening)" in text) is (own is not None)
    assert ("the words that the program offers" in text) is (own is None)


def test_a_no_go_of_a_plan_that_what_was_kept_would_have_let_through_says_so():
    """Everybody said yes twice to the very plan that would have passed; that is known, and need not be guessed."""
    run = recorded(made := scenario(), negotiate(made, {
        "pm": Scripted(packages=[{"reach": "few", "review": "some"}]), "engineer": Scripted(positions=["yes"]),
        "legal": Scripted(positions=["yes"]),
    }, seed=0))  # fmt: skip
    assert run.decision.outcome == "no_go"
    text = printed(run)
    assert "the last plan itself would have met every checkpoint. 3 of 3 said yes to it." in text
    assert "nobody can tell" not in text
    assert "the very plan that lay on the table in rounds 1 and 2" in text
    assert "0 of 0" not in text


def asks(about, **more):
    return Proposal(
        package=package("some").package, question={"to": "legal", "about": about, "text": "Who?"}, **more
    )


def test_a_question_about_the_choice_that_a_harm_hangs_on_is_not_passed_over():
    """Nobody names the harm; who reads is what the log hangs on by the case's rule, and the PM asks it."""
    tells = Position(vote="yes", tables=("log",))
    for pm, said in ((asks("review"), True), (package("some"), False)):
        found = debrief(met(ward(), pm=Scripted(packages=[pm] * 3), engineer=Scripted(positions=["yes"]), legal=Scripted(positions=[tells, "yes"])))  # fmt: skip
        assert bool(found.practices["safety"].touched) is said
    answered = Position.model_validate(
        {"vote": "yes", "tables": ["log"], "answer": {"to": "pm", "about": "review"}}
    )
    run = met(ward(), pm=Scripted(packages=[asks("review"), package("some")]), engineer=Scripted(positions=["yes"]), legal=Scripted(positions=[answered, "yes"]))  # fmt: skip
    text = printed(run)
    assert "taken up by a choice, not by name" in text
    assert "nobody took it up" not in text.split("Safety and alignment from the start")[1].split("\n")[0]
    assert "NOT SHOWN: no question, doubt or reason about it" not in text.split("Are AI safety and ethics")[1]
    assert "1 answer about a choice names none: Legal (round 1)." in text


def test_a_wish_for_either_of_two_is_told_as_that():
    opening = Opening.model_validate({"asks": [{"issue": "path", "options": ["rules", "whole"]}]})
    run = met(ward(), pm=Scripted(packages=[package("some")]), engineer=Scripted(opening=opening, positions=["yes"]), legal=Scripted(positions=["yes"]))  # fmt: skip
    made = next(each for each in raised(run.record) if each.how == "wish")
    assert subject(run.scenario, made) == '"rules beside it" or "a model"'


def test_what_somebody_wanted_was_not_thereby_chosen_knowingly(signed):
    assert debrief(signed).practices["technology"].status == "counted"


def test_what_came_out_in_the_last_round_is_what_held_it():
    """Everything is open and everybody said yes: the log, which can fail a criterion, came out with the votes."""
    tells = Position(vote="yes", tables=("log",))
    run = met(ward(rounds=1), pm=Scripted(packages=[package("some")]), engineer=Scripted(positions=["yes"]), legal=Scripted(positions=[tells]))  # fmt: skip
    assert run.decision.outcome == "no_agreement"
    held = 'At the last ruling (round 1) all four checkpoints were open. What held it: "Six seconds." came out in that very round'
    text = printed(run)
    assert held in text.split("Left on the table")[0]
    assert "Too much was unsaid" not in text
    open_ = met(ward(rounds=1), pm=Scripted(packages=[package("some")]), engineer=Scripted(positions=["yes"]), legal=Scripted(positions=["no"]))  # fmt: skip
    assert "all four checkpoints were open" not in printed(open_)


def test_a_pass_by_a_fact_that_speaks_against_another_question_says_what_it_does_not_count_against(signed):
    short = markdown(screen(debrief(signed), full=False))
    assert 'It speaks against "Is it safe?" By the case\'s rule, not beside somebody.' in short
