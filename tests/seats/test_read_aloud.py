"""What a person who reads a meeting aloud stumbles over: who is answered, what is credited, what a yes takes back."""

from __future__ import annotations

import re
from functools import lru_cache

import making
import pytest

from aipm_agents.negotiation import negotiate
from aipm_agents.scenario.library import locate
from aipm_agents.scenario.reader import read
from aipm_agents.seats.embedded import Embedded
from aipm_agents.seats.embedded.asking import put_to_me, sent_for
from aipm_agents.seats.embedded.bargain import stops
from aipm_agents.seats.embedded.deadlock import deadlock
from aipm_agents.seats.embedded.phrases import bank
from aipm_agents.table.checkpoints import fails, is_open, ruling_of
from aipm_agents.table.events import Answered, Injected, Opened, Proposed, Ruled
from aipm_agents.table.lawful import asker
from aipm_agents.table.moves import Opening, Position, Proposal, Question, Trade
from aipm_agents.table.view import view

CASES = ("knowledge-desk", "mood-coach", "refund-copilot.zh-Hant")


@lru_cache
def played(name):
    scenario = read(locate(name))
    return scenario, negotiate(scenario, {role: Embedded() for role in scenario.parties}, seed=4)


def seen(scenario, events, role, number):
    return view(scenario, tuple(events), role, seed=1, number=number)


def asks(role, number, to, about):
    return Answered(round=number, role=role, move=Position(vote="no", question=Question(to=to, about=about)))


PACKAGE = {"reach": "few", "review": "some"}
TABLED = [Proposed(round=n, package=PACKAGE, move=Proposal(package=PACKAGE)) for n in range(4)]


def rounds(made, *answers):
    """Rounds 1, 2 ...: a package, an answer, a ruling; the last one tabled, and no more."""
    events = []
    for number, answer in enumerate(answers, 1):
        events += [TABLED[number], answer]
        events.append(ruling_of(made, tuple(events), number))
    return [*events, TABLED[len(answers) + 1]]


def test_who_asked_last_is_the_one_who_is_answered():
    made = making.scenario()
    events = rounds(made, asks("engineer", 1, "legal", "reach"), asks("pm", 2, "legal", "reach"))
    assert asker(seen(made, events, "legal", 3), Question(to="legal", about="reach")) == "pm"


def test_a_question_waits_until_it_is_answered_and_the_pms_comes_first():
    made = making.scenario()
    answered = Answered(
        round=2, role="legal", move=Position(vote="no", answer={"to": "pm", "about": "review"})
    )
    events = rounds(made, asks("engineer", 1, "legal", "reach"), answered)
    put = Proposal(package=PACKAGE, question={"to": "legal", "about": "review"})
    events[3] = Proposed(round=2, package=PACKAGE, move=put)
    assert put_to_me(seen(made, events[:4], "legal", 2)) == ("pm", put.question)
    assert put_to_me(seen(made, events, "legal", 3)) == ("engineer", Question(to="legal", about="reach"))


def test_nobody_gives_up_what_it_never_asked_for_aloud():
    """What stands beside a yes was a wish of its own; nobody has heard it."""
    first = Answered(
        round=1, role="engineer", move=Position(vote="yes", asks=({"issue": "review", "options": ["none"]},))
    )
    told = Opened(round=0, role="legal", move=Opening(tables=("test",), says="It errs."))
    said = Embedded().answer(seen(making.scenario(), (TABLED[1], first, told, TABLED[2]), "engineer", 2)).says
    assert '"nobody"' not in said


def lines(act, voice="anyone"):
    return [re.split(r"\{\w+\}", phrase.says) for phrase in bank("en")[voice][act]]


def says_one_of(said, act, voice="anyone"):
    return any(all(piece in said for piece in pieces) for pieces in lines(act, voice))


