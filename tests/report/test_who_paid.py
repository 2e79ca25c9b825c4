"""What a seat paid, got back and kept to itself, told after a run as the record has it."""

from __future__ import annotations

import json

import pytest
from records import bundle
from test_debrief import ALL_READ, careless, played, printed, recorded, shop

from aipm_agents.analysis.debrief.forgone import forgone
from aipm_agents.analysis.debrief.gains import gains
from aipm_agents.analysis.debrief.groups import groups
from aipm_agents.analysis.debrief.unsaid import withheld
from aipm_agents.analysis.debrief.whole import debrief
from aipm_agents.negotiation import negotiate
from aipm_agents.report.debrief.groups import screen as of_class
from aipm_agents.report.debrief.leaving import leaving
from aipm_agents.report.papers.markdown import markdown
from aipm_agents.seats.scripted import Scripted
from aipm_agents.table.moves import Opening, Position, Proposal
from aipm_agents.table.rules import worth

SOME = [{"issue": "review", "options": ["some"]}]


def test_each_seat_takes_home_what_it_kept_of_every_kind():
    """Legal keeps an option and the bill, anybody the doubt about the demo."""
    run = played(careless())
    kept = withheld(run.record)
    assert {each.kind for each in kept} == {"fact", "option", "study", "challenge", "word"}
    told = {role: markdown(leaving(run.record, role)) for role in run.scenario.parties}
    assert "a spot check" in told["legal"]
    assert "Each shop costs a fortune." in told["legal"]
    assert 'Of the fact "In the demo one customer smiled.": what about its sample?' in told["marketing"]
    assert all("One thing you could have asked" in text for text in told.values())


def test_who_paid_names_the_choice_and_what_was_asked_for_in_vain():
    condition = Position(vote="yes_if", asks=SOME, says="If somebody reads it.")
    seats = careless() | {"marketing": Scripted(positions=[condition, condition])}
    seats["pm"].packages = (seats["pm"].packages[0],) * 2 + (seats["pm"].packages[1],)
    seats["engineer"].positions = (Position(vote="yes", says="Fine."),) * 3
    no = Position(vote="no", tables=("test",), asks=SOME, says="It errs.")
    seats["legal"].positions = (no, no.model_copy(update={"tables": ()}), Position(vote="yes", says="Yes."))
    seats["marketing"].positions = (condition, condition, Position(vote="yes", says="Yes."))
    found = forgone(played(seats).record)
    (wish,) = found["marketing"].wishes
    assert (wish.options, wish.rounds, wish.planned, wish.in_deal) == (("some",), (1, 2), (3,), True)
    assert [(g.issue, g.instead, g.points) for g in found["engineer"].given] == [("reach", "few", 30), ("review", "spot", 5)]  # fmt: skip
    text = " ".join(printed(played(seats)).split())
    assert '35 points short of 85. "all shops" instead of "a few shops": -30.' in text
    assert 'Made "somebody" a condition in rounds 1 and 2. Plans with it: round 3, the deal among them.' in text  # fmt: skip


def test_a_condition_is_met_by_any_option_that_would_do():
    """Either of two would do and the plan took one: met, and no more asked for in a round whose plan has it; what the deal
    is without is told though it was asked for once, and that the deal's option would do in the end."""
    either = [{"issue": "review", "options": ["none", "some"]}]
    few = [{"issue": "reach", "options": ["few"]}]
    any_reach = [{"issue": "reach", "options": ["few", "all"]}]
    seats = careless()
    first, second = seats["pm"].packages
    seats["pm"].packages = (first, second, second)
    seats["engineer"].positions = (Position(vote="yes", says="Fine."),) * 3
    seats["legal"].positions = (
        *(Position(vote="no", asks=[*SOME, *few], says="It errs."),) * 2,
        Position(vote="yes", says="Yes."),
    )
    seats["marketing"].positions = (
        Position(vote="yes_if", asks=[*either, *few], says="A few, and either."),
        Position(vote="yes_if", asks=[*any_reach, {"issue": "review", "options": ["none"]}], says="None."),
        Position(vote="yes", says="Yes."),
    )
    run = played(seats)
    found = forgone(run.record)
    assert [(w.options, w.rounds, w.in_deal, w.eased) for w in found["marketing"].wishes] == [
        (("few",), (1,), False, 2), (("none",), (2,), False, None),
    ]  # fmt: skip
    assert [(w.options, w.rounds) for w in found["legal"].wishes] == [(("few",), (1, 2))]
    text = " ".join(printed(run).split())
    assert (
        'Made "a few shops" a condition in round 1. No plan had it. In round 2 "all shops" would do, too.'
        in text
    )


def test_what_a_fact_changed_is_told_of_every_round():
    """A follow-up that it brought to the deal stood in the rulings before as well."""
    plain = shop().plain()
    plain["checkpoints"]["feasible"][0]["blocking"] = False
    made = shop().model_validate_json(json.dumps(plain), strict=False)
    seats = {role: Scripted(positions=["yes"] * 3) for role in made.parties}
    seats["pm"] = Scripted(packages=[Proposal(package={"reach": "few", "review": "none"})] * 3)
    seats["engineer"] = Scripted(
        positions=[Position(vote="yes", tables=("queue",), says="Nobody can keep up."), "yes", "yes"]
    )
    seats["legal"] = Scripted(positions=["no", "no", "yes"])
    found = debrief(played(seats, made))
    (fact,) = [each for each in found.turning if each.kind == "fact"]
    assert (found.sheet.deal, [shift.round for shift in fact.shifts]) == (True, [1, 2, 3])


