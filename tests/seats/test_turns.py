"""A turn follows from the one before: who is offered what, whose wish is answered, which doubt, and in what order it is told."""

from __future__ import annotations

from types import SimpleNamespace

import making
import pytest
from test_read_aloud import TABLED, asks, rounds, says_one_of, seen

from aipm_agents.negotiation import negotiate
from aipm_agents.scenario.library import bundled
from aipm_agents.scenario.reader import read
from aipm_agents.seats.embedded import Embedded
from aipm_agents.seats.embedded.asking import question, question_act
from aipm_agents.seats.embedded.bargain import passed_over
from aipm_agents.seats.embedded.chair import _stuck_acts, proposal
from aipm_agents.seats.embedded.deadlock import Deadlock
from aipm_agents.seats.embedded.interests import interests
from aipm_agents.seats.embedded.mediator import Mediator
from aipm_agents.seats.embedded.phrases import WORDS, bank
from aipm_agents.seats.embedded.stance import softened
from aipm_agents.seats.embedded.voice import Act, speak
from aipm_agents.table.checkpoints import ruling_of
from aipm_agents.table.events import Answered, Injected, Opened, Proposed, Ruled, last_ruling
from aipm_agents.table.moves import Opening, Position, Proposal, Question
from aipm_agents.table.view import view

ALL_NONE, ALL_SOME = {"reach": "all", "review": "none"}, {"reach": "all", "review": "some"}
FEW_NONE, FEW_SOME = {"reach": "few", "review": "none"}, {"reach": "few", "review": "some"}


class Chair(Mediator):
    """A PM that has made up its mind."""

    def __init__(self, package):
        super().__init__()
        self.package = package

    def propose(self, view):
        return self.package


def tabled(package, number=1):
    return Proposed(round=number, package=package, move=Proposal(package=package))


def ruled(made, package, *answers, number=1):
    events = (tabled(package, number), *answers)
    return [*events, ruling_of(made, events, number)]


def open_table(**parties):
    """Nothing to pass but votes."""
    data = making.scenario().plain()
    for role, changes in parties.items():
        data["parties"][role] |= changes
    return making.scenario(checkpoints={}, evidence=[], parties=data["parties"])


def answer(role, vote, *wishes, number=1, **move):
    asked = [{"issue": issue, "options": options} for issue, options in wishes]
    return Answered(
        round=number, role=role, move=Position.model_validate({"vote": vote, "asks": asked, **move})
    )


# --- what is asked for and offered ------------------------------------------------------------


def test_what_is_worth_less_beside_the_rest_is_not_asked_for_alone():
    """Each of the two alone loses the points for choices made together; both bring more."""
    points = {"reach": {"all": 60, "few": 30}, "review": {"none": 40, "some": 20}}
    bonus = {"points": 35, "when": {"reach": "few", "review": "some"}}
    made = open_table(engineer={"points": points, "bonuses": [bonus], "walk_away": 84})
    table = seen(made, [tabled(FEW_SOME)], "engineer", 1)
    assert [interests(table).gain(issue, FEW_SOME) for issue in FEW_SOME] == [0, 0], (
        "each alone loses the bonus"
    )
    move = Embedded().answer(table)
    assert move.vote == "yes_if"
    assert {ask.issue: ask.options for ask in move.asks} == {"reach": ("all",), "review": ("none",)}


@pytest.mark.parametrize(("vote", "offers"), [("no", True), ("yes", False)])
def test_an_offer_gives_what_was_asked_for_aloud_and_says_to_whom_it_goes(vote, offers):
    points = {"reach": {"all": 60, "few": 20}, "review": {"none": 40, "some": 38}}
    made = open_table(engineer={"points": points, "walk_away": 50})
    events = [
        *ruled(made, FEW_NONE, answer("legal", vote, ("review", ["some"]))), tabled(FEW_NONE, 2),
    ]  # fmt: skip
    move = Embedded().answer(seen(made, events, "engineer", 2))
    assert (move.trade is not None) == offers
    assert says_one_of(move.says, "trade_to") == offers