def test_nobody_says_yes_to_what_it_has_just_shown_to_fail():
    data = making.scenario().plain()
    data["parties"]["legal"] |= {"walk_away": 0, "temperament": {"candour": 1}}
    data["parties"]["legal"]["points"] = {"reach": {"all": 0, "few": 50}, "review": {"none": 50, "some": 45}}
    made = making.scenario(parties=data["parties"])
    table = {"reach": "few", "review": "none"}
    put = Proposal(package=table, question={"to": "legal", "about": "safe"})
    events = [Proposed(round=1, package=table, move=put)]
    move = Embedded().answer(seen(made, events, "legal", 1))
    assert (move.tables, move.vote) == (("test",), "yes_if")
    assert [(ask.issue, ask.options) for ask in move.asks] == [("review", ("some",))]


NEWS = {"id": "came", "says": "It errs at night.", "undermines": ["safe"], "unless": {"review": "some"}}


def after_news(table, *asked):
    made = making.scenario(
        evidence=[],
        injects=[{"before_round": 2, "headline": "Night.", "from": "A nurse", "evidence": [NEWS]}],
    )
    came = Injected(round=2, number=0, headline="Night.", sender="A nurse", evidence=("came",))
    return made, [*asked, came, Proposed(round=2, package=table, move=Proposal(package=table))]


def test_news_is_answered_by_whose_question_it_asks():
    for review, act in (("some", "heard_answered"), ("none", "heard_open")):
        made, events = after_news({"reach": "few", "review": review})
        assert says_one_of(Embedded().answer(seen(made, events, "legal", 2)).says, act)
        said = Embedded().answer(seen(made, events, "engineer", 2)).says
        assert not says_one_of(said, act), "it asked for nothing, and the question is not its own"


@pytest.mark.parametrize(("option", "act"), [("some", "heard_for"), ("none", "heard_against")])
def test_news_is_answered_by_whose_wish_it_touches(option, act):
    wish = Position(vote="yes_if", asks=({"issue": "review", "options": [option]},))
    made, events = after_news(
        {"reach": "few", "review": "some"}, TABLED[1], Answered(round=1, role="engineer", move=wish)
    )
    assert says_one_of(Embedded().answer(seen(made, events, "engineer", 2)).says, act)


def test_the_pm_names_what_in_its_plan_answers_the_news():
    table = {"reach": "few", "review": "none"}
    made, events = after_news(table)
    first = Proposed(round=1, package=table, move=Proposal(package=table))
    ruled = ruling_of(made, (first,), 1)
    move = Embedded().propose(seen(made, [first, ruled, events[0]], "pm", 2))
    assert move.package["review"] == "some"
    assert says_one_of(move.says, "by_news", "pm")


def test_whoever_owns_a_question_and_told_something_else_is_asked_before_the_others():
    """One fact a turn: who was asked and told another may hold the answer still. Who told nothing has nothing."""
    made = making.scenario(
        evidence=[each | {"held_by": ["engineer"]} for each in making.scenario().plain()["evidence"]]
    )
    for tables, to in ((("test",), {"engineer"}), ((), {"legal"})):
        told = Answered(round=2, role="engineer", move=Position(vote="yes", tables=tables))
        quiet = Answered(round=1, role="engineer", move=Position(vote="yes"))
        put = Embedded().propose(seen(made, rounds(made, quiet, told), "pm", 3)).question
        assert put is not None
        assert (put.about, {put.to}) == ("wanted", to)


def test_nobody_is_asked_for_what_is_known_to_hold_for_other_choices_only():
    data = making.scenario().plain()
    data["evidence"][0] |= {"held_by": ["engineer"], "when": {"reach": "all"}}
    made = making.scenario(evidence=data["evidence"])
    told = Answered(round=1, role="engineer", move=Position(vote="yes", tables=("survey",)))
    quiet = Answered(round=2, role="engineer", move=Position(vote="yes"))
    move = Embedded().propose(seen(made, rounds(made, told, quiet), "pm", 3))
    assert move.question is None or move.question.about != "wanted"
    assert "Is it wanted?" not in move.says