def test_what_was_asked_of_somebody_else_is_not_called_unasked():
    """A ruling put the question to its owner; another seat held an answer to it."""
    plain = shop().plain()
    plain["checkpoints"]["feasible"][0]["evidence"] = "required"
    plain["evidence"].append(
        {"id": "hands", "says": "Two more start on Monday.", "held_by": ["marketing"], "supports": ["light"]}
    )
    made = shop().model_validate_json(json.dumps(plain), strict=False)
    seats = {role: Scripted(positions=["yes"] * 3) for role in made.parties}
    seats["pm"] = Scripted(packages=[Proposal(package={"reach": "few", "review": "none"})] * 3)
    found = {each.name: each.why for each in debrief(played(seats, made)).withheld}
    assert (found["hands"], found["bill"]) == ("elsewhere", "not_asked")


def test_a_return_to_yes_is_no_sacrifice_and_names_the_yes_before():
    """Yes, no, yes: what it gained is against the package it had voted down, and nothing was given up."""
    seats = careless()
    none = seats["pm"].packages[0].model_copy(update={"question": None})
    seats["pm"].packages = (seats["pm"].packages[1], none, seats["pm"].packages[1])
    yes, no = Position(vote="yes", says="Yes."), Position(vote="no", asks=SOME, says="Nobody reads now.")
    for role in ("engineer", "marketing"):
        seats[role].positions = (Position(vote="no", says="Not yet."), yes, yes)
    seats["legal"].positions = (yes, no, yes)
    run = played(seats)
    (turned,) = [each for each in debrief(run).turning if each.kind == "vote" and each.role == "legal" and each.now == "yes"]  # fmt: skip
    party = run.scenario.parties["legal"]
    assert (turned.once, turned.gave) == (1, 0)
    assert turned.better == worth(party, ALL_READ) - worth(party, {"reach": "all", "review": "none"}) > 0
    assert "From no to yes, as in round 1; on that card" in " ".join(printed(run).split())


def test_what_counts_together_is_in_the_sum_of_a_trade():
    plain = shop().plain()
    plain["parties"]["legal"]["bonuses"] = [{"when": {"reach": "few", "review": "spot"}, "points": 7}]
    made = shop().model_validate_json(json.dumps(plain), strict=False)
    run = played(careless(), made)
    trade = gains(run.record).better
    assert trade.against_last["legal"] == trade.gains["legal"] == 12
    assert sum(step.change["legal"] for step in trade.steps) == 5
    assert "To these single changes come points for choices that count together." in printed(run)


@pytest.mark.parametrize("told", [(), ("bill",)])
def test_a_silent_meeting_is_told_on_one_page(told):
    """Five presses of a button: no lens, no checklist, and what the last package was worth to those who said yes."""
    seats = {
        role: Scripted(positions=["yes"] * 5, opening=Opening(tables=told if role == "legal" else ()))
        for role in shop().parties
    }
    seats["pm"] = Scripted(packages=[Proposal(package={"reach": "all", "review": "none"})] * 5)
    text = " ".join(printed(played(seats)).split())
    assert ("On record are the plans and the votes: no word, and no fact told." in text) == (not told)
    assert ("FIVE LENSES" in text.upper()) == bool(told)


def test_what_was_never_signed_is_not_called_signed():
    """A no-go whose last package fails on what the table knew: told of the package, not of a deal."""
    seats = {role: Scripted(positions=["yes"] * 5) for role in shop().parties}
    trade = {"give": {"reach": "few"}, "for": {"review": "some"}}
    legal = Position.model_validate({"vote": "yes_if", "asks": SOME, "trade": trade, "says": "Not so."})
    seats["legal"] = Scripted(positions=[legal] * 5)
    seats["pm"] = Scripted(packages=[Proposal(package={"reach": "all", "review": "none"})] * 5)
    run = played(seats)
    found = debrief(run)
    assert not found.sheet.deal
    assert "deal is without" not in printed(run)
    assert "in the deal." not in printed(run)
    assert found.fails_on_known == ("light", "pays", "safe")
    told = markdown(of_class(groups([run, played(careless())]), full=True))
    assert told.count("Signed on what was said") == 2, (
        "of the group that signed: once in a line, once in its story"
    )


def test_how_many_packages_were_better_for_everybody_is_counted():
    """Counted by hand from the cards: four cost nobody anything, one of them leaves a seat with just its walk-away."""
    made = bundle("fading-forecast")
    first = {issue.id: issue.options[0].id for issue in made.issues}
    seats = {role: Scripted(positions=["yes"] * 8) for role in made.parties}
    seats["pm"] = Scripted(packages=[Proposal(package=first)] * 8)
    found = gains(recorded(made, negotiate(made, seats, seed=0)).record)
    assert (found.others, found.better.for_all, found.better.such) == (4, True, 3)