def test_who_has_said_it_twice_is_not_asked_what_it_thinks():
    made = open_table()

    def put(*answers):
        events = [*rounds(made, *answers)]
        looks = [view(made, tuple(events), "engineer", seed=seed, number=3) for seed in range(60)]
        return {question(each, "no", interests(each), ()) for each in looks} - {None}

    wish, other = ("review", ["none"]), ("reach", ["all"])
    assert Question(to="legal", about="review") in put(
        answer("legal", "no", other), answer("legal", "no", wish, number=2)
    )
    assert not put(answer("legal", "no", wish), answer("legal", "no", wish, number=2))
    assert not put(answer("legal", "yes", other), answer("legal", "yes", wish, number=2)), "nobody heard it"
    twice = rounds(made, answer("legal", "no", wish), answer("legal", "no", wish, number=2))
    for events, act in ((twice, "question_else"), (twice[:3], "question_issue")):
        asked = question_act(seen(made, events, "engineer", 3), Question(to="legal", about="review"))
        assert asked.name == act, "where the list is open it is asked for what is not on it"


# --- answers ----------------------------------------------------------------------------------


def test_all_who_asked_the_same_are_answered_at_once():
    made = open_table()
    put = Proposal(package=FEW_NONE, question={"to": "legal", "about": "reach"})
    events = [*ruled(made, FEW_NONE, asks("engineer", 1, "legal", "reach"))]
    move = Embedded().answer(seen(made, [*events, Proposed(round=2, package=FEW_NONE, move=put)], "legal", 2))
    assert {reply.to for reply in move.replies} == {"engineer", "pm"}
    assert len({reply.prefers for reply in move.replies}) == 1


def test_an_option_that_is_the_answer_is_told_before_the_fact_beside_it():
    data = making.scenario().plain()
    data["issues"][1]["options"][1] |= {"held_by": ["engineer"], "aloud": "Somebody could read."}
    data["evidence"][0] |= {"held_by": ["engineer"], "aloud": "They rang us.", "when": {"review": "none"}}
    data["evidence"][1] |= {"unless": {"reach": "few"}}
    data["parties"]["engineer"] |= {"temperament": {"candour": 1}}
    for party in data["parties"].values():
        party["points"]["review"] = {"none": 20, "some": 40}
    made = making.scenario(issues=data["issues"], evidence=data["evidence"], parties=data["parties"])
    put = Proposal(package=FEW_NONE, question={"to": "engineer", "about": "review"})
    events = [*ruled(made, FEW_NONE), Proposed(round=2, package=FEW_NONE, move=put)]
    said = Embedded().answer(seen(made, events, "engineer", 2)).says
    assert says_one_of(said, "reply_table", "engineer")
    assert said.index("Somebody could read.") < said.index("They rang us.")


@pytest.mark.parametrize("limits", [(), ({"ground": "sample", "says": "two people"},)])
def test_who_is_doubted_for_nothing_says_that_it_knows_of_nothing(limits):
    data = making.scenario().plain()
    data["evidence"][0] |= {"held_by": ["engineer", "legal"], "limits": limits}
    data["evidence"][1] |= {"limits": [{"ground": "stale", "says": "it is old"}]}
    made = making.scenario(evidence=data["evidence"])
    told = Opened(round=0, role="engineer", move=Opening(tables=("survey",)))
    doubt = answer("legal", "no", challenge={"evidence": "survey", "ground": "sample"})
    said = Embedded().answer(seen(made, [told, *rounds(made, doubt)], "engineer", 2)).says
    assert says_one_of(said, "challenge_stands") == (not limits)


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_a_yes_to_a_wish_granted_names_the_wish(language):
    for voice, acts in bank(language).items():
        for phrase in acts.get("yes_moved", ()):
            assert "{granted}" in phrase.says or phrase.needs & {"fulfilled", "sacrifice"}, (voice, phrase)