def test_an_offer_is_reckoned_with_both_its_sides():
    """All of them is too much for one; it passes with what the swap gives for it."""
    data = making.scenario().plain()
    data["issues"][1]["options"][0]["effects"] = {"load": -1}
    made = making.scenario(issues=data["issues"], evidence=[])
    now = {"reach": "few", "review": "some"}
    events = [Proposed(round=1, package=now, move=Proposal(package=now))]
    asks_all = seen(made, events, "pm", 2)
    whole = Trade.model_validate({"give": {"review": "none"}, "for": {"reach": "all"}})
    assert stops(asks_all, now, whole) is None
    half = Trade.model_validate({"give": {"review": "some"}, "for": {"reach": "all"}})
    assert stops(asks_all, now, half) == ("Is it light?", {"reach": "all"})


def test_a_seat_argues_only_for_what_it_asks():
    """What it has to say on an issue was written for its favourite, and may mock the rest."""
    data = making.scenario().plain()
    data["parties"]["engineer"]["argues"] = {"review": ["Readers fall asleep."]}
    data["parties"]["engineer"]["points"] = {
        "reach": {"all": 0, "few": 0},
        "review": {"none": 100, "some": 0},
    }
    for evidence, argues in (([], True), (data["evidence"], False)):
        made = making.scenario(parties=data["parties"], evidence=evidence)
        told = [Opened(round=0, role="legal", move=Opening(tables=("test",)))] if evidence else []
        table = {"reach": "few", "review": "some"}
        events = [*told, Proposed(round=1, package=table, move=Proposal(package=table))]
        assert ("Readers fall asleep." in Embedded().answer(seen(made, events, "engineer", 1)).says) == argues


def test_whoever_has_spoken_since_is_not_quoted_as_if_it_were_just_now():
    made = making.scenario(
        evidence=[each | {"held_by": ["engineer"]} for each in making.scenario().plain()["evidence"]]
    )
    told = Answered(
        round=1, role="engineer", move=Position(vote="no", tables=("survey",), says="They want it.")
    )
    said = Embedded().answer(seen(made, rounds(made, told), "legal", 2)).says
    assert says_one_of(said, "pickup_earlier")


@pytest.mark.parametrize(
    "stopped_by", ["the rule", "nothing else passes either", "a red line of its own", "one of two"]
)
def test_who_asks_again_for_what_stops_the_package_says_what_else_has_to_change(stopped_by):
    """Where something else can: what fails beside it too would not pass, and its own red line is no gate."""
    data = making.scenario().plain()
    data["issues"][1]["options"][0]["effects"] = {"load": -1}
    data["parties"]["engineer"]["points"] = {
        "reach": {"all": 80, "few": 0},
        "review": {"none": 0, "some": 20},
    }
    checkpoints, doom = data["checkpoints"], []
    if stopped_by == "nothing else passes either":
        checkpoints["viable"].append({"id": "doomed", "asks": "Is it doomed?", "owner": "pm"})
        doom = [{"id": "doom", "says": "It is.", "undermines": ["doomed"], "held_by": ["engineer"]}]
    if stopped_by == "one of two":
        data["issues"][1]["options"].append({"id": "bot", "label": "a bot", "effects": {"load": -1}})
        for party in data["parties"].values():
            party["points"]["review"]["bot"] = 0
    if stopped_by == "a red line of its own":
        checkpoints = {}
        data["parties"]["engineer"]["red_lines"] = [
            {"when": {"reach": "all", "review": "some"}, "because": "I would sign it"}
        ]
    made = making.scenario(
        issues=data["issues"], parties=data["parties"], evidence=doom, checkpoints=checkpoints
    )
    wish = Position(
        vote="no", asks=({"issue": "reach", "options": ["all"]},), tables=[each["id"] for each in doom]
    )
    told = Answered(round=1, role="engineer", move=wish)
    said = Embedded().answer(seen(made, rounds(made, told), "engineer", 2)).says
    told = says_one_of(said, "needs_also") or says_one_of(said, "needs_it")
    assert told == (stopped_by == "the rule")
    assert ('"nobody"' in said) == (stopped_by == "the rule")