# --- words ------------------------------------------------------------------------------------


def with_terms():
    data = making.scenario().plain()
    for role in ("engineer", "legal"):
        data["parties"][role]["terms"] = {"answer": f"what {role} builds"}
    return making.scenario(checkpoints={}, evidence=[], parties=data["parties"])


def test_a_word_that_is_two_things_is_not_used_by_the_way():
    assert any("answer" in phrase.says for phrase in bank("en")["pm"]["blocked_open"])
    slots = {"checkpoint": "Desire", "asks": '"Why?"', "option": '"few"'}
    said = Opened(round=0, role="legal", move=Opening(says="An answer."))
    for seed in range(8):
        seat = view(with_terms(), (said, TABLED[1]), "pm", seed=seed, number=1)
        assert "answer" not in speak(seat, [Act("blocked_open", slots, holds=WORDS)])


def test_who_is_asked_for_a_word_hears_what_it_is_to_the_other():
    made = with_terms()
    put = asks("legal", 1, "engineer", "answer")
    put = put.model_copy(update={"move": put.move.model_copy(update={"says": "An answer?"})})
    told = answer("engineer", "no", number=2, answer={"to": "legal", "about": "answer"})
    first = ruled(made, FEW_NONE, put)
    after = [*first, *ruled(made, FEW_NONE, told, number=2)]
    before, after = (seen(made, each, "pm", number) for each, number in ((first, 2), (after, 3)))
    assert question_act(before, Question(to="legal", about="answer")).name == "question_term"
    assert "what engineer builds" in question_act(after, Question(to="legal", about="answer")).slots["means"]


def test_two_acts_of_a_kind_in_one_turn_are_told_in_two_ways():
    seat = view(open_table(), (TABLED[1],), "pm", seed=3, number=1)
    acts = [Act("moved", {"who": who, "option": f'"{who}s"'}, holds=WORDS) for who in ("Ann", "Bo")]
    assert speak(seat, acts[:1]).replace("Ann", "Bo") not in speak(seat, acts)


# --- the chair --------------------------------------------------------------------------------


@pytest.mark.parametrize(("package", "leads"), [(FEW_SOME, True), (FEW_NONE, False)])
def test_a_fact_is_put_plainly_where_it_leads_to_what_is_changed(package, leads):
    data = making.scenario().plain()
    data["evidence"][1]["plainly"] = "It hurts people."
    made = making.scenario(evidence=data["evidence"])
    events = ruled(made, FEW_NONE, answer("legal", "no", tables=("test",)))
    assert ("It hurts people." in proposal(seen(made, events, "pm", 2), Chair(package)).says) == leads


@pytest.mark.parametrize(
    ("told", "now", "act"), [(True, FEW_SOME, "wish_fails"), (False, FEW_SOME, "wish_left"), (False, FEW_NONE, None)]
)  # fmt: skip
def test_a_wish_a_plan_turns_away_from_is_owed_a_reason(told, now, act):
    made = making.scenario()
    known = [Opened(round=0, role="legal", move=Opening(tables=("test",)))] if told else []
    events = known + ruled(made, ALL_NONE, answer("legal", "no", ("review", ["none"])))
    table = seen(made, events, "pm", 2)
    acts = passed_over(table, Mediator(), last_ruling(table.events), now, None)
    assert [each.name for each in acts] == ([act] if act else [])