def test_two_who_are_no_longer_apart_are_no_deadlock():
    """A wish of the opening is past; who has offered to let it go does not stand in the way."""
    data = making.scenario().plain()
    made = making.scenario(checkpoints={}, evidence=[], parties=data["parties"])
    wish, other = ({"issue": "reach", "options": [each]} for each in ("all", "few"))
    events = [Opened(round=0, role="engineer", move=Opening(asks=(other,)))]
    for number in (1, 2, 3):
        events.append(TABLED[number])
        events.append(Answered(round=number, role="legal", move=Position(vote="yes_if", asks=(wish,))))
        events.append(
            Answered(
                round=number,
                role="engineer",
                move=Position(vote="yes_if", asks=(other,) if number == 1 else ()),
            )
        )
        events.append(ruling_of(made, tuple(events), number))
    stuck = deadlock(seen(made, events, "pm", 4))
    assert stuck is not None
    both = {"issue": "reach", "options": ["all", events[-4].package["reach"]]}
    apart, events[-3] = (
        events[-3],
        Answered(round=3, role="legal", move=Position(vote="yes_if", asks=(both,))),
    )
    assert deadlock(seen(made, events, "pm", 4)) is None, "what the plan has would do, too"
    events[-3] = apart
    given = {"vote": "yes_if", "trade": {"give": {"reach": "all"}, "for": {"review": "none"}}}
    events[-2] = Answered(round=3, role="engineer", move=Position.model_validate(given))
    stuck = deadlock(seen(made, events, "pm", 4))
    assert stuck is None or stuck.other != "engineer"


@pytest.mark.parametrize("name", CASES)
def test_a_meeting_read_aloud(name):
    scenario, events = played(name)
    words: dict[tuple[int, str], int] = {}
    ruling, package, meant, wished = None, None, [], {}
    for at, event in enumerate(events):
        if isinstance(event, Proposed) and event.move is not None:
            if ruling is not None and ruling.too_new and all(map(is_open, ruling.verdicts.values())):
                known = seen(scenario, events[:at], "pm", event.round).tabled
                musts = [each for _, each in scenario.criteria.values() if each.blocking]
                shut = any(fails(scenario, each, package, known) for each in musts)
                assert shut or event.package == package, "what had every yes it needs is put again"
            package, put = event.package, event.move.question
            if put is not None and put.about in package:
                assert wished.get((put.to, put.about)) != package[put.about], "it has what it asked for first"
            assert put is None or put.about not in sent_for(seen(scenario, events[:at], "pm", event.round))
        if isinstance(event, Answered):
            move = event.move
            if move.vote != "yes":
                wished |= {(event.role, ask.issue): ask.options[0] for ask in move.asks}
            if move.trade is not None:
                labels = [
                    scenario.label(*pair) for pair in (*move.trade.give.items(), *move.trade.get.items())
                ]
                assert all(label in move.says for label in labels), "a trade that is offered is offered aloud"
            if move.question is not None and move.question.about not in (*scenario.issue, *scenario.criteria):
                words[event.round, move.question.about] = words.get((event.round, move.question.about), 0) + 1
                assert meant.count(move.question.about) < 2, "settled"
            if move.answer is not None and move.answer.about not in (*scenario.issue, *scenario.criteria):
                meant = [*meant, move.answer.about]
        if isinstance(event, Ruled):
            ruling = event
    assert all(count == 1 for count in words.values())


@pytest.mark.parametrize(("package", "vote", "under"), [("all", "yes", "light"), ("few", "yes", None)])
def test_a_yes_to_a_package_under_a_bar_of_ones_own_says_so(package, vote, under):
    """The load is the engineer's to watch, and everybody can reckon it: too much with all of them."""
    made = making.scenario()
    move = Proposal(package={"reach": package, "review": "none"})
    put = Proposed(round=5, package=move.package, move=move)
    said = Embedded().answer(seen(made, (put,), "engineer", made.rounds))
    assert (said.vote, said.concern) == (vote, under)
    assert ("Is it light?" in said.says) == (under is not None)