def test_the_pm_says_what_held_a_deal_that_everybody_wanted():
    """Everybody said yes, and what came out with the votes has to be heard first: nobody is asked what they would change."""
    data = making.scenario().plain()
    data["evidence"][1]["plainly"] = "It hurts people."
    leak = {
        "id": "leak",
        "says": "It leaks names.",
        "held_by": ["engineer"],
        "undermines": ["safe"],
        "unless": {"review": "some"},
    }
    made = making.scenario(evidence=[*data["evidence"], leak])
    told = answer("engineer", "yes", tables=("survey", "leak")), answer("legal", "yes", tables=("test",))
    events = ruled(made, FEW_SOME, *told)
    ruling = last_ruling(tuple(events))
    assert ruling.too_new == ("test", "leak")
    said = proposal(seen(made, events, "pm", 2), Chair(FEW_SOME)).says
    assert says_one_of(said, "unheard", "pm")
    assert "It hurts people. It leaks names." in said


def test_a_wish_that_cannot_be_had_beside_the_plan_is_not_said_to_cost():
    data = making.scenario().plain()
    nobody_reads = data["issues"][1]["options"][0]
    nobody_reads["available"] = {"when": {"reach": ["few"]}}
    made = making.scenario(issues=data["issues"])
    events = ruled(made, FEW_NONE, answer("legal", "no", ("review", ["none"])))
    table = seen(made, events, "pm", 2)
    acts = passed_over(table, Mediator(), last_ruling(table.events), ALL_SOME, None)
    assert [each.name for each in acts] == ["wish_apart"]


def test_a_trade_that_is_taken_is_said_whatever_else_there_is():
    data = making.scenario().plain()
    data["evidence"][0]["voice"] = "user"
    data["evidence"][1]["plainly"] = "It hurts people."
    made = making.scenario(evidence=data["evidence"])
    trade = {"give": {"review": "some"}, "for": {"reach": "few"}}
    events = ruled(
        made, ALL_NONE, answer("engineer", "yes_if", ("reach", ["few"]), trade=trade, tables=("survey",)),
        answer("legal", "no", tables=("test",)),
    )  # fmt: skip
    assert says_one_of(proposal(seen(made, events, "pm", 2), Chair(FEW_SOME)).says, "trade_taken", "pm")


def test_what_was_met_before_is_credited_to_nobody():
    for options, credited in ((["all"], True), (["few", "all"], False)):
        made = open_table()
        events = ruled(made, FEW_SOME, answer("legal", "yes_if", ("reach", options), ("review", ["none"])))
        said = proposal(seen(made, events, "pm", 2), Chair(ALL_SOME)).says
        assert says_one_of(said, "moved", "pm") == credited


class Sure(Chair):
    """A PM that believes everybody likes nobody reading least."""

    def believed(self, view, role, package):
        return 90.0 if package["review"] == "some" else 10.0


@pytest.mark.parametrize("wished", [False, True])
def test_nobody_is_said_to_leave_over_what_they_asked_for(wished):
    """Engineer offers to read nothing; Legal, who says yes, is believed to hate that, and may have asked for it aloud."""
    made = open_table(pm={"points": {"reach": {"all": 50, "few": 50}, "review": {"none": 50, "some": 50}}})
    legal = Opened(
        round=0,
        role="legal",
        move=Opening.model_validate({"asks": [{"issue": "review", "options": ["none"]}] if wished else []}),
    )
    trade = {"give": {"reach": "all"}, "for": {"review": "none"}}
    events = [
        legal,
        *ruled(
            made,
            FEW_SOME,
            answer("engineer", "yes_if", ("review", ["none"]), trade=trade),
            answer("legal", "yes"),
        ),
    ]
    said = proposal(seen(made, events, "pm", 2), Sure(FEW_SOME)).says
    assert says_one_of(said, "trade_costs_yes", "pm") is not wished


@pytest.mark.parametrize("turned", [False, True])
def test_a_plan_that_did_not_move_is_not_called_the_fairest(turned):
    made = making.scenario()
    stuck = Deadlock("engineer", "pm", "review", "none", "some")
    events = ruled(made, FEW_NONE if turned else FEW_SOME, answer("engineer", "no"))
    (act,) = _stuck_acts(seen(made, events, "pm", 2), stuck, FEW_SOME)
    assert ("turned" in act.holds) is turned
    for language in ("en", "zh-Hant"):
        lines = bank(language)["pm"]["stuck_mine"]
        fair = [p for p in lines if any(word in p.says for word in ("fair", "hurts", "虧得最少"))]
        assert fair
        assert all("turned" in p.needs for p in fair)
        assert any("turned" not in p.needs for p in lines)


def test_the_same_plan_is_not_taken_for_a_better_one():
    """Sent back in round 1 and back in round 3 after another: the yes is to the very plan, and says so."""
    made = open_table()
    events = [
        *ruled(made, FEW_SOME, answer("engineer", "yes_if", ("review", ["none"]))),
        *ruled(made, ALL_SOME, answer("engineer", "no", ("review", ["none"]), number=2), number=2),
        tabled(FEW_SOME, 3),
    ]
    table = seen(made, events, "engineer", 3)
    assert softened(table, SimpleNamespace(before="no", moved_by=("pm@3",))) == "yes_after_all"
    events[-1] = tabled(ALL_NONE, 3)
    assert (
        softened(seen(made, events, "engineer", 3), SimpleNamespace(before="no", moved_by=("pm@3",)))
        != "yes_after_all"
    )


# --- a plan that was refused ------------------------------------------------------------------


@pytest.mark.parametrize("vote", ["no", "yes_if", "yes"])
def test_what_was_refused_is_not_tabled_again_as_it_is_while_another_is_near(vote):
    """Legal has a veto: a second round with the same plan would only hear the same answer."""
    made = open_table()
    wish = ("review", ["some"])
    events = ruled(made, FEW_NONE, answer("engineer", "yes"), answer("legal", vote, *[wish][: vote != "yes"]))
    refused = last_ruling(events).team.verdict != "pass"
    assert refused == (vote != "yes")
    chair = Mediator()
    again = chair.propose(view(made, tuple(events), "pm", seed=1, number=2))
    assert not refused or again != FEW_NONE


def test_where_nothing_else_passes_the_same_plan_is_tabled_again():
    made = making.scenario(evidence=[], checkpoints={
        "desire": [], "viable": [], "alignment": [],
        "feasible": [{"id": "only", "asks": "Is it that one?", "owner": "pm", "rule": {"choose": FEW_NONE}}],
    })  # fmt: skip
    events = ruled(made, FEW_NONE, answer("engineer", "yes"), answer("legal", "no", ("review", ["some"])))
    assert Mediator().propose(view(made, tuple(events), "pm", seed=1, number=2)) == FEW_NONE


@pytest.mark.parametrize("name", ["refund-copilot", "night-rounds"])
def test_no_plan_is_refused_twice_running_in_a_case_that_has_another(name):
    scenario = read(bundled()[name])
    for seed in (1, 3, 5, 9):
        events = negotiate(scenario, {role: Embedded() for role in scenario.parties}, seed=seed)
        missed = {e.round for e in events if isinstance(e, Ruled) and e.team.verdict == "blocked"}
        plans = {e.round: e.package for e in events if isinstance(e, Proposed)}
        assert missed
        assert all(plans[n] != plans.get(n + 1) for n in missed), (seed, missed)


def test_words_that_are_read_aloud_are_not_put_plainly_in_the_same_breath():
    scenario, read_out = read(bundled()["knowledge-desk"]), 0
    plain = scenario.facts["marek"].plainly
    for seed in (3, 7):
        events = negotiate(scenario, {role: Embedded() for role in scenario.parties}, seed=seed)
        told = {e.round for e in events if isinstance(e, Injected) and "marek" in e.evidence}
        for event in events:
            if isinstance(event, Proposed) and event.round in told:
                read_out += scenario.facts["marek"].says[:30] in event.move.says
                assert plain not in event.move.says
    assert read_out
